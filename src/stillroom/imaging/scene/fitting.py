"""Fit planes of a product's crop to its place on the canvas: scale, and rotation by hand."""

from typing import TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.scene.framing import Placement

Kind = TypeVar("Kind", np.uint8, np.float32)


def fitted_to(plane: NDArray[Kind], place: Placement) -> NDArray[Kind]:
    """Scale and rotate a plane of the crop as the product is placed."""
    upright = scaled(plane, place.size)
    if place.degrees == 0:
        return upright
    # A plane of light or colour goes on beyond its edge; a matte does not.
    border = cv2.BORDER_REPLICATE if plane.ndim == 3 else cv2.BORDER_CONSTANT
    method = cv2.INTER_CUBIC if plane.dtype == np.uint8 else cv2.INTER_LINEAR
    turned = cv2.warpAffine(upright, place.turn, place.outer, flags=method, borderMode=border)
    return cast("NDArray[Kind]", turned)


def upright(picture: NDArray[Kind], place: Placement) -> NDArray[Kind]:
    """Take back the rotation by hand."""
    if place.degrees == 0:
        return picture
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return cast("NDArray[Kind]", cv2.warpAffine(picture, place.turn, place.size, flags=flags))


def scaled(picture: NDArray[Kind], size: tuple[int, int]) -> NDArray[Kind]:
    """Resize to a width and height: area averaging for reduction, cubic interpolation for enlargement."""
    if (picture.shape[1], picture.shape[0]) == size:
        return picture
    method = cv2.INTER_AREA if size[0] < picture.shape[1] else cv2.INTER_CUBIC
    return cast("NDArray[Kind]", cv2.resize(picture, size, interpolation=method))
