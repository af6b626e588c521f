"""Pixels to files: lossless masters, thumbnails, and exports that keep within a window of bytes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyvips
from numpy.typing import NDArray

from stillroom.domain.errors import InputCorrupt
from stillroom.domain.exports.presets import ByteWindow, Quality
from stillroom.domain.exports.rules import PictureFormat
from stillroom.imaging.io.decoding import THUMBNAIL_QUALITY, THUMBNAIL_SIDE

_MASTER_LEVEL = 1
"""Deflate level of masters: level 6 takes four times as long and saves a tenth."""

_EXPORT_LEVEL = 6

_PREVIEW_QUALITY = 90

SMALLER_JPEG = {
    "interlace": True,
    "trellis_quant": True,
    "overshoot_deringing": True,
    "optimize_scans": True,
}
"""Saves an eighth of the bytes at equal similarity, in twenty times the time: 0.2 s a megapixel."""

_AVIF_EFFORT = 1
"""A picture of 2048 x 2048 takes 1.0 s at it, 2.0 s at the next, and the files are of one size."""

_APPLICATION = range(0xE0, 0xF0)
"""Second bytes of the segments that readers of JFIF, Exif and XMP look for at a file's very start."""

_LONGEST_COMMENT = 0xFFFF - 2


@dataclass(frozen=True, slots=True)
class Encoded:
    """A file, and at which quality it was made; 100 where nothing was lost."""

    data: bytes
    quality: int


def png_of(pixels: NDArray[np.uint8]) -> bytes:
    """Encode a picture losslessly as PNG, quickly rather than small, since exports are encoded anew.

    Args:
        pixels: uint8 (H, W), (H, W, 3) or (H, W, 4), sRGB, straight alpha.
    """
    return bytes(_image(pixels).pngsave_buffer(compression=_MASTER_LEVEL, filter="up", keep="none"))


def thumbnail(picture: bytes) -> bytes:
    """The small WebP of a picture of ours.

    Raises:
        InputCorrupt: The picture cannot be decoded.
    """
    try:
        small = pyvips.Image.thumbnail_buffer(
            picture, THUMBNAIL_SIDE, height=THUMBNAIL_SIDE, size="down", option_string="[fail-on=truncated]"
        )
        return bytes(small.webpsave_buffer(Q=THUMBNAIL_QUALITY, effort=2, keep="none"))
    except pyvips.Error as error:
        raise InputCorrupt("The picture is damaged or cut short.") from error


def preview(pixels: NDArray[np.uint8]) -> bytes:
    """A WebP to look at, made in a moment.

    Args:
        pixels: uint8 (H, W, 3) or (H, W, 4), sRGB, straight alpha.
    """
    return bytes(_image(pixels).webpsave_buffer(Q=_PREVIEW_QUALITY, effort=1, keep="none"))


def pixels_of(picture: bytes) -> NDArray[np.uint8]:
    """Decode a picture of ours.

    Returns:
        uint8 (H, W), (H, W, 3) or (H, W, 4), sRGB, straight alpha.

    Raises:
        InputCorrupt: It cannot be decoded.
    """
    try:
        image = pyvips.Image.new_from_buffer(picture, "", fail_on="truncated")
        if image.format != "uchar":
            image = image.colourspace("srgb" if image.bands > 2 else "b-w").cast("uchar")
        pixels: NDArray[np.uint8] = image.numpy()
    except pyvips.Error as error:
        raise InputCorrupt("The picture is damaged or cut short.") from error
    return pixels


def encode(
    pixels: NDArray[np.uint8], form: PictureFormat, quality: Quality, window: ByteWindow, xmp: bytes
) -> Encoded:
    """Make the file of an export; the same pixels give the same bytes every time.

    Args:
        pixels: uint8 (H, W, 3), or (H, W, 4) with straight alpha for all but JPEG; sRGB.
        form: How.
        quality: Where a lossy format starts, and how far it may fall.
        window: Bytes the file should have; missed only if no quality reaches it.
        xmp: Packet to carry.
    """
    image = _image(pixels).copy()
    image.set_type(pyvips.GValue.blob_type, "xmp-data", xmp)
    if form is PictureFormat.PNG:
        return Encoded(bytes(image.pngsave_buffer(compression=_EXPORT_LEVEL, keep="xmp")), 100)

    def at(quality: int) -> bytes:
        if form is PictureFormat.JPEG:
            # A shop decodes the file and encodes it anew; who asks for no window shows it as it is.
            smaller = SMALLER_JPEG if window == ByteWindow() else {}
            return bytes(
                image.jpegsave_buffer(
                    Q=quality, subsample_mode="off", optimize_coding=True, keep="xmp", **smaller
                )
            )
        if form is PictureFormat.AVIF:
            return bytes(image.heifsave_buffer(compression="av1", Q=quality, effort=_AVIF_EFFORT, keep="xmp"))
        return bytes(image.webpsave_buffer(Q=quality, effort=2, smart_subsample=True, keep="xmp"))

    made = _within(at, quality, window)
    if form is PictureFormat.JPEG and len(made.data) < window.min:
        # Not even the best quality fills the window, so that it need not be so good.
        return Encoded(_padded(at(quality.best), window.min), quality.best)
    return made


def _padded(jpeg: bytes, least: int) -> bytes:
    """The same JPEG in at least so many bytes: comments of spaces, which decoders skip, before its scan.

    Source:
        ITU-T T.81, B.2.4.5: a comment is FF FE, its length in two bytes that count themselves, and any bytes.
    """
    at = 2
    while jpeg[at + 1] in _APPLICATION:
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    comments = bytearray()
    while len(jpeg) + len(comments) < least:
        spaces = min(_LONGEST_COMMENT, max(0, least - len(jpeg) - len(comments) - 4))
        comments += b"\xff\xfe" + (spaces + 2).to_bytes(2) + b" " * spaces
    return jpeg[:at] + bytes(comments) + jpeg[at:]


def _within(at: Callable[[int], bytes], quality: Quality, window: ByteWindow) -> Encoded:
    """The best quality up to `quality.best` that fits, or the least above it that fills the window."""
    first = Encoded(at(quality.best), quality.best)
    if window.max is not None and len(first.data) > window.max:
        low, high, best = quality.least, quality.best - 1, None
        while low <= high:
            middle = (low + high) // 2
            tried = Encoded(at(middle), middle)
            if len(tried.data) <= window.max:
                best, low = tried, middle + 1
            else:
                high = middle - 1
        return best or Encoded(at(quality.least), quality.least)
    if len(first.data) < window.min:
        low, high, best = quality.best + 1, 100, None
        while low <= high:
            middle = (low + high) // 2
            tried = Encoded(at(middle), middle)
            if len(tried.data) >= window.min:
                best, high = tried, middle - 1
            else:
                low = middle + 1
        return best or Encoded(at(100), 100)
    return first


def _image(pixels: NDArray[np.uint8]) -> pyvips.Image:
    interpretation = "b-w" if pixels.ndim == 2 else "srgb"
    return pyvips.Image.new_from_array(np.ascontiguousarray(pixels), interpretation=interpretation)
