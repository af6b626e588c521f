"""Exports that a worker makes: nothing is lost, nothing is stored twice, and nobody waits for long."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import sqlalchemy as sa

from stillroom.application import exports as exports_module
from stillroom.application.late_exports import MAX_ATTEMPTS
from stillroom.domain.errors import Conflict, InputCorrupt, NotFound, NotMadeYet, StorageUnavailable
from stillroom.domain.exports.presets import Export, ExportStatus, LateExport
from stillroom.domain.ids import ExportId, VariantId
from stillroom.storage.database import Database
from stillroom.storage.repositories.exports import Exports as ExportRows
from stillroom.storage.signals import LocalSignals
from stillroom.storage.tables import exports as exports_table
from stillroom.storage.unit_of_work import SqlTransactions
from stillroom.worker import exporter as exporter_module
from stillroom.worker.exporter import Exporter
from tests.integration.application.conftest import HandMovedClock, WatchedBlobs
from tests.integration.application.shop import Shop
from tests.integration.storage.rows import ANNA, BORIS

pytestmark = pytest.mark.anyio

LEASE_SECONDS = 15.0


@pytest.fixture
def shop(
    transactions: SqlTransactions,
    blobs: WatchedBlobs,
    clock: HandMovedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Shop:
    for name in ("ASKED_WAIT_SECONDS", "FETCHED_WAIT_SECONDS"):
        monkeypatch.setattr(exports_module, name, 0.0)
    return Shop(transactions, blobs, clock)


async def ordered(shop: Shop, key: str | None = None) -> Export:
    """An AVIF that waits for a worker."""
    [export] = (
        await shop.exports.make(await shop.variants(1), ["web-avif"], ANNA, key=key, wait=False)
    ).exports
    return export


async def claimed(shop: Shop, worker: str = "here:") -> LateExport:
    late = await shop.late.claim(worker)
    assert late is not None
    return late


async def rewritten(database_url: str, export: Export, recipe: dict[str, str]) -> None:
    """As if another release had ordered it."""
    database = Database(database_url)
    async with database.begin() as connection:
        await connection.execute(
            sa.update(exports_table).where(exports_table.c.id == export.id).values(recipe_json=recipe)
        )
    await database.close()


async def now_of(shop: Shop, export: Export) -> Export:
    async with shop.transactions(read_only=True) as tx:
        [now] = await tx.exports.several([export.id], ANNA, shop.clock.now)
    return now


async def test_a_late_export_is_the_file_that_would_have_been_made_at_once(shop: Shop) -> None:
    variants = await shop.variants(1)
    [late] = (await shop.exports.make(variants, ["web-avif"], ANNA, wait=False)).exports
    [now] = (await shop.exports.make(variants, ["web-avif"], ANNA)).exports
    assert (late.status, late.bytes, late.checks) == (ExportStatus.PENDING, 0, ())
    assert (late.name, late.width, late.height) == (now.name, now.width, now.height)
    assert await shop.late.make(await claimed(shop))
    made = await now_of(shop, late)
    assert (made.status, made.bytes, made.checks) == (ExportStatus.READY, now.bytes, now.checks)
    assert await shop.exports.file(late.id, ANNA) == await shop.exports.file(now.id, ANNA)
    assert await shop.late.claim("here:") is None


async def test_only_what_takes_long_is_left_to_a_worker(shop: Shop) -> None:
    variants = await shop.variants(1)
    made = await shop.exports.make(variants, ["web-1080", "web-avif"], ANNA, wait=False)
    assert [(export.format, export.status) for export in made.exports] == [
        ("webp", ExportStatus.READY),
        ("jpeg", ExportStatus.READY),
        ("avif", ExportStatus.PENDING),
    ]
    dry = await shop.exports.make(variants, ["web-avif"], ANNA, dry_run=True, wait=False)
    assert dry.exports[0].bytes > 0
    assert dry.exports[0].checks


async def test_a_file_that_is_not_made_yet_says_when_to_come_again(shop: Shop) -> None:
    export = await ordered(shop)
    with pytest.raises(NotMadeYet) as told:
        await shop.exports.file(export.id, ANNA)
    assert told.value.params["retry_after_seconds"] > 0
    with pytest.raises(NotMadeYet):
        await shop.exports.archive([export.id], ANNA)
    with pytest.raises(NotFound):
        await shop.exports.file(export.id, BORIS)


async def test_who_waits_for_many_files_asks_once_a_look_and_for_those_alone_that_are_not_made(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, late = await ordered(shop), []
    await shop.late.make(await claimed(shop))
    for _ in range(3):
        shop.clock.move(seconds=1)
        again = await shop.exports.make([made.variant_id], ["web-avif"], ANNA, wait=False)
        late.append(again.exports[0].id)
    looks: list[list[ExportId]] = []
    several = ExportRows.several

    async def noted(rows: ExportRows, export_ids: list[ExportId], *rest: Any) -> tuple[Export, ...]:
        looks.append(export_ids)
        if len(looks) == 3:
            await shop.late.fail(await claimed(shop), InputCorrupt())
        return await several(rows, export_ids, *rest)

    monkeypatch.setattr(ExportRows, "several", noted)
    monkeypatch.setattr(exports_module, "FETCHED_WAIT_SECONDS", 0.5)
    monkeypatch.setattr(exports_module, "_LOOK_SECONDS", 0.01)
    with pytest.raises(Conflict):
        await shop.exports.archive([made.id, *late], ANNA)
    assert looks[:4] == [[made.id, *late], late, late, late[1:]]


async def test_the_archive_holds_late_files_once_they_are_made(shop: Shop) -> None:
    export = await ordered(shop)
    await shop.late.make(await claimed(shop))
    pieces = [piece async for piece in await shop.exports.archive([export.id], ANNA)]
    assert export.name.encode() in b"".join(pieces)


async def test_the_same_key_gives_the_same_export_before_and_after_it_is_made(shop: Shop) -> None:
    variants = await shop.variants(1)
    first = await shop.exports.make(variants, ["web-avif"], ANNA, key="k", wait=False)
    again = await shop.exports.make(variants, ["web-avif"], ANNA, key="k", wait=False)
    assert again.replayed
    assert again.exports == first.exports
    await shop.late.make(await claimed(shop))
    assert await shop.late.claim("here:") is None, "a replay orders nothing"
    third = await shop.exports.make(variants, ["web-avif"], ANNA, key="k", wait=False)
    assert [export.id for export in third.exports] == [first.exports[0].id]
    assert third.exports[0].status is ExportStatus.READY


async def test_one_export_is_taken_on_by_one_worker(shop: Shop) -> None:
    await ordered(shop)
    await claimed(shop, "here:")
    assert await shop.late.claim("there:") is None


async def test_a_worker_that_came_back_takes_up_at_once_what_it_left(shop: Shop) -> None:
    export = await ordered(shop)
    dead = await claimed(shop, "here:")
    assert await shop.late.recover("there:") == 0
    assert await shop.late.recover("here:") == 1
    alive = await claimed(shop, "here:")
    assert (alive.export.id, alive.attempts) == (export.id, 2)
    assert alive.lease_token != dead.lease_token


async def test_another_worker_takes_up_what_a_silent_one_left_when_its_lease_ends(shop: Shop) -> None:
    await ordered(shop)
    silent = await claimed(shop, "here:")
    shop.clock.move(seconds=LEASE_SECONDS, microseconds=-1)
    assert await shop.late.keep(silent), "it is slow, not dead"
    shop.clock.move(seconds=LEASE_SECONDS, microseconds=-1)
    assert await shop.late.claim("there:") is None
    shop.clock.move(microseconds=1)
    assert (await claimed(shop, "there:")).attempts == 2
    assert not await shop.late.keep(silent)


async def test_whoever_lost_an_export_stores_nothing(shop: Shop) -> None:
    export = await ordered(shop)
    silent = await claimed(shop, "here:")
    shop.clock.move(seconds=LEASE_SECONDS)
    other = await claimed(shop, "there:")
    before = await shop.blobs.keys()
    assert not await shop.late.make(silent)
    assert await shop.blobs.keys() == before
    assert (await now_of(shop, export)).status is ExportStatus.PENDING
    assert await shop.late.make(other)


async def test_a_release_spends_no_attempt(shop: Shop) -> None:
    await ordered(shop)
    await shop.late.release(await claimed(shop))
    assert (await claimed(shop)).attempts == 1


async def test_a_store_that_is_away_costs_a_wait_and_no_export(shop: Shop) -> None:
    export = await ordered(shop)
    await shop.late.fail(await claimed(shop), StorageUnavailable())
    assert await shop.late.claim("here:") is None
    shop.clock.move(minutes=1)
    assert await shop.late.make(await claimed(shop))
    assert (await now_of(shop, export)).status is ExportStatus.READY


async def test_what_cannot_be_made_is_said_to_have_failed(shop: Shop) -> None:
    export = await ordered(shop)
    await shop.late.fail(await claimed(shop), InputCorrupt())
    assert (await now_of(shop, export)).status is ExportStatus.FAILED
    with pytest.raises(Conflict):
        await shop.exports.file(export.id, ANNA)
    with pytest.raises(Conflict):
        await shop.exports.archive([export.id], ANNA)
    assert await shop.late.claim("here:") is None


async def test_what_ends_every_worker_is_given_up(shop: Shop) -> None:
    export = await ordered(shop)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert (await claimed(shop)).attempts == attempt
        shop.clock.move(seconds=LEASE_SECONDS)
    assert await shop.late.claim("here:") is None
    assert (await now_of(shop, export)).status is ExportStatus.FAILED


async def test_an_order_of_a_later_release_holds_nobody_up_and_is_given_up(
    shop: Shop, database_url: str
) -> None:
    unreadable = await ordered(shop)
    await rewritten(database_url, unreadable, {"a later release": "says it otherwise"})
    shop.clock.move(seconds=1)
    again = await shop.exports.make([unreadable.variant_id], ["web-avif"], ANNA, wait=False)
    [readable] = again.exports
    late = await claimed(shop)
    assert late.export.id == readable.id
    await shop.late.fail(late, InputCorrupt())
    for _ in range(MAX_ATTEMPTS):
        assert (await now_of(shop, unreadable)).status is ExportStatus.PENDING
        shop.clock.move(minutes=1)
        assert await shop.late.claim("here:") is None
    assert (await now_of(shop, unreadable)).status is ExportStatus.FAILED


async def test_an_expired_order_is_swept_and_not_made(shop: Shop) -> None:
    export = await ordered(shop)
    late = await claimed(shop)
    shop.clock.move(hours=24)
    assert await shop.late.claim("here:") is None
    assert (await shop.housekeeping.sweep()).exports == 1
    assert not await shop.late.make(late)
    assert not [key for key in await shop.blobs.keys() if export.id in key]


async def test_a_deleted_product_takes_its_orders_along(shop: Shop) -> None:
    export = await ordered(shop)
    late = await claimed(shop)
    async with shop.transactions() as tx:
        variant = await tx.variants.get(VariantId(export.variant_id), ANNA)
        await tx.sessions.remove(variant.session_id)
    with pytest.raises(NotFound):
        await shop.late.make(late)
    await shop.late.fail(late, NotFound())
    assert await shop.late.claim("here:") is None


async def test_a_worker_makes_what_is_ordered_until_it_is_stopped(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports_module, "ASKED_WAIT_SECONDS", 60.0)
    signals = LocalSignals()
    worker = asyncio.create_task(Exporter("here:", shop.late, signals, LEASE_SECONDS).run())
    export = await ordered(shop)
    assert export.status is ExportStatus.READY
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker


async def test_a_fault_of_ours_ends_no_exporter(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports_module, "ASKED_WAIT_SECONDS", 60.0)
    monkeypatch.setattr(exporter_module, "LOOK_AGAIN_SECONDS", 0.05)
    faults = iter([RuntimeError("at the start"), RuntimeError("at a claim")])

    def breaking(call: Callable[[str], Awaitable[object]]) -> Callable[[str], Awaitable[object]]:
        async def broken(worker: str) -> object:
            if fault := next(faults, None):
                raise fault
            return await call(worker)

        return broken

    for name in ("recover", "claim"):
        monkeypatch.setattr(shop.late, name, breaking(getattr(shop.late, name)))
    worker = asyncio.create_task(Exporter("here:", shop.late, LocalSignals(), LEASE_SECONDS).run())
    assert (await ordered(shop)).status is ExportStatus.READY
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker


async def test_a_worker_that_is_stopped_hands_back_what_it_was_at(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ordered(shop)
    at_it = asyncio.Event()

    async def make(_: LateExport) -> bool:
        at_it.set()
        await asyncio.Event().wait()
        return True

    monkeypatch.setattr(shop.late, "make", make)
    worker = asyncio.create_task(Exporter("here:", shop.late, LocalSignals(), LEASE_SECONDS).run())
    await at_it.wait()
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker
    assert (await claimed(shop, "there:")).attempts == 1
