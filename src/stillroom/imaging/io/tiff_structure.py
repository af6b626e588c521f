"""Read the first directory of a TIFF without decoding it.

Source:
    TIFF 6.0; BigTIFF, https://www.awaresystems.be/imaging/tiff/bigtiff.html
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from stillroom.imaging.io.signatures import Unreadable

_WIDTH, _HEIGHT, _BITS, _SAMPLES = 256, 257, 258, 277
_STRIP_OFFSETS, _ROWS_PER_STRIP, _STRIP_BYTES = 273, 278, 279
_TILE_WIDTH, _TILE_HEIGHT, _TILE_OFFSETS, _TILE_BYTES = 322, 323, 324, 325

_FORMS = {1: "B", 3: "H", 4: "I", 16: "Q"}
"""struct formats by field type; other types are not needed."""

_MAX_ENTRIES = 1_000
"""Fields of a directory; cameras write about 50."""

_MAX_PIECES = 1_000_000
"""Strips or tiles of a page; 100 megapixels in tiles of 16 x 16 are 390,000."""


@dataclass(frozen=True, slots=True)
class Page:
    """Fields of a page's directory.

    Attributes:
        pixel_bytes: Bytes of all samples of a decoded pixel.
        piece_pixels: Pixels of a strip or tile, which is decoded at once.
    """

    width: int
    height: int
    pixel_bytes: int
    piece_pixels: int


class Directories:
    """The directories of a file, a linked list by offsets."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._order = "<" if data[:2] == b"II" else ">"
        self._big = data[2:4] in {b"+\0", b"\0+"}
        self._inline = 8 if self._big else 4
        self._first = self._number("Q" if self._big else "I", 8 if self._big else 4)

    def link_to_second(self) -> tuple[int, int]:
        """Start and end of the link to the second directory, which is zero if there is none.

        Raises:
            Unreadable: The first directory lies outside the file.
        """
        entries, at = self._entries(self._first)
        start = at + entries * (4 + 2 * self._inline)
        if start + self._inline > len(self._data):
            raise Unreadable
        return start, start + self._inline

    def first_page(self) -> Page:
        """Read the first directory.

        Raises:
            Unreadable: It cannot be followed.
        """
        fields = self._fields()
        width, height = (self._values(fields, tag, 1)[0] for tag in (_WIDTH, _HEIGHT))
        bits = self._values(fields, _BITS, 8, (1,))
        samples = self._values(fields, _SAMPLES, 1, (1,))[0]
        if _TILE_OFFSETS in fields:
            piece = self._values(fields, _TILE_WIDTH, 1)[0] * self._values(fields, _TILE_HEIGHT, 1)[0]
        else:
            piece = width * min(height, self._values(fields, _ROWS_PER_STRIP, 1, (height,))[0])
        return Page(width, height, max(1, samples * max(bits) // 8), piece)

    def pieces(self) -> Iterator[tuple[int, int]]:
        """Offset and length of each strip or tile of the first page; empty if either field is missing.

        Raises:
            Unreadable: The directory cannot be followed.
        """
        fields = self._fields()
        tiled = _TILE_OFFSETS in fields
        offsets, lengths = (_TILE_OFFSETS, _TILE_BYTES) if tiled else (_STRIP_OFFSETS, _STRIP_BYTES)
        starts = self._values(fields, offsets, _MAX_PIECES, ())
        sizes = self._values(fields, lengths, _MAX_PIECES, ())
        return zip(starts, sizes, strict=False)

    def _entries(self, at: int) -> tuple[int, int]:
        """Number of fields of the directory at an offset, and the offset of the first."""
        form = "Q" if self._big else "H"
        count = self._number(form, at)
        if count > _MAX_ENTRIES:
            raise Unreadable
        return count, at + struct.calcsize(form)

    def _fields(self) -> dict[int, tuple[int, int, int]]:
        """Type, count and value offset of each field."""
        entries, at = self._entries(self._first)
        found = {}
        for _ in range(entries):
            tag, kind = self._number("H", at), self._number("H", at + 2)
            count, place = self._offset(at + 4), at + 4 + self._inline
            if struct.calcsize(_FORMS.get(kind, "B")) * count > self._inline:
                place = self._offset(place)
            found[tag] = (kind, count, place)
            at += 4 + 2 * self._inline
        return found

    def _values(
        self,
        fields: dict[int, tuple[int, int, int]],
        tag: int,
        at_most: int,
        default: tuple[int, ...] | None = None,
    ) -> tuple[int, ...]:
        if tag not in fields:
            if default is None:
                raise Unreadable
            return default
        kind, count, place = fields[tag]
        if kind not in _FORMS or count == 0:
            raise Unreadable
        form = f"{self._order}{min(count, at_most)}{_FORMS[kind]}"
        if place + struct.calcsize(form) > len(self._data):
            raise Unreadable
        return struct.unpack_from(form, self._data, place)

    def _offset(self, at: int) -> int:
        return self._number("Q" if self._big else "I", at)

    def _number(self, form: str, at: int) -> int:
        if at + struct.calcsize(form) > len(self._data):
            raise Unreadable
        [number] = struct.unpack_from(self._order + form, self._data, at)
        return int(number)


def lost_data(data: bytes) -> bool:
    """Whether a strip or tile of the first page lies outside the file; libvips fills it with grey."""
    return any(start + length > len(data) for start, length in Directories(data).pieces())
