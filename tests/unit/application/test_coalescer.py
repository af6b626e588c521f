"""Coalescer: batches, errors and cancelled callers."""

import asyncio
from collections.abc import Sequence

import pytest

from stillroom.application.jobs.coalescer import MAX_BATCH, Coalescer

pytestmark = pytest.mark.anyio


class Doubling:
    """Doubles numbers once it is released; fails for a batch with a negative one."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.begun = asyncio.Event()
        self.released = asyncio.Event()

    async def __call__(self, items: Sequence[int]) -> Sequence[int]:
        """Return the doubles, in order."""
        self.batches.append(list(items))
        self.begun.set()
        await self.released.wait()
        if min(items) < 0:
            raise ValueError(items)
        return [2 * item for item in items]


async def test_items_that_arrive_during_a_batch_share_the_next_one() -> None:
    double = Doubling()
    coalescer = Coalescer(double)
    first = asyncio.create_task(coalescer.submit(1))
    await double.begun.wait()
    others = asyncio.gather(*(coalescer.submit(item) for item in range(2, MAX_BATCH + 3)))
    double.released.set()
    assert await first == 2
    assert await others == [2 * item for item in range(2, MAX_BATCH + 3)]
    assert [len(batch) for batch in double.batches] == [1, MAX_BATCH, 1]


async def test_error_reaches_every_caller_of_its_batch_and_no_other() -> None:
    double = Doubling()
    double.released.set()
    coalescer = Coalescer(double)
    failed = await asyncio.gather(coalescer.submit(-1), coalescer.submit(1), return_exceptions=True)
    assert [type(one) for one in failed] == [ValueError, ValueError]
    assert await coalescer.submit(3) == 6


async def test_cancelled_caller_does_not_end_the_batch_of_others() -> None:
    double = Doubling()
    coalescer = Coalescer(double)
    leaving, staying = (asyncio.create_task(coalescer.submit(item)) for item in (1, 2))
    await double.begun.wait()
    leaving.cancel()
    double.released.set()
    assert await staying == 4
    assert double.batches == [[1, 2]]
