"""Renewing leases from a thread of its own, so that no work can keep it from beating."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from types import TracebackType
from typing import Self

from stillroom.application.lifecycle import Lifecycle
from stillroom.domain.errors import StillroomError
from stillroom.domain.jobs.job import AnyClaimedJob
from stillroom.observability import log

OpenLifecycle = Callable[[], AbstractAsyncContextManager[Lifecycle]]
"""Opens a lifecycle with database connections of its own, for the loop it is called in."""

BEATS_PER_LEASE = 3
"""Two beats may fail before a lease runs out."""

OPEN_AGAIN_SECONDS = 1.0
"""Pause after what no beat should raise."""

NICENESS = -10
"""Of the thread, where the system lets us choose: it sleeps nearly always, and a late beat costs a job."""


class Heartbeat:
    """Keeps the leases of the jobs that it is told of."""

    def __init__(self, open_lifecycle: OpenLifecycle, lease_seconds: float) -> None:
        """Beat every third of the lease; nothing runs before `__enter__`."""
        self._open_lifecycle = open_lifecycle
        self._every_seconds = lease_seconds / BEATS_PER_LEASE
        self._lock = threading.Lock()
        self._held: dict[str, tuple[AnyClaimedJob, Callable[[], object]]] = {}
        self._is_stopping = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        """Start the thread."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the thread; leases that are still held run out by themselves."""
        with self._lock:
            self._is_stopping = True
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def hold(self, job: AnyClaimedJob, on_lost: Callable[[], object]) -> None:
        """Keep this job's lease; `on_lost` is called from the heartbeat's thread when it is gone."""
        with self._lock:
            self._held[job.id] = (job, on_lost)

    def let_go(self, job: AnyClaimedJob) -> None:
        """Keep it no longer."""
        with self._lock:
            held = self._held.get(job.id)
            # A job that came back to this very worker is held by a newer claim.
            if held is not None and held[0].lease_token == job.lease_token:
                del self._held[job.id]

    def _run(self) -> None:
        _come_first()
        asyncio.run(self._beat_until_stopped())

    async def _beat_until_stopped(self) -> None:
        with self._lock:
            if self._is_stopping:
                return
            loop = self._loop = asyncio.get_running_loop()
        try:
            while not self._stopped.is_set():
                try:
                    async with self._open_lifecycle() as lifecycle:
                        await self._beat_on(lifecycle)
                except Exception as error:  # noqa: BLE001 - the edge: without a heart every job is lost
                    log.error("heartbeat_failed", exc_info=error)
                    await self._rest_until(loop.time() + min(self._every_seconds, OPEN_AGAIN_SECONDS))
        finally:
            with self._lock:
                self._loop = None

    async def _beat_on(self, lifecycle: Lifecycle) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not self._stopped.is_set():
            # From beat to beat, however long one takes; those that were missed are not made up for.
            due = max(due + self._every_seconds, loop.time())
            await self._rest_until(due)
            with self._lock:
                held = list(self._held.values())
            if held and not self._stopped.is_set():
                await self._beat(lifecycle, held)

    async def _rest_until(self, due: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout_at(due):
                await self._stopped.wait()

    async def _beat(
        self, lifecycle: Lifecycle, held: list[tuple[AnyClaimedJob, Callable[[], object]]]
    ) -> None:
        try:
            kept = await lifecycle.keep([job for job, _ in held])
        except StillroomError as error:
            # The database may be back at the next beat; if not, the leases run out, which is right.
            log.warning("heartbeat_failed", jobs=len(held), code=error.code)
            return
        except Exception as error:  # noqa: BLE001 - the edge: the next beat may well succeed
            log.error("heartbeat_failed", jobs=len(held), exc_info=error)
            return
        for job, on_lost in held:
            if job.id not in kept:
                self.let_go(job)
                on_lost()


def _come_first() -> None:
    """Let this thread run before those that compute; without the right to, it takes its turn."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
