"""Fill bytes in a JPEG: any number of 0xFF before a marker (ITU-T T.81, B.1.1.2)."""

import time

import numpy as np

from stillroom.imaging.io.decoding import Limits, sanitise
from stillroom.imaging.io.jpeg_structure import EOI, segments
from tests import pictures

JPEG = pictures.jpeg(pictures.scene())
LIMITS = Limits(max_bytes=5_000_000, max_megapixels=20, max_side=1024)


def with_fill_bytes(count: int, after: bytes = b"") -> bytes:
    return JPEG[:-2] + b"\xff" * count + after + JPEG[-2:]


def test_fill_bytes_before_a_marker_change_no_pixel() -> None:
    plain, filled = (
        sanitise(data, declared_type=None, file_name="photo", limits=LIMITS)
        for data in (JPEG, with_fill_bytes(500))
    )
    assert np.array_equal(pictures.decoded(filled.picture), pictures.decoded(plain.picture))


def test_time_to_find_a_marker_does_not_grow_with_the_square_of_fill_bytes() -> None:
    data = with_fill_bytes(1_000_000, after=b"\0")
    started = time.monotonic()
    assert [segment.marker for segment in segments(data)][-1] == EOI
    assert time.monotonic() - started < 2.0, "40 000 of them took 7 s when it did"
