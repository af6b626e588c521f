"""What things stand on, lie on and stand before."""
import math
import random

import numpy as np

from folders import tx
from materials import pbr, srgb, textured
from shapes import box, mesh, move


def surface_mat(kind):
    m = ("files", "materials")
    ph = ("tutorials", "models", "assets", "textures")
    if kind == "oak":
        return textured("oak", tx(*ph, "wood_table_worn_diff_1k.jpg"), tx(*ph, "wood_table_worn_rough_1k.png"), size=.9)
    if kind == "walnut":
        return textured("walnut", tx(*ph, "rosewood_veneer1_diff_1k.jpg"), tx(*ph, "rosewood_veneer1_rough_1k.png"),
                        tx(*ph, "rosewood_veneer1_nor_gl_1k.png"), size=.8)
    if kind == "pale":
        return textured("pale", tx(*ph, "wood_table_worn_diff_1k.jpg"), tx(*ph, "wood_table_worn_rough_1k.png"), size=1.1,
                        tint="#fff4e2", rot=90)
    if kind == "marble":
        return textured("marble", tx(*m, "marble", "Marble006_1K_Color.jpg"), tx(*m, "marble", "Marble006_1K_Roughness.jpg"),
                        size=.7)
    if kind == "tiles":
        return textured("tiles", tx(*m, "tiles", "Tiles036_1K_Color.jpg"), tx(*m, "tiles", "Tiles036_1K_Roughness.jpg"),
                        tx(*m, "tiles", "Tiles036_1K_Normal.jpg"), size=.9)
    if kind == "rock":
        return textured("rock", tx(*m, "rock", "Rock020_1K_Color.jpg"), tx(*m, "rock", "Rock020_1K_Roughness.jpg"),
                        tx(*m, "rock", "Rock020_1K_Normal.jpg"), size=.8)
    if kind == "grass":
        return textured("grass", tx(*m, "grass", "Grass001_1K_Color.jpg"), tx(*m, "grass", "Grass001_1K_Roughness.jpg"),
                        tx(*m, "grass", "Grass001_1K_Normal.jpg"), size=.7)
    if kind == "planks":
        return textured("planks", tx(*m, "wood-floor-43", "WoodFloor043_1K_Color.jpg"), tx(*m, "wood-floor-43", "WoodFloor043_1K_Roughness.jpg"),
                        tx(*m, "wood-floor-43", "WoodFloor043_1K_Normal.jpg"), size=1.1, rot=90)
    if kind == "concrete":
        return pbr("concrete", "#8c8a86", .8, var=(3.2, .35), bump=(60, .0008, "noise"))
    if kind == "carpet":
        return pbr("carpet", "#6f6a72", .95, var=(140, .45), bump=(420, .006, "noise"), sheen=.3)
    if kind == "felt":
        return pbr("felt", "#53604e", .95, var=(90, .25), bump=(300, .002, "noise"), sheen=.3)
    if kind == "wall":
        return pbr("wall", "#cfc8ba", .85, var=(1.4, .05), bump=(90, .0006, "noise"))
    if kind.startswith("#"):
        return pbr("plain", kind, .6, var=(2.5, .06), bump=(160, .0002, "noise"))
    raise ValueError(kind)


def ground(kind, size=(1.6, 1.0), thick=.03, at=(0, 0, 0), edge=.004, rot=0):
    """Table top or floor with its upper face at z = 0."""
    return box("ground_" + kind, (*size, thick), surface_mat(kind), edge, 3, (at[0], at[1], at[2] - thick), rot, product=False)


def folds(n, seed, extent, amp=(.002, .009), width=(.008, .03), length=(.08, .35), centre=None):
    """Random cloth creases as a height function h(x, y)."""
    r = random.Random(seed)
    ks = []
    for _ in range(n):
        x, y = r.uniform(-extent, extent), r.uniform(-extent, extent)
        a = r.uniform(0, math.pi)
        if centre:                      # creases that radiate from a point look pulled
            a = math.atan2(y - centre[1], x - centre[0]) + r.gauss(0, .35)
        ks.append((x, y, math.cos(a), math.sin(a), r.uniform(*amp) * r.choice((1, 1, -.6)), r.uniform(*width),
                   r.uniform(*length), r.uniform(-1.5, 1.5)))

    def h(x, y):
        z = np.zeros_like(x)
        for cx, cy, c, s, a, w, l, bend in ks:
            u, v = (x - cx) * c + (y - cy) * s, -(x - cx) * s + (y - cy) * c
            v = v + bend * u * u
            z += a * np.exp(-(v / w) ** 2 - (u / l) ** 2)
        return z
    return h


def sheet(mat, size=1.8, n=320, seed=1, creases=70, amp=(.003, .012), flat_r=.0, at_z=0.0):
    """Rumpled bedsheet or cloth; flattened a little inside radius flat_r where the product lies."""
    g = np.linspace(-size / 2, size / 2, n)
    x, y = np.meshgrid(g, g)
    z = folds(creases, seed, size / 2, amp)(x, y)
    if flat_r:
        z *= 1 - .93 * np.exp(-((x * x + y * y) / flat_r ** 2) ** 2)
    z = z - z.max() * 0 + at_z
    verts = np.stack([x, y, z], -1).reshape(-1, 3)
    faces = [(j * n + i, j * n + i + 1, (j + 1) * n + i + 1, (j + 1) * n + i) for j in range(n - 1) for i in range(n - 1)]
    return mesh("sheet", verts, faces, mat, uvs=verts[:, :2] / size + .5, angle=None, product=False)


def cloth_mat(color, stripe=None, scale=1.0, check=False):
    """Cotton with an optional woven stripe or check, drawn in object space (metres)."""
    m = pbr("cloth", color, .9, bump=(900, .0004, "weave"), sheen=.25)
    if stripe:
        n = m.node_tree
        p = n.nodes["Principled BSDF"]
        tc = next(x for x in n.nodes if x.type == "TEX_COORD")
        sep = n.nodes.new("ShaderNodeSeparateXYZ")
        n.links.new(tc.outputs["Object"], sep.inputs[0])
        last = None
        for ax in ("X", "Y") if check else ("X",):
            mod = n.nodes.new("ShaderNodeMath")
            mod.operation = "PINGPONG"
            mod.inputs[1].default_value = .03 * scale
            gt = n.nodes.new("ShaderNodeMath")
            gt.operation = "GREATER_THAN"
            gt.inputs[1].default_value = .017 * scale
            n.links.new(sep.outputs[ax], mod.inputs[0])
            n.links.new(mod.outputs[0], gt.inputs[0])
            if last is None:
                last = gt
            else:
                add = n.nodes.new("ShaderNodeMath")
                add.operation = "ADD"
                n.links.new(last.outputs[0], add.inputs[0])
                n.links.new(gt.outputs[0], add.inputs[1])
                half = n.nodes.new("ShaderNodeMath")
                half.operation = "MULTIPLY"
                half.inputs[1].default_value = .5
                n.links.new(add.outputs[0], half.inputs[0])
                last = half
        mx = n.nodes.new("ShaderNodeMix")
        mx.data_type = "RGBA"
        n.links.new(last.outputs[0], mx.inputs["Factor"])
        mx.inputs["A"].default_value = srgb(color)
        mx.inputs["B"].default_value = srgb(stripe)
        n.links.new(mx.outputs["Result"], p.inputs["Base Color"])
    return m


def wall(y=.6, color="#cfc8ba", rot=0, base=True, z=0.0, kind=None):
    m = surface_mat(kind) if kind else pbr("paint", color, .85, var=(1.4, .06), bump=(90, .0006, "noise"))
    o = box("wall", (8, .05, 4), m, 0, 1, (0, y + .025, z), 0, product=False)
    objs = [o]
    if base:
        objs.append(box("skirting", (8, .016, .09), pbr("gloss", "#e9e6df", .35), .004, 2, (0, y - .008, z), 0, product=False))
    return move(objs, rot=(0, 0, rot))
