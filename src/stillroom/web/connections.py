"""A connection: how much it may say, and how long it may take, before it has asked for something."""

import asyncio
import json
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from stillroom.domain.errors import ValidationFailed

MAX_HEAD_BYTES = 32 * 1024
"""Of an address and its headers; browsers and proxies send a tenth of it."""

HEAD_SECONDS = 20.0
"""From the first byte of a request, or from the start of a connection, to the end of the headers."""

_SCHEME_HEADER = b"x-forwarded-proto"

_REASONS = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large"}


class BoundedConnection(HttpToolsProtocol):
    """As uvicorn has it, which by itself waits for headers for ever and keeps all that come."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request, but not for ever."""
        self._heard = 0
        self._waiting: asyncio.TimerHandle | None = None
        self._is_too_long = False
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._wait_no_more()
        super().connection_lost(exc)

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
