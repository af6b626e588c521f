"""Export jobs: no order is lost, no file is stored twice, and clients see no job."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
import sqlalchemy as sa

from stillroom.application.exports.options import ExportWaits
from stillroom.application.limits.limits import Limits
from stillroom.domain.errors import (
    Conflict,
    InputCorrupt,
    InternalError,
    NotFound,
    NotMadeYet,
    StorageUnavailable,
)
from stillroom.domain.exports.presets import Export, ExportStatus
from stillroom.domain.ids import ExportId
from stillroom.domain.jobs.job import MAX_ATTEMPTS, ClaimedExportJob, JobStatus, LeaseLost, Trigger
from stillroom.domain.ports import ExportRepository, UnitOfWork
from stillroom.domain.providers.requests import Operation
from stillroom.storage.database import Database
from stillroom.storage.tables.work import exports as exports_table
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.conftest import HandMovedClock, WatchedBlobs
from tests.integration.application.export_services import ExportServices
from tests.integration.storage.rows import ANNA, BORIS, a_job, room

pytestmark = pytest.mark.anyio

LEASE_SECONDS = 15.0


@pytest.fixture
def services(
    transactions: SqlTransactions,
    blobs: WatchedBlobs,
    clock: HandMovedClock,
) -> ExportServices:
    return ExportServices(transactions, blobs, clock, ExportWaits(request=0.0, download=0.0))


async def ordered(services: ExportServices, key: str | None = None) -> Export:
    """An AVIF that waits for a worker."""
    [export] = (
        await services.exports.make(await services.variants(1), ["web-avif"], ANNA, key=key, wait=False)
    ).exports
    return export


async def claimed(services: ExportServices, worker: str = "here:") -> ClaimedExportJob:
    [job] = await services.lifecycle.claim(worker, room())
    assert isinstance(job, ClaimedExportJob)
    return job


async def rewritten(database_url: str, export: Export, **columns: Any) -> None:
    """Rewrite an export as another release would have stored it."""
    database = Database(database_url)
    async with database.begin() as connection:
        await connection.execute(
            sa.update(exports_table).where(exports_table.c.id == export.id).values(columns)
        )
    await database.close()


async def now_of(services: ExportServices, export: Export) -> Export:
    async with services.transactions(read_only=True) as tx:
        [now] = await tx.exports.several([export.id], ANNA, services.clock.now)
    return now


async def test_deferred_export_equals_the_immediate_file(services: ExportServices) -> None:
    variants = await services.variants(1)
    [late] = (await services.exports.make(variants, ["web-avif"], ANNA, wait=False)).exports
    [now] = (await services.exports.make(variants, ["web-avif"], ANNA)).exports
    assert (late.status, late.bytes, late.checks) == (ExportStatus.PENDING, 0, ())
    assert (late.name, late.width, late.height) == (now.name, now.width, now.height)
    await services.maker.run(await claimed(services))
    made = await now_of(services, late)
    assert (made.status, made.bytes, made.checks) == (ExportStatus.READY, now.bytes, now.checks)
    assert await services.exports.file(late.id, ANNA) == await services.exports.file(now.id, ANNA)
    assert await services.lifecycle.claim("here:", room()) == ()


async def test_only_slow_exports_are_deferred(services: ExportServices) -> None:
    variants = await services.variants(1)
    made = await services.exports.make(variants, ["web-1080", "web-avif"], ANNA, wait=False)
    assert [(export.format, export.status) for export in made.exports] == [
        ("webp", ExportStatus.READY),
        ("jpeg", ExportStatus.READY),
        ("avif", ExportStatus.PENDING),
    ]
    dry = await services.exports.make(variants, ["web-avif"], ANNA, dry_run=True, wait=False)
    assert dry.exports[0].bytes > 0
    assert dry.exports[0].checks


async def test_pending_file_states_retry_after(services: ExportServices) -> None:
    export = await ordered(services)
    with pytest.raises(NotMadeYet) as told:
        await services.exports.file(export.id, ANNA)
    assert told.value.params["retry_after_seconds"] > 0
    with pytest.raises(NotMadeYet):
        await services.exports.archive([export.id], ANNA)
    with pytest.raises(NotFound):
        await services.exports.file(export.id, BORIS)


async def test_waiting_for_many_files_polls_the_missing_ones_in_one_query(
    services: ExportServices,
) -> None:
    made, late = await ordered(services), []
    await services.maker.run(await claimed(services))
    for _ in range(3):
        services.clock.move(seconds=1)
        again = await services.exports.make([made.variant_id], ["web-avif"], ANNA, wait=False)
        late.append(again.exports[0].id)
    looks: list[list[ExportId]] = []

    @asynccontextmanager
    async def noting_looks(**options: bool) -> AsyncIterator[UnitOfWork]:
        async with services.transactions(**options) as tx:
            several = tx.exports.several

            async def noted(export_ids: list[ExportId], *rest: Any) -> tuple[Export, ...]:
                looks.append(export_ids)
                if len(looks) == 3:
                    await services.lifecycle.give_up_or_retry(await claimed(services), InputCorrupt())
                return await several(export_ids, *rest)

            yield replace(tx, exports=cast("ExportRepository", SimpleNamespace(several=noted)))

    exports = services.exports_with(ExportWaits(download=0.5, poll=0.01), noting_looks)
    with pytest.raises(Conflict):
        await exports.archive([made.id, *late], ANNA)
    assert looks[:4] == [[made.id, *late], late, late, late[1:]]


async def test_the_archive_holds_deferred_files_once_they_are_made(services: ExportServices) -> None:
    export = await ordered(services)
    await services.maker.run(await claimed(services))
    pieces = [piece async for piece in await services.exports.archive([export.id], ANNA)]
    assert export.name.encode() in b"".join(pieces)


async def test_the_same_key_gives_the_same_export_before_and_after_it_is_made(
    services: ExportServices,
) -> None:
    variants = await services.variants(1)
    first = await services.exports.make(variants, ["web-avif"], ANNA, key="k", wait=False)
    again = await services.exports.make(variants, ["web-avif"], ANNA, key="k", wait=False)
    assert again.replayed
    assert again.exports == first.exports
    await services.maker.run(await claimed(services))
    assert await services.lifecycle.claim("here:", room()) == (), "a replay orders nothing"
    third = await services.exports.make(variants, ["web-avif"], ANNA, key="k", wait=False)
    assert [export.id for export in third.exports] == [first.exports[0].id]
    assert third.exports[0].status is ExportStatus.READY


async def test_export_is_claimed_by_one_worker(services: ExportServices) -> None:
    await ordered(services)
    await claimed(services, "here:")
    assert await services.lifecycle.claim("there:", room()) == ()


async def test_restarted_worker_resumes_its_own_exports_at_once(services: ExportServices) -> None:
    export = await ordered(services)
    dead = await claimed(services, "here:")
    assert await services.lifecycle.recover("there:") == ()
    assert len(await services.lifecycle.recover("here:")) == 1
    alive = await claimed(services, "here:")
    assert (alive.export_id, alive.attempts) == (export.id, 2)
    assert alive.lease_token != dead.lease_token


async def test_expired_lease_lets_another_worker_claim_the_export(services: ExportServices) -> None:
    export = await ordered(services)
    silent = await claimed(services, "here:")
    services.clock.move(seconds=LEASE_SECONDS, microseconds=-1)
    assert await services.lifecycle.renew([silent]) == {silent.id}, "it is slow, not dead"
    services.clock.move(seconds=LEASE_SECONDS)
    assert len(await services.lifecycle.rescue()) == 1
    other = await claimed(services, "there:")
    assert other.attempts == 2
    assert await services.lifecycle.renew([silent]) == frozenset()
    before = await services.blobs.keys()
    with pytest.raises(LeaseLost):
        await services.maker.run(silent)
    assert await services.blobs.keys() == before
    assert (await now_of(services, export)).status is ExportStatus.PENDING
    await services.maker.run(other)
    assert (await now_of(services, export)).status is ExportStatus.READY


async def test_release_of_an_export_spends_no_attempt(services: ExportServices) -> None:
    await ordered(services)
    await services.lifecycle.release(await claimed(services))
    assert (await claimed(services)).attempts == 1


async def test_store_outage_delays_the_export_without_losing_it(services: ExportServices) -> None:
    export = await ordered(services)
    await services.lifecycle.give_up_or_retry(await claimed(services), StorageUnavailable())
    assert await services.lifecycle.claim("here:", room()) == ()
    services.clock.move(minutes=1)
    await services.maker.run(await claimed(services))
    assert (await now_of(services, export)).status is ExportStatus.READY


async def test_impossible_export_is_marked_failed(services: ExportServices) -> None:
    export = await ordered(services)
    await services.lifecycle.give_up_or_retry(await claimed(services), InputCorrupt())
    assert (await now_of(services, export)).status is ExportStatus.FAILED
    with pytest.raises(Conflict):
        await services.exports.file(export.id, ANNA)
    with pytest.raises(Conflict):
        await services.exports.archive([export.id], ANNA)
    assert await services.lifecycle.claim("here:", room()) == ()


async def test_export_that_kills_every_worker_is_given_up(services: ExportServices) -> None:
    export = await ordered(services)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert (await claimed(services)).attempts == attempt
        services.clock.move(seconds=LEASE_SECONDS)
        await services.lifecycle.rescue()
    assert await services.lifecycle.claim("here:", room()) == ()
    assert (await now_of(services, export)).status is ExportStatus.FAILED


async def test_a_recipe_of_a_later_release_is_retried_and_then_given_up(
    services: ExportServices, database_url: str
) -> None:
    export = await ordered(services)
    await rewritten(database_url, export, recipe_json={"a later release": "says it otherwise"})
    for _ in range(MAX_ATTEMPTS):
        assert (await now_of(services, export)).status is ExportStatus.PENDING
        job = await claimed(services)
        with pytest.raises(InternalError) as refusal:
            await services.maker.run(job)
        await services.lifecycle.give_up_or_retry(job, refusal.value)
        services.clock.move(minutes=1)
    assert (await now_of(services, export)).status is ExportStatus.FAILED


async def test_expired_export_is_swept_instead_of_made(services: ExportServices) -> None:
    export = await ordered(services)
    job = await claimed(services)
    services.clock.move(hours=24)
    assert (await services.housekeeping.sweep()).exports == 1
    with pytest.raises(NotFound):
        await services.maker.run(job)
    await services.lifecycle.give_up_or_retry(job, NotFound())
    assert not [key for key in await services.blobs.keys() if export.id in key]
    assert await services.lifecycle.renew([job]) == frozenset()


async def test_deleting_a_product_deletes_its_pending_exports(services: ExportServices) -> None:
    export = await ordered(services)
    job = await claimed(services)
    async with services.transactions() as tx:
        variant = await tx.variants.get(export.variant_id, ANNA)
        await tx.sessions.remove(variant.session_id)
    with pytest.raises(NotFound):
        await services.maker.run(job)
    with pytest.raises(LeaseLost):
        await services.lifecycle.give_up_or_retry(job, NotFound())
    assert await services.lifecycle.claim("here:", room()) == ()


async def test_export_job_is_hidden_from_clients(services: ExportServices) -> None:
    await ordered(services)
    async with services.transactions(read_only=True) as tx:
        assert await tx.jobs.count(ANNA, JobStatus.QUEUED) == await tx.jobs.count(None, JobStatus.QUEUED) == 0
    job = await claimed(services)
    async with services.transactions(read_only=True) as tx:
        assert await tx.jobs.count(None, JobStatus.RUNNING) == 0
        listed = (await tx.jobs.list(ANNA, None, None, None, 10)).items
        of_session = await tx.jobs.of_session(job.session_id)
        # The one that made the picture.
        assert listed == of_session
        assert [one.type for one in listed] == [Operation.BG_REPLACE]
        with pytest.raises(NotFound):
            await tx.jobs.get(job.id, ANNA)
    await services.maker.run(job)
    async with services.transactions() as tx:
        with pytest.raises(NotFound):
            await tx.jobs.move(job.id, Trigger.CANCEL, {})


async def test_exports_and_pictures_have_separate_queues(services: ExportServices) -> None:
    export = await ordered(services)
    for _ in range(2):
        await services.exports.make([export.variant_id], ["web-avif"], ANNA, wait=False)
    async with services.transactions() as tx:
        variant = await tx.variants.get(export.variant_id, ANNA)
        session = await tx.sessions.get(variant.session_id, ANNA)
        for _ in range(3):
            await tx.jobs.add(a_job(session, services.clock.now))
    claims = await services.lifecycle.claim("here:", room(9))
    assert [isinstance(job, ClaimedExportJob) for job in claims].count(True) == 1
    assert len(claims) == 1 + Limits().user_running
    assert await services.lifecycle.claim("here:", room(9)) == ()
    [export_job] = [job for job in claims if isinstance(job, ClaimedExportJob)]
    await services.maker.run(export_job)
    [next_one] = await services.lifecycle.claim("here:", room(9))
    assert isinstance(next_one, ClaimedExportJob)
