"""Projective transforms between picture planes, and warping.

A transform is float64 (3, 3), homogeneous. Coordinates are continuous: pixel i covers [i, i + 1), so that a
scale means the same at any resolution.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.pixels import Box, Bytes
from stillroom.imaging.scene.product import Product

Transform = NDArray[np.float64]


def affine(values: tuple[float, float, float, float, float, float]) -> Transform:
    """Transform from (a, b, c, d, e, f): x' = a x + b y + c, y' = d x + e y + f."""
    return np.array([values[:3], values[3:], (0.0, 0.0, 1.0)], np.float64)


def affine_values(transform: Transform) -> tuple[float, float, float, float, float, float]:
    """The six parameters of an affine transform, rounded to 6 decimals."""
    a, b, c, d, e, f = (round(float(value), 6) for value in transform[:2].ravel())
    return a, b, c, d, e, f


def nearest_similarity(transform: Transform, box: tuple[float, float, float, float]) -> Transform:
    """Similarity that maps a box x0, y0, x1, y1 as closely as possible to where the transform maps it."""
    corners = np.array([[x, y] for x in (box[0], box[2]) for y in (box[1], box[3])], np.float64)
    ends = cv2.perspectiveTransform(corners[:, None], transform)[:, 0]
    middle, end = corners.mean(0), ends.mean(0)
    one, other = ((points - mean) @ (1, 1j) for points, mean in ((corners, middle), (ends, end)))
    # In complex numbers, rotation and scale are one factor, found by least squares.
    factor = complex(np.vdot(one, other) / np.vdot(one, one))
    shift = complex(end @ (1, 1j)) - factor * complex(middle @ (1, 1j))
    return affine((factor.real, -factor.imag, shift.real, factor.imag, factor.real, shift.imag))


def scaling(source: tuple[int, int], target: tuple[int, int]) -> Transform:
    """Scaling between two sizes, each a width and height."""
    return np.diag([target[0] / source[0], target[1] / source[1], 1.0])


def window(box: Box, canvas: tuple[int, int]) -> Transform:
    """Transform from a photo to the picture of a part of it: box x0, y0, x1, y1 at a width and height."""
    x, y = canvas[0] / (box[2] - box[0]), canvas[1] / (box[3] - box[1])
    return affine((x, 0.0, -box[0] * x, 0.0, y, -box[1] * y))


def warped(
    picture: NDArray[np.uint8] | NDArray[np.float32],
    transform: Transform,
    size: tuple[int, int],
    *,
    border: int = cv2.BORDER_CONSTANT,
) -> NDArray[np.uint8] | NDArray[np.float32]:
    """Warp a picture to a plane of a width and height; reductions are area-averaged first."""
    scale = float(np.sqrt(abs(np.linalg.det(transform[:2, :2]))))
    if scale < 0.8:
        small = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
        shrink = scaling((picture.shape[1], picture.shape[0]), small)
        picture = cv2.resize(picture, small, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
        transform = transform @ np.linalg.inv(shrink)
    half = affine((1, 0, 0.5, 0, 1, 0.5))
    centred = np.linalg.inv(half) @ transform @ half
    interpolation = cv2.INTER_LINEAR if picture.ndim == 2 else cv2.INTER_CUBIC
    return cv2.warpPerspective(picture, centred, size, flags=interpolation, borderMode=border)  # type: ignore[return-value]


def to_crop(product: Product) -> Transform:
    """Transform from the photo to the crop that the matte covers."""
    height, width = product.matte.alpha.shape
    return window(product.matte.box, (width, height))


def placed_matte(product: Product, transform: Transform, size: tuple[int, int]) -> Bytes:
    """The matte, uint8 (H, W), warped by a transform from the photo."""
    moved = warped(product.matte.alpha, transform @ np.linalg.inv(to_crop(product)), size)
    return np.asarray(moved, np.uint8)
