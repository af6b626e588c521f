"""Colourless glass: where a product shows the old backdrop, and how it would show a new one."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.pixels import Bytes, Light, Picture, Plane, cover_of, shrunk, to_linear

SIDE = 512  # pixels of the longer side at which glass is looked for
_OUTSIDE, _RIM, _INSIDE = (0.05, 0.02), (-0.01, 0.05), (0.09, 0.18)  # shares of the width, from the outline
_ALIKE = 0.07  # sRGB, 0..1: inside and outside show the same backdrop
_DARKER = 0.10  # sRGB, 0..1: by which the rim, where glass bends light away, is darker than both
_LEAST_ROWS = 0.12  # of the height; fewer are a shine
_SAMPLED = 4  # every so many rows are looked at first
_BEYOND = 0.04  # of the height, above and below the rows that are glass for sure
_UNEVEN, _SHINE = 1.15, 0.6  # a backdrop is not quite even; what is brighter still is mostly reflection
_MOST_DARK = 0.97  # of what is seen through glass that it may swallow


@dataclass(frozen=True)
class Glass:
    """What of a product is glass without a colour of its own.

    Attributes:
        cover: float32 (h, w), 0..1: where it is glass.
        passed: float32 (h, w, 3), linear: what part of the light behind it comes through.
        shine: float32 (h, w, 3), linear light: what it reflects on top of that.
    """

    cover: Plane
    passed: Light
    shine: Light


def glass_of(crop: Picture, alpha: Bytes, *, is_certain: bool = False) -> Glass | None:
    """Look for glass: rows whose inside looks like the outside, between rims darker than both.

    A white thing before a white wall has no such rims, and paint does not go on beside the product.

    Args:
        crop: uint8 (h, w, 3), sRGB, the photo.
        alpha: uint8 (h, w), the product, the glass in it solid.
        is_certain: Whether a person says that it is see-through: coloured glass has no look of its own.
    """
    factor = min(1.0, SIDE / max(alpha.shape))
    size = max(8, round(alpha.shape[1] * factor)), max(8, round(alpha.shape[0] * factor))
    small = cover_of(shrunk(crop, size))
    solid = shrunk(alpha, size) > 127
    rows = np.flatnonzero(solid.any(1))
    if rows.size < 20:
        return None
    glassy = np.zeros(size[1], np.float32)
    ends = np.zeros((size[1], 2, 3), np.float32)

    level = small.mean(axis=2)

    def look(row: int) -> NDArray[np.float32] | None:
        return _row_of_glass(small[row], level[row], np.flatnonzero(solid[row]), is_certain=is_certain)

    # Most products have none, and glass is higher than a few rows.
    if all(look(row) is None for row in rows[::_SAMPLED].tolist()):
        return None
    for row in rows.tolist():
        found = look(row)
        if found is not None:
            glassy[row] = 1.0
            ends[row] = found
    tall = float(rows[-1] - rows[0] + 1)
    reach = max(3, round(0.03 * tall) | 1)
    # Reflections interrupt glass; single rows are chance.
    column = np.ascontiguousarray(glassy[:, None])
    closed = cv2.morphologyEx(column, cv2.MORPH_CLOSE, np.ones((2 * reach + 1, 1), np.uint8))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((reach, 1), np.uint8))[:, 0]
    if float(opened.sum()) < _LEAST_ROWS * tall:
        return None
    # What stands in the glass ends somewhere between the rows that were looked at; dark things stay dark.
    more = np.ones((2 * round(_BEYOND * tall) + 1, 1), np.uint8)
    opened = cv2.dilate(np.ascontiguousarray(opened[:, None]), more)[:, 0]
    behind = _behind(ends, glassy, solid)
    rows_cover = np.asarray(
        cv2.GaussianBlur(np.ascontiguousarray(opened[:, None]), (1, 0), 0, sigmaY=0.01 * tall)
    )
    return _at_full_size(
        crop, alpha, behind, np.asarray(rows_cover, np.float32) * np.ones(size[0], np.float32)
    )


def _row_of_glass(
    row: NDArray[np.float32], level: NDArray[np.float32], inside: NDArray[np.intp], *, is_certain: bool
) -> NDArray[np.float32] | None:
    """The colours outside at both ends if the row looks like glass, (2, 3)."""
    left, right = int(inside[0]), int(inside[-1])
    width = right - left + 1
    if width < 24:
        return None
    found = []
    for edge, step in ((left, 1), (right, -1)):
        outside = _median(row, edge - step * _OUTSIDE[0] * width, edge - step * _OUTSIDE[1] * width)
        within = _median(row, edge + step * _INSIDE[0] * width, edge + step * _INSIDE[1] * width)
        first, last = sorted((edge + step * _RIM[0] * width, edge + step * _RIM[1] * width))
        stretch = level[max(0, int(first)) : int(last) + 2]
        if outside is None or within is None or not stretch.size:
            return None
        alike = float(np.abs(outside - within).max()) <= _ALIKE
        has_rim = float(stretch.min()) <= min(float(outside.mean()), float(within.mean())) - _DARKER
        if not is_certain and not (alike and has_rim):
            return None
        found.append(outside)
    return np.stack(found)


def _median(row: NDArray[np.float32], one: float, other: float) -> NDArray[np.float32] | None:
    first, last = sorted((round(one), round(other)))
    part = row[max(0, first) : max(0, last) + 1]
    if not part.size:
        return None
    # Of so few pixels a sort is ten times as quick as the library's median.
    ordered, middle = np.sort(part, axis=0), len(part) // 2
    return np.asarray((ordered[~middle] + ordered[middle]) / 2, np.float32)


def _behind(
    ends: NDArray[np.float32], known: NDArray[np.float32], solid: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """What the backdrop looks like behind the glass, from both sides of it, (h, w, 3)."""
    rows = np.flatnonzero(known)
    picture = np.zeros((*solid.shape, 3), np.float32)
    for row in range(solid.shape[0]):
        near = rows[int(np.abs(rows - row).argmin())]
        columns = np.flatnonzero(solid[row])
        if columns.size == 0:
            continue
        share = np.clip((np.arange(solid.shape[1]) - columns[0]) / max(columns[-1] - columns[0], 1), 0, 1)
        picture[row] = ends[near, 0] + share[:, None].astype(np.float32) * (ends[near, 1] - ends[near, 0])
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 2.0), np.float32)


def _at_full_size(crop: Picture, alpha: Bytes, behind: NDArray[np.float32], rows: Plane) -> Glass:
    size = (alpha.shape[1], alpha.shape[0])
    wall = np.asarray(cv2.resize(behind, size, interpolation=cv2.INTER_LINEAR), np.float32)
    wall_light = to_linear(np.rint(np.clip(wall, 0, 1) * 255).astype(np.uint8))
    seen = to_linear(crop)
    ratio = np.clip(seen / np.maximum(wall_light, 0.02), 1 - _MOST_DARK, 1.0)
    shine = _SHINE * np.maximum(seen - _UNEVEN * wall_light, 0.0)
    cover = np.asarray(cv2.resize(rows, size, interpolation=cv2.INTER_LINEAR), np.float32)
    return Glass(
        np.clip(cover, 0, 1) * (cover_of(alpha) > 0), ratio.astype(np.float32), shine.astype(np.float32)
    )
