"""Where exactly a matte's edge runs: the photo's own edges decide."""

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.pixels import Picture, Plane, cover_of

EPSILON = 1e-3  # variance of colour, 0..1, that counts as an edge; measured under tests/bench/matting.py
_STEP = 2  # coefficients vary slowly, so half the size is enough for them

_Planes = NDArray[np.float32]


def refined(alpha: Plane, guide: Picture) -> Plane:
    """Let the photo place the edge where the matte is undecided, and nowhere else.

    Over the whole matte the filter would smear what is already right.

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
    slope, offset = _coefficients(small_alpha, small_guide, radius)
    coefficients = cv2.resize(np.dstack([slope, offset]), (width, height), interpolation=cv2.INTER_LINEAR)
    at = np.asarray(coefficients, np.float32)[band]
    colors = cover_of(guide[band])
    filtered = (at[:, :3] * colors).sum(1) + at[:, 3]
    result = alpha.copy()
    result[band] = np.clip((filtered - 0.05) / 0.90, 0.0, 1.0)
    return result


def _coefficients(alpha: Plane, guide: _Planes, radius: int) -> tuple[_Planes, Plane]:
    """The locally linear model alpha = slope . colour + offset, averaged over the windows of a pixel."""
    side = (2 * radius + 1, 2 * radius + 1)

    def mean(values: _Planes) -> _Planes:
        return np.asarray(cv2.blur(values, side, borderType=cv2.BORDER_REFLECT), np.float32)

    mean_guide, mean_alpha = mean(guide), mean(alpha)
    together = mean(guide * alpha[..., None]) - mean_guide * mean_alpha[..., None]
    products = np.dstack([guide * guide, guide * np.roll(guide, -1, axis=2)])
    rr, gg, bb, rg, gb, br = np.moveaxis(
        mean(products) - np.dstack([mean_guide**2, mean_guide * np.roll(mean_guide, -1, axis=2)]), 2, 0
    )
    rr, gg, bb = rr + EPSILON, gg + EPSILON, bb + EPSILON
    # The inverse of the symmetric 3x3 covariance by cofactors.
    i_rr, i_gg, i_bb = gg * bb - gb * gb, rr * bb - br * br, rr * gg - rg * rg
    i_rg, i_gb, i_br = gb * br - rg * bb, rg * br - rr * gb, rg * gb - gg * br
    determinant = i_rr * rr + i_rg * rg + i_br * br
    red, green, blue = np.moveaxis(together, 2, 0)
    slope = np.dstack(
        [
            i_rr * red + i_rg * green + i_br * blue,
            i_rg * red + i_gg * green + i_gb * blue,
            i_br * red + i_gb * green + i_bb * blue,
        ]
    )
    slope = (slope / determinant[..., None]).astype(np.float32)
    offset = mean_alpha - (slope * mean_guide).sum(2)
    return mean(slope), mean(np.asarray(offset, np.float32))
