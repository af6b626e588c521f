"""Rooms: floors with a wall behind them, for goods from 40 cm to 3 m, and the same floors from above.

Built like the tables in `scenes.py`, about six times as large. The camera is that of somebody who photographs furniture.
"""
import math

import numpy as np

import textures as T
from materials import mapped, plain
from outlines import frond, stretch, window_frame
from scenes import _grid, _wall
from shapes import box, mesh
from stage import Camera, Lights

FRAME_M, HALF_M = 2.7, 3.2
LEVEL, ABOVE = "level", "above"
_LAMPS = dict(size=5.5, dist=13.)


def _view(view):
    """Camera, near and far end of the floor, half its width, and the far edge of the ground as a share of the frame."""
    if view == ABOVE:
        cam = Camera(50, 38, FRAME_M, stand_y=.70, fstop=16)
        return cam, cam.ground_y(1.08), cam.ground_y(-.08), HALF_M, 0.
    cam = Camera(50, 6, FRAME_M, stand_y=.82, fstop=16)
    return cam, cam.ground_y(1.06), cam.ground_y(.655), HALF_M, .655


def _skirting(far, height, color):
    box("skirting", -4.5, 4.5, far - .016, far, 0, height, plain("skirting", color, .45, 1.45), bevel=.004, seg=3)


def _back_wall(far, color, seed, res, var=.6, rel=.5):
    _wall("wall", far, color, seed, res, var=var, rel=rel, half=4.5, z0=-.05, z1=4., px=3072)


def _window(az, el, angle, cols, rows, a, b, leaves=(), seed=4):
    """Sunlight through a window, at the size of a room."""
    li = Lights(window=dict(az=az, el=el, angle=angle), **_LAMPS)
    polys = stretch(window_frame(*a, *b, cols, rows, .02, far=12.), 4.2, 4.2)
    rng = np.random.default_rng(seed)
    for kind, x, y, turn, length in leaves:
        polys += kind(x, y, turn, length, rng)
    li.gobo(polys, 8., .3)
    return li


def _planks(near, far, half, res, seed, light, dark, width=.16, tones=.05):
    """Floorboards that run away from the camera, with staggered butt joints; neighbours come from different logs."""
    count = math.ceil(2 * half / width)
    g = _grid(near, far, -half, half, 2304 + 768, 5632, seed, res)
    logs = [T.boards(_grid(near, far, -half, half, 2304 + 768, 5632, seed + k, res), [width] * count, light, dark, tones=tones,
                     hues=.02, pores=.8, contrast=.85, flecks=.3) for k in (0, 1)]
    seams = logs[0][1]
    rng = np.random.default_rng(seed)
    maps = [np.array(a) for a in logs[0][0]]
    joints = []
    for a, b in seams:
        cuts, at = [], near + rng.uniform(.1, 1.4)
        while at < far:
            cuts.append(at)
            at += rng.uniform(1.1, 1.9)
        r0, r1 = round((half - a) / g.dy), round((half - b) / g.dy)
        for k, (c0, c1) in enumerate(zip([near, *cuts], [*cuts, far])):
            if k % 2:
                cols = slice(round((c0 - near) / g.dx), round((c1 - near) / g.dx))
                for one, other in zip(maps, logs[1][0]):
                    one[r0:r1, cols] = other[r0:r1, cols]
        joints.append(cuts)
    turned = tuple(np.ascontiguousarray(np.swapaxes(m[::-1], 0, 1)[::-1]) for m in maps)
    t = T.Grid(-half, half, near, far, g.h, g.w, 1)
    mat = mapped("floor", t, turned, .38, ior=1.48)
    for i, ((a, b), cuts) in enumerate(zip(seams, joints)):
        for k, (c0, c1) in enumerate(zip([near, *cuts], [*cuts, far])):
            dz = rng.normal(0, .0002)
            box(f"board{i}_{k}", b + .0006, a - .0006, c0 + .0006, c1 - .0006, -.02 + dz, dz, mat, bevel=.0018, seg=2)
    box("under", -half, half, near, far, -.04, -.019, plain("under", "#1d150e"), bevel=0)


def _slabs(near, far, half, side, gap, mat, grout):
    """Square slabs on a bed of grout; the standing point is in the middle of one."""
    xs = np.arange(math.floor(-half / side - .5), math.ceil(half / side + .5) + 1) * side - side / 2
    ys = np.arange(math.floor(near / side - .5), math.ceil(far / side + .5) + 1) * side - side / 2
    for i, x in enumerate(xs):
        for k, y in enumerate(ys):
            y1 = min(y + side, far + .3)
            if y1 > near and x + side > -half and x < half and y < y1 - .01:
                box(f"slab{i}_{k}", x + gap / 2, x + side - gap / 2, y + gap / 2, y1 - gap / 2, -.02, 0, mat, bevel=gap / 2, seg=2)
    box("bed", -half - 1, half + 1, near - 1, far + .3, -.05, -.0022, plain("bed", grout), bevel=0)


def room_oak(res, view=LEVEL):
    cam, near, far, half, edge = _view(view)
    _planks(near, far, half, res, 111, T.lin("#cda678"), T.lin("#8f6540"))
    if view == LEVEL:
        _back_wall(far, "#ece7df", 112, res)
        _skirting(far, .095, "#f1eee8")
    li = _window(-62, 33, 1.2, 4, 3, (-.55, 2.4), (-.52, 1.35))
    return dict(camera=cam, lights=li, edge=edge, reflect=.06 if view == LEVEL else 0, rough=.45)


def room_concrete(res, view=LEVEL):
    cam, near, far, half, edge = _view(view)
    g = _grid(-half - .3, half + .3, near - .1, far + .3, 5632, 4096, 121, res)
    _slabs(near, far, half, 1.5, .005, mapped("floor", g, T.concrete(g, "#a9a7a2", 250, .8), .42, ior=1.45), "#4c4a47")
    if view == LEVEL:
        w = _grid(-4.5, 4.5, -.05, 4., 4096, 2048, 122, res)
        m = mapped("wall", w, T.concrete(w, "#c6c3bd", 300, .55), .85, plane="xz", ior=1.35)
        mesh("wall", [(-4.5, far, -.05), (4.5, far, -.05), (4.5, far, 4.), (-4.5, far, 4.)], [(0, 1, 2, 3)], m, smooth=False)
    li = _window(-56, 36, 1.1, 3, 4, (-.7, 2.1), (-.6, 1.5))
    return dict(camera=cam, lights=li, edge=edge, reflect=.08 if view == LEVEL else 0, rough=.4)


def room_stone(res, view=LEVEL):
    cam, near, far, half, edge = _view(view)
    g = _grid(-half - .6, half + .6, near - .1, far + .3, 5632, 4096, 131, res)
    alb, hei, rou = T.plaster(g, "#dccfbd", .8, .1)
    x, y = g.xy()
    tile = np.floor((x + .3) / .6) * 31 + np.floor((y + .3) / .6) * 17
    tone = 1 + .035 * np.sin(tile * 12.9898) + .02 * np.sin(tile * 3.77)
    floor = mapped("floor", g, (np.clip(alb * tone[..., None], 0, .9).astype(np.float32), hei, rou), .5, ior=1.45)
    _slabs(near, far, half, .6, .004, floor, "#a99b88")
    if view == LEVEL:
        _back_wall(far, "#d6b699", 132, res, var=.55, rel=.8)
        _skirting(far, .07, "#dccfbd")
    leaves = ((frond, -2.2, -.5, .9, 3.), (frond, 2.6, -1.6, 2.0, 3.2), (frond, 4.4, 1.2, 2.7, 3.))
    wide = tuple((lambda x, y, a, n, rng, kind=kind: stretch(kind(x / 3.6, y / 3.6, a, n / 3.6, rng), 3.6, 3.6), *rest)
                 for kind, *rest in leaves)
    li = _window(-70, 34, 1.4, 1, 1, (-.75, 2.2), (-.6, 1.1), wide, 5)
    return dict(camera=cam, lights=li, edge=edge, reflect=.05 if view == LEVEL else 0, rough=.5)


_NAMED = {
    room_oak: ("橡木地板房间", "Room with oak floor",
               ["木地板", "客厅", "房间", "室内", "卧室", "家居", "地板", "落地"],
               ["living room", "room", "oak floor", "wooden floor", "floor", "bedroom", "interior", "indoors"]),
    room_concrete: ("水泥地面空间", "Loft with concrete floor",
                    ["水泥地", "阁楼", "工业风房间", "展厅", "混凝土地面", "车间"],
                    ["loft", "concrete floor", "showroom", "garage", "industrial room", "gallery"]),
    room_stone: ("暖色石砖房间", "Warm room with stone tiles",
                 ["石砖", "瓷砖地面", "地砖", "玄关", "阳台", "暖色房间", "地中海"],
                 ["stone tiles", "tiled floor", "hallway", "warm room", "conservatory", "mediterranean room"]),
}
MIX = {
    "room_oak": dict(key_left=(.40, 159), key_right=(.05, 150), fill=(.34, 149), window=(.34, 178)),
    "room_concrete": dict(key_left=(.34, 157), key_right=(.05, 150), fill=(.34, 148), window=(.38, 170)),
    "room_stone": dict(key_left=(.36, 160), key_front=(.06, 154), fill=(.36, 149), window=(.34, 178)),
}
GOODS_CM = (40, 300)
ROOMS = {build.__name__: dict(build=build, q=92, name_zh=zh, name_en=en, tags_zh=tags_zh, tags_en=tags_en, height=(.25, .62),
                              goods=GOODS_CM)
         for build, (zh, en, tags_zh, tags_en) in _NAMED.items()}
ABOVE_ROOMS = {f"{build.__name__}_above": dict(ROOMS[build.__name__], build=lambda res, build=build: build(res, ABOVE), q=88,
                                               view_of=build.__name__, height=(.30, .80), name_zh=zh + "（俯拍）",
                                               name_en=en + ", from above", tags_zh=[], tags_en=[])
               for build, (zh, en, _, _) in _NAMED.items()}
