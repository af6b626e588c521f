"""Shared result: concurrent calls of an expensive check cause one, whose result is kept for a while."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from stillroom.domain.ports import Clock

Result = TypeVar("Result")


class SharedResult(Generic[Result]):
    """Cache of the latest result of one check."""

    def __init__(self, check: Callable[[], Awaitable[Result]], clock: Clock, lifetime: timedelta) -> None:
        self._check = check
        self._clock = clock
        self._lifetime = lifetime
        self._lock = asyncio.Lock()
        self._latest: tuple[datetime, Result] | None = None

    async def get(self) -> Result:
        """Return the latest result, or that of a new check if it is older than the lifetime."""
        async with self._lock:
            # The lower bound discards a result from the future after the clock was set back.
            if self._latest is None or not timedelta() <= self._clock() - self._latest[0] < self._lifetime:
                result = await self._check()
                # Time after the check, so that callers who waited do not repeat a slow one.
                self._latest = self._clock(), result
            return self._latest[1]
