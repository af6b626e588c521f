"""Entry point of the parser: reads an instruction into a plan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from stillroom.domain.language.acts import Act
from stillroom.domain.language.carrying import Carried, carry, parts_between
from stillroom.domain.language.clause_reading import asks
from stillroom.domain.language.clauses.coordination import named_likewise
from stillroom.domain.language.clauses.phrases import CONTENT, is_filler
from stillroom.domain.language.completion import complete, complete_stretches, passes_over
from stillroom.domain.language.conflicts import already
from stillroom.domain.language.doubts import POSSIBLE
from stillroom.domain.language.facts import without_facts
from stillroom.domain.language.openings import says_nothing, without_openings
from stillroom.domain.language.outcomes import without_outcomes
from stillroom.domain.language.paraphrases import paraphrased
from stillroom.domain.language.reading import Reading, read_once, within
from stillroom.domain.language.reasons import without_reasons
from stillroom.domain.language.sentence_model import chances_of, sentence_model
from stillroom.domain.language.turns.carrying_on import Step, carry_on, carry_over, taken_back
from stillroom.domain.language.turns.corrections import corrected, correction_at_start
from stillroom.domain.language.turns.follow_ups import follow_up_in
from stillroom.domain.language.turns.slots import replaced
from stillroom.domain.language.turns.withdrawals import Withdrawal, withdrawals_in, without
from stillroom.domain.language.wishes.complaints import FEELING
from stillroom.domain.language.words.amounts import without_present
from stillroom.domain.language.words.lexicon import lexicon
from stillroom.domain.language.words.tokeniser import tokenise
from stillroom.domain.plans.plan import PLAN_PARTS, Plan, PlanPart, changed
from stillroom.domain.told_back import NOTHING, Stretch, ToldBack
from stillroom.domain.words import language_like

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
        base: The plan before it; a follow-up, such as "a bit more", is about the last of the wishes `said`.
        is_doubted: Whether changes that the sentence model finds improbable are told back. Wishes that it is
            sure of are carried out in either case.
    """
    plan, said = followed(text, base)
    if said == text and _is_open(text):
        told_back = (ToldBack(text.strip(), "ambiguous", "follow_up", text),)
        return Understanding(base.model_copy(update={"asked": ()}), told_back, False, False)
    understood = _understand(said, plan, is_doubted=is_doubted)
    told = (one if one.text in text else one._replace(text=text.strip()) for one in understood.told_back)
    understood = replace(understood, told_back=tuple(told))
    if plan is base:
        return understood
    asked = {*understood.asked, *parts_between(base, plan)}
    after = understood.plan.model_copy(update={"asked": tuple(one for one in PLAN_PARTS if one in asked)})
    return replace(understood, plan=after, is_heard=True, is_carried_out=True)


def _is_open(text: str) -> bool:
    """Whether a text is a follow-up that leaves open what of it is meant."""
    follow_up = follow_up_in(text, _is_remark)
    is_open = follow_up is not None and not (follow_up.rest or follow_up.about)
    return is_open or _named_likewise(text) is not None


def followed(text: str, base: Plan) -> tuple[Plan, str]:
    """Return what a follow-up at the start of a text leaves to be read, and the plan to read it on.

    More of the wish before, or the same of another thing, is said in full: "a bit more" after "warmer" is "a
    bit warmer". So is what was meant instead, by the turn before or by the text itself. Less of it is carried
    out here, and so are clauses that take back a wish by its name. Both stay as they are where the text is no
    follow-up, or the wish before has no degrees.
    """
    text = without_outcomes(without_present(text))
    if not base.said:
        return base, corrected(text)
    withdrawn = _withdrawn(text, base)
    if withdrawn:
        plan = base
        for _, step, _ in withdrawn:
            plan = taken_back(plan, step)
        return followed(without(text, [one for *_, one in withdrawn]), plan)
    part = _named_likewise(text)
    if part is not None:
        return base, carry_over(part, language_like(text), _last_steps(base)) or text
    correction = _correction_of_last(text, base)
    if correction is not None:
        return correction.plan, correction.text
    follow_up = follow_up_in(text, _is_remark)
    if follow_up is None:
        return base, corrected(text)
    if not _stands_alone(follow_up.rest, base):
        return base, text
    rest = "" if _is_remark(follow_up.rest) else follow_up.rest
    after, words = carry_on(follow_up, base, _last_steps(base))
    if words:
        return base, f"{words}{', ' * bool(rest)}{rest}"
    return (base, text) if after == base else (after, rest)


@dataclass(frozen=True, slots=True)
class _Corrected:
    """A wish of the last turn with what was meant instead.

    Attributes:
        plan: The plan without what it has changed.
        text: What is to be read on that.
        wish: As it was said.
    """

    plan: Plan
    text: str
    wish: str


def _correction_of_last(text: str, base: Plan) -> _Corrected | None:
    if not base.said:
        return None
    follow_up = follow_up_in(text, _is_remark)
    rest = follow_up.rest if follow_up else ""
    found = correction_at_start(text, base.said_last_turn)
    if found is None or (follow_up and not rest):
        return None
    correction, rest = found
    for wish, step in reversed([*zip(base.said_last_turn, _last_steps(base), strict=True)]):
        said = replaced(wish, correction.slots, correction.said)
        if said is not None:
            return _Corrected(taken_back(base, step), f"{said}{', ' * bool(rest)}{rest}", wish)
    return None


def wish_corrected_by(text: str, base: Plan) -> str | None:
    """Return the wish of the last turn that a text corrects, and that no longer stands; None without one."""
    correction = _correction_of_last(text, base)
    return correction.wish if correction else None


def wishes_withdrawn_by(text: str, base: Plan) -> tuple[str, ...]:
    """Return the wishes that a text takes back by their names, and that no longer stand."""
    return tuple(wish for wish, _, _ in _withdrawn(text, base))


def _withdrawn(text: str, base: Plan) -> list[tuple[str, Step, Withdrawal]]:
    """Return the wishes that a text takes back, as they change a plan, with the clauses that do so."""
    withdrawals = withdrawals_in(text)
    left = [*zip(base.said, _steps(base, base.said), strict=True)] if withdrawals else []
    found = list[tuple[str, Step, Withdrawal]]()
    for one in withdrawals:
        at = next((at for at in reversed(range(len(left))) if one.matches(*left[at])), None)
        if at is not None:
            found.append((*left.pop(at), one))
    return found


def _last_steps(base: Plan) -> list[Step]:
    """Return the wishes of the last turn, as they change a plan that is read anew."""
    return _steps(base, base.said_last_turn)


def _steps(base: Plan, last: Sequence[str]) -> list[Step]:
    """Return the last of the wishes `said`, as they change a plan that is read anew."""
    plan = read(Plan(), base.said[: len(base.said) - len(last)])
    if read(plan, last).backdrop.kind != base.backdrop.kind:
        # The photo's own, or that of the candidate that was chosen: no wish asked for it.
        plan = changed(plan, "backdrop", kind=base.backdrop.kind, scene=base.backdrop.scene)
    steps = list[Step]()
    for wish in last:
        before, plan = plan, _understand(wish, plan, is_doubted=False).plan
        steps.append((before, plan))
    return steps


_LONGEST_LIKEWISE = 60
"""Characters of a text that may say no more than that; bounds the time."""


def _named_likewise(text: str) -> str | None:
    """Return the part that shall be likewise, "same for the background"; None if a text says more."""
    if len(text) > _LONGEST_LIKEWISE:
        return None
    tokens = tokenise(text, lexicon())
    fillers = [token for token in tokens if is_filler(token)]
    name = named_likewise([token for token in tokens if not is_filler(token)], fillers)
    after = tokens[tokens.index(name) + 1 :] if name else ()
    # "Too low" and "too contrasty" are complaints.
    is_said = all(one.isa("also") or "likewise" in one or one.get("filler") == "courtesy" for one in after)
    return name.get("part") or None if name and is_said else None


_NAMING = (CONTENT - {"adjective", "else", "number", "unread"}) | {"undo", "keep", "none"}
"""Kinds of words that say what a clause is about."""


def _is_remark(text: str) -> bool:
    """Whether a clause asks for nothing and says nothing about a part: "looks fake now", "my eyes!"."""
    reading = read_once(text, lexicon())
    names = any(word.of(_NAMING) for word in reading.words if word.get("part") not in ("product", "picture"))
    if names or any(act.part for act in reading.acts) or not sentence_model().knows(text):
        return False
    is_feeling = any(act.key == FEELING for act in reading.acts)
    return is_feeling or all(chance < POSSIBLE for chance in chances_of(text, lexicon()).values())


def _stands_alone(rest: str, base: Plan) -> bool:
    """Whether what comes after a follow-up does not say what it is about: "a bit more, the shadow"."""
    return _is_remark(rest) or bool(parts_between(base, _understand(rest, base, is_doubted=True).plan))


def read(plan: Plan, texts: Sequence[str]) -> Plan:
    """Carry wishes into a plan one after the other; what was asked is not noted in it."""
    for text in texts:
        plan = understand(text, plan, is_doubted=False).plan
    return plan.model_copy(update={"asked": ()})


def _understand(text: str, base: Plan, *, is_doubted: bool) -> Understanding:
    original, text = text, without_reasons(paraphrased(without_openings(without_facts(text))))
    reading = read_once(text, lexicon())
    # What a text that corrects itself asks for is left to the grammar.
    is_readable = not (reading.is_corrected or reading.is_courtesy)
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
    asks_anything = base.is_of_picture or any(map(asks, reading.words))
    asks_anything |= any(chance >= POSSIBLE for chance in chances.values())
    if not (told or is_done or reading.is_courtesy) and asks_anything:
        told.append(Stretch(0, len(text), "not_understood"))
    elif not told and (reading.is_courtesy or (says_nothing(text) and not says_nothing(original))):
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
