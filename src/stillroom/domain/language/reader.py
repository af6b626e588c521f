"""Entry point of the parser: takes a text through all steps, and an instruction into a plan.

`read_once` gives the acts of a text and what is told back of it on any plan; `understand` carries the acts
into one plan, and tells back those that have no place on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from stillroom.domain.language import acts
from stillroom.domain.language.acts import ONLY_NAMED, Act, in_turn
from stillroom.domain.language.clause_reading import MOST_PHRASES, asks, read_clause
from stillroom.domain.language.clauses.phrases import Phrase
from stillroom.domain.language.clauses.requests import retraction, unwished, without_statements
from stillroom.domain.language.completion import is_measured, plain_words
from stillroom.domain.language.conflicts import already, contradictions, standing
from stillroom.domain.language.doubts import TOLD, is_doubtful, missed
from stillroom.domain.language.sentence_model import Chances, chances_of, sentence_model
from stillroom.domain.language.validation import settle_figures
from stillroom.domain.language.wishes.added import LAID
from stillroom.domain.language.wishes.backdrop_changes import blurs, is_lit_by_sun, stages
from stillroom.domain.language.wishes.complaints import FEELING
from stillroom.domain.language.words.lexicon import Lexicon, lexicon
from stillroom.domain.language.words.tokens import NUMBER, Clause, Token, clauses, kinds, tokenise
from stillroom.domain.plans.plan import PLAN_PARTS, Backdrop, Plan, PlanPart
from stillroom.domain.told_back import NOTHING, Stretch, ToldBack, Why

_AROUND = " \t-'\"“”‘’()（）.，,、"


@dataclass(frozen=True, slots=True)
class Understanding:
    """Result of reading an instruction.

    Attributes:
        plan: `base` with the instruction carried into it.
        asked: The parts that the instruction speaks of.
        told_back: The user's own clauses that are not carried out, in their order.
        is_heard: Whether any of the words found a meaning, if only to leave something as it is.
        is_carried_out: Whether any of them has its effect, too.
    """

    plan: Plan
    asked: tuple[PlanPart, ...]
    told_back: tuple[ToldBack, ...]
    is_heard: bool
    is_carried_out: bool

    @property
    def not_understood(self) -> tuple[str, ...]:
        """The texts alone of what is told back."""
        return tuple(told.text for told in self.told_back)


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as read, independent of the plan that it acts on.

    Attributes:
        text: As the user wrote it.
        acts: What it asks for, in its order.
        told: What is told back on every plan.
        is_heard: Whether any phrase was understood.
        is_left: Whether a phrase only asks for something to stay.
        words: The tokens of all phrases.
        is_courtesy: Whether it only greets, thanks, agrees or leaves all as it is.
        is_corrected: Whether it takes back a wish of its own.
    """

    text: str
    acts: tuple[Act, ...]
    told: tuple[Stretch, ...]
    is_heard: bool
    is_left: bool
    words: tuple[Token, ...]
    is_courtesy: bool
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class _Carried:
    """A reading carried into a plan, act by act."""

    plan: Plan
    told: tuple[Stretch, ...]
    asked: frozenset[PlanPart] = frozenset()
    done: tuple[Act, ...] = ()
    idle: tuple[Act, ...] = ()


def understand(text: str, base: Plan, *, is_doubted: bool = True) -> Understanding:
    """Read an instruction, Chinese or English or both, as a change of a plan.

    Args:
        text: The instruction.
        base: The plan before it.
        is_doubted: Whether changes that the sentence model finds improbable are told back. Wishes that it is
            sure of are carried out in either case.
    """
    reading = read_once(text, lexicon())
    chances = _chances(reading)
    carried = _carried(reading, base, chances)
    left_out = [label for label in missed(base, carried.plan, chances) if not is_measured(label, text)]
    completed = _completed(carried, base, left_out, reading, chances) if left_out else None
    if completed:
        carried = completed
    elif not is_doubted:
        carried = _carried(reading, base, {})
    elif left_out and not carried.told:
        carried = _Carried(base, (Stretch(0, len(text), "ambiguous"),))
    plan, told, asked = carried.plan, [*carried.told], carried.asked
    is_done = reading.is_left or bool(carried.done or carried.idle)
    if base.is_of_picture:
        changed = _parts_between(base, plan)
        asked &= changed
        if not changed and (moot := _moot(carried, changed, reading)):
            told += [Stretch(*act.span, "refused", already(act, plan)) for act in moot]
            is_done = reading.is_left
    if not told and not is_done and any(asks(token) for token in reading.words):
        told.append(Stretch(0, len(text), "not_understood"))
    elif not told and reading.is_courtesy:
        told.append(Stretch(0, len(text), "refused", NOTHING))
    plan = plan.model_copy(update={"asked": tuple(part for part in PLAN_PARTS if part in asked)})
    is_heard = reading.is_heard or completed is not None
    return Understanding(plan, plan.asked, _told_back(text, told), is_heard, is_done)


def _carried(reading: Reading, base: Plan, chances: Chances) -> _Carried:
    """Carry the acts of a text into a plan; those that are improbable are told back."""
    plan = base
    told = list(reading.told)
    asked: set[PlanPart] = set()
    done, idle = list[Act](), list[Act]()
    wanted = sorted(standing(reading.acts), key=_order)
    contrary = contradictions(wanted, base)
    for act in wanted:
        after = None if act in contrary else _after(act, plan, reading)
        if act.mood == "refused" and act.key != "backdrop":
            if after is None or after == plan:
                told.append(Stretch(*act.span, "refused"))
                continue
            after = plan
        if after is None:
            if act.mood != "style":
                told.append(_told(act, base, is_contrary=act in contrary))
            continue
        if chances and _may_be_doubted(act, wanted, reading) and is_doubtful(plan, after, act.part, chances):
            told.append(Stretch(*act.span, "ambiguous"))
            continue
        changes = _parts_between(plan, after)
        is_idle = not changes and act.part is not None and act.mood != "refused"
        (idle if is_idle else done).append(act)
        # Hard light has hard shadows; a scene's framing is only a consequence.
        if act.part and (act.part in changes or not changes):
            changes = {act.part} | (changes & {"shadow"})
        asked |= changes
        plan = after
    return _Carried(plan, tuple(told), frozenset(asked), tuple(done), tuple(idle))


_SURE, _LEAVES_NOTHING = 0.9, 0.3
"""Probability from which a wish is carried out unread, and of `told` up to which nothing else is asked."""
_OPEN = frozenset[Why](("not_understood", "ambiguous"))


def _completed(
    carried: _Carried, base: Plan, left_out: Sequence[str], reading: Reading, chances: Chances
) -> _Carried | None:
    """Carry out what a text surely asks for besides; None if something of it would still be open."""
    is_sure = all(chances[label] >= _SURE for label in left_out)
    if not is_sure or (carried.told and chances[TOLD] > _LEAVES_NOTHING):
        return None
    model, text = sentence_model(), reading.text
    if not all(
        one.why in _OPEN and not one.topic and model.knows(text[one.start : one.end]) for one in carried.told
    ):
        return None
    plan, done = carried.plan, carried.done
    for says in plain_words(left_out):
        for act in _acts_of(says, lexicon()):
            after = act.do(plan)
            if after is None:
                return None
            plan, done = after, (*done, act)
    if any(label in missed(base, plan, chances) for label in left_out):
        return None
    return _Carried(plan, (), carried.asked | _parts_between(carried.plan, plan), done, carried.idle)


_RESTORING = kinds("undo")
"""Kinds of words that restore what was: only the plan tells what they change."""


def _chances(reading: Reading) -> Chances:
    """Return the probabilities of the labels of a text; nothing for styles and corrections."""
    is_sure = any(act.mood == "style" for act in reading.acts) or any(
        one.of(_RESTORING) or (one.is_han and one.isa("denial")) for one in reading.words
    )
    is_readable = bool(reading.words) and not (is_sure or reading.is_corrected)
    return chances_of(reading.text, lexicon()) if is_readable else {}


def _may_be_doubted(act: Act, wanted: Sequence[Act], reading: Reading) -> bool:
    """Whether an act asks for something on every plan without a figure, and no later one replaces it."""
    later = wanted[wanted.index(act) + 1 :]
    root = act.key.partition(".")[0]
    is_replaced = any(one.part == act.part and one.key in (act.key, root) for one in later)
    is_exact = any(NUMBER in word for word in _within(act.span, reading))
    return not (act.mood == "refused" or act.key == LAID or is_replaced or is_exact)


def _order(act: Act) -> tuple[bool, bool, bool]:
    """Styles come before wishes; the sun and a view from above belong to the scene that is set."""
    return act.mood != "style", act.do is is_lit_by_sun, act.key == "backdrop.view"


def _moot(carried: _Carried, changed: set[PlanPart], reading: Reading) -> list[Act]:
    """Return the acts that ask for what a picture shows already, unless it shall only stay so."""
    spans = {act.span for act in carried.done if act.part}
    return [
        act
        for act in carried.idle
        if act.part not in changed
        and act.span not in spans
        and not any("keep" in word for word in _within(act.span, reading))
    ]


def _after(act: Act, plan: Plan, reading: Reading) -> Plan | None:
    """Return the plan after an act; None if it has no place in this text or on this plan."""
    if act.mood == "refused" and act.key == "backdrop" and reading.told:
        return None  # what shall replace it was not understood
    if act.key in ONLY_NAMED and any(_is_of_ground(one, act, reading) for one in reading.told):
        return None  # beside the backdrop that is told back it is rather what that is like
    elsewhere = _blurred_elsewhere(reading, plan) if (act.part, act.key) == ("backdrop", "blur") else None
    return elsewhere or act.do(plan)


_TOPICS = {LAID: "prop", FEELING: "feeling"}
_TOPICS |= dict.fromkeys(("place", "place.x", "place.y", "place.fault"), "place")
_TOPICS |= dict.fromkeys(("light.side", "shadow.side"), "side") | {"rotation": "rotation"}
_NOT_THERE: tuple[Why, str] = ("refused", "no_reflection")
_MATT = frozenset(("paper_grey", "paper_tint", "linen", "podium_plaster", "stone_garden", "concrete_ledge"))
"""Scenes whose ground shows no reflection of the product; those of all others have a sheen."""


def _told(act: Act, base: Plan, *, is_contrary: bool) -> Stretch:
    """Return an act that has no place as what is told back of it."""
    if is_contrary:
        return Stretch(*act.span, "ambiguous", "contrary")
    if act.do is acts.reflects_no_more and not base.shadow.reflection:
        is_polished = base.backdrop.kind == "scene" and base.backdrop.scene not in _MATT
        return Stretch(*act.span, *(("not_possible", "polished") if is_polished else _NOT_THERE))
    return Stretch(*act.span, act.why, _TOPICS.get(act.key, ""))


def _blurred_elsewhere(reading: Reading, plan: Plan) -> Plan | None:
    """Blur the scene nearest to a missing place, not the photo's background that it should replace."""
    missing = [one for one in reading.told if one.why == "not_possible"]
    if not missing or plan.backdrop != Backdrop() or plan.is_of_picture:
        return None
    places = [
        word.get("near_scene") or None
        for word in reading.words
        if word.any("near_scene", "painted")
        and any(one.start <= word.start and word.end <= one.end for one in missing)
    ]
    return in_turn(stages(places[-1]), blurs(1))(plan) if places else None


_GROUNDS = ("scene", "near_scene", "painted")


def _is_of_ground(told: Stretch, act: Act, reading: Reading) -> bool:
    """Whether a backdrop is told back: one that does not exist, or one before that was not understood."""
    if told.why == "not_possible":
        return "_" in told.topic
    return told.start < act.span[0] and any(
        word.get("part") == "backdrop" or word.any(*_GROUNDS)
        for word in _within((told.start, told.end), reading)
    )


def _within(span: tuple[int, int], reading: Reading) -> list[Token]:
    return [word for word in reading.words if span[0] <= word.start and word.end <= span[1]]


def _parts_between(before: Plan, after: Plan) -> set[PlanPart]:
    pairs = ((part, getattr(before, part), getattr(after, part)) for part in PLAN_PARTS)
    return {part for part, old, new in pairs if old is not new and old != new}


@lru_cache(maxsize=256)
def read_once(text: str, words: Lexicon) -> Reading:
    """Read a text; a job reads the same words on many plans."""
    return _read(text, words)


@lru_cache(maxsize=128)
def _acts_of(says: str, words: Lexicon) -> tuple[Act, ...]:
    """Return the acts of a wish in plain words."""
    return _read(says, words).acts


def _read(text: str, words: Lexicon) -> Reading:
    found: list[Phrase] = []
    told: list[Stretch] = []
    parts: list[Phrase] = []
    retracted: list[Phrase] = []
    is_corrected = False
    said = without_statements(clauses(tokenise(text, words)))
    asides = unwished(said)
    for at, (clause, _) in enumerate(said):
        if asides[at]:
            told.append(Stretch(clause[0].start, clause[-1].end, "ambiguous"))
            parts = []  # a retraction after it is of nothing before it
            continue
        if len(found) >= MOST_PHRASES:
            told.append(Stretch(clause[0].start, clause[-1].end, "not_understood"))
            continue
        taken_back = retraction(clause) if any(phrase.acts for phrase in parts) else 0
        if taken_back:
            retracted, clause, is_corrected = parts, clause[taken_back:], True
        if not clause:
            continue
        parts = read_clause(clause, found)
        _take_back(retracted, parts)
        retracted = []
        told += _joined([one for phrase in parts for one in phrase.told], parts)
        found += parts
    _take_back(retracted, ())
    settle_figures(found)
    return _reading(text, found, told, is_courtesy=_is_courtesy(said), is_corrected=is_corrected)


def _take_back(before: Sequence[Phrase], instead: Sequence[Phrase]) -> None:
    """Clear the wishes that others replace, or all of the clause if none of them does."""
    figures = {(act.part, act.key.partition(".")[0]) for phrase in instead for act in phrase.acts}
    replaced = [one for one in before if any((a.part, a.key.partition(".")[0]) in figures for a in one.acts)]
    for phrase in replaced or before:
        phrase.acts.clear()


def _reading(
    text: str, found: Sequence[Phrase], told: Sequence[Stretch], *, is_courtesy: bool, is_corrected: bool
) -> Reading:
    acts = [act for phrase in found for act in phrase.acts]
    return Reading(
        text,
        tuple(act for act in acts if act.part or act.key or act.do(Plan()) is None),
        tuple(told),
        any(phrase.is_heard for phrase in found),
        not is_courtesy
        and any(act.part is None and not act.key and act.do(Plan()) is not None for act in acts),
        tuple(token for phrase in found for token in phrase.tokens),
        is_courtesy,
        is_corrected,
    )


_COURTESIES = kinds("fine neg not_enough very past link but keep all else part")
"""Kinds of words that ask for nothing without another one."""


def _is_courtesy(said: Sequence[Clause]) -> bool:
    """Whether a text only greets, thanks, agrees or leaves all as it is."""
    words = [token for clause in said for token in clause.tokens]
    return bool(words) and all(
        one.get("filler") == "courtesy"
        or (_COURTESIES.issuperset(one.senses) and one.get("part") in ("", "picture"))
        for one in words
    )


def _joined(told: list[Stretch], parts: list[Phrase]) -> list[Stretch]:
    """Join what is told of neighbouring phrases of one clause."""
    joined: list[Stretch] = []
    starts = {phrase.span[0]: at for at, phrase in enumerate(parts)}
    for one in told:
        last = joined[-1] if joined else None
        if last is not None and last.why == one.why and starts.get(one.start, 0) - 1 >= 0:
            before = parts[starts[one.start] - 1]
            if before.span[1] == last.end and not before.acts:
                joined[-1] = Stretch(last.start, one.end, last.why, last.topic or one.topic)
                continue
        joined.append(one)
    return joined


def _told_back(text: str, told: list[Stretch]) -> tuple[ToldBack, ...]:
    found: dict[tuple[int, int], ToldBack] = {}
    for start, end, why, topic in sorted(told):
        words = text[start:end].strip(_AROUND)
        if words:
            found.setdefault((start, end), ToldBack(words, why, topic, text))
    return tuple(found.values())
