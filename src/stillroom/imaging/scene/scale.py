"""Signs of a product's size in its outline: the legs of furniture, and wheels."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.pixels import Bytes
from stillroom.imaging.resizing import fitted
from stillroom.imaging.scene.perspective import things_of

_SIDE = 320  # pixels of the longer side at which outlines are analysed
_SOLID = 100  # cover of 255 of a leg, which may be thin
_CLEAR_OF_SHADOW = 170  # cover of 255 of a wheel; rough mattes cover the shadow between wheels in part
_LEG, _LEG_LENGTH = 0.065, 0.07  # widest leg, share of the longer side; shortest one, share of the height
_LEGS_APART, _LEGS_REACH = 0.5, 0.3  # distance of the outer legs per width; least height they end at
_FREE = 0.15  # largest covered share of the space between the legs
_BODY, _RAISED = 0.8, 0.15  # least share of the body, and least height of the legs below it
_LONG_LEG, _LONG_LENGTH = 0.085, 0.2  # the same of legs that are a large part of the thing, as of a stool
_LONG_APART, _LONG_FREE, _LONG_REACH = 0.4, 0.5, 0.8
_LONGER_THAN_TALL, _TALL = 1.3, (2.6, 8.0)  # least width per height of what rolls; its height in wheel radii
_RADII = (0.05, 0.3)  # of the width
_ARC = 0.75  # of the radius to each side of the lowest point: part of a wheel that its outline must follow
_ROUND, _ALIKE = 0.075, 0.6  # largest mean error in radii; least ratio of the two radii
_BESIDE = 0.85  # least ratio of the two radii of what is seen from its side
_WHEELS_APART = 0.4  # of the width: least distance of the wheels
_CLEAR, _LEVEL = 0.35, 0.6  # in radii: least ground clearance, and largest difference of height


def stands_on_legs(alpha: Bytes) -> bool:
    """Whether one of the things in a matte stands on thin legs that are far apart, as furniture does.

    Source:
        True of a sofa, three chairs and a stool, and of none of 73 other products and toys; the limits were
        chosen with all of them in view.
    """
    things = [_trimmed(thing) for thing in things_of(_solid(alpha, _SOLID))]
    return any(_on_short_legs(thing) or _on_long_legs(thing) for thing in things if thing.size)


@dataclass(frozen=True, slots=True)
class Wheels:
    """The two wheels of a body that is longer than tall, seen from the side.

    Attributes:
        slope_deg: Of the line on which they stand, positive if it falls to the right; None if their sizes
            differ so much that the view is too oblique to tell.
    """

    slope_deg: float | None


def wheels_of(alpha: Bytes) -> Wheels | None:
    """Find two wheels on which a body that is longer than tall rests; None without them.

    Toys have wheels too, so wheels show that the size is uncertain, not that it is large.

    Source:
        Found on a bicycle, a pickup and a car, and on none of 75 other products and toys; the limits were
        chosen with all of them in view.
    """
    solid = _trimmed(_solid(alpha, _CLEAR_OF_SHADOW))
    height, width = solid.shape
    if not solid.size or width < _LONGER_THAN_TALL * height:
        return None
    lowest = np.where(solid.any(0), height - 1 - np.argmax(solid[::-1], axis=0), 0).astype(np.float32)
    lowest = np.asarray(cv2.medianBlur(lowest[None], 5)[0], np.float32)
    left, right = _wheel(lowest, 0, width // 2), _wheel(lowest, width // 2, width)
    if left is None or right is None:
        return None
    radius, between = (left[1] + right[1]) / 2, lowest[int(left[0] + left[1]) : int(right[0] - right[1]) + 1]
    if right[0] - left[0] < _WHEELS_APART * width or not between.size:
        return None
    clearance = max(left[2], right[2]) - float(np.median(between))
    ratio = min(left[1], right[1]) / max(left[1], right[1])
    if (
        ratio < _ALIKE
        or abs(left[2] - right[2]) > _LEVEL * radius
        or clearance < _CLEAR * radius
        or not _TALL[0] * radius <= height <= _TALL[1] * radius
    ):
        return None
    slope = float(np.degrees(np.arctan2(right[2] - left[2], right[0] - left[0])))
    return Wheels(slope if ratio >= _BESIDE else None)


def _solid(alpha: Bytes, cover: int) -> Bytes:
    return (fitted(alpha, _SIDE) > cover).astype(np.uint8)


def _trimmed(solid: Bytes) -> Bytes:
    x, y, width, height = cv2.boundingRect(solid)
    return solid[y : y + height, x : x + width]


def _on_short_legs(thing: Bytes) -> bool:
    height, width = thing.shape
    solid = np.asarray(cv2.copyMakeBorder(thing, 4, 4, 4, 4, cv2.BORDER_CONSTANT), np.uint8)
    longer = max(width, height)
    side = max(3, round(_LEG * longer) | 1)
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    body = np.asarray(cv2.morphologyEx(solid, cv2.MORPH_OPEN, disk), np.uint8)
    raised = solid.shape[0] - 4 - int(np.flatnonzero(body.any(1))[-1]) if body.any() else 0
    if raised < _RAISED * height or body.sum() < _BODY * solid.sum():
        return False
    thin = solid & (1 - np.asarray(cv2.dilate(body, np.ones((3, 3), np.uint8)), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(thin, connectivity=8)
    middle, tall, ends = stats[:, 0] + stats[:, 2] / 2, stats[:, 3], stats[:, 1] + stats[:, 3] - 4
    thick = stats[:, 4] / np.maximum(tall, 1)
    legs = (tall >= _LEG_LENGTH * height) & (thick <= _LEG * longer) & (tall >= 1.5 * thick)
    legs &= ends >= (1 - _LEGS_REACH) * height
    legs[0] = False
    if legs.sum() < 2:
        return False
    left, right = int(middle[legs].min()), int(middle[legs].max())
    row = int(np.median(ends[legs]) + 4 - 0.03 * height)
    return right - left >= _LEGS_APART * width and float(solid[row, left : right + 1].mean()) <= _FREE


def _on_long_legs(thing: Bytes) -> bool:
    """Whether rows near the ground cross thin legs alone, below something as wide as they stand apart."""
    height, width = thing.shape
    runs = [_runs(row) for row in thing]
    widest = np.array([(ends - starts).max(initial=0) for starts, ends in runs])
    legs = np.array([starts.size >= 2 and _are_apart(starts, ends, width) for starts, ends in runs])
    legs &= widest <= _LONG_LEG * max(width, height)
    starts, ends = _runs(legs.astype(np.uint8))
    if not starts.size:
        return False
    most = int((ends - starts).argmax())
    top, foot = int(starts[most]), int(ends[most])
    is_wide = widest >= _LONG_APART * width
    is_long = foot - top >= _LONG_LENGTH * height and foot >= _LONG_REACH * height
    return bool(is_long and is_wide[:top].any() and not is_wide[foot:].any())


def _are_apart(starts: NDArray[np.intp], ends: NDArray[np.intp], width: int) -> bool:
    across = int(ends[-1] - starts[0])
    return across >= _LONG_APART * width and int((ends - starts).sum()) <= _LONG_FREE * across


def _runs(row: Bytes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Start and end of each run of solid pixels of at least two."""
    steps = np.diff(np.pad(row.astype(np.int8), 1))
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    wide = ends - starts >= 2
    return starts[wide], ends[wide]


def _wheel(lowest: NDArray[np.float32], start: int, end: int) -> tuple[float, float, float] | None:
    """Column, radius and lowest row of the wheel that touches the ground in a range of columns.

    Args:
        lowest: float32 (w,), the lowest solid row of each column.
        start: First column.
        end: Column after the last.
    """
    base = float(lowest[start:end].max())
    contact = start + np.flatnonzero(lowest[start:end] >= base - 1)
    contact = contact[: int(np.argmax(np.diff(contact, append=end + 9) > 1)) + 1]
    middle = float(contact.mean())
    fits = []
    for radius in np.arange(_RADII[0] * lowest.size, _RADII[1] * lowest.size, 1.5):
        columns = np.arange(int(middle - _ARC * radius), int(middle + _ARC * radius) + 1)
        if columns[0] < 0 or columns[-1] >= lowest.size:
            break
        # Whole columns may lie a little outside of a tiny wheel.
        arc = base - (radius - np.sqrt(np.maximum(radius**2 - (columns - middle) ** 2, 0)))
        fits.append((float(np.abs(lowest[columns] - arc).mean() / radius), float(radius)))
    error, radius = min(fits, default=(1.0, 0.0))
    return (middle, radius, base) if error <= _ROUND else None
