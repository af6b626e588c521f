"""Changes of a job that something else has changed since it was looked up."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.application.limits.limits import Limits
from stillroom.application.sessions import Sessions
from stillroom.domain.errors import StorageUnavailable
from stillroom.domain.ids import IdFactory, SessionId
from stillroom.domain.jobs.events import EventType, JobCanceled
from stillroom.domain.jobs.job import MAX_ATTEMPTS, ClaimedJob, Job, JobStatus
from stillroom.domain.ports import UnitOfWork
from stillroom.providers.cutouts.cache import Cutouts
from stillroom.storage.catalog import FileCatalogue
from stillroom.storage.local_notifier import LocalNotifier
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.conftest import NO_CUTOUTS, HandMovedClock, WatchedBlobs
from tests.integration.storage.rows import a_job, a_variant, an_edit, room, stored_session

pytestmark = pytest.mark.anyio

LIMITS = Limits()


@dataclass
class Interrupted:
    """Transactions of a process that is a little slow: what it has looked up changes before it writes.

    Attributes:
        meanwhile: Done before jobs are locked, and after a read-only transaction.
    """

    transactions: SqlTransactions
    meanwhile: Callable[[], Awaitable[object]]

    @asynccontextmanager
    async def __call__(
        self, *, read_only: bool = False, uses_reserve: bool = False
    ) -> AsyncIterator[UnitOfWork]:
        async with self.transactions(read_only=read_only, uses_reserve=uses_reserve) as tx:
            lock_session = tx.jobs.lock_session

            async def lock_late(session_id: SessionId) -> None:
                await self.meanwhile()
                await lock_session(session_id)

            tx.jobs.lock_session = lock_late  # type: ignore[method-assign]
            yield tx
        if read_only:
            await self.meanwhile()

    async def erase_traces(self) -> None:
        await self.transactions.erase_traces()


@pytest.fixture
def lifecycle(transactions: SqlTransactions, clock: HandMovedClock) -> Lifecycle:
    """A worker's."""
    return Lifecycle(transactions, LocalNotifier(), IdFactory(), clock, LIMITS)


async def a_running_job(
    transactions: SqlTransactions, lifecycle: Lifecycle, clock: HandMovedClock, attempts: int = 1
) -> ClaimedJob:
    session = await stored_session(transactions)
    async with transactions() as tx:
        await tx.jobs.add(a_job(session, clock.now))
    for attempt in range(1, attempts + 1):
        [job] = map(an_edit, await lifecycle.claim("there:", room()))
        if attempt < attempts:
            await lifecycle.recover("there:")
    assert job.attempts == attempts
    return job


@pytest.mark.parametrize("attempts", [1, MAX_ATTEMPTS])
async def test_slow_worker_with_heartbeats_keeps_its_job(
    transactions: SqlTransactions, lifecycle: Lifecycle, clock: HandMovedClock, attempts: int
) -> None:
    job = await a_running_job(transactions, lifecycle, clock, attempts)
    clock.move(seconds=LIMITS.lease_seconds)
    slow = Interrupted(transactions, lambda: lifecycle.renew([job]))
    rescuer = Lifecycle(slow, LocalNotifier(), IdFactory(), clock, LIMITS)
    assert await rescuer.rescue() == ()
    assert await lifecycle.renew([job]) == {job.id}
    clock.move(seconds=LIMITS.lease_seconds)
    assert [taken.id for taken in await lifecycle.rescue()] == [job.id]


@pytest.mark.parametrize("database_kind", ["postgresql"])
async def test_process_suspended_in_a_transaction_does_not_stop_the_rescue_of_other_jobs(
    transactions: SqlTransactions, lifecycle: Lifecycle, clock: HandMovedClock
) -> None:
    session = await stored_session(transactions)
    async with transactions() as tx:
        for _ in range(2):
            await tx.jobs.add(a_job(session, clock.now))
    first, second = map(an_edit, await lifecycle.claim("there:", room(2)))
    is_suspended, resumes = asyncio.Event(), asyncio.Event()

    async def write_an_event() -> None:
        async with transactions() as tx:
            await tx.events.append(first.id, JobCanceled(), clock.now, first.lease_token)
            is_suspended.set()
            await resumes.wait()

    writing = asyncio.create_task(write_an_event())
    await is_suspended.wait()
    clock.move(seconds=LIMITS.lease_seconds)
    assert {taken.id for taken in await lifecycle.rescue()} == {first.id, second.id}
    resumes.set()
    with pytest.raises(StorageUnavailable):
        await writing
    async with transactions(read_only=True) as tx:
        events = await tx.events.after(first.id, 0, 10)
    assert [event.type for event in events] == [EventType.RUNNING, EventType.QUEUED]


async def test_restarted_server_takes_back_its_jobs_at_once(
    transactions: SqlTransactions, lifecycle: Lifecycle, clock: HandMovedClock
) -> None:
    job = await a_running_job(transactions, lifecycle, clock)
    (taken,) = await lifecycle.recover("there:")
    assert (taken.id, taken.status) == (job.id, JobStatus.QUEUED)


@pytest.mark.parametrize("database_kind", ["postgresql"])
async def test_session_can_be_deleted_while_its_job_ends(
    transactions: SqlTransactions, blobs: WatchedBlobs, lifecycle: Lifecycle, clock: HandMovedClock
) -> None:
    job = await a_running_job(transactions, lifecycle, clock)
    variant = a_variant(job)
    await blobs.put(variant.blob_key, b"png", "image/png")

    async def end() -> None:
        async with transactions() as tx:
            await tx.variants.add(variant)
        await lifecycle.succeed(job)

    ended: list[Job] = []
    sessions = Sessions(
        Interrupted(transactions, end),
        blobs,
        FileCatalogue(),
        Lifecycle(transactions, LocalNotifier(), IdFactory(), clock, LIMITS, on_ended=ended.append),
        IdFactory(),
        clock,
        Cutouts(NO_CUTOUTS),
    )
    await sessions.delete(job.session_id, job.owner_id)
    assert ended == []
    assert await blobs.keys() == set()
    async with transactions(read_only=True) as tx:
        assert await tx.jobs.of_session(job.session_id) == ()
