"""Moving jobs through their life on behalf of a worker: every step one transaction with its event."""

import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from stillroom.application.limits import Limits
from stillroom.domain.errors import StillroomError, WorkerLost, fault_of
from stillroom.domain.events import JobEvent, JobFailed, JobLogged, JobQueued, JobRunning, JobSucceeded
from stillroom.domain.generation import Remark
from stillroom.domain.ids import IdFactory
from stillroom.domain.jobs import Job, LeaseLost, Trigger
from stillroom.domain.ports import Clock, Signals, UnitOfWorkFactory
from stillroom.domain.retries import backoff_seconds

RESCUE_BATCH = 50


class Lifecycle:
    """What a worker does with jobs besides the work itself."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        signals: Signals,
        ids: IdFactory,
        clock: Clock,
        limits: Limits,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """Take what the service works with; `jitter` is uniform in [0, 1)."""
        self._unit_of_work = unit_of_work
        self._signals = signals
        self._ids = ids
        self._clock = clock
        self._limits = limits
        self._jitter = jitter

    async def claim(self, worker_id: str) -> Job | None:
        """Take the next due job, if there is one."""
        now = self._clock()
        async with self._unit_of_work() as tx:
            job = await tx.jobs.claim(
                worker_id, self._ids.lease_token(), now, self._lease_end(), self._limits.user_running
            )
            if job is None:
                return None
            await tx.events.append(job.id, JobRunning(attempt=job.attempts), now, job.lease_token)
        self._signals.job_changed(job.id)
        return job

    async def keep(self, job: Job) -> bool:
        """Renew a job's lease; False when it is no longer ours."""
        async with self._unit_of_work() as tx:
            return await tx.jobs.extend(job.id, _token(job), self._lease_end())

    async def look(self, job: Job) -> Job:
        """The job as it stands now. Raises NotFound."""
        async with self._unit_of_work(read_only=True) as tx:
            return await tx.jobs.get(job.id, job.owner_id)

    async def tell(self, job: Job, event: JobEvent) -> None:
        """Write an event of a job that we hold. Raises LeaseLost."""
        async with self._unit_of_work() as tx:
            await tx.events.append(job.id, event, self._clock(), _token(job))
        self._signals.job_changed(job.id)

    async def remark(self, job: Job, remark: Remark, model: str | None = None) -> None:
        """Write a log event of a job that we hold. Raises LeaseLost."""
        await self.tell(
            job,
            JobLogged(
                level=remark.level,
                code=remark.code,
                message=remark.message,
                model_name=model,
                params=remark.params,
            ),
        )

    async def succeed(self, job: Job) -> None:
        """End a job that has all its candidates. Raises LeaseLost."""
        now = self._clock()
        async with self._unit_of_work() as tx:
            variants = await tx.variants.of_job(job.id)
            done = await tx.jobs.get(job.id, job.owner_id)
            first_ms = done.first_image_ms
            event = JobSucceeded(
                variant_ids=tuple(variant.id for variant in variants),
                model_used=done.model_used,
                fallbacks=tuple(
                    {"from": fallback.source, "to": fallback.target, "reason": fallback.reason}
                    for fallback in done.fallbacks
                ),
                latency_ms=round((now - done.created_at).total_seconds() * 1000),
                first_image_ms=first_ms,
            )
            await tx.events.append(job.id, event, now, _token(job))
            await tx.jobs.move(job.id, Trigger.SUCCEED, {"finished_at": now}, _token(job))
        self._signals.job_changed(job.id)
        self._signals.job_queued()

    async def give_up_or_retry(self, job: Job, error: StillroomError) -> None:
        """End an attempt that failed: again later if that can help, else for good. Raises LeaseLost."""
        fault = fault_of(error, job.request_id)
        if error.retryable and job.attempts < job.max_attempts:
            wait = backoff_seconds(job.attempts, self._jitter())
            changes = {"last_error": fault, "run_after": self._clock() + timedelta(seconds=wait)}
            await self._queue_again(job, Trigger.RETRY, "retry", changes, _token(job))
        else:
            await self._fail(job, fault, _token(job))

    async def release(self, job: Job) -> None:
        """Hand a job back unfinished without spending its attempt."""
        await self._queue_again(job, Trigger.RELEASE, "released", {}, _token(job))

    async def rescue(self) -> int:
        """Take jobs from workers that went silent; gives back how many."""
        async with self._unit_of_work(read_only=True) as tx:
            overdue = await tx.jobs.overdue(self._clock(), RESCUE_BATCH)
        return await self._take_back(overdue)

    async def recover(self, worker_id_prefix: str) -> int:
        """Take jobs from earlier lives of this very server, which cannot be working any more."""
        async with self._unit_of_work(read_only=True) as tx:
            held = await tx.jobs.held_by(worker_id_prefix)
        return await self._take_back(held)

    async def _take_back(self, jobs: tuple[Job, ...]) -> int:
        taken = 0
        for job in jobs:
            # The token names the claim that went silent: a newer one by another worker is left alone.
            try:
                if job.attempts < job.max_attempts:
                    await self._queue_again(job, Trigger.LOSE_LEASE, "recovered", {}, _token(job))
                else:
                    await self._fail(job, fault_of(WorkerLost(), job.request_id), _token(job))
            except LeaseLost:
                continue
            taken += 1
        return taken

    async def _queue_again(
        self,
        job: Job,
        trigger: Trigger,
        reason: Literal["recovered", "retry", "released"],
        changes: Mapping[str, Any],
        lease_token: str,
    ) -> None:
        async with self._unit_of_work() as tx:
            waiting = await tx.jobs.move(job.id, trigger, changes, lease_token)
            position = await tx.jobs.position(waiting) or 1
            await tx.events.append(job.id, JobQueued(position=position, reason=reason), self._clock())
        self._signals.job_changed(job.id)
        self._signals.job_queued()

    async def _fail(self, job: Job, fault: Mapping[str, Any], lease_token: str) -> None:
        now = self._clock()
        async with self._unit_of_work() as tx:
            await tx.jobs.move(job.id, Trigger.FAIL, {"last_error": fault, "finished_at": now}, lease_token)
            await tx.events.append(job.id, JobFailed(error=fault), now)
        self._signals.job_changed(job.id)
        self._signals.job_queued()

    def _lease_end(self) -> datetime:
        return self._clock() + timedelta(seconds=self._limits.lease_seconds)


def _token(job: Job) -> str:
    assert job.lease_token is not None, "only a claimed job is worked on"
    return job.lease_token
