"""TIFF files whose directory comes first, as cameras write them, so that a cut leaves it intact."""

import struct
from dataclasses import dataclass

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 16: 8}
_OFFSETS = {273, 324}
"""Tags with the offsets of strips and tiles."""


@dataclass(frozen=True, slots=True)
class _Entry:
    tag: int
    kind: int
    count: int
    value: bytes


def directory_first(tiff: bytes) -> bytes:
    """The same first page with the directory, and all its values, before the pixels; little-endian."""
    big = tiff[2] == 43
    start = 16 if big else 8
    entries = _entries(tiff, big)
    empty = _written(entries, start, big, 0)
    return _written(entries, start, big, len(empty) - start) + tiff[start:]


def _entries(tiff: bytes, big: bool) -> list[_Entry]:
    offset, number, inline, head = ("<Q", "<Q", 8, 16) if big else ("<I", "<H", 4, 8)
    [at] = struct.unpack_from(offset, tiff, head - inline)
    [count] = struct.unpack_from(number, tiff, at)
    at += struct.calcsize(number)
    found = []
    for _ in range(count):
        tag, kind, length = struct.unpack_from("<HHQ" if big else "<HHI", tiff, at)
        size = _SIZES[kind] * length
        place = at + 4 + inline
        if size > inline:
            [place] = struct.unpack_from(offset, tiff, place)
        found.append(_Entry(tag, kind, length, tiff[place : place + size]))
        at += 4 + 2 * inline
    return found


def _written(entries: list[_Entry], start: int, big: bool, shift: int) -> bytes:
    """Header, directory and long values; offsets of pixels are moved."""
    offset, inline = ("<Q", 8) if big else ("<I", 4)
    count = struct.pack("<Q" if big else "<H", len(entries))
    after = start + len(count) + len(entries) * (4 + 2 * inline) + inline
    directory, values = b"", b""
    for entry in entries:
        value = _moved(entry, shift) if entry.tag in _OFFSETS else entry.value
        if len(value) > inline:
            place = struct.pack(offset, after + len(values))
            values += value
        else:
            place = value.ljust(inline, b"\0")
        directory += struct.pack("<HHQ" if big else "<HHI", entry.tag, entry.kind, entry.count) + place
    header = b"II+\0\x08\0\0\0" if big else b"II*\0"
    return header + struct.pack(offset, start) + count + directory + bytes(inline) + values


def _moved(entry: _Entry, shift: int) -> bytes:
    form = f"<{entry.count}{ {3: 'H', 4: 'I', 16: 'Q'}[entry.kind] }"
    return struct.pack(form, *(place + shift for place in struct.unpack(form, entry.value)))
