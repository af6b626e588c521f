"""Downloads over HTTPS: resumed by byte ranges, from several addresses, verified by size and SHA-256."""

import hashlib
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import IO

import httpx2

from stillroom.domain.networks import NetworkFile

HUB = "huggingface.co"
MAX_REDIRECTS = 5
SPARE_BYTES = 100_000_000  # left on the disk beside a download
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_WORTH_ANOTHER_TRY = (408, 425, 429)


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    """Limits after which an address is given up.

    Attributes:
        stall_seconds: Longest wait for the next bytes.
        slow_bytes_per_second: An address that stays below it for `slow_seconds` is left for the next one.
        rounds: How often all addresses are tried; in the last round a slow one is not left.
        pause_seconds: Between the first two rounds; doubled for each further one.
    """

    connect_seconds: float = 15.0
    stall_seconds: float = 15.0
    slow_bytes_per_second: float = 20_000.0
    slow_seconds: float = 30.0
    rounds: int = 3
    pause_seconds: float = 2.0


class DownloadFailed(Exception):
    """The file could not be downloaded; the text names the reason for each address."""


class _Failed(Exception):
    """An address failed this time."""


class _Refused(Exception):
    """An address cannot give this file, however often it is asked."""


def at_hub(url: str, hub: str | None) -> str:
    """Return an address with Hugging Face's host replaced by a mirror's.

    Args:
        hub: The mirror, such as `https://hf-mirror.com`; None keeps the address.
    """
    prefix = f"https://{HUB}/"
    return url if hub is None or not url.startswith(prefix) else f"{hub.rstrip('/')}/{url[len(prefix) :]}"


def download(
    file: NetworkFile,
    part: Path,
    urls: Sequence[str],
    cancelled: threading.Event,
    limits: DownloadLimits = DownloadLimits(),
) -> None:
    """Download a file; what an interrupted download left in `part` is continued.

    All addresses hold the same bytes, so a part from one is continued from another; size and checksum decide.

    Args:
        part: Target file; complete and verified afterwards.
        cancelled: Event that another thread sets to cancel; the part stays.

    Raises:
        DownloadFailed: No address gave the file, or the download was cancelled.
        OSError: The disk is full or not writable.
    """
    left, reasons = list(urls), dict[str, str]()
    for turn in range(limits.rounds):
        is_last = turn == limits.rounds - 1
        for url in tuple(left):
            try:
                _Attempt(file, part, url, cancelled, limits, may_be_slow=is_last or len(left) == 1).run()
            except _Refused as refused:
                left.remove(url)
                reasons[url] = str(refused)
            # A ValueError names a proxy of the environment whose kind is not supported.
            except (_Failed, httpx2.HTTPError, httpx2.InvalidURL, ValueError) as failure:
                reasons[url] = str(failure) or type(failure).__name__
            else:
                return
            if cancelled.is_set():
                raise DownloadFailed("given up before it was there")
        if not left or is_last:
            break
        if cancelled.wait(limits.pause_seconds * 2**turn):
            raise DownloadFailed("given up before it was there")
    text = [f"{httpx2.URL(url).host}: {why}" for url, why in reasons.items()]
    raise DownloadFailed("; ".join(text) or "no address")


def digest_of(path: Path) -> str:
    """Return the hex SHA-256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@dataclass
class _Attempt:
    """One address, asked once, and once more from the start if its part turns out to be of other bytes."""

    _file: NetworkFile
    _part: Path
    _url: str
    _given_up: threading.Event
    _limits: DownloadLimits
    _: KW_ONLY
    may_be_slow: bool

    def __post_init__(self) -> None:
        self._note = self._part.with_name(f"{self._part.name}.json")

    def run(self) -> None:
        size, wanted = self._size, self._file.sha256
        is_there = size and size == (self._file.bytes or size) and digest_of(self._part) == wanted
        if not is_there and self._receive() != wanted:
            self._drop()
            # A part from another address, or of an earlier release, may be what was wrong.
            if not size or self._receive() != wanted:
                self._drop()
                raise _Refused("the checksum differs")
        self._note.unlink(missing_ok=True)

    @property
    def _size(self) -> int:
        return self._part.stat().st_size if self._part.is_file() else 0

    def _drop(self) -> None:
        self._part.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def _receive(self) -> str:
        """Append what is missing and return the SHA-256 of all; without ranges the part starts anew."""
        if self._file.bytes is not None and self._size > self._file.bytes:
            self._drop()
        offset = self._size
        timeout = httpx2.Timeout(self._limits.stall_seconds, connect=self._limits.connect_seconds)
        with (
            httpx2.Client(timeout=timeout, follow_redirects=False) as client,
            self._answer(client, offset) as answer,
        ):
            if answer.status_code == 416:
                self._drop()
                raise _Failed("the part does not fit, and was dropped")
            if answer.status_code == 200:
                offset = 0
            elif answer.status_code != 206 or not _begins_at(answer, offset):
                raise self._error_of(answer)
            self._check_size(answer, offset)
            self._remember(answer)
            with self._part.open("ab" if offset else "wb") as handle:
                self._write(answer, handle, offset)
            return digest_of(self._part)

    @contextmanager
    def _answer(self, client: httpx2.Client, offset: int) -> Iterator[httpx2.Response]:
        """Open the stream at the end of all redirects, each of which has to be as safe as the address."""
        headers = {"Accept-Encoding": "identity", "User-Agent": "stillroom"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
            if validator := self._validator():
                headers["If-Range"] = validator
        first = url = httpx2.URL(self._url)
        for _ in range(MAX_REDIRECTS + 1):
            if not _is_safe(url, first):
                raise _Refused(f"{url.scheme}://{url.host} is not HTTPS")
            with client.stream("GET", url, headers=headers) as answer:
                if not answer.has_redirect_location:
                    yield answer
                    return
                url = url.join(answer.headers["Location"])
        raise _Refused("too many redirects")

    def _error_of(self, answer: httpx2.Response) -> Exception:
        status = answer.status_code
        if status == 206:
            self._drop()
            return _Failed("another range than asked for")
        is_final = 400 <= status < 500 and status not in _WORTH_ANOTHER_TRY
        return (_Refused if is_final else _Failed)(f"HTTP {status}")

    def _check_size(self, answer: httpx2.Response, offset: int) -> None:
        length = answer.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit():
            return
        total = offset + int(length)
        if self._file.bytes is not None and total != self._file.bytes:
            raise _Refused(f"the size differs: {total} instead of {self._file.bytes} bytes")
        check_space(self._part.parent, int(length))

    def _write(self, answer: httpx2.Response, handle: IO[bytes], offset: int) -> None:
        """Write the bytes; what is too large or too slow ends at once."""
        size, since, counted = offset, time.monotonic(), 0
        for chunk in answer.iter_raw():
            handle.write(chunk)
            size, counted = size + len(chunk), counted + len(chunk)
            if self._given_up.is_set():
                raise _Failed("given up")
            if self._file.bytes is not None and size > self._file.bytes:
                handle.close()
                self._drop()
                raise _Refused(f"the size differs: more than {self._file.bytes} bytes")
            passed = time.monotonic() - since
            if passed >= self._limits.slow_seconds:
                if counted < passed * self._limits.slow_bytes_per_second and not self.may_be_slow:
                    raise _Failed(f"slower than {self._limits.slow_bytes_per_second / 1000:.0f} kB/s")
                since, counted = time.monotonic(), 0
        handle.flush()
        os.fsync(handle.fileno())
        if self._file.bytes is not None and size < self._file.bytes:
            raise _Failed("the download ended early")

    def _remember(self, answer: httpx2.Response) -> None:
        """Note the validator of this address, so that a changed file is not continued from it."""
        etag = answer.headers.get("ETag", "")
        validator = etag if etag.startswith('"') else answer.headers.get("Last-Modified", "")
        self._note.write_text(json.dumps({"url": self._url, "validator": validator}), encoding="utf-8")

    def _validator(self) -> str | None:
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            return str(note["validator"]) or None if note["url"] == self._url else None
        except (OSError, ValueError, KeyError, TypeError):
            return None


def check_space(folder: Path, wanted: int) -> None:
    """Raise OSError if a disk has no room for so many bytes."""
    free = shutil.disk_usage(folder).free
    if free < wanted + SPARE_BYTES:
        raise OSError(
            f"the disk has {free / 1e6:,.0f} MB free; {(wanted + SPARE_BYTES) / 1e6:,.0f} MB are needed"
        )


def _begins_at(answer: httpx2.Response, offset: int) -> bool:
    return answer.headers.get("Content-Range", "").startswith(f"bytes {offset}-")


def _is_safe(url: httpx2.URL, first: httpx2.URL) -> bool:
    """Whether an address is HTTPS; plain HTTP is for servers of this machine that were named themselves."""
    if url.scheme == "https":
        return True
    return url.scheme == "http" and url.host in _LOOPBACK and first.host in _LOOPBACK
