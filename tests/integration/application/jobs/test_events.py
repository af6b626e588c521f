"""Event streams of jobs: each event once and in order, with one query for all followers of a process."""

import asyncio
from contextlib import AbstractAsyncContextManager

import pytest
import sqlalchemy as sa

from stillroom.application.follower import BATCH, TAIL
from stillroom.application.jobs.events import Events
from stillroom.application.jobs.orders import Order
from stillroom.domain.errors import StorageUnavailable
from stillroom.domain.ids import JobId
from stillroom.domain.jobs.events import EventType, JobProgressed
from stillroom.domain.jobs.job import ClaimedJob
from stillroom.domain.ports import UnitOfWork
from stillroom.domain.providers.requests import Operation
from tests.integration.application.job_services import JobServices
from tests.integration.storage.rows import ANNA, an_edit, room, stored_session

pytestmark = pytest.mark.anyio


async def a_running_job(services: JobServices) -> ClaimedJob:
    session = await stored_session(services.transactions)
    await services.jobs.submit(Order(session.id, Operation.OPTIMIZE, "", 1), ANNA)
    [job] = map(an_edit, await services.lifecycle.claim("w1", room()))
    return job


async def tell(services: JobServices, job: ClaimedJob, times: int) -> None:
    for number in range(times):
        await services.lifecycle.append_event(job, JobProgressed(stage="matte", percent=number % 100))


async def numbers(events: Events, job_id: JobId, after: int = 0) -> list[int]:
    return [event.seq async for event in events.follow(job_id, after)]


async def test_concurrent_streams_deliver_the_same_events(services: JobServices) -> None:
    events = Events(services.transactions, services.notifier)
    job = await a_running_job(services)
    watchers = [asyncio.create_task(numbers(events, job.id, after % 3)) for after in range(50)]
    await tell(services, job, 20)
    await services.lifecycle.succeed(job)
    async with asyncio.timeout(10):
        stories = await asyncio.gather(*watchers)
    assert stories == [list(range(after % 3 + 1, 24)) for after in range(50)]


async def test_lost_notification_delays_events_by_at_most_a_second(
    services: JobServices, elsewhere: JobServices
) -> None:
    events = Events(services.transactions, services.notifier)
    job = await a_running_job(services)
    watcher = asyncio.create_task(numbers(events, job.id))
    await services.notifier.rest()
    await elsewhere.lifecycle.succeed(job)
    async with asyncio.timeout(3):
        assert await watcher == [1, 2, 3]


async def test_lagging_stream_reads_the_table_without_gap_or_repeat(services: JobServices) -> None:
    events = Events(services.transactions, services.notifier)
    job = await a_running_job(services)
    live = asyncio.create_task(numbers(events, job.id))
    await tell(services, job, BATCH + TAIL)
    late = asyncio.create_task(numbers(events, job.id))
    resumed = asyncio.create_task(numbers(events, job.id, BATCH - 1))
    await tell(services, job, 5)
    await services.lifecycle.succeed(job)
    last = BATCH + TAIL + 5 + 3
    async with asyncio.timeout(15):
        assert await live == await late == list(range(1, last + 1))
        assert await resumed == list(range(BATCH, last + 1))


async def test_slow_stream_blocks_no_other_and_misses_nothing(services: JobServices) -> None:
    events = Events(services.transactions, services.notifier)
    job = await a_running_job(services)
    slow = events.follow(job.id, 0)
    assert (await anext(slow)).seq == 1
    fast = asyncio.create_task(numbers(events, job.id))
    await tell(services, job, 2 * TAIL)
    await services.lifecycle.succeed(job)
    async with asyncio.timeout(15):
        await fast
        rest = [event.seq async for event in slow]
    assert rest == list(range(2, 2 * TAIL + 4))


async def test_watched_jobs_are_polled_in_one_query(services: JobServices) -> None:
    session = await stored_session(services.transactions)
    jobs = [
        (await services.jobs.submit(Order(session.id, Operation.OPTIMIZE, "", 1), ANNA)).view.job.id
        for _ in range(15)
    ]
    events = Events(services.transactions, services.notifier, poll_seconds=0.05)
    all_watch = asyncio.Barrier(len(jobs) + 1)

    async def watch(job_id: JobId) -> None:
        story = events.follow(job_id, 0)
        await anext(story)
        await all_watch.wait()
        await anext(story)

    watchers = [asyncio.create_task(watch(job_id)) for job_id in jobs]
    async with asyncio.timeout(10):
        await all_watch.wait()
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    await services.notifier.rest()
    sa.event.listen(services.database.engine.sync_engine, "before_cursor_execute", count)
    for _ in range(3):
        await services.notifier.rest()
    assert 0 < statements <= 3 * 3, "begin, look, end: for each look and not for each job"
    for watcher in watchers:
        watcher.cancel()
    await asyncio.wait(watchers)


async def test_deleted_job_ends_its_stream(services: JobServices) -> None:
    events = Events(services.transactions, services.notifier, poll_seconds=0.1)
    job = await a_running_job(services)
    watcher = asyncio.create_task(numbers(events, job.id))
    await services.notifier.rest()
    async with services.transactions() as tx:
        await tx.sessions.remove(job.session_id)
    async with asyncio.timeout(5):
        assert await watcher == [1, 2]


async def test_deleted_job_ends_the_stream_of_a_client_that_had_read_everything(
    services: JobServices,
) -> None:
    events = Events(services.transactions, services.notifier, poll_seconds=0.1)
    job = await a_running_job(services)
    watcher = asyncio.create_task(numbers(events, job.id, after=2))
    await services.notifier.rest()
    async with services.transactions() as tx:
        await tx.sessions.remove(job.session_id)
    async with asyncio.timeout(5):
        assert await watcher == []


async def test_reconnect_for_a_deleted_job_ends_at_once(services: JobServices) -> None:
    events = Events(services.transactions, services.notifier)
    async with asyncio.timeout(5):
        assert await numbers(events, JobId("job_gone"), after=7) == []


async def test_caught_up_stream_waits_for_new_events(services: JobServices, elsewhere: JobServices) -> None:
    events = Events(services.transactions, services.notifier, poll_seconds=0.1)
    job = await a_running_job(services)
    watchers = [asyncio.create_task(numbers(events, job.id, after)) for after in (2, 2, 0)]
    await services.notifier.rest()
    await tell(elsewhere, job, 3)
    await elsewhere.lifecycle.succeed(job)
    async with asyncio.timeout(5):
        assert await asyncio.gather(*watchers) == [[3, 4, 5, 6], [3, 4, 5, 6], [1, 2, 3, 4, 5, 6]]


async def test_events_read_by_one_stream_wake_the_others(
    services: JobServices, elsewhere: JobServices
) -> None:
    events = Events(services.transactions, services.notifier)
    job = await a_running_job(services)
    waiting = asyncio.create_task(numbers(events, job.id, after=2))
    await services.notifier.rest()
    await elsewhere.lifecycle.succeed(job)
    # This one finds the end before the look does, which then sees nothing new.
    assert await numbers(events, job.id) == [1, 2, 3]
    async with asyncio.timeout(5):
        assert await waiting == [3]


async def test_stream_ahead_of_the_log_restarts_at_the_current_event(services: JobServices) -> None:
    events = Events(services.transactions, services.notifier)
    job = await a_running_job(services)
    watcher = asyncio.create_task(numbers(events, job.id, after=30))
    await services.notifier.rest()
    await services.lifecycle.succeed(job)
    async with asyncio.timeout(5):
        assert await watcher == [2, 3]
    assert not await events.has_ended(job.id, ANNA, 30)
    async with asyncio.timeout(5):
        assert await numbers(events, job.id, after=30) == [3]
    assert await events.has_ended(job.id, ANNA, 3)


async def test_streams_wait_during_a_database_outage(services: JobServices) -> None:
    job = await a_running_job(services)
    away = 5

    def begin(
        *, read_only: bool = False, uses_reserve: bool = False
    ) -> AbstractAsyncContextManager[UnitOfWork]:
        nonlocal away
        away -= 1
        if away >= 0:
            raise StorageUnavailable()
        return services.transactions(read_only=read_only, uses_reserve=uses_reserve)

    events = Events(begin, services.notifier, retry_seconds=0.01)
    await services.lifecycle.succeed(job)
    async with asyncio.timeout(10):
        told = [event.type async for event in events.follow(job.id, 0)]
    assert told == [EventType.QUEUED, EventType.RUNNING, EventType.SUCCEEDED]
