"""Preparation of pictures that were made elsewhere for compliance checks."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.cutout.matting import CROP_SIDE
from stillroom.imaging.cutout.photo_masks import cover_of_photo
from stillroom.imaging.pixels import HALF_COVER, Bytes, Picture
from stillroom.imaging.resizing import fitted

_LEAST_CLEAR = 0.01
"""Share of a cutout that is clear; with less of it, as at rounded corners, nothing is cut out."""


def own_matte(seen: NDArray[np.uint8]) -> Bytes | None:
    """Alpha channel of a cutout as a matte; None if the picture has hardly any transparency.

    Args:
        seen: uint8 (H, W, 3 or 4), sRGB, straight alpha.
    """
    if seen.shape[2] == 3 or float((seen[..., 3] <= HALF_COVER).mean()) < _LEAST_CLEAR:
        return None
    return np.ascontiguousarray(seen[..., 3])


def photo_of(seen: NDArray[np.uint8]) -> Picture:
    """Drop the alpha channel and scale down to the largest size that a network can use."""
    return fitted(np.ascontiguousarray(seen[..., :3]), CROP_SIDE)


def spread(matte: Matte, photo_shape: tuple[int, ...], shape: tuple[int, ...]) -> Bytes:
    """Resize a matte that was found on a scaled-down photo to the whole picture.

    Returns:
        uint8 (H, W), 255 is product.
    """
    across, down = shape[1] / photo_shape[1], shape[0] / photo_shape[0]
    x0, y0, x1, y1 = matte.box
    box = (round(x0 * across), round(y0 * down), round(x1 * across), round(y1 * down))
    return cover_of_photo(replace(matte, box=box), shape)
