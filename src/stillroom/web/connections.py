"""A connection: how much and how long it may say before it asks, and how long it may leave answers unread."""

import asyncio
import json
import struct
from contextlib import suppress
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from stillroom.domain.errors import ValidationFailed
from stillroom.observability import log

try:
    import fcntl
    import termios
except ImportError:  # pragma: no cover - a system that does not tell how much it has sent
    fcntl = termios = None  # type: ignore[assignment]

MAX_HEAD_BYTES = 32 * 1024
"""Of an address and its headers; browsers and proxies send a tenth of it."""

HEAD_SECONDS = 20.0
"""From the first byte of a request, or from the start of a connection, to the end of the headers."""

_SCHEME_HEADER = b"x-forwarded-proto"
STALL_SECONDS = 30.0
"""A client that takes no byte of its answer for so long is dropped; one that reads slowly is not."""

_INT = struct.Struct("i")

_REASONS = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large"}


class BoundedConnection(HttpToolsProtocol):
    """As uvicorn has it, which by itself waits for headers for ever and keeps all that come."""

    stall_seconds = STALL_SECONDS

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request, but not for ever."""
        self._heard = 0
        self._waiting: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._untaken = 0
        self._is_too_long = False
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._wait_no_more()
        self._expect_no_reading()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client takes its answer more slowly than it is made; make sure that it takes some of it."""
        super().pause_writing()
        self._expect_no_reading()
        self._expect_reading()

    def resume_writing(self) -> None:
        """It has taken what was waiting."""
        self._expect_no_reading()
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        """Count what comes before the headers end; a line without an end is in no other count."""
        super().data_received(data)
        if self._waiting is not None:
            self._heard += len(data)
            if self._heard > MAX_HEAD_BYTES:
                self._refuse(431)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._heard = 0
        if self._waiting is None:
            self._wait()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A piece of the address."""
        self._hear(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        self._hear(len(name) + len(value))
        if name.lower() == _SCHEME_HEADER:
            if any(known == _SCHEME_HEADER for known, _ in self.headers):
                return
            # uvicorn reads no list. The first entry is the scheme that the client itself has used.
            value = value.partition(b",")[0].strip()
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The application takes over; RFC 9112, 3.2 refuses a request without exactly one `Host`."""
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (hosts == 0 and self.parser.get_http_version() != "1.0"):
            raise ValueError("a request names exactly one host")
        self._wait_no_more()
        self._heard = 0
        super().on_headers_complete()

    def send_400_response(self, _msg: str) -> None:
        """The parser gave up, perhaps because of us."""
        self._refuse(431 if self._is_too_long else 400)

    def _expect_reading(self) -> None:
        self._untaken = self._count_untaken()
        self._stalled = self.loop.call_later(self.stall_seconds, self._check_reading)

    def _expect_no_reading(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _check_reading(self) -> None:
        if self._count_untaken() < self._untaken:
            self._expect_reading()
            return
        log.info("unread_answer_dropped", bytes=self._untaken)
        # Closing would wait for the client to read the rest.
        self.transport.abort()

    def _count_untaken(self) -> int:
        """Bytes that the client has not confirmed, here and in the system's own buffer."""
        waiting = self.transport.get_write_buffer_size()
        if fcntl is not None:
            with suppress(OSError):
                socket = self.transport.get_extra_info("socket")
                told = fcntl.ioctl(socket.fileno(), termios.TIOCOUTQ, bytes(_INT.size))
                waiting += _INT.unpack(told)[0]
        return waiting

    def _hear(self, count: int) -> None:
        self._heard += count
        if self._heard > MAX_HEAD_BYTES:
            self._is_too_long = True
            raise ValueError("the head of a request is too long")

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEAD_SECONDS, self._refuse, 408)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _refuse(self, status: int) -> None:
        self._wait_no_more()
        if self.transport.is_closing():
            return
        # A connection that a browser opened in advance, and never used, is closed without a word.
        if self._heard or status != 408:
            self.transport.write(_refusal(status))
        self.transport.close()


def _refusal(status: int) -> bytes:
    problem: dict[str, Any] = {
        "type": "urn:stillroom:problem:validation",
        "title": ValidationFailed.title,
        "status": status,
        "detail": f"{_REASONS[status]}.",
        "instance": None,
        "code": ValidationFailed.code,
        "retryable": False,
        "request_id": None,
        "params": {},
    }
    body = json.dumps(problem).encode()
    head = (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
