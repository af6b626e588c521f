"""Job queue: fair order, leases and transitions."""

import asyncio
from dataclasses import replace

import pytest
import sqlalchemy as sa

from stillroom.domain.errors import Conflict, NotFound, StorageUnavailable, ValidationFailed, stored_error
from stillroom.domain.ids import JobId
from stillroom.domain.jobs.events import EventType, JobQueued, JobRunning
from stillroom.domain.jobs.job import ClaimedJob, Fallback, Job, JobChanges, JobStatus, LeaseLost, Trigger
from stillroom.domain.providers.usage import UsageRecord
from stillroom.storage.database import Database
from stillroom.storage.tables import work as tables
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.storage.rows import (
    ANNA,
    BORIS,
    NOW,
    a_job,
    as_stored,
    claimed,
    claimed_job,
    ids,
    later,
    queued_jobs,
    room,
    stored_session,
)

pytestmark = pytest.mark.anyio


async def test_a_claim_takes_the_oldest_due_job(transactions: SqlTransactions) -> None:
    session = await stored_session(transactions)
    oldest, *_ = await queued_jobs(transactions, session, -5, -3, -1)
    job, _ = await claimed_job(transactions)
    assert as_stored(job) == replace(
        oldest,
        status=JobStatus.RUNNING,
        attempts=1,
        lease_expires_at=later(15),
        worker_id="w1",
        started_at=NOW,
        last_seq=1,
    )
    async with transactions(read_only=True) as tx:
        (event,) = await tx.events.after(job.id, 0, 10)
    assert (event.seq, event.type, event.data, event.at) == (1, EventType.RUNNING, {"attempt": 1}, NOW)


async def test_batch_claim_alternates_between_owners(transactions: SqlTransactions) -> None:
    anna, boris = await stored_session(transactions, ANNA), await stored_session(transactions, BORIS)
    await queued_jobs(transactions, anna, -90, -80, -70, -60)
    await queued_jobs(transactions, boris, -20)

    async def claim(at_most: int) -> list[str]:
        async with transactions() as tx:
            jobs = await tx.jobs.claim("w1", ids.lease_token(), NOW, later(15), 3, room(at_most))
        return sorted(job.owner_id for job in jobs)

    assert await claim(2) == [ANNA, BORIS]
    assert await claim(9) == [ANNA, ANNA]
    assert await claim(9) == []


async def test_a_job_is_not_claimed_before_its_time(transactions: SqlTransactions) -> None:
    session = await stored_session(transactions)
    (job,) = await queued_jobs(transactions, session, 5)
    assert await claimed(transactions, later(4.9)) is None
    due = await claimed(transactions, later(5))
    assert due is not None
    assert due.id == job.id


async def test_claims_alternate_between_owners(transactions: SqlTransactions) -> None:
    anna, boris = await stored_session(transactions, ANNA), await stored_session(transactions, BORIS)
    await queued_jobs(transactions, anna, -90, -80, -70, -60)
    await queued_jobs(transactions, boris, -20, -10)
    turns = [await claimed(transactions, later(second), running_per_owner=9) for second in range(6)]
    assert [job.owner_id for job in turns if job] == [ANNA, BORIS, ANNA, BORIS, ANNA, ANNA]


async def test_queue_positions_follow_the_order_of_claims(transactions: SqlTransactions) -> None:
    anna, boris = await stored_session(transactions, ANNA), await stored_session(transactions, BORIS)
    jobs = [
        *await queued_jobs(transactions, anna, -90, -80, -70),
        *await queued_jobs(transactions, boris, -20, -10),
    ]
    await claimed(transactions, NOW)
    async with transactions(read_only=True) as tx:
        places = {job.id: await tx.jobs.position(job) for job in jobs}
    claims = [await claimed(transactions, later(second), running_per_owner=9) for second in range(1, 5)]
    assert [places[job.id] for job in claims if job] == [1, 2, 3, 4]
    assert places[jobs[0].id] is None


async def test_jobs_of_a_session_are_numbered(transactions: SqlTransactions) -> None:
    jobs = await queued_jobs(transactions, await stored_session(transactions, ANNA), -2, -1)
    await queued_jobs(transactions, await stored_session(transactions, BORIS), -3)
    async with transactions(read_only=True) as tx:
        numbers = {job.id: await tx.jobs.number(job) for job in jobs}
    assert [numbers[job_id] for job_id in sorted(numbers)] == [1, 2]


async def test_job_that_is_not_queued_has_no_position(transactions: SqlTransactions) -> None:
    await queued_jobs(transactions, await stored_session(transactions), 0)
    job, _ = await claimed_job(transactions)
    async with transactions(read_only=True) as tx:
        assert await tx.jobs.position(job) is None


async def test_owner_at_the_limit_is_skipped(transactions: SqlTransactions) -> None:
    anna, boris = await stored_session(transactions, ANNA), await stored_session(transactions, BORIS)
    await queued_jobs(transactions, anna, -9, -8, -7)
    await queued_jobs(transactions, boris, -1)
    owners = [job.owner_id if (job := await claimed(transactions)) else None for _ in range(4)]
    assert owners == [ANNA, BORIS, ANNA, None]


async def test_concurrent_claimers_claim_no_job_twice_and_respect_the_limit(
    transactions: SqlTransactions, neighbour: Database
) -> None:
    for owner_id in (ANNA, BORIS):
        await queued_jobs(transactions, await stored_session(transactions, owner_id), *range(-20, 0))
    workers = [transactions, SqlTransactions(neighbour)]
    taken: list[ClaimedJob] = []
    most_running = 0

    async def work(number: int) -> None:
        nonlocal most_running
        mine = workers[number % 2]
        misses = 0
        while misses < 20:
            job = await claimed(mine, worker_id=f"w{number}", running_per_owner=3)
            if job is None:
                misses += 1
                await asyncio.sleep(0.005)
                continue
            taken.append(job)
            async with mine(read_only=True) as tx:
                most_running = max(most_running, await tx.jobs.count(job.owner_id, JobStatus.RUNNING))
            async with mine() as tx:
                await tx.jobs.move(job.id, Trigger.SUCCEED, {"finished_at": NOW}, job.lease_token)

    await asyncio.gather(*(work(number) for number in range(8)))
    assert len(taken) == len({job.id for job in taken}) == 40
    assert 1 <= most_running <= 3


async def test_an_expired_lease_lets_another_worker_claim(transactions: SqlTransactions) -> None:
    await queued_jobs(transactions, await stored_session(transactions), 0)
    first, old_token = await claimed_job(transactions)
    async with transactions() as tx:
        assert await tx.jobs.overdue(later(14), 10) == ()
        assert await tx.jobs.overdue(later(15), 10) == (first,)
        waiting = await tx.jobs.move(first.id, Trigger.LOSE_LEASE, {}, old_token)
    assert (waiting.status, waiting.lease_expires_at) == (JobStatus.QUEUED, None)
    second, _ = await claimed_job(transactions, later(16))
    assert (second.id, second.attempts, second.started_at) == (first.id, 2, NOW)


async def test_worker_without_its_lease_writes_nothing(transactions: SqlTransactions) -> None:
    await queued_jobs(transactions, await stored_session(transactions), 0)
    job, old_token = await claimed_job(transactions)
    async with transactions() as tx:
        await tx.jobs.move(job.id, Trigger.LOSE_LEASE, {}, old_token)
    second, _ = await claimed_job(transactions, later(16))
    async with transactions() as tx:
        with pytest.raises(LeaseLost):
            await tx.jobs.move(job.id, Trigger.SUCCEED, {"finished_at": later(17)}, old_token)
        with pytest.raises(LeaseLost):
            await tx.jobs.update_claimed(job.id, old_token, {"model_used": "local/late"})
        with pytest.raises(LeaseLost):
            await tx.events.append(job.id, JobRunning(attempt=1), later(17), old_token)
        assert await tx.jobs.renew({job.id: old_token}, later(60)) == frozenset()
    async with transactions(read_only=True) as tx:
        assert await tx.jobs.get(job.id, ANNA) == as_stored(second)


async def test_a_heartbeat_keeps_the_lease(transactions: SqlTransactions) -> None:
    await queued_jobs(transactions, await stored_session(transactions), 0)
    job, token = await claimed_job(transactions)
    async with transactions() as tx:
        assert await tx.jobs.renew({job.id: token, JobId("job_none"): token}, later(20)) == {job.id}
    async with transactions(read_only=True) as tx:
        assert await tx.jobs.overdue(later(19), 10) == ()
        assert [late.id for late in await tx.jobs.overdue(later(20), 10)] == [job.id]


async def test_a_renewal_that_arrives_late_shortens_no_lease(transactions: SqlTransactions) -> None:
    await queued_jobs(transactions, await stored_session(transactions), 0)
    job, token = await claimed_job(transactions)
    for seconds in (40, 20):
        async with transactions() as tx:
            assert await tx.jobs.renew({job.id: token}, later(seconds)) == {job.id}
    async with transactions(read_only=True) as tx:
        assert await tx.jobs.overdue(later(39), 10) == ()


async def test_a_release_gives_the_attempt_back(transactions: SqlTransactions) -> None:
    await queued_jobs(transactions, await stored_session(transactions), 0)
    job, token = await claimed_job(transactions)
    async with transactions() as tx:
        released = await tx.jobs.move(job.id, Trigger.RELEASE, {}, token)
    assert (released.status, released.attempts) == (JobStatus.QUEUED, 0)
    again, _ = await claimed_job(transactions)
    assert again.attempts == 1


async def test_a_retry_waits_until_its_time_and_remembers_why(transactions: SqlTransactions) -> None:
    await queued_jobs(transactions, await stored_session(transactions), 0)
    job, token = await claimed_job(transactions)
    fault = stored_error(StorageUnavailable(), None)
    async with transactions() as tx:
        again = await tx.jobs.move(
            job.id, Trigger.RETRY, {"last_error": fault, "run_after": later(30)}, token
        )
    assert (again.status, again.attempts, again.last_error) == (JobStatus.QUEUED, 1, fault)
    assert await claimed(transactions, later(29)) is None
    assert await claimed(transactions, later(30)) is not None


async def test_worker_notes_are_stored_on_the_job(transactions: SqlTransactions) -> None:
    await queued_jobs(transactions, await stored_session(transactions), 0)
    job, token = await claimed_job(transactions)
    usage = (
        UsageRecord(provider="gemini", outcome="failed", cost_micro_usd=39_000),
        UsageRecord(provider="sora", outcome="skipped", reason="no_key"),
    )
    fallbacks = (Fallback("gemini", "local", "rate_limited"),)
    changes: JobChanges = {
        "usage": usage,
        "fallbacks": fallbacks,
        "model_used": "local/x",
        "first_image_at": later(1),
    }
    async with transactions() as tx:
        await tx.jobs.update_claimed(job.id, token, changes)
    async with transactions(read_only=True) as tx:
        noted = await tx.jobs.get(job.id, ANNA)
    assert noted == replace(as_stored(job), **changes)
    assert noted.cost_micro_usd == 39_000


async def test_a_job_that_has_ended_stays_as_it_is(transactions: SqlTransactions) -> None:
    await queued_jobs(transactions, await stored_session(transactions), 0)
    job, token = await claimed_job(transactions)
    async with transactions() as tx:
        ended = await tx.jobs.move(job.id, Trigger.SUCCEED, {"finished_at": later(1)}, token)
        with pytest.raises(Conflict):
            await tx.jobs.move(job.id, Trigger.CANCEL, {"finished_at": later(2)})
        with pytest.raises(LeaseLost):
            await tx.jobs.move(job.id, Trigger.SUCCEED, {"finished_at": later(2)}, token)
        assert await tx.jobs.get(job.id, ANNA) == ended


async def test_a_cancel_needs_no_lease_and_ends_one(transactions: SqlTransactions) -> None:
    session = await stored_session(transactions)
    await queued_jobs(transactions, session, -1, 0)
    running, token = await claimed_job(transactions)
    async with transactions() as tx:
        canceled = await tx.jobs.move(running.id, Trigger.CANCEL, {"finished_at": later(1)})
        assert canceled.status is JobStatus.CANCELED
        assert not await tx.jobs.renew({running.id: token}, later(30))


async def test_transition_of_an_unknown_job_is_not_found(transactions: SqlTransactions) -> None:
    async with transactions() as tx:
        with pytest.raises(NotFound):
            await tx.jobs.move(JobId("job_none"), Trigger.CANCEL, {})
        with pytest.raises(LeaseLost):
            await tx.jobs.move(JobId("job_none"), Trigger.SUCCEED, {}, "lease_none")


async def test_a_claim_is_the_only_way_into_running(transactions: SqlTransactions) -> None:
    (job,) = await queued_jobs(transactions, await stored_session(transactions), 0)
    async with transactions() as tx:
        with pytest.raises(ValueError, match="claim"):
            await tx.jobs.move(job.id, Trigger.CLAIM, {})


async def test_a_rollback_leaves_neither_job_nor_event(transactions: SqlTransactions) -> None:
    session = await stored_session(transactions)
    job = a_job(session)

    async def broken() -> None:
        async with transactions() as tx:
            await tx.jobs.add(job)
            await tx.events.append(job.id, JobQueued(position=1, reason="new"), NOW)
            raise RuntimeError("too late")

    with pytest.raises(RuntimeError, match="too late"):
        await broken()
    async with transactions(read_only=True) as tx:
        assert await tx.jobs.of_session(session.id) == ()
        assert await tx.events.after(job.id, 0, 10) == ()


async def test_jobs_of_a_newer_release_are_skipped_without_blocking_others(
    transactions: SqlTransactions, database: Database
) -> None:
    session = await stored_session(transactions)
    foreign, _, _ = await queued_jobs(transactions, session, -9, -5, -3)
    taken, _ = await claimed_job(transactions)
    mine, _ = await claimed_job(transactions)
    async with database.begin() as connection:
        # As the migration of that release has it.
        await connection.execute(
            sa.text(
                "ALTER TABLE jobs DROP CONSTRAINT ck_jobs_type"
                if connection.dialect.name == "postgresql"
                else "PRAGMA ignore_check_constraints=ON"
            )
        )
        await connection.execute(
            sa.update(tables.jobs).where(tables.jobs.c.id == foreign.id).values(type="of tomorrow")
        )
    async with transactions() as tx:
        assert taken.id == foreign.id
        assert await tx.jobs.overdue(later(60), 10) == (mine,)
        assert await tx.jobs.claimed_by("w1") == (mine,)
    async with database.begin() as connection:
        await connection.execute(
            sa.update(tables.jobs).where(tables.jobs.c.id == foreign.id).values(status=JobStatus.QUEUED.value)
        )
    async with transactions() as tx:
        claimed_then = await tx.jobs.claim("w1", ids.lease_token(), later(1), later(15), 9, room(9))
    assert foreign.id not in {job.id for job in claimed_then}
    assert len(claimed_then) == 1


async def test_jobs_of_a_restarted_worker_are_found_by_its_name(transactions: SqlTransactions) -> None:
    session = await stored_session(transactions)
    await queued_jobs(transactions, session, -2, -1, 0)
    mine = await claimed(transactions, worker_id="host_1-aaaa", running_per_owner=9)
    await claimed(transactions, worker_id="hostX1-bbbb", running_per_owner=9)
    await claimed(transactions, worker_id="HOST_1-cccc", running_per_owner=9)
    async with transactions(read_only=True) as tx:
        assert await tx.jobs.claimed_by("host_1-") == (mine,)


async def test_unclaimed_jobs_are_not_taken_back(transactions: SqlTransactions) -> None:
    await queued_jobs(transactions, await stored_session(transactions), 0, 1)
    async with transactions() as tx:
        assert not await tx.jobs.is_stalled(later(-1))
        assert await tx.jobs.is_stalled(later(5))
    await claimed_job(transactions, later(2))
    async with transactions() as tx:
        assert not await tx.jobs.is_stalled(later(5)), "somebody works"


async def test_jobs_are_counted_by_state_and_owner(transactions: SqlTransactions) -> None:
    await queued_jobs(transactions, await stored_session(transactions, ANNA), -3, -2, -1)
    await queued_jobs(transactions, await stored_session(transactions, BORIS), 0)
    await claimed(transactions)
    async with transactions(read_only=True) as tx:
        assert await tx.jobs.count(ANNA, JobStatus.QUEUED) == 2
        assert await tx.jobs.count(None, JobStatus.QUEUED) == 3
        assert await tx.jobs.count(BORIS, JobStatus.RUNNING) == 0


async def test_job_list_pages_have_no_gap_or_repeat(transactions: SqlTransactions) -> None:
    session = await stored_session(transactions)
    # Equal moments, so that only the id decides.
    jobs = await queued_jobs(transactions, session, 0, 0, 0, 1, 2)
    newest_first = sorted(jobs, key=lambda job: (job.created_at, job.id), reverse=True)
    seen: list[Job] = []
    cursor = None
    async with transactions(read_only=True) as tx:
        for _ in range(3):
            page = await tx.jobs.list(ANNA, session.id, JobStatus.QUEUED, cursor, 2)
            seen += page.items
            cursor = page.next_cursor
        assert (seen, cursor) == (newest_first, None)
        assert (await tx.jobs.list(ANNA, session.id, JobStatus.FAILED, None, 2)).items == ()
        assert (await tx.jobs.list(BORIS, None, None, None, 2)).items == ()


@pytest.mark.parametrize("cursor", ["", "x", "MTIz", "é", "2026-03-14", "MjAyNi0wMy0xNCBqb2I", "////"])
async def test_foreign_cursor_is_refused(transactions: SqlTransactions, cursor: str) -> None:
    async with transactions(read_only=True) as tx:
        with pytest.raises(ValidationFailed) as refusal:
            await tx.jobs.list(ANNA, None, None, cursor, 2)
    assert refusal.value.params["fields"][0]["field"] == "cursor"


async def test_job_of_another_owner_is_not_found(transactions: SqlTransactions) -> None:
    (job,) = await queued_jobs(transactions, await stored_session(transactions), 0)
    async with transactions(read_only=True) as tx:
        with pytest.raises(NotFound):
            await tx.jobs.get(job.id, BORIS)
