"""Matte edge refinement by a guided filter on the photo."""

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.pixels import Picture, Plane

EPSILON = 1e-3  # variance of colour, 0..1, that counts as an edge; measured by tests/bench/matting.py
_STEP = 2  # downscaling for the coefficients, which vary slowly

_Planes = NDArray[np.float32]


def refined(alpha: Plane, guide: Picture) -> Plane:
    """Refine the matte by a guided filter where it is undecided.

    Pixels that are clearly inside or outside are kept, because the filter would smear them.

    Args:
        alpha: float32 (h, w), 0..1.
        guide: uint8 (h, w, 3), sRGB.

    Source:
        He, Sun and Tang, "Guided Image Filtering", ECCV 2010; He and Sun, "Fast Guided Filter", 2015.
    """
    band = (alpha > 0.02) & (alpha < 0.98)
    if not band.any():
        return alpha
    height, width = alpha.shape
    half = (max(1, width // _STEP), max(1, height // _STEP))
    small_guide = np.asarray(cv2.resize(guide, half, interpolation=cv2.INTER_AREA), np.float32) / np.float32(
        255
    )
    small_alpha = np.asarray(cv2.resize(alpha, half, interpolation=cv2.INTER_AREA), np.float32)
    radius = max(2, round(4 * max(half) / 1024))
    *slopes, offset = (
        cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR)
        for plane in _coefficients(small_alpha, small_guide, radius)
    )
    filtered = np.asarray(offset, np.float32)
    for slope, channel in zip(slopes, cv2.split(guide), strict=True):
        filtered += cv2.multiply(slope, channel, scale=1 / 255, dtype=cv2.CV_32F)
    stretched = np.clip((filtered - np.float32(0.05)) / np.float32(0.90), 0.0, 1.0)
    return np.where(band, stretched, alpha)


def _coefficients(alpha: Plane, guide: _Planes, radius: int) -> list[Plane]:
    """Coefficients of the guided filter's local linear model alpha = slope . colour + offset, box-averaged.

    Channels are processed one by one, which is twice as fast as all at once.

    Returns:
        Slopes for red, green and blue, and the offset; float32 (h, w) each.
    """
    side = (2 * radius + 1, 2 * radius + 1)

    def mean(plane: Plane) -> Plane:
        return np.asarray(cv2.blur(plane, side, borderType=cv2.BORDER_REFLECT), np.float32)

    r, g, b = (np.asarray(plane, np.float32) for plane in cv2.split(guide))
    mean_r, mean_g, mean_b, mean_alpha = mean(r), mean(g), mean(b), mean(alpha)
    rr, gg, bb = mean(r * r) - mean_r**2, mean(g * g) - mean_g**2, mean(b * b) - mean_b**2
    rg, gb, br = mean(r * g) - mean_r * mean_g, mean(g * b) - mean_g * mean_b, mean(b * r) - mean_b * mean_r
    red = mean(r * alpha) - mean_r * mean_alpha
    green = mean(g * alpha) - mean_g * mean_alpha
    blue = mean(b * alpha) - mean_b * mean_alpha
    for variance in (rr, gg, bb):
        variance += np.float32(EPSILON)
    # Inverse of the symmetric 3x3 covariance matrix by cofactors.
    i_rr, i_gg, i_bb = gg * bb - gb * gb, rr * bb - br * br, rr * gg - rg * rg
    i_rg, i_gb, i_br = gb * br - rg * bb, rg * br - rr * gb, rg * gb - gg * br
    share = np.float32(1) / (i_rr * rr + i_rg * rg + i_br * br)
    slope_r = (i_rr * red + i_rg * green + i_br * blue) * share
    slope_g = (i_rg * red + i_gg * green + i_gb * blue) * share
    slope_b = (i_br * red + i_gb * green + i_bb * blue) * share
    offset = mean_alpha - slope_r * mean_r - slope_g * mean_g - slope_b * mean_b
    return [mean(slope_r), mean(slope_g), mean(slope_b), mean(offset)]
