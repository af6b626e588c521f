"""What the studio says of itself."""

import anyio
import pytest

from stillroom.application.status import NEARLY_FULL_BYTES, STORAGE_SEEN, Status
from stillroom.domain.errors import StorageUnavailable
from stillroom.domain.providers.order import ProviderOrder
from stillroom.storage.blobs import BlobStore
from stillroom.storage.catalog import FileCatalogue
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.conftest import HandMovedClock

pytestmark = pytest.mark.anyio


class AskedBlobs(BlobStore):
    """A slow store that counts how often it is tried, and can be away."""

    tried = 0
    is_away = False

    def __init__(self, url: str, clock: HandMovedClock) -> None:
        super().__init__(url)
        self._clock = clock

    async def check(self) -> None:
        self.tried += 1
        self._clock.now += 5 * STORAGE_SEEN
        if self.is_away:
            raise StorageUnavailable
        await super().check()


async def test_all_who_ask_at_about_the_same_time_share_one_look_at_the_store(
    transactions: SqlTransactions, storage_url: str, clock: HandMovedClock
) -> None:
    blobs = AskedBlobs(storage_url, clock)
    status = Status(transactions, blobs, FileCatalogue(), [], clock, ProviderOrder([]))
    told = []

    async def ask() -> None:
        told.append((await status.health(own_worker=True)).storage)

    async with anyio.create_task_group() as asking:
        for _ in range(20):
            asking.start_soon(ask)
    assert (told, blobs.tried) == ([True] * 20, 1)
    blobs.is_away = True
    assert (await status.health(own_worker=True)).storage, "it was seen a moment ago"
    clock.now += STORAGE_SEEN
    assert not (await status.health(own_worker=True)).storage
    assert blobs.tried == 2


async def test_a_nearly_full_disk_is_named_before_anything_stops(
    transactions: SqlTransactions, storage_url: str, clock: HandMovedClock
) -> None:
    free = {"data": NEARLY_FULL_BYTES, "blobs": NEARLY_FULL_BYTES}
    status = Status(
        transactions,
        BlobStore(storage_url),
        FileCatalogue(),
        [],
        clock,
        ProviderOrder([]),
        free_bytes=lambda: free,
    )
    assert (await status.health(own_worker=True)).degraded == ()
    free["blobs"] -= 1
    report = await status.health(own_worker=True)
    assert (report.degraded, report.down) == (("disk_space",), ())
