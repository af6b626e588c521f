"""Hints within one process."""

import asyncio
import gc
import threading
import weakref
from collections.abc import Coroutine

import pytest

from stillroom.domain.ids import JobId
from stillroom.storage.signals import LocalSignals

pytestmark = pytest.mark.anyio

MINE, OTHER = JobId("job_mine"), JobId("job_other")
LONG, AT_ONCE = 30.0, 0.0


async def test_a_hint_wakes_whoever_waits_for_it() -> None:
    signals = LocalSignals()
    async with signals.job(MINE) as first, signals.job(MINE) as second, asyncio.timeout(5):
        waits = asyncio.gather(first.wait(LONG), second.wait(LONG))
        await asyncio.sleep(0)
        signals.job_changed(MINE)
        await waits


async def test_a_hint_between_two_waits_is_not_lost() -> None:
    signals = LocalSignals()
    async with signals.queue() as signal, asyncio.timeout(5):
        signals.job_queued()
        await signal.wait(LONG)


async def test_hints_that_come_together_wake_once() -> None:
    signals = LocalSignals()
    async with signals.queue() as signal:
        signals.job_queued()
        signals.job_queued()
        await signal.wait(LONG)
        assert not await _hinted(signal.wait(LONG))


async def test_a_hint_about_something_else_wakes_nobody() -> None:
    signals = LocalSignals()
    async with signals.job(MINE) as signal:
        signals.job_changed(OTHER)
        signals.job_queued()
        assert not await _hinted(signal.wait(LONG))


async def test_a_wait_ends_when_its_time_is_up() -> None:
    signals = LocalSignals()
    async with signals.queue() as signal, asyncio.timeout(5):
        await signal.wait(AT_ONCE)


async def test_a_hint_from_another_thread_arrives() -> None:
    signals = LocalSignals()
    async with signals.job(MINE) as signal, asyncio.timeout(5):
        thread = threading.Thread(target=signals.job_changed, args=(MINE,))
        thread.start()
        await signal.wait(LONG)
        thread.join()


async def test_a_waiter_that_has_left_is_forgotten() -> None:
    signals = LocalSignals()
    async with signals.job(MINE) as signal:
        trace = weakref.ref(signal)
    del signal
    gc.collect()
    assert trace() is None


async def test_a_waiter_whose_loop_has_ended_disturbs_nobody() -> None:
    signals = LocalSignals()
    contexts = []

    async def leave_open() -> None:
        context = signals.queue()
        contexts.append(context)
        await context.__aenter__()

    thread = threading.Thread(target=asyncio.run, args=(leave_open(),))
    thread.start()
    thread.join()
    signals.job_queued()


async def _hinted(wait: Coroutine[None, None, None]) -> bool:
    task = asyncio.ensure_future(wait)
    for _ in range(5):
        await asyncio.sleep(0)
    done = task.done()
    task.cancel()
    return done
