"""Timed check: callers share one attempt of a check and wait for it a limited time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from stillroom.domain.errors import StorageUnavailable

Result = TypeVar("Result")


class TimedCheck(Generic[Result]):
    """Check of a database or store that may accept a request and never answer it."""

    def __init__(self, check: Callable[[], Coroutine[Any, Any, Result]], seconds: float) -> None:
        self._check = check
        self._seconds = seconds
        self._attempt: asyncio.Task[Result] | None = None

    async def get(self) -> Result:
        """Return the check's result.

        Raises:
            StorageUnavailable: The check failed, or has not ended in time. The attempt goes on, because
                cancelling it would break its connection; no other one begins meanwhile.
        """
        if self._attempt is None or self._attempt.done():
            self._attempt = asyncio.create_task(self._check())
            # An attempt may fail when nobody waits for it any more.
            self._attempt.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        ended, _ = await asyncio.wait({self._attempt}, timeout=self._seconds)
        if not ended:
            raise StorageUnavailable("No answer in time.")
        return ended.pop().result()
