"""Whole-photo masks: encode and decode mattes as PNG files."""

import cv2
import numpy as np

from stillroom.domain.errors import InputCorrupt
from stillroom.imaging.cutout.matte import Matte
from stillroom.imaging.io.encoding import png_of
from stillroom.imaging.pixels import Bytes, Picture
from stillroom.imaging.resizing import bilinear


def photo_in(file: bytes) -> Picture:
    """Decode a stored photo. Raises InputCorrupt."""
    flags = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
    picture = cv2.imdecode(np.frombuffer(file, np.uint8), flags)
    if picture is None:
        raise InputCorrupt("The stored photo cannot be decoded.")
    return np.asarray(picture, np.uint8)


def cover_in(file: bytes) -> Bytes:
    """Decode a mask file to uint8 (H, W). Raises InputCorrupt."""
    cover = cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_GRAYSCALE)
    if cover is None:
        raise InputCorrupt("The stored matte cannot be decoded.")
    return np.asarray(cover, np.uint8)


def cover_of_photo(matte: Matte, shape: tuple[int, ...]) -> Bytes:
    cover = np.zeros(shape[:2], np.uint8)
    x0, y0, x1, y1 = matte.box
    cover[y0:y1, x0:x1] = bilinear(matte.alpha, (x1 - x0, y1 - y0))
    return cover


def cover_file(matte: Matte, shape: tuple[int, ...]) -> bytes:
    return png_of(cover_of_photo(matte, shape))
