"""Notifications between processes."""

import asyncio
import itertools
import time
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from stillroom.domain.ids import JobId
from stillroom.storage.database import Database
from stillroom.storage.local_notifier import LocalNotifier
from stillroom.storage.notifications import PostgresNotifier, open_notifier
from tests.servers.ports import free_ports

pytestmark = pytest.mark.anyio

MINE = JobId("job_mine")


async def heard(notifier: PostgresNotifier, other: PostgresNotifier) -> bool:
    """Whether a notification of one reaches the other after both have connected."""
    async with other.jobs() as news, asyncio.timeout(10):
        while True:
            notifier.job_changed(MINE)
            if MINE in await news.wait(0.1):
                return True


async def test_notification_reaches_another_process(postgres_url: str) -> None:
    one, other = PostgresNotifier(postgres_url), PostgresNotifier(postgres_url)
    async with one.open(), other.open(), other.queue() as work:
        assert await heard(one, other)
        one.job_queued()
        started = time.monotonic()
        assert await work.wait(5) == {"queue"}
        assert time.monotonic() - started < 1


async def test_concurrent_notifications_all_arrive(postgres_url: str) -> None:
    one, other = PostgresNotifier(postgres_url), PostgresNotifier(postgres_url)
    jobs = {JobId(f"job_{number:026d}") for number in range(1000)}
    async with one.open(), other.open():
        assert await heard(one, other)
        async with other.jobs() as news, asyncio.timeout(10):
            for job_id in jobs:
                one.job_changed(job_id)
            found: set[str] = set()
            while not jobs <= found:
                found |= await news.wait(1)


async def test_notifications_resume_after_a_lost_connection(postgres_url: str) -> None:
    one, other = PostgresNotifier(postgres_url), PostgresNotifier(postgres_url)
    async with one.open(), other.open():
        assert await heard(one, other)
        killer = await asyncpg.connect(postgres_url)
        await killer.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'stillroom notifications'"
        )
        await killer.close()
        assert await heard(one, other)


class Confused(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """Connection whose server hangs up amid a statement."""

    async def execute(self, *_args: Any, **_more: Any) -> str:
        raise asyncpg.InternalClientError("another operation is in progress")


async def test_notifications_resume_after_the_driver_lost_its_state(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, kinds = asyncpg.connect, iter([Confused, Confused])

    async def confused_at_first(*args: Any, **more: Any) -> Any:
        return await connect(*args, connection_class=next(kinds, asyncpg.Connection), **more)

    monkeypatch.setattr(asyncpg, "connect", confused_at_first)
    one, other = (PostgresNotifier(postgres_url, retry_seconds=0.01) for _ in range(2))
    async with one.open(), other.open():
        assert await heard(one, other)


async def test_sqlite_needs_no_notifications_between_processes() -> None:
    async with open_notifier("sqlite:///x.db") as notifier:
        assert type(notifier) is LocalNotifier


@pytest.mark.parametrize("spelled", ["postgresql+asyncpg://", "postgres://"])
async def test_notifier_accepts_every_database_url_that_the_engine_accepts(
    postgres_url: str, spelled: str
) -> None:
    url = postgres_url.replace("postgresql://", spelled) + "?ssl=disable"
    await Database(url).close()
    one, other = PostgresNotifier(url), PostgresNotifier(postgres_url)
    async with one.open(), other.open():
        assert await heard(one, other)


async def test_outage_is_logged_once_without_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    connect, tries, enough = asyncpg.connect, itertools.count(1), asyncio.Event()

    async def counted(*args: Any, **more: Any) -> Any:
        if next(tries) == 5:
            enough.set()
        return await connect(*args, **more)

    monkeypatch.setattr(asyncpg, "connect", counted)
    (port,) = free_ports(1)
    with capture_logs() as lines:
        url = f"postgresql://anna:secret@127.0.0.1:{port}/studio"
        async with PostgresNotifier(url, retry_seconds=0.01).open():
            await enough.wait()
    assert [line["event"] for line in lines] == ["notifications_unavailable"]
    assert "secret" not in str(lines)


async def test_end_of_an_outage_is_logged(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    connect, failures = asyncpg.connect, iter([True, True])

    async def fail_twice(*args: Any, **more: Any) -> Any:
        if next(failures, False):
            raise ConnectionRefusedError
        return await connect(*args, **more)

    monkeypatch.setattr(asyncpg, "connect", fail_twice)
    one, other = (PostgresNotifier(postgres_url, retry_seconds=0.01) for _ in range(2))
    with capture_logs() as lines:
        async with one.open(), other.open():
            assert await heard(one, other)
    assert [line["event"] for line in lines].count("notifications_restored") >= 1
