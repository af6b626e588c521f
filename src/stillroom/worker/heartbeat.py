"""Heartbeat: renews leases from a separate thread, so that long computations cannot delay it."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from types import TracebackType
from typing import Self

from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.domain.jobs.job import AnyClaimedJob
from stillroom.observability import log
from stillroom.worker.iteration import run_iteration

OpenLifecycle = Callable[[], AbstractAsyncContextManager[Lifecycle]]
"""Opens a lifecycle with its own database connections, for the event loop it is called in."""

BEATS_PER_LEASE = 3
"""Renewals per lease period; two may fail before a lease expires."""

REOPEN_SECONDS = 1.0
"""Pause in seconds after an unexpected error."""

STOP_SECONDS = 2.0
"""Time in seconds that the thread gets to stop; one that waits for a silent server ends with the process."""

NICENESS = -10
"""Niceness of the thread where the system permits it; a late renewal costs a job."""


class Heartbeat:
    """Renews the leases of the jobs that are registered with it."""

    def __init__(
        self,
        open_lifecycle: OpenLifecycle,
        lease_seconds: float,
        reopen_seconds: float = REOPEN_SECONDS,
    ) -> None:
        """Renew every third of the lease; the thread starts in `__enter__`."""
        self._open_lifecycle = open_lifecycle
        self._every_seconds = lease_seconds / BEATS_PER_LEASE
        self._reopen_seconds = min(self._every_seconds, reopen_seconds)
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
        """Stop the thread; leases that are still registered expire."""
        with self._lock:
            self._is_stopping = True
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(STOP_SECONDS)

    def register(self, job: AnyClaimedJob, on_lost: Callable[[], object]) -> None:
        """Register a job; `on_lost` is called from the heartbeat thread when its lease is lost."""
        with self._lock:
            self._held[job.id] = (job, on_lost)

    def unregister(self, job: AnyClaimedJob) -> None:
        with self._lock:
            held = self._held.get(job.id)
            # A newer claim by this worker may have registered the same job again.
            if held is not None and held[0].lease_token == job.lease_token:
                del self._held[job.id]

    def _run(self) -> None:
        _raise_priority()
        asyncio.run(self._renew_until_stopped())

    async def _renew_until_stopped(self) -> None:
        with self._lock:
            if self._is_stopping:
                return
            loop = self._loop = asyncio.get_running_loop()
        try:
            while not self._stopped.is_set():
                try:
                    async with self._open_lifecycle() as lifecycle:
                        await self._renew_with(lifecycle)
                except Exception as error:  # noqa: BLE001 - without this thread every lease expires
                    log.error("heartbeat_failed", exc_info=error)
                    await self._sleep_until(loop.time() + self._reopen_seconds)
        finally:
            with self._lock:
                self._loop = None

    async def _renew_with(self, lifecycle: Lifecycle) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        under_way: set[asyncio.Task[None]] = set()
        try:
            while not self._stopped.is_set():
                # Fixed schedule; missed renewals are skipped.
                due = max(due + self._every_seconds, loop.time())
                await self._sleep_until(due)
                with self._lock:
                    held = list(self._held.values())
                if held and not self._stopped.is_set() and len(under_way) < BEATS_PER_LEASE:
                    # Not awaited: if the network drops a connection silently, the renewal on it fails long
                    # after the lease, and the next one needs another connection.
                    renewal = asyncio.create_task(self._renew(lifecycle, held))
                    under_way.add(renewal)
                    renewal.add_done_callback(under_way.discard)
        finally:
            for renewal in tuple(under_way):
                renewal.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _sleep_until(self, due: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout_at(due):
                await self._stopped.wait()

    async def _renew(
        self, lifecycle: Lifecycle, held: list[tuple[AnyClaimedJob, Callable[[], object]]]
    ) -> None:
        renewal = lifecycle.renew([job for job, _ in held])
        kept = await run_iteration(renewal, "heartbeat_failed", jobs=len(held))
        if kept is None:
            # The next renewal may succeed; if not, the leases expire.
            return
        for job, on_lost in held:
            if job.id not in kept:
                self.unregister(job)
                on_lost()


def _raise_priority() -> None:
    """Raise the thread's priority above computing threads, if the system permits it."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
