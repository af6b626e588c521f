"""Blocking work in threads that count against a limit until they end."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

T = TypeVar("T")


async def in_thread(
    work: Callable[[], T], limiter: anyio.CapacityLimiter, on_cancel: Callable[[], object] = lambda: None
) -> T:
    """Run blocking work in a thread; a cancellation waits until the thread ends.

    The workers cancel with `Task.cancel`, which anyio's own shield does not stop: it would free the limiter
    while the thread still works.

    Args:
        on_cancel: Called at a cancellation, to make the work end early.
    """
    async with limiter:
        # The limit is already respected; waiting for another one here could not be cancelled.
        working = asyncio.create_task(anyio.to_thread.run_sync(work, limiter=anyio.CapacityLimiter(1)))
        try:
            return await asyncio.shield(working)
        except asyncio.CancelledError:
            on_cancel()
            with anyio.CancelScope(shield=True):
                await asyncio.wait([working])
            raise
