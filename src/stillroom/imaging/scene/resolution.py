"""Full resolution: the matte of a large product at the photo's own pixels."""

from collections.abc import Iterator

import cv2
import numpy as np

from stillroom.imaging.cutout.edges import refined
from stillroom.imaging.pixels import Bytes, Picture, cover_of

_TILE = 1024  # pixels; the guided filter of one tile holds about 60 MB
_EMPTY, _SOLID = 5, 250  # of 255; a tile with nothing between them has no edge
_MARGIN = 16  # pixels around a tile, more than the filter reaches


def enlarged(alpha: Bytes, guide: Picture) -> Bytes:
    """Enlarge a matte to the size of its photo, and refine its edge on the photo's pixels tile by tile.

    Args:
        alpha: At most as large as the guide.
        guide: The photo inside the matte's box.
    """
    height, width = guide.shape[:2]
    large = np.asarray(cv2.resize(alpha, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)
    finished = large.copy()
    for rows, outer_rows in _tiles(height):
        for columns, outer_columns in _tiles(width):
            part = large[rows, columns]
            if int(part.max()) > _EMPTY and int(part.min()) < _SOLID:
                around = np.s_[outer_rows, outer_columns]
                edge = refined(cover_of(large[around]), np.ascontiguousarray(guide[around]))
                top, left = rows.start - outer_rows.start, columns.start - outer_columns.start
                inner = edge[top : top + part.shape[0], left : left + part.shape[1]]
                finished[rows, columns] = np.rint(inner * 255).astype(np.uint8)
    return finished


def _tiles(length: int) -> Iterator[tuple[slice, slice]]:
    """Slices of a length, and the same with their margins."""
    for start in range(0, length, _TILE):
        end = min(length, start + _TILE)
        yield slice(start, end), slice(max(0, start - _MARGIN), min(length, end + _MARGIN))
