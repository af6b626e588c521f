"""Containers of picture files: the offsets of their pieces, and files put together by hand."""

import struct
import zlib

PNG = b"\x89PNG\r\n\x1a\n"


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk with its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(
    width: int, height: int, rows: bytes, *extra: bytes, color: int = 2, depth: int = 8, interlaced: int = 0
) -> bytes:
    """A PNG from its compressed rows, with more chunks before them."""
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlaced)
    middle = b"".join(extra) + png_chunk(b"IDAT", rows)
    return PNG + png_chunk(b"IHDR", header) + middle + png_chunk(b"IEND", b"")


def with_png_chunks(png: bytes, *chunks: bytes) -> bytes:
    """The same PNG with more chunks behind its header."""
    return png[:33] + b"".join(chunks) + png[33:]


def jpeg_segment(marker: int, body: bytes) -> bytes:
    """One segment."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def with_jpeg_segments(jpeg: bytes, *segments: bytes) -> bytes:
    """The same JPEG with more segments behind its start."""
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def claiming(jpeg: bytes, width: int, height: int) -> bytes:
    """The same JPEG with another size in its header."""
    frame = next(at for at, marker in _jpeg_markers(jpeg) if marker in (0xC0, 0xC2))
    return jpeg[: frame + 5] + struct.pack(">HH", height, width) + jpeg[frame + 9 :]


def box(kind: bytes, body: bytes) -> bytes:
    """One box of an ISO media file."""
    return struct.pack(">I", len(body) + 8) + kind + body


def riff_chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a WebP."""
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def boundaries(data: bytes) -> list[int]:
    """Offsets of a file's pieces, after its signature."""
    if data.startswith(b"\xff\xd8"):
        return [at for at, _ in _jpeg_markers(data)]
    if data.startswith(PNG):
        return _walked(data, 8, ">I", 0, 12)
    if data[:4] == b"RIFF":
        return _walked(data, 12, "<I", 4, 8)
    if data[4:8] == b"ftyp":
        return _walked(data, 0, ">I", 0, 0)
    return []


def _walked(data: bytes, start: int, order: str, offset: int, overhead: int) -> list[int]:
    places, at = [], start
    while at + offset + 4 <= len(data):
        places.append(at)
        length = struct.unpack_from(order, data, at + offset)[0] + overhead
        at += max(8, length + (length % 2 if order == "<I" else 0))
    return places


def _jpeg_markers(data: bytes) -> list[tuple[int, int]]:
    places, at = [], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        places.append((at, marker))
        if marker == 0xDA:
            break
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return places


def tiff_of(
    width: int,
    height: int,
    pages: int = 1,
    *,
    loops: bool = False,
    strip: bytes = b"\0",
    channels: int = 1,
) -> bytes:
    """A TIFF that claims a size, on as many pages as wanted; the last may lead back to the first."""
    first = 8
    entries = 9
    size = 2 + entries * 12 + 4
    after = first + pages * size
    rows = [b"II*\0" + struct.pack("<I", first)]
    for page in range(pages):
        follow = first + (page + 1) * size if page + 1 < pages else (first if loops else 0)
        fields = (
            (256, 4, width),
            (257, 4, height),
            (258, 3, 8),
            (259, 3, 1),
            (262, 3, 1),
            (273, 4, after),
            (277, 3, channels),
            (278, 4, height),
            (279, 4, len(strip)),
        )
        rows.append(struct.pack("<H", entries))
        rows += [struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in fields]
        rows.append(struct.pack("<I", follow))
    return b"".join(rows) + strip


def gif_of(width: int, height: int, frames: int, frame: tuple[int, int]) -> bytes:
    """A GIF with a canvas and many small frames."""
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    one = (
        b"\x21\xf9\x04\0\1\0\0\0" + b"\x2c" + struct.pack("<HHHHB", 0, 0, *frame, 0) + b"\x02\x02\x44\x01\x00"
    )
    return head + one * frames + b";"


def webp_of(side: int, frames: int, frame: bytes) -> bytes:
    """An animated WebP of the same frame, the image chunk of a still one, again and again."""
    size = (side - 1).to_bytes(3, "little")
    one = riff_chunk(b"ANMF", bytes(6) + size * 2 + (100).to_bytes(3, "little") + b"\0" + frame)
    body = riff_chunk(b"VP8X", b"\x02\0\0\0" + size * 2) + riff_chunk(b"ANIM", bytes(6)) + one * frames
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
