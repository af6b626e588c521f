"""The worker: claims what is due, does it, and lets nothing be lost when it stops or fails."""

import asyncio
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress

import structlog

from stillroom.application.handlers import Handler
from stillroom.application.lifecycle import Lifecycle
from stillroom.domain.errors import InternalError, StillroomError
from stillroom.domain.generation import Operation
from stillroom.domain.jobs import Job, LeaseLost
from stillroom.domain.ports import Signals
from stillroom.observability import Metrics, log
from stillroom.worker.heartbeat import Heartbeat

LOOK_AGAIN_SECONDS = 1.0
"""A hint that was lost costs no more than this."""

GRACE_SECONDS = 10.0
"""How long running jobs may go on after a stop was asked for."""


class Worker:
    """Does jobs, a few at a time."""

    def __init__(
        self,
        name: str,
        lifecycle: Lifecycle,
        handlers: Mapping[Operation, Handler],
        signals: Signals,
        heartbeat: Heartbeat,
        metrics: Metrics,
        concurrency: int,
    ) -> None:
        """Take what the worker needs.

        Args:
            name: Of this place of work; each life of the process adds a random part to it.
            lifecycle: Moves jobs.
            handlers: The work of each kind of job.
            signals: Tell when to look for jobs.
            heartbeat: Keeps the leases; already beating.
            metrics: Counts what ends.
            concurrency: Jobs at once.
        """
        self._name = name
        self._id = f"{name}{secrets.token_hex(4)}"
        self._lifecycle = lifecycle
        self._handlers = handlers
        self._signals = signals
        self._heartbeat = heartbeat
        self._metrics = metrics
        self._concurrency = concurrency
        self._running: dict[asyncio.Task[None], Job] = {}
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until `stop`; then finish what runs, or hand it back, within the grace time."""
        recovered = await self._lifecycle.recover(self._name)
        log.info("worker_started", worker_id=self._id, recovered=recovered)
        async with self._signals.queue() as signal:
            while not self._stopping.is_set():
                if len(self._running) < self._concurrency and await self._start_next():
                    continue
                waits = [asyncio.ensure_future(signal.wait(LOOK_AGAIN_SECONDS)), *self._running]
                stopping = asyncio.ensure_future(self._stopping.wait())
                await asyncio.wait([*waits, stopping], return_when=asyncio.FIRST_COMPLETED)
                for mine in (waits[0], stopping):
                    mine.cancel()
        await self._finish_or_release()
        log.info("worker_stopped", worker_id=self._id)

    def stop(self) -> None:
        """Claim nothing more, and let `run` come to its end."""
        self._stopping.set()

    async def _start_next(self) -> bool:
        try:
            job = await self._lifecycle.claim(self._id)
        except StillroomError as error:
            log.warning("claim_failed", code=error.code)
            return False
        if job is None:
            return False
        task = asyncio.create_task(self._do(job))
        self._running[task] = job
        task.add_done_callback(lambda done: self._running.pop(done, None))
        return True

    async def _finish_or_release(self) -> None:
        if self._running:
            await asyncio.wait(list(self._running), timeout=GRACE_SECONDS)
        unfinished = dict(self._running)
        for task in unfinished:
            task.cancel()
        if unfinished:
            await asyncio.wait(list(unfinished))
        for job in unfinished.values():
            with suppress(LeaseLost, StillroomError):
                await self._lifecycle.release(job)

    async def _do(self, job: Job) -> None:
        structlog.contextvars.bind_contextvars(
            job_id=job.id, session_id=job.session_id, request_id=job.request_id
        )
        started = time.monotonic()
        loop = asyncio.get_running_loop()
        me = asyncio.current_task()
        assert me is not None, "a job is done in a task"
        self._heartbeat.hold(job, on_lost=lambda: loop.call_soon_threadsafe(me.cancel))
        outcome = "interrupted"
        try:
            outcome = await self._attempt(job)
        except StillroomError as error:
            # The end could not be written: the lease runs out, and the job is done again.
            outcome = error.code
            log.warning("attempt_left_to_its_lease", code=error.code)
        finally:
            self._heartbeat.let_go(job)
            latency_ms = round((time.monotonic() - started) * 1000)
            log.info("attempt_ended", attempt=job.attempts, outcome=outcome, latency_ms=latency_ms)
            with suppress(StillroomError):
                ended = await self._lifecycle.look(job)
                if ended.status.is_final:
                    self._metrics.job_ended(ended)

    async def _attempt(self, job: Job) -> str:
        try:
            await self._handlers[job.type](job)
        except LeaseLost:
            return "lease_lost"
        except StillroomError as error:
            return await self._failed(job, error)
        except Exception as error:  # the edge: a fault of ours must not end the worker
            log.error("job_broke", exc_info=error)
            return await self._failed(job, InternalError())
        return "succeeded"

    async def _failed(self, job: Job, error: StillroomError) -> str:
        with suppress(LeaseLost):
            await self._lifecycle.give_up_or_retry(job, error)
        return error.code
