"""The state machine of jobs, and what a job says of itself."""

from datetime import UTC, datetime, timedelta

import pytest

from stillroom.domain.errors import Conflict
from stillroom.domain.ids import JobId, OwnerId, SessionId
from stillroom.domain.jobs.job import TRANSITIONS, Job, JobStatus, Trigger, sources, target
from stillroom.domain.providers.requests import Operation

NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)


def a_job(status: JobStatus = JobStatus.QUEUED) -> Job:
    return Job(
        id=JobId("job_1"),
        owner_id=OwnerId("own_1"),
        session_id=SessionId("ses_1"),
        type=Operation.OPTIMIZE,
        status=status,
        prompt="",
        candidates=3,
        run_after=NOW,
        created_at=NOW,
    )


def test_a_job_that_is_claimed_and_finishes_has_succeeded() -> None:
    done = a_job().after(Trigger.CLAIM, attempts=1).after(Trigger.SUCCEED, finished_at=NOW)
    assert (done.status, done.attempts, done.finished_at) == (JobStatus.SUCCEEDED, 1, NOW)


@pytest.mark.parametrize("trigger", [Trigger.RETRY, Trigger.LOSE_LEASE, Trigger.RELEASE])
def test_a_running_job_can_wait_again(trigger: Trigger) -> None:
    assert a_job(JobStatus.RUNNING).after(trigger).status is JobStatus.QUEUED


@pytest.mark.parametrize("status", [JobStatus.QUEUED, JobStatus.RUNNING])
def test_a_job_can_be_stopped_until_it_has_ended(status: JobStatus) -> None:
    assert a_job(status).after(Trigger.CANCEL).status is JobStatus.CANCELED


@pytest.mark.parametrize("trigger", list(Trigger))
@pytest.mark.parametrize("status", [JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELED])
def test_a_job_that_has_ended_stays_as_it_is(status: JobStatus, trigger: Trigger) -> None:
    with pytest.raises(Conflict) as refusal:
        a_job(status).after(trigger)
    assert refusal.value.params == {"status": status.value}


def test_a_waiting_job_cannot_finish_without_having_run() -> None:
    for trigger in (Trigger.SUCCEED, Trigger.FAIL, Trigger.RETRY, Trigger.RELEASE, Trigger.LOSE_LEASE):
        with pytest.raises(Conflict):
            a_job(JobStatus.QUEUED).after(trigger)


def test_the_final_states_are_those_that_nothing_leads_out_of() -> None:
    left = {status for status, _ in TRANSITIONS}
    assert {status for status in JobStatus if status.is_final} == set(JobStatus) - left


def test_every_trigger_has_one_target_whatever_it_is_pulled_in() -> None:
    for trigger in Trigger:
        assert {TRANSITIONS[status, trigger] for status in sources(trigger)} == {target(trigger)}


def test_a_job_adds_up_what_its_calls_cost() -> None:
    calls = ({"cost_micro_usd": 39_000}, {"outcome": "skipped"}, {"cost_micro_usd": 1})
    assert a_job().after(Trigger.CLAIM, usage=calls).cost_micro_usd == 39_001
    assert a_job().cost_micro_usd == 0


def test_times_are_told_in_milliseconds_from_creation() -> None:
    job = a_job().after(
        Trigger.CLAIM,
        first_image_at=NOW + timedelta(seconds=1.2345),
        finished_at=NOW + timedelta(seconds=9),
    )
    assert (job.first_image_ms, job.latency_ms) == (1_234, 9_000)
    assert (a_job().first_image_ms, a_job().latency_ms) == (None, None)


def test_no_time_is_negative_when_the_clock_was_set_back_meanwhile() -> None:
    job = a_job().after(
        Trigger.CLAIM,
        first_image_at=NOW - timedelta(hours=1),
        finished_at=NOW - timedelta(minutes=59),
    )
    assert (job.first_image_ms, job.latency_ms) == (0, 0)
