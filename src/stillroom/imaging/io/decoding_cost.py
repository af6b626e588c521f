"""Estimate the memory needed to decode a picture from its header alone.

A false header gains nothing, because the estimate also limits the decoding child (`decoder_child`).
"""

from collections.abc import Callable

from stillroom.domain.errors import InputUnsupported
from stillroom.imaging.io import heif_structure, jpeg_structure
from stillroom.imaging.io.signatures import HEAD_BYTES, Unreadable, recognise
from stillroom.imaging.io.tiff_structure import Directories

MIN_BYTES = 128 << 20
"""Base cost of any picture: row buffers, the scaled picture and its two encodings.

Source:
    `python -m tests.bench.decoder_memory`, as for the bytes per pixel below.
"""

_GIF, _WEBP, _HEIC = 6.0, 8.0, 8.0
_AV1, _AV1_DEEP = 16.0, 20.0
"""Bytes per pixel; the second is for more than 8 bits, full chroma, or transparency."""

_COPY = 4.0
"""Bytes per pixel of a copy at full size in sRGB."""

_COPIES = {"webp": 4}
"""Copies at full size that are held while a file of a kind is decoded; of kinds that are not named, one.

One more, turned upright, is made when the decoder's memory is free again.
"""

_COEFFICIENT_BYTES = 2
"""Bytes per coefficient; a progressive JPEG is held as coefficients until its last scan."""

FILM_BYTES = 1 << 30
"""Cost of any film: 60 frames of 1920 x 1080 are 0.4 GB, and FFmpeg holds some for each of its threads."""

_Cost = tuple[int, float]
"""Pixels of a picture, and bytes that its decoder needs."""


def estimate(data: bytes, *, at_full_size: bool = False, is_film: bool = False) -> int:
    """Estimate the memory in bytes that decoding a file takes in addition to an idle decoder.

    An unreadable header yields the base cost, because the decoder will refuse the file.

    Args:
        at_full_size: Whether the picture is returned at full size, not scaled.
        is_film: Whether it is a film of which one frame is returned.
    """
    if is_film:
        return FILM_BYTES
    try:
        kind = recognise(data[:HEAD_BYTES])
        pixels, decoder_bytes = _MEASURE[kind](data)
    except (IndexError, InputUnsupported, Unreadable):
        return MIN_BYTES
    if at_full_size:
        copy = _COPY * pixels
        decoder_bytes = max(decoder_bytes + _COPIES.get(kind, 1) * copy, 2 * copy)
    return MIN_BYTES + int(decoder_bytes)


def _jpeg(data: bytes) -> _Cost:
    for segment in jpeg_structure.segments(data):
        if segment.marker in jpeg_structure.FRAMES:
            frame = data[segment.start : segment.end]
            pixels = int.from_bytes(frame[1:3]) * int.from_bytes(frame[3:5])
            whole = segment.marker in jpeg_structure.PROGRESSIVE_FRAMES
            return pixels, _COEFFICIENT_BYTES * frame[5] * pixels if whole else 0.0
    raise Unreadable


def _png(data: bytes) -> _Cost:
    depth, color, interlaced = data[24], data[25], data[28]
    channels = {0: 1, 2: 3, 3: 3, 4: 2, 6: 4}.get(color, 4)
    pixels = int.from_bytes(data[16:20]) * int.from_bytes(data[20:24])
    return pixels, 1.25 * channels * max(1, depth // 8) * pixels if interlaced else 0.0


def _gif(data: bytes) -> _Cost:
    pixels = int.from_bytes(data[6:8], "little") * int.from_bytes(data[8:10], "little")
    return pixels, _GIF * pixels


def _webp(data: bytes) -> _Cost:
    kind = data[12:16]
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
    elif kind == b"VP8L":
        packed = int.from_bytes(data[21:25], "little")
        width, height = (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    else:
        width, height = (int.from_bytes(data[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    return width * height, _WEBP * width * height


def _tiff(data: bytes) -> _Cost:
    page = Directories(data).first_page()
    pixels = page.width * page.height
    return pixels, 2.0 * page.pixel_bytes * min(page.piece_pixels, pixels)


def _heif(data: bytes) -> _Cost:
    pixels, configurations = 0, []
    for kind, body in heif_structure.properties(data):
        if kind == b"ispe":
            pixels = max(pixels, int.from_bytes(body[4:8]) * int.from_bytes(body[8:12]))
        elif kind == b"av1C":
            configurations.append(body[2])
    if not configurations:
        return pixels, _HEIC * pixels
    is_plain = len(configurations) == 1 and _is_plain(configurations[0])
    return pixels, (_AV1 if is_plain else _AV1_DEEP) * pixels


def _is_plain(flags: int) -> bool:
    """Whether an AV1 configuration has 8 bits and 4:2:0 chroma (AV1 in ISOBMFF, 2.3.3)."""
    deep, half_width, half_height = flags & 0x40, flags & 0x08, flags & 0x04
    return bool(half_width and half_height and not deep)


_MEASURE: dict[str, Callable[[bytes], _Cost]] = {
    "jpeg": _jpeg,
    "png": _png,
    "gif": _gif,
    "webp": _webp,
    "tiff": _tiff,
    "avif": _heif,
    "heic": _heif,
}
"""Functions that read a header, by kind."""
