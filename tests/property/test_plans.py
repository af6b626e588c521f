"""Properties of plans: they can be stored, have distinct candidates, and stay valid whatever is asked."""

from hypothesis import given, settings
from hypothesis import strategies as st

from stillroom.domain.language.reader import understand
from stillroom.domain.plans.candidates import candidate_plans
from stillroom.domain.plans.plan import Plan, starting_plan
from tests.property.plans import PLAN


@given(PLAN)
def test_every_plan_survives_json(plan: Plan) -> None:
    assert Plan.model_validate_json(plan.model_dump_json()) == plan


@given(PLAN, st.integers(1, 4), st.sampled_from(["optimize", "bg_replace", "refine"]))
def test_candidates_are_as_many_as_wanted_and_all_different(plan: Plan, count: int, operation: str) -> None:
    plans = candidate_plans(plan, count, operation)
    assert plans[0] == plan
    assert len({candidate.model_dump_json() for candidate in plans}) == len(plans) == count


# The first text waits for the rules to be compiled; test_reading.py bounds the time of reading.
@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_text_crashes_the_reader(text: str) -> None:
    understood = understand(text, starting_plan("bg_replace"))
    assert all(told.text and told.text in text for told in understood.told_back)


@settings(deadline=None)
@given(
    st.text(
        alphabet="暖冷亮暗大小一点再更阴影柔和白底背景光从左边来, warmer larger shadow left%0123456789",
        max_size=80,
    ),
    PLAN,
)
def test_wishes_stay_within_the_limits_of_a_plan(text: str, plan: Plan) -> None:
    changed = understand(text, plan).plan
    assert Plan.model_validate(changed.model_dump()) == changed
