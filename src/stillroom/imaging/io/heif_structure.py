"""Read the boxes of a HEIC or AVIF file: coded items, their size, and lost data.

Source:
    ISO/IEC 14496-12 (boxes, `iloc`, `iinf`), 14496-15 (HEVC in boxes), 23008-12 (HEIF).
"""

import re
from collections.abc import Iterator

from stillroom.imaging.io.signatures import Unreadable

MAX_BOXES = 20_000
"""Most boxes that are read; a phone photo of 48 tiles has about 200."""

_FULL_BOX = 4
"""Bytes of version and flags."""

_IMPOSSIBLE_IN_HEVC = re.compile(rb"\0\0\0")
"""Three zeros would form a start code, so encoders escape them (ITU-T H.265, 7.4.2)."""

_ZEROS_AT_THE_END = bytes(8)
"""AV1 data ends in a one bit and the padding of its last byte (AV1 specification, 8.2.4)."""


def boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, start and end of the content of each box between two offsets.

    Raises:
        Unreadable: A box extends beyond its parent, or there are too many.
    """
    for _ in range(MAX_BOXES):
        if start + 8 > end:
            return
        size, kind, head = int.from_bytes(data[start : start + 4]), data[start + 4 : start + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[start + 8 : start + 16]), 16
        after = end if size == 0 else start + size
        if not start + head <= after <= end:
            raise Unreadable
        yield kind, start + head, after
        start = after
    raise Unreadable


def _content(data: bytes, kind: bytes, start: int, end: int) -> tuple[int, int]:
    """Start and end of the first box of a kind; an empty range when there is none."""
    return next(((at, to) for found, at, to in boxes(data, start, end) if found == kind), (end, end))


def meta(data: bytes) -> tuple[int, int]:
    """Start and end of the content of the `meta` box."""
    start, end = _content(data, b"meta", 0, len(data))
    return min(start + _FULL_BOX, end), end


def properties(data: bytes) -> list[tuple[bytes, bytes]]:
    """Kind and content of every item property, such as `ispe` and `hvcC`."""
    start, end = _content(data, b"ipco", *_content(data, b"iprp", *meta(data)))
    return [(kind, data[at:to]) for kind, at, to in boxes(data, start, end)]


def lost_data(data: bytes) -> bool:
    """Whether coded data of an item was overwritten by zeros or lies outside the file.

    Decoders conceal this by a grey or repeated area.

    Raises:
        Unreadable: The boxes cannot be followed, or refer to the same data repeatedly.
    """
    length_bytes = {body[21] % 4 + 1 for kind, body in properties(data) if kind == b"hvcC" and len(body) > 21}
    kinds, total = _kinds(data), 0
    for number, extents in _locations(data):
        kind = kinds.get(number, b"")
        total += sum(length or len(data) for _, length in extents)
        if total > 2 * len(data):
            raise Unreadable
        if kind not in {b"hvc1", b"av01"}:
            continue
        if any(start + length > len(data) for start, length in extents):
            return True
        coded = b"".join(data[at : at + length if length else None] for at, length in extents)
        if kind == b"av01" and coded.endswith(_ZEROS_AT_THE_END):
            return True
        if kind == b"hvc1" and len(length_bytes) == 1 and _has_gap(coded, *length_bytes):
            return True
    return False


def _has_gap(coded: bytes, length_bytes: int) -> bool:
    """Whether HEVC data ends inside a NAL unit, or a unit contains bytes that no encoder writes."""
    at = 0
    while at < len(coded):
        length = int.from_bytes(coded[at : at + length_bytes])
        at += length_bytes
        if length == 0 or at + length > len(coded):
            return True
        if _IMPOSSIBLE_IN_HEVC.search(coded, at, at + length):
            return True
        at += length
    return False


def _kinds(data: bytes) -> dict[int, bytes]:
    """Type of each item by its ID: four characters, such as `hvc1`, `av01`, `grid` or `Exif`."""
    start, end = _content(data, b"iinf", *meta(data))
    if start == end:
        return {}
    counted = 2 if data[start] == 0 else 4
    found = {}
    for kind, at, _ in boxes(data, start + _FULL_BOX + counted, end):
        if kind == b"infe" and at < end and (version := data[at]) >= 2:
            wide = 2 if version == 2 else 4
            number = int.from_bytes(data[at + 4 : at + 4 + wide])
            found[number] = data[at + 6 + wide : at + 10 + wide]
    return found


def _locations(data: bytes) -> Iterator[tuple[int, tuple[tuple[int, int], ...]]]:
    """ID of each item that is located by absolute file offsets, and its pieces: offset and length of each.

    A length of 0 reaches to the end of the file.
    """
    at, end = _content(data, b"iloc", *meta(data))
    if at == end:
        return
    version = data[at]
    read = _Fields(data, at + _FULL_BOX, end)
    sizes = read.number(2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version == 2 else 2
    for _ in range(read.number(wide)):
        number = read.number(wide)
        method = read.number(2) & 15 if version else 0
        read.number(2)
        base = read.number(base_size)
        extents = []
        for _ in range(read.number(2)):
            read.count()
            if version:
                read.number(index_size)
            extents.append((base + read.number(offset_size), read.number(length_size)))
        if method == 0:
            yield number, tuple(extents)


class _Fields:
    """Sequential reader of big-endian integers."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self._data, self._at, self._end = data, at, end
        self._counted = 0

    def count(self) -> None:
        self._counted += 1
        if self._counted > MAX_BOXES:
            raise Unreadable

    def number(self, width: int) -> int:
        after = self._at + width
        if after > self._end:
            raise Unreadable
        value = int.from_bytes(self._data[self._at : after])
        self._at = after
        return value
