"""Effects of follow-ups: what was changed goes on, part of the way back, or the other way."""

from collections.abc import Collection, Mapping, Sequence
from colorsys import rgb_to_hsv
from typing import cast

from stillroom.domain.language.doubts import LABELS, labels_between, states_of
from stillroom.domain.language.follow_ups import Degree, FollowUp, Way
from stillroom.domain.language.wishes.paint import mixed
from stillroom.domain.language.words.amounts import degrees, share, stops
from stillroom.domain.plans.changes import changes_between
from stillroom.domain.plans.plan import Plan, PlanPart, changed
from stillroom.domain.words import language_like

Step = tuple[Plan, Plan]
"""A plan before a wish and after it."""

_LEFT: Mapping[Degree | None, float] = {"slight": 0.7, None: 0.5, "strong": 0.25}
"""Share of a change that is left, by how much too much it was."""
_STEPS: Mapping[str, Mapping[Degree | None, str]] = {
    "zh": {None: "一点", "slight": "一点点", "strong": "很多"},
    "en": {None: "a bit", "slight": "a touch", "strong": "a lot"},
}
"""Words for a step of a label by degree; that of the catalogue is the usual one."""
_ANGLE = {"zh": "{:g}度", "en": "{:g} degrees"}
_OPPOSITE = {"+": "-", "-": "+", "left": "right", "right": "left"}
_TURNED = ("framing.x", "framing.y", "framing.rotation_deg", "tone.mired", "tone.exposure_ev")
"""Figures of which the contrary is another way, and not less."""
_REDUCED = (
    *("tone.contrast", "tone.saturation", "shadow.strength", "shadow.reflection", "backdrop.blur"),
    *("light.strength", "light.fill", "light.rim", "detail.clarity", "detail.sharpen", "detail.denoise"),
)
"""Figures of which there may be less: "tone it down" goes on with that, and does not take it back."""
_COLOUR = "backdrop.color"
_OF_COLOUR = ("backdrop.kind", "backdrop.edge_color")
"""Figures that change along with the colour of a painted backdrop."""
_LEAST_SATURATION, _SAME_HUE = 0.1, 0.03
"""Saturation up to which a colour is a grey, and difference of hues, both of 1, up to which they are one."""


def carry_on(follow_up: FollowUp, base: Plan, steps: Sequence[Step]) -> tuple[Plan, str]:
    """Carry less of some wishes into a plan, or return more of them in plain words: "a bit brighter".

    Args:
        base: A plan with all that they have changed.
        steps: The wishes as they change a plan of their own.

    Returns:
        `base` and nothing if they leave open what is meant.
    """
    figures = [(before, after, _graded(before, after)) for before, after in steps]
    sides = [label for before, after in steps for label in _other_sides(before, after)]
    labels = [label for _, _, found in figures for label in found.values()]
    way = _meant(follow_up.way, labels)
    named = {_path(label) for label in (*labels, *sides)}
    if way is None or (follow_up.about and not named <= follow_up.about):
        return base, ""
    if way == "half" or (way == "less" and not follow_up.amount):
        left = _LEFT[follow_up.degree if way == "less" else None]
        plan = base
        for before, after, found in figures:
            for path in found:
                plan = _partly(plan, path, left, before, after)
        return plan, ""
    language = language_like(follow_up.words)
    said = [_says(label, language) for label in sides] if way == "other_way" else []
    for before, after, found in figures:
        for path, label in found.items():
            if way == "other_way":
                said += [_turned(label, base, before, language)] if path in _TURNED else []
            elif follow_up.amount:
                meant = label if way == "more" else _contrary(label)
                said.append(_says(meant, language, follow_up.amount) if _fits(follow_up.amount, path) else "")
            else:
                # After "too much" a whole step would go beyond what was too much.
                is_part = path != _COLOUR and _lies_between(base, before, after, path)
                degree = follow_up.degree or ("slight" if is_part else None)
                said.append(_says(label, language, _STEPS[language][degree]))
    return base, ("，" if language == "zh" else ", ").join(said) if all(said) else ""


def _meant(way: Way, labels: Collection[str]) -> Way | None:
    """Return the way that a follow-up has with the labels of a change; None if it may have two."""
    reductions = [label[-1] == "-" and _path(label) in _REDUCED for label in labels]
    if way in ("more", "again", "less", "half", "other_way") or not any(reductions):
        return {"up": "more", "stronger": "more", "down": "less", "weaker": "less"}.get(way, way)  # type: ignore[return-value]
    return {"up": "less", "down": "more"}.get(way) if all(reductions) else None  # type: ignore[return-value]


def _graded(before: Plan, after: Plan) -> dict[str, str]:
    """Return the labels of what a wish changed, by the path of each figure; none if it has no degrees.

    That is so if it asked for a state, such as a scene, or for a place. A hard kind of shadow is a degree.
    """
    named = dict(labels_between(before, after))
    found = dict[str, str]()
    for change in changes_between(before, after):
        path = f"{change.part}.{change.field}"
        is_kind = path == "shadow.kind" or (path in _OF_COLOUR and _is_shade(before, after))
        if change.part not in after.asked or (is_kind and "none" not in change):
            continue
        figure = "backdrop.exposure_ev" if path == _COLOUR and _is_shade(before, after) else path
        steps = [label for label in named.get(path, ()) if label[:-1] == figure and LABELS[label].step]
        if not steps or (figure == path and _figure(before, path) == _figure(after, path)):
            return {}
        found[path] = steps[0]
    return found


def _is_shade(before: Plan, after: Plan) -> bool:
    """Whether a painted backdrop has only become lighter or darker, as white does that turns grey."""
    if not {before.backdrop.kind, after.backdrop.kind} <= {"white", "color"}:
        return False
    old, new = (_hue_and_saturation(plan.backdrop.color) for plan in (before, after))
    is_grey = max(old[1], new[1]) < _LEAST_SATURATION
    return is_grey or (min(old[1], new[1]) >= _LEAST_SATURATION and abs(old[0] - new[0]) < _SAME_HUE)


def _hue_and_saturation(color: str) -> tuple[float, float]:
    hue, saturation, _ = rgb_to_hsv(*(channel / 255 for channel in bytes.fromhex(color[1:])))
    return hue, saturation


def _other_sides(before: Plan, after: Plan) -> list[str]:
    """Return the labels of the sides that are opposite to those that a wish named; none of a style."""
    if before.backdrop != after.backdrop:
        return []
    new = (label.partition("=") for label in states_of(after) - states_of(before))
    return [f"{path}={_OPPOSITE[side]}" for path, _, side in new if side in _OPPOSITE]


def _partly(plan: Plan, path: str, left: float, before: Plan, after: Plan) -> Plan:
    """Return a plan with a share of what a wish has changed of a figure."""
    part, name = _split(path)
    if path == _COLOUR:
        pairs = ((getattr(before.backdrop, one), getattr(plan.backdrop, one)) for one in (name, "edge_color"))
        color, edge = (mixed(old, now, left) for old, now in pairs)
        return changed(plan, part, color=color, edge_color=edge)
    old, done, now = (_figure(one, path) for one in (before, after, plan))
    is_beyond = (now - old) * (done - old) > 0
    figure = old + left * (now - old) if is_beyond else now - (1 - left) * (done - old)
    return changed(plan, part, **{name: figure})


def _fits(amount: str, path: str) -> bool:
    """Whether a figure is named in the unit of an amount: degrees, stops or a share."""
    if degrees(amount) is not None:
        return path in ("framing.rotation_deg", "light.elevation_deg")
    if stops(amount) is not None:
        return path == "tone.exposure_ev"
    return share(amount) is not None and path != "framing.rotation_deg"


def _lies_between(base: Plan, before: Plan, after: Plan, path: str) -> bool:
    old, done, now = (_figure(one, path) for one in (before, after, base))
    return min(old, done) < now < max(old, done)


def _turned(label: str, base: Plan, before: Plan, language: str) -> str:
    """Return words for the contrary of a step; an angle is turned to the other side exactly."""
    step = _STEPS[language]["strong"]
    if _path(label) == "framing.rotation_deg":
        angle = 2 * abs(base.framing.rotation_deg - before.framing.rotation_deg)
        step = _ANGLE[language].format(round(angle, 1))
    return _says(_contrary(label), language, step)


def _contrary(label: str) -> str:
    return f"{label[:-1]}{_OPPOSITE[label[-1]]}"


def _says(label: str, language: str, step: str = "") -> str:
    """Return plain words for a step of a label, of a size of its own, or for a side."""
    says = LABELS[label].step
    usual = _STEPS[language][None]
    return says.to(language).replace(usual, step or usual) if says else ""


def _path(label: str) -> str:
    return label.rstrip("+-").partition("=")[0]


def _split(path: str) -> tuple[PlanPart, str]:
    part, _, name = path.partition(".")
    return cast(PlanPart, part), name


def _figure(plan: Plan, path: str) -> float:
    """Return a figure of a plan; where the photo decides, the product is in the middle and all else is 0."""
    part, name = _split(path)
    value = getattr(getattr(plan, part), name)
    return (0.5 if part == "framing" else 0.0) if value is None else float(value)
