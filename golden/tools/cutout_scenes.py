"""Scenes for tuning the cut-out: hard shapes on hard backgrounds, drawn from a seed, without third-party models.

python tools/render.py --scenes tools/cutout_scenes.py --set cutout --out DIR --threads 1
"""
import math
import random

import numpy as np
from mathutils import Vector

from clutter import book, cable, carton, cup, fruit, paper, pen, plant, tissue_box, to_scene
from materials import glass, pbr
from products import camera_body, headphones, mug, perfume, phone, tote, tshirt, watch, wine_glass
from scenes import awb, scene, shot
from shapes import box, lathe, mesh, move, spline, tube
from studio import area, hdri, product_points
from surfaces import cloth_mat, ground, sheet, wall

SIDE = 896
PALETTE = ("#c8452f", "#2f5d8a", "#d8b24a", "#3d6b4f", "#7d4f86", "#e0d6c2", "#5b5f66", "#b98a5a", "#1d1e20", "#f2efe9")


# ---------------------------------------------------------------- products
def pump_bottle(r, color):
    k, h = r.uniform(.026, .036), r.uniform(.13, .17)
    m, p = pbr("bottle", color, r.uniform(.15, .5), coat=.4), pbr("pump", r.choice(PALETTE), .3)
    body = [(0, 0), (k - .003, 0), (k, .003), (k, h - .02), (k * .8, h - .006), (.012, h), (.012, h + .012), (0, h + .012)]
    objs = [lathe("bottle", body, m), lathe("collar", [(0, h + .008), (.015, h + .008), (.015, h + .026), (.006, h + .028), (0, h + .028)], p)]
    objs.append(lathe("stem", [(0, h + .02), (.0032, h + .02), (.0032, h + .05), (0, h + .05)], p, 24))
    objs.append(box("head", (.018, .016, .009), p, .002, 3, (.002, 0, h + .046)))
    objs.append(tube("spout", spline([(.004, 0, h + .051), (.022, 0, h + .051), (.034, 0, h + .047), (.037, 0, h + .041)], 6), .0032, p, 14, up=(0, 1, 0)))
    return objs


def jar(r, color):
    k, h = r.uniform(.035, .045), r.uniform(.07, .12)
    g = glass("jar", r.choice(("#ffffff", "#f4fbf8", "#fff6e6")))
    wall_ = [(0, 0), (k - .004, 0), (k, .005), (k, h - .012), (k * .86, h), (k * .86, h + .008)]
    inner = [(max(x - .002, 0), max(z, .004)) for x, z in wall_[::-1]]
    objs = [lathe("jar", wall_ + inner + [(0, .004)], g, angle=60)]
    if r.random() < .5:
        f = h * r.uniform(.3, .8)
        objs.append(lathe("fill", [(0, .005), (k - .004, .006), (k - .003, f), (0, f)], pbr("fill", color, .8, var=(60, .3))))
    lid = [(0, h + .001), (k * .9, h + .001), (k * .92, h + .003), (k * .92, h + .017), (k * .9, h + .019), (0, h + .02)]
    return [*objs, lathe("lid", lid, pbr("lid", r.choice(PALETTE), .35, r.choice((0., 1.))))]


def pitcher(r, color):
    m = pbr("pitcher", color, .25, coat=.5, var=(20, .05))
    a, h = r.uniform(.045, .06), r.uniform(.14, .2)
    body = np.vstack([[(0, 0), (a * .7, 0)], spline([(a * .75, .003), (a, h * .3), (a * .8, h * .65), (a * .62, h * .85), (a * .75, h)], 10)])
    inner = [(x - .003, z) for x, z in body[::-1] if z > .006 and x > .006]
    grip = spline([(a * .7, 0, h * .88), (a * 1.3, 0, h * .95), (a * 1.75, 0, h * .7), (a * 1.5, 0, h * .35), (a * .95, 0, h * .25)], 10)
    return [lathe("pitcher", np.vstack([body, inner, [(0, .006)]]), m), tube("handle", grip, (.006, .008), m, 20, up=(0, 1, 0))]


def wire_basket(r, color):
    m = pbr("wire", color, .4, r.choice((0., 1.)))
    w, h, t = r.uniform(.09, .12), r.uniform(.1, .14), r.uniform(.0012, .002)
    ring = lambda q, z: [(q * math.cos(a), q * math.sin(a), z) for a in np.linspace(0, 2 * math.pi, 64)[:-1]]  # noqa: E731
    objs = [tube("ring", ring(w * (.75 + .25 * z / h), z + t), t * f, m, 8, closed=True) for z, f in ((0, 1.4), (h * .33, 1), (h * .66, 1), (h, 2))]
    for a in np.linspace(0, 2 * math.pi, r.randint(22, 34))[:-1]:
        c, s = math.cos(a), math.sin(a)
        objs.append(tube("rib", [(w * .75 * c, w * .75 * s, t), (w * c, w * s, h)], t, m, 8))
    for q in np.linspace(-.7, .7, 7):
        e = w * .75 * math.sqrt(1 - q * q)
        objs.append(tube("floor", [(-e, q * w * .75, t), (e, q * w * .75, t)], t, m, 8))
    return objs


def stool(r, color):
    m, leg = pbr("seat", color, .5, var=(8, .2)), pbr("leg", r.choice(PALETTE), .35, r.choice((0., 1.)))
    h, k, n = .2, r.uniform(.06, .08), r.choice((3, 4))
    objs = [lathe("seat", [(0, h), (k - .002, h), (k, h + .002), (k, h + .01), (k - .003, h + .013), (0, h + .013)], m)]
    for i in range(n):
        a = 2 * math.pi * i / n + r.uniform(0, .6)
        c, s = math.cos(a), math.sin(a)
        objs.append(tube("leg", [(k * .6 * c, k * .6 * s, h), (k * 1.15 * c, k * 1.15 * s, 0)], r.uniform(.0022, .0036), leg, 10))
    return objs


def desk_lamp(r, color):
    m = pbr("lamp", color, .4, coat=.2)
    reach = r.uniform(.06, .11)
    objs = [lathe("base", [(0, 0), (.05, 0), (.052, .004), (.048, .01), (0, .012)], m)]
    objs.append(tube("arm", spline([(0, 0, .01), (-.02, 0, .1), (.01, 0, .2), (reach, 0, .24)], 12), .0028, m, 12, up=(0, 1, 0)))
    shade = lathe("shade", [(.012, .05), (.05, 0), (.052, 0), (.014, .052), (0, .053)], m)
    return [*objs, *move([shade], (reach, 0, .2))]


def charger(r, color):
    m = pbr("plastic", color, .35, coat=.3)
    objs = [box("brick", (.04, .04, .03), m, .005, 4)]
    pts = [(.02, 0, .004)]
    for i in range(9):
        a = i * 1.1
        pts.append((.07 + .035 * math.cos(a) + .012 * i, .04 * math.sin(a), .003 + .0006 * i))
    objs.append(tube("cord", spline(pts, 12), r.uniform(.0016, .0026), m, 12))
    return [*objs, *move([box("plug", (.022, .009, .006), m, .002, 3)], (pts[-1][0] + .008, pts[-1][1], .002))]


def ring_bag(r, color):
    m, metal = pbr("leather", color, .5, bump=(500, .0006, "leather")), pbr("ring", "#d8b26a", .2, 1.)
    objs = [box("bag", (.22, .07, .15), m, .02, 5), box("flap", (.222, .072, .06), m, .02, 5, (0, -.003, .092))]
    arc = [(.075 * math.cos(a), 0, .15 + .085 * math.sin(a)) for a in np.linspace(-.1, math.pi + .1, 40)]
    objs.append(tube("handle", arc, (.0045, .004), r.choice((m, metal)), 14, up=(0, 1, 0)))
    return [*objs, box("clasp", (.03, .004, .018), metal, .002, 3, (0, -.04, .085))]


def rack(r, color):
    m = pbr("rack", color, .4, r.choice((0., 1.)))
    n = r.randint(5, 9)
    objs = [box("side", (.008, .09, .13), m, .002, 2, (x, 0, 0)) for x in (-.12, .12)]
    for z in np.linspace(.015, .118, n):
        objs.append(tube("bar", [(-.12, r.choice((-.03, .03)), z), (.12, 0, z)], .0028, m, 10))
    return objs


def pot_plant(r, color):
    return plant((0, 0, 0), .9, r.randint(1, 99), r.randint(10, 22), color, product=True)


def laid(objs):
    """Lay a flat product on its back, lowest point on the ground."""
    move(objs, (0, 0, .012), (72, 0, 35))
    low = min(p[:, 2].min() for p in product_points().values())
    for o in objs:
        o.location.z -= low
    return objs


MAKERS = {
    "pump": pump_bottle, "jar": jar, "pitcher": pitcher, "basket": wire_basket, "stool": stool, "lamp": desk_lamp, "charger": charger,
    "ringbag": ring_bag, "rack": rack, "plant": pot_plant, "mug": lambda r, c: mug(c, text="" if r.random() < .5 else "KOMA"),
    "tote": lambda r, c: tote(c), "phones": lambda r, c: laid(headphones(c)), "camera": lambda r, c: camera_body(color=c),
    "perfume": lambda r, c: perfume(), "wine": lambda r, c: wine_glass(fill=r.random() < .5), "watch": lambda r, c: watch(strap=c),
    "phone": lambda r, c: phone(c), "shirt": lambda r, c: move(tshirt(c, seed=r.randint(1, 99), long_sleeve=r.random() < .4), at=(0, 0, .004)),
}
FLAT = {"shirt", "watch", "phone"}
WIDE = {"shirt": .5, "tote": .36, "ringbag": .24, "rack": .25, "basket": .22, "plant": .3, "phones": .2, "stool": .2}


# ---------------------------------------------------------------- what lies about
def rivals(r, reach, count):
    """Objects as salient as the product, beside and behind it."""
    for i in range(count):
        side = (-1, 1)[i % 2]
        at = (side * r.uniform(.75, 1.3) * reach, r.uniform(-.3, .9) * reach, 0)
        kind = r.choice(("mug", "pump", "cup", "fruit", "book", "jar", "tissue", "pitcher"))
        if kind in ("cup", "fruit", "book", "tissue"):
            make = {"cup": lambda: cup(at, r.choice(PALETTE)), "fruit": lambda: fruit(at, r.choice(PALETTE), .04),
                    "book": lambda: book(at, r.uniform(-40, 40), color=r.choice(PALETTE)),
                    "tissue": lambda: tissue_box(at, r.uniform(-40, 40), r.choice(PALETTE))}
            make[kind]()
        else:
            for o in move(MAKERS[kind](r, r.choice(PALETTE)), at, (0, 0, r.uniform(0, 360))):
                to_scene(o)


def grass(r, reach, blades=2600):
    v, f = [], []
    for _ in range(blades):
        x, y = r.uniform(-3, 3) * reach, r.uniform(-1.4, 4) * reach
        a, h, w = r.uniform(0, math.tau), r.uniform(.1, .3) * reach, .006 * reach
        lean = Vector((math.cos(a), math.sin(a), 0)) * h * r.uniform(.1, .6)
        side = Vector((-math.sin(a), math.cos(a), 0)) * w
        p, n = Vector((x, y, 0)), len(v)
        v += [p - side, p + side, p + lean * .4 + Vector((0, 0, h * .6)) + side * .7, p + lean * .4 + Vector((0, 0, h * .6)) - side * .7, p + lean + Vector((0, 0, h))]
        f += [(n, n + 1, n + 2, n + 3), (n + 3, n + 2, n + 4)]
    mesh("grass", v, f, pbr("blade", "#4d7a2c", .6, var=(9, .3)), angle=None, product=False)
    ground("#4a4a2c", (8 * reach, 9 * reach))


def surround(r, kind, reach, color):
    """Ground, wall and clutter; returns nothing."""
    if kind == "white":
        shade = r.choice(("#f4f2ee", "#ececea", "#fbfaf8"))
        ground(shade, (12 * reach, 10 * reach)), wall(2.2 * reach, shade, base=False)
    elif kind == "dark":
        shade = r.choice(("#161719", "#1f1d1c", "#24282d"))
        ground(shade, (12 * reach, 10 * reach)), wall(2.2 * reach, shade, base=False)
    elif kind == "alike":
        ground(color, (12 * reach, 10 * reach)), wall(2.2 * reach, color, base=False)
    elif kind == "pattern":
        sheet(cloth_mat(r.choice(PALETTE), r.choice(PALETTE), r.uniform(.4, 2) * reach / .2, r.random() < .5), 9 * reach, 300, r.randint(1, 99), 40, (.001, .006), 1.2 * reach)
    elif kind == "grass":
        grass(r, reach)
    else:
        ground(r.choice(("concrete", "carpet", "#a8673f", "#8e6a45", "#9aa3a0")), (12 * reach, 10 * reach))
        wall(2.0 * reach, r.choice(("#b9b3a2", "#7f9aa0", "#8d6a58", "#c9c4b6")), base=False)
        for _ in range(2):
            at = (r.uniform(-1.4, 1.4) * reach, r.uniform(.9, 1.7) * reach, 0)
            r.choice((lambda: carton(at, r.uniform(-30, 30), (.8 * reach, .6 * reach, .5 * reach)), lambda: plant(at, reach / .25, r.randint(1, 50))))()
        cable([(-.9 * reach, .2 * reach, .002), (-.4 * reach, -.3 * reach, .002), (.5 * reach, -.4 * reach, .002), (1.4 * reach, 0, .002)])
        if r.random() < .5:
            paper((r.uniform(-.8, .8) * reach, -.7 * reach, 0), r.uniform(-40, 40)), pen((.6 * reach, -.5 * reach, 0), r.uniform(0, 180))


def build(maker, around, others, touching, seed):
    def f(res):
        r = random.Random(seed)
        light, dark = ("#f4f1ec", "#e9e6e0"), ("#1a1b1d", "#2a2c31", "#23201e")
        color = r.choice({"white": light, "dark": dark}.get(around, PALETTE))
        reach = WIDE.get(maker, .15)
        objs = MAKERS[maker](r, color)
        if maker not in FLAT and maker != "phones":
            move(objs, rot=(0, 0, r.uniform(-35, 35)))
        surround(r, around, reach, color)
        if others:
            rivals(r, reach, others)
        hdri(r.choice(("interior", "courtyard", "studio", "city")), r.uniform(.3, .7), r.uniform(0, 360))
        k = r.choice((3000, 4200, 5400, 6500))
        key = area((r.choice((-1, 1)) * 4 * reach, r.uniform(-2, 1) * reach, 5 * reach), (0, 0, .3 * reach), (r.uniform(.6, 3) * reach,) * 2, 700 * reach * reach, k)
        el = r.uniform(45, 75) if maker in FLAT else r.uniform(6, 40)
        fill = r.uniform(.9, 1.15) if touching else r.uniform(.35, .8)
        at = (r.choice((.2, .5, .8)), r.choice((.3, .5, .75))) if touching else (r.uniform(.38, .62), r.uniform(.42, .6))
        return shot(res, key, az=r.uniform(-30, 30), el=el, fill=fill, lens=r.uniform(30, 50), at=at, roll=r.uniform(-3, 3), fstop=r.uniform(5, 16))
    return f


def plan():
    """Product, background, rivals and whether the frame cuts it: every product on several backgrounds."""
    r = random.Random(7)
    around = ["white", "dark", "alike", "pattern", "grass", "room"]
    rows = []
    for turn in range(6):
        for i, maker in enumerate(MAKERS):
            where = around[(i + turn) % len(around)]
            if where == "grass" and maker in FLAT:
                where = "pattern"
            rows.append((maker, where, r.choice((0, 0, 1, 2, 3)) if where != "grass" else 0, r.random() < .14))
    return rows


for number, (maker, around, others, touching) in enumerate(plan()):
    name = f"{number:03d}_{maker}_{around}" + (f"_{others}rivals" if others else "") + ("_frame" if touching else "")
    tall = random.Random(number).random() < .6
    scene(name, "cutout", maker, (int(SIDE * .75), SIDE) if tall else (SIDE, int(SIDE * .75)), 5000, "", "", "optimize",
          develop=dict(cast=awb(random.Random(number).choice((3400, 5000, 6500))), ev=random.Random(number).uniform(-.4, .1)),
          render_side=SIDE, samples=8)(build(maker, around, others, touching, 1000 + number))
