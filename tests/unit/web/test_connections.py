"""Requests that the connection refuses or rewrites before the application sees them."""

import json
import socket
import threading
from collections.abc import Iterator
from http.client import HTTPResponse

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from stillroom.web.connections import BoundedConnection
from stillroom.web.middleware.request_frame import SECURITY_HEADERS


async def tell_scheme(request: Request) -> PlainTextResponse:
    return PlainTextResponse(request.url.scheme)


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    """A server that answers with the scheme it believes in; it trusts proxies at 127.0.0.1."""
    app = Starlette(routes=[Route("/", tell_scheme)])
    config = uvicorn.Config(app, http=BoundedConnection, ws="none", log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield listening.getsockname()
        server.should_exit = True
        thread.join()


def answer_to(address: tuple[str, int], *headers: str) -> tuple[str, str]:
    """Status line and body."""
    with socket.create_connection(address, timeout=10) as connection:
        head = "\r\n".join(["GET / HTTP/1.1", *headers, "Connection: close"])
        connection.sendall(f"{head}\r\n\r\n".encode())
        with connection.makefile("rb") as answer:
            head, _, body = answer.read().decode().partition("\r\n\r\n")
    return head.partition("\r\n")[0], body


@pytest.mark.parametrize(
    "headers",
    [
        ("Host: localhost", "Host: elsewhere.example"),
        ("Host: localhost", "host: localhost"),
        (),
    ],
)
def test_a_request_names_exactly_one_host(address: tuple[str, int], headers: tuple[str, ...]) -> None:
    status, body = answer_to(address, *headers)
    assert status == "HTTP/1.1 400 Bad Request"
    assert json.loads(body)["code"] == "E_VALIDATION"


def test_refusal_of_a_connection_has_the_security_headers_of_every_response(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(b"no request\r\n\r\n")
        answer = HTTPResponse(connection)
        answer.begin()
    assert answer.status == 400
    assert SECURITY_HEADERS.items() <= dict(answer.getheaders()).items()


@pytest.mark.parametrize(
    ("forwarded", "scheme"),
    [
        (("X-Forwarded-Proto: https",), "https"),
        (("X-Forwarded-Proto: https,http",), "https"),
        (("X-Forwarded-Proto: https , http",), "https"),
        (("X-Forwarded-Proto: https", "X-Forwarded-Proto: http"), "https"),
        (("X-Forwarded-Proto: http,https",), "http"),
        (("X-Forwarded-Proto: gopher,https",), "http"),
        ((), "http"),
    ],
)
def test_the_scheme_is_that_of_the_first_hop(
    address: tuple[str, int], forwarded: tuple[str, ...], scheme: str
) -> None:
    assert answer_to(address, "Host: localhost", *forwarded) == ("HTTP/1.1 200 OK", scheme)


@pytest.mark.parametrize("body", [b"", bytes(40_000)])
def test_headers_that_arrive_in_pieces_are_counted_once(address: tuple[str, int], body: bytes) -> None:
    first = b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    beginning = b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + b"x" * 20_000
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(first + beginning)
        assert status_of(connection) == 200
        # The first answer shows that the beginning of the second request was read without its end.
        connection.sendall(b"\r\nConnection: close\r\n\r\n")
        assert status_of(connection) == 200


def status_of(connection: socket.socket) -> int:
    """Status of the next answer, which is read to its end."""
    answer = HTTPResponse(connection)
    answer.begin()
    answer.read()
    return answer.status
