"""Phrases for changes of a plan, with the names of the rendered scenes."""

from collections.abc import Mapping, Sequence
from functools import cache

from stillroom.domain.plans.changes import Change, changes_between
from stillroom.domain.plans.labels import label_of
from stillroom.domain.plans.plan import Plan
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
