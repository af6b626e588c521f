"""A key's work belongs to one request, as long as that one lives."""

import anyio
import pytest

from stillroom.application.once import PENDING_SECONDS, Once, Turn
from stillroom.domain.errors import Conflict
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.conftest import HandMovedClock
from tests.integration.storage.rows import ANNA, an_owner

pytestmark = pytest.mark.anyio


@pytest.fixture
async def once(transactions: SqlTransactions, clock: HandMovedClock) -> Once:
    async with transactions() as tx:
        await tx.owners.add(an_owner(ANNA))
    return Once(transactions, clock)


async def _go_on(transactions: SqlTransactions, clock: HandMovedClock, turn: Turn) -> None:
    async with transactions() as tx:
        await turn.go_on(tx, clock.now)


async def test_a_request_that_goes_on_keeps_its_turn_however_long_it_takes(
    once: Once, transactions: SqlTransactions, clock: HandMovedClock
) -> None:
    got = []

    async def second() -> None:
        async with once.turn(ANNA, "key", "same") as turn:
            got.append(turn.result)

    async with anyio.create_task_group() as others, once.turn(ANNA, "key", "same") as first:
        for _ in range(3):
            clock.move(seconds=PENDING_SECONDS - 1)
            await _go_on(transactions, clock, first)
        others.start_soon(second)
        # Far longer than a look takes: if the turn was free, it would be taken now.
        await anyio.sleep(0.3)
        assert got == []
        async with transactions() as tx:
            await first.settle(tx, "exp_1")
    assert got == ["exp_1"]


async def test_a_request_that_stood_still_loses_its_turn_and_is_told_so(
    once: Once, transactions: SqlTransactions, clock: HandMovedClock
) -> None:
    async with once.turn(ANNA, "key", "same") as first:
        clock.move(seconds=PENDING_SECONDS + 1)
        async with once.turn(ANNA, "key", "same") as second:
            assert second.result is None
            async with transactions() as tx:
                await second.settle(tx, "exp_2")
        with pytest.raises(Conflict):
            await _go_on(transactions, clock, first)
    async with once.turn(ANNA, "key", "same") as third:
        assert third.result == "exp_2"
