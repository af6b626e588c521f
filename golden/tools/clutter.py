"""Things that stand about and are no product."""
import math
import random

import bpy
import numpy as np
from mathutils import Matrix, Vector

from graphics import canvas, flat_decal, logo, save_tex
from materials import pbr, printed
from shapes import box, lathe, mesh, move, spline, tube


def _c(objs, at=(0, 0, 0), rot=0):
    return move(objs if isinstance(objs, list) else [objs], at, (0, 0, rot))


def book(at, rot=0, size=(.15, .21, .022), color="#7a3b2e", title="NOTES"):
    w, h, t = size
    cover = pbr("cover", color, .45, var=(30, .08), bump=(600, .0002, "noise"))
    pages = pbr("pages", "#e8e0cc", .9, var=(8, .05))
    path, asp = logo(title, icon=None, color="#f2ead8")
    objs = [box("pages", (w - .006, h - .006, t - .004), pages, .0005, 1, (0.002, 0, .002), product=False)]
    for z in (0, t - .002):
        objs.append(box("cover", (w, h, .002), cover, .0008, 2, (0, 0, z), product=False))
    objs.append(box("spine", (.003, h, t), cover, .0012, 2, (-w / 2, 0, 0), product=False))
    d = flat_decal("title", path, asp, min(w * .7, h * .3), (0, h * .2, t + .0002))
    del d["logo"]
    to_scene(d)
    objs.append(d)
    return _c(objs, at, rot)


def to_scene(o):
    for c in list(o.users_collection):
        c.objects.unlink(o)
    bpy.context.scene.collection.objects.link(o)


def cup(at, color="#d8d2c4", drink="#3a1e0d", scale=1.0):
    p = spline([(0, .004), (.03, .004), (.036, .012), (.04, .05), (.042, .085)], 6)
    prof = np.vstack([[(0, .0)], [(.028, 0)], p[6:], [(.0405, .087), (.039, .085)], [(.037, .05), (.034, .014), (.0, .01)]])
    o = lathe("cup", prof, pbr("ceramic", color, .25, coat=.5, var=(20, .03)), product=False)
    t = tube("handle", spline([(.04, 0, .072), (.06, 0, .07), (.068, 0, .045), (.058, 0, .024), (.038, 0, .02)], 8), .005,
             o.data.materials[0], up=(0, 1, 0), product=False)
    d = lathe("drink", [(0, .07), (.0385, .07)], pbr("drink", drink, .1), product=False)
    return move([o, t, d], at, (0, 0, random.Random(str(at)).uniform(0, 360)), scale)


def pen(at, rot=0, color="#23406e"):
    o = lathe("pen", [(0, 0), (.0006, 0), (.0035, .012), (.004, .016), (.0042, .13), (.003, .14), (0, .141)],
              pbr("pen", color, .3, coat=.4), 24, product=False)
    o.matrix_world = Matrix.Translation(at) @ Matrix.Rotation(math.radians(rot), 4, "Z") @ Matrix.Rotation(math.pi / 2, 4, "Y")
    o.location.z += .0042
    return [o]


def paper(at, rot=0, size=(.21, .297), color="#eceae4", curl=.006):
    w, h = size
    n = 24
    g = [(i / n - .5, j / n - .5) for j in range(n + 1) for i in range(n + 1)]
    v = [(x * w, y * h, .0006 + curl * max(0, abs(x + y) - .55) ** 1.5 * 6) for x, y in g]
    f = [(j * (n + 1) + i, j * (n + 1) + i + 1, (j + 1) * (n + 1) + i + 1, (j + 1) * (n + 1) + i) for j in range(n) for i in range(n)]
    im, d = canvas(840, 1188, color)
    r = random.Random(str(at))
    for k in range(26):
        y = 120 + k * 38
        if r.random() < .8:
            d.line((90, y, 90 + r.randint(300, 640), y), fill="#60646c", width=9)
    return _c(mesh("paper", v, f, printed("paper", save_tex(im, "paper%d" % r.randint(0, 9999)), base=1, rough=.8),
                   [(x + .5, y + .5) for x, y in g], product=False), at, rot)


def cable(pts, color="#1c1c1e", r=.0018):
    return tube("cable", spline(pts, 14), r, pbr("cable", color, .45), 10, product=False)


def fruit(at, color="#d9771c", r=.036):
    o = lathe("fruit", [(math.sin(a) * r, r - math.cos(a) * r * .94) for a in np.linspace(0, math.pi, 28)],
              pbr("peel", color, .42, var=(25, .15), bump=(260, .0012, "noise"), sss=.1), 48, angle=None, product=False)
    return _c(o, at)


def carton(at, rot=0, size=(.3, .22, .18), color="#a5794c"):
    m = pbr("carton", color, .85, var=(12, .1), bump=(90, .0004, "noise"))
    tape = pbr("tape", "#b99a5b", .2, coat=.5)
    w, d, h = size
    return _c([box("carton", size, m, .003, 2, product=False), box("tape", (w + .0008, .05, .0006), tape, 0, 1, (0, 0, h), product=False)], at, rot)


def plant(at, scale=1.0, seed=3, leaves=26, pot="#a9583a", product=False, spread=1.0):
    """Potted plant with broad arching leaves."""
    r = random.Random(seed)
    potm = pbr("terracotta", pot, .8, var=(14, .14), bump=(120, .0006, "noise"))
    prof = [(0, 0), (.05, 0), (.068, .105), (.076, .107), (.078, .135), (.07, .136), (.066, .11), (0, .11)]
    objs = [lathe("pot", prof, potm, product=product),
            lathe("soil", [(0, .112), (.03, .114), (.066, .11)], pbr("soil", "#2a1d14", 1, bump=(110, .01, "noise")), product=product)]
    leaf = pbr("leaf", "#2f5d2a", .38, var=(26, .35), bump=(70, .0015, "noise"), coat=.15)
    for k in range(leaves):
        a = k * 2.399 + r.uniform(-.3, .3)
        lift, ln = r.uniform(.35, 1.35), r.uniform(.11, .2)
        pts = []
        for t in np.linspace(0, 1, 15):
            rad = ln * spread * t * math.cos(lift) + .02 * t
            z = .115 + ln * (t * math.sin(lift) * 1.5 - .75 * t * t * (1.5 - lift))
            pts.append((math.cos(a) * rad, math.sin(a) * rad, z))
        v, f = [], []
        side = Vector((-math.sin(a), math.cos(a), 0))
        for i, p in enumerate(pts):
            t = i / 14
            wdt = .003 if t < .3 else .034 * math.sin(math.pi * min(1, (t - .3) / .7) ** .8) + .001
            for s in (-1, -.5, 0, .5, 1):
                q = Vector(p) + side * s * wdt + Vector((0, 0, .35 * wdt * s * s))
                v.append(q)
        for i in range(14):
            f += [(i * 5 + j, i * 5 + j + 1, (i + 1) * 5 + j + 1, (i + 1) * 5 + j) for j in range(4)]
        objs.append(mesh("leaf", v, f, leaf, angle=None, product=product))
    return move(objs, at, scale=scale)


def keyboard(at, rot=0):
    body = pbr("kb", "#2b2c30", .5)
    keym = pbr("key", "#d7d6d0", .6, var=(60, .04))
    objs = [box("kb", (.36, .13, .016), body, .006, 3, product=False)]
    for j in range(5):
        for i in range(15):
            objs.append(box("k", (.0195, .0195, .008), keym, .003, 2, (-.157 + i * .0224, -.045 + j * .0226, .014), product=False))
    return _c(objs, at, rot)


def tissue_box(at, rot=0, color="#4f7f8f"):
    return _c([box("tissue", (.22, .12, .09), pbr("t", color, .5, var=(9, .3)), .003, 2, product=False)], at, rot)
