"""Bounded concurrency with fair queueing per owner."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from stillroom.domain.ids import OwnerId


class FairSemaphore:
    """A semaphore whose next permit goes to the waiting owner that holds the fewest permits.

    Ties go to the owner that was served least recently.
    An owner alone may hold all permits. Requests of one owner delay another owner's by at most the work
    that is running now. Belongs to one event loop.

    Source:
        J. Nagle, RFC 970, On Packet Switches With Infinite Storage, 1985: one queue per source.
    """

    def __init__(self, count: int) -> None:
        """Allow `count` pieces of work at once."""
        self._free = count
        self._held: Counter[OwnerId] = Counter()
        self._waiting: dict[OwnerId, deque[asyncio.Future[None]]] = {}

    @property
    def waiting(self) -> int:
        """Number of waiting requests of all owners."""
        return sum(len(line) for line in self._waiting.values())

    @asynccontextmanager
    async def of(self, owner_id: OwnerId) -> AsyncIterator[None]:
        """Wait for a permit and hold it while the context is open."""
        await self._acquire(owner_id)
        try:
            yield
        finally:
            self._release(owner_id)

    async def _acquire(self, owner_id: OwnerId) -> None:
        if self._free:
            self._grant(owner_id)
            return
        permit: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(owner_id, deque()).append(permit)
        try:
            await permit
        except asyncio.CancelledError:
            if permit.done() and not permit.cancelled():
                # Granted in the same iteration of the event loop in which the request was cancelled.
                self._release(owner_id)
            else:
                self._leave(owner_id, permit)
            raise

    def _grant(self, owner_id: OwnerId) -> None:
        self._free -= 1
        self._held[owner_id] += 1

    def _release(self, owner_id: OwnerId) -> None:
        self._free += 1
        self._held[owner_id] -= 1
        if not self._held[owner_id]:
            del self._held[owner_id]
        if owner_id in self._waiting:
            self._waiting[owner_id] = self._waiting.pop(owner_id)
        self._admit_next()

    def _admit_next(self) -> None:
        while self._waiting:
            # `min` returns the first of equals; owners are in the order in which they were last served.
            following = min(self._waiting, key=lambda owner: self._held[owner])
            line = self._waiting.pop(following)
            permit = line.popleft()
            if line:
                self._waiting[following] = line
            # A cancelled request stays in the queue until its task runs.
            if not permit.done():
                self._grant(following)
                permit.set_result(None)
                return

    def _leave(self, owner_id: OwnerId, permit: asyncio.Future[None]) -> None:
        line = self._waiting.get(owner_id, deque())
        if permit in line:
            line.remove(permit)
            if not line:
                del self._waiting[owner_id]
