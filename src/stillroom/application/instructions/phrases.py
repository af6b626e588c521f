"""Phrases for changes of a plan, as read or set directly, with the names of the rendered scenes."""

from collections.abc import Mapping, Sequence
from functools import cache

from stillroom.domain.jobs.job import Job
from stillroom.domain.plans.changes import Change, changes_between, with_changes
from stillroom.domain.plans.labels import label_of
from stillroom.domain.plans.plan import Plan, starting_plan
from stillroom.domain.plans.read_as import ReadAs, with_readings
from stillroom.domain.words import Words
from stillroom.imaging.scene import plates


@cache
def scene_names() -> Mapping[str, Words]:
    """Return the names of the scenes by id."""
    return {name: Words(**scene.names) for name, scene in plates.scenes().items()}


def phrase_of(change: Change, plan: Plan) -> Words:
    """Return a short phrase about a change that led to a plan."""
    return label_of(change, plan, scene_names())


def phrases_of(readings: Sequence[ReadAs], plan: Plan) -> Mapping[str, Words]:
    """Return what each clause was read as, by clause; `plan` is the plan without the readings."""
    phrases = {}
    for found in readings:
        before, plan = plan, with_readings(plan, [found])
        changes = changes_between(before, plan)
        phrases[found.text] = Words.joined(phrase_of(change, plan) for change in changes)
    return phrases


def direct_changes(job: Job) -> Mapping[Words, Change]:
    """Return the fields that a job sets directly and that differ from before, by their phrases.

    Fields with equal phrases are one.
    """
    if not job.changes:
        return {}
    before = Plan.model_validate({**starting_plan(job.type).model_dump(), **(job.before or {})})
    after = with_changes(before, job.changes)
    found: dict[Words, Change] = {}
    for change in changes_between(before, after):
        if change.field in job.changes.get(change.part, ()):
            found.setdefault(phrase_of(change, after), change)
    return found


def summary_of(job: Job) -> Words | None:
    """Return all direct changes of a job as one phrase; None if there are none."""
    changes = direct_changes(job)
    return Words.joined(changes) if changes else None
