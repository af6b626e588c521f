"""Jobs: the state machine and derived properties."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from stillroom.domain.ids import JobId, OwnerId, SessionId
from stillroom.domain.jobs.job import TRANSITIONS, Job, JobStatus, Trigger, sources, target
from stillroom.domain.providers.requests import Operation
from stillroom.domain.providers.usage import UsageRecord

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


def test_a_claim_leads_to_running_and_success_ends_it() -> None:
    assert TRANSITIONS[JobStatus.QUEUED, Trigger.CLAIM] is JobStatus.RUNNING
    assert TRANSITIONS[JobStatus.RUNNING, Trigger.SUCCEED] is JobStatus.SUCCEEDED


@pytest.mark.parametrize("trigger", [Trigger.RETRY, Trigger.LOSE_LEASE, Trigger.RELEASE])
def test_a_running_job_can_wait_again(trigger: Trigger) -> None:
    assert TRANSITIONS[JobStatus.RUNNING, trigger] is JobStatus.QUEUED


def test_a_job_can_be_stopped_until_it_has_ended() -> None:
    assert sources(Trigger.CANCEL) == {JobStatus.QUEUED, JobStatus.RUNNING}


def test_a_waiting_job_cannot_finish_without_having_run() -> None:
    for trigger in (Trigger.SUCCEED, Trigger.FAIL, Trigger.RETRY, Trigger.RELEASE, Trigger.LOSE_LEASE):
        assert sources(trigger) == {JobStatus.RUNNING}


def test_final_job_states_have_no_transitions() -> None:
    left = {status for status, _ in TRANSITIONS}
    assert {status for status in JobStatus if status.is_final} == set(JobStatus) - left


def test_every_trigger_has_one_target_whatever_it_is_pulled_in() -> None:
    for trigger in Trigger:
        assert {TRANSITIONS[status, trigger] for status in sources(trigger)} == {target(trigger)}


def test_job_sums_the_cost_of_its_calls() -> None:
    usage = (
        UsageRecord(provider="gemini", outcome="failed", cost_micro_usd=39_000),
        UsageRecord(provider="sora", outcome="skipped", reason="no_key"),
        UsageRecord(provider="chatgpt", outcome="ok", cost_micro_usd=1),
    )
    assert replace(a_job(), usage=usage).cost_micro_usd == 39_001
    assert a_job().cost_micro_usd == 0


def test_times_are_reported_in_milliseconds_from_creation() -> None:
    job = replace(
        a_job(),
        first_image_at=NOW + timedelta(seconds=1.2345),
        finished_at=NOW + timedelta(seconds=9),
    )
    assert (job.first_image_ms, job.latency_ms) == (1_234, 9_000)
    assert (a_job().first_image_ms, a_job().latency_ms) == (None, None)


def test_no_time_is_negative_when_the_clock_was_set_back_meanwhile() -> None:
    job = replace(
        a_job(),
        first_image_at=NOW - timedelta(hours=1),
        finished_at=NOW - timedelta(minutes=59),
    )
    assert (job.first_image_ms, job.latency_ms) == (0, 0)
