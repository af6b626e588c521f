"""Outlines that stand between the sun and the table: window bars, twigs and leaves.

Each is a list of (a, b) in metres across the sun: a away from the camera, b up.
"""
import math

import numpy as np


def rect(a0, a1, b0, b1):
    return [(a0, b0), (a1, b0), (a1, b1), (a0, b1)]


def window_frame(a0, a1, b0, b1, cols, rows, bar=.05, far=9.):
    """Everything but the panes of a window."""
    out = [rect(-far, a0, -far, far), rect(a1, far, -far, far), rect(a0, a1, b1, far), rect(a0, a1, -far, b0)]
    for i in range(1, cols):
        c = a0 + (a1 - a0) * i / cols
        out.append(rect(c - bar / 2, c + bar / 2, b0, b1))
    for i in range(1, rows):
        c = b0 + (b1 - b0) * i / rows
        out.append(rect(a0, a1, c - bar / 2, c + bar / 2))
    return out


def leaf(x, y, ang, length, width, n=9):
    t = np.linspace(0, 1, n)
    w = width * np.sin(np.pi * t ** .8) ** .9 * .5
    p = np.concatenate([np.stack([t * length, w], 1), np.stack([t * length, -w], 1)[::-1][1:-1]])
    c, s = math.cos(ang), math.sin(ang)
    return [(x + c * a - s * b, y + s * a + c * b) for a, b in p]


def stretch(polys, ka, kb=1.):
    """Widen outlines away from the camera: on a table seen from a low angle, shadows are foreshortened that way."""
    return [[(a * ka, b * kb) for a, b in p] for p in polys]


def branch(x, y, ang, length, rng, leaves=11, size=.11, bend=.5):
    """A twig with alternating leaves."""
    out, pts, a = [], [], ang
    step = length / leaves
    for i in range(leaves):
        pts.append((x, y))
        side = 1 if i % 2 else -1
        k = size * (1 - .45 * i / leaves) * rng.uniform(.75, 1.2)
        out.append(leaf(x, y, a + side * rng.uniform(.55, 1.15), k, k * rng.uniform(.34, .46)))
        a += bend / leaves + rng.normal(0, .07)
        x, y = x + math.cos(a) * step, y + math.sin(a) * step
    out.append(leaf(x, y, a, size * .6, size * .22))
    for (x0, y0), (x1, y1) in zip(pts, pts[1:]):
        dx, dy = x1 - x0, y1 - y0
        n = math.hypot(dx, dy) or 1
        ox, oy = -dy / n * .003, dx / n * .003
        out.append([(x0 + ox, y0 + oy), (x1 + ox, y1 + oy), (x1 - ox, y1 - oy), (x0 - ox, y0 - oy)])
    return out


def frond(x, y, ang, length, rng, pairs=20, bend=.6, width=.24):
    """A palm frond: slender leaflets on both sides of an arching rib."""
    out, a, step = [], ang, length / pairs
    for i in range(pairs):
        t = i / pairs
        ln = width * math.sin(math.pi * (.12 + .86 * t)) ** .7 * rng.uniform(.9, 1.08)
        for side in (-1, 1):
            out.append(leaf(x, y, a + side * (1.15 - .65 * t) + rng.normal(0, .04), ln, .022 + .01 * (1 - t), 7))
        nx, ny = x + math.cos(a) * step, y + math.sin(a) * step
        ox, oy = -math.sin(a) * .004, math.cos(a) * .004
        out.append([(x + ox, y + oy), (nx + ox, ny + oy), (nx - ox, ny - oy), (x - ox, y - oy)])
        x, y = nx, ny
        a += bend / pairs
    return out
