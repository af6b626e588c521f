"""Entry point of the parser: reads an instruction into a plan."""

import re
from dataclasses import dataclass

from stillroom.domain.language.acts import Act
from stillroom.domain.language.carrying import Carried, carry, parts_between
from stillroom.domain.language.clause_reading import asks
from stillroom.domain.language.completion import complete, complete_stretches, passes_over
from stillroom.domain.language.conflicts import already
from stillroom.domain.language.doubts import PROBABLE, TOLD
from stillroom.domain.language.reading import Reading, read_once, within
from stillroom.domain.language.sentence_model import chances_of
from stillroom.domain.language.words.lexicon import lexicon
from stillroom.domain.plans.plan import PLAN_PARTS, Plan, PlanPart
from stillroom.domain.told_back import NOTHING, Stretch, ToldBack

_OPENING = re.compile(
    r"(?im)^[ \t]*[-*•]\s+(?=[^\W\d])"
    r"|\A\s*(?:(?:right|well|now),|(?:ok(?:ay)? now|now then)\b,?|那就|那么)(?=.*\w)"
)
"""Marks of lists, and openings without a meaning of their own: "right, make it brighter"."""
_AROUND = " \t-'\"“”‘’()（）.，,、"


@dataclass(frozen=True, slots=True)
class Understanding:
    """Result of reading an instruction.

    Attributes:
        plan: `base` with the instruction carried into it.
        told_back: The user's own clauses that are not carried out, in their order.
        is_heard: Whether any of the words found a meaning, if only to leave something as it is.
        is_carried_out: Whether any of them has its effect, too.
    """

    plan: Plan
    told_back: tuple[ToldBack, ...]
    is_heard: bool
    is_carried_out: bool

    @property
    def asked(self) -> tuple[PlanPart, ...]:
        """The parts that the instruction speaks of."""
        return self.plan.asked


def understand(text: str, base: Plan, *, is_doubted: bool = True) -> Understanding:
    """Read an instruction, Chinese or English or both, as a change of a plan.

    Args:
        text: The instruction.
        base: The plan before it.
        is_doubted: Whether changes that the sentence model finds improbable are told back. Wishes that it is
            sure of are carried out in either case.
    """
    original, text = text, _OPENING.sub(lambda opening: " " * len(opening.group()), text)
    reading = read_once(text, lexicon())
    # What a text that corrects itself asks for is left to the grammar.
    is_readable = bool(reading.words) and not reading.is_corrected
    chances = chances_of(text, lexicon()) if is_readable else {}
    carried = carry(reading, base, chances)
    completed = complete(carried, reading, chances) or complete_stretches(carried, reading, chances)
    carried = completed or (carried if is_doubted else carry(reading, base, {}))
    if is_doubted and passes_over(carried, reading, chances):
        carried = Carried(base, base, (Stretch(0, len(text), "ambiguous"),))
    plan, told, asked = carried.plan, [*carried.told], carried.asked
    is_done = reading.is_left or bool(carried.done or carried.idle)
    if base.is_of_picture:
        changed = parts_between(base, plan)
        asked &= changed
        if not changed and (moot := _moot(carried, reading)):
            told += [Stretch(*act.span, "refused", already(act, plan)) for act in moot]
            is_done = reading.is_left
    # "Change the hue of the entire image" has no word of the lexicon that asks for anything.
    asks_anything = base.is_of_picture or any(map(asks, reading.words)) or chances.get(TOLD, 0.0) >= PROBABLE
    if not (told or is_done or reading.is_courtesy) and asks_anything:
        told.append(Stretch(0, len(text), "not_understood"))
    elif not told and reading.is_courtesy:
        told.append(Stretch(0, len(text), "refused", NOTHING))
    plan = plan.model_copy(update={"asked": tuple(part for part in PLAN_PARTS if part in asked)})
    is_heard = reading.is_heard or completed is not None
    return Understanding(plan, _told_back(original, told), is_heard, is_done)


def _moot(carried: Carried, reading: Reading) -> list[Act]:
    """Return the acts that ask for what a picture shows already, unless it shall only stay so."""
    spans = {act.span for act in carried.done if act.part}
    idle = (act for act in carried.idle if act.span not in spans)
    return [act for act in idle if not any("keep" in word for word in within(act.span, reading))]


def _told_back(text: str, told: list[Stretch]) -> tuple[ToldBack, ...]:
    found: dict[tuple[int, int], ToldBack] = {}
    for start, end, why, topic in sorted(told):
        words = text[start:end].strip(_AROUND)
        if words:
            found.setdefault((start, end), ToldBack(words, why, topic, text))
    return tuple(found.values())
