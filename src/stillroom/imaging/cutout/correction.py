"""A matte as a person corrects it: a brush that finds the edge, the outline moved, the edge softened."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.mattes import Correction, Stroke
from stillroom.imaging.cutout.edges import refined
from stillroom.imaging.cutout.parts import disk, filled
from stillroom.imaging.pixels import Bytes, Picture, Plane, fitted

CORE = 0.4  # share of the brush's radius within which a stroke is obeyed as it was painted
_DECIDING_SIDE = 640  # pixels; GrabCut is quadratic in them, and the photo places the edge afterwards
_SURROUNDINGS = 1.5  # of the largest radius: how much around the strokes tells what belongs where
_ROUNDS = 3  # of GrabCut; more change nothing
_RIM = 0.004  # of the longer side: how deep the edge of a solid thing may be soft
_SHIFT = 4  # bits of a pixel's fraction in which OpenCV draws

_Line = NDArray[np.float64]


class _Painted:
    """What one run of strokes covers, in a window of the photo.

    Attributes:
        rows: Of the window.
        columns: Of the window.
        reach: uint8 (h, w), 1 under the brush.
        core: uint8 (h, w), 1 under its middle.
    """

    def __init__(self, strokes: Sequence[Stroke], shape: tuple[int, ...]) -> None:
        """Draw the strokes.

        Args:
            strokes: All of one mode.
            shape: Of the photo.
        """
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
    """Carry out a correction.

    Args:
        photo: uint8 (H, W, 3), sRGB.
        found: uint8 (H, W), the matte to correct.
        correction: Its box is taken as done.

    Returns:
        uint8 (H, W). In the brush's middle what was painted is obeyed, up to its rim the photo decides, and
        beyond it a stroke changes nothing.
    """
    alpha = found.copy()
    wished = np.zeros(found.shape, np.uint8)
    for mode, painted in _runs(correction.strokes, photo.shape):
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


def _runs(strokes: Sequence[Stroke], shape: tuple[int, ...]) -> Iterator[tuple[str, _Painted]]:
    """Strokes of one mode that follow each other are decided together."""
    for mode, run in groupby(strokes, key=lambda stroke: stroke.mode):
        yield mode, _Painted(list(run), shape)


def _line(stroke: Stroke, width: int, height: int) -> _Line:
    """The stroke's points as x, y and radius in pixels, (n, 3)."""
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
    # A pixel at least, or a fine brush would paint nothing.
    radii = np.maximum(line[:, 2] * share, 0.75)
    for (x, y, _), radius in zip(line, radii, strict=True):
        cv2.circle(
            mask, (round(x * one), round(y * one)), round(radius * one), (1,), cv2.FILLED, cv2.LINE_8, _SHIFT
        )
    for start, end in zip(range(len(line) - 1), range(1, len(line)), strict=True):
        # Both circles' common tangents; where one circle holds the other there are none.
        quad = _between(line[start, :2], line[end, :2], radii[start], radii[end])
        if quad is not None:
            cv2.fillConvexPoly(mask, np.rint(quad * one).astype(np.int32), (1,), cv2.LINE_8, _SHIFT)


def _between(
    one: _Line,
    other: _Line,
    radius: float,
    other_radius: float,
) -> _Line | None:
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
    """The window's matte after a run of strokes of one mode."""
    small = np.ascontiguousarray(fitted(photo, _DECIDING_SIDE))
    size = (small.shape[1], small.shape[0])

    def shrunk(plane: Bytes) -> Bytes:
        return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.uint8)

    known, reach, core = shrunk(alpha), shrunk(painted.reach * 255) > 127, shrunk(painted.core * 255) > 127
    labels = np.where(known > 127, cv2.GC_FGD, cv2.GC_BGD).astype(np.uint8)
    # What a stroke cannot change stays as sure as what lies beyond the brush.
    open_to_change = reach & ((known <= 127) if adds else (known > 127))
    labels[open_to_change] = cv2.GC_PR_FGD if adds else cv2.GC_PR_BGD
    labels[core] = cv2.GC_FGD if adds else cv2.GC_BGD
    inside = cv2.resize(_grabbed(small, labels), (alpha.shape[1], alpha.shape[0]))
    decided = refined(np.asarray(inside, np.float32), photo)
    edge = np.rint(decided * 255).astype(np.uint8)
    new = np.maximum(alpha, edge) if adds else np.minimum(alpha, edge)
    new = np.where(painted.core > 0, 255 if adds else 0, new)
    return np.where(painted.reach > 0, new, alpha).astype(np.uint8)


def _grabbed(photo: Picture, labels: Bytes) -> Plane:
    """What belongs to the product, by colour and by edges, 0 or 1."""
    if len({int(label) & 1 for label in np.unique(labels)}) == 2:
        background, foreground = np.zeros((1, 65)), np.zeros((1, 65))
        cv2.setRNGSeed(0)
        cv2.grabCut(photo, labels, (0, 0, 1, 1), background, foreground, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    return (labels & 1).astype(np.float32)


def _solid(alpha: Bytes) -> Bytes:
    """Close what is half there inside the product; openings that are empty stay open."""
    depth = disk(round(_RIM * max(alpha.shape)))
    outside = cv2.dilate((alpha < 26).astype(np.uint8), depth)
    inside = (filled(alpha > 127) > 0) & (outside == 0)
    return np.where(inside, np.uint8(255), alpha)


def _grown(alpha: Bytes, pixels: float) -> Bytes:
    """Move the outline; a fraction lies between two whole steps."""
    whole = int(abs(pixels))
    share = abs(pixels) - whole
    step = cv2.dilate if pixels > 0 else cv2.erode

    def moved(radius: int) -> Bytes:
        return np.asarray(step(alpha, disk(radius)), np.uint8) if radius else alpha

    if share < 1e-3:
        return moved(whole)
    near, far = moved(whole), moved(whole + 1)
    return np.asarray(cv2.addWeighted(near, 1 - share, far, share, 0), np.uint8)
