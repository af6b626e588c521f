"""Colour decontamination: unmix the old backdrop from the edge of a product."""

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.pixels import Bytes, Mask, Picture
from stillroom.imaging.resizing import fitted

_SIDE = 512  # pixels of the longer side at which the colours on both sides of the edge are averaged
_BAND = 0.004  # of the longer side: depth of the edge inside the outline that may hold old backdrop
_MIN_BAND = 2.0  # pixels; lens and compression blur reach as far in small photos
_REACH = 0.02  # of the longer side: radius of the averages
_SEEN = 0.15  # share of the area of an average that must be product, or backdrop
_APART = 32.0  # sRGB steps between both colours; nearer ones cannot be unmixed
_OFF_LINE = 0.3  # of that distance: largest distance of a mixed colour from the line between both
_UNMIXED = 0.08  # share of backdrop that texture alone may seem to hold
_SOLID, _EMPTY = 250, 5  # of 255 of cover

_Pixels = tuple[NDArray[np.intp], NDArray[np.intp]]


def without_backdrop(crop: Picture, alpha: Bytes) -> Picture:
    """Remove the old backdrop from the colours of the solid pixels along the outline.

    A matte that is a pixel too wide, and the blur of the lens, leave a line of the old backdrop there.
    """
    solid = (alpha > _SOLID).astype(np.uint8)
    depth = cv2.distanceTransform(np.pad(solid, 1), cv2.DIST_L2, cv2.DIST_MASK_3)[1:-1, 1:-1]
    band = max(_MIN_BAND, _BAND * max(alpha.shape))
    rows, columns = np.nonzero((solid > 0) & (depth <= band + 1))
    if rows.size == 0:
        return crop
    share, towards = _unmixed(crop, alpha, rows, columns)
    fading = np.clip((band + 1 - depth[rows, columns]) / (0.5 * band), 0.0, 1.0)
    colors = crop[rows, columns] - (share * fading)[:, None] * towards
    cleaned = crop.copy()
    cleaned[rows, columns] = np.clip(np.rint(colors), 0, 255)
    return cleaned


def _unmixed(
    crop: Picture, alpha: Bytes, rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Unmix the colours of pixels.

    Returns:
        Share of old backdrop, 0..1, (n,); way from product to backdrop in sRGB steps, (n, 3).
    """
    small, cover = fitted(crop, _SIDE), fitted(alpha, _SIDE)
    scale = small.shape[0] / alpha.shape[0], small.shape[1] / alpha.shape[1]
    place = (
        np.minimum((rows * scale[0]).astype(np.intp), small.shape[0] - 1),
        np.minimum((columns * scale[1]).astype(np.intp), small.shape[1] - 1),
    )
    inside, is_inside = _mean_of(small, cover > _SOLID, place)
    outside, is_outside = _mean_of(small, cover < _EMPTY, place)
    towards = outside - inside
    length = np.maximum((towards * towards).sum(1), np.float32(1.0))
    away = crop[rows, columns] - inside
    share = (away * towards).sum(1) / length
    off = np.sqrt(((away - share[:, None] * towards) ** 2).sum(1) / length)
    known = is_inside & is_outside & (length >= _APART**2)
    certain = np.clip(2 - 2 * off / _OFF_LINE, 0.0, 1.0) * known
    share = np.clip((share - _UNMIXED) / (1 - _UNMIXED), 0.0, 1.0) * certain
    return np.asarray(share, np.float32), np.asarray(towards, np.float32)


def _mean_of(picture: Picture, side: Mask, place: _Pixels) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Mean colours near some pixels on one side of the edge, without mixed ones, and where there are any."""
    longer = max(side.shape)
    mixed = 2 * max(1, round(_BAND * longer)) + 1
    core = cv2.erode(side.astype(np.uint8), np.ones((mixed, mixed), np.uint8)).astype(np.float32)
    reach = 2 * max(2, round(_REACH * longer)) + 1
    share = np.asarray(cv2.blur(core, (reach, reach)), np.float32)
    colors = np.asarray(cv2.blur(picture * core[..., None], (reach, reach)), np.float32)
    weight = share[place]
    mean = colors[place] / np.maximum(weight, np.float32(1e-3))[:, None]
    return np.asarray(mean, np.float32), weight >= _SEEN
