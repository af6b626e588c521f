"""How many jobs a worker has in hand: places bound what works here, not what waits for a cloud."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from stillroom.application.jobs.handlers import Handler, WorkerSlot
from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.application.limits.limits import Limits
from stillroom.domain.errors import ContentRefused
from stillroom.domain.ids import IdFactory, JobId, OwnerId
from stillroom.domain.jobs.job import (
    MAX_ATTEMPTS,
    AnyClaimedJob,
    ClaimedDeliveryJob,
    ClaimedExportJob,
    ClaimedJob,
    Job,
    JobStatus,
    QueuedJob,
)
from stillroom.domain.providers.requests import Operation
from stillroom.observability import Metrics
from stillroom.storage.database import Database
from stillroom.storage.local_notifier import LocalNotifier
from stillroom.storage.unit_of_work import SqlTransactions
from stillroom.worker.heartbeat import Heartbeat
from stillroom.worker.loop import IN_FLIGHT_PER_SLOT, Worker
from stillroom.worker.rescuer import Rescuer
from tests.integration.storage.rows import moved_in, queued

pytestmark = pytest.mark.anyio
PLACES = 2
LIMITS = Limits(user_running=100)
PATIENCE_SECONDS = 60


class Shift:
    """A worker with two places, and how many of its jobs were in hand at once."""

    def __init__(self, transactions: SqlTransactions) -> None:
        self.transactions = transactions
        self.notifier = LocalNotifier()
        self.metrics = Metrics()
        self.lifecycle: Lifecycle = _lifecycle(transactions, self.notifier, self.metrics.job_ended)
        self.in_hand = self.most_in_hand = self.beats = 0
        self.broken: list[str] | None = None

    def may_break(self, name: str) -> None:
        """Raise at the first call of that name, if calls are to break."""
        if self.broken is not None and name not in self.broken:
            self.broken.append(name)
            raise RuntimeError("a fault of ours")

    @asynccontextmanager
    async def job(self) -> AsyncIterator[None]:
        """One more is in hand."""
        self.in_hand += 1
        self.most_in_hand = max(self.most_in_hand, self.in_hand)
        try:
            yield
        finally:
            self.in_hand -= 1

    async def do(
        self, handler: Handler, database_url: str, jobs: tuple[Job, ...], lease_seconds: float = 15.0
    ) -> None:
        """Work until all jobs have ended."""

        @asynccontextmanager
        async def open_lifecycle() -> AsyncIterator[Lifecycle]:
            database = Database(database_url)
            yield Counted(self, SqlTransactions(database))
            await database.close()

        with Heartbeat(open_lifecycle, lease_seconds) as heartbeat:
            handlers = dict.fromkeys(Operation, handler)
            worker = Worker(
                "w:",
                self.lifecycle,
                handlers,
                no_exports,
                no_exports,
                self.notifier,
                heartbeat,
                PLACES,
            )
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


async def no_exports(job: ClaimedExportJob | ClaimedDeliveryJob) -> None:
    """Does no work of an export or a delivery: there are none here."""
    raise AssertionError(job.id)


class Counted(Lifecycle):
    """The heartbeat's own, which counts how often leases were renewed."""

    def __init__(self, shift: Shift, transactions: SqlTransactions) -> None:
        super().__init__(transactions, LocalNotifier(), IdFactory(), lambda: datetime.now(UTC), LIMITS)
        self._shift = shift

    async def keep(self, jobs: Sequence[AnyClaimedJob]) -> frozenset[JobId]:
        self._shift.may_break("keep")
        kept = await super().keep(jobs)
        assert kept == {job.id for job in jobs}
        self._shift.beats += 1
        return kept


class Stumbling(Counted):
    """A worker's own, which meets a fault of ours at the first call of each kind."""

    async def recover(self, worker_id_prefix: str) -> tuple[QueuedJob, ...]:
        self._shift.may_break("recover")
        return await super().recover(worker_id_prefix)

    async def claim(
        self, worker_id: str, at_most: int, at_most_of_batches: int | None = None, deliveries: int = 0
    ) -> tuple[AnyClaimedJob, ...]:
        self._shift.may_break("claim")
        return await super().claim(worker_id, at_most, at_most_of_batches, deliveries)


def _lifecycle(
    transactions: SqlTransactions, notifier: LocalNotifier, on_ended: Callable[[Job], object]
) -> Lifecycle:
    return Lifecycle(
        transactions, notifier, IdFactory(), lambda: datetime.now(UTC), LIMITS, on_ended=on_ended
    )


@pytest.fixture
async def shift(database_url: str) -> AsyncIterator[Shift]:
    """A worker that has not begun."""
    database = Database(database_url)
    yield Shift(SqlTransactions(database))
    await database.close()


async def waiting_jobs(transactions: SqlTransactions, count: int) -> tuple[Job, ...]:
    """So many that are due."""
    return await queued(transactions, await moved_in(transactions, OwnerId("own_anna")), *range(-count, 0))


async def test_jobs_waiting_for_a_cloud_exceed_the_local_slots(shift: Shift, database_url: str) -> None:
    jobs = await waiting_jobs(shift.transactions, 3 * PLACES)
    all_wait = asyncio.Barrier(len(jobs))

    async def ask_a_cloud(job: ClaimedJob, slot: WorkerSlot) -> Job:
        async with shift.job():
            slot.free()
            # The cloud answers nobody before all have asked.
            await all_wait.wait()
            slot.occupy()
        return await shift.lifecycle.succeed(job)

    await shift.do(ask_a_cloud, database_url, jobs)
    assert shift.most_in_hand == len(jobs)


async def test_local_jobs_do_not_exceed_the_slots(shift: Shift, database_url: str) -> None:
    jobs = await waiting_jobs(shift.transactions, 4 * PLACES)

    async def compose(job: ClaimedJob, _: WorkerSlot) -> Job:
        async with shift.job():
            await asyncio.sleep(0.03)
        return await shift.lifecycle.succeed(job)

    await shift.do(compose, database_url, jobs)
    assert shift.most_in_hand == PLACES


async def test_claimed_jobs_are_bounded_while_many_wait_for_clouds(shift: Shift, database_url: str) -> None:
    most = PLACES * IN_FLIGHT_PER_SLOT
    jobs = await waiting_jobs(shift.transactions, most + 4)
    as_many_as_may = asyncio.Event()

    async def ask_a_cloud(job: ClaimedJob, slot: WorkerSlot) -> Job:
        async with shift.job():
            slot.free()
            if shift.in_hand == most:
                as_many_as_may.set()
            await as_many_as_may.wait()
        return await shift.lifecycle.succeed(job)

    await shift.do(ask_a_cloud, database_url, jobs)
    assert shift.most_in_hand == most


async def test_heartbeat_renews_leases_while_the_worker_loop_is_blocked(
    shift: Shift, database_url: str
) -> None:
    jobs = await waiting_jobs(shift.transactions, 1)

    async def hold_everything_up(job: ClaimedJob, _: WorkerSlot) -> Job:
        give_up = time.monotonic() + PATIENCE_SECONDS
        while shift.beats < 3:
            assert time.monotonic() < give_up, "nobody renews the lease"
            time.sleep(0.01)  # noqa: ASYNC251 - the loop is to be blocked
        return await shift.lifecycle.succeed(job)

    await shift.do(hold_everything_up, database_url, jobs, lease_seconds=0.6)


async def test_internal_error_stops_neither_worker_nor_heartbeat(shift: Shift, database_url: str) -> None:
    jobs = await waiting_jobs(shift.transactions, 1)
    shift.broken = []
    shift.lifecycle = Stumbling(shift, shift.transactions)

    async def outlast_the_lease(job: ClaimedJob, _: WorkerSlot) -> Job:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while shift.beats < 2:  # noqa: ASYNC110 - the beats are another thread's
                await asyncio.sleep(0.02)
        return await shift.lifecycle.succeed(job)

    await shift.do(outlast_the_lease, database_url, jobs, lease_seconds=0.6)
    assert shift.broken == ["recover", "claim", "keep"]


async def test_failed_heartbeat_start_is_retried(shift: Shift) -> None:
    beating = asyncio.Event()
    loop = asyncio.get_running_loop()
    faults = iter([RuntimeError("no database"), RuntimeError("still none")])

    @asynccontextmanager
    async def open_lifecycle() -> AsyncIterator[Lifecycle]:
        if fault := next(faults, None):
            raise fault
        loop.call_soon_threadsafe(beating.set)
        yield shift.lifecycle

    with Heartbeat(open_lifecycle, 15.0, open_again_seconds=0.02):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await beating.wait()


async def test_rescuer_continues_after_a_failed_iteration() -> None:
    looks: list[str] = []

    class Housekeeper:
        async def queue_exports(self) -> int:
            return 0

        async def sweep(self) -> None:
            looks.append("sweep")
            raise RuntimeError("a fault of ours")

    class Rescues:
        async def rescue(self) -> tuple[Job, ...]:
            looks.append("rescue")
            if len(looks) < 6:
                raise RuntimeError("a fault of ours")
            all_seen.set()
            return ()

    all_seen = asyncio.Event()
    rescuer = Rescuer(Rescues(), Housekeeper(), 15.0, sweep_every_seconds=0.02)  # type: ignore[arg-type]
    rescuing = asyncio.create_task(rescuer.run())
    async with asyncio.timeout(PATIENCE_SECONDS):
        await all_seen.wait()
    rescuing.cancel()
    assert {*looks} == {"rescue", "sweep"}


async def test_rescuer_counts_a_job_that_was_interrupted_too_often(shift: Shift, database_url: str) -> None:
    unlucky, sound = await waiting_jobs(shift.transactions, 2)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        (claimed,) = await shift.lifecycle.claim("w:earlier life", 1)
        assert (claimed.id, claimed.attempts) == (unlucky.id, attempt)
        if attempt < MAX_ATTEMPTS:
            await shift.lifecycle.recover("w:")

    async def do_nothing(job: ClaimedJob, _: WorkerSlot) -> Job:
        return await shift.lifecycle.succeed(job)

    await shift.do(do_nothing, database_url, (sound,))
    counted = {
        status: shift.metrics.registry.get_sample_value(
            "jobs_total", {"type": sound.type.value, "status": status}
        )
        for status in ("succeeded", "failed")
    }
    assert counted == {"succeeded": 1, "failed": 1}


async def _refused(lifecycle: Lifecycle, job: ClaimedJob) -> None:
    await lifecycle.give_up_or_retry(job, ContentRefused())


@pytest.mark.parametrize(("end", "status"), [(Lifecycle.succeed, "succeeded"), (_refused, "failed")])
async def test_job_cancelled_during_completion_is_counted(
    shift: Shift, end: Callable[[Lifecycle, ClaimedJob], Coroutine[Any, Any, object]], status: str
) -> None:
    await waiting_jobs(shift.transactions, 1)
    ended: list[str] = []
    has_ended = asyncio.Event()

    def count(job: Job) -> None:
        ended.append(job.status)
        has_ended.set()

    lifecycle = _lifecycle(shift.transactions, shift.notifier, count)
    (claimed,) = await lifecycle.claim("w:", 1)
    assert isinstance(claimed, ClaimedJob)
    has_begun = asyncio.Event()

    async def finish() -> None:
        has_begun.set()
        await end(lifecycle, claimed)

    ending = asyncio.create_task(finish())
    await has_begun.wait()
    ending.cancel()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await has_ended.wait()
    assert ended == [status]
