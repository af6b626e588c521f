"""Shared results of checks: one check for many callers, repeated when its result is old."""

from datetime import timedelta

import pytest

from stillroom.application.limits.shared_result import SharedResult
from tests.fakes.provider_states import HandClock

pytestmark = pytest.mark.anyio

LIFETIME = timedelta(seconds=30)


async def test_many_requests_cause_one_check_until_the_result_is_old() -> None:
    clock, checked = HandClock(), 0

    async def check() -> int:
        nonlocal checked
        checked += 1
        return checked

    shared = SharedResult(check, clock, LIFETIME)
    assert [await shared.get() for _ in range(3)] == [1, 1, 1]
    clock.now += LIFETIME
    assert [await shared.get() for _ in range(2)] == [2, 2]
    clock.now -= timedelta(days=1)
    assert await shared.get() == 3, "a result from the future is discarded after the clock was set back"
