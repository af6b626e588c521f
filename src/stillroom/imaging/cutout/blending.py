"""Matte blending: combine the mattes of the whole photo and of the crop around the product."""

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.cutout.parts import disk, filled
from stillroom.imaging.pixels import Bytes, Plane, fitted

THICK = 0.008  # of the longer side; mattes differ by less at edges, thicker differences are parts or openings
_SIDE = 1024  # pixels of the longer side; morphology with large kernels costs 0.5 s at twice as many


def together(first: Plane, closer: Plane) -> Plane:
    """Blend two mattes of one crop: the closer one sets edges, both must agree on parts and openings.

    The closer matte can lose a dark cap as shadow or a window as a hole, because it lacks context. It can
    also fill the opening under a handle.

    Args:
        first: float32 (h, w), 0..1, the matte of the whole photo, cut to the crop.
        closer: float32 (h, w), 0..1, the matte of the crop alone.
    """
    lost = _areas((first - closer) > 0.5)
    opening = _areas((filled(first > 0.5) > 0) & (first < 0.1) & (closer > 0.5))
    kept = np.where(lost > 0, np.maximum(first, closer), closer)
    return np.where(opening > 0, np.minimum(first, kept), kept).astype(np.float32)


def _areas(different: NDArray[np.bool_]) -> Bytes:
    """Regions thicker than an edge, by morphological opening, dilated to include their neighbourhood."""
    small = (fitted(different.astype(np.uint8) * np.uint8(255), _SIDE) > 127).astype(np.uint8)
    longer = max(small.shape)
    areas = cv2.morphologyEx(small, cv2.MORPH_OPEN, disk(round(THICK * longer)))
    around = cv2.dilate(areas, disk(round(2 * THICK * longer)))
    size = (different.shape[1], different.shape[0])
    return np.asarray(cv2.resize(around, size, interpolation=cv2.INTER_NEAREST), np.uint8)
