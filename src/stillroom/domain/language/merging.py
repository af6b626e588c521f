"""Merging of standing wishes: which wishes a new one replaces, and the plan without a wish."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from stillroom.domain.language.clause_reading import MOST_PHRASES
from stillroom.domain.language.reader import followed, read, understand
from stillroom.domain.language.words.lexicon import Lexicon, lexicon
from stillroom.domain.plans.changes import PartialPlan, changes_between
from stillroom.domain.plans.measured import Lighting, Perspective
from stillroom.domain.plans.plan import (
    PLAN_PARTS,
    Backdrop,
    Context,
    Detail,
    Framing,
    Light,
    Plan,
    PlanPart,
    Shadow,
    Tone,
    changed,
)
from stillroom.domain.plans.wishes import Wish

ELSEWHERE = Plan(
    backdrop=Backdrop(kind="color", color="#4a6a9c", edge_color="#3a5a8c", blur=0.3),
    shadow=Shadow(kind="hard", strength=0.8, softness=1.3),
    light=Light(azimuth_deg=17.0, elevation_deg=51.0, strength=0.42, fill=0.2, rim=0.1),
    tone=Tone(
        white_balance=0.3, auto_exposure=False, mired=9.0, exposure_ev=0.1, contrast=0.1, saturation=0.9
    ),
    framing=Framing(fill=0.55, x=0.45, y=0.55, aspect="photo"),
    detail=Detail(denoise=0.3, sharpen=0.4, clarity=0.2, straighten=False),
)
"""A plan that no usual wish leads to, so that whatever a wish sets can be told from it."""

_Part = TypeVar("_Part", Lighting, Perspective)

_CLAUSE = re.compile(r"[^,，.。;；!！\n]+(?:\.\d+[^,，.。;；!！\n]*)*")
"""A stretch between punctuation; a point within a number does not end it."""

_JOINT = re.compile(r"^(?:\s|and |with |plus )+|(?:\s| and| with| plus)+$")
"""Conjunctions that are left at the ends of a clause."""


def clauses(text: str, plan: Plan) -> tuple[str, ...]:
    """Split an instruction into the wishes that are carried out, unless they depend on each other.

    More of the wish before is a wish that is said in full; less of it is none. Of more clauses than are read
    of one text none is read alone, which bounds the time.
    """
    plan, text = followed(text, plan)
    parts = [part.strip() for part in _CLAUSE.findall(text)]
    whole = understand(text, plan)
    if not whole.is_carried_out:
        return ()
    if len(parts) > MOST_PHRASES:
        return (text.strip(),)
    done = tuple(said for part in parts if (said := _carried_out(part, plan)))
    return done if _same(read(plan, done), whole.plan) else (text.strip(),)


def _carried_out(text: str, plan: Plan) -> str:
    """Return the words of a clause that are carried out; what is told back is no standing wish."""
    understood = understand(text, plan)
    if not understood.is_carried_out:
        return ""
    left = text
    for told in understood.told_back:
        left = left.replace(told.text, " ")
    left = _JOINT.sub("", left)
    alone = understand(left, plan)
    return left if alone.is_carried_out and _same(alone.plan, understood.plan) else text


def parts_of(texts: Sequence[str]) -> frozenset[PlanPart]:
    """The parts of a plan that wishes speak of."""
    return frozenset(part for text in texts for part in understand(text, Plan()).asked)


@lru_cache(maxsize=4096)
def is_replaced(old: str, new: str, _words: Lexicon | None = None) -> bool:
    """Whether after the new wish nothing of the old one is left to see, wherever one starts.

    A wish of degree, such as "warmer", goes on from the one before and replaces nothing. The words are a key
    of the cache, for they may change.
    """
    spoken_of = parts_of([old])
    if not spoken_of or not spoken_of <= parts_of([new]):
        return False
    return all(
        _seen(read(start, [old, new]), part) == _seen(read(start, [new]), part)
        for start in (Plan(), ELSEWHERE)
        for part in spoken_of
    )


def is_overruled(text: str, changes: PartialPlan) -> bool:
    """Whether fields that are set directly include everything that a wish sets, wherever one starts."""
    given = {(part, field) for part, fields in changes.items() for field in fields}
    if given & {("backdrop", "kind"), ("backdrop", "scene")}:
        given |= {("backdrop", field) for field in Backdrop.model_fields}
    wished = {
        (change.part, change.field)
        for start in (Plan(), ELSEWHERE)
        for heard in [understand(text, start)]
        for change in changes_between(start, heard.plan)
        if change.part in heard.asked
    }
    return bool(wished) and wished <= given


@dataclass(frozen=True, slots=True)
class Settled:
    """A list of wishes with new ones in it.

    Attributes:
        wishes: What stands now, in order.
        replaced: Pairs of a wish and the older one that it replaced.
    """

    wishes: tuple[Wish, ...]
    replaced: tuple[tuple[Wish, Wish], ...]


def settled(standing: Sequence[Wish], new: Sequence[Wish], corrected: str | None = None) -> Settled:
    """Add wishes in the order they were said; the latest wins over every older one that it replaces.

    Args:
        corrected: The text of a standing wish that the first of the new ones replaces in any case.
    """
    wishes: list[Wish] = []
    replaced: list[tuple[Wish, Wish]] = []
    for wish in (*standing, *new):
        meant = corrected if new and wish == new[0] else None
        gone = [
            old
            for old in wishes
            if not old.locked and (old.text == meant or is_replaced(old.text, wish.text, lexicon()))
        ]
        replaced += [(wish, old) for old in gone]
        wishes = [old for old in wishes if old not in gone]
        wishes.append(wish)
    return Settled(tuple(wishes), tuple(replaced))


def without_the_dropped(base: Plan, texts: Sequence[str]) -> tuple[Plan, frozenset[PlanPart]]:
    """Bring a picture's plan to the wishes that stand now; return it with the parts that differ.

    What was chosen among candidates stays where no wish tells otherwise, and so does the product's place.
    """
    # Standing wishes that were said before are in the picture already, in whatever strength was chosen.
    before, after = read(Plan(), base.said), read(Plan(), texts)
    moved = parts_of([*beyond(base.said, texts), *beyond(texts, base.said)])
    plan, parts = base, set[PlanPart]()
    for part in PLAN_PARTS:
        old, new = getattr(before, part), getattr(after, part)
        if old == new or (part == "framing" and part not in moved):
            continue
        fields = type(old).model_fields
        # The fields of a backdrop mean something only together.
        differing = {
            name: getattr(new, name)
            for name in fields
            if part == "backdrop" or getattr(old, name) != getattr(new, name)
        }
        plan = changed(plan, part, **differing)
        parts.add(part)
    return plan.model_copy(update={"said": tuple(texts)}), frozenset(parts)


def held_to(context: Context, plan: Plan) -> Context:
    """Return the photo as measured, changed by what a plan asks, which has the confidence 1."""
    measured = context.color_tone
    kelvin = _warmed(measured.kelvin, plan.tone.mired)
    tone = {
        "kelvin": kelvin,
        "exposure_ev": _rounded(measured.exposure_ev, 1.0, plan.tone.exposure_ev),
        # A power curve stretches the logarithms that contrast is measured on.
        "contrast": _rounded(measured.contrast, 1 + 0.5 * plan.tone.contrast),
        "saturation": _rounded(measured.saturation, plan.tone.saturation),
    }
    light: dict[str, float] = {}
    if plan.light.azimuth_deg is not None:
        light = {"azimuth_deg": plan.light.azimuth_deg, "elevation_deg": plan.light.elevation_deg}
    size = {"scale": plan.framing.fill} if "framing" in parts_of(plan.said) else {}
    return context.model_copy(
        update={
            "lighting": _asked(context.lighting, light).model_copy(update={"kelvin": kelvin}),
            "perspective": _asked(context.perspective, size),
            "color_tone": measured.model_copy(update=tone),
        }
    )


def _asked(part: _Part, figures: Mapping[str, float]) -> _Part:
    """A measurement in which figures were asked to be what they are, and are sure by that."""
    sure = dict.fromkeys(figures, 1.0)
    return part.model_copy(update={**figures, "confidence": {**part.confidence, **sure}})


def _warmed(kelvin: float | None, mired: float) -> float | None:
    return kelvin if kelvin is None or mired == 0 else float(round(1e6 / (1e6 / kelvin + mired)))


def _rounded(figure: float | None, factor: float, step: float = 0.0) -> float | None:
    return None if figure is None else round(figure * factor + step, 3)


def beyond(texts: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """The texts that are not among the others, in their order; said twice is more than said once."""
    left = Counter(others)
    found = []
    for text in texts:
        if left[text]:
            left[text] -= 1
        else:
            found.append(text)
    return tuple(found)


def _seen(plan: Plan, part: PlanPart) -> object:
    """The visible figures of a part: of a shadow that is not there, none."""
    return "none" if part == "shadow" and plan.shadow.kind == "none" else getattr(plan, part)


def _same(one: Plan, other: Plan) -> bool:
    ignored = {"asked": (), "said": (), "said_last": None}
    return one.model_copy(update=ignored) == other.model_copy(update=ignored)
