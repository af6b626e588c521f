"""Geometry: meshes, height fields and what is turned on a lathe. One Blender unit is one metre."""
import math

import bpy
import numpy as np
from PIL import Image

from materials import Mat, mapped


def mesh(name, verts, faces, mat, smooth=True, angle=None):
    me = bpy.data.meshes.new(name)
    me.from_pydata([tuple(map(float, v)) for v in verts], [], faces)
    if smooth:
        me.shade_smooth()
        if angle:
            me.set_sharp_from_angle(angle=math.radians(angle))
    if mat:
        me.materials.append(mat.mat if isinstance(mat, Mat) else mat)
    o = bpy.data.objects.new(name, me)
    bpy.context.scene.collection.objects.link(o)
    return o


def box(name, x0, x1, y0, y1, z0, z1, mat, bevel=.0015, seg=3):
    v = [(x, y, z) for x in (x0, x1) for y in (y0, y1) for z in (z0, z1)]
    f = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    o = mesh(name, v, f, mat, smooth=True)
    if bevel:
        b = o.modifiers.new("bevel", "BEVEL")
        b.width, b.segments, b.harden_normals = bevel, seg, True
    return o


def grid_mesh(name, x0, x1, y0, y1, z, mat):
    """Height field; row 0 of z is the far side. Returns the object."""
    h, w = z.shape
    xs = np.linspace(x0, x1, w, dtype=np.float32)
    ys = np.linspace(y1, y0, h, dtype=np.float32)
    co = np.empty((h, w, 3), np.float32)
    co[..., 0], co[..., 1], co[..., 2] = xs[None], ys[:, None], z
    me = bpy.data.meshes.new(name)
    me.vertices.add(h * w)
    me.vertices.foreach_set("co", co.ravel())
    i = (np.arange(h - 1)[:, None] * w + np.arange(w - 1)[None]).ravel()
    quads = np.stack([i, i + w, i + w + 1, i + 1], 1).astype(np.int32)
    me.loops.add(quads.size)
    me.loops.foreach_set("vertex_index", quads.ravel())
    me.polygons.add(len(quads))
    me.polygons.foreach_set("loop_start", np.arange(0, quads.size, 4, dtype=np.int32))
    me.update(calc_edges=True)
    me.shade_smooth()
    me.materials.append(mat.mat)
    o = bpy.data.objects.new(name, me)
    bpy.context.scene.collection.objects.link(o)
    return o


def relief(name, g, maps, rough, step=.0012, **kw):
    """Height field with true displacement at `step` metres and the rest of the detail as normals."""
    alb, hei, rou = maps
    w, h = round((g.x1 - g.x0) / step), round((g.y1 - g.y0) / step)
    from scipy import ndimage
    soft = ndimage.gaussian_filter(hei, (.6 * step / g.dy, .6 * step / g.dx))
    coarse = np.array(Image.fromarray(soft, "F").resize((w, h), Image.BILINEAR))
    back = np.asarray(Image.fromarray(coarse, "F").resize((g.w, g.h), Image.BILINEAR))
    mat = mapped(name, g, (alb, hei - back, rou), rough, **kw)
    return coarse, mat


def lathe(name, profile, mat, at=(0, 0, 0), seg=192):
    p = np.asarray(profile, float)
    a = np.linspace(0, 2 * math.pi, seg, endpoint=False)
    v = [(at[0] + r * math.cos(t), at[1] + r * math.sin(t), at[2] + z) for r, z in p for t in a]
    f = [(i * seg + j, i * seg + (j + 1) % seg, (i + 1) * seg + (j + 1) % seg, (i + 1) * seg + j)
         for i in range(len(p) - 1) for j in range(seg)]
    f.append(tuple(range((len(p) - 1) * seg, len(p) * seg)))
    return mesh(name, v, f, mat, angle=40)


def cylinder(name, r, z0, z1, mat, at=(0, 0), bevel=.004, seg=192):
    """Standing cylinder with a rounded upper rim."""
    t = np.linspace(0, math.pi / 2, 7)
    prof = [(r, z0)] + [(r - bevel + bevel * math.cos(a), z1 - bevel + bevel * math.sin(a)) for a in t]
    return lathe(name, prof, mat, (at[0], at[1], 0), seg)
