"""Manual matte corrections: an edge-finding brush, outline offset and edge softening."""

from collections.abc import Sequence
from itertools import groupby

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.mattes import Correction, Stroke
from stillroom.imaging.cutout.edges import refined
from stillroom.imaging.cutout.parts import disk, filled
from stillroom.imaging.pixels import Bytes, Picture, Plane
from stillroom.imaging.resizing import area_resized, fitted, size_of

CORE = 0.4  # share of the brush radius within which a stroke applies without edge detection
_DECIDING_SIDE = 640  # pixels of the longer side; GrabCut is quadratic in them; edges are refined afterwards
_SURROUNDINGS = 1.5  # of the largest radius: context around the strokes for the colour models
_ROUNDS = 3  # iterations of GrabCut; more change nothing
_RIM = 0.004  # of the longer side: width of the soft edge of a solid object
_SHIFT = 4  # fractional bits of OpenCV drawing coordinates

_Line = NDArray[np.float64]


class _Painted:
    """Brush masks of a run of strokes of one mode, in a window of the photo.

    Attributes:
        rows: Rows of the window.
        columns: Columns of the window.
        reach: uint8 (h, w), 1 under the brush.
        core: uint8 (h, w), 1 under the core of the brush.
    """

    def __init__(self, strokes: Sequence[Stroke], shape: tuple[int, ...]) -> None:
        height, width = shape[:2]
        lines = [_line(stroke, width, height) for stroke in strokes]
        every = np.concatenate(lines)
        around = (1 + _SURROUNDINGS) * float(every[:, 2].max()) + 8
        left, top = np.floor(every[:, :2].min(0) - around).astype(int)
        right, bottom = np.ceil(every[:, :2].max(0) + around).astype(int)
        self.columns = slice(max(0, left), max(0, min(width, right)))
        self.rows = slice(max(0, top), max(0, min(height, bottom)))
        size = (max(0, self.rows.stop - self.rows.start), max(0, self.columns.stop - self.columns.start))
        origin = np.array([self.columns.start, self.rows.start, 0.0])
        self.reach, self.core = np.zeros(size, np.uint8), np.zeros(size, np.uint8)
        if self.reach.size:
            for line in lines:
                _draw(self.reach, line - origin, 1.0)
                _draw(self.core, line - origin, CORE)


def corrected(photo: Picture, found: Bytes, correction: Correction) -> Bytes:
    """Apply a correction to a matte.

    The core of the brush sets the matte as painted. Between core and rim the photo's edges decide. Pixels
    outside the brush are unchanged.

    Args:
        correction: Its box is assumed to be applied already.
    """
    alpha = found.copy()
    wished = np.zeros(found.shape, np.uint8)
    # Consecutive strokes of one mode are segmented together.
    for mode, run in groupby(correction.strokes, key=lambda stroke: stroke.mode):
        painted = _Painted(list(run), photo.shape)
        if not painted.reach.any():
            continue
        window = (painted.rows, painted.columns)
        alpha[window] = _decided(photo[window], alpha[window], painted, adds=mode == "add")
        wished[window] = np.where(painted.core > 0, 1 if mode == "add" else 2, wished[window])
    if correction.product == "solid":
        alpha = _solid(alpha)
    if correction.grow:
        alpha = _grown(alpha, correction.grow)
    if correction.softness:
        alpha = np.asarray(cv2.GaussianBlur(alpha, (0, 0), correction.softness), np.uint8)
    alpha[wished == 1] = 255
    alpha[wished == 2] = 0
    return alpha


def _line(stroke: Stroke, width: int, height: int) -> _Line:
    """Points of a stroke as x, y and radius in pixels, (n, 3)."""
    radius = stroke.radius * max(width, height)
    return np.array(
        [
            (
                point[0] * width - 0.5,
                point[1] * height - 0.5,
                radius * (min(1.0, max(0.05, point[2])) if len(point) > 2 else 1.0),
            )
            for point in stroke.points
        ],
        np.float64,
    )


def _draw(mask: Bytes, line: _Line, share: float) -> None:
    one = 1 << _SHIFT
    # At least about a pixel, otherwise a fine brush paints nothing.
    radii = np.maximum(line[:, 2] * share, 0.75)
    for (x, y, _), radius in zip(line, radii, strict=True):
        cv2.circle(
            mask, (round(x * one), round(y * one)), round(radius * one), (1,), cv2.FILLED, cv2.LINE_8, _SHIFT
        )
    for start, end in zip(range(len(line) - 1), range(1, len(line)), strict=True):
        # Quadrilateral between the common tangents; none exist if one circle contains the other.
        quad = _between(line[start, :2], line[end, :2], radii[start], radii[end])
        if quad is not None:
            cv2.fillConvexPoly(mask, np.rint(quad * one).astype(np.int32), (1,), cv2.LINE_8, _SHIFT)


def _between(one: _Line, other: _Line, radius: float, other_radius: float) -> _Line | None:
    way = other - one
    length = float(np.hypot(way[0], way[1]))
    if length <= abs(radius - other_radius):
        return None
    along = way / length
    across = np.array([-along[1], along[0]])
    lean = (radius - other_radius) / length
    rise = float(np.sqrt(1 - lean * lean))
    left, right = lean * along + rise * across, lean * along - rise * across
    return np.stack(
        [one + radius * left, other + other_radius * left, other + other_radius * right, one + radius * right]
    )


def _decided(photo: Picture, alpha: Bytes, painted: _Painted, *, adds: bool) -> Bytes:
    """Segment the window under the brush by GrabCut and refine the edge by the guided filter."""
    small = np.ascontiguousarray(fitted(photo, _DECIDING_SIDE))
    size = size_of(small)

    def shrunk(plane: Bytes) -> Bytes:
        return area_resized(plane, size)

    known, reach, core = shrunk(alpha), shrunk(painted.reach * 255) > 127, shrunk(painted.core * 255) > 127
    labels = np.where(known > 127, cv2.GC_FGD, cv2.GC_BGD).astype(np.uint8)
    # Pixels that a stroke of this mode cannot change keep their definite label.
    open_to_change = reach & ((known <= 127) if adds else (known > 127))
    labels[open_to_change] = cv2.GC_PR_FGD if adds else cv2.GC_PR_BGD
    labels[core] = cv2.GC_FGD if adds else cv2.GC_BGD
    inside = cv2.resize(_grabbed(small, labels), size_of(alpha))
    decided = refined(np.asarray(inside, np.float32), photo)
    edge = np.rint(decided * 255).astype(np.uint8)
    new = np.maximum(alpha, edge) if adds else np.minimum(alpha, edge)
    new = np.where(painted.core > 0, 255 if adds else 0, new)
    return np.where(painted.reach > 0, new, alpha).astype(np.uint8)


def _grabbed(photo: Picture, labels: Bytes) -> Plane:
    """Foreground by GrabCut, float32, 0 or 1."""
    if len({int(label) & 1 for label in np.unique(labels)}) == 2:
        background, foreground = np.zeros((1, 65)), np.zeros((1, 65))
        cv2.setRNGSeed(0)
        cv2.grabCut(photo, labels, (0, 0, 1, 1), background, foreground, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    return (labels & 1).astype(np.float32)


def _solid(alpha: Bytes) -> Bytes:
    """Fill half-transparent areas inside the product; openings that are empty stay open."""
    depth = disk(round(_RIM * max(alpha.shape)))
    outside = cv2.dilate((alpha < 26).astype(np.uint8), depth)
    inside = (filled(alpha > 127) > 0) & (outside == 0)
    return np.where(inside, np.uint8(255), alpha)


def _grown(alpha: Bytes, pixels: float) -> Bytes:
    """Dilate or erode the matte; a fraction of a pixel interpolates between two radii."""
    whole = int(abs(pixels))
    share = abs(pixels) - whole
    step = cv2.dilate if pixels > 0 else cv2.erode

    def moved(radius: int) -> Bytes:
        return np.asarray(step(alpha, disk(radius)), np.uint8) if radius else alpha

    if share < 1e-3:
        return moved(whole)
    near, far = moved(whole), moved(whole + 1)
    return np.asarray(cv2.addWeighted(near, 1 - share, far, share, 0), np.uint8)
