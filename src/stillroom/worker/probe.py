"""Probe: `/health` and `/metrics` of a worker process, for monitoring."""

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import StartResponse, WSGIEnvironment

from stillroom.observability import Metrics

LOOP_ANSWERS_SECONDS = 5.0
"""Timeout in seconds of the health check; an event loop that is blocked for longer does no work."""

REQUEST_SECONDS = 10.0
"""Time limit in seconds for each read and write of a connection, which occupies a thread."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def __init__(self, host: str, port: int, request_seconds: float) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._request_seconds = request_seconds
        super().__init__((host, port), _Quiet)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        connection.settimeout(self._request_seconds)
        return connection, address

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore a connection that broke or timed out; errors of the answer are handled elsewhere."""


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Log nothing, because a probe comes every few seconds."""


@contextmanager
def probe(
    host: str,
    port: int,
    metrics: Metrics,
    is_working: Callable[[], bool],
    request_seconds: float = REQUEST_SECONDS,
) -> Iterator[int]:
    """Serve `GET /health` and `GET /metrics` from a separate thread while the context is open.

    `/health` is 200 while the worker runs and its event loop answers, else 503. An unavailable database
    does not count, because restarting the worker would not repair it.

    Args:
        port: Port to listen on; 0 picks a free one.
        is_working: Called in the event loop.

    Yields:
        The port.

    Raises:
        OSError: The port is taken.
    """
    loop = asyncio.get_running_loop()

    async def ask() -> bool:
        return is_working()

    def works() -> bool:
        try:
            return asyncio.run_coroutine_threadsafe(ask(), loop).result(LOOP_ANSWERS_SECONDS)
        except (TimeoutError, RuntimeError):
            return False

    def answer(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environment["PATH_INFO"]
        if path == "/metrics":
            start("200 OK", [("Content-Type", "text/plain; version=0.0.4; charset=utf-8")])
            return [metrics.exposition()]
        if path == "/health":
            alive = works()
            start("200 OK" if alive else "503 Service Unavailable", [("Content-Type", "application/json")])
            return [json.dumps({"worker": "ok" if alive else "down"}).encode()]
        start("404 Not Found", [("Content-Type", "text/plain")])
        return [b"/health or /metrics\n"]

    with _Server(host, port, request_seconds) as server:
        server.set_app(answer)
        thread = threading.Thread(target=server.serve_forever, name="probe", daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
