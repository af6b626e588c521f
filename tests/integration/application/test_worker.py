"""How many jobs a worker has in hand: places bound what works here, not what waits for a cloud."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from stillroom.application import places
from stillroom.application.handlers import Handler
from stillroom.application.lifecycle import Lifecycle
from stillroom.application.limits import Limits
from stillroom.domain.generation import Operation
from stillroom.domain.ids import IdFactory, OwnerId
from stillroom.domain.jobs import Job, JobStatus
from stillroom.observability import Metrics
from stillroom.storage.database import Database
from stillroom.storage.migrations import migrate
from stillroom.storage.signals import LocalSignals
from stillroom.storage.unit_of_work import SqlTransactions
from stillroom.worker.heartbeat import Heartbeat
from stillroom.worker.loop import IN_FLIGHT_PER_PLACE, Worker
from tests.integration.storage.rows import moved_in, queued

pytestmark = pytest.mark.anyio
PLACES = 2
LIMITS = Limits(user_running=100)
PATIENCE_SECONDS = 60


class Shift:
    """A worker with two places, and how many of its jobs were in hand at once."""

    def __init__(self, transactions: SqlTransactions) -> None:
        self.transactions = transactions
        self.signals = LocalSignals()
        self.lifecycle = _lifecycle(transactions, self.signals)
        self.in_hand = self.most_in_hand = 0

    @asynccontextmanager
    async def job(self) -> AsyncIterator[None]:
        """One more is in hand."""
        self.in_hand += 1
        self.most_in_hand = max(self.most_in_hand, self.in_hand)
        try:
            yield
        finally:
            self.in_hand -= 1

    async def do(self, handler: Handler, database_url: str, jobs: tuple[Job, ...]) -> None:
        """Work until all jobs have ended."""

        @asynccontextmanager
        async def open_lifecycle() -> AsyncIterator[Lifecycle]:
            database = Database(database_url)
            yield _lifecycle(SqlTransactions(database), LocalSignals())
            await database.close()

        with Heartbeat(open_lifecycle, LIMITS.lease_seconds) as heartbeat:
            handlers = dict.fromkeys(Operation, handler)
            worker = Worker("w:", self.lifecycle, handlers, self.signals, heartbeat, Metrics(), PLACES)
            working = asyncio.create_task(worker.run())
            async with asyncio.timeout(PATIENCE_SECONDS):
                while await self._unfinished():  # noqa: ASYNC110 - there is no event to wait for
                    await asyncio.sleep(0.02)
            worker.stop()
            await working
        async with self.transactions(read_only=True) as tx:
            states = {(await tx.jobs.get(job.id, job.owner_id)).status for job in jobs}
        assert states == {JobStatus.SUCCEEDED}

    async def _unfinished(self) -> int:
        async with self.transactions(read_only=True) as tx:
            return await tx.jobs.count(None, JobStatus.QUEUED) + await tx.jobs.count(None, JobStatus.RUNNING)


def _lifecycle(transactions: SqlTransactions, signals: LocalSignals) -> Lifecycle:
    return Lifecycle(transactions, signals, IdFactory(), lambda: datetime.now(UTC), LIMITS)


@pytest.fixture
async def shift(database_url: str) -> AsyncIterator[Shift]:
    """A worker that has not begun."""
    await migrate(database_url)
    database = Database(database_url)
    yield Shift(SqlTransactions(database))
    await database.close()


async def waiting_jobs(transactions: SqlTransactions, count: int) -> tuple[Job, ...]:
    """So many that are due."""
    return await queued(transactions, await moved_in(transactions, OwnerId("own_anna")), *range(-count, 0))


async def test_jobs_that_wait_for_a_cloud_overlap_beyond_the_places(shift: Shift, database_url: str) -> None:
    jobs = await waiting_jobs(shift.transactions, 3 * PLACES)
    all_wait = asyncio.Barrier(len(jobs))

    async def ask_a_cloud(job: Job) -> Job:
        async with shift.job():
            place = places.mine()
            place.leave()
            # The cloud answers nobody before all have asked.
            await all_wait.wait()
            place.take()
        return await shift.lifecycle.succeed(job)

    await shift.do(ask_a_cloud, database_url, jobs)
    assert shift.most_in_hand == len(jobs)


async def test_jobs_that_work_here_do_not(shift: Shift, database_url: str) -> None:
    jobs = await waiting_jobs(shift.transactions, 4 * PLACES)

    async def compose(job: Job) -> Job:
        async with shift.job():
            await asyncio.sleep(0.03)
        return await shift.lifecycle.succeed(job)

    await shift.do(compose, database_url, jobs)
    assert shift.most_in_hand == PLACES


async def test_jobs_in_hand_are_bounded_however_many_wait_for_clouds(shift: Shift, database_url: str) -> None:
    most = PLACES * IN_FLIGHT_PER_PLACE
    jobs = await waiting_jobs(shift.transactions, most + 4)
    as_many_as_may = asyncio.Event()

    async def ask_a_cloud(job: Job) -> Job:
        async with shift.job():
            places.mine().leave()
            if shift.in_hand == most:
                as_many_as_may.set()
            await as_many_as_may.wait()
        return await shift.lifecycle.succeed(job)

    await shift.do(ask_a_cloud, database_url, jobs)
    assert shift.most_in_hand == most
