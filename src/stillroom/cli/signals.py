"""Stop by signal: commands that run until SIGTERM or SIGINT end in order."""

import asyncio
import signal


def stopped_by_signals() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set from now on, instead of ending the process."""
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    return stopped


async def ended_or_stopped(task: asyncio.Task[None], stopped: asyncio.Event) -> None:
    """Wait until a task ends or the event is set; the task goes on and keeps its error."""
    stopping = asyncio.create_task(stopped.wait())
    await asyncio.wait([task, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
