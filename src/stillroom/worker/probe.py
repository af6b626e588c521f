"""Probe: `/health` and `/metrics` of a worker process, for monitoring."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from stillroom.observability import Metrics

LOOP_ANSWERS_SECONDS = 5.0
"""Timeout in seconds of the health check; an event loop that is blocked for longer does no work."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Log nothing, because a probe comes every few seconds."""


@contextmanager
def probe(host: str, port: int, metrics: Metrics, is_working: Callable[[], bool]) -> Iterator[int]:
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

    with make_server(host, port, answer, server_class=_Server, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, name="probe", daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
