"""Truncate animations and multi-page documents to their first frame without decoding them.

libvips reads the headers of all frames before it decodes one. This takes 18 s for a TIFF of 220,000 pages and
22 s for a WebP of 40,000 frames, and grows with the square of their number.
"""

from stillroom.imaging.io.signatures import Unreadable
from stillroom.imaging.io.tiff_structure import Directories

_GIF_HEADER = 13
_GIF_IMAGE, _GIF_EXTENSION, _GIF_TRAILER = 0x2C, 0x21, b";"
_GIF_DESCRIPTOR = 9
"""Bytes of an image descriptor (GIF89a, 20)."""

_RIFF_HEADER = 12
_RIFF_METADATA = frozenset({b"EXIF", b"XMP "})
"""Chunks that follow the frames (WebP container specification, extended file format)."""


def first_frame(data: bytes, kind: str) -> tuple[bytes, bool]:
    """Return a file of the first frame with the metadata, and whether there were more frames.

    A file whose structure cannot be followed is returned unchanged; its decoder fails at the same place.

    Args:
        kind: As returned by `signatures.recognise`.
    """
    cut = {"gif": _gif, "webp": _webp, "tiff": _tiff}.get(kind)
    try:
        return cut(data) if cut else (data, False)
    except (IndexError, Unreadable):
        return data, False


def _gif(data: bytes) -> tuple[bytes, bool]:
    at = _after_extensions(data, _GIF_HEADER + _color_table_bytes(data[10]))
    if data[at] != _GIF_IMAGE:
        return data, False
    at = at + 1 + _GIF_DESCRIPTOR + _color_table_bytes(data[at + _GIF_DESCRIPTOR])
    end = _after_sub_blocks(data, at + 1)
    more = data[_after_extensions(data, end)] == _GIF_IMAGE
    return (data[:end] + _GIF_TRAILER, True) if more else (data, False)


def _after_extensions(data: bytes, at: int) -> int:
    while data[at] == _GIF_EXTENSION:
        at = _after_sub_blocks(data, at + 2)
    return at


def _color_table_bytes(flags: int) -> int:
    """Size in bytes of the colour table that the flags announce (GIF89a, 18)."""
    return 3 << (flags % 8 + 1) if flags & 0x80 else 0


def _after_sub_blocks(data: bytes, at: int) -> int:
    while length := data[at]:
        at += 1 + length
    return at + 1


def _webp(data: bytes) -> tuple[bytes, bool]:
    at = _RIFF_HEADER
    while data[at : at + 4] not in {b"", b"ANMF"}:
        at = _after_chunk(data, at)
    at = _after_chunk(data, at)
    if data[at : at + 4] != b"ANMF":
        return data, False
    body = [data[8:at]]
    while kind := data[at : at + 4]:
        start, at = at, _after_chunk(data, at)
        if kind in _RIFF_METADATA:
            body.append(data[start:at])
    return b"RIFF" + sum(map(len, body)).to_bytes(4, "little") + b"".join(body), True


def _after_chunk(data: bytes, at: int) -> int:
    """Offset of the next RIFF chunk; chunks have an even length."""
    length = int.from_bytes(data[at + 4 : at + 8], "little")
    return at + 8 + length + length % 2


def _tiff(data: bytes) -> tuple[bytes, bool]:
    start, end = Directories(data).link_to_second()
    if not any(data[start:end]):
        return data, False
    return data[:start] + bytes(end - start) + data[end:], True
