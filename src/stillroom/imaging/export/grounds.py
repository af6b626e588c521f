"""Background of an export: unchanged, cleaned to white, pure white, or transparent."""

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.export.windows import Sides
from stillroom.imaging.pixels import Bytes, Picture, Plane, border_of, smoothstep, to_linear, to_srgb
from stillroom.imaging.scene.composite import foreground_of

_RING = 0.02
"""Share of the shorter side that counts as a picture's border, as in marketplaces' checks."""

_WHITE_FROM = 236
"""A background whose border is at least this bright in every channel (0..255) was meant to be white."""

_FLAT_UP_TO = 6.0
"""Standard deviation within a border side (0..255) up to which its continuation looks natural."""

_PLAIN_UP_TO = 2.0
"""Standard deviation within a border side (0..255) up to which white beyond it shows no step."""

_FADE_OVER = 0.08
"""Share of the shorter side over which a shadow fades out before the border."""

_MARGIN = 48
"""Pixels of the old background around the product that foreground estimation uses."""

_NOISE, _SHADOW = 2.0, 10.0
"""Steps below 255: up to the first, the background is white with noise; from the second on, it is shadow."""


def is_white(picture: Picture, matte: Bytes | None) -> bool:
    """Whether the picture has a white background.

    Args:
        matte: The product is excluded.
    """
    ring = border_of(picture.shape, _RING)
    if matte is not None:
        ring &= matte == 0
    border = darkest(picture)[ring]
    return bool(len(border)) and float(np.median(border)) >= _WHITE_FROM


def even_sides(picture: Picture, matte: Bytes | None, up_to: float = _FLAT_UP_TO) -> Sides:
    """Which sides of the border are even enough to be extended.

    Args:
        matte: The product is excluded.
        up_to: Standard deviation of an even side, 0..255.
    """
    depth = max(1, round(_RING * min(picture.shape[:2])))

    def is_even(side: tuple[slice, slice]) -> bool:
        ring = picture[side].reshape(-1, 3) if matte is None else picture[side][matte[side] == 0]
        return not len(ring) or float(ring.std(axis=0).max()) <= up_to

    return (
        is_even(np.s_[:, :depth]),
        is_even(np.s_[:depth, :]),
        is_even(np.s_[:, -depth:]),
        is_even(np.s_[-depth:, :]),
    )


def is_plain_white(picture: Picture, matte: Bytes | None) -> bool:
    """Whether the picture has a white background that goes on as white without a visible step."""
    return is_white(picture, matte) and all(even_sides(picture, matte, _PLAIN_UP_TO))


def whitened(picture: Picture, matte: Bytes | None) -> Picture:
    """Make a nearly white background exactly white except for its shadow, which fades out before the border.

    Args:
        matte: The product is not changed.
    """
    height, width = picture.shape[:2]
    product = np.zeros((height, width), np.uint8) if matte is None else matte
    ring = border_of(picture.shape, _RING) & (product == 0)
    level = np.median(picture[ring], axis=0) if ring.any() else np.full(3, 255.0)
    table = np.clip(np.arange(256)[:, None] * 255.0 / np.maximum(level, 1.0), 0, 255).astype(np.float32)
    # Most pixels of such a picture are white already; process only the others.
    at = (darkest(picture) < 255) & (product < 255)
    before = picture[at]
    depth = 255.0 - table[before, np.arange(3)]
    kept = smoothstep((depth.max(axis=1) - _NOISE) / (_SHADOW - _NOISE)) * _fade(height, width)[at]
    share = (1.0 - product[at].astype(np.float32) / 255.0)[:, None]
    done = picture.copy()
    done[at] = np.rint(before + share * (255.0 - depth * kept[:, None] - before)).astype(np.uint8)
    return done


def on_white(picture: Picture, matte: Bytes) -> Picture:
    """Composite the product on white: 255 outside the matte, without shadow or old background colour."""
    done = _own_colours(picture, matte)
    done[matte == 0] = 255
    mixed = (matte > 0) & (matte < 255)
    if mixed.any():
        alpha = (matte[mixed].astype(np.float32) / 255.0)[:, None, None]
        done[mixed] = to_srgb(to_linear(done[mixed][:, None]) * alpha + (1.0 - alpha))[:, 0]
    return done


def cutout(picture: Picture, matte: Bytes) -> NDArray[np.uint8]:
    """The product on a transparent background, uint8 (H, W, 4), straight alpha."""
    colour = _own_colours(picture, matte)
    colour[matte == 0] = 0
    return np.dstack([colour, matte])


def _own_colours(picture: Picture, matte: Bytes) -> Picture:
    """Remove the old background colour from the product's edge."""
    x, y, width, height = cv2.boundingRect((matte > 0).astype(np.uint8))
    rows = slice(max(0, y - _MARGIN), y + height + _MARGIN)
    columns = slice(max(0, x - _MARGIN), x + width + _MARGIN)
    done = picture.copy()
    if width and height:
        done[rows, columns] = foreground_of(picture[rows, columns], matte[rows, columns])
    return done


def darkest(pixels: NDArray[np.uint8]) -> Bytes:
    """Lowest colour channel per pixel, (H, W); channel by channel, since reducing axis 2 is slow."""
    if pixels.ndim == 2:
        return pixels
    return np.minimum(np.minimum(pixels[..., 0], pixels[..., 1]), pixels[..., 2])


def _fade(height: int, width: int) -> Plane:
    """Weight that is 1 inside the picture and 0 in its border ring."""
    short = min(height, width)
    across = np.minimum(np.arange(width), np.arange(width)[::-1]).astype(np.float32)
    down = np.minimum(np.arange(height), np.arange(height)[::-1]).astype(np.float32)
    nearest = np.minimum(across[None, :], down[:, None])
    share = (nearest - 1.25 * _RING * short) / (_FADE_OVER * short)
    return smoothstep(np.asarray(share, np.float32))
