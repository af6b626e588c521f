"""Clauses read by a reader model: which fields such a reading may change, and its validation."""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, Field

from stillroom.domain.frozen import Frozen
from stillroom.domain.plans.changes import fields_between, with_backdrop
from stillroom.domain.plans.effects import shown_changes
from stillroom.domain.plans.plan import PLAN_PARTS, Plan, PlanPart, changed

READABLE: Mapping[PlanPart, tuple[str, ...]] = {
    "backdrop": ("kind", "color", "edge_color", "shape", "blur", "scene", "exposure_ev"),
    "shadow": ("kind", "strength", "softness", "direction_deg", "length", "reflection"),
    "light": ("azimuth_deg", "elevation_deg", "strength", "fill", "rim"),
    "tone": ("mired", "exposure_ev", "contrast", "saturation"),
    "framing": ("fill", "x", "y"),
    "detail": ("denoise", "sharpen", "clarity", "straighten"),
}
"""Fields that a reader model may change.

What records how a picture was made (canvas, transform, mirroring) follows from the plan and is left out.
"""

_KINDS = ("keep", "white", "color", "gradient", "transparent", "scene")
_MAX_VALUE_CHARACTERS = 40

Scalar = str | float | bool | None


class FieldChange(NamedTuple):
    """A proposed value of one field of a plan, as a model gave it."""

    part: str
    field: str
    value: Scalar


class ReadAs(Frozen):
    """A clause of an instruction, and the changes of the plan that a reader model read it as.

    Attributes:
        text: The clause, in the user's words.
        changes: New values by part and field.
    """

    text: Annotated[str, Field(min_length=1)]
    changes: Mapping[PlanPart, Mapping[str, Any]]


def has_number(clause: str) -> bool:
    """Return whether a clause has digits; exact numbers and hex colours are read by rules only."""
    return any(character.isdigit() for character in clause)


def read_as(
    text: str, changes: Sequence[FieldChange], plan: Plan, scenes: Collection[str], kept: Collection[PlanPart]
) -> ReadAs:
    """Validate what a model read in a clause.

    Args:
        changes: As the model gave them; numbers outside a field's limits are clamped.
        kept: Parts that the rules read in the same instruction; the model may not change them.

    Raises:
        ValueError: A part, field or value does not exist or may not be changed, or no picture would show
            the change.
    """
    fields: dict[PlanPart, dict[str, Scalar]] = {}
    for change in changes:
        part = next((part for part in PLAN_PARTS if part == change.part), None)
        if part is None or change.field not in READABLE[part] or part in kept:
            raise ValueError("a field that may not be changed")
        fields.setdefault(part, {})[change.field] = _typed(change.value)
    after = plan
    for part, values in fields.items():
        after = (
            _with_backdrop(after, values, scenes) if part == "backdrop" else changed(after, part, **values)
        )
    if not shown_changes(plan, after):
        raise ValueError("no change that a picture shows")
    return ReadAs(text=text, changes=fields_between(plan, after))


def with_readings(plan: Plan, readings: Iterable[ReadAs]) -> Plan:
    """Return the plan with the readings carried out; their parts count as asked for."""
    asked = set(plan.asked)
    for reading in readings:
        for part, fields in reading.changes.items():
            plan = changed(plan, part, **fields)
            asked.add(part)
    return plan.model_copy(update={"asked": tuple(part for part in PLAN_PARTS if part in asked)})


def described_fields() -> Iterator[str]:
    """Yield a line for each field that a model may change, with its type and range."""
    for part, names in READABLE.items():
        model = Plan.model_fields[part].annotation
        assert isinstance(model, type)
        assert issubclass(model, BaseModel)
        schema = model.model_json_schema()["properties"]
        for name in names:
            yield f"{part}.{name}: {_range(name, model.model_fields[name].metadata, schema[name])}"


def _range(name: str, metadata: Sequence[Any], schema: Mapping[str, Any]) -> str:
    low = next((item.ge for item in metadata if hasattr(item, "ge")), None)
    high = next((item.le for item in metadata if hasattr(item, "le")), None)
    if low is not None or high is not None:
        is_optional = any(option.get("type") == "null" for option in schema.get("anyOf", ()))
        return f"{low} to {high}" + (", or null" if is_optional else "")
    if "enum" in schema:
        # Other kinds of backdrop need files that only the seller can choose.
        known = _KINDS if "keep" in schema["enum"] else schema["enum"]
        return "one of " + ", ".join(known)
    if schema.get("type") == "boolean":
        return "true or false"
    return "an id of the scenes" if name == "scene" else "#rrggbb"


def _typed(value: Scalar) -> Scalar:
    """Convert a value given as text. Raises ValueError."""
    if isinstance(value, str):
        text = value.strip()
        if len(text) > _MAX_VALUE_CHARACTERS:
            raise ValueError("too long")
        if text.lower() in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[text.lower()]
        try:
            value = float(text)
        except ValueError:
            return text.lower()
    if isinstance(value, float | int) and not isinstance(value, bool):
        if not math.isfinite(value):
            raise ValueError("not finite")
        return float(value)
    return value


def _with_backdrop(plan: Plan, values: Mapping[str, Scalar], scenes: Collection[str]) -> Plan:
    """Return the plan with another backdrop. Raises ValueError."""
    kind = values.get("kind", "scene" if values.get("scene") else plan.backdrop.kind)
    if kind not in _KINDS:
        raise ValueError("an unknown kind of backdrop")
    if kind in ("color", "gradient") and "color" not in values and plan.backdrop.kind != kind:
        raise ValueError("a colour is missing")
    if kind == "scene" and values.get("scene") is not None and values["scene"] not in scenes:
        raise ValueError("an unknown scene")
    return with_backdrop(plan, {**values, "kind": kind})
