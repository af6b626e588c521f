"""Materials from maps of colour, height and roughness."""
import os
import tempfile

import bpy
import numpy as np
from PIL import Image

import textures as T

TMP = tempfile.mkdtemp(prefix="plates_")


def _encode(a):
    a = np.clip(a, 0, 1)
    return np.rint(np.where(a <= .0031308, a * 12.92, 1.055 * a ** (1 / 2.4) - .055) * 255).astype(np.uint8)


def _image(name, arr, data):
    path = os.path.join(TMP, name + ".png")
    Image.fromarray(arr).save(path, compress_level=1)
    im = bpy.data.images.load(path)
    if data:
        im.colorspace_settings.name = "Non-Color"
    return im


class Mat:
    def __init__(self, name, rough=.5, ior=1.5, color=(.8, .8, .8)):
        self.mat = bpy.data.materials.new(name)
        self.mat.use_nodes = True
        self.t = self.mat.node_tree
        self.p = self.t.nodes["Principled BSDF"]
        self.p.inputs["Roughness"].default_value = rough
        self.p.inputs["IOR"].default_value = ior
        self.p.inputs["Base Color"].default_value = (*color, 1)

    def new(self, kind, **kw):
        n = self.t.nodes.new("ShaderNode" + kind)
        for k, v in kw.items():
            setattr(n, k, v)
        return n

    def link(self, a, b):
        self.t.links.new(a, b)

    def math(self, op, a, b):
        n = self.new("Math", operation=op)
        for s, v in zip(n.inputs, (a, b)):
            if isinstance(v, (int, float)):
                s.default_value = v
            else:
                self.link(v, s)
        return n.outputs[0]


def mapped(name, g, maps, rough, plane="xy", ior=1.5, normal=None, nstrength=1., coat=0., tile=None):
    """Material from (albedo, height, rough) over grid g, laid on by position; plane xz is for walls.

    tile = (brightness map, height map, size in metres, depth): a small repeating relief on top (cloth).
    """
    alb, hei, rou = maps
    m = Mat(name, rough, ior)
    if coat:
        m.p.inputs["Coat Weight"].default_value = coat
        m.p.inputs["Coat Roughness"].default_value = .12
    tc = m.new("TexCoord")
    sep, comb = m.new("SeparateXYZ"), m.new("CombineXYZ")
    m.link(tc.outputs["Object"], sep.inputs[0])
    m.link(sep.outputs["X"], comb.inputs["X"])
    m.link(sep.outputs["Y" if plane == "xy" else "Z"], comb.inputs["Y"])
    mp = m.new("Mapping")
    sx, sy = 1 / (g.x1 - g.x0), 1 / (g.y1 - g.y0)
    mp.inputs["Scale"].default_value = (sx, sy, 1)
    mp.inputs["Location"].default_value = (-g.x0 * sx, -g.y0 * sy, 0)
    m.link(comb.outputs[0], mp.inputs["Vector"])

    def tex(img, vec=mp):
        t = m.new("TexImage", extension="EXTEND" if vec is mp else "REPEAT")
        t.image = img
        m.link(vec.outputs[0], t.inputs["Vector"])
        return t.outputs["Color"]
    colour = tex(_image(name + "_a", _encode(alb), False))
    nm = tex(_image(name + "_n", T.normal_map(hei, g.dx, g.dy, nstrength) if normal is None else normal, True))
    ro = np.clip(rough + rou, .03, 1)
    rt = tex(_image(name + "_r", np.rint(ro * 255).astype(np.uint8), True))
    m.link(rt, m.p.inputs["Roughness"])

    def offset(nmap):
        """tangent normal minus (0, 0, 1), turned into world axes"""
        a = m.new("VectorMath", operation="MULTIPLY_ADD")
        m.link(nmap, a.inputs[0])
        a.inputs[1].default_value, a.inputs[2].default_value = (2, 2, 2), (-1, -1, -2)
        if plane == "xy":
            return a.outputs[0]
        s, c = m.new("SeparateXYZ"), m.new("CombineXYZ")
        m.link(a.outputs[0], s.inputs[0])
        m.link(s.outputs["X"], c.inputs["X"])
        m.link(s.outputs["Y"], c.inputs["Z"])
        m.link(m.math("MULTIPLY", s.outputs["Z"], -1.), c.inputs["Y"])
        return c.outputs[0]
    geo = m.new("NewGeometry")
    total = m.new("VectorMath", operation="ADD")
    m.link(geo.outputs["Normal"], total.inputs[0])
    m.link(offset(nm), total.inputs[1])
    total = total.outputs[0]
    if tile:
        bright, th, size, depth = tile
        tm = m.new("Mapping")
        tm.inputs["Scale"].default_value = (1 / size, 1 / size, 1)
        m.link(comb.outputs[0], tm.inputs["Vector"])
        b8 = np.rint(np.clip(bright, 0, 2) * 127.5).astype(np.uint8)
        tb = tex(_image(name + "_tb", b8, True), tm)
        d = size / bright.shape[0]
        tn = tex(_image(name + "_tn", T.normal_map(th * depth, d, d), True), tm)
        sc = m.new("VectorMath", operation="MULTIPLY")
        m.link(colour, sc.inputs[0])
        two = m.new("VectorMath", operation="SCALE")
        m.link(tb, two.inputs[0])
        two.inputs["Scale"].default_value = 2
        m.link(two.outputs[0], sc.inputs[1])
        colour = sc.outputs[0]
        s2 = m.new("VectorMath", operation="ADD")
        m.link(total, s2.inputs[0])
        m.link(offset(tn), s2.inputs[1])
        total = s2.outputs[0]
    nrm = m.new("VectorMath", operation="NORMALIZE")
    m.link(total, nrm.inputs[0])
    m.link(nrm.outputs[0], m.p.inputs["Normal"])
    m.link(colour, m.p.inputs["Base Color"])
    return m


def plain(name, hexcol, rough=.9, ior=1.3):
    return Mat(name, rough, ior, tuple(float(x) for x in T.lin(hexcol)))
