"""Services on an empty database, a blob store, and a clock that only tests move."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stillroom.application.jobs.generation import Generation
from stillroom.bootstrap import open_studio
from stillroom.domain.ids import IdFactory
from stillroom.observability import Metrics
from stillroom.settings import load
from stillroom.storage.blobs import BlobStore
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.job_services import JobServices, open_job_services
from tests.integration.application.turns import PlainMaker, Turns
from tests.integration.storage.rows import ANNA, stored_session

NO_CUTOUTS = Path("no-cutouts")
"""Folder of a cache of cut-outs that stays empty."""


@dataclass
class HandMovedClock:
    """Stands still until it is moved."""

    now: datetime = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


class WatchedBlobs(BlobStore):
    """A store that remembers which keys were read."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.read: list[str] = []

    async def get(self, key: str) -> bytes:
        self.read.append(key)
        return await super().get(key)

    async def keys(self) -> set[str]:
        """All that is there."""
        return {blob.key async for blobs in self.list() for blob in blobs}


@pytest.fixture
def blobs(storage_url: str) -> WatchedBlobs:
    """An empty store."""
    return WatchedBlobs(storage_url)


@pytest.fixture
def clock() -> HandMovedClock:
    """Stands at a moment of 2026."""
    return HandMovedClock()


@pytest.fixture
async def services(database_url: str, tmp_path: Path) -> AsyncIterator[JobServices]:
    """Services of jobs, of one process."""
    async with open_job_services(database_url, tmp_path) as services:
        yield services


@pytest.fixture
async def turns(
    database_url: str, tmp_path: Path, transactions: SqlTransactions, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Turns]:
    """Everything in place, nothing said yet."""
    session = await stored_session(transactions)
    blobs = BlobStore((tmp_path / "blobs").as_uri())
    async with transactions(read_only=True) as tx:
        asset = await tx.assets.get(session.asset_id, ANNA)
    await blobs.put(asset.blob_key, b"a photo", "image/jpeg")
    environment = {
        "STILLROOM_DATA_DIR": str(tmp_path),
        "STILLROOM_DATABASE_URL": database_url,
        "STILLROOM_STORAGE_URL": f"{tmp_path}/blobs",
        "STILLROOM_USER_PER_MINUTE": "1000",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    async with open_studio(load(), Metrics()) as studio:
        maker = PlainMaker()
        generation = Generation(
            transactions,
            blobs,
            maker,
            studio.catalogue,
            studio.work.lifecycle,
            studio.photos.mattes,
            studio.notifier,
            IdFactory(),
            studio.clock,
        )
        yield Turns(studio, generation, session, maker, blobs)
