"""Properties of the queue when batches fill it: single jobs of anyone find a slot."""

import asyncio
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillroom.domain.ids import BatchId, OwnerId
from stillroom.domain.jobs.job import AnyClaimedJob, ClaimedJob, ClaimLimits, Job, batch_slots
from stillroom.domain.sessions import Session
from stillroom.storage.database import Database
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.storage.rows import ANNA, BORIS, NOW, a_job, ids, stored_session

RUNNING_PER_OWNER = 2
BATCH_JOBS = 12


class QueueWithWorker:
    """A queue full of one owner's batch jobs, and a worker that asks as `worker.loop.Worker` does."""

    def __init__(self, database: Database, slots: int) -> None:
        self.transactions = SqlTransactions(database)
        self.slots = slots
        self.running: list[AnyClaimedJob] = []
        self.waiting: list[Job] = []
        self.seconds = 0
        self.sessions: dict[OwnerId, Session] = {}

    async def fill(self) -> None:
        for owner in (ANNA, BORIS):
            self.sessions[owner] = await stored_session(self.transactions, owner)
        async with self.transactions() as tx:
            for _ in range(BATCH_JOBS):
                await tx.jobs.add(replace(a_job(self.sessions[ANNA]), batch_id=BatchId("bat_1")))

    async def submit(self, owner: OwnerId) -> None:
        self.seconds += 1
        job = a_job(self.sessions[owner], NOW + timedelta(seconds=self.seconds))
        async with self.transactions() as tx:
            await tx.jobs.add(job)
        self.waiting.append(job)

    async def claim(self) -> None:
        slots = self.slots - len(self.running)
        if slots <= 0:
            return
        free = ClaimLimits(slots, max(0, batch_slots(self.slots) - len(self.of_batches)), 0)
        now = NOW + timedelta(seconds=self.seconds)
        async with self.transactions() as tx:
            token, until = ids.lease_token(), now + timedelta(hours=1)
            claimed = await tx.jobs.claim("w1", token, now, until, RUNNING_PER_OWNER, free)
        self.running += claimed
        taken = {job.id for job in claimed}
        self.waiting = [job for job in self.waiting if job.id not in taken]

    async def end(self, number: int) -> None:
        if self.running:
            job = self.running.pop(number % len(self.running))
            assert isinstance(job, ClaimedJob)
            async with self.transactions() as tx:
                await tx.jobs.complete([job], NOW + timedelta(seconds=self.seconds))

    @property
    def of_batches(self) -> list[AnyClaimedJob]:
        return [job for job in self.running if job.batch_id is not None]

    @property
    def singles(self) -> list[AnyClaimedJob]:
        return [job for job in self.running if job.batch_id is None]

    def check(self) -> None:
        assert len(self.of_batches) <= batch_slots(self.slots)
        for job in self.waiting:
            own = sum(one.owner_id == job.owner_id for one in self.singles)
            if own < RUNNING_PER_OWNER:
                # With one slot alone, a single job waits for the batch job that runs, and for no second one.
                assert len(self.running) == self.slots, "no slot stays free while a single job waits"
                assert self.singles or self.slots == 1, "batches alone never make it wait"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    slots=st.integers(1, 4),
    acts=st.lists(st.one_of(st.sampled_from(["anna", "boris"]), st.integers(0, 7)), max_size=20),
)
def test_batches_never_delay_single_jobs(
    tmp_path_factory: pytest.TempPathFactory, migrated_file: Path, slots: int, acts: list[str | int]
) -> None:
    file = tmp_path_factory.mktemp("queue") / "queue.sqlite3"
    shutil.copyfile(migrated_file, file)

    async def play() -> None:
        database = Database(f"sqlite:///{file}")
        queue = QueueWithWorker(database, slots)
        await queue.fill()
        await queue.claim()
        for act in acts:
            if isinstance(act, int):
                had_waiting = bool(queue.waiting)
                before = {job.id for job in queue.of_batches}
                await queue.end(act)
                await queue.claim()
                able = [j for j in queue.waiting if sum(o.owner_id == j.owner_id for o in queue.singles) < 2]
                if had_waiting and able:
                    assert {job.id for job in queue.of_batches} <= before, "the next slot is a single job's"
            else:
                await queue.submit(ANNA if act == "anna" else BORIS)
                await queue.claim()
            queue.check()
        await database.close()

    asyncio.run(play())
