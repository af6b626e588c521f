"""Noise and sharpness: how much noise a photo has, what takes it out, and what brings texture out."""

import cv2
import numpy as np

from stillroom.domain.plans.plan import Detail
from stillroom.imaging.pixels import Bytes, Picture, Plane, blur

NOISE_WORTH_REMOVING = 1.2
"""sRGB steps of lightness. Measured with known noise on the golden photos: from here on smoothing brings all
of them nearer to the clean photo; at .8 it takes more texture than noise from a fifth of them."""

_UNASKED = 0.8  # of the full reach; the same measurement's best
_REACH = 5.0  # times the noise: how far apart, summed over the channels, colours are still taken for one
_LEAST_NOISE = 1.5  # sRGB steps; who asks for smoothing sees some
_SHARPEN_SIGMA = 1.2  # pixels
_CLARITY_SIGMA = 14.0  # pixels

_BLOCK = 16  # pixels; small enough for smooth places on most products
_SMOOTHEST = 20  # percentile of the blocks; texture is in the others
_OF_THEIR_MEAN = 0.94  # what that percentile is of the noise where nothing but noise is; measured
_LEAST_BLOCKS = 20  # fewer say nothing
_DARKEST, _BRIGHTEST = 4, 251  # sRGB steps; beyond, clipping hides the noise


def noise_of(picture: Picture, alpha: Bytes) -> float:
    """Standard deviation of the noise of lightness, in sRGB steps.

    Of white noise per channel it is two thirds, since lightness is their weighted mean. What a camera or an
    enlargement has smeared over several pixels is seen only in part.

    Args:
        picture: uint8 (H, W, 3), sRGB.
        alpha: uint8 (H, W), the product; where it has too few smooth places, the whole picture counts.

    Source:
        Immerkaer, "Fast Noise Variance Estimation", 1996, taken block by block, of which the most homogeneous
        count: Amer and Dubois, "Fast and Reliable Structure-Oriented Video Noise Estimation", 2005. The mean
        of a block is continuous, where a percentile of single pixels moves in whole steps of sRGB.
    """
    columns, rows = picture.shape[1] // _BLOCK, picture.shape[0] // _BLOCK
    if columns * rows < _LEAST_BLOCKS:
        return 0.0
    whole = np.s_[: rows * _BLOCK, : columns * _BLOCK]
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)[whole]
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    response = np.abs(cv2.filter2D(grey, cv2.CV_32F, kernel))
    # The absolute normal deviate has the mean sqrt(2 / pi), and the kernel's norm is 6.
    each = _means(response, columns, rows) * np.float32(np.sqrt(np.pi / 2) / 6)
    exposed = _means(((grey > _DARKEST) & (grey < _BRIGHTEST)).astype(np.float32), columns, rows) == 1
    inside = _means((alpha[whole] > 250).astype(np.float32), columns, rows) == 1
    for chosen in (inside & exposed, exposed):
        if int(chosen.sum()) >= _LEAST_BLOCKS:
            return float(np.percentile(each[chosen], _SMOOTHEST) / _OF_THEIR_MEAN)
    return 0.0


def _means(plane: Plane, columns: int, rows: int) -> Plane:
    return np.asarray(cv2.resize(plane, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)


def is_smoothed(detail: Detail, noise: float) -> bool:
    """Whether noise is taken out: as asked, else where it is worth it."""
    return noise > NOISE_WORTH_REMOVING if detail.denoise is None else detail.denoise > 0


def smoothed(picture: Picture, detail: Detail, noise: float) -> Picture:
    """Take out what is less than a few steps of noise apart.

    Args:
        picture: uint8 (H, W, 3), sRGB.
        detail: What is wanted.
        noise: See `noise_of`, at the size of the picture.
    """
    if not is_smoothed(detail, noise):
        return picture
    wanted = _UNASKED if detail.denoise is None else detail.denoise
    reach = _REACH * wanted * max(noise, _LEAST_NOISE)
    return np.asarray(cv2.bilateralFilter(picture, 5, reach, 2.0), np.uint8)


def grain_left(detail: Detail, noise: float) -> float:
    """The noise of a picture after `smoothed`, for what is to look as if the same camera had taken it."""
    return min(noise, NOISE_WORTH_REMOVING / 2) if is_smoothed(detail, noise) else noise


def sharpened(picture: Picture, detail: Detail, noise: float) -> Picture:
    """Unsharp mask, and a wide one for local contrast; `smoothed` names the arguments."""
    if detail.sharpen > 0:
        # Noise is sharpened as readily as edges, so a noisy photo gets less.
        amount = detail.sharpen * min(1.0, NOISE_WORTH_REMOVING / max(noise, 0.1))
        soft = cv2.GaussianBlur(picture, (0, 0), _SHARPEN_SIGMA)
        picture = np.asarray(cv2.addWeighted(picture, 1 + amount, soft, -amount, 0), np.uint8)
    if detail.clarity > 0:
        amount = 0.6 * detail.clarity
        soft = np.rint(blur(picture.astype(np.float32), _CLARITY_SIGMA)).astype(np.uint8)
        picture = np.asarray(cv2.addWeighted(picture, 1 + amount, soft, -amount, 0), np.uint8)
    return picture
