"""Claiming and completing several jobs at once, each with its event; and a server that hangs up."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime

import asyncpg
import pytest
import sqlalchemy as sa

from stillroom.domain.errors import StorageUnavailable
from stillroom.domain.jobs.events import EventType
from stillroom.domain.jobs.job import ClaimedJob, Fallback, Job, JobChanges, JobStatus, Trigger
from stillroom.domain.providers.usage import UsageRecord
from stillroom.domain.variants import VariantRole
from stillroom.storage.database import Database
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.storage.rows import (
    ANNA,
    BORIS,
    NOW,
    a_variant,
    an_edit,
    as_stored,
    claimed,
    ids,
    later,
    queued_jobs,
    room,
    stored_session,
)

pytestmark = pytest.mark.anyio


async def running(transactions: SqlTransactions, count: int) -> list[ClaimedJob]:
    """Jobs of one session, claimed one after the other."""
    await queued_jobs(transactions, await stored_session(transactions), *range(-count, 0))
    jobs = [await claimed(transactions, running_per_owner=count) for _ in range(count)]
    return [job for job in jobs if job is not None]


async def test_batch_completion_keeps_the_events_of_each_job(transactions: SqlTransactions) -> None:
    one, two = await running(transactions, 2)
    made = [
        a_variant(one, 2),
        a_variant(one, 1),
        a_variant(one, 1, VariantRole.PREVIEW),
        a_variant(two, 1),
    ]
    async with transactions() as tx:
        for variant in made:
            await tx.variants.add(variant)
        noted: JobChanges = {
            "model_used": "local/x",
            "fallbacks": (Fallback("gemini", "sora", "timeout"), Fallback("sora", "local", "rate_limited")),
            "usage": (UsageRecord(provider="local", model="local/x", outcome="ok"),),
            "first_image_at": later(1),
        }
        await tx.jobs.update_claimed(one.id, one.lease_token, noted)
    async with transactions() as tx:
        ended = await tx.jobs.complete((one, two), later(2))
    assert {job.id for job in ended} == {one.id, two.id}
    async with transactions(read_only=True) as tx:
        for job in ended:
            assert await tx.jobs.get(job.id, job.owner_id) == job
        (_, end) = await tx.events.after(one.id, 0, 10)
        assert (end.seq, end.type, end.at) == (2, EventType.SUCCEEDED, later(2))
        assert end.data == {
            "variant_ids": [made[2].id, made[1].id, made[0].id],
            "model_used": "local/x",
            "fallbacks": [
                {"from": "gemini", "to": "sora", "reason": "timeout"},
                {"from": "sora", "to": "local", "reason": "rate_limited"},
            ],
            "latency_ms": milliseconds(one, later(2)),
            "first_image_ms": milliseconds(one, later(1)),
        }
        (_, end) = await tx.events.after(two.id, 0, 10)
        assert end.data == {
            "variant_ids": [made[3].id],
            "model_used": None,
            "fallbacks": [],
            "latency_ms": milliseconds(two, later(2)),
            "first_image_ms": None,
        }
    first = next(job for job in ended if job.id == one.id)
    assert first == replace(
        replace(as_stored(one), **noted),
        status=JobStatus.SUCCEEDED,
        lease_expires_at=None,
        last_seq=2,
        finished_at=later(2),
    )


def milliseconds(job: Job, until: datetime) -> int:
    """Return the time from a job's creation to a moment."""
    return round((until - job.created_at).total_seconds() * 1000)


async def test_no_time_is_negative_when_the_clock_was_set_back_meanwhile(
    transactions: SqlTransactions,
) -> None:
    with_picture, without = await running(transactions, 2)
    async with transactions() as tx:
        await tx.jobs.update_claimed(
            with_picture.id, with_picture.lease_token, {"first_image_at": later(-7200)}
        )
        await tx.jobs.complete((with_picture, without), later(-3600))
    async with transactions(read_only=True) as tx:
        told = {job.id: (await tx.events.after(job.id, 0, 10))[-1].data for job in (with_picture, without)}
    assert (told[with_picture.id]["latency_ms"], told[with_picture.id]["first_image_ms"]) == (0, 0)
    assert (told[without.id]["latency_ms"], told[without.id]["first_image_ms"]) == (0, None)


async def test_batch_completion_skips_lost_and_cancelled_jobs(transactions: SqlTransactions) -> None:
    kept, lost, stopped, ended = await running(transactions, 4)
    async with transactions() as tx:
        await tx.jobs.move(lost.id, Trigger.LOSE_LEASE, {}, lost.lease_token)
        await tx.jobs.move(stopped.id, Trigger.CANCEL, {"finished_at": later(1)})
        await tx.jobs.move(ended.id, Trigger.SUCCEED, {"finished_at": later(1)}, ended.lease_token)
    again = await claimed(transactions, later(1), running_per_owner=4)
    assert again is not None
    assert again.id == lost.id
    asked = (kept, lost, stopped, ended)
    async with transactions() as tx:
        assert [job.id for job in await tx.jobs.complete(asked, later(2))] == [kept.id]
    async with transactions(read_only=True) as tx:
        assert await tx.jobs.get(lost.id, lost.owner_id) == as_stored(again)
        states = [(await tx.jobs.get(job.id, job.owner_id)).status for job in (stopped, ended)]
    assert states == [JobStatus.CANCELED, JobStatus.SUCCEEDED]


async def test_batch_completion_accepts_an_empty_list(transactions: SqlTransactions) -> None:
    async with transactions() as tx:
        assert await tx.jobs.complete((), later(0)) == ()
    assert await claimed(transactions) is None


async def test_concurrent_claimers_respect_the_owner_limits(
    transactions: SqlTransactions, neighbour: Database
) -> None:
    owners = {owner_id: await stored_session(transactions, owner_id) for owner_id in (ANNA, BORIS)}
    claimers = [transactions, SqlTransactions(neighbour)] * 4

    async def claim(claimer: SqlTransactions) -> list[ClaimedJob]:
        async with claimer() as tx:
            jobs = await tx.jobs.claim("w", ids.lease_token(), NOW, later(15), 3, room(5))
        return [an_edit(job) for job in jobs]

    async def all_claim() -> list[ClaimedJob]:
        return [job for jobs in await asyncio.gather(*map(claim, claimers)) for job in jobs]

    # Whoever has to connect first is late.
    assert await all_claim() == []
    for _ in range(5):
        for session in owners.values():
            await queued_jobs(transactions, session, *range(-10, 0))
        taken = await all_claim()
        assert Counter(job.owner_id for job in taken) == {ANNA: 3, BORIS: 3}
        assert len({job.id for job in taken}) == 6
        async with transactions() as tx:
            await tx.jobs.complete(taken, later(1))


@pytest.mark.parametrize("database_kind", ["postgresql"])
@pytest.mark.parametrize("ending", ["complete", "renew"])
async def test_jobs_that_end_together_wait_for_a_cancellation_of_all_of_them(
    transactions: SqlTransactions, neighbour: Database, ending: str
) -> None:
    released, second = sorted(await running(transactions, 2), key=lambda job: job.id)
    async with transactions() as tx:
        await tx.jobs.move(released.id, Trigger.RELEASE, {}, released.lease_token)
    # Its row now lies behind the other's, where a statement without an order finds it last.
    first = await claimed(transactions, running_per_owner=2)
    assert first is not None
    held = (first, second)

    async def end() -> int:
        async with SqlTransactions(neighbour)() as tx:
            if ending == "complete":
                return len(await tx.jobs.complete(held, later(1)))
            return len(await tx.jobs.renew({job.id: job.lease_token for job in held}, later(30)))

    async with transactions() as tx:
        await tx.jobs.move(first.id, Trigger.CANCEL, {"finished_at": NOW})
        ended = asyncio.create_task(end())
        await waiting_for_a_lock(neighbour)
        # Without one order of locks, each would now wait for the other.
        await tx.jobs.move(second.id, Trigger.CANCEL, {"finished_at": NOW})
    assert await ended == 0


async def waiting_for_a_lock(database: Database) -> None:
    """Return once a statement on this database waits for a row."""
    waits = sa.text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
    async with asyncio.timeout(10), database.begin(read_only=True) as connection:
        while not await connection.scalar(waits):  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("database_kind", ["postgresql"])
async def test_locked_job_is_skipped(transactions: SqlTransactions, neighbour: Database) -> None:
    first, second = await queued_jobs(transactions, await stored_session(transactions), -2, -1)
    async with SqlTransactions(neighbour)() as tx:
        await tx.jobs.move(first.id, Trigger.CANCEL, {"finished_at": NOW})
        next_one = await claimed(transactions)
    assert next_one is not None
    assert next_one.id == second.id
    assert await claimed(transactions) is None


@pytest.mark.parametrize("database_kind", ["postgresql"])
async def test_process_suspended_during_a_claim_blocks_others_only_briefly(
    transactions: SqlTransactions, neighbour: Database
) -> None:
    await queued_jobs(transactions, await stored_session(transactions), -2, -1)

    async def stop_in_the_middle() -> None:
        async with SqlTransactions(neighbour)() as stopped:
            await stopped.jobs.claim("w0", ids.lease_token(), NOW, later(15), 2, room())
            # Its transaction stays open and silent; the lock is given up for it.
            assert await claimed(transactions) is not None

    with pytest.raises(StorageUnavailable):
        await stop_in_the_middle()


@pytest.mark.parametrize("database_kind", ["postgresql"])
async def test_lost_database_connection_fails_at_most_one_claim(
    transactions: SqlTransactions, database_url: str
) -> None:
    await queued_jobs(transactions, await stored_session(transactions), -2, -1)
    assert await claimed(transactions) is not None
    somebody = await asyncpg.connect(database_url)
    await somebody.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await somebody.close()
    try:
        next_one = await claimed(transactions)
    except StorageUnavailable:
        # Nobody had told us yet.
        next_one = await claimed(transactions)
    assert next_one is not None
    assert await claimed(transactions, worker_id="w2") is None
