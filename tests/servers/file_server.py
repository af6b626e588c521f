"""A server of files that can do to a download what servers and networks do."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass
class Served:
    """A file and how it is served.

    Attributes:
        content: Its bytes.
        etag: Its validator; `If-Range` with another one gets the whole file.
        takes_ranges: Whether `Range` is honoured.
        stops_after: Bytes of an answer after which the connection closes; None sends all.
        status: Sent instead of the file.
        location: Redirects there.
        bytes_per_second: Speed; None is as fast as possible.
        states_length: Whether a `Content-Length` is sent.
    """

    content: bytes = b""
    etag: str = '"1"'
    takes_ranges: bool = True
    stops_after: int | None = None
    status: int | None = None
    location: str | None = None
    bytes_per_second: int | None = None
    states_length: bool = True
    requests: list[dict[str, str]] = field(default_factory=list)
    after_request: Callable[[], None] | None = None


class FileServer:
    """Serves files at paths on a port of 127.0.0.1."""

    def __init__(self) -> None:
        files: dict[str, Served] = {}

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def do_GET(self) -> None:
                served = files.get(self.path, Served(status=404))
                served.requests.append({name.lower(): value for name, value in self.headers.items()})
                _answer(self, served)
                if served.after_request:
                    served.after_request()

            def log_message(self, *_: object) -> None:
                pass

        self._files = files
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        """Start it."""
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self._server.shutdown()
        self._server.server_close()

    def serve(self, path: str, served: Served) -> str:
        """Serve a file from now on; return its address."""
        self._files[path] = served
        return self.url + path


def _answer(handler: BaseHTTPRequestHandler, served: Served) -> None:
    if served.location is not None:
        handler.send_response(302)
        handler.send_header("Location", served.location)
        handler.end_headers()
        return
    if served.status is not None:
        handler.send_error(served.status)
        return
    start = _start(handler, served)
    if start >= len(served.content) > 0:
        handler.send_error(416)
        return
    body = served.content[start:]
    handler.send_response(206 if start else 200)
    if start:
        handler.send_header("Content-Range", f"bytes {start}-{len(served.content) - 1}/{len(served.content)}")
    handler.send_header("ETag", served.etag)
    if served.states_length:
        handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    _send(handler, body[: served.stops_after], served.bytes_per_second)


def _start(handler: BaseHTTPRequestHandler, served: Served) -> int:
    wanted = handler.headers.get("Range", "")
    if not served.takes_ranges or not wanted.startswith("bytes="):
        return 0
    if handler.headers.get("If-Range", served.etag) != served.etag:
        return 0
    return int(wanted.removeprefix("bytes=").rstrip("-"))


def _send(handler: BaseHTTPRequestHandler, body: bytes, bytes_per_second: int | None) -> None:
    step = max(1, bytes_per_second // 20) if bytes_per_second else len(body) + 1
    with suppress(OSError):  # the client has hung up
        for at in range(0, len(body), step):
            handler.wfile.write(body[at : at + step])
            handler.wfile.flush()
            if bytes_per_second:
                time.sleep(0.05)  # the speed itself; no test waits for an order of events by it
