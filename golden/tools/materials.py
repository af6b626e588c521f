"""Materials, from numbers and from images."""
import math

import bpy


def srgb(h):
    """'#rrggbb' to linear RGBA."""
    if not isinstance(h, str):
        return (*h, 1.0) if len(h) == 3 else tuple(h)
    c = [int(h[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    return (*[x / 12.92 if x <= .04045 else ((x + .055) / 1.055) ** 2.4 for x in c], 1.0)


class Nodes:
    def __init__(self, name):
        self.mat = bpy.data.materials.new(name)
        self.mat.use_nodes = True
        self.t = self.mat.node_tree
        self.p = self.t.nodes["Principled BSDF"]
        self.out = self.t.nodes["Material Output"]

    def new(self, kind, **kw):
        n = self.t.nodes.new("ShaderNode" + kind)
        for k, v in kw.items():
            if k in n.inputs:
                n.inputs[k].default_value = v
            else:
                setattr(n, k, v)
        return n

    def link(self, a, b):
        self.t.links.new(a, b)

    def set(self, **kw):
        for k, v in kw.items():
            self.p.inputs[k.replace("_", " ")].default_value = v


def pbr(name, color, rough=.5, metal=0., var=None, bump=None, coat=0., sheen=0., trans=0., ior=1.45,
        sss=0., coords="Object"):
    """Principled material. var = (noise scale, amount); bump = (scale, height, noise|weave|leather|brushed)."""
    n = Nodes(name)
    n.set(Base_Color=srgb(color), Roughness=rough, Metallic=metal, IOR=ior)
    n.p.inputs["Coat Weight"].default_value = coat
    n.p.inputs["Sheen Weight"].default_value = sheen
    n.p.inputs["Transmission Weight"].default_value = trans
    if sss:
        n.p.inputs["Subsurface Weight"].default_value = sss
        n.p.inputs["Subsurface Scale"].default_value = .004
    if var or bump:
        tc = n.new("TexCoord")
    if var:
        tex = n.new("TexNoise", Scale=var[0], Detail=2.0, Roughness=.6)
        n.link(tc.outputs[coords], tex.inputs["Vector"])
        ramp = n.new("MapRange")
        ramp.inputs["To Min"].default_value = 1 - var[1]
        ramp.inputs["To Max"].default_value = 1 + var[1]
        n.link(tex.outputs["Fac"], ramp.inputs["Value"])
        mul = n.new("VectorMath", operation="SCALE")
        mul.inputs[0].default_value = srgb(color)[:3]
        n.link(ramp.outputs["Result"], mul.inputs["Scale"])
        n.link(mul.outputs["Vector"], n.p.inputs["Base Color"])
        rr = n.new("MapRange")
        rr.inputs["To Min"].default_value = max(0, rough - var[1] * .5)
        rr.inputs["To Max"].default_value = min(1, rough + var[1] * .5)
        n.link(tex.outputs["Fac"], rr.inputs["Value"])
        n.link(rr.outputs["Result"], n.p.inputs["Roughness"])
    if bump:
        s, h, kind = bump
        b = n.new("Bump", Distance=h)
        b.inputs["Strength"].default_value = 1.0
        if kind == "weave":
            mp = n.new("Mapping")
            n.link(tc.outputs[coords], mp.inputs["Vector"])
            w1 = n.new("TexWave", Scale=s, Distortion=0.0, bands_direction="X")
            w2 = n.new("TexWave", Scale=s, Distortion=0.0, bands_direction="Y")
            mx = n.new("Math", operation="MULTIPLY")
            for w in (w1, w2):
                w.inputs["Detail Scale"].default_value = 2
                n.link(mp.outputs["Vector"], w.inputs["Vector"])
            n.link(w1.outputs["Fac"], mx.inputs[0])
            n.link(w2.outputs["Fac"], mx.inputs[1])
            n.link(mx.outputs["Value"], b.inputs["Height"])
        elif kind == "leather":
            v = n.new("TexVoronoi", Scale=s, feature="F1")
            n.link(tc.outputs[coords], v.inputs["Vector"])
            n.link(v.outputs["Distance"], b.inputs["Height"])
        else:
            tex = n.new("TexNoise", Scale=s, Detail=1.5)
            if kind == "brushed":
                mp = n.new("Mapping")
                mp.inputs["Scale"].default_value = (1, 1, 60)
                n.link(tc.outputs[coords], mp.inputs["Vector"])
                n.link(mp.outputs["Vector"], tex.inputs["Vector"])
            else:
                n.link(tc.outputs[coords], tex.inputs["Vector"])
            n.link(tex.outputs["Fac"], b.inputs["Height"])
        n.link(b.outputs["Normal"], n.p.inputs["Normal"])
    return n.mat


def glass(name, color="#ffffff", rough=0., ior=1.5, tint_shadow=.85):
    """Glass that lets shadow rays through, so that no caustics are needed."""
    n = Nodes(name)
    n.t.nodes.remove(n.p)
    g = n.new("BsdfGlass", Roughness=rough, IOR=ior)
    g.inputs["Color"].default_value = srgb(color)
    tr = n.new("BsdfTransparent")
    c = srgb(color)
    tr.inputs["Color"].default_value = tuple(x * tint_shadow for x in c[:3]) + (1,)
    lp, mx = n.new("LightPath"), n.new("MixShader")
    n.link(lp.outputs["Is Shadow Ray"], mx.inputs["Fac"])
    n.link(g.outputs[0], mx.inputs[1])
    n.link(tr.outputs[0], mx.inputs[2])
    n.link(mx.outputs[0], n.out.inputs["Surface"])
    return n.mat


def soften_glass(mat):
    """Same shadow treatment for an imported transmissive Principled material."""
    if not mat or not mat.use_nodes:
        return
    t = mat.node_tree
    p = next((x for x in t.nodes if x.type == "BSDF_PRINCIPLED"), None)
    out = next((x for x in t.nodes if x.type == "OUTPUT_MATERIAL"), None)
    if not p or not (p.inputs["Transmission Weight"].is_linked or p.inputs["Transmission Weight"].default_value > .3):
        return
    tr, lp, mx = (t.nodes.new("ShaderNode" + k) for k in ("BsdfTransparent", "LightPath", "MixShader"))
    tr.inputs["Color"].default_value = (.85, .85, .85, 1)
    t.links.new(lp.outputs["Is Shadow Ray"], mx.inputs["Fac"])
    t.links.new(p.outputs[0], mx.inputs[1])
    t.links.new(tr.outputs[0], mx.inputs[2])
    t.links.new(mx.outputs[0], out.inputs["Surface"])


def image(path, data=False):
    img = bpy.data.images.load(path, check_existing=True)
    if data:
        img.colorspace_settings.name = "Non-Color"
    return img


def textured(name, color, rough=None, normal=None, size=1.0, tint=None, rough_val=.5, coords="Object",
             rot=0, nstrength=1.0):
    """Tiled image material; `size` is the tile edge in metres."""
    n = Nodes(name)
    tc, mp = n.new("TexCoord"), n.new("Mapping")
    mp.inputs["Scale"].default_value = (1 / size,) * 3
    mp.inputs["Rotation"].default_value = (0, 0, math.radians(rot))
    n.link(tc.outputs[coords], mp.inputs["Vector"])

    def tex(path, data):
        t = n.new("TexImage")
        t.image = image(path, data)
        n.link(mp.outputs["Vector"], t.inputs["Vector"])
        return t
    c = tex(color, False)
    if tint:
        m = n.new("Mix", data_type="RGBA", blend_type="MULTIPLY")
        m.inputs["Factor"].default_value = 1
        n.link(c.outputs["Color"], m.inputs["A"])
        m.inputs["B"].default_value = srgb(tint)
        n.link(m.outputs["Result"], n.p.inputs["Base Color"])
    else:
        n.link(c.outputs["Color"], n.p.inputs["Base Color"])
    n.set(Roughness=rough_val)
    if rough:
        n.link(tex(rough, True).outputs["Color"], n.p.inputs["Roughness"])
    if normal:
        nm = n.new("NormalMap")
        nm.inputs["Strength"].default_value = nstrength
        n.link(tex(normal, True).outputs["Color"], nm.inputs["Color"])
        n.link(nm.outputs["Normal"], n.p.inputs["Normal"])
    return n.mat


def printed(name, img_path, base=None, rough=.5, metal=0., coat=0., bump=None):
    """UV-mapped image; its alpha channel is the material's alpha (decals)."""
    n = Nodes(name)
    t = n.new("TexImage", extension="CLIP" if base is None else "REPEAT")
    t.image = image(img_path)
    n.link(t.outputs["Color"], n.p.inputs["Base Color"])
    n.set(Roughness=rough, Metallic=metal)
    n.p.inputs["Coat Weight"].default_value = coat
    if base is None:
        n.link(t.outputs["Alpha"], n.p.inputs["Alpha"])
    if bump:
        tc, b = n.new("TexCoord"), n.new("Bump", Distance=bump[1])
        x = n.new("TexNoise", Scale=bump[0], Detail=1.0)
        n.link(tc.outputs["Object"], x.inputs["Vector"])
        n.link(x.outputs["Fac"], b.inputs["Height"])
        n.link(b.outputs["Normal"], n.p.inputs["Normal"])
    return n.mat
