"""Plans: the same JSON every time, limits kept, candidates that differ without contradicting."""

import pytest
from pydantic import ValidationError

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.candidates import candidate_plans
from stillroom.domain.plans.plan import (
    PLAN_PARTS,
    Context,
    Plan,
    changed,
    shaded,
    starting_plan,
)

OPERATIONS = ("optimize", "bg_replace", "refine")


def test_a_plan_survives_json() -> None:
    plan = changed(Plan(), "backdrop", kind="gradient", color="#eeeeee", edge_color="#cccccc")
    plan = plan.model_copy(
        update={"product_transform": (1.5, 0.0, 3.0, 0.0, 1.5, -2.0), "asked": ("backdrop",)}
    )
    assert Plan.model_validate_json(plan.model_dump_json()) == plan


def test_a_plan_of_an_older_release_is_filled_with_defaults() -> None:
    assert Plan.model_validate_json('{"backdrop": {"kind": "keep"}}').shadow.kind == "soft"


def test_a_plan_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValidationError):
        Plan().tone.mired = 20.0  # type: ignore[misc]


def test_a_change_is_kept_within_the_limits() -> None:
    assert changed(Plan(), "framing", fill=3.0).framing.fill == 0.95
    assert changed(Plan(), "tone", mired=-900.0).tone.mired == -150.0


def test_a_new_framing_voids_the_old_place_and_nothing_else_does() -> None:
    plan = Plan(product_transform=(1.0, 0.0, 0.0, 0.0, 1.0, 0.0))
    assert changed(plan, "framing", fill=0.8).product_transform is None
    assert changed(plan, "framing", fill=plan.framing.fill).product_transform is not None
    assert changed(plan, "tone", mired=25.0).product_transform is not None


def test_a_change_of_an_unknown_field_is_refused() -> None:
    with pytest.raises((ValidationError, KeyError)):
        changed(Plan(), "tone", loudness="high")


def test_one_press_on_optimise_starts_with_a_white_packshot_with_a_soft_shadow() -> None:
    plan = starting_plan("optimize")
    assert plan.backdrop.kind == "white"
    assert plan.shadow.kind == "soft"


def test_optimise_without_words_offers_the_retouched_scene_too() -> None:
    kinds = [plan.backdrop.kind for plan in candidate_plans(starting_plan("optimize"), 4, "optimize")]
    assert kinds[0] == "white"
    assert "keep" in kinds


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_requested_number_of_different_candidates_is_made(operation: str, count: int) -> None:
    plans = candidate_plans(starting_plan(operation), count, operation)
    assert len({plan.model_dump_json() for plan in plans}) == count
    assert plans[0] == starting_plan(operation)


@pytest.mark.parametrize("operation", ["optimize", "bg_replace"])
@pytest.mark.parametrize(
    "words",
    [
        "白底软阴影",
        "不要阴影",
        "deep blue background, light from the left",
        "透明背景",
        "居中，暖一点",
        "keep the background",
    ],
)
def test_candidates_never_contradict_the_request(operation: str, words: str) -> None:
    asked = understand(words, starting_plan(operation))
    for plan in candidate_plans(asked.plan, 4, operation):
        for part in asked.asked:
            if part != "tone":
                assert getattr(plan, part) == getattr(asked.plan, part)
        assert plan.tone.mired == asked.plan.tone.mired


@pytest.mark.parametrize("words", ["暖一点", "光从左边来", "阴影深一点", "larger", "深蓝色背景"])
def test_a_refinement_moves_nothing_that_was_not_asked(words: str) -> None:
    understood = understand(words, Plan())
    shadow_of_backdrop = {"shadow"} if "backdrop" in understood.asked else set()
    for plan in candidate_plans(understood.plan, 3, "refine"):
        for part in set(PLAN_PARTS) - set(understood.asked) - shadow_of_backdrop - {"tone"}:
            assert getattr(plan, part) == getattr(understood.plan, part)


@pytest.mark.parametrize(
    "words", ["strong light from the left", "光从左边来", "rim light", "warmer", "no shadow"]
)
def test_words_about_anything_but_the_backdrop_never_choose_one(words: str) -> None:
    start = starting_plan("bg_replace")
    plans = candidate_plans(understand(words, start).plan, 4, "bg_replace")
    assert {plan.backdrop for plan in plans} == {start.backdrop}


@pytest.mark.parametrize("words", ["white background", "浅灰色背景"])
def test_third_candidate_on_plain_ground_has_another_crop_and_another_shadow(words: str) -> None:
    first, second, third = candidate_plans(understand(words, Plan()).plan, 3, "bg_replace")
    assert third.framing.fill < 0.85 * first.framing.fill < second.framing.fill
    assert third.shadow.length >= 1.5 * first.shadow.length


def test_colours_are_shaded_towards_white_and_black() -> None:
    assert shaded("#808080", 1.0) == "#ffffff"
    assert shaded("#808080", -1.0) == "#000000"
    assert shaded("#808080", 0.0) == "#808080"


def test_a_new_session_remembers_nothing_yet() -> None:
    context = Context()
    assert context.lighting.azimuth_deg is None
    assert context.logo_anchor is None
    assert context.wishes == ()
