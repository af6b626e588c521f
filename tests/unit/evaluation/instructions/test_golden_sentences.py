"""The sentences of the golden set: every expectation can be met, and no reading meets it by accident."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest

from stillroom.domain.plans.plan import Plan, changed
from stillroom.domain.told_back import ToldBack
from stillroom.evaluation.instructions.conditions import Condition, part_of, value_at
from stillroom.evaluation.instructions.judging import Judgement, judge
from stillroom.evaluation.instructions.sentences import Sentence, Wish, sentences_of

FILE = Path(__file__).parents[4] / "golden" / "instructions.json"
COLORS = [
    *("#f5e6d3", "#d21f3c", "#0f766e", "#2b3a67", "#ffe0b2", "#ffb74d", "#e8dccb", "#f3e9dc", "#2b3a42"),
    *("#fad4c0", "#f5f0e8", "#2b2b2b", "#dde5ed", "#1a1a2e"),
    *(f"#{r:02x}{g:02x}{b:02x}" for r, g, b in itertools.product(range(0, 256, 15), repeat=3)),
]


@pytest.fixture(scope="module")
def sentences() -> tuple[Sentence, ...]:
    return tuple(sentences_of(FILE.read_text("utf-8"), FILE.name))


def values_of(path: str, base: Plan) -> Iterator[Any]:
    """Values that a field may take."""
    part, _, name = path.partition(".")
    field = type(getattr(base, part)).model_fields[name]
    old = value_at(base, path)
    if name == "scene":
        yield from ("wood_oak", "natural_light", "marble_white", "concrete_ledge", "linen", "slate_dark")
        yield from ("podium_plaster", "stone_garden", "paper_grey", "paper_tint")
        yield from ("room_oak", "room_concrete", "room_stone")
    elif "color" in name:
        yield from COLORS
    elif get_origin(field.annotation) is Literal:
        yield from get_args(field.annotation)
    elif isinstance(old, bool):
        yield from (True, False)
    else:
        yield from (None, True, False, "above", "table")
        yield from (float(value) for value in (*range(-180, 181, 5), *range(-12, 13)))
        yield from (value / 2 for value in range(-9, 10))
        yield from (step / 100 for step in range(-200, 200))


def with_condition(condition: Condition, base: Plan, plan: Plan) -> Plan:
    """Return the plan with a value of one field that passes the test, if there is one."""
    if condition.met_by(base, plan):
        return plan
    is_field = "." in condition.path
    names = [] if is_field else type(getattr(plan, condition.path)).model_fields
    for path in [condition.path] if is_field else [f"{condition.path}.{name}" for name in names]:
        wanted = condition.test.get("colour") if isinstance(condition.test, dict) else None
        for value in (*([wanted] if wanted else []), *values_of(path, base)):
            if is_field and not condition.holds(value_at(base, path), value):
                continue
            try:
                other = changed(plan, part_of(path), **{path.partition(".")[2]: value})
            except ValueError:
                continue
            if condition.met_by(base, other):
                return other
    return plan


def with_wish(wish: Wish, base: Plan, plan: Plan) -> Plan:
    """Return the plan with the wish carried out in one of the ways that are right."""
    for conditions in wish.any:
        other = plan
        for condition in conditions:
            other = with_condition(condition, base, other)
        if all(condition.met_by(base, other) for condition in conditions):
            return other
    return plan


def as_wished(sentence: Sentence) -> Judgement:
    """Judge the reading that carries out every wish that can be carried out."""
    base = plan = sentence.start
    told = []
    for wish in sentence.expect.wishes:
        if wish.any:
            plan = with_wish(wish, base, plan)
        else:
            told.append(ToldBack(wish.told_back[0], (*wish.reason, "not_possible")[0]))
    return judge(sentence, plan, told)


def test_every_golden_expectation_is_satisfiable(sentences: tuple[Sentence, ...]) -> None:
    judged = {sentence.id: as_wished(sentence) for sentence in sentences}
    assert {name: judgement for name, judgement in judged.items() if not judgement.verdict.is_right} == {}


def test_every_sentence_belongs_to_a_set_and_groups_lie_in_one(sentences: tuple[Sentence, ...]) -> None:
    assert {sentence.part for sentence in sentences} == {"tune", "check"}
    groups = {(sentence.group, sentence.part) for sentence in sentences if sentence.group}
    assert len(groups) == len({group for group, _ in groups})


def test_a_refinement_that_is_silently_ignored_is_never_right(sentences: tuple[Sentence, ...]) -> None:
    idle = [
        sentence.id
        for sentence in sentences
        if sentence.operation == "refine"
        and sentence.expect.wishes
        and judge(sentence, sentence.start, ()).verdict.is_right
    ]
    assert idle == []
