"""Substitutes where the product could not be cut out, or was cut out badly."""

import pytest

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.candidates import candidate_plans
from stillroom.domain.plans.plan import Plan, starting_plan
from stillroom.domain.providers.requests import PREVIEW_ORDINAL, Operation, Wanted
from stillroom.domain.providers.substitutes import scene_first, without_product


def wanted_of(plan: Plan, operation: Operation, count: int = 4) -> list[Wanted]:
    """The candidates of a plan."""
    plans = candidate_plans(plan, count, operation)
    return [Wanted(ordinal, plan) for ordinal, plan in enumerate(plans, start=1)]


def test_original_scene_is_first_and_a_plain_backdrop_replaces_it() -> None:
    wanted = wanted_of(starting_plan("optimize"), Operation.OPTIMIZE)
    made = [scene_first(one, Operation.OPTIMIZE) for one in wanted]
    assert [one.ordinal for one in made] == [1, 2, 3, 4]
    assert [one.plan.backdrop.kind for one in made] == ["keep", "white", "gradient", "white"]
    assert made[0].plan == wanted[1].plan
    assert made[1].plan == wanted[0].plan


def test_preview_matches_the_first_candidate() -> None:
    plan = starting_plan("optimize")
    first, preview = (
        scene_first(Wanted(place, plan), Operation.OPTIMIZE).plan for place in (1, PREVIEW_ORDINAL)
    )
    assert preview == first


@pytest.mark.parametrize("words", ["白底", "换成木纹背景", "transparent background", "keep the background"])
def test_requested_backdrop_is_kept(words: str) -> None:
    plan = understand(words, starting_plan("optimize")).plan
    for one in wanted_of(plan, Operation.OPTIMIZE):
        assert scene_first(one, Operation.OPTIMIZE) == one


def test_a_later_turn_is_carried_out_as_it_is() -> None:
    for one in wanted_of(understand("暖一点", starting_plan("optimize")).plan, Operation.REFINE):
        assert scene_first(one, Operation.REFINE) == one


@pytest.mark.parametrize("operation", list(Operation))
@pytest.mark.parametrize("words", ["", "白底", "transparent background", "暖一点"])
def test_candidates_without_a_product_show_the_photo_in_distinct_versions(
    operation: Operation, words: str
) -> None:
    start = starting_plan(operation)
    plan = understand(words, start).plan if words else start
    made = [without_product(one, operation).plan for one in wanted_of(plan, operation)]
    assert {one.backdrop.kind for one in made} == {"keep"}
    assert len({one.tone for one in made}) == 4
