"""Connection limits: size of and time for request headers, and time to read a response."""

import asyncio
import struct
from contextlib import suppress

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from stillroom.domain.errors import ValidationFailed, stored_error
from stillroom.observability import log
from stillroom.web.middleware.request_frame import SECURITY_HEADERS
from stillroom.web.problems import problem_of_stored

try:
    import fcntl
    import termios
except ImportError:  # pragma: no cover - a system without a query for unsent bytes
    fcntl = termios = None  # type: ignore[assignment]

MAX_HEAD_BYTES = 32 * 1024
"""Maximum size of the request line and headers in bytes; browsers and proxies send about a tenth of it."""

HEAD_SECONDS = 20.0
"""Time limit in seconds from the start of a request or connection to the end of the headers."""

_SCHEME_HEADER = b"x-forwarded-proto"
STALL_SECONDS = 30.0
"""A client that reads no byte of its response for this many seconds is disconnected; a slow reader is not."""

_INT = struct.Struct("i")

_REASONS = {400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large"}


class BoundedConnection(HttpToolsProtocol):
    """uvicorn's HTTP protocol with added limits on header size, header time and stalled reading."""

    stall_seconds = STALL_SECONDS

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the header timeout."""
        self._has_begun = False
        self._head_bytes = self._unended_bytes = 0
        self._head_timer: asyncio.TimerHandle | None = None
        self._stall_timer: asyncio.TimerHandle | None = None
        self._unacknowledged = 0
        self._is_too_long = False
        super().connection_made(transport)
        self._start_head_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_head_timer()
        self._stop_stall_timer()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Watch for progress while the write buffer is full."""
        super().pause_writing()
        self._stop_stall_timer()
        self._start_stall_timer()

    def resume_writing(self) -> None:
        """Stop watching, because the write buffer has drained."""
        self._stop_stall_timer()
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        """Limit the bytes of headers that have not ended; no callback counts an unterminated line."""
        timer = self._head_timer
        super().data_received(data)
        # Another timer belongs to another request; these bytes hold more than its headers.
        if timer is not None and self._head_timer is timer:
            self._unended_bytes += len(data)
            if self._unended_bytes > MAX_HEAD_BYTES:
                self._refuse(431)

    def on_message_begin(self) -> None:
        """Start the header timeout of a request on a reused connection."""
        self._has_begun = True
        self._head_bytes = self._unended_bytes = 0
        if self._head_timer is None:
            self._start_head_timer()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._count_head(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header and collect those that are checked."""
        self._count_head(len(name) + len(value))
        if name.lower() == _SCHEME_HEADER:
            if any(known == _SCHEME_HEADER for known, _ in self.headers):
                return
            # uvicorn does not parse a list. The first entry is the scheme that the client used.
            value = value.partition(b",")[0].strip()
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Stop the header timeout and refuse a request without exactly one `Host` (RFC 9112, 3.2)."""
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (hosts == 0 and self.parser.get_http_version() != "1.0"):
            raise ValueError("a request names exactly one host")
        self._stop_head_timer()
        super().on_headers_complete()

    def send_400_response(self, _msg: str) -> None:
        """Answer a request that the parser rejects, or that exceeds a limit."""
        self._refuse(431 if self._is_too_long else 400)

    def _start_stall_timer(self) -> None:
        self._unacknowledged = self._count_unacknowledged()
        self._stall_timer = self.loop.call_later(self.stall_seconds, self._check_stall)

    def _stop_stall_timer(self) -> None:
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None

    def _check_stall(self) -> None:
        if self._count_unacknowledged() < self._unacknowledged:
            self._start_stall_timer()
            return
        log.info("unread_answer_dropped", bytes=self._unacknowledged)
        # Abort, because closing would wait for the client to read the rest.
        self.transport.abort()

    def _count_unacknowledged(self) -> int:
        """Return the unacknowledged bytes in the write buffer and the kernel's send buffer."""
        waiting = self.transport.get_write_buffer_size()
        if fcntl is not None:
            with suppress(OSError):
                socket = self.transport.get_extra_info("socket")
                queued = fcntl.ioctl(socket.fileno(), termios.TIOCOUTQ, bytes(_INT.size))
                waiting += _INT.unpack(queued)[0]
        return waiting

    def _count_head(self, count: int) -> None:
        self._head_bytes += count
        if self._head_bytes > MAX_HEAD_BYTES:
            self._is_too_long = True
            raise ValueError("the head of a request is too long")

    def _start_head_timer(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._refuse, 408)

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _refuse(self, status: int) -> None:
        self._stop_head_timer()
        if self.transport.is_closing():
            return
        # A connection that a browser opened speculatively and never used is closed without a response.
        if self._has_begun or status != 408:
            self.transport.write(_refusal(status))
        self.transport.close()


def _refusal(status: int) -> bytes:
    problem = problem_of_stored(stored_error(ValidationFailed(f"{_REASONS[status]}."), None), "en")
    body = problem.model_copy(update={"status": status}).model_dump_json().encode()
    headers = {
        "Content-Type": "application/problem+json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **SECURITY_HEADERS,
    }
    head = [f"HTTP/1.1 {status} {_REASONS[status]}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*head, "", ""]).encode() + body
