"""Fair semaphore: owners take turns, and a cancelled request loses no permit."""

import asyncio

import pytest

from stillroom.application.limits.fair_semaphore import FairSemaphore
from stillroom.domain.ids import OwnerId

pytestmark = pytest.mark.anyio

MANY, FEW = OwnerId("own_many"), OwnerId("own_few")


async def _settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


class PermitHolders:
    """Requests that hold a permit until a signal, in the order of admission."""

    def __init__(self, count: int) -> None:
        self.turns = FairSemaphore(count)
        self.admitted: list[str] = []
        self._ends: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.cancels_at_its_end: dict[str, str] = {}

    def ask(self, owner: OwnerId, name: str) -> None:
        self._ends[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._work(owner, name))

    async def end(self, name: str) -> None:
        self._ends[name].set()
        await self.tasks[name]
        await _settled()

    async def _work(self, owner: OwnerId, name: str) -> None:
        async with self.turns.of(owner):
            self.admitted.append(name)
            await self._ends[name].wait()
        if name in self.cancels_at_its_end:
            self.tasks[self.cancels_at_its_end[name]].cancel()


async def test_other_owner_is_next_regardless_of_the_queue_of_one_owner() -> None:
    works = PermitHolders(1)
    for number in range(5):
        works.ask(MANY, f"many-{number}")
    works.ask(FEW, "few-0")
    await _settled()
    await works.end("many-0")
    assert works.admitted == ["many-0", "few-0"]


async def test_owners_alternate_while_both_wait() -> None:
    works = PermitHolders(1)
    for number in range(3):
        works.ask(MANY, f"many-{number}")
    for number in range(2):
        works.ask(FEW, f"few-{number}")
    for name in ("many-0", "few-0", "many-1", "few-1", "many-2"):
        await _settled()
        await works.end(name)
    assert works.admitted == ["many-0", "few-0", "many-1", "few-1", "many-2"]


async def test_a_freed_permit_goes_to_the_owner_that_holds_fewer() -> None:
    works = PermitHolders(2)
    for number in range(4):
        works.ask(MANY, f"many-{number}")
    for number in range(2):
        works.ask(FEW, f"few-{number}")
    await _settled()
    await works.end("many-0")
    await works.end("many-1")
    assert works.admitted == ["many-0", "many-1", "few-0", "many-2"]


async def test_one_owner_alone_may_hold_every_permit() -> None:
    works = PermitHolders(2)
    for number in range(3):
        works.ask(MANY, f"many-{number}")
    await _settled()
    assert works.admitted == ["many-0", "many-1"]
    assert works.turns.waiting == 1


async def test_cancelled_request_leaves_the_queue() -> None:
    works = PermitHolders(1)
    for name in ("a", "b", "c"):
        works.ask(MANY, name)
    await _settled()
    works.tasks["b"].cancel()
    await _settled()
    assert works.turns.waiting == 1
    await works.end("a")
    assert works.admitted == ["a", "c"]


async def test_request_cancelled_during_admission_passes_its_permit_on() -> None:
    works = PermitHolders(1)
    for name in ("a", "b", "c"):
        works.ask(MANY, name)
    await _settled()
    # The permit is handed over when `a` ends; `b` is cancelled before its task runs again.
    works.cancels_at_its_end = {"a": "b"}
    await works.end("a")
    assert works.admitted == ["a", "c"]


async def test_request_cancelled_before_admission_is_skipped() -> None:
    works = PermitHolders(1)
    for name in ("a", "b", "c"):
        works.ask(MANY, name)
    await _settled()
    works.tasks["a"].cancel()
    works.tasks["b"].cancel()
    await _settled()
    assert works.admitted == ["a", "c"]


async def test_failed_work_returns_its_permit() -> None:
    turns = FairSemaphore(1)
    for _ in range(2):
        with pytest.raises(ValueError, match="broken"):
            async with turns.of(MANY):
                raise ValueError("broken")
    async with asyncio.timeout(1):
        async with turns.of(FEW):
            assert turns.waiting == 0
