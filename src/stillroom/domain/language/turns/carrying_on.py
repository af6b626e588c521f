"""Effects of follow-ups: what was changed goes on, part of the way back, or the other way."""

from collections.abc import Mapping, Sequence
from colorsys import rgb_to_hsv
from typing import cast

from stillroom.domain.language.doubts import LABELS, labels_between, states_of
from stillroom.domain.language.turns.follow_ups import Degree, FollowUp, Way
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
_GRADED = frozenset(_path for label in LABELS if label[-1] in "+-" for _path in [label[:-1]])
"""Figures that a wish may change by a step."""
_COLOUR = "backdrop.color"
_COMPANIONS = ("shadow.kind", "backdrop.kind", "backdrop.edge_color")
"""Figures that change along with the softness of a shadow or the colour of a painted backdrop."""
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
    figures = [(path, label, step) for step in steps for path, label in _graded(*step).items()]
    sides = [label for step in steps for label in _other_sides(*step)]
    way = _meant(follow_up.way, [label for _, label, _ in figures])
    named = {_path(label) for label in (*sides, *(label for _, label, _ in figures))}
    if way is None or (follow_up.about and not named <= follow_up.about):
        return base, ""
    if way == "half" or (way == "less" and not follow_up.amount):
        plan = base
        for path, _, step in figures:
            plan = _partly(plan, path, _LEFT[follow_up.degree if way == "less" else None], step)
        return plan, ""
    language = language_like(follow_up.words)
    if way == "other_way":
        turned = [_turned(label, base, step, language) for path, label, step in figures if path in _TURNED]
        said = [*(_says(label, language) for label in sides), *turned]
    elif follow_up.amount:
        is_named = all(_fits(follow_up.amount, path) for path, _, _ in figures)
        meant = [label if way == "more" else _contrary(label) for _, label, _ in figures if is_named]
        said = [_says(label, language, follow_up.amount) for label in meant]
    else:
        said = [
            # After "too much" a whole step would go beyond what was too much.
            _says(label, language, _STEPS[language][follow_up.degree or _least(path, base, step)])
            for path, label, step in figures
        ]
    return base, _joined(said, language)


_LIGHT = {
    "backdrop": "backdrop.exposure_ev+",
    "product": "tone.exposure_ev+",
    "picture": "tone.exposure_ev+",
    "shadow": "shadow.strength-",
}
_SOFT = {"shadow": "shadow.softness+", "light": "light.fill+"}
"""Labels of one quality by the part that may have it."""


def carry_over(part: str, language: str, steps: Sequence[Step]) -> str:
    """Return plain words for what was wished before, of another part; nothing if it has no such quality."""
    labels = [label for step in steps for label in _graded(*step).values()]
    said = list[str]()
    for label in labels:
        for alike in (_LIGHT, _SOFT):
            like = next((one for one in alike.values() if _path(one) == _path(label)), None)
            if like and part in alike:
                meant = alike[part] if label == like else _contrary(alike[part])
                said.append(_says(meant, language))
    return _joined(said, language) if len(said) == len(labels) else ""


def _joined(said: Sequence[str], language: str) -> str:
    return ("，" if language == "zh" else ", ").join(said)


_USUALLY: Mapping[Way, Way] = {"up": "more", "stronger": "more", "down": "less", "weaker": "less"}
_OF_REDUCTIONS: Mapping[Way, Way] = {"up": "less", "down": "more"}


def _meant(way: Way, labels: Sequence[str]) -> Way | None:
    """Return the way that a follow-up has with the labels of a change; None if it may have two."""
    reductions = [label[-1] == "-" and _path(label) in _REDUCED for label in labels]
    if way not in _USUALLY or not any(reductions):
        return _USUALLY.get(way, way)
    return _OF_REDUCTIONS.get(way) if all(reductions) else None


def _graded(before: Plan, after: Plan) -> dict[str, str]:
    """Return the labels of what a wish changed, by the path of each figure; none if it has no degrees.

    That is so if it asked for a state, such as a scene, or for a place.
    """
    named = dict(labels_between(before, after))
    found = dict[str, str]()
    for change in changes_between(before, after):
        path = f"{change.part}.{change.field}"
        if path in _COMPANIONS:
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


def _partly(plan: Plan, path: str, left: float, step: Step) -> Plan:
    """Return a plan with a share of what a wish has changed of a figure."""
    before, after = step
    part, name = _split(path)
    if path == _COLOUR:
        pairs = ((getattr(before.backdrop, one), getattr(plan.backdrop, one)) for one in (name, "edge_color"))
        color, edge = (mixed(old, now, left) for old, now in pairs)
        return changed(plan, part, color=color, edge_color=edge)
    old, done, now = (_figure(one, path) for one in (before, after, plan))
    is_beyond = (now - old) * (done - old) > 0
    figure = old + left * (now - old) if is_beyond else now - (1 - left) * (done - old)
    return changed(plan, part, **{name: figure})


def taken_back(plan: Plan, step: Step) -> Plan:
    """Return a plan without what a wish has changed of it, also where a candidate shows less of that."""
    before, after = step
    for change in changes_between(before, after):
        if change.part == "framing" and before.backdrop != after.backdrop:
            continue  # a scene shows more around the product
        path, now = f"{change.part}.{change.field}", getattr(getattr(plan, change.part), change.field)
        back = change.old
        if now != change.new and path in _GRADED:
            old, done = _figure(before, path), _figure(after, path)
            is_less = (now - old) * (done - now) > 0
            back = now * old / done if path == "framing.fill" else old if is_less else now - (done - old)
        plan = changed(plan, change.part, **{change.field: back})
    return plan


def _fits(amount: str, path: str) -> bool:
    """Whether a figure is named in the unit of an amount: degrees, stops or a share."""
    if degrees(amount) is not None:
        return path in ("framing.rotation_deg", "light.elevation_deg")
    if stops(amount) is not None:
        return path == "tone.exposure_ev"
    return share(amount) is not None


def _least(path: str, base: Plan, step: Step) -> Degree | None:
    """Return a slight degree where a figure has gone part of its way back, else the usual one."""
    if path == _COLOUR:
        return None
    old, done, now = (_figure(plan, path) for plan in (*step, base))
    return "slight" if min(old, done) < now < max(old, done) else None


def _turned(label: str, base: Plan, step: Step, language: str) -> str:
    """Return words for the contrary of a step; an angle is turned to the other side exactly."""
    size = _STEPS[language]["strong"]
    if _path(label) == "framing.rotation_deg":
        angle = 2 * abs(base.framing.rotation_deg - step[0].framing.rotation_deg)
        size = _ANGLE[language].format(round(angle, 1))
    return _says(_contrary(label), language, size)


def _contrary(label: str) -> str:
    return f"{label[:-1]}{_OPPOSITE[label[-1]]}"


def _says(label: str, language: str, size: str = "") -> str:
    """Return plain words for a step of a label, of a size of its own, or for a side."""
    says = LABELS[label].step
    usual = _STEPS[language][None]
    return says.to(language).replace(usual, size or usual) if says else ""


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
