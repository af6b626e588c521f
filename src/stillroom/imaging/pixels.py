"""What an array of pixels is here, and the way between sRGB and linear light.

Pictures are RGB, rows first. `Picture` is what files hold: uint8 (H, W, 3), 0..255, sRGB. `Light` is what is
computed with: float32 (H, W, 3), 0..1, linear light. `Plane` is float32 (H, W): a matte (0 is backdrop, 1 is
product), a gain, a density. `Bytes` is a plane as files hold it, 0..255.
"""

import functools
import math
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Light = NDArray[np.float32]
Plane = NDArray[np.float32]
Bytes = NDArray[np.uint8]

HALF_COVER = 127  # of 255; a pixel above it is solid, and a matte without one shows a haze and no product

LUMINANCE_WEIGHTS = (0.2126, 0.7152, 0.0722)  # of linear red, green and blue; ITU-R BT.709

_STRIP = 2**18  # values; of single precision, 1 MB
_ENCODE_STEPS = 4096  # finer than 8 bits can show above the toe; the toe is linear, so its steps are even


@functools.cache
def decode_table() -> NDArray[np.float32]:
    """256 linear values, IEC 61966-2-1."""
    value = np.arange(256, dtype=np.float64) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)


@functools.cache
def _encode_table() -> NDArray[np.uint8]:
    """sRGB bytes for square roots of linear values, IEC 61966-2-1; roots give the shadows more steps.

    As long as a look-up by 16 bits wants it; what is above 1 is white.
    """
    root = np.minimum(np.arange(2**16, dtype=np.float64) / _ENCODE_STEPS, 1.0)
    return np.rint(_srgb(root**2) * 255).astype(np.uint8)


def _srgb(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(
        linear <= 0.0031308, linear * 12.92, 1.055 * np.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055
    )


def to_linear(picture: Picture) -> Light:
    """Decode sRGB bytes to linear light."""
    return np.asarray(cv2.LUT(picture, decode_table()), dtype=np.float32)


def to_srgb(light: Light) -> Picture:
    """Encode linear light to sRGB bytes; what is out of range is clipped."""
    encoded = np.empty(light.shape, np.uint8)
    for rows in strips(light.shape):
        root = np.asarray(cv2.sqrt(np.clip(light[rows], 0.0, 1.0)), np.float32)
        root *= np.float32(_ENCODE_STEPS)
        root += np.float32(0.5)
        encoded[rows] = cv2.LUT(root.astype(np.uint16), _encode_table()).reshape(encoded[rows].shape)
    return encoded


def strips(shape: tuple[int, ...]) -> Iterator[slice]:
    """Rows of an array, so few at a time that they stay in the cache through several steps."""
    count = max(1, _STRIP // max(1, math.prod(shape[1:])))
    return (slice(top, top + count) for top in range(0, shape[0] if math.prod(shape) else 0, count))


def srgb_float(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """Encode linear light of any shape to sRGB, float32 0..255, to be enlarged and dithered later."""
    return (_srgb(np.clip(light, 0.0, 1.0).astype(np.float64)) * 255).astype(np.float32)


def cover_of(alpha: Bytes) -> Plane:
    """A matte of bytes as float32 (H, W), 0..1."""
    return np.asarray(alpha, np.float32) / np.float32(255)


def luminance(light: Light) -> Plane:
    """Relative luminance (H, W), Rec. 709 weights."""
    return np.asarray(cv2.transform(light, np.array([LUMINANCE_WEIGHTS], np.float32)), np.float32)


def color_light(color: str) -> NDArray[np.float32]:
    """The linear light of `#rrggbb`, (3,)."""
    return decode_table()[[int(color[i : i + 2], 16) for i in (1, 3, 5)]]


def blur(plane: NDArray[np.float32], sigma_x: float, sigma_y: float | None = None) -> NDArray[np.float32]:
    """Gaussian blur of any number of channels; wide ones are done on a smaller copy."""
    sigma_y = sigma_x if sigma_y is None else sigma_y
    step = max(1, int(min(sigma_x, sigma_y) / 4))
    if step == 1:
        return _gauss(plane, sigma_x, sigma_y)
    height, width = plane.shape[:2]
    small = cv2.resize(plane, (max(1, width // step), max(1, height // step)), interpolation=cv2.INTER_AREA)
    small = _gauss(np.asarray(small, np.float32), sigma_x / step, sigma_y / step)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _gauss(plane: NDArray[np.float32], sigma_x: float, sigma_y: float) -> NDArray[np.float32]:
    if sigma_x < 0.2 and sigma_y < 0.2:
        return plane
    blurred = cv2.GaussianBlur(
        plane, (0, 0), max(sigma_x, 0.2), sigmaY=max(sigma_y, 0.2), borderType=cv2.BORDER_REPLICATE
    )
    return np.asarray(blurred, np.float32)


def fitted(picture: NDArray[np.uint8], long_side: int) -> NDArray[np.uint8]:
    """Scale down so that the longer side is at most `long_side`; never up."""
    if max(picture.shape[:2]) <= long_side:
        return picture
    return shrunk(picture, size_within(picture.shape, long_side))


def size_within(shape: tuple[int, ...], long_side: int) -> tuple[int, int]:
    """Width and height of a picture of that shape once its longer side is at most `long_side`."""
    height, width = shape[:2]
    factor = min(1.0, long_side / max(height, width))
    return max(1, round(width * factor)), max(1, round(height * factor))


def shrunk(picture: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Scale down to a width and height by averaging areas; never up.

    Halved as long as that leaves enough, which averages too, and takes a quarter to a half of the time.
    """
    height, width = picture.shape[:2]
    while width > 2 * size[0] and height > 2 * size[1]:
        width, height = (width + 1) // 2, (height + 1) // 2
        picture = np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
