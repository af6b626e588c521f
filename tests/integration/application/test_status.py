"""Status of the studio: health, providers, usage."""

from datetime import date
from types import SimpleNamespace
from typing import cast

import anyio
import pytest

from stillroom.application.status import NEARLY_FULL_BYTES, STORAGE_CACHED, Status
from stillroom.domain.errors import StorageUnavailable
from stillroom.domain.ports import ProviderState
from stillroom.domain.providers.order import ProviderOrder
from stillroom.domain.providers.requests import ImageProvider, RegistryEntry
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
        self._clock.now += 5 * STORAGE_CACHED
        if self.is_away:
            raise StorageUnavailable
        await super().check()


async def test_concurrent_status_requests_share_one_check_of_the_store(
    transactions: SqlTransactions, storage_url: str, clock: HandMovedClock
) -> None:
    blobs = AskedBlobs(storage_url, clock)
    status = Status(transactions, blobs, FileCatalogue(), {}, clock, ProviderOrder([]))
    told = []

    async def ask() -> None:
        told.append((await status.health(own_worker=True)).storage)

    async with anyio.create_task_group() as asking:
        for _ in range(20):
            asking.start_soon(ask)
    assert (told, blobs.tried) == ([True] * 20, 1)
    blobs.is_away = True
    assert (await status.health(own_worker=True)).storage, "it was seen a moment ago"
    clock.now += STORAGE_CACHED
    assert not (await status.health(own_worker=True)).storage
    assert blobs.tried == 2


async def test_health_names_a_store_that_does_not_answer_while_it_is_still_silent(
    transactions: SqlTransactions, storage_url: str, clock: HandMovedClock
) -> None:
    class SilentBlobs(BlobStore):
        async def check(self) -> None:
            await silence.wait()

    silence = anyio.Event()
    blobs = SilentBlobs(storage_url)
    status = Status(transactions, blobs, FileCatalogue(), {}, clock, ProviderOrder([]), check_seconds=0.2)
    assert not (await status.health(own_worker=True)).storage
    silence.set()
    clock.now += STORAGE_CACHED
    assert (await status.health(own_worker=True)).storage


async def test_nearly_full_disk_is_reported_early(
    transactions: SqlTransactions, storage_url: str, clock: HandMovedClock
) -> None:
    free = {"data": NEARLY_FULL_BYTES, "blobs": NEARLY_FULL_BYTES}
    status = Status(
        transactions,
        BlobStore(storage_url),
        FileCatalogue(),
        {},
        clock,
        ProviderOrder([]),
        free_bytes=lambda: free,
    )
    assert (await status.health(own_worker=True)).degraded == ()
    free["blobs"] -= 1
    report = await status.health(own_worker=True)
    assert (report.degraded, report.down) == (("disk_space",), ())


@pytest.mark.parametrize(
    ("model", "stated", "days", "is_told", "state"),
    [
        ("gpt-image-1.5", None, 262, False, "ready"),
        ("gpt-image-2", date(2026, 4, 13), 30, True, "ready"),
        ("gpt-image-2", date(2026, 4, 14), 31, False, "ready"),
        ("gpt-image-2", date(2026, 3, 14), 0, True, "retired"),
        ("gpt-image-1.5", date(2026, 3, 4), -10, True, "retired"),
        ("a-gateways-own", date(2026, 3, 20), 6, True, "ready"),
        ("gpt-image-2", None, None, False, "ready"),
    ],
)
async def test_shutdown_of_a_used_model_is_reported_thirty_days_ahead(
    transactions: SqlTransactions,
    storage_url: str,
    clock: HandMovedClock,
    model: str,
    stated: date | None,
    days: int | None,
    is_told: bool,
    state: str,
) -> None:
    async with transactions() as tx:
        await tx.provider_states.save(
            ProviderState("chatgpt", model, clock(), configuration="k", shuts_down_on=stated)
        )
    provider = cast(ImageProvider, SimpleNamespace(model_in_use=f"chatgpt/{model}"))
    registry = {"chatgpt": RegistryEntry(provider, "k")}
    status = Status(transactions, BlobStore(storage_url), FileCatalogue(), registry, clock, ProviderOrder([]))
    found = {one.model: one.days for one in await status.shutdowns()}
    assert found == ({} if days is None else {f"chatgpt/{model}": days})
    report = await status.health(own_worker=True)
    assert ("model_shutdown" in report.degraded) == is_told
    assert report.down == ()
    (chatgpt,) = [one for one in await status.providers() if one.card.id == "chatgpt"]
    assert chatgpt.state == state
    (shown,) = [one for one in chatgpt.card.models if one.id == model]
    assert shown.ends_soon(clock().date()) == (is_told and state == "ready")
