"""From how high the camera looked down on the product, as far as its foot tells."""

import numpy as np

from stillroom.imaging.pixels import Bytes

_FOOT = 0.34  # of the height above the lowest point: what lies lower may be the foot
_LEAST_ROUND = 0.06  # of half the width: a foot that bends less is straight, and tells nothing
_STEEPEST = 60.0  # degrees; a foot that bends more is no foot


def elevation_of(alpha: Bytes) -> float | None:
    """Degrees above the horizon from which the product is seen; None if its foot does not tell.

    A round foot is seen as half an ellipse, whose height over its half width is the sine of that angle; the
    corner of a box that is seen over its edge is a fair stand-in for one.

    Args:
        alpha: uint8 (h, w), the product.
    """
    solid = alpha > 127
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
    # An ellipse at .8 of its half width has risen by .4 of its half height.
    near_ends = [int(middle - 0.8 * half), int(middle + 0.8 * half)]
    rise = float(np.mean(base - lowest[near_ends])) / 0.4
    sine = rise / half
    if sine < _LEAST_ROUND or sine > np.sin(np.radians(_STEEPEST)):
        return None
    return round(float(np.degrees(np.arcsin(sine))), 1)
