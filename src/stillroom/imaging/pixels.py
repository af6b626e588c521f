"""Array conventions and conversion between sRGB and linear light.

Pictures are RGB, rows first. `Picture` is uint8 (H, W, 3), 0..255, sRGB, as stored in files. `Light` is
float32 (H, W, 3), 0..1, linear light, used for computation. `Plane` is float32 (H, W): a matte (0 is
backdrop, 1 is product), a network's output, 0..1, a gain or a density. `Bytes` is a plane as stored in files,
uint8 (H, W), 0..255. `Mask` is bool (H, W).
"""

import functools
import math
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.resizing import area_resized, bilinear, size_of

Picture = NDArray[np.uint8]
Light = NDArray[np.float32]
Plane = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]

Box = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels; x1 and y1 are exclusive."""

HALF_COVER = 127  # of 255; pixels above it are solid, and a matte without any holds no product

LUMINANCE_WEIGHTS = (0.2126, 0.7152, 0.0722)  # linear red, green and blue; ITU-R BT.709

_STRIP = 2**18  # float32 values per strip, 1 MB
_ENCODE_STEPS = 4096  # entries for 0..1; finer than 8 bits can show, except in the toe, which is linear


@functools.cache
def decode_table() -> NDArray[np.float32]:
    """Table of 256 linear values, 0..1, by sRGB byte; IEC 61966-2-1."""
    value = np.arange(256, dtype=np.float64) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)


@functools.cache
def _encode_table() -> NDArray[np.uint8]:
    """Table of sRGB bytes by square root of the linear value; IEC 61966-2-1.

    Indexing by the root gives shadows more steps. The table has the 65536 entries that a 16-bit look-up
    requires; entries above 1 are white.
    """
    root = np.minimum(np.arange(2**16, dtype=np.float64) / _ENCODE_STEPS, 1.0)
    return np.rint(_srgb(root**2) * 255).astype(np.uint8)


def _srgb(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(
        linear <= 0.0031308, linear * 12.92, 1.055 * np.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055
    )


def to_linear(picture: Picture) -> Light:
    return np.asarray(cv2.LUT(picture, decode_table()), dtype=np.float32)


def to_srgb(light: Light) -> Picture:
    """Encode linear light to sRGB bytes; values outside 0..1 are clipped."""
    encoded = np.empty(light.shape, np.uint8)
    for rows in strips(light.shape):
        root = np.asarray(cv2.sqrt(np.clip(light[rows], 0.0, 1.0)), np.float32)
        root *= np.float32(_ENCODE_STEPS)
        root += np.float32(0.5)
        encoded[rows] = cv2.LUT(root.astype(np.uint16), _encode_table()).reshape(encoded[rows].shape)
    return encoded


def strips(shape: tuple[int, ...]) -> Iterator[slice]:
    """Yield slices of rows that are small enough to stay in the CPU cache through several operations."""
    count = max(1, _STRIP // max(1, math.prod(shape[1:])))
    return (slice(top, top + count) for top in range(0, shape[0] if math.prod(shape) else 0, count))


def srgb_float(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """Encode linear light of any shape to sRGB, float32 0..255, for later resizing and dithering."""
    return (_srgb(np.clip(light, 0.0, 1.0).astype(np.float64)) * 255).astype(np.float32)


def cover_of(values: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Convert 8-bit values, such as a matte, to float32 of the same shape, 0..1."""
    return np.asarray(values, np.float32) / np.float32(255)


def luminance(light: Light) -> Plane:
    """Relative luminance (H, W) by the Rec. 709 weights."""
    return np.asarray(cv2.transform(light, np.array([LUMINANCE_WEIGHTS], np.float32)), np.float32)


def color_light(color: str) -> NDArray[np.float32]:
    """Linear light of the colour `#rrggbb`, float32 (3,)."""
    return decode_table()[[int(color[i : i + 2], 16) for i in (1, 3, 5)]]


def blur(plane: NDArray[np.float32], sigma_x: float, sigma_y: float | None = None) -> NDArray[np.float32]:
    """Gaussian blur of any number of channels; large sigmas are applied to a downscaled copy."""
    sigma_y = sigma_x if sigma_y is None else sigma_y
    step = max(1, int(min(sigma_x, sigma_y) / 4))
    if step == 1:
        return _gauss(plane, sigma_x, sigma_y)
    width, height = size_of(plane)
    small = area_resized(plane, (max(1, width // step), max(1, height // step)))
    return bilinear(_gauss(small, sigma_x / step, sigma_y / step), (width, height))


def _gauss(plane: NDArray[np.float32], sigma_x: float, sigma_y: float) -> NDArray[np.float32]:
    if sigma_x < 0.2 and sigma_y < 0.2:
        return plane
    blurred = cv2.GaussianBlur(
        plane, (0, 0), max(sigma_x, 0.2), sigmaY=max(sigma_y, 0.2), borderType=cv2.BORDER_REPLICATE
    )
    return np.asarray(blurred, np.float32)


def in_three(plane: Plane) -> NDArray[np.float32]:
    """Replicate to three channels; arrays of one shape are multiplied several times as fast."""
    return np.asarray(cv2.merge([plane, plane, plane]), np.float32)


def ramp(plane: NDArray[np.generic], low: float, high: float) -> Plane:
    """Linear ramp from 0 at `low` to 1 at `high`, clipped."""
    return np.asarray(np.clip((np.asarray(plane, np.float32) - low) / (high - low), 0, 1), np.float32)


def smoothstep(share: NDArray[np.floating]) -> Plane:
    """Ramp from 0 to 1 without kinks at its ends; values outside 0..1 are clipped."""
    held = np.clip(share, 0.0, 1.0)
    return np.asarray(held * held * (3 - 2 * held), np.float32)


def border_of(shape: tuple[int, ...], share: float) -> Mask:
    """Mask of a picture's border, `share` of its shorter side wide."""
    depth = max(1, round(share * min(shape[:2])))
    border = np.ones(shape[:2], bool)
    border[depth:-depth, depth:-depth] = False
    return border
