"""Alpha compositing, and foreground colour estimation at the edge of a cutout."""

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.pixels import (
    Bytes,
    Light,
    Picture,
    Plane,
    cover_of,
    in_three,
    strips,
    to_linear,
    to_srgb,
)
from stillroom.imaging.resizing import area_resized, bilinear, size_of, size_within
from stillroom.imaging.scene import edge_colors
from stillroom.imaging.thread_pool import in_halves

_WIDE, _NARROW = 45, 7  # pixels; box radii of the two passes at 1024, from the source
_INVISIBLE = 1e-4  # linear light
_FUSED_SIDE = 1024  # most pixels of the longer side at which colours are estimated


def foreground_of(crop: Picture, alpha: Bytes) -> Picture:
    """Estimate the product's foreground colours, without the old backdrop in its edge (blur fusion).

    Returns:
        uint8 (h, w, 3), sRGB; the photo's own pixels where the product is opaque, but for the backdrop in
        those along the outline.

    Source:
        Forte, "Approximate Fast Foreground Colour Estimation", ICIP 2021 (two passes).
    """
    height, width = alpha.shape
    crop = edge_colors.without_backdrop(crop, alpha)
    half = size_within((max(1, height // 2), max(1, width // 2)), _FUSED_SIDE)
    image = np.asarray(cv2.resize(crop, half, interpolation=cv2.INTER_AREA), np.float32)
    cover = cover_of(area_resized(alpha, half))
    scale = max(half) / 1024
    front, back = _fused(image, image, image, cover, max(3, round(_WIDE * scale)))
    front, _ = _fused(image, front, back, cover, max(2, round(_NARROW * scale)))
    large = bilinear(np.clip(front, 0, 255).astype(np.uint8), (width, height))
    return np.asarray(cv2.copyTo(crop, (alpha > 250).astype(np.uint8), large), np.uint8)


def _fused(
    image: NDArray[np.float32],
    front: NDArray[np.float32],
    back: NDArray[np.float32],
    cover: Plane,
    radius: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    side = (2 * radius + 1, 2 * radius + 1)

    def mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.blur(values, side, borderType=cv2.BORDER_REPLICATE), np.float32)

    own, share = in_three(cover), in_three(mean(cover))
    rest = 1 - own
    front = mean(front * own) / (share + np.float32(1e-4))
    back = mean(back * rest) / (np.float32(1 + 1e-4) - share)
    return front + own * (image - own * front - rest * back), back


def composite_over(canvas: Picture, product: Light, alpha: Plane, x: int, y: int) -> None:
    """Composite a product over a canvas ("over" operator), in place.

    Args:
        x: Left edge on the canvas, and `y` its top edge; parts outside are cropped.

    Source:
        Porter and Duff, "Compositing Digital Images", SIGGRAPH 1984, "over".
    """
    inner, outer = overlap(product.shape, canvas.shape, x, y)
    in_halves(_composited, canvas[outer], product[inner], alpha[inner])


def _composited(canvas: Picture, product: Light, alpha: Plane) -> None:
    """Composite a product over a canvas of the same size, in place."""
    for rows in strips(canvas.shape):
        behind = to_linear(canvas[rows])
        front = in_three(alpha[rows]) * (product[rows] - behind)
        canvas[rows] = to_srgb(np.asarray(behind + front, np.float32))


def shine_through(canvas: Picture, share: Plane, passed: Light, shine: Light, x: int, y: int) -> None:
    """Composite the transmission and reflection of glass over a canvas, in place.

    Args:
        share: Share of each pixel that is glass.
        passed: Transmission.
        shine: Reflection.
        x: Left edge on the canvas, and `y` its top edge; parts outside are cropped.

    Source:
        Zongker et al., "Environment Matting and Compositing", SIGGRAPH 1999, without refraction.
    """
    inner, outer = overlap(share.shape, canvas.shape, x, y)
    part = share[inner][..., None]
    behind = to_linear(canvas[outer])
    through = behind * passed[inner] + shine[inner]
    canvas[outer] = to_srgb(np.asarray(behind + part * (through - behind), np.float32))


def dimmed(canvas: Picture, gain: Plane) -> Picture:
    """Multiply a picture's light by a gain, float32 (H, W); brightened areas are clipped at white."""
    finished = np.empty_like(canvas)
    for rows in strips(canvas.shape):
        finished[rows] = to_srgb(to_linear(canvas[rows]) * in_three(gain[rows]))
    return finished


def brighten(canvas: Picture, gained: Light) -> None:
    """Add light to a picture, in place.

    Args:
        gained: At a fraction of the canvas's size; may be negative.
    """
    x, y, width, height = cv2.boundingRect((np.abs(gained).max(2) > _INVISIBLE).astype(np.uint8))
    if width == 0:
        return
    down, across = canvas.shape[0] / gained.shape[0], canvas.shape[1] / gained.shape[1]
    rows = slice(round(y * down), round((y + height) * down))
    part = canvas[rows, round(x * across) : round((x + width) * across)]
    added = bilinear(gained[y : y + height, x : x + width], size_of(part))
    part[:] = to_srgb(to_linear(np.ascontiguousarray(part)) + added)


def placed_small(product: Light, x: int, y: int, canvas: tuple[int, int], step: int) -> Light:
    """Place a product on a black canvas at a fraction of the size.

    Args:
        product: At the size it has on the canvas.
        x: Left edge on the canvas, and `y` its top edge; may be negative.
        canvas: Width and height.
        step: Factor of reduction.
    """
    size = max(1, product.shape[1] // step), max(1, product.shape[0] // step)
    small = area_resized(product, size)
    matrix = np.array([[1, 0, x / step], [0, 1, y / step]], np.float64)
    return np.asarray(cv2.warpAffine(small, matrix, (canvas[0] // step, canvas[1] // step)), np.float32)


def overlap(
    piece: tuple[int, ...], canvas: tuple[int, ...], x: int, y: int
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Intersection of a piece with the canvas: rows and columns in the piece, and in the canvas."""
    top, left = max(0, -y), max(0, -x)
    bottom = max(top, min(piece[0], canvas[0] - y))
    right = max(left, min(piece[1], canvas[1] - x))
    inner = slice(top, bottom), slice(left, right)
    return inner, (slice(top + y, bottom + y), slice(left + x, right + x))


def on_canvas(plane: Bytes, canvas: tuple[int, int], x: int, y: int) -> Bytes:
    """Place a plane on an empty canvas of a width and height, uint8."""
    empty = np.zeros((canvas[1], canvas[0]), np.uint8)
    inner, outer = overlap(plane.shape, empty.shape, x, y)
    empty[outer] = plane[inner]
    return empty
