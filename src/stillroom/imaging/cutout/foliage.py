"""Gaps in foliage: clear a plain background that shows between the leaves of a plant."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.pixels import HALF_COVER, Bytes, Picture

_RAGGED = 3.0  # least length of the outline per length of its convex hull
_AROUND = 0.02  # of the longer side: width of the ring in which the background is measured
_TOUCHED = 10  # cover of 255 from which a pixel is not background alone
_PLAIN, _SPREAD = 6.0, 80  # largest distance of the ring's colours from their median in Lab; its percentile
_APART = 40.0  # least median distance of the product's colours from the background's
_EMPTY, _FULL = (
    10.0,
    40.0,
)  # distances from the background up to which a pixel is it, and from which it is leaf
_HALF = 25.0  # distance up to which a pixel belongs to a gap
_LARGEST = 0.003  # of the product: a larger patch is a pot or a flower


def without_gaps(photo: Picture, matte: Matte) -> Matte:
    """Clear the gaps between leaves, which networks fill, where the background is plain.

    The outline tells foliage: white letters on a bottle before a white wall are no gaps.

    Args:
        photo: uint8 (H, W, 3), sRGB.
        matte: Matte of that photo.

    Source:
        The limits were chosen on 49 photos: the outline of a hanging plant has 4.6 hull lengths, all others
        have at most 2.6.
    """
    alpha = matte.alpha
    if not _is_ragged(alpha):
        return matte
    x0, y0, x1, y1 = matte.box
    size = (alpha.shape[1], alpha.shape[0])
    crop = cv2.resize(photo[y0:y1, x0:x1], size, interpolation=cv2.INTER_AREA).astype(np.float32)
    lab = np.asarray(cv2.cvtColor(crop / np.float32(255), cv2.COLOR_RGB2Lab), np.float32)
    ring = _grown(alpha, _AROUND * max(size)) & ~_grown(alpha, 2)
    if not ring.any():
        return matte
    apart = np.linalg.norm(lab - np.median(lab[ring], axis=0), axis=2)
    solid = alpha > HALF_COVER
    if np.percentile(apart[ring], _SPREAD) > _PLAIN or np.median(apart[solid]) < _APART:
        return matte
    _, labels, stats, _ = cv2.connectedComponentsWithStats((solid & (apart < _HALF)).astype(np.uint8))
    large = np.asarray(stats)[:, cv2.CC_STAT_AREA] > _LARGEST * np.count_nonzero(solid)
    large[0] = False
    leaf = np.clip((apart - _EMPTY) / (_FULL - _EMPTY), 0, 1)
    leaf = np.where(
        _grown(np.isin(labels, np.flatnonzero(large)).astype(np.uint8) * np.uint8(255), 2), 1, leaf
    )
    return replace(matte, alpha=np.rint(alpha * leaf).astype(np.uint8))


def _is_ragged(alpha: Bytes) -> bool:
    solid = (alpha > HALF_COVER).astype(np.uint8)
    outlines, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return False
    largest = max(outlines, key=cv2.contourArea)
    return cv2.arcLength(largest, True) >= _RAGGED * cv2.arcLength(cv2.convexHull(largest), True)


def _grown(cover: Bytes, by: float) -> NDArray[np.bool_]:
    side = 2 * max(1, round(by / 2)) + 1
    return np.asarray(cv2.dilate(cover, np.ones((side, side), np.uint8)), np.uint8) > _TOUCHED
