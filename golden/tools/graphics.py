"""What is printed on things: invented logos, textures drawn here, and the patches that carry them."""
import math
import os

import numpy as np
from mathutils import Vector
from PIL import Image, ImageDraw, ImageFont

from folders import TMP
from materials import printed
from shapes import mesh


def font(px):
    return ImageFont.load_default(px)


def logo(text, sub="", color="#202020", icon="ring", px=900, bold=6):
    """Draw an invented logo, trimmed to its ink. Returns (path, width / height)."""
    im = Image.new("RGBA", (px * 2, px), (0, 0, 0, 0))
    d = ImageDraw.Draw(im)
    x, cy = 40, px // 2
    if icon:
        r = px // 6
        if icon == "ring":
            d.ellipse((x, cy - r, x + 2 * r, cy + r), outline=color, width=px // 28)
            d.ellipse((x + r - r // 3, cy - r // 3, x + r + r // 3, cy + r // 3), fill=color)
        elif icon == "peak":
            d.polygon([(x, cy + r), (x + r * .8, cy - r), (x + r * 1.15, cy), (x + r * 1.4, cy - r * .45),
                       (x + 2 * r, cy + r)], fill=color)
        elif icon == "bars":
            for k in range(3):
                d.rectangle((x + k * r * .7, cy + r - (k + 1) * r * .65, x + k * r * .7 + r * .42, cy + r), fill=color)
        elif icon == "leaf":
            d.chord((x, cy - r, x + 2 * r, cy + r), 135, 315, fill=color)
            d.chord((x + r * .25, cy - r * .7, x + 2.2 * r, cy + r * 1.2), 315, 135, fill=color)
        elif icon == "wave":
            pts = [(x + i * 2 * r / 40, cy + math.sin(i / 40 * 4 * math.pi) * r * .6) for i in range(41)]
            d.line(pts, fill=color, width=px // 22, joint="curve")
        x += int(2.5 * r)
    d.text((x, cy), text, font=font(px // 4), fill=color, anchor="lm", stroke_width=bold, stroke_fill=color)
    if sub:
        d.text((x + 4, cy + px // 5), sub, font=font(px // 13), fill=color, anchor="lm", stroke_width=1, stroke_fill=color)
    im = im.crop(im.getbbox())
    path = os.path.join(TMP, f"logo_{abs(hash((text, sub, color, icon)))}.png")
    im.save(path)
    return path, im.width / im.height


def canvas(w, h, bg):
    im = Image.new("RGBA", (w, h), bg)
    return im, ImageDraw.Draw(im)


def save_tex(im, name):
    path = os.path.join(TMP, name + ".png")
    im.save(path)
    return path


def decal(name, point, mat, nu=24, nv=8):
    """Grid patch over point(u, v) -> xyz with u, v in 0..1; marks it as the logo."""
    us, vs = np.linspace(0, 1, nu + 1), np.linspace(0, 1, nv + 1)
    verts = [point(u, v) for v in vs for u in us]
    uvs = [(u, v) for v in vs for u in us]
    w = nu + 1
    faces = [(j * w + i, j * w + i + 1, (j + 1) * w + i + 1, (j + 1) * w + i) for j in range(nv) for i in range(nu)]
    o = mesh(name, verts, faces, mat, uvs, angle=None)
    o["logo"] = True
    return o


def flat_decal(name, path, aspect, width, at, right=(1, 0, 0), up=(0, 1, 0), rough=.4, metal=0.):
    r, u, c = Vector(right).normalized(), Vector(up).normalized(), Vector(at)
    h = width / aspect
    return decal(name, lambda a, b: c + r * (a - .5) * width + u * (b - .5) * h, printed(name, path, rough=rough, metal=metal), 2, 2)
