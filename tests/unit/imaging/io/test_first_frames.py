"""Files of many frames or pages: the first is kept, in a time that does not depend on their number."""

import time
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
import pyvips

from stillroom.domain.exports.presets import DigitalSource
from stillroom.imaging.io import provenance
from stillroom.imaging.io.decoding import Limits, open_picture, sanitise
from stillroom.imaging.io.first_frames import first_frame
from tests import pictures
from tests.hostile import containers as c
from tests.hostile.bombs import long_webp

LIMITS = Limits(max_bytes=30_000_000, max_megapixels=20, max_side=1024)
SECONDS = 2.0
"""The TIFF took 18 s and the WebP 22 s; now about 0.1 s."""


clean = partial(sanitise, declared_type=None, file_name="photo", limits=LIMITS)


LONG: dict[str, Callable[[], bytes]] = {
    "gif": lambda: c.gif_of(300, 300, 1_200_000, (1, 1)),
    "tiff": lambda: c.tiff_of(300, 300, 220_000, strip=bytes(90_000)),
    "webp": lambda: long_webp(40_000),
}


@pytest.mark.parametrize("kind", LONG)
def test_endless_animation_costs_one_frame(kind: str) -> None:
    data = LONG[kind]()
    started = time.monotonic()
    done = clean(data)
    assert time.monotonic() - started < SECONDS
    assert done.first_frame_only


@pytest.mark.parametrize("kind", LONG)
def test_one_frame_of_an_endless_animation_is_opened_and_others_are_counted(kind: str) -> None:
    data = LONG[kind]()
    started = time.monotonic()
    opened = open_picture(data, LIMITS)
    assert time.monotonic() - started < SECONDS
    assert opened.facts.frames == 2


def test_metadata_after_the_frames_of_a_webp_is_kept() -> None:
    moving = pictures.animation().copy()
    moving.set_type(pyvips.GValue.blob_type, "xmp-data", provenance.packet(DigitalSource.TRAINED_MODEL, ""))
    opened = open_picture(bytes(moving.webpsave_buffer(keep="xmp")), LIMITS)
    assert opened.facts.source is DigitalSource.TRAINED_MODEL


SHORT: dict[str, Callable[[], bytes]] = {
    "gif": lambda: bytes(pictures.animation().gifsave_buffer()),
    "webp": lambda: bytes(pictures.animation().webpsave_buffer(lossless=True)),
    "tiff": lambda: bytes(pictures.animation().tiffsave_buffer()),
}


@pytest.mark.parametrize("kind", SHORT)
def test_the_first_frame_is_the_one_that_is_kept(kind: str) -> None:
    done = clean(SHORT[kind]())
    assert (done.width, done.height, done.first_frame_only) == (400, 300, True)
    difference = np.abs(pictures.decoded(done.picture).astype(int) - pictures.scene(400, 300))
    assert difference.mean() < 8.0


@pytest.mark.parametrize("kind", SHORT)
def test_a_single_frame_is_left_as_it_is(kind: str) -> None:
    picture = pictures.image(pictures.scene(400, 300))
    data = bytes(getattr(picture, f"{kind}save_buffer")())
    assert first_frame(data, kind) == (data, False)
    assert not clean(data).first_frame_only


def test_a_comment_after_the_only_frame_of_a_gif_is_no_second_frame() -> None:
    still = bytes(pictures.image(pictures.scene(400, 300)).gifsave_buffer())
    data = still.removesuffix(b";") + b"\x21\xfe\x05hello\x00;"
    assert first_frame(data, "gif") == (data, False)
