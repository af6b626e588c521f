"""Pictures that were made elsewhere, and what can be known of them before they are measured."""

import cv2
import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.cutout.matting import CROP_SIDE, Matte
from stillroom.imaging.export.evidence import Geometry
from stillroom.imaging.pixels import Bytes, Picture, fitted


def own_matte(seen: NDArray[np.uint8]) -> Bytes | None:
    """The matte that a see-through picture brings along; None if it is opaque.

    Args:
        seen: uint8 (H, W, 3 or 4), sRGB, straight alpha.
    """
    if seen.shape[2] == 3 or seen[..., 3].min() == 255:
        return None
    return np.ascontiguousarray(seen[..., 3])


def photo_of(seen: NDArray[np.uint8]) -> Picture:
    """The same as a photo without see-through parts, as large as a network can use."""
    return fitted(np.ascontiguousarray(seen[..., :3]), CROP_SIDE)


def spread(matte: Matte, photo_shape: tuple[int, ...], shape: tuple[int, ...]) -> Bytes:
    """A matte found on a scaled-down photo, over the whole picture.

    Args:
        matte: What was found.
        photo_shape: Of the photo it was found on.
        shape: Of the picture.

    Returns:
        uint8 (H, W), 255 is product.
    """
    across, down = shape[1] / photo_shape[1], shape[0] / photo_shape[0]
    x0, x1 = (round(edge * across) for edge in matte.box[::2])
    y0, y1 = (round(edge * down) for edge in matte.box[1::2])
    whole = np.zeros(shape[:2], np.uint8)
    if x1 > x0 and y1 > y0:
        whole[y0:y1, x0:x1] = cv2.resize(matte.alpha, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR)
    return whole


def geometry_of(matte: Bytes | None, *, is_doubtful: bool = False) -> Geometry:
    """What is known of a file that was not made here: where its product is, if that was found."""
    return Geometry(matte=matte, scale=None, is_cut=False, share=None, is_doubtful=is_doubtful)
