"""Hints between processes."""

import asyncio
import time

import asyncpg
import pytest

from stillroom.domain.ids import JobId
from stillroom.storage.notifications import PostgresSignals, open_signals
from stillroom.storage.signals import LocalSignals

pytestmark = pytest.mark.anyio

MINE = JobId("job_mine")


async def heard(signals: PostgresSignals, other: PostgresSignals) -> bool:
    """Whether a hint of one arrives at the other, once both have had the time to connect."""
    async with other.jobs() as news, asyncio.timeout(10):
        while True:
            signals.job_changed(MINE)
            if MINE in await news.wait(0.1):
                return True


async def test_a_hint_crosses_processes_at_once(postgres_url: str) -> None:
    one, other = PostgresSignals(postgres_url), PostgresSignals(postgres_url)
    async with one.open(), other.open(), other.queue() as work:
        assert await heard(one, other)
        one.job_queued()
        started = time.monotonic()
        assert await work.wait(5) == {"queue"}
        assert time.monotonic() - started < 1


async def test_many_hints_at_once_all_arrive(postgres_url: str) -> None:
    one, other = PostgresSignals(postgres_url), PostgresSignals(postgres_url)
    jobs = {JobId(f"job_{number:026d}") for number in range(1000)}
    async with one.open(), other.open():
        assert await heard(one, other)
        async with other.jobs() as news, asyncio.timeout(10):
            for job_id in jobs:
                one.job_changed(job_id)
            found: set[str] = set()
            while not jobs <= found:
                found |= await news.wait(1)


async def test_hints_flow_again_after_the_server_has_hung_up(postgres_url: str) -> None:
    one, other = PostgresSignals(postgres_url), PostgresSignals(postgres_url)
    async with one.open(), other.open():
        assert await heard(one, other)
        killer = await asyncpg.connect(postgres_url)
        await killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'stillroom hints'"
        )
        await killer.close()
        assert await heard(one, other)


async def test_a_file_needs_no_hints_between_processes() -> None:
    async with open_signals("sqlite:///x.db") as signals:
        assert isinstance(signals, LocalSignals)
