"""Five of the scenes seen from above, for what lies on a table: the ground fills the frame, there is no wall.

Each is the same material under the same lamps as the scene it is named after.
"""
import math

import numpy as np

import rooms
import textures as T
from scenes import MIX, SCENES, _boards, _grid
from materials import mapped, plain
from outlines import branch, frond, stretch, window_frame
from shapes import box, grid_mesh, relief
from stage import Camera, Lights

PITCH = 42


def _camera(frame_w):
    cam = Camera(85, PITCH, frame_w, stand_y=.70, fstop=16)
    return cam, cam.ground_y(1.06), cam.ground_y(-.06), .86 * frame_w


def _planks(cam, near, far, half, widths, seed, rough, ior, light, dark, gap, uneven, res, **kw):
    m, seams = _boards("planks", near, far, half, widths, seed, res, rough, ior, light, dark, **kw)
    rng = np.random.default_rng(seed)
    for i, (a, b) in enumerate(seams):
        dz = rng.normal(0, uneven)
        box(f"board{i}", b + gap, a - gap, near, far, -.03 + dz, dz, m, bevel=5 * gap, seg=4)
    box("under", -half, half, near, far, -.05, -.028, plain("under", "#1d130b"), bevel=0)
    return cam


def wood_oak(res):
    cam, near, far, half = _camera(.60)
    _planks(cam, near, far, half, [.112, .124, .104, .118, .13, .106, .121, .114, .126, .11], 11, .43, 1.48,
            T.lin("#c99d6b"), T.lin("#7d5230"), .0004, .0003, res, tones=.075, hues=.03, pores=1., contrast=1.)
    li = Lights(window=dict(az=-108, el=27, angle=2.2))
    li.gobo(window_frame(-.66, 1.2, -.30, .46, 2, 2, .06), 2.6)
    return dict(camera=cam, lights=li, edge=0., reflect=0, rough=.43)


def natural_light(res):
    cam, near, far, half = _camera(.62)
    _planks(cam, near, far, half, [.150, .135, .160, .142, .155, .148, .138, .152], 21, .5, 1.45, T.lin("#e9dcc8"),
            T.lin("#c3aa8a"), .0002, .0001, res, tones=.018, hues=.010, pores=.42, contrast=.75, flecks=.2)
    li = Lights(window=dict(az=-50, el=36, angle=1.15), front_el=60)
    rng = np.random.default_rng(8)
    leaves = []
    for x, y, a, n, s in ((.34, -.46, 1.45, .62, .15), (-.42, .42, -.75, .55, .13), (.72, .55, -2.6, .5, .14),
                          (1.05, .62, .25, .7, .17), (1.1, 1.2, -1.3, .7, .17), (.3, .95, -.6, .6, .16)):
        leaves += branch(x, y, a, n, rng, 9, s)
    li.gobo(window_frame(-.62, 2.2, -.58, 1.9, 2, 2, .05) + stretch(leaves, 1.1), 1.9, .2)
    return dict(camera=cam, lights=li, edge=0., reflect=0, rough=.5)


def marble_white(res):
    cam, near, far, half = _camera(.52)
    g = _grid(-half, half, near, far, 3072, 4096, 31, res)
    box("slab", -half, half, near, far, -.02, 0, mapped("marble", g, T.marble(g), .16, ior=1.5), bevel=.003, seg=4)
    li = Lights(window=dict(az=-112, el=30, angle=1.6))
    polys = window_frame(-.70, 1.05, -.50, .62, 2, 1, .05)
    rng = np.random.default_rng(5)
    for x, y, a, n in ((-.55, -.5, 1.0, .9), (.62, -.55, 1.9, .95), (.9, .1, 2.6, .8)):
        polys += frond(x, y, a, n, rng)
    li.gobo(polys, 2.3, .1)
    return dict(camera=cam, lights=li, edge=0., reflect=0, rough=.16)


def linen(res):
    cam, near, far, half = _camera(.56)
    g = _grid(-half, half, near, far, 3072, 4096, 71, res)
    x, y = g.xy()
    x, y = x + 0 * y, y + 0 * x
    middle = cam.ground_y(.5)
    h = np.zeros_like(x)
    wx, wy = x + .05 * g.noise(.35, .3, 2), y + .05 * g.noise(.3, .3, 2)
    rng = np.random.default_rng(17)
    for _ in range(20):
        ang = rng.normal(.55, .55)
        cx, cy = rng.uniform(-half, half), rng.uniform(near, far)
        u = (wx - cx) * math.cos(ang) + (wy - cy) * math.sin(ang)
        v = -(wx - cx) * math.sin(ang) + (wy - cy) * math.cos(ang)
        wd, ln, am = rng.uniform(.010, .028), rng.uniform(.14, .40), rng.uniform(.002, .007)
        prof = np.exp(-(v / wd) ** 2) - .35 * np.exp(-((v - 1.9 * wd) / (1.5 * wd)) ** 2)
        h += am * prof * np.exp(-(u / ln) ** 2)
    h += .0018 * g.noise(.16, .11, 3, .45) + .0005 * g.noise(.05, .04, 2)
    calm = T.smooth(np.hypot(x / .22, (y - middle) / .30), .55, 1.25)
    h = h * (.14 + .86 * calm)
    h -= h[np.hypot(x, y - middle) < .05].mean()
    slub = g.noise(.25, .0011, 1) * .030 + g.noise(.0011, .25, 1) * .030 + .02 * g.noise(.3, .3, 3)
    warm = 1 + .012 * g.noise(.2, .2, 2)[..., None] * np.array([1, .2, -1.])
    alb = T.lin("#dbd3c7") * (1 + slub)[..., None] * warm
    micro = 6e-5 * (g.noise(.25, .0011) + g.noise(.0011, .25)) / 1.4
    bright, th = T.weave(1024, 32)
    coarse, m = relief("linen", g, (alb.astype(np.float32), (h + micro).astype(np.float32), 0 * h), .92, .002, ior=1.3,
                       tile=(bright, th, .032, .00022))
    m.p.inputs["Sheen Weight"].default_value = .15
    grid_mesh("cloth", g.x0, g.x1, g.y0, g.y1, coarse, m)
    li = Lights(window=dict(az=-98, el=26, angle=1.6), key_el=34)
    rng = np.random.default_rng(9)
    polys = window_frame(-.55, 1.5, -.36, .62, 3, 2, .05)
    for xx, yy, a, n, s in ((-.5, .35, -.5, .5, .10), (.95, -.4, 1.9, .6, .11), (.2, .6, -1.2, .45, .1)):
        polys += branch(xx, yy, a, n, rng, 11, s)
    li.gobo(polys, 2., .2)
    return dict(camera=cam, lights=li, edge=0., reflect=0, rough=.92)


def slate_dark(res):
    cam, near, far, half = _camera(.52)
    g = _grid(-half, half, near, far, 3072, 4096, 81, res)
    coarse, m = relief("slate", g, T.slate(g), .50, .0012, ior=1.5)
    h, w = coarse.shape
    coarse -= coarse[int(.4 * h):int(.8 * h), int(.3 * w):int(.7 * w)].mean()
    grid_mesh("slate", g.x0, g.x1, g.y0, g.y1, coarse, m)
    li = Lights(window=dict(kind="area", az=-122, el=24, dist=1.9, size=(.35, 1.3)), sky=(.8, .5, .15), key_el=38,
                size=.8, dist=2.4)
    return dict(camera=cam, lights=li, edge=0., reflect=0, rough=.5)


ABOVE = {f"{build.__name__}_above": dict(SCENES[build.__name__], build=build, q=88, view_of=build.__name__, height=(.30, .80),
                                         name_zh=SCENES[build.__name__]["name_zh"] + "（俯拍）",
                                         name_en=SCENES[build.__name__]["name_en"] + ", from above", tags_zh=[], tags_en=[])
         for build in (wood_oak, natural_light, marble_white, linen, slate_dark)}
EVERY = SCENES | ABOVE | rooms.ROOMS | rooms.ABOVE_ROOMS
MIXES = {name: (MIX | rooms.MIX)[spec.get("view_of", name)] for name, spec in EVERY.items()}
