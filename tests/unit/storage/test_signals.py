"""Hints within one process."""

import asyncio
import gc
import threading
import weakref
from collections.abc import Coroutine
from typing import Any

import pytest

from stillroom.domain.ids import JobId
from stillroom.domain.ports import Signal
from stillroom.storage.signals import LocalSignals

pytestmark = pytest.mark.anyio

MINE, OTHER = JobId("job_mine"), JobId("job_other")
LONG, AT_ONCE = 30.0, 0.0


async def test_a_hint_wakes_whoever_waits_for_it() -> None:
    signals = LocalSignals()
    async with signals.jobs() as first, signals.jobs() as second, asyncio.timeout(5):
        waits = asyncio.gather(first.wait(LONG), second.wait(LONG))
        await asyncio.sleep(0)
        signals.job_changed(MINE)
        assert [*await waits] == [frozenset({MINE})] * 2


async def test_a_hint_between_two_waits_is_not_lost() -> None:
    signals = LocalSignals()
    async with signals.jobs() as signal, asyncio.timeout(5):
        signals.job_changed(MINE)
        signals.job_changed(OTHER)
        assert await _all_hints(signal) == {MINE, OTHER}


async def _all_hints(signal: Signal) -> frozenset[str]:
    await asyncio.sleep(0)
    return await signal.wait(LONG)


async def test_hints_that_come_together_wake_once() -> None:
    signals = LocalSignals()
    async with signals.queue() as signal:
        signals.job_queued()
        signals.job_queued()
        await signal.wait(LONG)
        assert not await _hinted(signal.wait(LONG))


async def test_a_hint_about_something_else_wakes_nobody() -> None:
    signals = LocalSignals()
    async with signals.queue() as work, signals.jobs() as news:
        signals.job_changed(OTHER)
        assert not await _hinted(work.wait(LONG))
        assert await _hinted(news.wait(LONG))
        signals.job_queued()
        assert not await _hinted(news.wait(LONG))


async def test_a_wait_ends_when_its_time_is_up() -> None:
    signals = LocalSignals()
    async with signals.queue() as signal, asyncio.timeout(5):
        assert await signal.wait(AT_ONCE) == frozenset()


async def test_a_hint_from_another_thread_arrives() -> None:
    signals = LocalSignals()
    async with signals.jobs() as signal, asyncio.timeout(5):
        thread = threading.Thread(target=signals.job_changed, args=(MINE,))
        thread.start()
        await signal.wait(LONG)
        thread.join()


async def test_a_waiter_that_has_left_is_forgotten() -> None:
    signals = LocalSignals()
    async with signals.jobs() as signal:
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


async def _hinted(wait: Coroutine[Any, Any, frozenset[str]]) -> bool:
    task = asyncio.ensure_future(wait)
    for _ in range(5):
        await asyncio.sleep(0)
    done = task.done()
    task.cancel()
    return done
