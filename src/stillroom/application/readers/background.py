"""Background tasks that ask reader models: bounded in number, each piece of work once at a time."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from stillroom.domain.errors import StillroomError

AT_ONCE = 2
"""Tasks that work at once; the others wait."""

MAX_TASKS = 200
"""Tasks that may wait or run; more are dropped, because nothing depends on their answers."""

log = structlog.get_logger(__name__)


class Background:
    """Runs background work and logs its errors."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._permits = asyncio.Semaphore(AT_ONCE)

    def add(self, key: str, work: Callable[[], Awaitable[object]]) -> None:
        """Start work unless the same key is under way."""
        if key in self._tasks or len(self._tasks) >= MAX_TASKS:
            return
        task = asyncio.create_task(self._run(key, work))
        self._tasks[key] = task
        task.add_done_callback(lambda _: self._tasks.pop(key, None))

    async def drain(self) -> None:
        """Wait until everything that was added has ended."""
        while self._tasks:
            await asyncio.wait(list(self._tasks.values()))

    async def close(self) -> None:
        """Cancel what is under way."""
        for task in tuple(self._tasks.values()):
            task.cancel()
        await self.drain()

    async def _run(self, key: str, work: Callable[[], Awaitable[object]]) -> None:
        async with self._permits:
            try:
                await work()
            except StillroomError as error:
                log.info("reader_work_dropped", work=key.partition(":")[0], code=error.code)
            except Exception as error:  # Nobody awaits the task, so its error would be lost.
                log.error("reader_work_failed", work=key.partition(":")[0], exc_info=error)
