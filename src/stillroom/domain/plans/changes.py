"""Differences between two plans, and partial plans, field by field."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from stillroom.domain.plans.plan import PLAN_PARTS, Plan, PlanPart

PartialPlan = Mapping[str, Mapping[str, Any]]
"""Fields by part of the plan, such as `{"framing": {"fill": 0.8}}`; JSON-ready."""


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


def with_changes(plan: Plan, changes: PartialPlan) -> Plan:
    """Return the plan with the given fields, and with the changed parts marked as asked.

    Raises:
        ValueError: A part or field does not exist, or a value is out of range; the message names it.
    """
    parts: dict[str, Any] = {}
    for name, fields in changes.items():
        if name not in PLAN_PARTS:
            raise ValueError(f"{name[:40]} is not a part of a plan; there are {', '.join(PLAN_PARTS)}")
        old = getattr(plan, name)
        if unknown := sorted(set(fields) - set(type(old).model_fields)):
            raise ValueError(f"{name}.{unknown[0][:40]} does not exist")
        parts[name] = type(old).model_validate({**old.model_dump(), **fields})
    asked = tuple(part for part in PLAN_PARTS if part in plan.asked or changes.get(part))
    return plan.model_copy(update={**parts, "asked": asked})
