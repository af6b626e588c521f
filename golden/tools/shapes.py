"""Meshes: profiles that are turned, swept or extruded, and boxes.

One Blender unit is one metre. Everything that a product consists of goes into the collection "product".
"""
import math

import bpy
import numpy as np
from mathutils import Matrix


def link(obj, product=False):
    c = bpy.data.collections["product"] if product else bpy.context.scene.collection
    c.objects.link(obj)
    return obj


def mesh(name, verts, faces, mat=None, uvs=None, smooth=True, angle=35, product=True):
    me = bpy.data.meshes.new(name)
    me.from_pydata([tuple(v) for v in verts], [], faces)
    if uvs is not None:
        layer = me.uv_layers.new(name="UVMap")
        idx = np.empty(len(me.loops), dtype=np.int32)
        me.loops.foreach_get("vertex_index", idx)
        layer.data.foreach_set("uv", np.asarray(uvs, dtype=np.float32)[idx].ravel())
    if smooth:
        me.shade_smooth()
        if angle:
            me.set_sharp_from_angle(angle=math.radians(angle))
    o = bpy.data.objects.new(name, me)
    if mat:
        me.materials.append(mat)
    return link(o, product)


def spline(pts, n=8):
    """Catmull-Rom through 2D or 3D points."""
    p = np.asarray(pts, dtype=float)
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    out = []
    for i in range(1, len(p) - 2):
        a, b, c, d = p[i - 1], p[i], p[i + 1], p[i + 2]
        for t in np.linspace(0, 1, n, endpoint=False):
            out.append(.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t
                             + (3 * b - a - 3 * c + d) * t ** 3))
    out.append(p[-2])
    return np.array(out)


def lathe(name, profile, mat, seg=128, **kw):
    """Turn an (r, z) profile round the z axis. u runs round, v along the profile."""
    p = np.asarray(profile, dtype=float)
    a = np.linspace(0, 2 * math.pi, seg + 1)
    verts = [(r * math.cos(t), r * math.sin(t), z) for r, z in p for t in a]
    uvs = [(t / (2 * math.pi), i / (len(p) - 1)) for i in range(len(p)) for t in a]
    w = seg + 1
    faces = [(i * w + j, i * w + j + 1, (i + 1) * w + j + 1, (i + 1) * w + j)
             for i in range(len(p) - 1) for j in range(seg)]
    o = mesh(name, verts, faces, mat, uvs, **kw)
    weld = o.modifiers.new("weld", "WELD")
    weld.merge_threshold = 1e-6
    return o


def tube(name, path, section, mat, n=20, closed=False, up=(0, 0, 1), **kw):
    """Sweep an ellipse (a, b) — or a radius — along a 3D path; `up` fixes the b axis."""
    p = np.asarray(path, dtype=float)
    a, b = section if isinstance(section, tuple) else (section, section)
    tan = np.gradient(p, axis=0)
    if closed:
        tan = np.roll(p, -1, 0) - np.roll(p, 1, 0)
    tan /= np.linalg.norm(tan, axis=1)[:, None] + 1e-12
    up = np.asarray(up, dtype=float)
    verts, m = [], len(p)
    for q, t in zip(p, tan):
        u = up - t * up.dot(t)
        if np.linalg.norm(u) < 1e-4:
            u = np.array([1., 0, 0]) - t * t[0]
        u /= np.linalg.norm(u)
        s = np.cross(t, u)
        for k in range(n):
            c = 2 * math.pi * k / n
            # superellipse: flat straps and round cords from the same call
            e = 1.0 if a == b else .55
            cx, sx = math.cos(c), math.sin(c)
            verts.append(q + s * a * math.copysign(abs(cx) ** e, cx) + u * b * math.copysign(abs(sx) ** e, sx))
    faces = [(i * n + k, i * n + (k + 1) % n, (i + 1) % m * n + (k + 1) % n, (i + 1) % m * n + k)
             for i in range(m if closed else m - 1) for k in range(n)]
    if not closed:
        faces += [tuple(range(n))[::-1], tuple(range((m - 1) * n, m * n))]
    uvs = [(i / (m - 1), k / n) for i in range(m) for k in range(n)]
    return mesh(name, verts, faces, mat, uvs, **kw)


def box(name, size, mat, bevel=.002, seg=4, at=(0, 0, 0), rot=0, product=True):
    """Rounded box standing on z = at.z."""
    x, y, z = (s / 2 for s in size)
    v = [(i * x, j * y, k * z + z) for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)]
    f = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    o = mesh(name, v, f, mat, smooth=True, angle=None, product=product)
    if bevel:
        m = o.modifiers.new("bevel", "BEVEL")
        m.width, m.segments = bevel, seg
        m.harden_normals = True
    o.location, o.rotation_euler = at, (0, 0, math.radians(rot))
    return o


def slab(name, outline, z0, z1, mat, bevel=.001, seg=3, **kw):
    """Extrude a closed 2D outline from z0 to z1."""
    n = len(outline)
    v = [(x, y, z) for z in (z0, z1) for x, y in outline]
    f = [tuple(range(n))[::-1], tuple(range(n, 2 * n))]
    f += [(i, (i + 1) % n, n + (i + 1) % n, n + i) for i in range(n)]
    o = mesh(name, v, f, mat, angle=None, **kw)
    if bevel:
        m = o.modifiers.new("bevel", "BEVEL")
        m.width, m.segments, m.limit_method, m.angle_limit = bevel, seg, "ANGLE", math.radians(50)
        m.harden_normals = True
    return o


def rrect(w, h, r, n=10):
    """Rounded rectangle outline."""
    pts = []
    for cx, cy, a0 in ((w / 2 - r, h / 2 - r, 0), (-w / 2 + r, h / 2 - r, 90),
                       (-w / 2 + r, -h / 2 + r, 180), (w / 2 - r, -h / 2 + r, 270)):
        for k in range(n + 1):
            a = math.radians(a0 + 90 * k / n)
            pts.append((cx + r * math.cos(a), cy + r * math.sin(a)))
    return pts


def move(objs, at=(0, 0, 0), rot=(0, 0, 0), scale=1.0):
    """Apply one transform to a list of objects."""
    m = (Matrix.Translation(at) @ Matrix.Rotation(math.radians(rot[2]), 4, "Z")
         @ Matrix.Rotation(math.radians(rot[1]), 4, "Y") @ Matrix.Rotation(math.radians(rot[0]), 4, "X")
         @ Matrix.Scale(scale, 4))
    for o in objs:
        if o.parent is None:
            o.matrix_world = m @ o.matrix_basis
    return objs
