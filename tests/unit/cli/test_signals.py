"""Stopping a command by signal while it works."""

import asyncio
import os
import signal

import pytest

from stillroom.cli.signals import ended_despite_stop, stopped_by_signals

pytestmark = pytest.mark.anyio


async def test_first_signal_is_announced_and_the_work_ends() -> None:
    stopped, may_end = stopped_by_signals(), asyncio.Event()

    async def work() -> str:
        os.kill(os.getpid(), signal.SIGINT)
        await may_end.wait()
        return "a picture"

    assert await ended_despite_stop(work(), stopped, may_end.set) == "a picture"


async def test_second_signal_cancels_the_work() -> None:
    stopped = stopped_by_signals()

    async def work() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.Event().wait()

    with pytest.raises(asyncio.CancelledError):
        await ended_despite_stop(work(), stopped, lambda: os.kill(os.getpid(), signal.SIGINT))


async def test_work_without_a_signal_announces_nothing() -> None:
    announced: list[None] = []

    async def work() -> str:
        return "a picture"

    result = await ended_despite_stop(work(), stopped_by_signals(), lambda: announced.append(None))
    assert (result, announced) == ("a picture", [])
