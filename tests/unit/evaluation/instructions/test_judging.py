"""Judging how sentences are read, and the file format they are written in."""

import json
from typing import Any

import pytest

from stillroom.domain.errors import ValidationFailed
from stillroom.domain.plans.plan import Plan, changed
from stillroom.domain.told_back import ToldBack, Why
from stillroom.evaluation.instructions.conditions import condition_of
from stillroom.evaluation.instructions.judging import ReadingClass, judge
from stillroom.evaluation.instructions.sentences import Sentence, sentences_of

OAK = {"backdrop": {"kind": "scene", "scene": "wood_oak"}}
WARMER_WITH_A_LEAF = {
    "wishes": [
        {"clause": "warmer", "any": [{"tone.mired": ">"}]},
        {"clause": "add a leaf", "told_back": ["leaf"], "reason": "not_possible"},
    ]
}
TEXT = "warmer light, and add a leaf"


def sentence(text: str = TEXT, expect: dict[str, Any] | None = None, **more: Any) -> Sentence:
    raw = {"id": "one", "lang": "en", "text": text, "operation": "refine", "base": OAK, "kind": "mixed"}
    return Sentence.model_validate({**raw, "expect": expect or WARMER_WITH_A_LEAF, **more})


def oak(**fields: Any) -> Plan:
    plan = Plan.model_validate(OAK)
    for path, value in fields.items():
        part, field = path.split("__")
        plan = changed(plan, part, **{field: value})  # type: ignore[arg-type]
    return plan


def told(*texts: str, why: Why = "not_possible") -> tuple[ToldBack, ...]:
    return tuple(ToldBack(text, why) for text in texts)


@pytest.mark.parametrize(
    ("plan", "told_back", "verdict"),
    [
        (oak(tone__mired=20.0), told("add a leaf"), ReadingClass.RIGHT),
        (oak(tone__mired=20.0), told("add a leaf", why="not_understood"), ReadingClass.PARTLY),
        (oak(tone__mired=20.0), told("light", "add a leaf"), ReadingClass.PARTLY),
        (oak(tone__mired=20.0), (), ReadingClass.SILENTLY_WRONG),
        (oak(tone__mired=20.0, shadow__strength=0.5), told("add a leaf"), ReadingClass.SILENTLY_WRONG),
        (oak(tone__mired=-20.0), told(TEXT), ReadingClass.SILENTLY_WRONG),
        (oak(), told("warmer light", "add a leaf"), ReadingClass.WRONGLY_TOLD_BACK),
        (oak(), told("add a leaf"), ReadingClass.SILENTLY_WRONG),
    ],
)
def test_a_reading_is_judged_by_each_wish(
    plan: Plan, told_back: tuple[ToldBack, ...], verdict: ReadingClass
) -> None:
    assert judge(sentence(), plan, told_back).verdict is verdict


def test_applied_and_reported_wishes_together_are_partly_right() -> None:
    expect = {
        "wishes": [
            {"clause": "warmer", "any": [{"tone.mired": ">"}]},
            {"clause": "bigger", "any": [{"framing.fill": ">"}]},
        ]
    }
    judgement = judge(sentence("warmer and bigger", expect), oak(tone__mired=20.0), told("and bigger"))
    assert judgement == (ReadingClass.PARTLY, ("told back: bigger",))


def test_reported_impossible_wish_counts_as_right() -> None:
    expect = {"wishes": [{"told_back": ["leaf", "plant"]}]}
    assert judge(sentence("add a leaf or plant", expect), oak(), told("add a leaf")).verdict is (
        ReadingClass.TOLD_BACK
    )


def test_optional_wish_accepts_execution_and_report() -> None:
    expect = {"wishes": [{"any": [{"backdrop.blur": ">"}], "told_back": ["dreamy"]}]}
    one = sentence("dreamy", expect)
    assert judge(one, oak(backdrop__blur=0.4), ()).verdict is ReadingClass.RIGHT
    assert judge(one, oak(), told("dreamy")).verdict is ReadingClass.TOLD_BACK
    assert judge(one, oak(), ()).verdict is ReadingClass.SILENTLY_WRONG


def test_the_best_of_two_right_readings_counts() -> None:
    other = {"wishes": [{"any": [{"light.fill": ">"}]}]}
    one = sentence("lighter", {"wishes": [{"any": [{"tone.exposure_ev": ">"}]}]}, alternatives=[other])
    assert judge(one, oak(light__fill=0.3), ()).verdict is ReadingClass.RIGHT


def test_a_new_backdrop_may_change_the_size_but_not_the_light() -> None:
    expect = {"wishes": [{"any": [{"backdrop.kind": "white"}]}]}
    white = oak(backdrop__kind="white", framing__fill=0.8)
    assert judge(sentence("white", expect), white, ()).verdict is ReadingClass.RIGHT
    lit = changed(white, "light", fill=0.2)
    assert judge(sentence("white", expect), lit, ()).differences == ("unasked: light.fill 0 → 0.2",)


def test_a_field_can_be_kept_although_its_part_is_asked_for() -> None:
    expect = {"wishes": [{"any": [{"framing.x": 0.5}]}], "unchanged": ["framing.fill"]}
    moved = oak(framing__x=0.5, framing__fill=0.9)
    assert judge(sentence("centre it", expect), moved, ()).verdict is ReadingClass.SILENTLY_WRONG


def test_a_wish_for_one_field_does_not_free_the_rest_of_its_part() -> None:
    expect = {"wishes": [{"any": [{"framing.x": ">"}]}]}
    moved = oak(framing__x=0.6, framing__fill=0.5)
    assert judge(sentence("to the right", expect), moved, ()).verdict is ReadingClass.SILENTLY_WRONG


def test_nearly_complete_reading_is_partly_right_only_if_the_rest_is_reported() -> None:
    exact, nearly = [{"framing.fill": {"times": [0.63, 0.7]}}], [{"framing.fill": "<"}]
    one = sentence("two thirds smaller", {"wishes": [{"any": exact, "nearly": nearly}]})
    smaller = oak(framing__fill=0.6)
    assert judge(one, smaller, told("two thirds")).verdict is ReadingClass.PARTLY
    assert judge(one, smaller, ()).verdict is ReadingClass.SILENTLY_WRONG


@pytest.mark.parametrize(
    ("path", "test", "new", "holds"),
    [
        ("backdrop.kind", {"one_of": ["scene", "white"]}, oak(), True),
        ("framing.fill", {"times": [0.45, 0.55]}, oak(framing__fill=0.36), True),
        ("framing.fill", {"between": [0.8, 0.9]}, oak(framing__fill=0.9), True),
        ("tone.exposure_ev", {"by": [0.9, 1.1]}, oak(tone__exposure_ev=0.5), False),
        ("light.azimuth_deg", {"<": -15}, oak(), False),
        ("light.azimuth_deg", None, oak(), True),
        ("light", "same", oak(), True),
        ("backdrop.color", {"colour": "#d21f3c", "within": 3}, oak(backdrop__color="#d2203d"), True),
        ("backdrop.color", {"colour": "#d21f3c", "within": 3}, oak(backdrop__color="#f4b6c2"), False),
        ("backdrop.color", {"hue": [340, 380], "chroma": [10, 60]}, oak(backdrop__color="#f4b6c2"), True),
        ("backdrop.color", {"lightness": [0, 30]}, oak(backdrop__color="#f4b6c2"), False),
        ("backdrop.color", "<", oak(backdrop__color="#f4b6c2"), True),
    ],
)
def test_conditions_compare_a_field_with_values_ranges_and_the_base(
    path: str, test: object, new: Plan, holds: bool
) -> None:
    assert condition_of(path, test).met_by(oak(), new) is holds


def file_of(*entries: dict[str, Any]) -> str:
    return "[\n" + ",\n".join(json.dumps(entry) for entry in entries) + "\n]"


GOOD = {
    "id": "one",
    "lang": "en",
    "text": "warmer",
    "operation": "refine",
    "kind": "plain",
    "expect": {"wishes": [{"any": [{"tone.mired": ">"}]}]},
}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "s.json: expected a JSON list"),
        ("[\n{]", "s.json, line 2: not JSON"),
        ("[]", "s.json contains no sentences"),
        (file_of(GOOD, GOOD), "s.json, line 3 (one): this id occurs twice"),
        (file_of({**GOOD, "kind": "odd"}), "line 2 (one): kind: Input should be 'plain'"),
        (file_of(GOOD, {**GOOD, "expect": {"wishes": [{"any": [{"tone.heat": ">"}]}]}}), "no such field"),
        (file_of({**GOOD, "expect": {"wishes": [{"any": [{"heat": ">"}]}]}}), "no such part of a plan"),
        (file_of({**GOOD, "expect": {"wishes": [{"any": [{"tone.mired": {"~": 1}}]}]}}), "no such test"),
        (file_of({**GOOD, "expect": {"wishes": [{"told_back": ["leaf"]}]}}), "does not occur in the text"),
        (file_of({**GOOD, "expect": {"wishes": [{"clause": "warmer"}]}}), "a wish needs"),
        (file_of({**GOOD, "operation": "optimize", "base": {}}), "only a refine has one"),
    ],
)
def test_an_invalid_file_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        sentences_of(text, "s.json")
    assert message in refused.value.detail
