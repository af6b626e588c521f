"""Clients that do not read their answers, and clients that read slowly."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.responses import Response

from stillroom.domain.ports import OpenBlob
from stillroom.web.connections import BoundedConnection
from stillroom.web.responses import streamed

PIECE = bytes(256 * 1024)
PIECES = 64
STALL_SECONDS = 0.5
ASK = b"GET /file HTTP/1.1\r\nHost: localhost\r\n\r\n"


class ShortTimeoutConnection(BoundedConnection):
    """Waits for a shorter time than in earnest."""

    stall_seconds = STALL_SECONDS


class Store:
    """Gives out a file of 16 MB and says how much of it was asked for, and when the reading ended."""

    def __init__(self) -> None:
        self.given = 0
        self.ended = threading.Event()

    def open(self) -> OpenBlob:
        return OpenBlob(len(PIECE) * PIECES, self._pieces())

    async def _pieces(self) -> AsyncIterator[bytes]:
        try:
            for _ in range(PIECES):
                # As a real store does, which waits for its disk.
                await asyncio.sleep(0)
                self.given += len(PIECE)
                yield PIECE
        finally:
            self.ended.set()


@contextmanager
def served(store: Store) -> Iterator[int]:
    """The port of a server that has one file."""
    app = FastAPI()

    @app.get("/file")
    async def file() -> Response:
        return streamed(store.open(), "image/png", {"ETag": "x"})

    bound = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, http=ShortTimeoutConnection, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    try:
        yield bound.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def port(store: Store) -> Iterator[int]:
    with served(store) as port:
        yield port


def connected(port: int) -> socket.socket:
    """A client with a receive buffer of a few kilobytes."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    client.connect(("127.0.0.1", port))
    client.sendall(ASK)
    return client


def test_client_that_reads_nothing_is_dropped_before_most_of_its_file_is_read(
    store: Store, port: int
) -> None:
    with closing(connected(port)):
        assert store.ended.wait(20 * STALL_SECONDS)
    assert store.given < len(PIECE) * PIECES / 2


def test_slow_client_gets_the_whole_file(store: Store, port: int) -> None:
    received = 0
    with closing(connected(port)) as client:
        client.settimeout(10)
        pause = threading.Event()
        # Far longer in all than a client may read nothing.
        for _ in range(15):
            pause.wait(STALL_SECONDS / 5)
            received += len(client.recv(16384))
        while received < len(PIECE) * PIECES:
            piece = client.recv(1024 * 1024)
            assert piece, received
            received += len(piece)
    assert store.ended.wait(10)
