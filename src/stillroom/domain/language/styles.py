"""Styles: named bundles of changes, such as "luxury" or "ins风"."""

from collections.abc import Mapping

from stillroom.domain.language.acts import Do, adds, in_turn, scales, sets
from stillroom.domain.language.backdrops import backed
from stillroom.domain.language.lexicon import lexicon
from stillroom.domain.plans.plan import PLAN_PARTS, Plan, PlanPart, roomier_for_scene


def style_parts(name: str) -> tuple[tuple[PlanPart, Do], ...]:
    """Return what a style changes, part by part."""
    changes = lexicon().styles[name]
    return tuple((part, _of(part, changes[part])) for part in PLAN_PARTS if part in changes)


def _of(part: PlanPart, fields: Mapping[str, object]) -> Do:
    if part == "backdrop":
        return _backdrop(fields)
    return in_turn(*(_field(part, name, value) for name, value in fields.items()))


def _field(part: PlanPart, name: str, value: object) -> Do:
    if isinstance(value, str) and value[0] in "+-":
        return adds(part, name, float(value))
    if isinstance(value, str) and value[0] == "*":
        return scales(part, name, float(value[1:]))
    return sets(part, **{name: value})


def _backdrop(fields: Mapping[str, object]) -> Do:
    """Set a backdrop, unless a scene was chosen: a style does not replace it."""

    def do(plan: Plan) -> Plan | None:
        if plan.backdrop.kind == "scene":
            return None
        after = backed(plan, **fields)
        return roomier_for_scene(after) if fields["kind"] == "scene" else after

    return do
