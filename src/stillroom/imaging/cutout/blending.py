"""Two looks at one product, made one: the closer one places the edge, neither may lose a part."""

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.cutout.parts import disk, filled
from stillroom.imaging.pixels import Bytes, Plane, fitted

THICK = 0.008  # of the longer side: looks differ so much at edges; what is thicker is a part or an opening
_SIDE = 1024  # pixels at which areas are told from edges; large brushes cost half a second at twice as many


def together(first: Plane, closer: Plane) -> Plane:
    """The closer look, corrected where the two do not see the same things.

    Close up, a dark cap is taken for shadow and a window for a hole, because what they belong to is out of
    sight; and the opening under a handle is taken for a part.

    Args:
        first: float32 (h, w), 0..1, the part of the first look that the closer one shows.
        closer: float32 (h, w), 0..1.
    """
    lost = _areas((first - closer) > 0.5)
    opening = _areas((filled(first > 0.5) > 0) & (first < 0.1) & (closer > 0.5))
    kept = np.where(lost > 0, np.maximum(first, closer), closer)
    return np.where(opening > 0, np.minimum(first, kept), kept).astype(np.float32)


def _areas(different: NDArray[np.bool_]) -> Bytes:
    """What is thicker than an edge, with its surroundings."""
    small = (fitted(different.astype(np.uint8) * np.uint8(255), _SIDE) > 127).astype(np.uint8)
    longer = max(small.shape)
    areas = cv2.morphologyEx(small, cv2.MORPH_OPEN, disk(round(THICK * longer)))
    around = cv2.dilate(areas, disk(round(2 * THICK * longer)))
    size = (different.shape[1], different.shape[0])
    return np.asarray(cv2.resize(around, size, interpolation=cv2.INTER_NEAREST), np.uint8)
