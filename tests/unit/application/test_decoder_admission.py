"""Decoder permits: fair between owners, bounded memory for large pictures."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import anyio
import anyio.abc
import pytest

from stillroom.application.limits.fair_semaphore import MAY_OVERTAKE, FairSemaphore
from stillroom.application.photos.intake import SMALL_BYTES
from stillroom.domain.ids import OwnerId

pytestmark = pytest.mark.anyio

BUDGET = 10 * SMALL_BYTES
SMALL, LARGE, HUGE = SMALL_BYTES, 8 * SMALL_BYTES, 20 * SMALL_BYTES


class Uploads:
    """Uploads that decode until a signal."""

    def __init__(self, admission: FairSemaphore, tasks: anyio.abc.TaskGroup) -> None:
        self._admission, self._tasks = admission, tasks
        self._ends: dict[str, anyio.Event] = {}
        self._scopes: dict[str, anyio.CancelScope] = {}
        self.running: list[str] = []

    async def add(self, name: str, need: int = SMALL) -> None:
        """Start one; its owner is the first letter of its name."""
        self._ends[name], self._scopes[name] = anyio.Event(), anyio.CancelScope()
        self._tasks.start_soon(self._decode, name, need)
        await anyio.wait_all_tasks_blocked()

    async def end(self, name: str) -> None:
        self._ends[name].set()
        await anyio.wait_all_tasks_blocked()

    async def cancel(self, name: str) -> None:
        self._scopes[name].cancel()
        await anyio.wait_all_tasks_blocked()

    async def _decode(self, name: str, need: int) -> None:
        with self._scopes[name]:
            async with self._admission.of(OwnerId(name[0]), need):
                self.running.append(name)
                try:
                    await self._ends[name].wait()
                finally:
                    self.running.remove(name)


@asynccontextmanager
async def uploads(slots: int = 2) -> AsyncIterator[Uploads]:
    async with anyio.create_task_group() as tasks:
        yield Uploads(FairSemaphore(slots, BUDGET, SMALL_BYTES), tasks)
        tasks.cancel_scope.cancel()


async def test_queue_of_one_owner_delays_another_by_at_most_one_decode() -> None:
    async with uploads(slots=1) as some:
        for number in range(8):
            await some.add(f"a{number}")
        await some.add("b0")
        await some.add("b1")
        await some.add("c0")
        order = []
        for _ in range(11):
            [name] = some.running
            order.append(name)
            await some.end(name)
    assert order == ["a0", "b0", "c0", "a1", "b1", "a2", "a3", "a4", "a5", "a6", "a7"]


async def test_large_pictures_are_decoded_one_by_one_while_small_ones_proceed() -> None:
    async with uploads() as some:
        for name, need in (("a0", LARGE), ("b0", LARGE), ("c0", SMALL)):
            await some.add(name, need)
        assert some.running == ["a0", "c0"]
        await some.end("a0")
        assert some.running == ["c0", "b0"]


async def test_a_picture_above_the_budget_is_decoded_and_leaves_room_for_a_small_one() -> None:
    async with uploads() as some:
        await some.add("a0", HUGE)
        await some.add("b0", SMALL)
        assert some.running == ["a0", "b0"]


async def test_large_picture_is_not_starved_by_small_ones() -> None:
    async with uploads() as some:
        await some.add("a0", LARGE)
        await some.add("b0", LARGE)
        for number in range(MAY_OVERTAKE):
            await some.add(f"c{number}")
            await some.end(f"c{number}")
        await some.add("d0")
        assert some.running == ["a0"]
        await some.end("a0")
        assert some.running == ["b0", "d0"]


@pytest.mark.parametrize("leave", [Uploads.end, Uploads.cancel])
async def test_cancelled_decode_frees_its_memory_share(
    leave: Callable[[Uploads, str], Awaitable[None]],
) -> None:
    async with uploads(slots=1) as some:
        await some.add("a0", HUGE)
        await some.add("b0", HUGE)
        await some.add("c0", HUGE)
        await some.cancel("b0")
        await leave(some, "a0")
        assert some.running == ["c0"]
