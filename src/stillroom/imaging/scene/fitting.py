"""Fit planes of a product's crop to its place on the canvas: scale, and rotation by hand."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.resizing import Number, scaled
from stillroom.imaging.scene.framing import Placement


def fitted_to(plane: NDArray[Number], place: Placement) -> NDArray[Number]:
    """Scale and rotate a plane of the crop as the product is placed."""
    upright = scaled(plane, place.size)
    if place.degrees == 0:
        return upright
    # A plane of light or colour goes on beyond its edge; a matte does not.
    border = cv2.BORDER_REPLICATE if plane.ndim == 3 else cv2.BORDER_CONSTANT
    method = cv2.INTER_CUBIC if plane.dtype == np.uint8 else cv2.INTER_LINEAR
    turned = cv2.warpAffine(upright, place.turn, place.outer, flags=method, borderMode=border)
    return cast("NDArray[Number]", turned)


def upright(picture: NDArray[Number], place: Placement) -> NDArray[Number]:
    """Take back the rotation by hand."""
    if place.degrees == 0:
        return picture
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return cast("NDArray[Number]", cv2.warpAffine(picture, place.turn, place.size, flags=flags))
