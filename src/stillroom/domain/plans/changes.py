"""Differences between two plans, field by field."""

from typing import NamedTuple

from stillroom.domain.plans.plan import PLAN_PARTS, Plan, PlanPart


class Change(NamedTuple):
    """One field of a plan that differs.

    Attributes:
        part: Part of the plan.
        field: Name of the field in that part.
        old: Its value in the base.
        new: Its value in the plan.
    """

    part: PlanPart
    field: str
    old: object
    new: object


def changes_between(base: Plan, plan: Plan) -> tuple[Change, ...]:
    """Return the fields of the six parts that differ, in the order of the parts and their fields.

    `asked`, `said` and `product_transform` are not compared: they record how a plan came about.
    """
    return tuple(
        Change(part, field, old, new)
        for part in PLAN_PARTS
        for field in type(getattr(base, part)).model_fields
        if (old := getattr(getattr(base, part), field)) != (new := getattr(getattr(plan, part), field))
    )
