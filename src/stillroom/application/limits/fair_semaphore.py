"""Bounded concurrency with fair queueing per owner, optionally within a budget such as memory."""

from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio

from stillroom.domain.ids import OwnerId

MAY_OVERTAKE = 8
"""Number of requests that may overtake one that waits for the budget; after that, room is kept for it."""


@dataclass(slots=True, eq=False)
class _Waiting:
    weight: int
    admitted: anyio.Event = field(default_factory=anyio.Event)
    overtaken: int = 0


class FairSemaphore:
    """A semaphore whose next permit goes to the waiting owner that holds the fewest permits.

    Ties go to the owner that was served least recently. An owner alone may hold all permits. Requests of one
    owner delay another owner's by at most the work that is running now. Belongs to one event loop.

    Source:
        J. Nagle, RFC 970, On Packet Switches With Infinite Storage, 1985: one queue per source.
    """

    def __init__(self, count: int, budget: int = 0, spare: int = 0) -> None:
        """Allow `count` pieces of work at once, whose weights are within the budget.

        Args:
            spare: Part of the budget for light requests: a heavier one counts as the budget less this.
        """
        self._free = count
        self._budget = budget
        self._heaviest = budget - spare
        self._held: Counter[OwnerId] = Counter()
        self._queues: dict[OwnerId, deque[_Waiting]] = {}
        """An owner moves to the end when one of its requests is admitted or has ended."""

    @property
    def waiting(self) -> int:
        """Number of waiting requests of all owners."""
        return sum(map(len, self._queues.values()))

    def waiting_of(self, owner_id: OwnerId) -> int:
        """Return the number of waiting requests of one owner."""
        return len(self._queues.get(owner_id, ()))

    @asynccontextmanager
    async def of(self, owner_id: OwnerId, weight: int = 0) -> AsyncIterator[None]:
        """Wait for a permit and hold it while the context is open."""
        one = _Waiting(min(weight, self._heaviest))
        self._queues.setdefault(owner_id, deque()).append(one)
        self._admit()
        try:
            # Waiting for an event lets other tasks run first, even if it is set.
            if not one.admitted.is_set():
                await one.admitted.wait()
            yield
        finally:
            if one.admitted.is_set():
                self._take(owner_id, -1, -one.weight)
            else:
                self._forget(owner_id, one)
            self._admit()

    def _admit(self) -> None:
        """Admit waiting requests while a permit and enough of the budget are free."""
        while self._free:
            first = next(self._in_turn(), None)
            chosen = next((item for item in self._in_turn() if item[1].weight <= self._budget), None)
            if first is None or chosen is None:
                return
            owner_id, one = chosen
            if one is not first[1]:
                if first[1].overtaken >= MAY_OVERTAKE:
                    return
                first[1].overtaken += 1
            self._forget(owner_id, one)
            self._take(owner_id, 1, one.weight)
            one.admitted.set()

    def _in_turn(self) -> Iterator[tuple[OwnerId, _Waiting]]:
        """Iterate over waiting requests: the first of each owner, then the second of each, and so on."""
        owners = sorted(self._queues, key=lambda owner: self._held[owner])
        for place in range(max(map(len, self._queues.values()), default=0)):
            for owner_id in owners:
                if place < len(self._queues[owner_id]):
                    yield owner_id, self._queues[owner_id][place]

    def _take(self, owner_id: OwnerId, permits: int, weight: int) -> None:
        """Take from what is free, or give back with a negative amount."""
        self._free -= permits
        self._budget -= weight
        self._held[owner_id] += permits
        if not self._held[owner_id]:
            del self._held[owner_id]
        if owner_id in self._queues:
            self._queues[owner_id] = self._queues.pop(owner_id)

    def _forget(self, owner_id: OwnerId, one: _Waiting) -> None:
        self._queues[owner_id].remove(one)
        if not self._queues[owner_id]:
            del self._queues[owner_id]
