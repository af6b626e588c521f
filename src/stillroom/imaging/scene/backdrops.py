"""Procedural backdrops: white, plain colour, and gradients."""

import functools

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.domain.plans.plan import Backdrop
from stillroom.imaging.pixels import Light, Picture, Plane, color_light, smoothstep, srgb_float
from stillroom.imaging.resizing import bilinear

_NOISE_SIDE = 512


def plate_of(backdrop: Backdrop, size: tuple[int, int]) -> Light:
    """Render a backdrop.

    Args:
        backdrop: Of kind `white`, `color` or `gradient`.
        size: Width and height; may be small, since the backdrop has no fine detail.

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
    """Gradient of a lit cove: brightest behind the product's foot, darker to the top, less to the front."""
    x = np.linspace(-1, 1, width, dtype=np.float32)[None]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    rise = np.clip((0.62 - y) / 0.62, 0, 1)
    front = np.clip((y - 0.62) / 0.38, 0, 1)
    return smoothstep(0.85 * rise**1.2 + 0.45 * front**1.5 + 0.22 * x**2)


def _spot(width: int, height: int) -> Plane:
    """Radial gradient of a spotlight on the wall behind the product."""
    x = np.linspace(-1, 1, width, dtype=np.float32)[None]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None] + 0.06
    return smoothstep((np.hypot(x, y * 1.04) - 0.05) / 1.2)


def finished(plate: Light, density: Plane, size: tuple[int, int], gained: Light | None = None) -> Picture:
    """Apply a shadow to a small backdrop, enlarge it to the canvas and dither it against banding.

    Args:
        size: Width and height of the canvas.
        gained: Light of a reflection; None without one.

    Returns:
        uint8 (H, W, 3), sRGB; white areas of the backdrop are exactly 255.
    """
    if gained is not None:
        left = 1 - density[..., None]
        # Light that a shadow has taken already cannot be taken again by a dark reflection.
        lit = plate * left + np.where(gained < 0, gained * left, gained)
        return _enlarged(srgb_float(np.asarray(lit, np.float32)), size)
    grey = bool((plate[..., 0] == plate[..., 1]).all() and (plate[..., 0] == plate[..., 2]).all())
    if grey:
        plane = _enlarged(srgb_float(plate[..., 0] * (1 - density)), size)
        return np.asarray(cv2.merge([plane, plane, plane]), np.uint8)
    return _enlarged(srgb_float(plate * (1 - density[..., None])), size)


def _enlarged(encoded: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.uint8]:
    large = bilinear(encoded, size)
    noise = _noise(encoded.ndim)
    dithered = np.empty(large.shape, np.uint8)
    for top in range(0, size[1], _NOISE_SIDE):
        for left in range(0, size[0], _NOISE_SIDE):
            tile = np.s_[top : top + _NOISE_SIDE, left : left + _NOISE_SIDE]
            height, width = large[tile].shape[:2]
            dithered[tile] = cv2.add(large[tile], noise[:height, :width], dtype=cv2.CV_8U)
    return dithered


@functools.cache
def _noise(dimensions: int) -> NDArray[np.float32]:
    """Rectangular dither of one step: rounding is unbiased, and integer values are unchanged."""
    plane = np.random.default_rng(0).uniform(-0.499, 0.499, (_NOISE_SIDE, _NOISE_SIDE)).astype(np.float32)
    return plane if dimensions == 2 else np.repeat(plane[..., None], 3, axis=2)
