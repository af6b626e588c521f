"""Properties of the job life cycle on real databases, under whatever workers, users and clocks do."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.application.limits.limits import Limits
from stillroom.domain.errors import Conflict, InternalError, ValidationFailed
from stillroom.domain.ids import IdFactory, JobId
from stillroom.domain.jobs.events import TERMINAL, EventType, JobProgressed, JobQueued
from stillroom.domain.jobs.job import MAX_ATTEMPTS, ClaimedJob, JobStatus, LeaseLost
from stillroom.storage.database import Database
from stillroom.storage.local_notifier import LocalNotifier
from stillroom.storage.migrations import migrate
from stillroom.storage.tables.work import jobs
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.storage.rows import ANNA, BORIS, NOW, a_job, an_edit, room, stored_session
from tests.servers.postgresql import PostgresServer

Answer = TypeVar("Answer")
LIMITS = Limits(user_running=2, lease_seconds=15)
NEXT_STATES = {
    EventType.QUEUED: JobStatus.QUEUED,
    EventType.RUNNING: JobStatus.RUNNING,
    EventType.SUCCEEDED: JobStatus.SUCCEEDED,
    EventType.FAILED: JobStatus.FAILED,
    EventType.CANCELED: JobStatus.CANCELED,
}
ALLOWED = {
    (JobStatus.QUEUED, JobStatus.RUNNING),
    (JobStatus.QUEUED, JobStatus.CANCELED),
    (JobStatus.RUNNING, JobStatus.QUEUED),
    (JobStatus.RUNNING, JobStatus.SUCCEEDED),
    (JobStatus.RUNNING, JobStatus.FAILED),
    (JobStatus.RUNNING, JobStatus.CANCELED),
}


@dataclass
class ExpectedJob:
    """Model of a job: its state by what was done to it."""

    status: JobStatus = JobStatus.QUEUED
    attempts: int = 0
    token: str | None = None
    leased_until: float = 0.0
    claims: list[ClaimedJob] = field(default_factory=list)


class JobLifecycleMachine(RuleBasedStateMachine):
    """Two owners, some workers that may be late, and a clock that only this test moves."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.seconds = 0.0
        self.known: dict[JobId, ExpectedJob] = {}
        self.database = Database(self.url)
        self.transactions = SqlTransactions(self.database)
        self.lifecycle = Lifecycle(
            self.transactions, LocalNotifier(), IdFactory(), self.now, LIMITS, jitter=lambda: 0.5
        )
        self.sessions = self.do(self.move_in())

    def now(self) -> Any:
        return NOW + timedelta(seconds=self.seconds)

    def do(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return self.loop.run_until_complete(work)

    async def move_in(self) -> list[Any]:
        async with self.database.begin() as connection:
            for table in ("job_events", "jobs", "sessions", "assets", "owners"):
                await connection.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608
        return [await stored_session(self.transactions, owner) for owner in (ANNA, BORIS)]

    def teardown(self) -> None:
        self.do(self.database.close())
        self.loop.close()

    @property
    def held(self) -> list[tuple[JobId, ClaimedJob]]:
        """Every claim there ever was: workers that lost their lease try to write too."""
        return [(job_id, claim) for job_id, known in self.known.items() for claim in known.claims]

    @rule(owner=st.integers(0, 1))
    def ask(self, owner: int) -> None:
        job = a_job(self.sessions[owner], run_after=self.now())

        async def add() -> None:
            async with self.transactions() as tx:
                await tx.jobs.add(job)
                await tx.events.append(job.id, JobQueued(position=1, reason="new"), self.now())

        self.do(add())
        self.known[job.id] = ExpectedJob()

    @rule(at_most=st.integers(1, 3))
    def claim(self, at_most: int) -> None:
        for job in map(an_edit, self.do(self.lifecycle.claim("worker", room(at_most)))):
            known = self.known[job.id]
            assert known.status is JobStatus.QUEUED
            known.status, known.attempts, known.token = JobStatus.RUNNING, known.attempts + 1, job.lease_token
            known.leased_until = self.seconds + LIMITS.lease_seconds
            known.claims.append(job)

    @rule(seconds=st.sampled_from([0.1, 4.0, 16.0]))
    def wait(self, seconds: float) -> None:
        self.seconds += seconds

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def beat(self, data: st.DataObject) -> None:
        job_id, claim = data.draw(st.sampled_from(self.held))
        is_ours = self.known[job_id].token == claim.lease_token
        assert (job_id in self.do(self.lifecycle.renew([claim]))) == is_ours
        if is_ours:
            self.known[job_id].leased_until = self.seconds + LIMITS.lease_seconds

    @precondition(lambda self: self.held)
    @rule(data=st.data(), name=st.sampled_from(["append", "succeed", "retry", "fail", "release"]))
    def write(self, data: st.DataObject, name: str) -> None:
        job_id, claim = data.draw(st.sampled_from(self.held))
        known = self.known[job_id]
        writes: dict[str, Callable[[], Coroutine[Any, Any, object]]] = {
            "append": lambda: self.lifecycle.append_event(claim, JobProgressed(stage="matte", percent=1)),
            "succeed": lambda: self.lifecycle.succeed(claim),
            "retry": lambda: self.lifecycle.give_up_or_retry(claim, InternalError()),
            "fail": lambda: self.lifecycle.give_up_or_retry(claim, ValidationFailed()),
            "release": lambda: self.lifecycle.release(claim),
        }
        try:
            self.do(writes[name]())
        except LeaseLost:
            assert known.token != claim.lease_token, "only a lost lease forbids a write"
            return
        assert known.token == claim.lease_token, "a worker without the lease writes nothing"
        if name == "append":
            return
        may_try_again = known.attempts < MAX_ATTEMPTS
        known.token = None
        known.status = {
            "succeed": JobStatus.SUCCEEDED,
            "retry": JobStatus.QUEUED if may_try_again else JobStatus.FAILED,
            "fail": JobStatus.FAILED,
            "release": JobStatus.QUEUED,
        }[name]
        known.attempts -= name == "release"

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        job_id = data.draw(st.sampled_from(list(self.known)))
        known = self.known[job_id]

        async def stop() -> None:
            async with self.transactions() as tx:
                await self.lifecycle.cancel(tx, job_id)

        if known.status.is_final:
            with pytest.raises(Conflict):
                self.do(stop())
        else:
            self.do(stop())
            known.status, known.token = JobStatus.CANCELED, None

    @rule()
    def rescue(self) -> None:
        silent = [
            known
            for known in self.known.values()
            if known.status is JobStatus.RUNNING and known.leased_until <= self.seconds
        ]
        assert len(self.do(self.lifecycle.rescue())) == len(silent)
        for known in silent:
            known.token = None
            known.status = JobStatus.QUEUED if known.attempts < MAX_ATTEMPTS else JobStatus.FAILED

    @invariant()
    def the_rows_are_what_was_done(self) -> None:
        self.do(self.look())

    async def look(self) -> None:
        async with self.database.begin(read_only=True) as connection:
            rows = await connection.execute(sa.select(jobs.c.id, jobs.c.lease_token))
            tokens = {row.id: row.lease_token for row in rows}
        async with self.transactions(read_only=True) as tx:
            for session in self.sessions:
                found = await tx.jobs.of_session(session.id)
                running = [job for job in found if job.status is JobStatus.RUNNING]
                assert len(running) <= LIMITS.user_running
                for job in found:
                    known = self.known[job.id]
                    assert (job.status, job.attempts) == (known.status, known.attempts)
                    assert tokens[job.id] == known.token
                    events = await tx.events.after(job.id, 0, 1000)
                    assert [event.seq for event in events] == list(range(1, job.last_seq + 1))
                    states = [NEXT_STATES[e.type] for e in events if e.type in NEXT_STATES]
                    assert all(step in ALLOWED for step in pairwise(states))
                    assert states[-1] is job.status
                    assert all(event.type not in TERMINAL for event in events[:-1])


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database for the whole run."""
    server: PostgresServer | None = None
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'stillroom.sqlite3'}"
    else:
        server = request.getfixturevalue("postgres_server")
        url = server.create_database()
    asyncio.run(migrate(url))
    yield url
    if server is not None:
        server.drop_database(url)


@pytest.mark.hypothesis
def test_no_job_is_lost_duplicated_or_written_without_its_lease(url: str) -> None:
    machine = type("LifeThere", (JobLifecycleMachine,), {"url": url})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=min(15, settings().max_examples // 3),
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
