"""Worker loop: claims and runs due jobs, and hands unfinished ones back when it stops."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

from stillroom.application.jobs.handlers import DeliveryHandler, ExportHandler, PictureHandler, WorkerSlot
from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.domain.errors import InternalError, StillroomError, StorageUnavailable
from stillroom.domain.jobs.job import (
    AnyClaimedJob,
    ClaimedDeliveryJob,
    ClaimedExportJob,
    ClaimLimits,
    JobStatus,
    LeaseLost,
    batch_slots,
)
from stillroom.domain.ports import Notifier
from stillroom.observability import log
from stillroom.worker.heartbeat import Heartbeat
from stillroom.worker.iteration import run_iteration

IN_FLIGHT_PER_SLOT = 8
"""Jobs held per slot; a job that waits for a provider has no slot but occupies memory."""

DELIVERIES_AT_ONCE = 16
"""Deliveries of webhooks that one worker sends at once; they only wait, so they take no slot."""

POLL_SECONDS = 1.0
"""Polling interval in seconds; bounds the delay after a lost notification."""

FINISH_SECONDS = 7.0
"""Time in seconds that running jobs get after a stop request; then they are released."""

LEAVE_SECONDS = 2.0
"""Time in seconds for their tasks to end; with the release this stays below ten seconds."""


@dataclass
class Worker:
    """Runs jobs concurrently, up to its number of slots.

    Its id is unique: its name and a random suffix.

    Attributes:
        _name: Unique among living processes and stable across restarts; `run` reclaims the jobs of earlier
            processes with this name.
        _heartbeat: Already started.
        _concurrency: Number of slots; jobs that wait for a provider do not count.
    """

    _name: str
    _lifecycle: Lifecycle
    _make_pictures: PictureHandler
    _make_export: ExportHandler
    _deliver: DeliveryHandler
    _notifier: Notifier
    _heartbeat: Heartbeat
    _concurrency: int

    def __post_init__(self) -> None:
        self._id = f"{self._name}{secrets.token_hex(4)}"
        self._running: dict[asyncio.Task[None], tuple[AnyClaimedJob, WorkerSlot]] = {}
        self._is_stopping = False
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Work until `stop`; then finish or release the running jobs within ten seconds."""
        # After an error their leases expire anyway.
        recovered = await run_iteration(self._lifecycle.recover(self._name), "recovery_failed")
        log.info("worker_started", worker_id=self._id, recovered=len(recovered or ()))
        listening = asyncio.create_task(self._listen())
        try:
            while not self._is_stopping:
                self._changed.clear()
                await self._start_more()
                await self._changed.wait()
        finally:
            listening.cancel()
        await self._finish_or_release()
        log.info("worker_stopped", worker_id=self._id)

    def stop(self) -> None:
        """Stop claiming and let `run` return."""
        self._is_stopping = True
        self._changed.set()

    async def _listen(self) -> None:
        async with self._notifier.queue() as subscription:
            while True:
                await subscription.wait(POLL_SECONDS)
                self._changed.set()

    async def _start_more(self) -> None:
        while not self._is_stopping and (room := self._room()).jobs + room.deliveries:
            jobs = await run_iteration(self._lifecycle.claim(self._id, room), "claim_failed")
            if not jobs:
                return
            self._start(jobs)

    def _room(self) -> ClaimLimits:
        sending = sum(isinstance(job, ClaimedDeliveryJob) for job, _ in self._running.values())
        occupying = [job for job, slot in self._running.values() if slot.is_occupied]
        of_batches = sum(job.batch_id is not None for job in occupying)
        in_flight = self._concurrency * IN_FLIGHT_PER_SLOT - len(self._running) + sending
        # Jobs that return from a provider reoccupy slots at once, so more may be occupied than exist.
        return ClaimLimits(
            jobs=max(0, min(self._concurrency - len(occupying), in_flight)),
            of_batches=max(0, batch_slots(self._concurrency) - of_batches),
            deliveries=max(0, DELIVERIES_AT_ONCE - sending),
        )

    def _start(self, jobs: Sequence[AnyClaimedJob]) -> None:
        for job in jobs:
            slot = WorkerSlot(self._changed.set)
            if isinstance(job, ClaimedDeliveryJob):
                slot.free()
            task = asyncio.create_task(self._do(job, slot))
            self._running[task] = job, slot
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._changed.set()

    async def _finish_or_release(self) -> None:
        if self._running:
            await asyncio.wait(list(self._running), timeout=FINISH_SECONDS)
        unfinished = dict(self._running)
        # Release first, so that the fencing token rejects later writes of the tasks.
        for job, _ in unfinished.values():
            self._heartbeat.unregister(job)
            await self._release(job)
        for task in unfinished:
            task.cancel()
        if unfinished:
            await asyncio.wait(list(unfinished), timeout=LEAVE_SECONDS)

    async def _release(self, job: AnyClaimedJob) -> None:
        try:
            await self._lifecycle.release(job)
        except (LeaseLost, StillroomError):
            return
        except Exception as error:  # the other jobs must be released too
            log.error("release_failed", job_id=job.id, exc_info=error)

    async def _do(self, job: AnyClaimedJob, slot: WorkerSlot) -> None:
        structlog.contextvars.bind_contextvars(
            job_id=job.id, session_id=job.session_id, request_id=job.request_id, trace_id=job.trace_id
        )
        started = time.monotonic()
        loop = asyncio.get_running_loop()
        me = asyncio.current_task()
        assert me is not None, "a job is done in a task"
        self._heartbeat.register(job, on_lost=lambda: loop.call_soon_threadsafe(me.cancel))
        outcome = "interrupted"
        try:
            outcome = await self._attempt(job, slot)
        finally:
            self._heartbeat.unregister(job)
            latency_ms = round((time.monotonic() - started) * 1000)
            log.info("attempt_ended", attempt=job.attempts, outcome=outcome, latency_ms=latency_ms)

    async def _attempt(self, job: AnyClaimedJob, slot: WorkerSlot) -> str:
        try:
            if isinstance(job, ClaimedExportJob):
                await self._make_export(job)
                return JobStatus.SUCCEEDED.value
            if isinstance(job, ClaimedDeliveryJob):
                await self._deliver(job)
                return "sent"
            ended = await self._make_pictures(job, slot)
        except LeaseLost:
            return await self._lost(job)
        except StillroomError as error:
            return await self._failed(job, error)
        except Exception as error:  # a bug must not end the worker
            log.error("job_broke", exc_info=error)
            return await self._failed(job, InternalError())
        return ended.status.value

    async def _lost(self, job: AnyClaimedJob) -> str:
        with suppress(StillroomError):
            now = await self._lifecycle.reload(job)
            if now.status is JobStatus.CANCELED:
                return now.status.value
        return "lease_lost"

    async def _failed(self, job: AnyClaimedJob, error: StillroomError) -> str:
        # The heartbeat renews the lease meanwhile; if it cannot, another worker rescues the job.
        while not self._is_stopping:
            try:
                await self._lifecycle.give_up_or_retry(job, error)
                return error.code
            except LeaseLost:
                return await self._lost(job)
            except StorageUnavailable:
                await asyncio.sleep(POLL_SECONDS)
        return "interrupted"
