"""Effects of fields that are set directly: what a picture would not show is refused."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from stillroom.domain.errors import PromptInvalid
from stillroom.domain.plans.changes import (
    Change,
    PartialPlan,
    change_error,
    changes_between,
    check_none,
    with_changes,
)
from stillroom.domain.plans.plan import PLAN_PARTS, TINTED, Plan, Shadow
from stillroom.domain.told_back import ToldBack


class _Needed(NamedTuple):
    """Kinds of a part that use a field, and the reason of the error for another kind."""

    kinds: tuple[str, ...]
    reason: str

    def error_of(self, path: str) -> dict[str, Any]:
        """Return the error of a field, with the kinds as its limit, such as `scene or picture`."""
        *others, last = self.kinds
        limit = f"{', '.join(others)} or {last}" if others else last
        return change_error(path, self.reason, None, limit)


def _on(*kinds: str) -> _Needed:
    return _Needed(kinds, "no_effect")


_CAST = _Needed(("soft", "hard"), "no_shadow")

_OTHER_GROUND = _on("white", "color", "gradient", "transparent", "scene", "picture")
"""Backdrops that a shadow can be set on; the photo's own keeps the shadow that it has."""

_LIT = _Needed(("light.azimuth_deg",), "no_direction")

_NEEDED: Mapping[str, Mapping[str, _Needed]] = {
    "backdrop": {
        "image_id": _on("picture"),
        "horizon_y": _on("picture"),
        "fit": _on("picture"),
        "scene": _on("scene"),
        "mirrored": _on("scene"),
        "view": _on("scene"),
        "color": _on("color", "gradient"),
        "edge_color": _on("gradient"),
        "shape": _on("gradient"),
        "blur": _on("keep", "scene", "picture"),
        "exposure_ev": _on("scene", "picture"),
        "shows_through": _on("white", "color", "gradient", "scene", "picture"),
    },
    "shadow": dict.fromkeys(("strength", "softness", "direction_deg", "length"), _CAST),
}
"""Fields that only some kinds of their part use; all others have an effect on each."""

_BRINGS_KIND: Mapping[str, frozenset[str]] = {
    "backdrop": frozenset({"kind", "scene", "image_id"}),
    "shadow": frozenset({"kind"}),
}


def check_effect(changes: PartialPlan, plan: Plan, *, has_words: bool = False) -> None:
    """Check that the given fields have an effect on the plan that they lead to.

    Args:
        has_words: Whether an instruction may still choose another kind of backdrop or shadow.

    Raises:
        ValidationFailed: A field is only used by another kind of its part.
    """
    errors = [] if has_words else list(_ruled_out(changes, plan))
    for part, needed in _NEEDED.items():
        fields = changes.get(part, {})
        if has_words and not any(fields.get(name) is not None for name in _BRINGS_KIND[part]):
            continue
        errors += [
            needed[name].error_of(f"{part}.{name}")
            for name, value in fields.items()
            if _is_idle(part, name, value, plan)
        ]
    check_none(errors)


def without_idle_fields(changes: PartialPlan, plan: Plan) -> PartialPlan:
    """Return the changes without the fields that another kind of their part has left behind in a plan."""
    return {
        part: {name: value for name, value in fields.items() if not _is_idle(part, name, value, plan)}
        for part, fields in changes.items()
    }


def _is_idle(part: str, field: str, value: object, plan: Plan) -> bool:
    needed = _NEEDED.get(part, {}).get(field)
    old = getattr(plan, part)
    if needed is None or old.kind in needed.kinds or value == type(old).model_fields[field].default:
        return False
    if field == "color":
        return plan.backdrop.scene != TINTED
    return not (field == "edge_color" and old.kind == "color" and value == old.color)


def _ruled_out(changes: PartialPlan, plan: Plan) -> Iterator[dict[str, Any]]:
    """Yield the fields that another part of the plan leaves without an effect."""
    for part, names, needed in _other_needs(plan):
        default = getattr(Plan(), part)
        for name, value in changes.get(part, {}).items():
            if name in names and value != getattr(default, name):
                yield needed.error_of(f"{part}.{name}")


def _other_needs(plan: Plan) -> Iterator[tuple[str, Collection[str], _Needed]]:
    if plan.backdrop.kind == "keep":
        yield "shadow", Shadow.model_fields, _OTHER_GROUND
    # An own backdrop brings the side of its light.
    if plan.light.azimuth_deg is None and plan.backdrop.kind != "picture":
        yield "light", ("elevation_deg", "strength"), _LIT


def shown_changes(base: Plan, plan: Plan) -> tuple[Change, ...]:
    """Return the changes that a picture shows, by what its kinds of backdrop and shadow use."""
    ruled_out = {(part, name) for part, names, _ in _other_needs(plan) for name in names}
    return tuple(
        change
        for change in changes_between(base, plan)
        if (change.part, change.field) not in ruled_out
        and not _is_idle(change.part, change.field, change.new, plan)
    )


def is_changed(changes: PartialPlan, base: Plan) -> bool:
    """Whether fields that are set directly differ from a plan."""
    return bool(changes_between(base, with_changes(base, changes)))


def check_changed(changes: PartialPlan, base: Plan) -> None:
    """Check that fields that are set directly change a picture, as a refinement by words must.

    Raises PromptInvalid if the picture of the plan `base` shows all of them already.
    """
    if is_changed(changes, base):
        return
    shown = ((part, ", ".join(f"{part}.{name}" for name in changes.get(part, ()))) for part in PLAN_PARTS)
    raise PromptInvalid.of(
        [ToldBack(named, "refused", _already(part, base)) for part, named in shown if named]
    )


def _already(part: str, base: Plan) -> str:
    return f"already.{base.backdrop.kind if part == 'backdrop' else part}"
