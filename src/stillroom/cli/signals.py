"""Stop by signal: commands end in order at SIGTERM, those that run until they are stopped also at SIGINT."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


def stopped_by_signals() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set from now on, instead of ending the process."""
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    return stopped


async def ended_or_stopped(task: asyncio.Task[Any], stopped: asyncio.Event) -> None:
    """Wait until a task ends or the event is set; the task goes on and keeps its error."""
    stopping = asyncio.create_task(stopped.wait())
    await asyncio.wait([task, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()


async def ended_despite_stop(
    work: Coroutine[Any, Any, T], stopped: asyncio.Event, announce: Callable[[], object]
) -> T:
    """Run work to its end after `stopped_by_signals` as well, which is announced; a second signal cancels it.

    Raises CancelledError.
    """
    task = asyncio.create_task(work)
    await ended_or_stopped(task, stopped)
    if not task.done():
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, task.cancel)
        announce()
    return await task


async def cancelled_by_sigterm(work: Coroutine[Any, Any, T]) -> T:
    """Run work that SIGTERM cancels, so that its temporary folders are removed. Raises CancelledError."""
    task = asyncio.ensure_future(work)
    # Windows has no such handlers.
    with suppress(NotImplementedError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task
