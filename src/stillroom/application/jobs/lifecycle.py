"""Job lifecycle: state transitions, each in one transaction with its event."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from stillroom.application.jobs.coalescer import Coalescer
from stillroom.application.limits.limits import Limits
from stillroom.application.webhooks.outbox import Outbox
from stillroom.domain.errors import StillroomError, StorageUnavailable, StoredError, WorkerLost, stored_error
from stillroom.domain.exports.presets import Export
from stillroom.domain.ids import IdFactory, JobId
from stillroom.domain.jobs.events import JobCanceled, JobEvent, JobFailed, JobLogged, JobQueued, QueuedReason
from stillroom.domain.jobs.job import (
    AnyClaimedJob,
    ClaimedDeliveryJob,
    ClaimedExportJob,
    ClaimedJob,
    ClaimLimits,
    Job,
    JobChanges,
    JobStatus,
    LeaseLost,
    QueuedJob,
    Trigger,
)
from stillroom.domain.jobs.retries import backoff_seconds
from stillroom.domain.ports import Clock, Notifier, UnitOfWork, UnitOfWorkFactory
from stillroom.domain.providers.requests import Notice

RESCUE_BATCH = 50

STORAGE_PAUSE_SECONDS = 12.0
"""Added to the backoff after a storage failure, in seconds, so that two retries outlast a 20 s outage."""


async def enqueue(tx: UnitOfWork, job: Job) -> int:
    """Store a new job with its event, and return its position in the queue."""
    await tx.jobs.add(job)
    return await _append_queued(tx, job, "new", job.created_at)


async def _append_queued(tx: UnitOfWork, job: QueuedJob, reason: QueuedReason, at: datetime) -> int:
    # Deliveries have no position, and no client sees their events.
    position = await tx.jobs.position(job) or 1
    await tx.events.append(job.id, JobQueued(position=position, reason=reason), at)
    return position


async def _append_end(tx: UnitOfWork, job: QueuedJob, event: JobEvent, at: datetime) -> Job:
    """Append the terminal event of an edit job, and return the job after it."""
    assert isinstance(job, Job), "other jobs end without an event"
    return replace(job, last_seq=await tx.events.append(job.id, event, at))


@dataclass
class Lifecycle:
    """Claims, renews, completes, retries, releases, rescues and cancels jobs.

    `jitter` is uniform in [0, 1); `on_ended` is called once per ended job, right after the commit.
    """

    _unit_of_work: UnitOfWorkFactory
    _notifier: Notifier
    _ids: IdFactory
    _clock: Clock
    _limits: Limits
    jitter: Callable[[], float] = random.random
    on_ended: Callable[[Job], object] = lambda _: None

    def __post_init__(self) -> None:
        self._outbox = Outbox(self._ids, self._clock)
        # Jobs that end together share one transaction. With one for each, two processes finish 310 empty
        # jobs/s instead of 850 (`tests.bench.job_queue`); at least 800 are required.
        self._completions = Coalescer(self._complete)

    async def claim(self, worker_id: str, limits: ClaimLimits) -> tuple[AnyClaimedJob, ...]:
        """Claim due jobs, as many as the worker has room for."""
        async with self._unit_of_work() as tx:
            claimed = await tx.jobs.claim(
                worker_id,
                self._ids.lease_token(),
                self._clock(),
                self._lease_end(),
                self._limits.user_running,
                limits,
            )
        for job in claimed:
            self._notifier.job_changed(job.id)
        return claimed

    async def renew(self, jobs: Sequence[AnyClaimedJob]) -> frozenset[JobId]:
        """Renew the leases of jobs and return the ids of those that are still held."""
        async with self._unit_of_work() as tx:
            return await tx.jobs.renew({job.id: job.lease_token for job in jobs}, self._lease_end())

    async def reload(self, job: AnyClaimedJob) -> Job:
        """Return the current state of a job. Raises NotFound."""
        async with self._unit_of_work(read_only=True) as tx:
            return await tx.jobs.get(job.id, job.owner_id)

    async def append_event(self, job: ClaimedJob, event: JobEvent) -> None:
        """Append an event under the job's lease. Raises LeaseLost."""
        async with self._unit_of_work() as tx:
            await tx.events.append(job.id, event, self._clock(), job.lease_token)
        self._notifier.job_changed(job.id)

    async def append_notice(self, job: ClaimedJob, notice: Notice) -> None:
        """Append a log event under the job's lease. Raises LeaseLost."""
        event = JobLogged(level=notice.level, code=notice.code, message=notice.message, params=notice.params)
        await self.append_event(job, event)

    async def succeed(self, job: ClaimedJob) -> Job:
        """Complete a job that has all its candidates. Raises LeaseLost."""
        ended = await self._completions.submit(job)
        if ended is None:
            raise LeaseLost(job.id)
        return ended

    async def _complete(self, jobs: Sequence[ClaimedJob]) -> Sequence[Job | None]:
        async with self._unit_of_work() as tx:
            ended = {job.id: job for job in await tx.jobs.complete(jobs, self._clock())}
            await self._outbox.jobs_succeeded(tx, list(ended.values()))
        for job in ended.values():
            self.announce(job)
        if ended:
            self._notifier.job_queued()
        return [ended.get(job.id) for job in jobs]

    async def finish_export(self, job: ClaimedExportJob, export: Export) -> None:
        """Store a finished export and delete its job. Raises LeaseLost, also if the export is deleted."""
        async with self._unit_of_work() as tx:
            await tx.jobs.remove(job)
            if not await tx.exports.finish(export):
                raise LeaseLost(job.id)
            await self._outbox.exports_ready(tx, [(export, job.session_id)])
        self._notifier.job_queued()

    async def give_up_or_retry(self, job: AnyClaimedJob, error: StillroomError) -> QueuedJob:
        """End a failed attempt: queue a retry if that can help, else fail the job. Raises LeaseLost."""
        problem = stored_error(error, job.request_id)
        if error.retryable and job.attempts < job.max_attempts:
            wait = backoff_seconds(job.attempts, self.jitter())
            if isinstance(error, StorageUnavailable):
                wait += STORAGE_PAUSE_SECONDS
            changes: JobChanges = {
                "last_error": problem,
                "run_after": self._clock() + timedelta(seconds=wait),
            }
            return await self._requeue(job, Trigger.RETRY, "retry", changes)
        # The heartbeat cancels the job's task once the job has ended, perhaps before this call returns.
        return await asyncio.shield(self._fail(job, problem))

    async def release(self, job: AnyClaimedJob) -> None:
        """Return an unfinished job to the queue without counting the attempt."""
        await self._requeue(job, Trigger.RELEASE, "released", {})

    async def cancel(self, tx: UnitOfWork, job_id: JobId) -> Job:
        """Cancel an edit job in a transaction, after which the caller announces it.

        A waiting job stops at once, a running one at its next step. Raises Conflict, NotFound.
        """
        now = self._clock()
        canceled = await tx.jobs.move(job_id, Trigger.CANCEL, {"finished_at": now})
        return await _append_end(tx, canceled, JobCanceled(), now)

    def announce(self, job: Job) -> None:
        """Count and notify of a job that has ended, after the commit."""
        self.on_ended(job)
        self._notifier.job_changed(job.id)

    async def rescue(self) -> tuple[QueuedJob, ...]:
        """Requeue or fail jobs whose lease has expired; return them in their new state."""
        now = self._clock()
        async with self._unit_of_work(read_only=True) as tx:
            overdue = await tx.jobs.overdue(now, RESCUE_BATCH)
        # Compare with the time again: a slow worker may have renewed its lease since the query.
        return await self._recover(overdue, now)

    async def recover(self, worker_id_prefix: str) -> tuple[QueuedJob, ...]:
        """Requeue or fail jobs held by earlier processes of this worker, which have ended.

        Returns them in their new state.
        """
        async with self._unit_of_work(read_only=True) as tx:
            held = await tx.jobs.claimed_by(worker_id_prefix)
        return await self._recover(held)

    async def _recover(
        self, jobs: Sequence[AnyClaimedJob], overdue_at: datetime | None = None
    ) -> tuple[QueuedJob, ...]:
        recovered: list[QueuedJob] = []
        for job in jobs:
            # The fencing token identifies the expired claim; a newer claim by another worker stays.
            try:
                if job.attempts < job.max_attempts:
                    after = await self._requeue(job, Trigger.LOSE_LEASE, "recovered", {}, overdue_at)
                else:
                    problem = stored_error(WorkerLost(), job.request_id)
                    after = await self._fail(job, problem, overdue_at)
            except LeaseLost:
                continue
            recovered.append(after)
        return tuple(recovered)

    async def _requeue(
        self,
        job: AnyClaimedJob,
        trigger: Trigger,
        reason: QueuedReason,
        changes: JobChanges,
        overdue_at: datetime | None = None,
    ) -> QueuedJob:
        async with self._unit_of_work() as tx:
            waiting = await tx.jobs.move(job.id, trigger, changes, job.lease_token, overdue_at=overdue_at)
            await _append_queued(tx, waiting, reason, self._clock())
        self._notifier.job_changed(job.id)
        self._notifier.job_queued()
        return waiting

    async def _fail(
        self, job: AnyClaimedJob, problem: StoredError, overdue_at: datetime | None = None
    ) -> QueuedJob:
        if not isinstance(job, ClaimedJob):
            return await self._remove_failed(job, overdue_at)
        now = self._clock()
        async with self._unit_of_work() as tx:
            changes: JobChanges = {"last_error": problem, "finished_at": now}
            moved = await tx.jobs.move(job.id, Trigger.FAIL, changes, job.lease_token, overdue_at=overdue_at)
            failed = await _append_end(tx, moved, JobFailed(error=problem), now)
            await self._outbox.job_failed(tx, job, problem)
        self.announce(failed)
        self._notifier.job_queued()
        return failed

    async def _remove_failed(
        self, job: ClaimedExportJob | ClaimedDeliveryJob, overdue_at: datetime | None
    ) -> QueuedJob:
        async with self._unit_of_work() as tx:
            await tx.jobs.remove(job, overdue_at=overdue_at)
            if isinstance(job, ClaimedExportJob):
                await tx.exports.fail(job.export_id)
            else:
                await tx.deliveries.interrupt(job.webhook_id, job.number, job.id, self._clock())
        self._notifier.job_queued()
        return replace(job, status=JobStatus.FAILED)

    def _lease_end(self) -> datetime:
        return self._clock() + timedelta(seconds=self._limits.lease_seconds)
