"""Hints within one process that something has changed."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from stillroom.domain.ids import JobId
from stillroom.domain.ports import Signal

_QUEUE = "queue"


class _Waiter:
    """One place to wait; a hint that comes between two waits is kept for the next."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._hinted = asyncio.Event()

    def hint(self) -> None:
        # A loop that has been closed has nobody left who waits.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._hinted.set)

    async def wait(self, timeout_seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                await self._hinted.wait()
        self._hinted.clear()


class LocalSignals:
    """Wakes whoever waits in this process; may be told from any thread."""

    def __init__(self) -> None:
        """Nobody waits yet."""
        self._waiters: defaultdict[str, set[_Waiter]] = defaultdict(set)

    def job_queued(self) -> None:
        """A job is due."""
        self._hint(_QUEUE)

    def job_changed(self, job_id: JobId) -> None:
        """A job has a new event."""
        self._hint(job_id)

    @asynccontextmanager
    async def queue(self) -> AsyncIterator[Signal]:
        """Hints about due jobs, while the context is open."""
        async with self._waiting(_QUEUE) as waiter:
            yield waiter

    @asynccontextmanager
    async def job(self, job_id: JobId) -> AsyncIterator[Signal]:
        """Hints about one job, while the context is open."""
        async with self._waiting(job_id) as waiter:
            yield waiter

    def _hint(self, topic: str) -> None:
        # A copy, because another thread may be opening or closing a context.
        for waiter in tuple(self._waiters.get(topic, ())):
            waiter.hint()

    @asynccontextmanager
    async def _waiting(self, topic: str) -> AsyncIterator[_Waiter]:
        waiter = _Waiter()
        self._waiters[topic].add(waiter)
        try:
            yield waiter
        finally:
            self._waiters[topic].discard(waiter)
            if not self._waiters[topic]:
                del self._waiters[topic]
