"""Notifications within one process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from stillroom.domain.ids import JobId
from stillroom.domain.ports import Signal

QUEUE = "queue"
"""Topic of notifications about due jobs."""


def call_in(loop: asyncio.AbstractEventLoop, call: Callable[[str], None], about: str) -> None:
    """Call a function in an event loop from any thread; directly if in that loop, to save a system call."""
    if _running_loop() is loop:
        call(about)
        return
    # A closed loop has no waiters left.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(call, about)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class _Waiter:
    """One waiter; notifications that arrive between two waits are kept for the next."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._hinted = asyncio.Event()
        self._about: set[str] = set()

    def hint(self, about: str) -> None:
        call_in(self._loop, self._note, about)

    async def wait(self, timeout_seconds: float) -> frozenset[str]:
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                await self._hinted.wait()
        self._hinted.clear()
        about, self._about = frozenset(self._about), set()
        return about

    def _note(self, about: str) -> None:
        self._about.add(about)
        self._hinted.set()


class LocalSignals:
    """Notifier for waiters of this process; safe to call from any thread."""

    def __init__(self) -> None:
        self._for_work: set[_Waiter] = set()
        self._for_news: set[_Waiter] = set()

    def job_queued(self) -> None:
        # A copy, because another thread may open or close a context.
        for waiter in tuple(self._for_work):
            waiter.hint(QUEUE)

    def job_changed(self, job_id: JobId) -> None:
        for waiter in tuple(self._for_news):
            waiter.hint(job_id)

    @asynccontextmanager
    async def queue(self) -> AsyncIterator[Signal]:
        async with _waiting(self._for_work) as waiter:
            yield waiter

    @asynccontextmanager
    async def jobs(self) -> AsyncIterator[Signal]:
        async with _waiting(self._for_news) as waiter:
            yield waiter


@asynccontextmanager
async def _waiting(waiters: set[_Waiter]) -> AsyncIterator[_Waiter]:
    waiter = _Waiter()
    waiters.add(waiter)
    try:
        yield waiter
    finally:
        waiters.discard(waiter)
