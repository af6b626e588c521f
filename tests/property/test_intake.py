"""Properties of the intake: any bytes give a clean picture or one of three errors."""

import contextlib
from functools import partial

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stillroom.domain.errors import InputCorrupt, InputTooLarge, InputUnsupported
from stillroom.imaging.io.decoding import MIN_SIDE, Limits, Sanitised, sanitise
from stillroom.imaging.io.signatures import recognise
from tests import pictures

LIMITS = Limits(max_bytes=1_000_000, max_megapixels=2, max_side=512)
REFUSALS = (InputCorrupt, InputTooLarge, InputUnsupported)

_SMALL = pictures.scene(280, 260)
_FILES = (
    pictures.jpeg(_SMALL),
    pictures.png(_SMALL),
    bytes(pictures.image(_SMALL).webpsave_buffer()),
    bytes(pictures.image(_SMALL).gifsave_buffer()),
    bytes(pictures.image(_SMALL).tiffsave_buffer()),
)


clean = partial(sanitise, declared_type=None, file_name="photo", limits=LIMITS)


def assert_clean(done: Sanitised) -> None:
    pixels = pictures.decoded(done.picture)
    assert pixels.shape == (done.height, done.width, 3)
    assert max(done.width, done.height) <= LIMITS.max_side
    assert pictures.fields(done.picture) == []
    assert recognise(done.picture) == done.format
    assert recognise(done.thumbnail) == "webp"


@given(st.binary(max_size=2_000))
def test_any_bytes_are_refused_or_cleaned(data: bytes) -> None:
    with contextlib.suppress(*REFUSALS):
        assert_clean(clean(data))


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(_FILES),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8),
    st.floats(0, 1),
    st.binary(max_size=64),
)
def test_a_damaged_picture_is_refused_or_cleaned(
    data: bytes, changes: list[tuple[float, int]], kept: float, tail: bytes
) -> None:
    broken = bytearray(data)
    for place, value in changes:
        broken[int(place * len(broken))] = value
    with contextlib.suppress(*REFUSALS):
        assert_clean(clean(bytes(broken[: int(len(broken) * (0.5 + kept / 2))]) + tail))


@settings(deadline=None, max_examples=25)
@given(st.integers(MIN_SIDE, 900), st.integers(MIN_SIDE, 900), st.sampled_from(["jpeg", "png"]))
def test_a_clean_picture_passes_again_unchanged_in_size(width: int, height: int, form: str) -> None:
    picture = pictures.scene(width, height)
    once = clean(pictures.jpeg(picture) if form == "jpeg" else pictures.png(picture))
    assert_clean(once)
    assert abs(once.width / once.height - width / height) < 0.02 * width / height
    if min(once.width, once.height) < MIN_SIDE:
        return
    again = clean(once.picture)
    assert (again.width, again.height, again.format) == (once.width, once.height, once.format)
    drift = np.abs(pictures.decoded(again.picture).astype(int) - pictures.decoded(once.picture).astype(int))
    assert drift.mean() < 1.0
