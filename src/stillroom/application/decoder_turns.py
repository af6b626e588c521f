"""Round-robin admission to the decoders: owners take turns, within one memory budget for all decoders."""

from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio

from stillroom.domain.ids import OwnerId

SMALL_BYTES = 160 << 20
"""Kept free beside the largest picture, so that a phone's photo need not wait for it."""

MAY_OVERTAKE = 8
"""Pictures that may start before one that waits for memory; then memory is left to it."""


@dataclass(slots=True, eq=False)
class _Waiting:
    weight: int
    admitted: anyio.Event = field(default_factory=anyio.Event)
    overtaken: int = 0


class DecoderTurns:
    """Decides who decodes next; belongs to one event loop."""

    def __init__(self, slots: int, budget_bytes: int) -> None:
        """Take how many decode at once, and how much memory they may take together."""
        self._free_slots = slots
        self._budget = self._free_bytes = budget_bytes
        self._queues: dict[OwnerId, deque[_Waiting]] = {}
        """In the order of turns: an owner whose picture is admitted moves to the end."""

    @asynccontextmanager
    async def turn(self, owner_id: OwnerId, need_bytes: int) -> AsyncIterator[None]:
        """Wait for a slot and for memory; what needs more than the budget runs beside small ones alone."""
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
        """Admit as many as there is room for."""
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
        """The first of each owner in the order of turns, then the second of each, and so on."""
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
