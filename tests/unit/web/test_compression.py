"""Pages and JSON travel compressed; what is sent piece by piece, or is compressed already, does not."""

import gzip
import json
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.testclient import TestClient

from stillroom.web.compression import Compressed

WORDS = {"words": ["one and the same"] * 200}


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    app.add_middleware(Compressed)

    @app.get("/long")
    async def long() -> JSONResponse:
        return JSONResponse(WORDS)

    @app.get("/short")
    async def short() -> JSONResponse:
        return JSONResponse({"words": []})

    @app.get("/picture")
    async def picture() -> Response:
        return Response(b"\x00" * 5000, media_type="image/webp")

    @app.get("/pieces")
    async def pieces() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            for _ in range(3):
                yield json.dumps(WORDS).encode()

        return StreamingResponse(parts(), media_type="application/json")

    return TestClient(app)


def _raw(client: TestClient, path: str, accepted: str = "gzip") -> tuple[str | None, bytes]:
    with client.stream("GET", path, headers={"Accept-Encoding": accepted}) as answer:
        body = b"".join(answer.iter_raw())
        assert int(answer.headers.get("content-length", len(body))) == len(body)
        return answer.headers.get("content-encoding"), body


def test_long_json_is_compressed_and_the_same(client: TestClient) -> None:
    coding, body = _raw(client, "/long")
    assert coding == "gzip"
    assert json.loads(gzip.decompress(body)) == WORDS
    assert client.get("/long").headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["identity", "gzip;q=0"])
def test_who_does_not_take_it_gets_it_plain(client: TestClient, accepted: str) -> None:
    assert _raw(client, "/long", accepted)[0] is None
    assert client.get("/long", headers={"Accept-Encoding": accepted}).headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["/short", "/picture", "/pieces"])
def test_short_answers_pictures_and_streams_are_left_alone(client: TestClient, path: str) -> None:
    assert _raw(client, path)[0] is None
