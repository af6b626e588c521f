"""Base of the fake vendors: a threaded HTTP server, a queue of faults, and a record of requests."""

import itertools
import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

KEY = "test-key-0123456789"

Painter = Callable[["Asked"], list[bytes]]
"""Makes the pictures of an answer from what was asked, as files."""


@dataclass(frozen=True)
class Fault:
    """Fault that a fake vendor commits instead of answering.

    Attributes:
        status: Of HTTP; 0 goes on to answer.
        body: JSON, or text as it is.
        headers: Beside the usual ones.
        act: `drop` before any byte, `cut` in the middle of the body, `slow` before the first byte, `trickle`.
        seconds: How slow.
        content_type: Of the body.
        late: The fault comes after the full working time, as a refusal of the output does.
        change: Alters a good answer's JSON before it is sent.
        times: How often it strikes.
        path: Only for addresses that hold this; lists of models fail only by name.
    """

    status: int = 0
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    act: str = ""
    seconds: float = 0.0
    content_type: str = "application/json"
    late: bool = False
    change: Callable[[Any], Any] | None = None
    times: float = 1
    path: str = ""


@dataclass
class Asked:
    """One request as the vendor understands it."""

    path: str
    headers: Mapping[str, str]
    model: str = ""
    prompt: str = ""
    pictures: list[bytes] = field(default_factory=list)
    mask: bytes | None = None
    count: int = 1
    size: tuple[int, int] | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    at: float = field(default_factory=time.monotonic)


class Reply(Exception):
    """An answer that ends the handling of a request."""

    def __init__(
        self,
        status: int,
        body: Any,
        headers: Mapping[str, str] | None = None,
        content_type: str = "application/json",
    ) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers or {}
        self.content_type = content_type


class FakeVendor:
    """One vendor on a port of its own; a context manager."""

    def __init__(self, painter: Painter) -> None:
        """Configure the server; it listens once the context is entered."""
        self.painter = painter
        self.delay_seconds = 0.0
        self.models: list[str] = []
        self.asked: list[Asked] = []
        self.faults: list[list[Any]] = []
        self.billed_micro_usd = 0
        self.numbers = itertools.count(1)
        self.lock = threading.Lock()
        self.came = threading.Event()
        self.answered = threading.Event()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                """Tests have their own words."""

            def do_GET(self) -> None:
                fake.serve(self, b"")

            def do_DELETE(self) -> None:
                fake.serve(self, b"")

            def do_POST(self) -> None:
                fake.serve(self, _body_of(self))

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        """Listen."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def calls(self) -> int:
        """Number of paid calls."""
        return len(self.asked)

    def fail(self, *faults: Fault) -> None:
        """Queue faults for the next requests."""
        with self.lock:
            self.faults += [[fault, fault.times] for fault in faults]

    def heal(self) -> None:
        """No more faults."""
        with self.lock:
            self.faults.clear()

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer of the vendor; subclasses speak its wire."""
        raise NotImplementedError

    def record(self, asked: Asked) -> None:
        """Keep what a paid call asked for."""
        with self.lock:
            self.asked.append(asked)
        self.came.set()

    def bill(self, micro_usd: float) -> None:
        """Count what a call cost."""
        with self.lock:
            self.billed_micro_usd += round(micro_usd)

    def _record_paid(self, path: str, headers: Mapping[str, str]) -> None:
        if not _is_list(path):
            self.record(Asked(path, headers))

    def _next_fault(self, path: str) -> Fault | None:
        # Lists of models are asked for at a start, beside what a test is about.
        is_list = _is_list(path)
        with self.lock:
            for entry in self.faults:
                if entry[0].path in path and (entry[0].path or not is_list):
                    entry[1] -= 1
                    if entry[1] <= 0:
                        self.faults.remove(entry)
                    fault: Fault = entry[0]
                    return fault
        return None

    def serve(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        fault = self._next_fault(handler.path)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        try:
            if fault is not None and fault.act == "drop":
                self._record_paid(handler.path, headers)
                handler.connection.shutdown(socket.SHUT_RDWR)
                handler.close_connection = True
                return
            if fault is not None and fault.status and not fault.late:
                self._record_paid(handler.path, headers)
                _send(handler, Reply(fault.status, fault.body, fault.headers, fault.content_type))
                return
            reply = self.answer(handler.command, handler.path, headers, body)
            if fault is not None and fault.status:
                reply = Reply(fault.status, fault.body, fault.headers, fault.content_type)
            if fault is not None and fault.change is not None:
                reply.body = fault.change(reply.body)
            if fault is not None and fault.act == "slow":
                time.sleep(fault.seconds)
            _send(handler, reply, fault)
            if not _is_list(handler.path):
                self.answered.set()
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True


def _is_list(path: str) -> bool:
    """Whether only the list of models is asked for, which is free."""
    return path.partition("?")[0].endswith("/models")


def _body_of(handler: BaseHTTPRequestHandler) -> bytes:
    if "chunked" not in handler.headers.get("transfer-encoding", ""):
        return handler.rfile.read(int(handler.headers.get("content-length", "0")))
    pieces = []
    while size := int(handler.rfile.readline().split(b";")[0], 16):
        pieces.append(handler.rfile.read(size))
        handler.rfile.readline()
    handler.rfile.readline()
    return b"".join(pieces)


def _send(handler: BaseHTTPRequestHandler, reply: Reply, fault: Fault | None = None) -> None:
    body = reply.body
    data = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    handler.send_response(reply.status)
    handler.send_header("content-type", reply.content_type)
    handler.send_header("content-length", str(len(data)))
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    if fault is not None and fault.act == "cut":
        handler.wfile.write(data[: len(data) // 2])
        handler.wfile.flush()
        handler.connection.shutdown(socket.SHUT_RDWR)
        handler.close_connection = True
        return
    if fault is not None and fault.act == "trickle":
        for start in range(0, len(data), max(1, len(data) // 200)):
            handler.wfile.write(data[start : start + max(1, len(data) // 200)])
            handler.wfile.flush()
            time.sleep(fault.seconds / 200)
        return
    handler.wfile.write(data)


def parts_of(headers: Mapping[str, str], body: bytes) -> list[tuple[str, str | None, bytes]]:
    """Name, file name and content of each part of a multipart body."""
    document = b"Content-Type: " + headers["content-type"].encode() + b"\r\n\r\n" + body
    message = BytesParser(policy=HTTP).parsebytes(document)
    found = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes), "a part holds bytes"
        found.append((str(name), part.get_filename(), content))
    return found
