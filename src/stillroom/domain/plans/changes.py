"""Differences between two plans, and partial plans, field by field."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from stillroom.domain.errors import ValidationFailed
from stillroom.domain.field_errors import body_error, field_error
from stillroom.domain.plans.plan import (
    PLAN_PARTS,
    TINTED,
    Framing,
    Plan,
    PlanPart,
    changed,
    roomier_for_scene,
    shaded,
)

PartialPlan = Mapping[str, Mapping[str, Any]]
"""Fields by part of the plan, such as `{"framing": {"fill": 0.8}}`; JSON-ready."""


class Change(NamedTuple):
    """One field of a plan that differs."""

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
        if (before := getattr(base, part)) is not (after := getattr(plan, part))
        for field in type(before).model_fields
        if (old := getattr(before, field)) != (new := getattr(after, field))
    )


def fields_between(base: Plan, plan: Plan) -> PartialPlan:
    """Return the fields of a plan that differ from another, by part."""
    partial: dict[str, dict[str, Any]] = {}
    for change in changes_between(base, plan):
        partial.setdefault(change.part, {})[change.field] = change.new
    return partial


def usable_changes(changes: Mapping[str, Mapping[str, Any]]) -> PartialPlan:
    """Return fields to set in a plan, without empty parts and with colours in lower case.

    Raises:
        ValidationFailed: A part or field does not exist, or a value is not allowed; `params["fields"]` lists
            the path of each, such as `changes.framing.fill`, and what is allowed.
    """
    check_none(list(_errors(changes)))
    return {part: _normalised(part, fields) for part, fields in changes.items() if fields}


def _normalised(part: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    valid = type(getattr(Plan(), part)).model_validate(fields)
    return {name: getattr(valid, name) if isinstance(value, str) else value for name, value in fields.items()}


def _errors(changes: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for part, fields in changes.items():
        if part not in PLAN_PARTS:
            yield change_error(_named(part), "unknown", "is_no_part_of", _listed(PLAN_PARTS))
            continue
        known = _settable(part)
        for field in fields:
            if field not in known:
                path = f"{part}.{_named(field)}"
                yield change_error(path, "unknown", "is_no_field_of", _listed(known))
        try:
            type(getattr(Plan(), part)).model_validate(
                {name: value for name, value in fields.items() if name in known}, strict=True
            )
        except ValidationError as error:
            for one in error.errors(include_url=False):
                yield field_error(f"changes.{part}.{one['loc'][0]}", "body", one)


def change_error(path: str, reason: str, text: str | None, limit: object) -> dict[str, Any]:
    """Return an invalid field of changes, as errors list it."""
    return body_error(f"changes.{path}", reason, text, limit)


def check_none(errors: Sequence[Mapping[str, Any]]) -> None:
    """Raise ValidationFailed if there are invalid fields."""
    if errors:
        named = ", ".join(one["field"] for one in errors)
        raise ValidationFailed(f"Check: {named}.", fields=list(errors))


def _named(name: str) -> str:
    """Return a client's name if it can be shown."""
    return name if name.isascii() and name.isidentifier() and len(name) <= 40 else "?"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names)


_RECORDED: Mapping[str, tuple[str, ...]] = {"framing": ("canvas",)}
"""Fields that only record how a picture was made; setting them could ask for a canvas of any size."""


def _settable(part: str) -> tuple[str, ...]:
    fields = type(getattr(Plan(), part)).model_fields
    return tuple(name for name in fields if name not in _RECORDED.get(part, ()))


def without_records(changes: PartialPlan) -> PartialPlan:
    """Return the changes without fields that only record how a picture was made, and in today's names."""
    settable: dict[str, dict[str, Any]] = {}
    for part, fields in changes.items():
        kept = {field: value for field, value in fields.items() if field not in _RECORDED.get(part, ())}
        if part == "framing" and "shape" in kept:
            kept["aspect"] = Framing.model_validate({"shape": kept.pop("shape")}).aspect
        settable[part] = kept
    return settable


def with_changes(plan: Plan, changes: PartialPlan) -> Plan:
    """Return the plan with the given fields, and with the changed parts marked as asked.

    Fields that only record how a picture was made are ignored. A change of the framing releases the product
    from its place, and one of the aspect ratio releases the canvas too.

    Raises:
        ValueError: A part does not exist; the message names it.
        ValidationError: A field does not exist or a value is not allowed; its location names the part too.
    """
    if unknown := sorted(set(changes) - set(PLAN_PARTS)):
        raise ValueError(f"{unknown[0][:40]} is not a part of a plan; there are {_listed(PLAN_PARTS)}")
    for part in PLAN_PARTS:
        given = changes.get(part, {})
        fields = {field: value for field, value in given.items() if field not in _RECORDED.get(part, ())}
        if not fields:
            continue
        Plan.model_validate({part: fields})
        plan = with_backdrop(plan, fields) if part == "backdrop" else changed(plan, part, **fields)
    asked = tuple(part for part in PLAN_PARTS if part in plan.asked or changes.get(part))
    return plan.model_copy(update={"asked": asked})


_EDGE = -0.14
"""Share of black mixed into the outer colour of a gradient, when only the inner one is named."""


def with_backdrop(plan: Plan, fields: Mapping[str, Any]) -> Plan:
    """Return the plan with fields of its backdrop, and with those that follow from them.

    A scene or an own picture brings its kind, and so does a colour that the backdrop could not show. The
    outer colour follows the inner one, and the view and mirroring of an earlier scene do not stay.
    """
    before = plan.backdrop
    kind = fields.get("kind") or _kind_for(plan, fields)
    after: dict[str, Any] = {**fields, "kind": kind}
    color = fields.get("color")
    if isinstance(color, str) and "edge_color" not in fields:
        after["edge_color"] = shaded(color, _EDGE) if kind == "gradient" else color
    if kind == "scene":
        if (kind, fields.get("scene", before.scene)) != (before.kind, before.scene):
            after = {"mirrored": None, "view": None, **after}
            return roomier_for_scene(changed(plan, "backdrop", **after))
        return changed(plan, "backdrop", **after)
    return changed(plan, "backdrop", **{**after, "scene": None})


def _kind_for(plan: Plan, fields: Mapping[str, Any]) -> str:
    if fields.get("scene"):
        return "scene"
    if fields.get("image_id"):
        return "picture"
    before = plan.backdrop
    shows_color = before.kind in ("color", "gradient") or before.scene == TINTED
    return before.kind if shows_color or "color" not in fields else "color"
