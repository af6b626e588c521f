"""Children that decode: bounded, replaceable, and without our secrets."""

import hashlib
import io
import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from stillroom.domain.errors import InputCorrupt, InputTooLarge, InputUnsupported
from stillroom.imaging.io.decoder_process import Bounds, DecodingPool, InvalidReply, reply_in
from stillroom.imaging.io.decoding import Limits, Sanitised, sanitise
from tests import pictures
from tests.hostile.cases import MEDIA, good

LIMITS = Limits(max_bytes=20_000_000, max_megapixels=100, max_side=1024)


@pytest.fixture
def pool() -> Iterator[DecodingPool]:
    with DecodingPool(children=1) as made:
        yield made


def clean(pool: DecodingPool, data: bytes) -> Sanitised:
    return pool.sanitise(data, declared_type=None, file_name="photo", limits=LIMITS)


def children() -> set[int]:
    """Decoders that this process has started and that still run."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,stat=,args=", "--ppid", str(os.getpid())],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
    return {int(pid) for pid, state, args in lines if "decoder_process" in args and not state.startswith("Z")}


def heavy(side: int = 7_000) -> bytes:
    """A progressive JPEG: small as a file, hundreds of megabytes to decode."""
    flat = pictures.image(np.full((8, 8, 3), 120, np.uint8)).embed(0, 0, side, side, extend="copy")
    return bytes(flat.jpegsave_buffer(interlace=True, subsample_mode="off"))


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


@pytest.mark.parametrize("kind", [*MEDIA, "cmyk", "wide gamut", "deep avif"])
def test_every_kind_is_decoded_without_opening_a_file(pool: DecodingPool, kind: str) -> None:
    picture = pictures.image(pictures.scene(400, 300))
    made = {
        "cmyk": lambda: picture.colourspace("cmyk").jpegsave_buffer(),
        "wide gamut": lambda: picture.icc_export(output_profile="p3").jpegsave_buffer(),
        "deep avif": lambda: picture.heifsave_buffer(compression="av1", effort=0, bitdepth=10),
    }
    data = bytes(made[kind]()) if kind in made else good(kind)
    assert clean(pool, data) == sanitise(data, declared_type=None, file_name="photo", limits=LIMITS)


def test_a_decoder_is_confined_before_it_has_threads(pool: DecodingPool) -> None:
    child = idle_child(pool)
    assert len(list(Path(f"/proc/{child}/task").iterdir())) == 1


def test_refusals_keep_their_facts(pool: DecodingPool) -> None:
    with pytest.raises(InputUnsupported) as refused:
        clean(pool, b"%PDF-1.7")
    assert refused.value.params == {"found": "PDF"}
    with pytest.raises(InputTooLarge) as huge:
        clean(pool, pictures.png_claiming(60_000, 60_000))
    assert huge.value.params["found"] == 3600.0
    assert len(children()) == 1


def test_a_picture_that_needs_too_much_memory_is_refused_and_the_next_one_passes() -> None:
    with DecodingPool(children=1, bounds=Bounds(memory_bytes=400 << 20)) as pool:
        with pytest.raises(InputTooLarge):
            clean(pool, heavy())
        assert clean(pool, pictures.jpeg(pictures.scene())).width == 640


def test_a_picture_that_takes_too_long_is_refused_and_the_next_one_passes() -> None:
    data = heavy(9_000)
    with DecodingPool(children=1, bounds=Bounds(seconds=0.15)) as pool:
        with pytest.raises(InputTooLarge) as late:
            clean(pool, data)
        assert late.value.params["what"] == "seconds"
    with DecodingPool(children=1) as pool:
        assert clean(pool, pictures.jpeg(pictures.scene())).width == 640


def test_decoder_that_dies_during_a_picture_is_replaced(pool: DecodingPool) -> None:
    data = heavy(9_000)
    child = idle_child(pool)
    killer = threading.Timer(0.1, os.kill, (child, signal.SIGSEGV))
    killer.start()
    with pytest.raises(InputCorrupt):
        clean(pool, data)
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
        reply_in(io.BytesIO(json.dumps(reply).encode() + b"\n##"), b"photo", LIMITS)


def test_digest_of_a_photo_is_not_taken_from_the_decoder() -> None:
    reply = io.BytesIO(json.dumps(REPLY | {"lengths": [1, 1]}).encode() + b"\n##")
    assert reply_in(reply, b"photo", LIMITS).sha256 == hashlib.sha256(b"photo").hexdigest()


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
