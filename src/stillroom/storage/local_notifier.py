"""Notifications within one process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from stillroom.domain.ids import BatchId, JobId
from stillroom.domain.ports import Subscription

QUEUE = "queue"
"""Topic of notifications about due jobs."""


def call_in(loop: asyncio.AbstractEventLoop, call: Callable[[str], None], about: str) -> None:
    """Call a function in an event loop from any thread."""
    # A closed loop has no subscriptions left.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(call, about)


class _Subscription:
    """Subscription of one reader; notifications that arrive between two waits are kept for the next."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._notified = asyncio.Event()
        self._about: set[str] = set()

    def notify(self, about: str) -> None:
        call_in(self._loop, self._add, about)

    async def wait(self, timeout_seconds: float) -> frozenset[str]:
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                await self._notified.wait()
        self._notified.clear()
        about, self._about = frozenset(self._about), set()
        return about

    def _add(self, about: str) -> None:
        self._about.add(about)
        self._notified.set()


class LocalNotifier:
    """Notifier for subscriptions of this process; safe to call from any thread."""

    def __init__(self) -> None:
        self._queue: set[_Subscription] = set()
        self._jobs: set[_Subscription] = set()

    def job_queued(self) -> None:
        # A copy, because another thread may open or close a context.
        for subscription in tuple(self._queue):
            subscription.notify(QUEUE)

    def job_changed(self, job_id: JobId | BatchId) -> None:
        for subscription in tuple(self._jobs):
            subscription.notify(job_id)

    def queue(self) -> AbstractAsyncContextManager[Subscription]:
        return _subscribed(self._queue)

    def jobs(self) -> AbstractAsyncContextManager[Subscription]:
        return _subscribed(self._jobs)


@asynccontextmanager
async def _subscribed(subscriptions: set[_Subscription]) -> AsyncIterator[_Subscription]:
    subscription = _Subscription()
    subscriptions.add(subscription)
    try:
        yield subscription
    finally:
        subscriptions.discard(subscription)
