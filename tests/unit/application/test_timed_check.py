"""Timed checks: one attempt for all, and a limit to the time that each caller waits."""

import asyncio

import pytest

from stillroom.application.limits.timed_check import TimedCheck
from stillroom.domain.errors import StorageUnavailable

pytestmark = pytest.mark.anyio


async def test_callers_of_a_silent_check_give_up_and_its_attempt_is_shared_until_it_ends() -> None:
    begun = 0
    silence = asyncio.Event()

    async def check() -> int:
        nonlocal begun
        begun += 1
        await silence.wait()
        return begun

    timed = TimedCheck(check, 0.01)
    given_up = await asyncio.gather(timed.get(), timed.get(), return_exceptions=True)
    assert [type(each) for each in given_up] == [StorageUnavailable] * 2
    with pytest.raises(StorageUnavailable):
        await timed.get()
    assert begun == 1
    silence.set()
    assert await timed.get() == 1
    assert await timed.get() == 2


async def test_error_of_a_check_reaches_its_callers() -> None:
    async def check() -> None:
        raise StorageUnavailable("gone")

    with pytest.raises(StorageUnavailable, match="gone"):
        await TimedCheck(check, 1).get()
