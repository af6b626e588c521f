"""A database with all tables, a blob store, and a clock that only tests move."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stillroom.storage.blobs import BlobStore
from stillroom.storage.database import Database
from stillroom.storage.unit_of_work import SqlTransactions

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
async def transactions(database_url: str) -> AsyncIterator[SqlTransactions]:
    """Units of work on an empty database."""
    database = Database(database_url)
    yield SqlTransactions(database)
    await database.close()


@pytest.fixture
def blobs(storage_url: str) -> WatchedBlobs:
    """An empty store."""
    return WatchedBlobs(storage_url)


@pytest.fixture
def clock() -> HandMovedClock:
    """Stands at a moment of 2026."""
    return HandMovedClock()
