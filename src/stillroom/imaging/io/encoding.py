"""Encode pixels: lossless masters, thumbnails, previews, and exports within a byte window."""

import functools
import zlib
from bisect import bisect_left, bisect_right
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

_PREVIEW_QUALITY = 85

_SENT_QUALITY = 85

SMALLER_JPEG = {
    "interlace": True,
    "trellis_quant": True,
    "overshoot_deringing": True,
    "optimize_scans": True,
}
"""Saves an eighth of the bytes at equal similarity, but takes twenty times as long: 0.2 s per megapixel."""

_AVIF_EFFORT = 1
"""At 2048 x 2048, effort 1 takes 1.0 s and effort 2 takes 2.0 s, with files of equal size."""

_APPLICATION = range(0xE0, 0xF0)
"""Second bytes of the application markers; readers expect JFIF, Exif and XMP at the start of the file."""

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

_PERCEPTUAL = bytes([0])
"""The rendering intent in the sRGB chunk: as for photos."""

_XMP_CHUNK_HEAD = b"XML:com.adobe.xmp" + bytes(5)
"""Keyword, no compression, no language, no translated keyword. Readers of XMP know no other kind of chunk."""

_LONGEST_COMMENT = 0xFFFF - 2


@dataclass(frozen=True, slots=True)
class Encoded:
    """An encoded file and its quality; 100 if lossless."""

    data: bytes
    quality: int


def png_of(pixels: NDArray[np.uint8]) -> bytes:
    """Encode losslessly as PNG, optimised for speed because exports are encoded again.

    Args:
        pixels: uint8 (H, W), (H, W, 3) or (H, W, 4), sRGB, straight alpha.
    """
    return bytes(_image(pixels).pngsave_buffer(compression=_MASTER_LEVEL, filter="up", keep="none"))


def thumbnail(picture: bytes) -> bytes:
    """Encode a thumbnail of a stored picture as WebP.

    Raises:
        InputCorrupt: The picture cannot be decoded.
    """
    try:
        small = pyvips.Image.thumbnail_buffer(
            picture, THUMBNAIL_SIDE, height=THUMBNAIL_SIDE, size="down", option_string="[fail-on=truncated]"
        )
        return _thumbnail_file(small)
    except pyvips.Error as error:
        raise InputCorrupt("The picture is damaged or cut short.") from error


def thumbnail_of(pixels: NDArray[np.uint8]) -> bytes:
    """Encode the thumbnail of a picture that is not encoded yet.

    Args:
        pixels: uint8 (H, W, 3) or (H, W, 4), sRGB, straight alpha.
    """
    image = _image(pixels)
    return _thumbnail_file(image.thumbnail_image(THUMBNAIL_SIDE, height=THUMBNAIL_SIDE, size="down"))


def small_jpeg(picture: bytes, side: int) -> tuple[bytes, tuple[int, int]]:
    """Encode a stored picture as a small JPEG without metadata, on white where it is transparent.

    Returns:
        The file, and its width and height.

    Raises:
        InputCorrupt: The picture cannot be decoded.
    """
    try:
        small = pyvips.Image.thumbnail_buffer(picture, side, height=side, size="down")
        if small.hasalpha():
            small = small.flatten(background=255)
        return bytes(small.jpegsave_buffer(Q=_SENT_QUALITY, keep="none")), (small.width, small.height)
    except pyvips.Error as error:
        raise InputCorrupt("The picture is damaged or cut short.") from error


def preview(pixels: NDArray[np.uint8]) -> bytes:
    """Encode a WebP preview, optimised for speed.

    Args:
        pixels: uint8 (H, W, 3) or (H, W, 4), sRGB, straight alpha.
    """
    return bytes(_image(pixels).webpsave_buffer(Q=_PREVIEW_QUALITY, effort=0, keep="none"))


def pixels_of(picture: bytes) -> NDArray[np.uint8]:
    """Decode a stored picture.

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
    """Encode the file of an export; deterministic for equal pixels.

    Args:
        pixels: uint8 (H, W, 3), or (H, W, 4) with straight alpha for all formats but JPEG; sRGB.
        quality: Initial and lowest quality of lossy formats.
        window: Target size in bytes; missed only if no quality reaches it.
    """
    image = _image(pixels).copy()
    image.set_type(pyvips.GValue.blob_type, "xmp-data", xmp)
    if form is PictureFormat.PNG:
        plain = image.pngsave_buffer(compression=_EXPORT_LEVEL, keep="none")
        return Encoded(_described(plain, xmp), 100)

    def at(quality: int) -> bytes:
        if form is PictureFormat.JPEG:
            # A byte window belongs to a shop, which re-encodes the file anyway, so optimise only without one.
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
        # Not even quality 100 fills the window, so use the preset's quality and pad the file.
        return Encoded(_padded(at(quality.best), window.min), quality.best)
    return made


def _described(png: bytes, xmp: bytes) -> bytes:
    """Embed XMP in a PNG, declare sRGB, and drop the 25.4 dpi that libvips states for want of a size.

    Source:
        PNG, third edition, 11.3.2.5 (sRGB) and 11.3.4.3 (pHYs); XMP specification, part 3, 1.1.5.
    """
    chunks, at = [png[: len(_PNG_SIGNATURE)]], len(_PNG_SIGNATURE)
    while at < len(png):
        end = at + 12 + int.from_bytes(png[at : at + 4])
        kind = png[at + 4 : at + 8]
        if kind != b"pHYs":
            chunks.append(png[at:end])
        if kind == b"IHDR":
            chunks += (_chunk(b"sRGB", _PERCEPTUAL), _chunk(b"iTXt", _XMP_CHUNK_HEAD + xmp))
        at = end
    return b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def _padded(jpeg: bytes, least: int) -> bytes:
    """Pad a JPEG to a size with comment segments of spaces before its scan; decoders skip them.

    Source:
        ITU-T T.81, B.2.4.5: a comment is FF FE, a two-byte length that includes itself, and any bytes.
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
    """Binary search for the highest quality up to `best` that fits, or the lowest that fills the window."""
    at = functools.cache(at)
    first = len(at(quality.best))
    chosen = quality.best
    if window.max is not None and first > window.max:
        lower = range(quality.least, quality.best)
        fitting = bisect_right(lower, window.max, key=lambda one: len(at(one)))
        chosen = lower[max(0, fitting - 1)] if lower else quality.least
    elif first < window.min:
        higher = range(quality.best + 1, 101)
        chosen = min(100, quality.best + 1 + bisect_left(higher, window.min, key=lambda one: len(at(one))))
    return Encoded(at(chosen), chosen)


def _thumbnail_file(small: pyvips.Image) -> bytes:
    return bytes(small.webpsave_buffer(Q=THUMBNAIL_QUALITY, effort=2, keep="none"))


def _image(pixels: NDArray[np.uint8]) -> pyvips.Image:
    interpretation = "b-w" if pixels.ndim == 2 else "srgb"
    return pyvips.Image.new_from_array(np.ascontiguousarray(pixels), interpretation=interpretation)
