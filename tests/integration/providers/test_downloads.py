"""Downloads of weights: resumed, from mirrors, verified while they stream, and over safe addresses only."""

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from stillroom.domain.networks import NetworkFile
from stillroom.providers.weights.downloads import HUB, DownloadFailed, DownloadLimits, at_hub, download
from tests.servers.file_server import FileServer, Served

CONTENT = bytes(range(256)) * 800
HASTY = DownloadLimits(
    stall_seconds=5.0, slow_bytes_per_second=200_000, slow_seconds=0.2, rounds=2, pause_seconds=0.01
)


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "net.onnx.part"


def wanted(content: bytes = CONTENT, size: int | None = -1) -> NetworkFile:
    known = len(content) if size == -1 else size
    return NetworkFile(name="net.onnx", bytes=known, sha256=hashlib.sha256(content).hexdigest())


def fetch(
    part: Path, urls: Sequence[str], file: NetworkFile | None = None, limits: DownloadLimits = HASTY
) -> None:
    download(file or wanted(), part, urls, threading.Event(), limits)


def test_file_is_downloaded_completely(file_server: FileServer, part: Path) -> None:
    fetch(part, [file_server.serve("/whole", Served(CONTENT))])
    assert part.read_bytes() == CONTENT
    assert [path.name for path in part.parent.iterdir()] == [part.name]


def test_file_of_unknown_size_is_verified_by_its_hash(file_server: FileServer, part: Path) -> None:
    fetch(part, [file_server.serve("/whole", Served(CONTENT))], wanted(size=None))
    assert part.read_bytes() == CONTENT


def test_interrupted_download_resumes(file_server: FileServer, part: Path) -> None:
    served = Served(CONTENT, stops_after=100_000)

    def recover() -> None:
        served.stops_after = None

    served.after_request = recover
    fetch(part, [file_server.serve("/stops", served)])
    assert part.read_bytes() == CONTENT
    assert [request.get("range") for request in served.requests] == [None, "bytes=100000-"]
    assert served.requests[1]["if-range"] == '"1"'


def test_later_process_resumes_the_download_of_an_earlier_one(file_server: FileServer, part: Path) -> None:
    served = Served(CONTENT, stops_after=60_000)
    url = file_server.serve("/later", served)
    with pytest.raises(DownloadFailed):
        fetch(part, [url], limits=DownloadLimits(rounds=1))
    assert part.stat().st_size == 60_000
    served.stops_after = None
    fetch(part, [url])
    assert part.read_bytes() == CONTENT
    assert served.requests[-1]["range"] == "bytes=60000-"


def test_changed_file_restarts_the_download(file_server: FileServer, part: Path) -> None:
    old = Served(b"x" * len(CONTENT), stops_after=50_000)
    url = file_server.serve("/changes", old)
    with pytest.raises(DownloadFailed):
        fetch(part, [url], limits=DownloadLimits(rounds=1))
    new = Served(CONTENT, etag='"2"')
    fetch(part, [file_server.serve("/changes", new)])
    assert part.read_bytes() == CONTENT
    assert len(new.requests) == 1


def test_server_without_ranges_restarts_the_download(file_server: FileServer, part: Path) -> None:
    part.write_bytes(CONTENT[:1000])
    served = Served(CONTENT, takes_ranges=False)
    fetch(part, [file_server.serve("/plain", served)])
    assert part.read_bytes() == CONTENT
    assert served.requests[0]["range"] == "bytes=1000-"


def test_partial_file_that_is_too_long_is_dropped(file_server: FileServer, part: Path) -> None:
    part.write_bytes(CONTENT + b"more")
    served = Served(CONTENT)
    fetch(part, [file_server.serve("/long", served)])
    assert part.read_bytes() == CONTENT
    assert "range" not in served.requests[0]


def test_refused_range_drops_the_partial_file(file_server: FileServer, part: Path) -> None:
    part.write_bytes(CONTENT + b"more")
    served = Served(CONTENT)
    fetch(part, [file_server.serve("/range", served)], wanted(size=None))
    assert part.read_bytes() == CONTENT
    assert [("range" in request) for request in served.requests] == [True, False]


def test_corrupt_partial_file_is_detected_and_fetched_again(file_server: FileServer, part: Path) -> None:
    part.write_bytes(b"wrong" * 100)
    served = Served(CONTENT)
    fetch(part, [file_server.serve("/mixed", served)])
    assert part.read_bytes() == CONTENT
    assert len(served.requests) == 2


def test_complete_partial_file_needs_no_server(part: Path) -> None:
    part.write_bytes(CONTENT)
    fetch(part, ["https://127.0.0.1:1/none"])
    assert part.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (Served(status=404), "HTTP 404"),
        (Served(status=503), "HTTP 503"),
        (Served(CONTENT[::-1]), "checksum"),
        (Served(CONTENT + b"more"), "size differs"),
        (Served(CONTENT[:-1]), "size differs"),
        (Served(CONTENT, stops_after=10), "ended early|closed|incomplete"),
        (Served(CONTENT * 3, bytes_per_second=40_000), "size differs"),
    ],
    ids=["missing", "down", "other bytes", "longer", "shorter", "breaks off", "another file"],
)
def test_mirror_takes_over_and_a_single_bad_address_is_reported(
    file_server: FileServer, part: Path, bad: Served, reason: str
) -> None:
    url = file_server.serve("/bad", bad)
    fetch(part, [url, file_server.serve("/good", Served(CONTENT))])
    assert part.read_bytes() == CONTENT
    part.unlink()
    with pytest.raises(DownloadFailed, match=rf"127\.0\.0\.1: .*({reason})"):
        fetch(part, [url])


def test_permanently_failing_address_is_tried_once(file_server: FileServer, part: Path) -> None:
    missing = Served(status=404)
    with pytest.raises(DownloadFailed):
        fetch(part, [file_server.serve("/missing", missing)])
    assert len(missing.requests) == 1


def test_a_file_of_unstated_size_that_grows_too_large_is_cut_off(file_server: FileServer, part: Path) -> None:
    endless = Served(CONTENT * 20, states_length=False)
    with pytest.raises(DownloadFailed, match="size differs"):
        fetch(part, [file_server.serve("/endless", endless)])
    assert not part.exists()


def test_slow_address_is_replaced_by_the_next_which_resumes_its_partial_file(
    file_server: FileServer, part: Path
) -> None:
    slow, quick = Served(CONTENT, bytes_per_second=40_000), Served(CONTENT)
    fetch(part, [file_server.serve("/slow", slow), file_server.serve("/quick", quick)])
    assert part.read_bytes() == CONTENT
    (request,) = quick.requests
    assert request["range"].startswith("bytes=")
    assert "if-range" not in request


def test_single_address_may_be_slow(file_server: FileServer, part: Path) -> None:
    short = CONTENT[:20_000]
    fetch(part, [file_server.serve("/only", Served(short, bytes_per_second=40_000))], wanted(short))
    assert part.read_bytes() == short


def test_local_redirects_are_followed(file_server: FileServer, part: Path) -> None:
    target = file_server.serve("/target", Served(CONTENT))
    fetch(part, [file_server.serve("/moved", Served(location=target))])
    assert part.read_bytes() == CONTENT


@pytest.mark.parametrize("location", ["http://192.0.2.1/net.onnx", "ftp://127.0.0.1/net.onnx", "/circle"])
def test_a_redirect_to_an_unsafe_address_is_refused(
    file_server: FileServer, part: Path, location: str
) -> None:
    url = file_server.serve("/circle", Served(location=location))
    with pytest.raises(DownloadFailed, match=r"is not HTTPS|too many redirects"):
        fetch(part, [url])


def test_plain_http_to_a_remote_host_is_never_requested(part: Path) -> None:
    with pytest.raises(DownloadFailed, match="is not HTTPS"):
        fetch(part, ["http://192.0.2.1/net.onnx"])


def test_cancelled_download_keeps_its_partial_file(file_server: FileServer, part: Path) -> None:
    served, cancelled = Served(CONTENT, bytes_per_second=40_000), threading.Event()
    begun = file_server.serve("/cancelled", served)
    failures: list[DownloadFailed] = []

    def fetching() -> None:
        try:
            download(wanted(), part, [begun], cancelled, HASTY)
        except DownloadFailed as failure:
            failures.append(failure)

    thread = threading.Thread(target=fetching)
    thread.start()
    while not part.exists():
        thread.join(0.01)
    cancelled.set()
    thread.join(10)
    assert not thread.is_alive()
    assert "given up" in str(failures[0])
    assert 0 < part.stat().st_size < len(CONTENT)


def test_hugging_face_mirror_replaces_only_the_host() -> None:
    url, mirror = f"https://{HUB}/a/b/resolve/main/model.onnx", "https://mirror.example"
    other = "https://other.example/a"
    assert at_hub(url, f"{mirror}/") == f"{mirror}/a/b/resolve/main/model.onnx"
    assert at_hub(url, None) == url
    assert at_hub(other, mirror) == other


def test_proxy_of_an_unknown_kind_is_named(part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:9")
    with pytest.raises(DownloadFailed, match="proxy URL"):
        fetch(part, ["https://weights.example/net.onnx"])
