"""Noise and sharpness: noise estimation, bilateral denoising, and unsharp masking."""

import cv2
import numpy as np

from stillroom.domain.plans.plan import Detail
from stillroom.imaging.pixels import Bytes, Picture, Plane, blur
from stillroom.imaging.resizing import area_resized

NOISE_WORTH_REMOVING = 1.2
"""sRGB steps of lightness. Measured with known noise on the golden photos: above it, smoothing brings all of
them nearer to the clean photo; at 0.8 it removes more texture than noise in a fifth of them."""

_UNASKED = 0.8  # of the full range; the best value of the same measurement
_REACH = 5.0  # times the noise: bilateral range sigma, summed over the channels
_MIN_NOISE = 1.5  # sRGB steps; makes requested smoothing visible
_SHARPEN_SIGMA = 1.2  # pixels
_CLARITY_SIGMA = 14.0  # pixels

_BLOCK = 16  # pixels; small enough for smooth areas on most products
_SMOOTHEST = 20  # percentile of the blocks; the others contain texture
_OF_THEIR_MEAN = 0.94  # that percentile per noise level in pure noise; measured
_MIN_BLOCKS = 20  # fewer give no estimate
_DARKEST, _BRIGHTEST = 4, 251  # sRGB steps; beyond them clipping hides the noise


def noise_of(picture: Picture, alpha: Bytes) -> float:
    """Standard deviation of the noise of lightness, in sRGB steps.

    For white noise per channel it is two thirds of that, since lightness is a weighted mean. Noise that a
    camera or an enlargement has smeared over several pixels is detected only in part.

    Args:
        alpha: The product; if it has too few smooth areas, the whole picture is used.

    Source:
        Immerkaer, "Fast Noise Variance Estimation", 1996, applied per block. Only the most homogeneous blocks
        count: Amer and Dubois, "Fast and Reliable Structure-Oriented Video Noise Estimation", 2005. Block
        means are continuous, while a percentile of single pixels moves in whole steps of sRGB.
    """
    columns, rows = picture.shape[1] // _BLOCK, picture.shape[0] // _BLOCK
    if columns * rows < _MIN_BLOCKS:
        return 0.0
    whole = np.s_[: rows * _BLOCK, : columns * _BLOCK]
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)[whole]
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    response = np.abs(cv2.filter2D(grey, cv2.CV_32F, kernel))
    # The mean of the absolute normal deviate is sqrt(2 / pi), and the kernel's norm is 6.
    each = _means(response, columns, rows) * np.float32(np.sqrt(np.pi / 2) / 6)
    exposed = _means(((grey > _DARKEST) & (grey < _BRIGHTEST)).astype(np.float32), columns, rows) == 1
    inside = _means((alpha[whole] > 250).astype(np.float32), columns, rows) == 1
    for chosen in (inside & exposed, exposed):
        if int(chosen.sum()) >= _MIN_BLOCKS:
            return float(np.percentile(each[chosen], _SMOOTHEST) / _OF_THEIR_MEAN)
    return 0.0


def _means(plane: Plane, columns: int, rows: int) -> Plane:
    return area_resized(plane, (columns, rows))


def is_smoothed(detail: Detail, noise: float) -> bool:
    """Whether to denoise: as requested, otherwise if the noise exceeds the threshold."""
    return noise > NOISE_WORTH_REMOVING if detail.denoise is None else detail.denoise > 0


def smoothed(picture: Picture, detail: Detail, noise: float) -> Picture:
    """Denoise with a bilateral filter.

    Args:
        noise: See `noise_of`, at the size of the picture.
    """
    if not is_smoothed(detail, noise):
        return picture
    wanted = _UNASKED if detail.denoise is None else detail.denoise
    reach = _REACH * wanted * max(noise, _MIN_NOISE)
    return np.asarray(cv2.bilateralFilter(picture, 5, reach, 2.0), np.uint8)


def grain_left(detail: Detail, noise: float) -> float:
    """Noise of a picture after `smoothed`; added to rendered backdrops so that they match the product."""
    return min(noise, NOISE_WORTH_REMOVING / 2) if is_smoothed(detail, noise) else noise


def sharpened(picture: Picture, detail: Detail, noise: float, zoom: float = 1.0) -> Picture:
    """Sharpen by an unsharp mask, and local contrast by a wide one.

    Args:
        noise: See `noise_of`, at the size of the picture.
        zoom: Size of the picture relative to the finished one; below 1 for a preview.
    """
    if detail.sharpen > 0:
        # Sharpening amplifies noise too, so a noisy photo gets less.
        amount = detail.sharpen * min(1.0, NOISE_WORTH_REMOVING / max(noise, 0.1))
        soft = cv2.GaussianBlur(picture, (0, 0), _SHARPEN_SIGMA * zoom)
        picture = np.asarray(cv2.addWeighted(picture, 1 + amount, soft, -amount, 0), np.uint8)
    if detail.clarity > 0:
        amount = 0.6 * detail.clarity
        soft = np.rint(blur(picture.astype(np.float32), _CLARITY_SIGMA * zoom)).astype(np.uint8)
        picture = np.asarray(cv2.addWeighted(picture, 1 + amount, soft, -amount, 0), np.uint8)
    return picture
