"""Matting: compute the product's alpha matte from a photo, with its confidence."""

from dataclasses import replace

import cv2
import numpy as np

from stillroom.imaging.cutout.blending import merged
from stillroom.imaging.cutout.confidence import Views, signals_of
from stillroom.imaging.cutout.edges import loosened, refined, settled, smoothed, without_specks
from stillroom.imaging.cutout.hair import with_hair
from stillroom.imaging.cutout.matte import GRABCUT, SETTLED, Matte
from stillroom.imaging.cutout.networks import Segmenter
from stillroom.imaging.cutout.outline import corrected
from stillroom.imaging.cutout.parts import (
    filled,
    product_in,
    without_haze,
    without_holes,
    without_islands,
)
from stillroom.imaging.pixels import Box, Bytes, Mask, Picture, Plane, cover_of
from stillroom.imaging.resizing import fitted, resized, size_of, size_within

PARAMETERS = "33"  # part of the cache key of mattes; change it to invalidate old ones

WORK_SIDE = 1024  # most pixels of the longer side for separating parts; no network resolves finer detail
OVERSAMPLED = 2  # working pixels per pixel of network output; more only cost time
CROP_SIDE = 2048  # pixels of the longer side at which a product is cut out and measured
CLOSER_BELOW = 0.6  # share of the photo that the box covers; above it a second pass gains nothing
CLOSER_BELOW_FINE = 0.45  # the same for networks with an input of at least FINE_SIDE pixels
FINE_SIDE = 1024
CROP_PADDING = 0.15  # share of the box, added on each side
WINDOW_MARGIN = 0.02  # share of the longer side around the product that refinement works on
TRIM_MARGIN = 0.03  # share of the product kept around it, for the colours behind its edge
SEEN_PIXELS = 400  # of network input that the box covered; a first pass with fewer has no say in parts
AGREEMENT = 0.75  # intersection over union below which the second pass found something else
CLEAR = 0.14  # largest edge share at which the scout network's result is trusted to locate the product
NEAR_SIDE, NEAR = 640, 0.08  # pixels, and share of the product's longer side around it that is judged
GRABCUT_SIDE = 400  # pixels of the longer side; GrabCut is quadratic in pixels
RIM, NARROW_RIM = 0.12, 0.04  # shares of both sides of the photo that GrabCut starts from as background


def matte_of(photo: Picture, network: Segmenter | None, scout: Segmenter | None = None) -> Matte:
    """Compute the matte of the product in a photo.

    Args:
        network: The segmentation network; None falls back to GrabCut with a centred rectangle.
        scout: A faster network for a first pass. If it finds a small product clearly, `network` processes
            only that crop. For a large product it measures the agreement.
    """
    model = network.spec.name if network else GRABCUT
    whole = fitted(photo, CROP_SIDE)
    scouted = None
    if network and scout:
        scouted = _segmented(whole, scout)
        settled = _settled(photo, whole, scouted, network)
        if settled is not None:
            return settled
    seen, first = _segmented(whole, network)
    box = _padded_box(first, photo.shape)
    crop = fitted(photo[box[1] : box[3], box[0] : box[2]], CROP_SIDE)
    alpha = _cut_from(first, photo.shape, box, crop.shape)
    raw = _cut_from(seen, photo.shape, box, crop.shape)
    agreement, leaves, closest = None, False, None
    if network and _gains_by_closer_pass(box, photo.shape, network):
        # The first pass dropped strings that leave the crop, otherwise the box would include them.
        closer, second = _segmented(crop, network)
        second = resized(second, size_of(crop))
        agreement = _iou(alpha, second)
        if agreement >= AGREEMENT:
            has_a_say = _pixels_seen(box, photo.shape, network) > SEEN_PIXELS
            alpha = merged(alpha, second) if has_a_say else second
            raw, leaves = resized(closer, size_of(crop)), _leaves(second, box, photo.shape)
            closest = (closer, box)
        if scout:
            # Two passes of one network seldom disagree about the object; a second network is independent.
            third = resized(_segmented(crop, scout)[1], size_of(crop))
            agreement = min(agreement, _iou(alpha, third))
    elif scouted is not None:
        agreement = _iou(first, resized(scouted[1], size_of(first)))
    elif network is None:
        # Where colours tell the product apart, it matters little from which rim they are learned.
        agreement = _iou(resized(seen, size_within(photo.shape, GRABCUT_SIDE)), _grabcut(photo, NARROW_RIM))
    matte = _finished(alpha, crop, box, model, agreement)
    views = Views(seen, closest, scouted[1] if scouted else None, agreement)
    return replace(
        matte,
        undecided=_undecided(raw, alpha),
        leaves_crop=leaves,
        signals=signals_of(whole, photo.shape, matte.alpha, matte.box, views, by_color=network is None),
    )


def _settled(
    photo: Picture, whole: Picture, scouted: tuple[Plane, Plane], network: Segmenter
) -> Matte | None:
    """Matte from one closer pass if the scout's result was clear and both agree; otherwise None.

    Measured on the golden photos: six of nine with a small product are settled this way, with the same
    quality as a pass over the whole photo. Scout results that miss a part or include a neighbour are not
    clear.
    """
    product = scouted[1]
    box = _padded_box(product, photo.shape)
    if edge_share(product) > CLEAR or not _gains_by_closer_pass(box, photo.shape, network):
        return None
    crop = fitted(photo[box[1] : box[3], box[0] : box[2]], CROP_SIDE)
    raw, closer = _segmented(crop, network)
    closer = resized(closer, size_of(crop))
    agreement = _iou(_cut_from(product, photo.shape, box, crop.shape), closer)
    if agreement < SETTLED or _leaves(closer, box, photo.shape):
        return None
    matte = _finished(closer, crop, box, network.spec.name, agreement)
    signals = signals_of(
        whole, photo.shape, matte.alpha, matte.box, Views(scouted[0], (raw, box), product, agreement)
    )
    return replace(matte, undecided=_undecided(raw, closer), signals=signals)


def _undecided(seen: Plane, alpha: Plane) -> float:
    """Undecided pixels of the network output near the product, per pixel of product.

    Measured on 15 photos with a true mask: 0.10 and more for all five mattes with an IoU below 0.9, and for
    one of the other ten.

    Args:
        seen: Network output for the crop.
        alpha: The product in the same crop.
    """
    size = size_within(alpha.shape, NEAR_SIDE)
    small, solid = resized(seen, size), resized(alpha, size) > 0.5
    _, _, wide, tall = cv2.boundingRect(solid.astype(np.uint8))
    # For a radius this large, a distance transform takes a tenth of the time of a dilation.
    away = cv2.distanceTransform(1 - filled(solid), cv2.DIST_L2, cv2.DIST_MASK_5)
    near = (away <= NEAR * max(wide, tall)) & (small > 0.1) & (small < 0.9)
    return _count(near) / max(_count(solid), 1)


def _leaves(alpha: Plane, box: Box, shape: tuple[int, ...]) -> bool:
    """Whether the product touches a side of the box that is not a border of the photo."""
    height, width = shape[:2]
    sides = (
        (alpha[:, 0], box[0] > 0),
        (alpha[0], box[1] > 0),
        (alpha[:, -1], box[2] < width),
        (alpha[-1], box[3] < height),
    )
    return any(is_inside and bool((side > 0.5).any()) for side, is_inside in sides)


def _finished(alpha: Plane, crop: Picture, box: Box, model: str, agreement: float | None) -> Matte:
    """Refine the edge, close holes and trim to the product."""
    window = _window_of(alpha)
    edged = refined(alpha[window], np.ascontiguousarray(crop[window]))
    solid = without_islands(without_haze(without_holes(edged)))
    glass = float(((solid - edged) > 0.2).sum() / max(float((solid > 0.5).sum()), 1.0))
    closed = alpha.copy()
    closed[window] = solid
    tight, part = _trimmed(np.rint(closed * 255).astype(np.uint8), box)
    return Matte(part, tight, model, agreement, edge_share(closed), glass)


def _window_of(alpha: Plane) -> tuple[slice, slice]:
    """Rows and columns of the non-zero matte, with a margin."""
    x, y, width, height = cv2.boundingRect((alpha > 0.02).astype(np.uint8))
    margin = max(1, round(WINDOW_MARGIN * max(alpha.shape)))
    return slice(max(0, y - margin), y + height + margin), slice(max(0, x - margin), x + width + margin)


def _segmented(photo: Picture, network: Segmenter | None) -> tuple[Plane, Plane]:
    """Output of the network or GrabCut in the photo's proportions, at the working size; the product in it."""
    side = WORK_SIDE if network is None else min(WORK_SIDE, OVERSAMPLED * network.spec.side)
    output = network.predict(photo) if network else _grabcut(photo, RIM)
    seen = resized(output, size_within(photo.shape, side))
    return seen, product_in(seen)


def with_finished_edges(photo: Picture, matte: Matte, seen: Plane | None, logits: Plane | None) -> Matte:
    """Return a matte with loose edges estimated by colour, smooth outlines without an edge, and no specks.

    A network corrects the outline if a prompt network controls it.

    Args:
        seen: Output of the network for the whole photo; without it no edge is loose.
        logits: Of the product, by a prompt network for the whole photo; None without one.
    """
    x0, y0, x1, y1 = matte.box
    alpha = matte.alpha
    guide = resized(photo[y0:y1, x0:x1], size_of(alpha))
    # A logit of 0 votes for neither side.
    asked = np.zeros((1, 1), np.float32) if logits is None else logits
    says = _cut_from(asked, photo.shape, matte.box, alpha.shape)
    if seen is not None:
        output = _cut_from(seen, photo.shape, matte.box, alpha.shape)
        alpha = loosened(alpha, guide, output, says, max(photo.shape[:2]) * alpha.shape[1] / (x1 - x0))
        alpha = with_hair(alpha, guide, output, says)
    alpha = smoothed(alpha, guide)
    if logits is not None:
        alpha = corrected(alpha, guide, says)
    return replace(matte, alpha=without_specks(alpha))


def with_settled_areas(matte: Matte, logits: Plane, shape: tuple[int, ...]) -> Matte:
    """Return the matte of a photo with its half-covered areas decided by a prompt network.

    Args:
        logits: Of the product, for the whole photo.
    """
    seen = _cut_from(logits, shape, matte.box, matte.alpha.shape)
    longer = max(shape[:2]) * matte.alpha.shape[1] / (matte.box[2] - matte.box[0])
    return replace(matte, alpha=settled(matte.alpha, seen, longer))


def matte_within(photo: Picture, box: Box, network: Segmenter | None) -> Matte:
    """Compute the matte inside a box that a person drew.

    Args:
        box: x0, y0, x1, y1 in photo pixels; everything outside it is background.
        network: The segmentation network; None falls back to GrabCut.
    """
    x0, y0, x1, y1 = box
    matte = matte_of(np.ascontiguousarray(photo[y0:y1, x0:x1]), network)
    left, top, right, bottom = matte.box
    return replace(matte, box=(x0 + left, y0 + top, x0 + right, y0 + bottom))


def matte_from_cover(cover: Bytes, model: str, confidence: float | None = None) -> Matte:
    """Trim a whole-photo matte to its product.

    Args:
        confidence: Of a matte that a person corrected; None rates its edges.
    """
    box, _ = _trimmed(cover, (0, 0, cover.shape[1], cover.shape[0]))
    x0, y0, x1, y1 = box
    alpha = fitted(np.ascontiguousarray(cover[y0:y1, x0:x1]), CROP_SIDE)
    return Matte(alpha, box, model, None, edge_share(cover_of(alpha)), corrected=confidence)


def _trimmed(alpha: Bytes, box: Box) -> tuple[Box, Bytes]:
    """Trim a matte and its box to the product plus a narrow margin, aligned to whole photo pixels."""
    x, y, width, height = cv2.boundingRect((alpha > 2).astype(np.uint8))
    if width == 0:
        return box, alpha
    margin = TRIM_MARGIN * max(width, height)
    scale_x, scale_y = (box[2] - box[0]) / alpha.shape[1], (box[3] - box[1]) / alpha.shape[0]
    x0, y0 = max(0, int((x - margin) * scale_x)), max(0, int((y - margin) * scale_y))
    x1 = min(box[2] - box[0], int(np.ceil((x + width + margin) * scale_x)))
    y1 = min(box[3] - box[1], int(np.ceil((y + height + margin) * scale_y)))
    size = (max(1, round((x1 - x0) / scale_x)), max(1, round((y1 - y0) / scale_y)))
    step_x, step_y = (x1 - x0) / size[0] / scale_x, (y1 - y0) / size[1] / scale_y
    matrix = np.array(
        [
            [step_x, 0, x0 / scale_x + step_x / 2 - 0.5],
            [0, step_y, y0 / scale_y + step_y / 2 - 0.5],
        ],
        np.float64,
    )
    part = cv2.warpAffine(alpha, matrix, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return (box[0] + x0, box[1] + y0, box[0] + x1, box[1] + y1), np.asarray(part, np.uint8)


def edge_share(alpha: Plane) -> float:
    """Pixels with 0.1 < alpha < 0.9 per pixel of product, measured at a longer side of at most 1024."""
    small = resized(alpha, size_within(alpha.shape, WORK_SIDE))
    return _count((small > 0.1) & (small < 0.9)) / max(_count(small > 0.5), 1)


def _count(chosen: Mask) -> int:
    return int(np.count_nonzero(chosen))


def _padded_box(alpha: Plane, shape: tuple[int, ...]) -> Box:
    height, width = shape[:2]
    rows, columns = np.flatnonzero((alpha > 0.04).any(1)), np.flatnonzero((alpha > 0.04).any(0))
    if rows.size == 0:
        return 0, 0, width, height
    scale_y, scale_x = height / alpha.shape[0], width / alpha.shape[1]
    y0, y1 = rows[0] * scale_y, (rows[-1] + 1) * scale_y
    x0, x1 = columns[0] * scale_x, (columns[-1] + 1) * scale_x
    pad = CROP_PADDING * max(y1 - y0, x1 - x0)
    return (
        max(0, int(x0 - pad)),
        max(0, int(y0 - pad)),
        min(width, int(np.ceil(x1 + pad))),
        min(height, int(np.ceil(y1 + pad))),
    )


def _gains_by_closer_pass(box: Box, shape: tuple[int, ...], network: Segmenter) -> bool:
    share = (box[2] - box[0]) * (box[3] - box[1]) / (shape[0] * shape[1])
    return share < (CLOSER_BELOW_FINE if network.spec.side >= FINE_SIDE else CLOSER_BELOW)


def _pixels_seen(box: Box, shape: tuple[int, ...], network: Segmenter) -> float:
    """Pixels of the network's input along the longer side of the box in the first pass."""
    height, width = shape[:2]
    return network.spec.side * max((box[2] - box[0]) / width, (box[3] - box[1]) / height)


def _cut_from(alpha: Plane, shape: tuple[int, ...], box: Box, size: tuple[int, ...]) -> Plane:
    """Part of a whole-photo plane inside a box, resampled to the size of the crop."""
    height, width = shape[:2]
    scale_x, scale_y = alpha.shape[1] / width, alpha.shape[0] / height
    step_x, step_y = (box[2] - box[0]) / size[1], (box[3] - box[1]) / size[0]
    matrix = np.array(
        [
            [step_x * scale_x, 0, (box[0] + step_x / 2) * scale_x - 0.5],
            [0, step_y * scale_y, (box[1] + step_y / 2) * scale_y - 0.5],
        ],
        np.float64,
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpAffine(alpha, matrix, (size[1], size[0]), flags=flags, borderMode=cv2.BORDER_REPLICATE),
        np.float32,
    )


def _iou(one: Plane, other: Plane) -> float:
    both, either = np.minimum(one, other).sum(), np.maximum(one, other).sum()
    return float(both / max(either, 1e-6))


def _grabcut(photo: Picture, rim: float) -> Plane:
    """Segment by GrabCut with a rim of the photo as background; the fallback without a network."""
    small = fitted(photo, GRABCUT_SIDE)
    height, width = small.shape[:2]
    margin_x, margin_y = round(width * rim), round(height * rim)
    labels = np.zeros((height, width), np.uint8)
    rectangle = (margin_x, margin_y, width - 2 * margin_x, height - 2 * margin_y)
    background, foreground = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)
    cv2.grabCut(
        np.ascontiguousarray(small), labels, rectangle, background, foreground, 4, cv2.GC_INIT_WITH_RECT
    )
    inside = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(inside, (0, 0), 1.0), np.float32)
