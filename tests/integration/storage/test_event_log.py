"""Event log: gapless numbers, and one transaction with the change."""

import asyncio

import pytest

from stillroom.domain.batches.batches import BatchEventType
from stillroom.domain.errors import NotFound
from stillroom.domain.ids import BatchId, JobId
from stillroom.domain.jobs.events import (
    EventType,
    JobLogged,
    JobProgressed,
    JobRunning,
    JobSucceeded,
    StoredEvent,
)
from stillroom.domain.jobs.job import LeaseLost, Trigger
from stillroom.storage.database import Database
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.storage.rows import ANNA, NOW, a_batch, claimed_job, later, queued_jobs, stored_session

pytestmark = pytest.mark.anyio

MAX_STREAMS = 100_000
"""Limit of `STILLROOM_MAX_STREAMS`: logs whose numbers one process may ask for at once."""


def success() -> JobSucceeded:
    return JobSucceeded(
        variant_ids=("var_1",), model_used="local/x", fallbacks=(), latency_ms=900, first_image_ms=800
    )


async def test_events_are_read_back_unchanged(transactions: SqlTransactions) -> None:
    (job,) = await queued_jobs(transactions, await stored_session(transactions), 0)
    notice = JobLogged(level="warning", code="NOT_UNDERSTOOD", message="“x”", params={"words": ["不懂"]})
    async with transactions() as tx:
        assert await tx.events.append(job.id, JobRunning(attempt=1), NOW) == 1
        assert await tx.events.append(job.id, notice, later(1)) == 2
    async with transactions(read_only=True) as tx:
        assert await tx.events.after(job.id, 1, 10) == (
            StoredEvent(job.id, 2, EventType.LOG, notice.model_dump(mode="json"), later(1)),
        )
        assert [event.seq for event in await tx.events.after(job.id, 0, 1)] == [1]
        assert (await tx.jobs.get(job.id, ANNA)).last_seq == 2


async def test_concurrent_writers_leave_no_gap_in_event_numbers(
    transactions: SqlTransactions, neighbour: Database
) -> None:
    (job,) = await queued_jobs(transactions, await stored_session(transactions), 0)
    writers = [transactions, SqlTransactions(neighbour)]

    async def write(number: int) -> None:
        for step in range(6):
            try:
                async with writers[number % 2]() as tx:
                    await tx.events.append(job.id, JobProgressed(stage="matte", percent=step), NOW)
                    if step % 3 == 2:
                        raise InterruptedError
            except InterruptedError:
                continue

    await asyncio.gather(*(write(number) for number in range(8)))
    async with transactions(read_only=True) as tx:
        events = await tx.events.after(job.id, 0, 100)
        assert [event.seq for event in events] == list(range(1, 8 * 4 + 1))
        assert (await tx.jobs.get(job.id, ANNA)).last_seq == len(events)


async def test_reader_sees_event_numbers_in_order(transactions: SqlTransactions, neighbour: Database) -> None:
    (job,) = await queued_jobs(transactions, await stored_session(transactions), 0)
    done = asyncio.Event()

    async def write() -> None:
        for step in range(25):
            async with SqlTransactions(neighbour)() as tx:
                await tx.events.append(job.id, JobProgressed(stage="matte", percent=step), NOW)

    async def read() -> list[int]:
        seen: list[int] = []
        while True:
            last_look = done.is_set()
            async with transactions(read_only=True) as tx:
                found = await tx.events.after(job.id, seen[-1] if seen else 0, 100)
            seen += [event.seq for event in found]
            if last_look:
                return seen

    reader = asyncio.create_task(read())
    await asyncio.gather(write(), write())
    done.set()
    assert await reader == list(range(1, 51))


async def test_event_can_be_written_after_the_transition_without_the_lease_token(
    transactions: SqlTransactions,
) -> None:
    await queued_jobs(transactions, await stored_session(transactions), 0)
    job, token = await claimed_job(transactions)
    async with transactions() as tx:
        await tx.jobs.move(job.id, Trigger.SUCCEED, {"finished_at": later(1)}, token)
        assert await tx.events.append(job.id, success(), later(1)) == 2


async def test_lease_token_is_invalid_after_the_transition(transactions: SqlTransactions) -> None:
    await queued_jobs(transactions, await stored_session(transactions), 0)
    job, token = await claimed_job(transactions)
    async with transactions() as tx:
        await tx.jobs.move(job.id, Trigger.SUCCEED, {"finished_at": later(1)}, token)
        with pytest.raises(LeaseLost):
            await tx.events.append(job.id, success(), later(1), token)


async def test_an_event_of_an_unknown_job_is_not_found(transactions: SqlTransactions) -> None:
    async with transactions() as tx:
        with pytest.raises(NotFound):
            await tx.events.append(JobId("job_none"), JobRunning(attempt=1), NOW)


async def test_latest_event_numbers_are_returned_for_existing_jobs(transactions: SqlTransactions) -> None:
    told, silent = await queued_jobs(transactions, await stored_session(transactions), 0, 1)
    async with transactions() as tx:
        for step in range(3):
            await tx.events.append(told.id, JobProgressed(stage="matte", percent=step), NOW)
    async with transactions(read_only=True) as tx:
        asked = [told.id, *(JobId(f"job_{number}") for number in range(MAX_STREAMS - 2)), silent.id]
        assert await tx.events.latest(asked) == {told.id: 3, silent.id: 0}


async def test_latest_event_numbers_are_returned_for_existing_batches(transactions: SqlTransactions) -> None:
    await stored_session(transactions)
    batch = a_batch(ANNA)
    async with transactions() as tx:
        await tx.batches.add(batch)
        await tx.batches.append(batch.id, BatchEventType.PROGRESS, {}, NOW)
    async with transactions(read_only=True) as tx:
        asked = [*(BatchId(f"bat_none_{number}") for number in range(MAX_STREAMS - 1)), batch.id]
        assert await tx.batches.latest(asked) == {batch.id: 1}
