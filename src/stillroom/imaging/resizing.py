"""Sizes of pictures, and resizing."""

from typing import TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Size = tuple[int, int]
"""Width and height."""

Number = TypeVar("Number", np.uint8, np.float32)


def size_of(picture: NDArray[np.generic]) -> Size:
    """Width and height, in the order that OpenCV takes them."""
    return picture.shape[1], picture.shape[0]


def area_resized(picture: NDArray[Number], size: Size) -> NDArray[Number]:
    """Resize by area averaging."""
    return cast("NDArray[Number]", cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def bilinear(picture: NDArray[Number], size: Size) -> NDArray[Number]:
    """Resize by bilinear interpolation."""
    return cast("NDArray[Number]", cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR))


def resized(picture: NDArray[Number], size: Size) -> NDArray[Number]:
    """Resize by area averaging if that leaves fewer pixels, else by bilinear interpolation."""
    shrinks = size[0] * size[1] < picture.shape[0] * picture.shape[1]
    return area_resized(picture, size) if shrinks else bilinear(picture, size)


def fitted(picture: NDArray[np.uint8], long_side: int) -> NDArray[np.uint8]:
    """Scale down so that the longer side is at most `long_side`; never scale up."""
    if max(picture.shape[:2]) <= long_side:
        return picture
    return shrunk(picture, size_within(picture.shape, long_side))


def size_within(shape: tuple[int, ...], long_side: int) -> Size:
    """Width and height of a picture of that shape, scaled down to a longer side of at most `long_side`."""
    height, width = shape[:2]
    factor = min(1.0, long_side / max(height, width))
    return max(1, round(width * factor)), max(1, round(height * factor))


def shrunk(picture: NDArray[np.uint8], size: Size) -> NDArray[np.uint8]:
    """Scale down to a width and height by area averaging; never scale up.

    The picture is halved while it stays larger than the target. Halving also averages areas, and the whole
    takes a quarter to a half of the time.
    """
    width, height = size_of(picture)
    while width > 2 * size[0] and height > 2 * size[1]:
        width, height = (width + 1) // 2, (height + 1) // 2
        picture = bilinear(picture, (width, height))
    return area_resized(picture, size)


def cubic_resized(picture: NDArray[Number], size: Size) -> NDArray[Number]:
    """Resize to a width and height: area averaging for reduction, cubic interpolation for enlargement."""
    if size_of(picture) == size:
        return picture
    method = cv2.INTER_AREA if size[0] < picture.shape[1] else cv2.INTER_CUBIC
    return cast("NDArray[Number]", cv2.resize(picture, size, interpolation=method))
