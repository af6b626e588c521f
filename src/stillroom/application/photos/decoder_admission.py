"""Admission to the decoders: round robin over owners, within one memory budget for all decoders."""

from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio

from stillroom.domain.ids import OwnerId

SMALL_BYTES = 160 << 20
"""Memory in bytes kept for small pictures, so that a phone photo can start beside the largest picture."""

MAY_OVERTAKE = 8
"""Number of pictures that may overtake one that waits for memory; after that, memory is kept for it."""


@dataclass(slots=True, eq=False)
class _Waiting:
    weight: int
    admitted: anyio.Event = field(default_factory=anyio.Event)
    overtaken: int = 0


class DecoderAdmission:
    """Admission queue of the decoders; belongs to one event loop."""

    def __init__(self, slots: int, budget_bytes: int) -> None:
        """Allow `slots` decoders at once with `budget_bytes` of memory in total."""
        self._free_slots = slots
        self._budget = self._free_bytes = budget_bytes
        self._queues: dict[OwnerId, deque[_Waiting]] = {}
        """In round-robin order: an owner moves to the end when one of its pictures is admitted."""

    @asynccontextmanager
    async def slot(self, owner_id: OwnerId, need_bytes: int) -> AsyncIterator[None]:
        """Wait for a decoder and its memory, and hold both while the context is open.

        A request above the budget counts as the budget less SMALL_BYTES: it runs beside small pictures only.
        """
        one = _Waiting(min(need_bytes, self._budget - SMALL_BYTES))
        self._queues.setdefault(owner_id, deque()).append(one)
        self._admit()
        try:
            await one.admitted.wait()
            yield
        finally:
            if one.admitted.is_set():
                self._free_slots += 1
                self._free_bytes += one.weight
            else:
                self._forget(owner_id, one)
            self._admit()

    def _admit(self) -> None:
        """Admit waiting pictures while a slot and enough memory are free."""
        while self._free_slots:
            first = next(self._in_turn(), None)
            fitting = (item for item in self._in_turn() if item[1].weight <= self._free_bytes)
            chosen = next(fitting, None)
            if first is None or chosen is None:
                return
            if chosen[1] is not first[1]:
                if first[1].overtaken >= MAY_OVERTAKE:
                    return
                first[1].overtaken += 1
            self._start(*chosen)

    def _in_turn(self) -> Iterator[tuple[OwnerId, _Waiting]]:
        """Iterate over waiting pictures: the first of each owner, then the second of each, and so on."""
        longest = max(map(len, self._queues.values()), default=0)
        for place in range(longest):
            for owner_id, queue in self._queues.items():
                if place < len(queue):
                    yield owner_id, queue[place]

    def _start(self, owner_id: OwnerId, one: _Waiting) -> None:
        self._free_slots -= 1
        self._free_bytes -= one.weight
        self._forget(owner_id, one)
        if owner_id in self._queues:
            self._queues[owner_id] = self._queues.pop(owner_id)
        one.admitted.set()

    def _forget(self, owner_id: OwnerId, one: _Waiting) -> None:
        self._queues[owner_id].remove(one)
        if not self._queues[owner_id]:
            del self._queues[owner_id]
