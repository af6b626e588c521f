"""Direct changes of a job's plan, as phrases."""

from typing import NamedTuple

from stillroom.application.instructions.phrases import phrase_of
from stillroom.domain.jobs.job import Job
from stillroom.domain.plans.changes import Change, changes_between, with_changes
from stillroom.domain.plans.plan import Plan, starting_plan
from stillroom.domain.words import Words


class DirectChange(NamedTuple):
    """A field that was set directly, and a short phrase about it."""

    change: Change
    label: Words


def direct_changes(job: Job) -> tuple[DirectChange, ...]:
    """Return the fields that a job sets directly and that differ from before, those of equal labels once."""
    if not job.changes:
        return ()
    before = Plan.model_validate({**starting_plan(job.type).model_dump(), **(job.before or {})})
    after = with_changes(before, job.changes)
    by_label: dict[Words, DirectChange] = {}
    for change in changes_between(before, after):
        if change.field in job.changes.get(change.part, ()):
            label = phrase_of(change, after)
            by_label.setdefault(label, DirectChange(change, label))
    return tuple(by_label.values())


def summary_of(job: Job) -> Words | None:
    """Return all direct changes of a job as one phrase; None if there are none."""
    changes = direct_changes(job)
    return Words.joined(change.label for change in changes) if changes else None
