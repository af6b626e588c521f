"""Procedural backdrops: paper, paint and pools of light."""

import functools

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.plans import Backdrop
from stillroom.imaging.pixels import Light, Picture, Plane, color_light, srgb_float

_NOISE_SIDE = 512


def plate_of(backdrop: Backdrop, size: tuple[int, int]) -> Light:
    """Paint a backdrop.

    Args:
        backdrop: Of kind `white`, `color` or `gradient`.
        size: Width and height; a small one is enough, since nothing in it is fine.

    Returns:
        float32 (h, w, 3), linear light.
    """
    width, height = size
    if backdrop.kind == "white":
        return np.ones((height, width, 3), np.float32)
    inner = color_light(backdrop.color)
    if backdrop.kind == "color":
        return np.broadcast_to(inner, (height, width, 3)).astype(np.float32)
    share = _spot(width, height) if backdrop.shape == "spot" else _sweep(width, height)
    outer = color_light(backdrop.edge_color)
    return (inner + (outer - inner) * share[..., None]).astype(np.float32)


def _sweep(width: int, height: int) -> Plane:
    """A lit cove: brightest behind the product's foot, falling off to the top and, less, to the front."""
    x = np.linspace(-1, 1, width, dtype=np.float32)[None]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    rise = np.clip((0.62 - y) / 0.62, 0, 1)
    front = np.clip((y - 0.62) / 0.38, 0, 1)
    return _smooth(np.clip(0.85 * rise**1.2 + 0.45 * front**1.5 + 0.22 * x**2, 0, 1))


def _spot(width: int, height: int) -> Plane:
    """A pool of light on the wall behind the product."""
    x = np.linspace(-1, 1, width, dtype=np.float32)[None]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None] + 0.06
    return _smooth(np.clip((np.hypot(x, y * 1.04) - 0.05) / 1.2, 0, 1))


def _smooth(share: NDArray[np.float32]) -> Plane:
    return (share * share * (3 - 2 * share)).astype(np.float32)


def finished(plate: Light, size: tuple[int, int]) -> Picture:
    """Enlarge a small plate to the canvas and dither it, so that slow gradients show no bands.

    Args:
        plate: float32 (h, w, 3), linear light.
        size: Width and height of the canvas.

    Returns:
        uint8 (H, W, 3), sRGB; what is white in the plate is exactly 255.
    """
    encoded = srgb_float(plate)
    if float(np.ptp(encoded.reshape(-1, 3), axis=0).max()) == 0:
        return np.broadcast_to(np.rint(encoded[0, 0]).astype(np.uint8), (size[1], size[0], 3)).copy()
    large = cv2.resize(encoded, size, interpolation=cv2.INTER_LINEAR)
    tiles = (-(-size[1] // _NOISE_SIDE), -(-size[0] // _NOISE_SIDE), 1)
    noise = np.tile(_noise(), tiles)[: size[1], : size[0]]
    return np.asarray(cv2.add(large, noise, dtype=cv2.CV_8U))


@functools.cache
def _noise() -> NDArray[np.float32]:
    """One step of rectangular noise, so that rounding is right on average and whole values stay as they are."""
    random = np.random.default_rng(0)
    plane = random.uniform(-0.499, 0.499, (_NOISE_SIDE, _NOISE_SIDE, 1)).astype(np.float32)
    return np.repeat(plane, 3, axis=2)
