"""Edges of a matte: a guided filter on the photo, loose edges by colour, and outlines without an edge."""

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.cutout.parts import disk
from stillroom.imaging.pixels import HALF_COVER, Bytes, Mask, Picture, Plane, cover_of
from stillroom.imaging.resizing import area_resized, bilinear, fitted, size_of

EPSILON = 1e-3  # variance of colour, 0..1, that counts as an edge; measured by tests/bench/matting.py
_STEP = 2  # downscaling for the coefficients, which vary slowly

LOOSE_SIDE = 800  # pixels of the photo's longer side at which loose edges are found
LOW, HIGH = 0.1, 0.9  # network output between which it is undecided
THICK = 0.004  # of the longer side: least thickness of an undecided zone that is more than an outline
GROWN = 0.006  # of the longer side: growth of such a zone
NEAR = 0.03  # of the longer side: its largest distance from the outline
AROUND = 0.02  # of the longer side: standard deviation of the means of the colours on both sides
_COARSE = 4  # downscaling for these means
APART, LEAST_APART = 4.0, 400.0  # squared distance of both colours, per variance and in bytes of Lab
OPPOSED = 0.7 * 255  # of cover, between matte and colours, from which a mean would be neither
VOTE = 3.0  # slope of a prompt network's vote per logit
CERTAIN = 2.0  # logit from which its agreement with the matte counts; from one more, colours have no say

HALF = 12, 230  # of 255 of cover, between which a pixel is half covered
ABSENT, PRESENT = (-2.0, -1.0), (1.5, 2.0)  # logits: ramps to background, and to product

SMOOTH_SIDE = 1024  # pixels of the longer side at which outlines are smoothed
SMOOTH = 0.006  # of the longer side: standard deviation by which an outline without an edge is smoothed
STRIP = 0.008  # of the longer side: width of the strips on both sides whose colours are compared
FAINT, CLEAR = 8.0, 14.0  # difference of their colours in Lab: no edge at all, and one that is followed
BULK, BULK_NEAR = 2.0, 3.0  # standard deviations: depth of what is not thin, and how near the outline it is
SPECK = 0.0005  # of the product: smaller separate bits go
SEEN = 13  # cover of 255 from which a bit is seen
TRACE = 3  # cover of 255 up to which nothing is; on white it would still leave 254

_Planes = NDArray[np.float32]


def refined(alpha: Plane, guide: Picture) -> Plane:
    """Refine the matte by a guided filter where it is undecided.

    Pixels that are clearly inside or outside are kept, because the filter would smear them.

    Source:
        He, Sun and Tang, "Guided Image Filtering", ECCV 2010; He and Sun, "Fast Guided Filter", 2015.
    """
    band = (alpha > 0.02) & (alpha < 0.98)
    if not band.any():
        return alpha
    height, width = alpha.shape
    half = (max(1, width // _STEP), max(1, height // _STEP))
    small_guide = cover_of(area_resized(guide, half))
    small_alpha = area_resized(alpha, half)
    radius = max(2, round(4 * max(half) / 1024))
    *slopes, offset = (
        bilinear(plane, (width, height)) for plane in _coefficients(small_alpha, small_guide, radius)
    )
    filtered = offset
    for slope, channel in zip(slopes, cv2.split(guide), strict=True):
        filtered += cv2.multiply(slope, channel, scale=1 / 255, dtype=cv2.CV_32F)
    stretched = np.clip((filtered - np.float32(0.05)) / np.float32(0.90), 0.0, 1.0)
    return np.where(band, stretched, alpha)


def _coefficients(alpha: Plane, guide: _Planes, radius: int) -> list[Plane]:
    """Coefficients of the guided filter's local linear model alpha = slope . colour + offset, box-averaged.

    Channels are processed one by one, which is twice as fast as all at once.

    Returns:
        Slopes for red, green and blue, and the offset; float32 (h, w) each.
    """
    side = (2 * radius + 1, 2 * radius + 1)

    def mean(plane: Plane) -> Plane:
        return np.asarray(cv2.blur(plane, side, borderType=cv2.BORDER_REFLECT), np.float32)

    r, g, b = (np.asarray(plane, np.float32) for plane in cv2.split(guide))
    mean_r, mean_g, mean_b, mean_alpha = mean(r), mean(g), mean(b), mean(alpha)
    rr, gg, bb = mean(r * r) - mean_r**2, mean(g * g) - mean_g**2, mean(b * b) - mean_b**2
    rg, gb, br = mean(r * g) - mean_r * mean_g, mean(g * b) - mean_g * mean_b, mean(b * r) - mean_b * mean_r
    red = mean(r * alpha) - mean_r * mean_alpha
    green = mean(g * alpha) - mean_g * mean_alpha
    blue = mean(b * alpha) - mean_b * mean_alpha
    for variance in (rr, gg, bb):
        variance += np.float32(EPSILON)
    # Inverse of the symmetric 3x3 covariance matrix by cofactors.
    i_rr, i_gg, i_bb = gg * bb - gb * gb, rr * bb - br * br, rr * gg - rg * rg
    i_rg, i_gb, i_br = gb * br - rg * bb, rg * br - rr * gb, rg * gb - gg * br
    share = np.float32(1) / (i_rr * rr + i_rg * rg + i_br * br)
    slope_r = (i_rr * red + i_rg * green + i_br * blue) * share
    slope_g = (i_rg * red + i_gg * green + i_gb * blue) * share
    slope_b = (i_br * red + i_gb * green + i_bb * blue) * share
    offset = mean_alpha - slope_r * mean_r - slope_g * mean_g - slope_b * mean_b
    return [mean(slope_r), mean(slope_g), mean(slope_b), mean(offset)]


def loosened(alpha: Bytes, guide: Picture, seen: Plane, logits: Plane, longer: float) -> Bytes:
    """Estimate loose edges, such as hair, by colour: where the network is undecided in more than an outline.

    A pixel's cover becomes the mean of the matte's and of its place on the line between the mean colours of
    product and background nearby, where these differ clearly. A mean of opposites would be haze: there a
    prompt network decides.

    Args:
        seen: Output of the network.
        logits: Of the product, by a prompt network; 0 says nothing.
        longer: The photo's longer side, in pixels of the matte.
    """
    scale = min(1.0, LOOSE_SIDE / longer)
    size = (max(1, round(alpha.shape[1] * scale)), max(1, round(alpha.shape[0] * scale)))
    solid = area_resized(alpha, size) > HALF_COVER
    zone = loose_zone(solid, area_resized(seen, size), longer * scale)
    if not zone.any():
        return alpha
    lab = np.asarray(cv2.cvtColor(area_resized(guide, size), cv2.COLOR_RGB2LAB), np.uint8)
    (inside, spread), (outside, more) = (
        _mean_colour(lab, side & ~zone, AROUND * longer * scale) for side in (solid, ~solid)
    )
    line = inside - outside
    length = (line * line).sum(2)
    clear = zone & (length > np.maximum(APART * (spread + more), LEAST_APART))
    whole = cv2.resize(clear.astype(np.uint8), size_of(alpha), interpolation=cv2.INTER_NEAREST)
    rows, columns = np.nonzero(whole)
    if not rows.size:
        return alpha
    place = (
        np.minimum((rows * scale).astype(np.intp), size[1] - 1),
        np.minimum((columns * scale).astype(np.intp), size[0] - 1),
    )
    colours = cv2.cvtColor(np.ascontiguousarray(guide[rows, columns][:, None]), cv2.COLOR_RGB2LAB)[:, 0]
    along = ((colours - outside[place]) * line[place]).sum(1) / np.maximum(length[place], 1)
    coloured = 255 * np.clip((along - 0.1) / 0.8, 0, 1)
    result = alpha.copy()
    result[rows, columns] = _agreed(alpha[rows, columns], coloured, logits[rows, columns])
    return result


def _agreed(cover: NDArray[np.uint8], coloured: _Planes, logits: _Planes) -> NDArray[np.uint8]:
    """Mean of the matte and the colours, unless a prompt network surely sees what the matte shows.

    Where matte and colours contradict each other, the network decides.
    """
    vote = 255 / (1 + np.exp(-VOTE * np.clip(logits, -10, 10)))
    low, high = np.minimum(cover, coloured), np.maximum(cover, coloured)
    decided = np.where(high - low > OPPOSED, np.clip(vote, low, high), (low + high) / 2)
    sure = np.clip(np.abs(logits) - CERTAIN, 0, 1) * ((logits > 0) == (cover > HALF_COVER))
    return np.asarray(np.rint(decided + sure * (cover - decided)), np.uint8)


def settled(alpha: Bytes, logits: Plane, longer: float) -> Bytes:
    """Decide half-covered areas that are thicker than an outline, where a prompt network is sure of them.

    Args:
        longer: The photo's longer side, in pixels of the matte.
    """
    half = ((alpha > HALF[0]) & (alpha < HALF[1])).astype(np.uint8)
    across = disk(round(THICK * longer))
    thick = (cv2.dilate(cv2.morphologyEx(half, cv2.MORPH_OPEN, across), across) > 0) & (half > 0)
    most, least = (255 * np.clip((logits - start) / (end - start), 0, 1) for start, end in (ABSENT, PRESENT))
    decided = np.rint(np.maximum(least, np.minimum(alpha, most)))
    # A hard border of the area would bite into the outline where it ends.
    rim = cv2.GaussianBlur(thick.astype(np.uint8) * np.uint8(255), (0, 0), max(1.0, THICK * longer / 2))
    share = cover_of(np.asarray(rim, np.uint8))
    return np.asarray(np.rint(alpha + share * (decided - alpha)), np.uint8)


def smoothed(alpha: Bytes, guide: Picture) -> Bytes:
    """Smooth the outline where the photo shows no edge, as between black and a dark wall.

    A network guesses there, and its outline is ragged. The signed distance to the outline is low-pass
    filtered; thin parts and gaps, which that would close, keep their outline.
    """
    small = fitted(alpha, SMOOTH_SIDE)
    longer = max(small.shape)
    depth = _depth(cover_of(small))
    deviation = max(1.0, SMOOTH * longer)
    weight = _edgeless(depth, fitted(guide, SMOOTH_SIDE), deviation, STRIP * longer)
    if not weight.any():
        return alpha
    level = cv2.GaussianBlur(np.clip(depth, -4 * deviation, 4 * deviation), (0, 0), deviation)
    scale = alpha.shape[0] / small.shape[0]
    level, weight = (bilinear(np.asarray(plane, np.float32), size_of(alpha)) for plane in (level, weight))
    decided = 255 * np.clip(level * scale / 2 + 0.5, 0, 1)
    return np.asarray(np.rint(alpha + weight * (decided - alpha)), np.uint8)


def without_specks(alpha: Bytes) -> Bytes:
    """Drop tiny bits apart from the product, and traces, which colours and doubts leave around it."""
    count, labels = cv2.connectedComponents((alpha > SEEN).astype(np.uint8), connectivity=8)
    covers = np.bincount(labels.ravel(), weights=alpha.ravel() / 255, minlength=count)
    tiny = covers < SPECK * np.count_nonzero(alpha > HALF_COVER)
    tiny[0] = False
    return np.where(tiny[labels] | (alpha <= TRACE), np.uint8(0), alpha)


def _depth(cover: Plane) -> Plane:
    """Signed distance to the outline in pixels, positive inside; from the cover itself at the outline."""
    solid = (cover > 0.5).astype(np.uint8)
    inside, outside = (
        np.asarray(cv2.distanceTransform(side, cv2.DIST_L2, cv2.DIST_MASK_5), np.float32)
        for side in (solid, 1 - solid)
    )
    away = inside - outside
    return np.where(np.abs(away) < 1.6, 2 * cover - 1, away - np.sign(away) / 2).astype(np.float32)


def _edgeless(depth: Plane, guide: Picture, deviation: float, strip: float) -> Plane:
    """Share, 0..1, to which the outline lacks an edge in the photo, float32 (h, w); 0 away from it."""
    lab = cv2.cvtColor(guide, cv2.COLOR_RGB2LAB).astype(np.float32)
    lab[..., 0] *= 100 / 255
    side = 2 * round(strip) + 1
    (inside, some), (outside, more) = (
        _strip_colour(lab, (away > 1) & (away <= 1 + strip), side) for away in (depth, -depth)
    )
    apart = np.sqrt(((inside - outside) ** 2).sum(2))
    lacking = np.clip((CLEAR - apart) / (CLEAR - FAINT), 0, 1) * (some & more)
    for away in (depth, -depth):
        bulk = (away > BULK * deviation).astype(np.uint8)
        lacking *= cv2.dilate(bulk, disk(round(BULK_NEAR * deviation)))
    outline = (np.abs(depth) <= 1.5).astype(np.float32)
    share = [cv2.GaussianBlur(plane, (0, 0), 1.5 * deviation) for plane in (outline * lacking, outline)]
    weight = np.clip(1.5 * share[0] / np.maximum(share[1], 1e-3) - 0.25, 0, 1)
    near = (np.abs(depth) < 2.5 * deviation + 2).astype(np.float32)
    return np.asarray(weight * cv2.GaussianBlur(near, (0, 0), deviation / 2), np.float32)


def _strip_colour(lab: _Planes, strip: Mask, side: int) -> tuple[_Planes, Mask]:
    """Mean colour of a strip near each pixel, and where there is enough of it."""
    share = cv2.blur(strip.astype(np.float32), (side, side))
    colour = cv2.blur(lab * strip[..., None], (side, side)) / np.maximum(share, 1e-4)[..., None]
    return np.asarray(colour, np.float32), np.asarray(share > 0.02)


def loose_zone(solid: Mask, seen: Plane, longer: float) -> Mask:
    """Mask of loose edges: undecided zones near the outline that are thicker than an edge."""
    undecided = ((seen > LOW) & (seen < HIGH)).astype(np.uint8)
    thick = cv2.morphologyEx(undecided, cv2.MORPH_OPEN, disk(round(THICK * longer)))
    within, beyond = (
        np.asarray(cv2.distanceTransform(side.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5), np.float32)
        for side in (solid, ~solid)
    )
    return (cv2.dilate(thick, disk(round(GROWN * longer))) > 0) & (within + beyond <= NEAR * longer)


def _mean_colour(lab: Bytes, side: Mask, deviation: float) -> tuple[_Planes, Plane]:
    """Mean colour on one side of the edge, float32 (h, w, 3), and its variance, infinite without any."""
    height, width = side.shape
    size = (max(1, width // _COARSE), max(1, height // _COARSE))
    colours = np.asarray(lab, np.float32)
    share = side.astype(np.float32)

    def mean(plane: NDArray[np.float32]) -> NDArray[np.float32]:
        blurred = cv2.GaussianBlur(area_resized(plane, size), (0, 0), deviation / _COARSE)
        return bilinear(np.asarray(blurred, np.float32), (width, height))

    weight = np.maximum(mean(share), np.float32(1e-6))
    first, second = (
        np.asarray(mean(one * share[..., None]) / weight[..., None], np.float32)
        for one in (colours, colours**2)
    )
    variance = np.maximum((second - first**2).sum(2), np.float32(0))
    return first, np.where(weight > 1e-3, variance, np.float32(np.inf)).astype(np.float32)
