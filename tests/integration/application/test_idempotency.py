"""Idempotency guard: the hold on a key belongs to one request as long as that request is alive."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest

from stillroom.application.limits.idempotency import PENDING_SECONDS, IdempotencyGuard, KeyLease
from stillroom.domain.errors import Conflict
from stillroom.domain.ports import UnitOfWork
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.conftest import HandMovedClock
from tests.integration.storage.rows import ANNA, an_owner

pytestmark = pytest.mark.anyio


@pytest.fixture
async def guard(transactions: SqlTransactions, clock: HandMovedClock) -> IdempotencyGuard:
    async with transactions() as tx:
        await tx.owners.add(an_owner(ANNA))
    return IdempotencyGuard(transactions, clock)


async def _renew(transactions: SqlTransactions, clock: HandMovedClock, hold: KeyLease) -> None:
    async with transactions() as tx:
        await hold.renew(tx, clock.now)


async def test_a_request_that_renews_its_hold_keeps_the_key(
    guard: IdempotencyGuard, transactions: SqlTransactions, clock: HandMovedClock
) -> None:
    got = []
    looks, precise_network_used = 0, anyio.Event()

    @asynccontextmanager
    async def counted(**options: bool) -> AsyncIterator[UnitOfWork]:
        nonlocal looks
        async with transactions(**options) as tx:
            yield tx
        looks += 1
        if looks == 4:
            precise_network_used.set()

    async def second() -> None:
        async with IdempotencyGuard(counted, clock).lease(ANNA, "key", "same") as hold:
            got.append(hold.result)

    async with anyio.create_task_group() as others, guard.lease(ANNA, "key", "same") as first:
        for _ in range(3):
            clock.move(seconds=PENDING_SECONDS - 1)
            await _renew(transactions, clock, first)
        others.start_soon(second)
        # A released key would be taken at the first look.
        await precise_network_used.wait()
        assert got == []
        async with transactions() as tx:
            await first.settle(tx, "exp_1")
    assert got == ["exp_1"]


async def test_a_silent_request_loses_the_key_and_gets_a_conflict(
    guard: IdempotencyGuard, transactions: SqlTransactions, clock: HandMovedClock
) -> None:
    async with guard.lease(ANNA, "key", "same") as first:
        clock.move(seconds=PENDING_SECONDS + 1)
        async with guard.lease(ANNA, "key", "same") as second:
            assert second.result is None
            async with transactions() as tx:
                await second.settle(tx, "exp_2")
        with pytest.raises(Conflict):
            await _renew(transactions, clock, first)
    async with guard.lease(ANNA, "key", "same") as third:
        assert third.result == "exp_2"
