"""Concurrency of a worker: slots limit local jobs, not jobs that wait for a cloud."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from stillroom.application.jobs.handlers import PictureHandler, WorkerSlot
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
    ClaimLimits,
    Job,
    JobStatus,
    QueuedJob,
)
from stillroom.observability import Metrics
from stillroom.storage.database import Database
from stillroom.storage.local_notifier import LocalNotifier
from stillroom.storage.unit_of_work import SqlTransactions
from stillroom.worker.heartbeat import Heartbeat, OpenLifecycle
from stillroom.worker.loop import IN_FLIGHT_PER_SLOT, Worker
from stillroom.worker.rescuer import Rescuer
from tests.integration.storage.rows import queued_jobs, room, stored_session

pytestmark = pytest.mark.anyio
SLOTS = 2
LIMITS = Limits(user_running=100)
PATIENCE_SECONDS = 60


class WorkerRun:
    """A worker with two slots that counts its concurrent jobs."""

    def __init__(self, transactions: SqlTransactions) -> None:
        self.transactions = transactions
        self.notifier = LocalNotifier()
        self.metrics = Metrics()
        self.lifecycle: Lifecycle = _lifecycle(transactions, self.notifier, self.metrics.job_ended)
        self.running = self.most_running = self.beats = 0
        self.broken: list[str] | None = None

    def may_break(self, name: str) -> None:
        """Raise at the first call of that name, if calls are to break."""
        if self.broken is not None and name not in self.broken:
            self.broken.append(name)
            raise RuntimeError("an error of ours")

    @asynccontextmanager
    async def job(self) -> AsyncIterator[None]:
        """Count a running job."""
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            yield
        finally:
            self.running -= 1

    def open_lifecycle(self, database_url: str) -> OpenLifecycle:
        """Return a function that opens the heartbeat's own lifecycle."""

        @asynccontextmanager
        async def open_lifecycle() -> AsyncIterator[Lifecycle]:
            database = Database(database_url)
            yield CountingLifecycle(self, SqlTransactions(database))
            await database.close()

        return open_lifecycle

    async def do(
        self, handler: PictureHandler, database_url: str, jobs: tuple[Job, ...], lease_seconds: float = 15.0
    ) -> None:
        """Work until all jobs have ended."""
        with Heartbeat(self.open_lifecycle(database_url), lease_seconds) as heartbeat:
            worker = Worker(
                "w:",
                self.lifecycle,
                handler,
                no_exports,
                no_exports,
                self.notifier,
                heartbeat,
                SLOTS,
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
    """Fail: there are no exports and deliveries here."""
    raise AssertionError(job.id)


class CountingLifecycle(Lifecycle):
    """The heartbeat's own, which counts how often leases were renewed."""

    def __init__(self, run: WorkerRun, transactions: SqlTransactions) -> None:
        super().__init__(transactions, LocalNotifier(), IdFactory(), lambda: datetime.now(UTC), LIMITS)
        self._run = run

    async def renew(self, jobs: Sequence[AnyClaimedJob]) -> frozenset[JobId]:
        self._run.may_break("renew")
        kept = await super().renew(jobs)
        assert kept == {job.id for job in jobs}
        self._run.beats += 1
        return kept


class FailingLifecycle(CountingLifecycle):
    """Lifecycle that raises an internal error at the first call of each method."""

    async def recover(self, worker_id_prefix: str) -> tuple[QueuedJob, ...]:
        self._run.may_break("recover")
        return await super().recover(worker_id_prefix)

    async def claim(self, worker_id: str, limits: ClaimLimits) -> tuple[AnyClaimedJob, ...]:
        self._run.may_break("claim")
        return await super().claim(worker_id, limits)


def _lifecycle(
    transactions: SqlTransactions, notifier: LocalNotifier, on_ended: Callable[[Job], object]
) -> Lifecycle:
    return Lifecycle(
        transactions, notifier, IdFactory(), lambda: datetime.now(UTC), LIMITS, on_ended=on_ended
    )


@pytest.fixture
async def run(database_url: str) -> AsyncIterator[WorkerRun]:
    """A worker that has not begun."""
    database = Database(database_url)
    yield WorkerRun(SqlTransactions(database))
    await database.close()


async def waiting_jobs(transactions: SqlTransactions, count: int) -> tuple[Job, ...]:
    """Queue this many due jobs."""
    return await queued_jobs(
        transactions, await stored_session(transactions, OwnerId("own_anna")), *range(-count, 0)
    )


async def test_jobs_waiting_for_a_cloud_exceed_the_local_slots(run: WorkerRun, database_url: str) -> None:
    jobs = await waiting_jobs(run.transactions, 3 * SLOTS)
    all_wait = asyncio.Barrier(len(jobs))

    async def ask_a_cloud(job: ClaimedJob, slot: WorkerSlot) -> Job:
        async with run.job():
            slot.free()
            # The cloud answers nobody before all have asked.
            await all_wait.wait()
            slot.occupy()
        return await run.lifecycle.succeed(job)

    await run.do(ask_a_cloud, database_url, jobs)
    assert run.most_running == len(jobs)


async def test_local_jobs_do_not_exceed_the_slots(run: WorkerRun, database_url: str) -> None:
    jobs = await waiting_jobs(run.transactions, 4 * SLOTS)
    all_slots_taken = asyncio.Barrier(SLOTS)

    async def compose(job: ClaimedJob, _: WorkerSlot) -> Job:
        async with run.job():
            await all_slots_taken.wait()
        return await run.lifecycle.succeed(job)

    await run.do(compose, database_url, jobs)
    assert run.most_running == SLOTS


async def test_worker_that_stops_during_a_claim_claims_no_more(run: WorkerRun, database_url: str) -> None:
    await waiting_jobs(run.transactions, 2 * SLOTS)

    class StoppingLifecycle(Lifecycle):
        """Stops the worker while it claims."""

        claims = 0

        async def claim(self, worker_id: str, limits: ClaimLimits) -> tuple[AnyClaimedJob, ...]:
            self.claims += 1
            worker.stop()
            return await super().claim(worker_id, limits)

    async def compose(job: ClaimedJob, _: WorkerSlot) -> Job:
        return await lifecycle.succeed(job)

    lifecycle = StoppingLifecycle(
        run.transactions, run.notifier, IdFactory(), lambda: datetime.now(UTC), LIMITS
    )
    with Heartbeat(run.open_lifecycle(database_url), 15.0) as heartbeat:
        worker = Worker("w:", lifecycle, compose, no_exports, no_exports, run.notifier, heartbeat, SLOTS)
        await worker.run()
    assert lifecycle.claims == 1


async def test_claimed_jobs_are_bounded_while_many_wait_for_clouds(run: WorkerRun, database_url: str) -> None:
    most = SLOTS * IN_FLIGHT_PER_SLOT
    jobs = await waiting_jobs(run.transactions, most + 4)
    as_many_as_may = asyncio.Event()

    async def ask_a_cloud(job: ClaimedJob, slot: WorkerSlot) -> Job:
        async with run.job():
            slot.free()
            if run.running == most:
                as_many_as_may.set()
            await as_many_as_may.wait()
        return await run.lifecycle.succeed(job)

    await run.do(ask_a_cloud, database_url, jobs)
    assert run.most_running == most


async def test_heartbeat_renews_leases_while_the_worker_loop_is_blocked(
    run: WorkerRun, database_url: str
) -> None:
    jobs = await waiting_jobs(run.transactions, 1)

    async def hold_everything_up(job: ClaimedJob, _: WorkerSlot) -> Job:
        give_up = time.monotonic() + PATIENCE_SECONDS
        while run.beats < 3:
            assert time.monotonic() < give_up, "nobody renews the lease"
            time.sleep(0.01)  # noqa: ASYNC251 - the loop is to be blocked
        return await run.lifecycle.succeed(job)

    await run.do(hold_everything_up, database_url, jobs, lease_seconds=0.6)


async def test_renewal_without_an_answer_delays_neither_the_next_one_nor_the_stop(run: WorkerRun) -> None:
    await waiting_jobs(run.transactions, 1)
    (job,) = await run.lifecycle.claim("w:", room())
    renewals = 0
    is_answered = threading.Event()

    class HalfDeadLifecycle(CountingLifecycle):
        """Lifecycle whose first connection is dropped silently."""

        async def renew(self, jobs: Sequence[AnyClaimedJob]) -> frozenset[JobId]:
            nonlocal renewals
            renewals += 1
            if renewals == 1:
                await asyncio.Event().wait()
            is_answered.set()
            return frozenset(held.id for held in jobs)

    @asynccontextmanager
    async def open_lifecycle() -> AsyncIterator[Lifecycle]:
        yield HalfDeadLifecycle(run, run.transactions)

    with Heartbeat(open_lifecycle, lease_seconds=0.3) as heartbeat:
        heartbeat.register(job, on_lost=lambda: None)
        assert await asyncio.to_thread(is_answered.wait, PATIENCE_SECONDS)


async def test_internal_error_stops_neither_worker_nor_heartbeat(run: WorkerRun, database_url: str) -> None:
    jobs = await waiting_jobs(run.transactions, 1)
    run.broken = []
    run.lifecycle = FailingLifecycle(run, run.transactions)

    async def outlast_the_lease(job: ClaimedJob, _: WorkerSlot) -> Job:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while run.beats < 2:  # noqa: ASYNC110 - the beats are another thread's
                await asyncio.sleep(0.02)
        return await run.lifecycle.succeed(job)

    await run.do(outlast_the_lease, database_url, jobs, lease_seconds=0.6)
    assert run.broken == ["recover", "claim", "renew"]


async def test_failed_heartbeat_start_is_retried(run: WorkerRun) -> None:
    beating = asyncio.Event()
    loop = asyncio.get_running_loop()
    faults = iter([RuntimeError("no database"), RuntimeError("still none")])

    @asynccontextmanager
    async def open_lifecycle() -> AsyncIterator[Lifecycle]:
        if fault := next(faults, None):
            raise fault
        loop.call_soon_threadsafe(beating.set)
        yield run.lifecycle

    with Heartbeat(open_lifecycle, 15.0, reopen_seconds=0.02):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await beating.wait()


async def test_rescuer_continues_after_a_failed_iteration() -> None:
    looks: list[str] = []

    class Housekeeper:
        async def sweep(self) -> None:
            looks.append("sweep")
            raise RuntimeError("an error of ours")

    class Rescues:
        async def rescue(self) -> tuple[Job, ...]:
            looks.append("rescue")
            if len(looks) < 6:
                raise RuntimeError("an error of ours")
            all_seen.set()
            return ()

    all_seen = asyncio.Event()
    rescuer = Rescuer(Rescues(), Housekeeper(), 15.0, sweep_every_seconds=0.02)  # type: ignore[arg-type]
    rescuing = asyncio.create_task(rescuer.run())
    async with asyncio.timeout(PATIENCE_SECONDS):
        await all_seen.wait()
    rescuing.cancel()
    assert {*looks} == {"rescue", "sweep"}


async def test_rescuer_counts_a_job_that_was_interrupted_too_often(run: WorkerRun, database_url: str) -> None:
    unlucky, sound = await waiting_jobs(run.transactions, 2)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        (claimed,) = await run.lifecycle.claim("w:earlier life", room())
        assert (claimed.id, claimed.attempts) == (unlucky.id, attempt)
        if attempt < MAX_ATTEMPTS:
            await run.lifecycle.recover("w:")

    async def do_nothing(job: ClaimedJob, _: WorkerSlot) -> Job:
        return await run.lifecycle.succeed(job)

    await run.do(do_nothing, database_url, (sound,))
    counted = {
        status: run.metrics.registry.get_sample_value(
            "jobs_total", {"type": sound.type.value, "status": status}
        )
        for status in ("succeeded", "failed")
    }
    assert counted == {"succeeded": 1, "failed": 1}


async def _refused(lifecycle: Lifecycle, job: ClaimedJob) -> None:
    await lifecycle.give_up_or_retry(job, ContentRefused())


@pytest.mark.parametrize(("end", "status"), [(Lifecycle.succeed, "succeeded"), (_refused, "failed")])
async def test_job_cancelled_during_completion_is_counted(
    run: WorkerRun, end: Callable[[Lifecycle, ClaimedJob], Coroutine[Any, Any, object]], status: str
) -> None:
    await waiting_jobs(run.transactions, 1)
    ended: list[str] = []
    has_ended = asyncio.Event()

    def count(job: Job) -> None:
        ended.append(job.status)
        has_ended.set()

    lifecycle = _lifecycle(run.transactions, run.notifier, count)
    (claimed,) = await lifecycle.claim("w:", room())
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
