"""Whole-photo masks: encode, decode and correct mattes as PNG files."""

from dataclasses import dataclass

import cv2
import numpy as np

from stillroom.domain.errors import InputCorrupt
from stillroom.domain.mattes import Correction
from stillroom.imaging.cutout.correction import corrected
from stillroom.imaging.cutout.matting import Matte, matte_from_cover
from stillroom.imaging.io.encoding import png_of
from stillroom.imaging.pixels import Bytes, Picture


@dataclass(frozen=True, slots=True)
class CorrectedCover:
    """A corrected matte and the confidence of its edges.

    Attributes:
        file: 8-bit grey PNG of the photo's size.
        edge_confidence: 0..1.
    """

    file: bytes
    edge_confidence: float


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
    """Return a matte as a mask of the whole photo, uint8 (H, W)."""
    cover = np.zeros(shape[:2], np.uint8)
    x0, y0, x1, y1 = matte.box
    cover[y0:y1, x0:x1] = cv2.resize(matte.alpha, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR)
    return cover


def cover_file(matte: Matte, shape: tuple[int, ...]) -> bytes:
    """Encode a matte as a mask of the whole photo."""
    return png_of(cover_of_photo(matte, shape))


def corrected_file(photo: bytes, cover: bytes, correction: Correction) -> CorrectedCover:
    """Apply a correction to encoded files.

    Args:
        photo: The stored photo.
        cover: The mask to correct, of the photo's size.
        correction: Its box is assumed to be applied already.

    Raises:
        InputCorrupt: One of the files cannot be decoded.
    """
    new = corrected(photo_in(photo), cover_in(cover), correction)
    return CorrectedCover(png_of(new), matte_from_cover(new, "corrected").confidence)
