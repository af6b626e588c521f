"""Differences between two plans."""

from stillroom.domain.plans.changes import Change, changes_between
from stillroom.domain.plans.plan import Plan, changed


def test_equal_plans_have_no_changes() -> None:
    assert changes_between(Plan(), Plan(asked=("tone",), said=("warmer",))) == ()


def test_each_field_that_differs_is_one_change_in_the_order_of_the_plan() -> None:
    plan = changed(changed(Plan(), "tone", mired=25.0), "backdrop", kind="scene", scene="wood_oak")
    assert changes_between(Plan(), plan) == (
        Change("backdrop", "kind", "white", "scene"),
        Change("backdrop", "scene", None, "wood_oak"),
        Change("tone", "mired", 0.0, 25.0),
    )
