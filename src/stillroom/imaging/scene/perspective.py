"""Shape analysis of a product's outline: camera elevation and lying products."""

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.pixels import HALF_COVER, Bytes

_FOOT = 0.34  # of the height above the lowest point: region that may be the foot
_MIN_ROUND = 0.06  # of half the width: a flatter foot is straight and gives no estimate
_LEVEL = 0.45  # rows per column; a product with a steeper underside below its centre of mass would fall over
_LEVEL_IF_ASLANT = 0.33  # the same for a long thing whose axis is aslant, such as folded glasses
_LONG, _ASLANT_DEG = 1.8, 18.0  # ratio of its principal axes, and least angle to both edges of the picture
_SLAB, _TURNED_DEG = 0.93, 5.0  # least covered share of its rotated bounding box; more than a usual roll
_THING = 0.15  # of the solid pixels; a smaller component is no thing of its own
_LOPSIDED = 0.35  # of the larger of two rises; more is a corner, not a round foot
_STEEPEST = 45.0  # degrees; a stronger curve is a round object without a foot


def elevation_of(alpha: Bytes) -> float | None:
    """Elevation in degrees above the horizon from which the product is seen; None if its foot gives none.

    A round foot appears as half an ellipse, and its height over its half width is the sine of the elevation.
    The corner of a box seen over its edge is a fair approximation.
    """
    solid = alpha > HALF_COVER
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    if rows.size < 40 or columns.size < 40:
        return None
    base, tall = int(rows[-1]), float(rows[-1] - rows[0] + 1)
    lowest = solid.shape[0] - 1 - np.argmax(solid[::-1], axis=0)[columns[0] : columns[-1] + 1]
    foot = np.flatnonzero(lowest > base - min(_FOOT * tall, 0.5 * columns.size))
    if foot.size < 0.25 * columns.size:
        return None
    left, right = int(foot[0]), int(foot[-1])
    if foot.size < 0.9 * (right - left + 1):
        return None
    half = (right - left + 1) / 2
    middle = (left + right) / 2
    # At 0.8 of its half width, an ellipse has risen by 0.4 of its half height.
    rises = base - lowest[[int(middle - 0.8 * half), int(middle + 0.8 * half)]]
    if float(np.ptp(rises)) > _LOPSIDED * float(rises.max()) + 2:
        return None
    rise = float(np.mean(rises)) / 0.4
    sine = rise / half
    if sine < _MIN_ROUND or sine > np.sin(np.radians(_STEEPEST)):
        return None
    return round(float(np.degrees(np.arcsin(sine))), 1)


def is_lying(alpha: Bytes) -> bool:
    """Whether the product could not stand as shown, so that it lies on a table and is seen from above."""
    solid = (alpha > HALF_COVER).astype(np.uint8)
    solid = np.asarray(cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)
    return all(_would_fall(thing) for thing in things_of(solid))


def things_of(solid: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Separate things that stand or lie by themselves, such as a pair of shakers."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid)
    areas = stats[:, cv2.CC_STAT_AREA]
    large = [one for one in range(1, count) if areas[one] >= _THING * areas[1:].sum()]
    return [(labels == one).astype(np.uint8) for one in large] or [solid]


def _would_fall(solid: NDArray[np.uint8]) -> bool:
    rows, columns = np.nonzero(solid)
    if rows.size < 50:
        return False
    if _is_turned_slab(rows, columns):
        return True
    slope = _slope_below(rows, columns)
    tilt, elongation = _axis(rows, columns)
    is_aslant = elongation > _LONG and _ASLANT_DEG < tilt < 90 - _ASLANT_DEG
    return slope > (_LEVEL_IF_ASLANT if is_aslant else _LEVEL)


def _is_turned_slab(rows: NDArray[np.intp], columns: NDArray[np.intp]) -> bool:
    """Whether the outline is a rectangle with all its sides askew; a box that stands has upright ones."""
    _, (width, height), degrees = cv2.minAreaRect(np.column_stack([columns, rows]).astype(np.int32))
    # Pixels have a width, so that the box reaches half a pixel beyond their centres.
    covered = rows.size / ((width + 1) * (height + 1))
    return covered >= _SLAB and abs(degrees % 90 - 45) <= 45 - _TURNED_DEG


def _slope_below(rows: NDArray[np.intp], columns: NDArray[np.intp]) -> float:
    """Steepness in rows per column of the convex hull's underside below the centre of mass."""
    hull = cv2.convexHull(np.column_stack([columns, rows]).astype(np.int32))[:, 0].astype(np.float64)
    following = np.roll(hull, -1, axis=0)
    middle = float(columns.mean())
    across = following[:, 0] - hull[:, 0]
    spans = (np.minimum(hull[:, 0], following[:, 0]) <= middle) & (
        middle <= np.maximum(hull[:, 0], following[:, 0])
    )
    spans &= np.abs(across) > 0
    slopes = (following[:, 1] - hull[:, 1]) / np.where(across == 0, 1.0, across)
    heights = np.where(spans, hull[:, 1] + slopes * (middle - hull[:, 0]), -np.inf)
    return abs(float(slopes[int(heights.argmax())]))


def _axis(rows: NDArray[np.intp], columns: NDArray[np.intp]) -> tuple[float, float]:
    """Angle of the longer principal axis to the horizontal, 0 to 90 degrees, and its ratio to the shorter."""
    spread, axes = np.linalg.eigh(np.cov(np.stack([columns, rows]).astype(np.float64)))
    angle = float(np.degrees(np.arctan2(abs(axes[1, 1]), abs(axes[0, 1]))))
    return angle, float(np.sqrt(spread[1] / max(spread[0], 1e-6)))
