"""Follow-ups: texts that only say how far the wish before them shall go, "a bit more" or "too much".

Their words are matched whole: a text with any other word in the same clause is no follow-up.
"""

import re
from collections.abc import Mapping, Sequence
from colorsys import rgb_to_hsv
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from stillroom.domain.language.doubts import LABELS, labels_between, states_of
from stillroom.domain.language.wishes.paint import mixed
from stillroom.domain.language.words.lexicon import language_file, plain
from stillroom.domain.plans.changes import changes_between
from stillroom.domain.plans.plan import Plan, PlanPart, changed
from stillroom.domain.words import language_like

Way = Literal["more", "again", "less", "half", "other_way"]
Degree = Literal["slight", "strong"]

Step = tuple[Plan, Plan]
"""A plan before a wish and after it."""


class FollowUpFile(BaseModel):
    """Content of `follow_ups.json`.

    Attributes:
        ways: Words for what shall happen to the wish before.
        degrees: Words for how much of it; those for a usual step are blank.
        blank: Words that add nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: str | None = Field(default=None, alias="$schema")
    ways: Mapping[Way, tuple[str, ...]]
    degrees: Mapping[Degree, tuple[str, ...]]
    blank: tuple[str, ...]


_FILE = FollowUpFile.model_validate_json(language_file("follow_ups.json"))
_WAYS: Mapping[str, Way] = {word: way for way, words in _FILE.ways.items() for word in words}
_DEGREES: Mapping[str, Degree] = {word: degree for degree, words in _FILE.degrees.items() for word in words}
_STOPS = ",，.。;；!！?？~、…—\n"
_WORD = re.compile(
    r"\s+|"
    + "|".join(
        rf"{re.escape(word)}(?![a-z'])" if word[-1].isascii() else re.escape(word)
        for word in sorted({*_WAYS, *_DEGREES, *_FILE.blank}, key=len, reverse=True)
    )
)
_CLAUSE = re.compile(rf"([^{_STOPS}]+)[{_STOPS}\s]*")

_LEFT: Mapping[Degree | None, float] = {"slight": 0.7, None: 0.5, "strong": 0.25}
"""Share of a change that is left, by how much too much it was."""
_STEPS: Mapping[str, Mapping[Degree | None, str]] = {
    "zh": {None: "一点", "slight": "一点点", "strong": "很多"},
    "en": {None: "a bit", "slight": "a touch", "strong": "a lot"},
}
"""Words for a step of a label by degree; that of the catalogue is the usual one."""
_ANGLE = {"zh": "{:g}度", "en": "{:g} degrees"}
_OPPOSITE = {"+": "-", "-": "+", "left": "right", "right": "left"}


_COLOUR = "backdrop.color"
_OF_COLOUR = ("backdrop.kind", "backdrop.edge_color")
"""Figures that change along with the colour of a painted backdrop."""
_LEAST_SATURATION, _SAME_HUE = 0.1, 0.03
"""Saturation up to which a colour is a grey, and difference of hues, both of 1, up to which they are one."""
_TURNED = tuple(
    f"{path}{way}"
    for path in ("framing.x", "framing.y", "framing.rotation_deg", "tone.mired", "tone.exposure_ev")
    for way in "+-"
)
"""Labels of which the contrary is another way, and not less."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up at the start of a text.

    Attributes:
        degree: None is a usual one.
        rest: What the text says after it.
    """

    way: Way
    degree: Degree | None
    words: str
    rest: str

    @property
    def is_reduction(self) -> bool:
        return self.way in ("less", "half")


def follow_up_in(text: str) -> FollowUp | None:
    """Return the follow-up that a text begins with, after greetings and praise; None without one."""
    ways, degrees, end = set[Way](), set[Degree](), 0
    for clause in _CLAUSE.finditer(plain(text)):
        words = _words_of(clause[1])
        if words is None:
            break
        ways |= {_WAYS[word] for word in words if word in _WAYS}
        degrees |= {_DEGREES[word] for word in words if word in _DEGREES}
        end = clause.end() if ways else 0
    if ways == {"less", "half"}:  # "too much, half of that"
        ways = {"half"}
    if len(ways) != 1 or len(degrees) > 1:
        return None
    return FollowUp(ways.pop(), degrees.pop() if degrees else None, text[:end], text[end:])


def _words_of(clause: str) -> list[str] | None:
    """Return the words of a clause that has none but those of follow-ups; None of any other."""
    words, at = list[str](), 0
    while at < len(clause):
        found = _WORD.match(clause, at)
        if not found:
            return None
        words.append(found.group())
        at = found.end()
    return words


def reduced(follow_up: FollowUp, base: Plan, steps: Sequence[Step]) -> Plan:
    """Return a plan with only a share of what some wishes have changed.

    Args:
        base: A plan with all of it.
        steps: The wishes as they change a plan of their own.
    """
    share = _LEFT[follow_up.degree if follow_up.way == "less" else None]
    plan = base
    for before, after in steps:
        for path in _graded(before, after):
            part, name = _split(path)
            if path == _COLOUR:
                old_colours, colours = (
                    (one.backdrop.color, one.backdrop.edge_color) for one in (before, base)
                )
                color, edge = (mixed(*pair, share) for pair in zip(old_colours, colours, strict=True))
                plan = changed(plan, part, color=color, edge_color=edge)
                continue
            old, done, now = (_figure(one, path) for one in (before, after, base))
            is_beyond = (now - old) * (done - old) > 0
            left = old + share * (now - old) if is_beyond else now - (1 - share) * (done - old)
            plan = changed(plan, part, **{name: left})
    return plan


def words_for(follow_up: FollowUp, base: Plan, steps: Sequence[Step]) -> str:
    """Return what a follow-up asks for in full, "a bit brighter"; nothing if the wishes leave it open.

    Args:
        base: As for `reduced`.
        steps: As for `reduced`.
    """
    language = language_like(follow_up.words)
    said = list[str]()
    for before, after in steps:
        labels = _graded(before, after)
        if follow_up.way == "other_way":
            said += [_says(label, language) for label in _other_sides(before, after)]
            said += [_turned(label, base, before, language) for label in labels.values() if label in _TURNED]
            continue
        for path, label in labels.items():
            # After "too much" a whole step would go beyond what was too much.
            is_less = path != _COLOUR and _lies_between(base, before, after, path)
            said.append(_says(label, language, follow_up.degree or ("slight" if is_less else None)))
    return ("，" if language == "zh" else ", ").join(said)


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


def _lies_between(base: Plan, before: Plan, after: Plan, path: str) -> bool:
    old, done, now = (_figure(one, path) for one in (before, after, base))
    return min(old, done) < now < max(old, done)


def _turned(label: str, base: Plan, before: Plan, language: str) -> str:
    """Return words for the contrary of a step; an angle is turned to the other side exactly."""
    says = _says(f"{label[:-1]}{_OPPOSITE[label[-1]]}", language, "strong")
    if label[:-1] != "framing.rotation_deg":
        return says
    angle = 2 * abs(base.framing.rotation_deg - before.framing.rotation_deg)
    return says.replace(_STEPS[language]["strong"], _ANGLE[language].format(round(angle, 1)))


def _says(label: str, language: str, degree: Degree | None = None) -> str:
    step = LABELS[label].step
    return step.to(language).replace(_STEPS[language][None], _STEPS[language][degree]) if step else ""


def _split(path: str) -> tuple[PlanPart, str]:
    part, _, name = path.partition(".")
    return part, name  # type: ignore[return-value]


def _figure(plan: Plan, path: str) -> float:
    """Return a figure of a plan; where the photo decides, the product is in the middle and all else is 0."""
    part, name = _split(path)
    value = getattr(getattr(plan, part), name)
    return (0.5 if part == "framing" else 0.0) if value is None else float(value)
