"""Invariants of every job after the outages."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from stillroom.domain.errors import WorkerLost
from stillroom.domain.ids import JobId, OwnerId
from stillroom.domain.jobs.job import MAX_ATTEMPTS, JobStatus
from stillroom.domain.variants import VariantRole
from stillroom.storage.database import Database
from stillroom.storage.unit_of_work import SqlTransactions
from tests.chaos.clients import CANDIDATES, ObservedJob, facts_of
from tests.chaos.quick_studio import MADE_BY

LOCAL = OwnerId("own_local")


async def audit(database_url: str, session_id: str, observed_jobs: Sequence[ObservedJob]) -> Counter[str]:
    """Check every law; gives back how the jobs ended and how often they were interrupted."""
    database = Database(database_url)
    found: Counter[str] = Counter(jobs=len(observed_jobs))
    try:
        async with SqlTransactions(database)(read_only=True) as tx:
            jobs = {job.id: job for job in await tx.jobs.of_session(session_id)}  # type: ignore[arg-type]
            assert len({observed.job_id for observed in observed_jobs}) == len(observed_jobs), "a job each"
            assert set(jobs) == {observed.job_id for observed in observed_jobs}, (
                "no job was lost, none was made twice"
            )
            for observed in observed_jobs:
                job = jobs[JobId(observed.job_id)]
                variants = await tx.variants.of_job(job.id)
                events = await tx.events.after(job.id, 0, 10_000)
                assert [event.seq for event in events] == list(range(1, job.last_seq + 1)), "no gap"
                assert observed.numbers == list(range(1, job.last_seq + 1)), (
                    "no gap and no repeat in the stream"
                )
                ends = [event for event in events if event.is_terminal]
                assert ends == [events[-1]], "a job ends once, and nothing follows"
                ordinals = [v.ordinal for v in variants if v.role is VariantRole.CANDIDATE]
                assert len(ordinals) == len(set(ordinals)), "no picture is made twice"
                if job.status is JobStatus.SUCCEEDED:
                    assert sorted(ordinals) == list(range(1, CANDIDATES + 1)), "nothing is missing"
                else:
                    assert job.last_error is not None, f"{job.id} is {job.status}"
                    assert (job.status, job.last_error["code"]) == (JobStatus.FAILED, WorkerLost.code)
                    assert job.attempts == MAX_ATTEMPTS
                check_observed(observed)
                found[job.status.value] += 1
                found["interrupted"] += sum(event["event"] == "running" for event in observed.events) - 1
                found["reconnected"] += observed.connections - 1
    finally:
        await database.close()
    return found


def check_observed(observed: ObservedJob) -> None:
    """Check that only the process with the lease writes events between two claims."""
    names = [str(event["event"]) for event in observed.events]
    assert names[0] == "queued"
    for before, after in pairwise(names):
        if after in ("progress", "log", "succeeded"):
            assert before in ("running", "progress", "log"), f"{after} came while nobody had the job"
        if after == "running":
            assert before == "queued", "a claim follows waiting alone"
    makers: set[int] = set()
    percent = 0
    for event in observed.events:
        facts = facts_of(event)
        if event["event"] == "running":
            makers, percent = set(), 0
        elif event["event"] == "log" and facts["code"] == MADE_BY:
            makers.add(facts["params"]["process"])
            assert len(makers) == 1, "a worker wrote that had lost its lease"
        elif event["event"] == "progress":
            assert facts["percent"] >= percent, "the bar fell"
            percent = facts["percent"]
