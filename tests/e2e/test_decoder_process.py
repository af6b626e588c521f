"""Children that decode: bounded, replaceable, and without our secrets."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import pyvips

from stillroom.domain.errors import InputCorrupt, InputTooLarge, InputUnsupported, InternalError
from stillroom.domain.exports.presets import DigitalSource
from stillroom.imaging.io import provenance
from stillroom.imaging.io.decoder_process import (
    Bounds,
    DecodingPool,
    Died,
    InvalidReply,
    opened_in,
    sanitised_in,
)
from stillroom.imaging.io.decoding import Limits, Opened, Sanitised, open_picture, sanitise
from tests import pictures
from tests.hostile.cases import MEDIA, good

LIMITS = Limits(max_bytes=20_000_000, max_megapixels=100, max_side=1024)
PACKET = provenance.packet(DigitalSource.COMPOSITE_SYNTHETIC, "abc")


@pytest.fixture
def pool() -> Iterator[DecodingPool]:
    with DecodingPool(children=1) as made:
        yield made


def clean(pool: DecodingPool, data: bytes) -> Sanitised:
    return pool.sanitise(data, declared_type=None, file_name="photo", limits=LIMITS)


def opened(pool: DecodingPool, data: bytes) -> Opened:
    return pool.open(data, limits=LIMITS)


both_operations = pytest.mark.parametrize("decode", [clean, opened], ids=["sanitise", "open"])
Decode = Callable[[DecodingPool, bytes], Sanitised | Opened]


def children() -> set[int]:
    """Decoders that this process has started and that still run."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,stat=,args=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
    return {int(pid) for pid, state, args in lines if "decoder_child" in args and not state.startswith("Z")}


def flat(side: int) -> pyvips.Image:
    """A grey square."""
    return pictures.image(np.full((8, 8, 3), 120, np.uint8)).embed(0, 0, side, side, extend="copy")


def heavy(side: int = 7_000) -> bytes:
    """A progressive JPEG: small as a file, hundreds of megabytes to decode."""
    return bytes(flat(side).jpegsave_buffer(interlace=True, subsample_mode="off"))


def test_decoder_process_returns_the_same_result_as_the_decoder(pool: DecodingPool) -> None:
    data = pictures.jpeg(pictures.scene())
    here = sanitise(data, declared_type=None, file_name="photo", limits=LIMITS)
    assert clean(pool, data) == here


def idle_child(pool: DecodingPool) -> int:
    """Id of the only decoder, which has seen no picture yet."""
    with pytest.raises(InputUnsupported):
        clean(pool, b"%PDF-1.7")
    [child] = children()
    return child


SCENE = pictures.image(pictures.scene(400, 300))
MADE: dict[str, Callable[[], bytes]] = {
    "cmyk": lambda: SCENE.colourspace("cmyk").jpegsave_buffer(),
    "wide gamut": lambda: SCENE.icc_export(output_profile="p3").jpegsave_buffer(),
    "turned": lambda: pictures.jpeg(pictures.scene(400, 300), orientation=6),
    "described": lambda: pictures.jpeg(pictures.scene(400, 300), xmp_data=PACKET),
    "transparent": lambda: pictures.png(np.dstack(pictures.product())),
    "16 bit": lambda: SCENE.colourspace("rgb16").pngsave_buffer(),
    "deep avif": lambda: SCENE.heifsave_buffer(compression="av1", effort=0, bitdepth=10),
    "animated webp": lambda: pictures.animation().webpsave_buffer(),
    # libvips decodes more than 100 MB of a WebP into a file unless it is told not to.
    "large webp": lambda: flat(6_000).webpsave_buffer(lossless=True, effort=0),
}


@pytest.mark.parametrize("kind", [*MEDIA, *MADE])
def test_every_kind_is_decoded_without_opening_a_file(pool: DecodingPool, kind: str) -> None:
    data = bytes(MADE[kind]()) if kind in MADE else good(kind)
    assert clean(pool, data) == sanitise(data, declared_type=None, file_name="photo", limits=LIMITS)
    there, here = opened(pool, data), open_picture(data, LIMITS)
    assert there.facts == here.facts
    assert np.array_equal(there.pixels, here.pixels)


def test_a_decoder_is_confined_before_it_has_threads(pool: DecodingPool) -> None:
    child = idle_child(pool)
    assert len(list(Path(f"/proc/{child}/task").iterdir())) == 1


@both_operations
def test_refusals_keep_their_facts(pool: DecodingPool, decode: Decode) -> None:
    with pytest.raises(InputUnsupported) as refused:
        decode(pool, b"%PDF-1.7")
    assert refused.value.params == {"text": "no_picture_file", "found": "PDF"}
    assert "PDF" in refused.value.detail
    with pytest.raises(InputTooLarge) as huge:
        decode(pool, pictures.png_claiming(60_000, 60_000))
    assert huge.value.params["found"] == 3600.0
    assert len(children()) == 1


@both_operations
def test_a_picture_that_needs_too_much_memory_is_refused_and_the_next_one_passes(decode: Decode) -> None:
    bounds = Bounds(memory_bytes=400 << 20, full_size_bytes=400 << 20)
    with DecodingPool(children=1, bounds=bounds) as pool:
        with pytest.raises(InputTooLarge):
            decode(pool, heavy())
        assert clean(pool, pictures.jpeg(pictures.scene())).width == 640


@both_operations
def test_a_picture_that_takes_too_long_is_refused_and_the_next_one_passes(decode: Decode) -> None:
    data = heavy(9_000)
    with DecodingPool(children=1, bounds=Bounds(seconds=0.15)) as pool:
        with pytest.raises(InputTooLarge) as late:
            decode(pool, data)
        assert late.value.params["what"] == "seconds"
    with DecodingPool(children=1) as pool:
        assert clean(pool, pictures.jpeg(pictures.scene())).width == 640


@both_operations
def test_decoder_that_dies_during_a_picture_is_replaced(pool: DecodingPool, decode: Decode) -> None:
    data = heavy(9_000)
    child = idle_child(pool)
    killer = threading.Timer(0.1, os.kill, (child, signal.SIGSEGV))
    killer.start()
    with pytest.raises(InputCorrupt):
        decode(pool, data)
    killer.join()
    assert clean(pool, pictures.jpeg(pictures.scene())).width == 640
    assert children() != {child}


REPLY = {"format": "png", "width": 1, "height": 1, "first_frame_only": False}


@pytest.mark.parametrize(
    "reply",
    [
        REPLY | {"lengths": [1, 1], "format": "../../../png"},
        REPLY | {"lengths": [1, 1], "sha256": "/etc/passwd"},
        REPLY | {"lengths": [1, 1 << 40]},
        REPLY | {"lengths": [1]},
        {"error": "SystemExit", "detail": "", "params": {}},
        {"error": "InputCorrupt", "detail": "", "params": {"detail": ""}},
        ["a list"],
    ],
)
def test_forged_reply_is_refused(reply: object) -> None:
    with pytest.raises(InvalidReply):
        sanitised_in(io.BytesIO(json.dumps(reply).encode() + b"\n##"), b"photo", LIMITS)


FACTS = {
    "frames": 1,
    "bits": 8,
    "interpretation": "srgb",
    "color_space": "sRGB",
    "is_srgb": True,
    "blocks": ["exif-data"],
    "source": "compositeSynthetic",
    "aigc_label": None,
}


def opened_by(reply: object) -> Opened:
    return opened_in(io.BytesIO(json.dumps(reply).encode() + b"\n123456"), LIMITS)


def test_pixels_follow_a_reply_row_by_row() -> None:
    done = opened_by({"shape": [2, 1, 3], "facts": FACTS})
    assert done.pixels.tolist() == [[[*b"123"]], [[*b"456"]]]
    assert done.facts.source == "compositeSynthetic"


@pytest.mark.parametrize(
    "reply",
    [
        {"shape": [1, 1, 2], "facts": FACTS},
        {"shape": [1, 1], "facts": FACTS},
        {"shape": [0, 1, 3], "facts": FACTS},
        {"shape": [-1, -1, 3], "facts": FACTS},
        {"shape": [10_001, 10_000, 3], "facts": FACTS},
        {"shape": [1 << 40, 1, 4], "facts": FACTS},
        {"shape": [1, 1, 3], "facts": FACTS, "dtype": "object"},
        {"shape": [1, 1, 3], "facts": FACTS | {"file": "/etc/passwd"}},
        {"shape": [1, 1, 3], "facts": FACTS | {"frames": "1"}},
        {"shape": [1, 1, 3], "facts": FACTS | {"color_space": "x" * 65}},
        {"shape": [1, 1, 3], "facts": FACTS | {"blocks": ["xmp-data"]}},
        {"shape": [1, 1, 3], "facts": FACTS | {"source": "invented"}},
        {"shape": [1, 1, 3]},
        REPLY | {"lengths": [1, 1]},
        {"error": "SystemExit", "detail": "", "params": {}},
        ["a list"],
    ],
)
def test_forged_pixels_and_facts_are_refused(reply: object) -> None:
    with pytest.raises(InvalidReply):
        opened_by(reply)


def test_a_reply_with_too_few_pixels_is_incomplete() -> None:
    with pytest.raises(Died):
        opened_by({"shape": [1, 2, 4], "facts": FACTS})


@both_operations
def test_a_lying_decoder_is_an_internal_error_and_is_replaced(
    pool: DecodingPool, decode: Decode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, liar = pictures.jpeg(pictures.scene()), tmp_path / "liar"
    liar.write_text("#!/bin/sh\necho ready\nread request\necho '{}'\n")
    liar.chmod(0o700)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", str(liar))
        with pytest.raises(InternalError, match="invalid reply"):
            decode(pool, data)
    assert opened(pool, data).pixels.shape == (480, 640, 3)


def test_digest_of_a_photo_is_not_taken_from_the_decoder() -> None:
    reply = io.BytesIO(json.dumps(REPLY | {"lengths": [1, 1]}).encode() + b"\n##")
    assert sanitised_in(reply, b"photo", LIMITS).sha256 == hashlib.sha256(b"photo").hexdigest()


def test_decoder_that_died_while_idle_is_replaced_without_an_error(pool: DecodingPool) -> None:
    child = idle_child(pool)
    os.kill(child, signal.SIGKILL)
    # It is a zombie before its last thread has ended; only then can it be reaped.
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    assert clean(pool, pictures.jpeg(pictures.scene())).width == 640


def test_decoder_inherits_no_environment(pool: DecodingPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    child = idle_child(pool)
    environment = Path(f"/proc/{child}/environ").read_bytes()
    assert b"sk-secret" not in environment
    assert b"OPENAI" not in environment


def test_close_ends_all_decoders() -> None:
    pool = DecodingPool(children=2)
    threads = [threading.Thread(target=clean, args=(pool, pictures.jpeg(pictures.scene()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(children()) <= 2
    pool.close()
    assert children() == set()
