"""Threads of the providers: a cancelled call waits for the thread that it started."""

import asyncio
import threading

import anyio
import anyio.from_thread
import anyio.lowlevel
import pytest

from stillroom.providers.threads import in_thread

pytestmark = pytest.mark.anyio


async def test_cancelled_work_occupies_its_limiter_until_its_thread_ends() -> None:
    limiter = anyio.CapacityLimiter(1)
    has_begun, may_end, has_ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        has_begun.set()
        assert may_end.wait(10)
        has_ended.set()

    cancelled = asyncio.Event()
    call = asyncio.create_task(in_thread(work, limiter, on_cancel=cancelled.set))
    assert await asyncio.to_thread(has_begun.wait, 10)
    call.cancel()
    await cancelled.wait()
    assert (call.done(), limiter.borrowed_tokens) == (False, 1)
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert has_ended.is_set()
    assert limiter.borrowed_tokens == 0


async def test_call_that_is_cancelled_before_its_turn_starts_no_thread() -> None:
    limiter = anyio.CapacityLimiter(1)
    was_started = threading.Event()
    async with limiter:
        call = asyncio.create_task(in_thread(was_started.set, limiter))
        await anyio.wait_all_tasks_blocked()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    assert not was_started.is_set()


async def test_cancelled_scope_waits_for_the_thread_as_well() -> None:
    limiter = anyio.CapacityLimiter(1)
    has_ended = threading.Event()
    with anyio.CancelScope() as scope:

        def work() -> None:
            anyio.from_thread.run_sync(scope.cancel)
            anyio.from_thread.run(anyio.lowlevel.checkpoint)
            has_ended.set()

        await in_thread(work, limiter)
    assert has_ended.is_set()
