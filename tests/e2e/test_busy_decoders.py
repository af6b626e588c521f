"""Decoders: a full queue of photos delays no other request."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, NoReturn, Self

import anyio
import httpx
import pytest

from stillroom.application.photos.intake import MAX_WAITING, Decoders, Intake, Read
from stillroom.bootstrap import Studio, open_studio
from stillroom.domain.errors import InputCorrupt, RateLimited
from stillroom.domain.ids import IdFactory, OwnerId
from stillroom.imaging.io.decoding import Sanitised
from stillroom.observability import Metrics
from stillroom.settings import load
from stillroom.storage.blobs import BlobStore
from stillroom.storage.database import Database
from stillroom.storage.unit_of_work import SqlTransactions
from stillroom.web.app import create_app

pytestmark = pytest.mark.anyio

UPLOADS = 45
"""More than the threads that all requests share, which are 40 (anyio's default)."""


async def test_uploads_waiting_for_a_decoder_block_no_other_request(tmp_path: Path) -> None:
    free, all_begun, begun = threading.Event(), anyio.Event(), 0
    settings = load(data_dir=tmp_path)

    def busy(_data: bytes, **_: Any) -> NoReturn:
        free.wait()
        raise InputCorrupt

    decoders = Decoders(busy, busy, 2, 1 << 30)

    async def counted(read: Read, **facts: Any) -> Sanitised:
        nonlocal begun
        begun += 1
        if begun == UPLOADS:
            all_begun.set()
        return await decoders(read, **facts)

    @asynccontextmanager
    async def with_busy_decoders(metrics: Metrics) -> AsyncIterator[Studio]:
        async with open_studio(settings, metrics) as studio:
            database = Database(settings.database)
            rows, blobs = SqlTransactions(database), BlobStore(settings.storage)
            intake = Intake(rows, blobs, counted, IdFactory(), studio.clock)
            yield replace(studio, photos=replace(studio.photos, intake=intake))
            await database.close()

    app = create_app(settings, with_busy_decoders)
    transport = httpx.ASGITransport(app)
    answers = []

    async def upload(client: httpx.AsyncClient) -> None:
        answers.append(await client.post("/upload", files={"file": ("a.jpg", b"photo", "image/jpeg")}))

    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
        anyio.create_task_group() as uploads,
    ):
        try:
            for _ in range(UPLOADS):
                uploads.start_soon(upload, client)
            with anyio.fail_after(20):
                await all_begun.wait()
                assert (await client.get("/health")).json()["database"]
                # Its route needs one of those threads, and answers 404 where the page is not built.
                assert (await client.get("/docs")).status_code in (200, 404)
                # One that asks for everything a route can ask for.
                await client.post("/edit", json={}, headers={"Idempotency-Key": "one"})
            assert not answers
        finally:
            free.set()
    assert [answer.status_code for answer in answers] == [422] * UPLOADS


class Photo(bytes):
    """Counts how many of its kind are in memory."""

    alive: ClassVar[int] = 0

    def __new__(cls, data: bytes) -> Self:
        cls.alive += 1
        return super().__new__(cls, data)

    def __del__(self) -> None:
        type(self).alive -= 1


async def test_waiting_photos_stay_on_disk_and_excess_uploads_get_retry_after() -> None:
    free, answered, answers = threading.Event(), anyio.Event(), []

    def busy(_data: bytes, **_: Any) -> NoReturn:
        free.wait()
        raise InputCorrupt

    async def read() -> bytes:
        return Photo(b"photo")

    decoders = Decoders(busy, busy, 2, 1 << 30)

    async def upload() -> None:
        try:
            await decoders(read, declared_type=None, file_name="a.jpg", owner_id=OwnerId("own_a"))
        except (InputCorrupt, RateLimited) as error:
            answers.append(type(error))
            answered.set()

    async with anyio.create_task_group() as uploads:
        try:
            for _ in range(2 + MAX_WAITING + 1):
                uploads.start_soon(upload)
            with anyio.fail_after(20):
                await answered.wait()
                await anyio.wait_all_tasks_blocked()
            assert answers == [RateLimited]
            assert Photo.alive == 2
        finally:
            free.set()
    assert answers == [RateLimited, *([InputCorrupt] * (2 + MAX_WAITING))]
