"""Products that hang: a string runs from the product to the top of the photo, before a plain wall."""

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.pixels import HALF_COVER, Box, Bytes, Mask, Picture, Plane
from stillroom.imaging.resizing import fitted

_SIDE = 512  # pixels of the photo's longer side at which strings are looked for
_REACH = 6  # pixels; a string differs from what is so far to its left and to its right
_BODY = 0.2  # of the widest row; narrower rows at the top are the string itself, if the matte has it
_CONTRAST = 8.0  # least difference in grey levels
_MIN_LENGTH = 0.06  # of the photo's height; a shorter piece may be a mark on the wall
_COVERED = 0.95  # least share of its rows in which a string shows
_ASIDE = 0.2  # of the product's width: a string holds it about above its centre of mass
_PLAIN = 0.003  # largest share of the wall beside the product with lines as strong


def hangs(photo: Picture, alpha: Bytes, box: Box) -> bool:
    """Whether the product hangs; False if the wall has other lines, one of which could pass for a string.

    Args:
        box: Left, top, right, bottom of the matte, in pixels of the photo.
    """
    small = fitted(photo, _SIDE)
    scale = small.shape[1] / photo.shape[1]
    solid = alpha > HALF_COVER
    if not solid.any():
        return False
    widths = solid.sum(1)
    rows, columns = np.flatnonzero(widths >= _BODY * widths.max()), np.flatnonzero(solid.any(0))
    down, across = (box[3] - box[1]) / alpha.shape[0], (box[2] - box[0]) / alpha.shape[1]
    top = scale * (box[1] + down * int(rows[0]))
    left, right = (scale * (box[0] + across * int(edge)) for edge in (columns[0], columns[-1] + 1))
    if top < _MIN_LENGTH * small.shape[0]:
        return False
    is_line = _thin_lines(np.ascontiguousarray(small[: int(top)])) > _CONTRAST
    above = slice(max(0, int(left)), int(right) + 1)
    beside = np.delete(is_line, np.arange(is_line.shape[1])[above], axis=1)
    if beside.size and beside.mean() > _PLAIN:
        return False
    middle = scale * (box[0] + across * float(np.nonzero(solid)[1].mean()))
    aside = np.abs(np.arange(is_line.shape[1]) - middle) > _ASIDE * (right - left)
    return bool(_longest_path(is_line, aside)[above].max() >= _COVERED * len(is_line))


def _thin_lines(band: Picture) -> Plane:
    """Contrast of each pixel to both sides, if both are brighter or both darker; float32 (h, w)."""
    grey = cv2.cvtColor(band, cv2.COLOR_RGB2GRAY).astype(np.float32)
    grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.0), np.float32)
    wide = np.pad(grey, ((0, 0), (_REACH, _REACH)), mode="edge")
    left, right = wide[:, : -2 * _REACH] - grey, wide[:, 2 * _REACH :] - grey
    return np.asarray(np.maximum(np.minimum(left, right), np.minimum(-left, -right)), np.float32)


def _longest_path(is_line: Mask, aside: NDArray[np.bool_]) -> Plane:
    """Most line pixels on a path from the top to each column of the last row; float32 (w,).

    A path moves at most one column aside in a row.

    Args:
        aside: bool (w,), columns in which no path begins.
    """
    count = np.where(aside, -np.inf, is_line[0]).astype(np.float32)
    for row in is_line[1:]:
        sides = np.pad(count, 1, constant_values=-1)
        count = np.maximum(np.maximum(sides[:-2], sides[2:]), count) + row
    return np.asarray(count, np.float32)
