"""State of providers that processes share, on both databases."""

import asyncio
from datetime import date, timedelta

import pytest

from stillroom.domain.errors import ProviderUnavailable
from stillroom.domain.ports import ProviderState
from stillroom.providers.circuit_breaker import Admission, CircuitBreakers
from stillroom.storage.unit_of_work import SqlTransactions
from tests.fakes.provider_states import HandClock

pytestmark = pytest.mark.anyio


async def test_a_state_is_written_and_read_back(transactions: SqlTransactions) -> None:
    now = HandClock().now
    state = ProviderState(
        "gemini",
        "g-1",
        now,
        "open",
        now + timedelta(seconds=30),
        "http_503",
        3,
        2,
        812.5,
        "abc",
        date(2026, 12, 20),
    )
    async with transactions() as tx:
        await tx.provider_states.save(ProviderState("gemini", "g-1", now))
        await tx.provider_states.save(state)
    async with transactions(read_only=True) as tx:
        assert await tx.provider_states.all() == (state,)
        assert await tx.provider_states.get("gemini", "g-1") == state
        assert await tx.provider_states.get("gemini", "g-2") is None


async def test_one_of_many_concurrent_callers_may_probe(transactions: SqlTransactions) -> None:
    clock = HandClock()
    breakers = CircuitBreakers(transactions, clock)
    for _ in range(3):
        await breakers.failed("gemini", "g-3", "k", ProviderUnavailable(reason="http_503"))
    assert await breakers.admit("gemini", "g-3", "k", 90) is Admission.REFUSED
    clock.advance(61)
    asked = await asyncio.gather(*(breakers.admit("gemini", "g-3", "k", 90) for _ in range(8)))
    assert asked.count(Admission.CAREFUL) == 1
    assert asked.count(Admission.REFUSED) == 7


async def test_failures_of_many_processes_are_all_counted(transactions: SqlTransactions) -> None:
    breakers = [CircuitBreakers(transactions, HandClock()) for _ in range(3)]
    error = ProviderUnavailable(reason="http_500")
    await asyncio.gather(*(breaker.failed("gemini", "g-4", "k", error) for breaker in breakers))
    assert await breakers[0].admit("gemini", "g-4", "k", 90) is Admission.REFUSED
