"""Job journal: calls are recorded before they are sent, completed afterwards, and always billed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from stillroom.application.jobs.handlers import WorkerSlot
from stillroom.application.jobs.journal import JobJournal
from stillroom.application.limits.budget import budget_of
from stillroom.domain.ids import IdFactory
from stillroom.domain.jobs.job import ClaimedJob, Job, LeaseLost, Trigger
from stillroom.domain.ports import UnitOfWork
from stillroom.domain.providers.requests import CallEnd
from stillroom.storage.local_notifier import LocalNotifier
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.conftest import HandMovedClock
from tests.integration.storage.rows import (
    ANNA,
    BORIS,
    NOW,
    claimed,
    claimed_job,
    later,
    queued_jobs,
    stored_session,
)

pytestmark = pytest.mark.anyio

PRICE = 40_000


@dataclass
class JournaledJob:
    """A claimed job, and the journals of its attempts."""

    transactions: SqlTransactions
    clock: HandMovedClock
    job: ClaimedJob

    def journal(self, budget: int | None = None, job: ClaimedJob | None = None) -> JobJournal:
        """The journal of an attempt that begins now."""
        return JobJournal(
            job or self.job, WorkerSlot(), self.transactions, LocalNotifier(), IdFactory(), self.clock, budget
        )

    async def read(self) -> Job:
        """The job as it stands."""
        async with self.transactions(read_only=True) as tx:
            return await tx.jobs.get(self.job.id, ANNA)

    async def billed(self) -> int:
        """Sum of all calls' costs today."""
        async with self.transactions(read_only=True) as tx:
            return (await budget_of(tx, ANNA, self.clock(), None)).spent_micro_usd


@pytest.fixture
async def journaled(transactions: SqlTransactions, clock: HandMovedClock) -> JournaledJob:
    """A job that a worker has claimed."""
    await queued_jobs(transactions, await stored_session(transactions), 0)
    clock.now = NOW
    job, _ = await claimed_job(transactions)
    return JournaledJob(transactions, clock, job)


async def test_provider_call_is_recorded_on_job_and_usage_before_it_is_sent(journaled: JournaledJob) -> None:
    await journaled.journal().begin("gemini", "gemini/one", PRICE)
    job = await journaled.read()
    assert [(record.outcome, record.cost_micro_usd) for record in job.usage] == [("unknown", PRICE)]
    assert job.cost_micro_usd == await journaled.billed() == PRICE


async def test_end_of_a_call_replaces_its_start_record(journaled: JournaledJob) -> None:
    journal = journaled.journal()
    calls = [await journal.begin("gemini", "gemini/one", PRICE) for _ in range(2)]
    assert calls[1] is not None
    await journal.end(calls[1], CallEnd("ok", None, 33_000, 1200, "response-1"))
    job = await journaled.read()
    assert [record.outcome for record in job.usage] == ["unknown", "ok"]
    assert job.cost_micro_usd == await journaled.billed() == PRICE + 33_000
    await journal.end(calls[0] or "", CallEnd("ok", None, 33_000))
    await journal.begin("local", "local/one", 0)
    assert (await journaled.read()).interrupted_provider is None


@pytest.mark.parametrize(
    ("end", "outcome", "cost_usd"),
    [
        (CallEnd("ok", None, 33_000, 1200), "ok", 0.033),
        (CallEnd("refused", "E_AI_CONTENT_REFUSED", 0, 1200), "refused", 0.0),
        (CallEnd("failed", "timeout", PRICE, 1200), "failed", 0.04),
    ],
)
async def test_call_has_one_log_line_without_its_prompt(
    journaled: JournaledJob, end: CallEnd, outcome: str, cost_usd: float
) -> None:
    journaled.job = replace(journaled.job, prompt="canary words")
    with capture_logs() as lines, closing(journaled.journal()) as journal:
        call = await journal.begin("gemini", "gemini/one", PRICE)
        assert call is not None
        await journal.end(call, end)
    assert lines == [
        {
            "event": "provider_call",
            "log_level": "info",
            "job_id": journaled.job.id,
            "session_id": journaled.job.session_id,
            "provider": "gemini",
            "model_name": "gemini/one",
            "operation": journaled.job.type.value,
            "outcome": outcome,
            "reason": end.reason,
            "latency_ms": 1200,
            "cost_usd": cost_usd,
        }
    ]


async def test_cancelled_call_is_logged_without_negative_times(
    journaled: JournaledJob,
) -> None:
    with capture_logs() as lines, closing(journaled.journal()) as journal:
        await journal.begin("gemini", "gemini/one", PRICE)
        journaled.clock.now = NOW - timedelta(hours=1)
    (line,) = lines
    assert (line["event"], line["outcome"], line["cost_usd"]) == ("provider_call", "unknown", 0.04)
    assert line["latency_ms"] >= 0


async def test_call_ended_twice_has_one_log_line(journaled: JournaledJob) -> None:
    with capture_logs() as lines, closing(journaled.journal()) as journal:
        call = await journal.begin("gemini", "gemini/one", PRICE)
        assert call is not None
        async with journaled.transactions() as tx:
            await tx.jobs.move(journaled.job.id, Trigger.CANCEL, {}, None)
        with pytest.raises(LeaseLost):
            await journal.end(call, CallEnd("ok", None, 33_000))
    assert [line["outcome"] for line in lines] == ["ok"]


async def test_calls_of_a_killed_attempt_stay_on_the_job(journaled: JournaledJob) -> None:
    await journaled.journal().begin("gemini", "gemini/one", PRICE)
    journaled.job = replace(journaled.job, usage=(await journaled.read()).usage)
    assert journaled.job.interrupted_provider == "gemini"
    second = journaled.journal()
    call = await second.begin("gemini", "gemini/one", PRICE)
    assert call is not None
    await second.end(call, CallEnd("ok", None, 33_000))
    job = await journaled.read()
    assert [record.outcome for record in job.usage] == ["unknown", "ok"]
    assert job.cost_micro_usd == await journaled.billed() == PRICE + 33_000


async def test_lost_lease_prevents_new_calls_and_running_ones_are_still_billed(
    journaled: JournaledJob,
) -> None:
    journal = journaled.journal()
    call = await journal.begin("gemini", "gemini/one", PRICE)
    assert call is not None
    async with journaled.transactions() as tx:
        await tx.jobs.move(journaled.job.id, Trigger.CANCEL, {}, None)
    with pytest.raises(LeaseLost):
        await journal.begin("gemini", "gemini/one", PRICE)
    with pytest.raises(LeaseLost):
        await journal.end(call, CallEnd("ok", None, 33_000))
    assert await journaled.billed() == 33_000


async def test_the_budget_of_the_day_refuses_a_call_and_nothing_is_written(journaled: JournaledJob) -> None:
    journal = journaled.journal(budget=PRICE + 1)
    assert await journal.begin("gemini", "gemini/one", PRICE) is not None
    assert await journal.begin("gemini", "gemini/one", PRICE) is None
    assert await journal.begin("local", "local/net", 0) is not None
    assert await journaled.billed() == PRICE
    journaled.clock.now = datetime.combine(journaled.clock().date(), datetime.min.time(), UTC) + timedelta(
        days=1
    )
    assert await journal.begin("gemini", "gemini/one", PRICE) is not None


async def test_a_call_of_unknown_price_fits_no_budget(journaled: JournaledJob) -> None:
    assert await journaled.journal(budget=PRICE).begin("sora", "sora/own", None) is None
    assert await journaled.journal().begin("sora", "sora/own", None) is not None
    assert await journaled.billed() == 0


async def test_concurrent_jobs_of_one_owner_share_one_budget(journaled: JournaledJob) -> None:
    await queued_jobs(journaled.transactions, await stored_session(journaled.transactions, BORIS), *range(6))
    jobs = [await claimed(journaled.transactions, later(10), running_per_owner=6) for _ in range(6)]
    journals = [journaled.journal(budget=PRICE, job=job) for job in jobs]
    calls = await asyncio.gather(*(journal.begin("gemini", "gemini/one", PRICE) for journal in journals))
    assert len([call for call in calls if call is not None]) == 1


class PausingTransactions:
    """Transactions, of which the next one waits before it begins once `halts` is set."""

    def __init__(self, transactions: SqlTransactions) -> None:
        self.transactions = transactions
        self.halts = False
        self.reached = asyncio.Event()

    @asynccontextmanager
    async def __call__(
        self, *, read_only: bool = False, uses_reserve: bool = False
    ) -> AsyncIterator[UnitOfWork]:
        if self.halts:
            self.reached.set()
            await asyncio.Event().wait()
        async with self.transactions(read_only=read_only, uses_reserve=uses_reserve) as tx:
            yield tx


async def test_interrupted_end_of_a_call_can_be_written_again(journaled: JournaledJob) -> None:
    halting = PausingTransactions(journaled.transactions)
    journal = JobJournal(journaled.job, WorkerSlot(), halting, LocalNotifier(), IdFactory(), journaled.clock)
    call = await journal.begin("gemini", "gemini/one", PRICE)
    assert call is not None
    halting.halts = True
    ending = asyncio.create_task(journal.end(call, CallEnd("ok", None, 33_000)))
    await halting.reached.wait()
    ending.cancel()
    await asyncio.wait([ending])
    halting.halts = False
    await journal.end(call, CallEnd("unknown", "abandoned", PRICE))
    job = await journaled.read()
    assert [record.outcome for record in job.usage] == ["unknown"]
    assert job.cost_micro_usd == await journaled.billed() == PRICE


async def test_budget_day_ends_at_midnight_utc(journaled: JournaledJob) -> None:
    async with journaled.transactions(read_only=True) as tx:
        status = await budget_of(tx, ANNA, journaled.clock(), PRICE)
    assert status.resets_at == datetime(2026, 3, 15, tzinfo=UTC)
    assert (status.allows(PRICE), status.allows(PRICE + 1), status.allows(0)) == (True, False, True)
