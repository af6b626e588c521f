"""Laws of the job machine, under whatever sequence of triggers."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from stillroom.domain.errors import Conflict
from stillroom.domain.jobs.job import FINAL, TRANSITIONS, JobStatus, Trigger, sources, target
from tests.unit.domain.jobs.test_job import a_job

triggers = st.sampled_from(Trigger)


@given(st.sampled_from(JobStatus), triggers)
def test_only_moves_of_the_table_are_possible(status: JobStatus, trigger: Trigger) -> None:
    job = a_job(status)
    try:
        moved = job.after(trigger)
    except Conflict:
        assert (status, trigger) not in TRANSITIONS
        assert status not in sources(trigger)
    else:
        assert moved == replace(job, status=TRANSITIONS[status, trigger])
        assert status in sources(trigger)
        assert moved.status is target(trigger)


@given(st.lists(triggers, max_size=40))
def test_no_final_state_is_left(pulled: list[Trigger]) -> None:
    job = a_job()
    ended: JobStatus | None = None
    for trigger in pulled:
        try:
            job = job.after(trigger)
        except Conflict:
            continue
        assert ended is None, f"{ended} was left by {trigger}"
        ended = job.status if job.status in FINAL else None


@given(st.lists(triggers, max_size=40))
def test_whatever_happened_a_job_that_has_not_ended_can_still_end(pulled: list[Trigger]) -> None:
    job = a_job()
    for trigger in pulled:
        if (job.status, trigger) in TRANSITIONS:
            job = job.after(trigger)
    if job.status is JobStatus.QUEUED:
        job = job.after(Trigger.CLAIM)
    if job.status is JobStatus.RUNNING:
        job = job.after(Trigger.SUCCEED)
    assert job.status.is_final


class Life(RuleBasedStateMachine):
    """A job in the hands of workers that come and go."""

    def __init__(self) -> None:
        super().__init__()
        self.job = a_job()
        self.runs = 0
        self.pauses = 0

    @rule(trigger=triggers)
    def pull(self, trigger: Trigger) -> None:
        before = self.job
        try:
            self.job = before.after(trigger)
        except Conflict:
            return
        self.runs += trigger is Trigger.CLAIM
        self.pauses += before.status is JobStatus.RUNNING and self.job.status is JobStatus.QUEUED

    @invariant()
    def runs_are_paused_or_going_on_or_over(self) -> None:
        going_on = self.job.status is JobStatus.RUNNING
        ended_running = self.job.status in {JobStatus.SUCCEEDED, JobStatus.FAILED}
        canceled_running = self.job.status is JobStatus.CANCELED and self.runs > self.pauses
        assert self.runs == self.pauses + (going_on or ended_running or canceled_running)


TestLife = Life.TestCase
