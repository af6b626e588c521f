"""Read JPEG segments to find missing scans and zero-filled data, which libjpeg does not report."""

import re
from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

from stillroom.imaging.io.signatures import Unreadable

SOI, EOI, SOS = 0xD8, 0xD9, 0xDA
PROGRESSIVE_FRAMES = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""SOF markers; the three excluded codes are tables and an extension (ITU-T T.81, table B.1)."""

_APP0 = 0xE0
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
"""Next marker in entropy-coded data; stuffed bytes, restart markers and fill bytes are part of the data.

Matching the fill bytes before a marker too would take a time that grows with the square of their number.
"""

_COEFFICIENTS = 64
_SEQUENTIAL = b"\x00\x3f\x00"
"""Spectral selection and successive approximation of a sequential scan (T.81, B.2.3)."""

MAX_SEGMENTS = 10_000
"""A photo has about 20, or 300 with a long colour profile; libvips accepts 100 scans."""

FILLER_BYTES = 16
"""Shortest run of zeros before the end of the image that is examined."""


class Segment(NamedTuple):
    """A marker segment with its parameters.

    Attributes:
        marker: Second byte of the marker.
        start: Offset of the first byte after marker and length.
        end: Offset after the last byte of the parameters.
        data_end: Offset after the entropy-coded data that follows SOS; equals `end` for other markers.
    """

    marker: int
    start: int
    end: int
    data_end: int


def segments(data: bytes) -> Iterator[Segment]:
    """Yield all segments up to and including EOI; bytes between segments are skipped, as in libjpeg.

    Raises:
        Unreadable: There are too many.
    """
    at = 2
    for number in count():
        if number == MAX_SEGMENTS:
            raise Unreadable
        found = _NEXT_MARKER.search(data, at)
        if found is None:
            return
        at = found.end()
        marker = data[at - 1]
        if marker in {EOI, SOI, 0x01}:
            yield Segment(marker, at, at, at)
            if marker == EOI:
                return
            continue
        end = at + int.from_bytes(data[at : at + 2])
        follows = _NEXT_MARKER.search(data, end) if marker == SOS else None
        data_end = follows.start() if follows else len(data) if marker == SOS else end
        yield Segment(marker, at + 2, end, data_end)
        at = max(data_end, at)


def lacks_scans(data: bytes) -> bool:
    """Whether a progressive JPEG lacks bits of a coefficient, because it ends between two scans."""
    components: set[int] = set()
    complete: dict[int, set[int]] = {}
    for segment in segments(data):
        body = data[segment.start : segment.end]
        if segment.marker in FRAMES:
            if segment.marker not in PROGRESSIVE_FRAMES:
                return False
            components = set(body[6::3])
        elif segment.marker == SOS and body:
            named = 2 * body[0]
            first, last, approximation = body[1 + named : 4 + named].ljust(3, b"\xff")
            if approximation & 15 == 0:
                for component in body[1 : 1 + named : 2]:
                    complete.setdefault(component, set()).update(range(first, min(last, 63) + 1))
    return any(len(complete.get(component, ())) < _COEFFICIENTS for component in components)


def filler(data: bytes) -> tuple[int, int] | None:
    """Start and end of a long run of zeros before the end of the image; None if there is none."""
    last = end = 0
    for segment in segments(data):
        if segment.marker == EOI:
            end = last
        last = segment.data_end
    if not end or data[end - FILLER_BYTES : end].strip(b"\0"):
        return None
    return len(data[:end].rstrip(b"\0")), end


def without_harmless_errors(data: bytes) -> bytes:
    """Remove errors that make libjpeg warn but change no pixel.

    Some phones write scan parameters that sequential JPEG does not use, an unknown JFIF version, or bytes
    between segments.
    """
    kept, sequential = [data[:2]], True
    for segment in segments(data):
        body = data[segment.start : segment.end]
        sequential = sequential and segment.marker not in PROGRESSIVE_FRAMES
        if segment.marker == _APP0 and body.startswith(b"JFIF\0"):
            body = b"JFIF\0\x01\x02" + body[7:]
        if segment.marker == SOS and sequential:
            body = body[:-3] + _SEQUENTIAL
        kept.append(bytes((0xFF, segment.marker)))
        if segment.marker not in {EOI, SOI, 0x01}:
            kept.append((len(body) + 2).to_bytes(2))
        kept += [body, data[segment.end : segment.data_end]]
    return b"".join(kept)
