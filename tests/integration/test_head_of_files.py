"""HEAD of a stored file, on both blob stores."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI, Response

from stillroom.storage.blobs import BlobStore
from stillroom.web.middleware.head import HeadLikeGet
from stillroom.web.responses import Download, streamed

pytestmark = pytest.mark.anyio

KEY, FILE = "assets/ast_1.png", bytes(3_000_000)
HEADERS = {"ETag": '"ast_1-full"', "Cache-Control": "private, max-age=31536000, immutable"}


async def test_head_of_a_file_sends_the_headers_of_get_and_reads_nothing(storage_url: str) -> None:
    blobs, read = BlobStore(storage_url), 0
    await blobs.put(KEY, FILE, "image/png")
    app = FastAPI()
    app.add_middleware(HeadLikeGet)

    async def counted(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        nonlocal read
        async for piece in pieces:
            read += len(piece)
            yield piece

    @app.get("/file")
    async def file() -> Response:
        blob = await blobs.open(KEY)
        return streamed(replace(blob, pieces=counted(blob.pieces)), "image/png", HEADERS)

    @app.get("/archive")
    async def archive() -> Response:
        return Download(counted((await blobs.open(KEY)).pieces), media_type="application/zip")

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        heads = [await client.head("/file"), await client.head("/archive")]
        assert read == 0
        gets = [await client.get("/file"), await client.get("/archive")]
    assert read == 2 * len(FILE)
    assert [get.content for get in gets] == [FILE, FILE]
    assert [head.content for head in heads] == [b"", b""]
    assert [head.headers for head in heads] == [get.headers for get in gets]
    assert heads[0].headers["Content-Length"] == str(len(FILE))
