"""Backdrop measures against the ground truth: edge artefacts, border colour and contact shadow."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.export.grounds import darkest
from stillroom.imaging.pixels import Bytes, Picture, Plane, border_of, cover_of
from stillroom.imaging.quality.judgement import delta_e_2000
from stillroom.imaging.resizing import fitted

SIDE = 1024  # pixels of the longer side at which edges are measured
_REACH = 8  # pixels on either side of the outline that a profile covers
_CLEAR = 5.0  # pixels from the outline beyond which halos have ended
_STEP = 0.5  # pixels between the samples of a profile
_MAX_PROFILES = 3000  # more profiles change the median by less than .02
_MIN_PROFILES = 100
_RING = 0.04  # share of the shorter side that counts as border
_UNDER = (0.004, 0.02)  # distance below the product at which its shadow is measured, share of the longer side
_FOOT = 0.06  # share of the product's height above its lowest point that may touch the ground


@dataclass(frozen=True)
class EdgeScores:
    """Edge artefacts along the outline, in L* units.

    Attributes:
        halo: Median difference just outside the outline from the expected mix of product and backdrop.
        ringing: Median overshoot of the rim beyond the photo's, or oscillation of the backdrop, if larger.
    """

    halo: float
    ringing: float


@dataclass(frozen=True)
class Ground:
    """Colour statistics of a picture's border.

    Attributes:
        white_share: Share of pixels that are exactly 255 in each channel.
        lab: Median colour, CIELAB.
        spread: Mean CIEDE2000 from the median; near 0 for a plain backdrop.
    """

    white_share: float
    lab: tuple[float, float, float]
    spread: float


def edge_scores(picture: Picture, reference: Picture, cover: Bytes) -> EdgeScores | None:
    """Measure halo and ringing along profiles across the outline.

    Args:
        reference: The photo in the same place, with the plan's tone.

    Returns:
        None if fewer than _MIN_PROFILES profiles can be placed.
    """
    shown, photo, truth = (fitted(plane, SIDE) for plane in (picture, reference, cover))
    across = _profiles(cover_of(truth))
    if across is None:
        return None
    seen, own = (_sampled(_lightness(plane), across) for plane in (shown, photo))
    cover_there = _sampled(cover_of(truth), across)
    offset = np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
    far_in, near_in = offset <= -5.5, (offset >= -3.0) & (offset <= -1.0)
    near_out, far_out = (offset >= 1.0) & (offset <= 4.0), offset >= 6.0
    inner = seen[:, far_in].mean(1, keepdims=True)
    outer = seen[:, far_out].mean(1, keepdims=True)
    strange = (seen - (cover_there * inner + (1 - cover_there) * outer))[:, near_out]
    # A contact shadow falls off linearly; a halo of the old background ends abruptly.
    falling = _falling_off(seen, offset)
    shaded = (seen - (cover_there * inner + (1 - cover_there) * falling))[:, near_out]
    halo = float(np.median(np.minimum(np.abs(strange.mean(1)), np.abs(shaded.mean(1)))))
    swing = np.minimum(strange.max(1), -strange.min(1)).clip(min=0)
    rim, own_rim = (np.abs(plane[:, near_in].mean(1) - plane[:, far_in].mean(1)) for plane in (seen, own))
    overshoot = float(np.median((rim - own_rim).clip(min=0)))
    return EdgeScores(halo, max(overshoot, float(np.median(swing))))


def _falling_off(seen: Plane, offset: NDArray[np.floating]) -> Plane:
    """Extrapolate the backdrop of each profile linearly towards the outline."""
    far = offset >= _CLEAR
    steps = offset[far] - offset[far].mean()
    slope = (seen[:, far] * steps).sum(1, keepdims=True) / float((steps**2).sum())
    level = seen[:, far].mean(1, keepdims=True)
    return np.asarray(level + slope * (offset - offset[far].mean()), np.float32)


def ground_of(picture: NDArray[np.uint8]) -> Ground:
    """Measure the border of a picture, uint8 (H, W, 3), sRGB, as decoded from a file."""
    ring = border_of(picture.shape, _RING)
    border = np.ascontiguousarray(picture[ring][:: max(1, int(ring.sum()) // 20_000)])
    lab = _lab(border[None])[0]
    median = np.median(lab, axis=0)
    spread = float(delta_e_2000(lab, np.broadcast_to(median, lab.shape)).mean())
    white = float((darkest(picture)[ring] == 255).mean())
    return Ground(white, (float(median[0]), float(median[1]), float(median[2])), spread)


def shadow_depth(picture: Picture, cover: Bytes) -> float:
    """Return how much darker the backdrop is just under the product than at the picture's sides, L* units."""
    shown, truth = fitted(picture, SIDE), fitted(cover, SIDE)
    solid = truth > 127
    if not solid.any():
        return 0.0
    lightness = _lightness(shown)
    rows = np.flatnonzero(solid.any(1))
    foot = rows[-1] - _FOOT * (rows[-1] - rows[0])
    first, last = (max(1, round(share * max(truth.shape))) for share in _UNDER)
    bare = np.asarray(cv2.dilate((truth > 3).astype(np.uint8), np.ones((3, 3), np.uint8))) == 0
    drops = []
    for column in np.flatnonzero(solid.any(0)):
        lowest = int(np.flatnonzero(solid[:, column])[-1])
        if lowest < foot:
            continue
        below = slice(lowest + first, lowest + last + 1)
        level = lightness[below, column][bare[below, column]]
        if level.size:
            edge = np.concatenate([lightness[below, :8], lightness[below, -8:]], axis=1)
            drops.append(float(np.median(edge)) - float(level.mean()))
    return float(np.median(drops)) if drops else 0.0


def _profiles(cover: Plane) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
    """Return columns and rows, float32 (n, samples) each, of lines across the outline, from the inside."""
    solid = (cover > 0.5).astype(np.uint8)
    if not solid.any() or solid.all():
        return None
    outside = cv2.distanceTransform(1 - solid, cv2.DIST_L2, 5) - cv2.distanceTransform(solid, cv2.DIST_L2, 5)
    distance = np.asarray(cv2.GaussianBlur(outside, (0, 0), 1.5), np.float32)
    down, across = (np.asarray(np.gradient(distance, axis=axis), np.float32) for axis in (0, 1))
    height, width = solid.shape
    rows, columns = np.nonzero((np.abs(outside) <= 1.0) & (solid > 0))
    margin = _REACH + 2
    free = (rows >= margin) & (rows < height - margin) & (columns >= margin) & (columns < width - margin)
    rows, columns = rows[free], columns[free]
    step = max(1, len(rows) // _MAX_PROFILES)
    rows, columns = rows[::step], columns[::step]
    slope = np.hypot(down[rows, columns], across[rows, columns])
    clear = slope > 0.5
    rows, columns, slope = rows[clear], columns[clear], slope[clear]
    offset = np.arange(-_REACH, _REACH + _STEP / 2, _STEP, dtype=np.float32)
    ways = [(plane[rows, columns] / slope)[:, None] for plane in (across, down)]
    x = (columns[:, None] + ways[0] * offset).astype(np.float32)
    y = (rows[:, None] + ways[1] * offset).astype(np.float32)
    # Drop lines that leave the product on the other side, where it is thin or bends sharply.
    there = _sampled(distance, (x, y))
    straight = (there[:, 0] < -0.7 * _REACH) & (there[:, -1] > 0.7 * _REACH)
    return (x[straight], y[straight]) if int(straight.sum()) >= _MIN_PROFILES else None


def _sampled(
    plane: NDArray[np.float32], places: tuple[NDArray[np.float32], NDArray[np.float32]]
) -> NDArray[np.float32]:
    return np.asarray(cv2.remap(plane, places[0], places[1], cv2.INTER_LINEAR), np.float32)


def _lab(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)


def _lightness(picture: Picture) -> NDArray[np.float32]:
    return np.ascontiguousarray(_lab(picture)[..., 0])
