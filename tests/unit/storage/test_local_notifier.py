"""Notifications within one process."""

import asyncio
import gc
import threading
import weakref
from collections.abc import Coroutine
from typing import Any

import pytest

from stillroom.domain.ids import JobId
from stillroom.domain.ports import Subscription
from stillroom.storage.local_notifier import LocalNotifier

pytestmark = pytest.mark.anyio

MINE, OTHER = JobId("job_mine"), JobId("job_other")
LONG, AT_ONCE = 30.0, 0.0


async def test_notification_wakes_its_waiters() -> None:
    notifier = LocalNotifier()
    async with notifier.jobs() as first, notifier.jobs() as second, asyncio.timeout(5):
        waits = asyncio.gather(first.wait(LONG), second.wait(LONG))
        await asyncio.sleep(0)
        notifier.job_changed(MINE)
        assert [*await waits] == [frozenset({MINE})] * 2


async def test_notification_between_two_waits_is_not_lost() -> None:
    notifier = LocalNotifier()
    async with notifier.jobs() as subscription, asyncio.timeout(5):
        notifier.job_changed(MINE)
        notifier.job_changed(OTHER)
        assert await _all_notified(subscription) == {MINE, OTHER}


async def _all_notified(subscription: Subscription) -> frozenset[str]:
    await asyncio.sleep(0)
    return await subscription.wait(LONG)


async def test_simultaneous_notifications_wake_once() -> None:
    notifier = LocalNotifier()
    async with notifier.queue() as subscription:
        notifier.job_queued()
        notifier.job_queued()
        await subscription.wait(LONG)
        assert not await _notified(subscription.wait(LONG))


async def test_notification_of_another_topic_wakes_nobody() -> None:
    notifier = LocalNotifier()
    async with notifier.queue() as work, notifier.jobs() as news:
        notifier.job_changed(OTHER)
        assert not await _notified(work.wait(LONG))
        assert await _notified(news.wait(LONG))
        notifier.job_queued()
        assert not await _notified(news.wait(LONG))


async def test_wait_ends_at_its_timeout() -> None:
    notifier = LocalNotifier()
    async with notifier.queue() as subscription, asyncio.timeout(5):
        assert await subscription.wait(AT_ONCE) == frozenset()


async def test_notification_from_another_thread_arrives() -> None:
    notifier = LocalNotifier()
    async with notifier.jobs() as subscription, asyncio.timeout(5):
        thread = threading.Thread(target=notifier.job_changed, args=(MINE,))
        thread.start()
        await subscription.wait(LONG)
        thread.join()


async def test_cancelled_waiter_is_removed() -> None:
    notifier = LocalNotifier()
    async with notifier.jobs() as subscription:
        trace = weakref.ref(subscription)
    del subscription
    gc.collect()
    assert trace() is None


async def test_waiter_of_a_closed_loop_is_ignored() -> None:
    notifier = LocalNotifier()
    contexts = []

    async def leave_open() -> None:
        context = notifier.queue()
        contexts.append(context)
        await context.__aenter__()

    thread = threading.Thread(target=asyncio.run, args=(leave_open(),))
    thread.start()
    thread.join()
    notifier.job_queued()


async def _notified(wait: Coroutine[Any, Any, frozenset[str]]) -> bool:
    task = asyncio.ensure_future(wait)
    for _ in range(5):
        await asyncio.sleep(0)
    done = task.done()
    task.cancel()
    return done
