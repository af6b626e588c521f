"""Paste cut-outs with exact masks on other backgrounds: python tools/composites.py SET... --out DIR [--each 4] [--side 1024]

Needs numpy and opencv-python. A set is a folder with images/NAME.* and masks/NAME.png. The backgrounds are patterns, plain grounds in
the product's own colour, shadows, the other photos of the sets, and rival products; the result is a set again. Everything is drawn
from the names, so the same sets give the same pictures. With --kind there is that kind alone, for instance the product on a mat.
"""
import argparse
import os
import random

import cv2
import numpy as np

KINDS = ("pattern", "alike", "shadow", "photo", "rivals", "frame")
MAT = "mat"


def load(folder, side):
    """Photos and masks of a set, upright, at most `side` pixels long."""
    out = []
    for file in sorted(os.listdir(os.path.join(folder, "images"))):
        name = os.path.splitext(file)[0]
        photo = cv2.imread(os.path.join(folder, "images", file))
        mask = cv2.imread(os.path.join(folder, "masks", name + ".png"), cv2.IMREAD_GRAYSCALE)
        if photo is None or mask is None or photo.shape[:2] != mask.shape:
            continue
        k = min(1.0, side / max(mask.shape))
        size = (round(mask.shape[1] * k), round(mask.shape[0] * k))
        out.append((name, cv2.resize(photo, size, interpolation=cv2.INTER_AREA), cv2.resize(mask, size, interpolation=cv2.INTER_AREA)))
    return out


def cut(photo, mask):
    """The product alone: colours without the old background, and its alpha, both cropped."""
    x, y, w, h = cv2.boundingRect((mask > 2).astype(np.uint8))
    photo, mask = photo[y:y + h, x:x + w], mask[y:y + h, x:x + w]
    # A pixel of the edge takes the colour of the nearest pixel that is wholly product.
    _, label = cv2.distanceTransformWithLabels((mask < 250).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    solid = mask >= 250
    if not solid.any():
        return photo, mask
    colours = np.zeros((int(label.max()) + 1, 3), np.uint8)
    colours[label[solid]] = photo[solid]
    return np.where((mask < 250)[..., None], colours[label], photo), mask


def paste(canvas, truth, photo, mask, centre, size, counts):
    """Blend a cut-out into the canvas; its longer side gets `size` pixels."""
    k = size / max(mask.shape)
    wh = (max(8, round(mask.shape[1] * k)), max(8, round(mask.shape[0] * k)))
    photo, mask = (cv2.resize(a, wh, interpolation=cv2.INTER_AREA if k < 1 else cv2.INTER_CUBIC) for a in (photo, mask))
    x, y = round(centre[0] - wh[0] / 2), round(centre[1] - wh[1] / 2)
    x0, y0, x1, y1 = max(0, x), max(0, y), min(canvas.shape[1], x + wh[0]), min(canvas.shape[0], y + wh[1])
    if x1 <= x0 or y1 <= y0:
        return
    part = np.s_[y0 - y:y1 - y, x0 - x:x1 - x]
    a = mask[part].astype(np.float32) / 255
    canvas[y0:y1, x0:x1] = canvas[y0:y1, x0:x1] * (1 - a[..., None]) + photo[part] * a[..., None]
    truth[y0:y1, x0:x1] = truth[y0:y1, x0:x1] * (1 - a) + (255 * a if counts else 0)


def pattern(r, h, w):
    a, b = (np.array([r.randint(0, 255) for _ in range(3)], np.float32) for _ in range(2))
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    turn, step = r.uniform(0, np.pi), r.uniform(.02, .12) * max(h, w)
    u, v = xx * np.cos(turn) + yy * np.sin(turn), -xx * np.sin(turn) + yy * np.cos(turn)
    t = (np.sin(u * 2 * np.pi / step) > 0).astype(np.float32)
    if r.random() < .5:
        t = (t + (np.sin(v * 2 * np.pi / step) > 0)) / 2
    return cv2.GaussianBlur(a + (b - a) * t[..., None], (0, 0), r.uniform(.8, 3))


def plain(r, h, w, colour):
    """Two planes that meet at a horizon, with a slow change of light."""
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    light = 1 + r.uniform(-.25, .25) * (xx / w - .5) + r.uniform(-.25, .25) * (yy / h - .5)
    wall = r.uniform(.75, 1.15)
    light *= np.where(yy < h * r.uniform(.35, .65), wall, 1.0)
    return cv2.GaussianBlur(np.asarray(colour, np.float32) * light[..., None], (0, 0), 2)


def ground_shadow(canvas, mask_full, r):
    """Darken the canvas by the product's outline, sheared and blurred."""
    h, w = mask_full.shape
    m = np.array([[1, r.uniform(-.6, .6), 0], [0, 1, r.uniform(0, .04) * h]], np.float32)
    m[0, 2] = -m[0, 1] * h * .7
    cast = cv2.warpAffine(mask_full, m, (w, h))
    soft = cv2.GaussianBlur(cast, (0, 0), r.uniform(.002, .02) * max(h, w)).astype(np.float32) / 255
    canvas *= 1 - r.uniform(.3, .75) * soft[..., None]


def mat(canvas, r, centre, wide, base):
    """Draw a patterned rectangle, seen at an angle, around the point where a product of a certain width stands."""
    half, back, front = wide * r.uniform(.6, .95), base - wide * r.uniform(.15, .4), base + wide * r.uniform(.08, .25)
    far = half * r.uniform(.7, .95)
    corners = np.array([[centre - far, back], [centre + far, back], [centre + half, front], [centre - half, front]], np.float32)
    cloth = pattern(r, 512, 512) if r.random() < .7 else plain(r, 512, 512, [r.randint(20, 245) for _ in range(3)])
    turn = cv2.getPerspectiveTransform(np.array([[0, 0], [512, 0], [512, 512], [0, 512]], np.float32), corners)
    size = (canvas.shape[1], canvas.shape[0])
    cover = cv2.warpPerspective(np.ones((512, 512, 1), np.float32), turn, size)[..., None]
    canvas[:] = canvas * (1 - cover) + cv2.warpPerspective(np.clip(cloth, 0, 255).astype(np.float32), turn, size) * cover


def compose(one, others, kind, r, side):
    name, photo, mask = one
    product, alpha = cut(photo, mask)
    h, w = (side, round(side * .75)) if r.random() < .6 else (round(side * .75), side)
    colour = np.median(product[alpha > 250], axis=0) if (alpha > 250).any() else np.array([128.0] * 3)
    if kind == "pattern":
        canvas = pattern(r, h, w)
    elif kind == "photo":
        _, other, _ = r.choice(others)
        canvas = cv2.resize(other, (w, h), interpolation=cv2.INTER_AREA).astype(np.float32)
        canvas = cv2.GaussianBlur(canvas, (0, 0), r.choice((1.0, 4.0, 9.0)))
    else:
        shade = colour if kind == "alike" else np.array([r.randint(20, 245)] * 3, np.float32) + np.array([r.uniform(-20, 20) for _ in range(3)])
        canvas = plain(r, h, w, shade)
    canvas = np.clip(canvas, 0, 255)
    truth = np.zeros((h, w), np.float32)
    size = min(h, w) * (r.uniform(.9, 1.2) if kind == "frame" else r.uniform(.5, .85))
    centre = (w * r.choice((.22, .78, .5)), h * r.choice((.3, .5, .8))) if kind == "frame" else (w * r.uniform(.4, .6), h * r.uniform(.42, .58))
    if kind == MAT:
        size, k = size * .8, size * .8 / max(alpha.shape)
        mat(canvas, r, centre[0], alpha.shape[1] * k, centre[1] + alpha.shape[0] * k / 2)
    if kind in ("shadow", "alike", "rivals", "frame", MAT):
        cast = np.zeros((h, w), np.float32)
        paste(np.zeros((h, w, 3), np.float32), cast, product, alpha, centre, size, True)
        ground_shadow(canvas, cast.astype(np.uint8), r)
    if kind == "rivals":
        for i in range(r.randint(2, 4)):
            _, p, m = r.choice(others)
            at = (w * r.choice((.1, .18, .82, .9)), h * r.uniform(.2, .8))
            paste(canvas, np.zeros((h, w), np.float32), *cut(p, m), at, size * r.uniform(.3, .6), False)
    paste(canvas, truth, product, alpha, centre, size, True)
    noise = np.random.default_rng(r.randint(0, 2 ** 31)).normal(0, r.uniform(.5, 4), canvas.shape)
    return np.clip(canvas + noise, 0, 255).astype(np.uint8), np.clip(truth + .5, 0, 255).astype(np.uint8)


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("sets", nargs="+")
    a.add_argument("--out", required=True)
    a.add_argument("--each", type=int, default=len(KINDS), help="pictures per product")
    a.add_argument("--side", type=int, default=1024)
    a.add_argument("--without", nargs="*", default=(), choices=KINDS, help="kinds to leave out, such as photo: which thing is the product?")
    a.add_argument("--kind", choices=(*KINDS, MAT), help="this kind alone")
    a = a.parse_args()
    for part in ("images", "masks"):
        os.makedirs(os.path.join(a.out, part), exist_ok=True)
    items = [item for folder in a.sets for item in load(folder, a.side)]
    for one in items:
        for i in range(a.each):
            kind = a.kind or KINDS[(i + sum(map(ord, one[0]))) % len(KINDS)]
            if kind in a.without:
                continue
            name = f"{one[0]}_{kind}{i}"
            photo, mask = compose(one, [o for o in items if o is not one], kind, random.Random(name), a.side)
            cv2.imwrite(os.path.join(a.out, "images", name + ".jpg"), photo, [cv2.IMWRITE_JPEG_QUALITY, 90])
            cv2.imwrite(os.path.join(a.out, "masks", name + ".png"), mask)


if __name__ == "__main__":
    main()
