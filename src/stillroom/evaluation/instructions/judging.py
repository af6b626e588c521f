"""Judge how a sentence was read: right, partly, told back, or silently wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple

from stillroom.domain.plans.changes import Change, changes_between
from stillroom.domain.plans.plan import Plan, PlanPart
from stillroom.domain.told_back import ToldBack
from stillroom.evaluation.instructions.conditions import part_of, value_at
from stillroom.evaluation.instructions.sentences import Conditions, Expectation, Sentence, Wish, plain


class ReadingClass(StrEnum):
    """Verdict on a sentence, from best to worst.

    `told_back`: nothing of it can be done, and it says so. `wrongly_told_back`: nothing was done although it
    can be. `silently_wrong`: something changed that was not asked, or something asked is neither done nor
    told back.
    """

    RIGHT = "right"
    TOLD_BACK = "told_back"
    PARTLY = "partly"
    WRONGLY_TOLD_BACK = "wrongly_told_back"
    SILENTLY_WRONG = "silently_wrong"

    @property
    def is_right(self) -> bool:
        """Whether the request is carried out, or reported with a reason."""
        return self in (ReadingClass.RIGHT, ReadingClass.TOLD_BACK)


_ORDER = list(ReadingClass)

_WHOLE_PARTS: tuple[PlanPart, ...] = ("shadow", "light")
"""Parts whose fields together make one look; a wish for one field may change the others."""

_COMPANIONS: tuple[frozenset[str], ...] = (
    frozenset({"tone.mired", "tone.white_balance"}),
    frozenset({"tone.exposure_ev", "tone.auto_exposure"}),
    frozenset({"framing.x", "framing.y"}),
    frozenset({"framing.aspect", "framing.canvas"}),
    frozenset({"detail.sharpen", "detail.clarity"}),
)
"""Fields of the other parts that one wish may change together."""

# A scene shows more around the product, and the photo's own backdrop keeps the photo's proportions.
_NEW_BACKDROPS = frozenset({"backdrop", "backdrop.kind", "backdrop.scene", "backdrop.view"})
_NEW_COLORS = frozenset({"backdrop.color", "backdrop.edge_color", "backdrop.shape"})


class Judgement(NamedTuple):
    """The class of a reading, and what differs from the closest right one."""

    verdict: ReadingClass
    differences: tuple[str, ...]


_Kind = Literal["done", "nearly", "told", "missing", "contrary"]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Outcome of one wish; `told` are the told-back entries about it."""

    wish: Wish
    kind: _Kind
    told: tuple[ToldBack, ...]

    @property
    def is_right(self) -> bool:
        return self.kind == "done" or (self.kind == "told" and bool(self.wish.told_back))

    @property
    def has_right_reason(self) -> bool:
        reasons = self.wish.reason
        return self.kind != "told" or not reasons or any(told.reason in reasons for told in self.told)


def judge(sentence: Sentence, plan: Plan, told_back: Sequence[ToldBack]) -> Judgement:
    """Judge a reading against all right readings of its sentence; the best counts."""
    judgements = [_judged(sentence, expect, plan, told_back) for expect in sentence.expectations]
    return min(judgements, key=lambda judgement: _ORDER.index(judgement.verdict))


def _judged(sentence: Sentence, expect: Expectation, plan: Plan, told_back: Sequence[ToldBack]) -> Judgement:
    outcomes = [_outcome_of(wish, sentence, plan, told_back) for wish in expect.wishes]
    unasked = tuple(_unasked(expect, sentence.start, plan))
    superfluous = _superfluous(expect, outcomes, told_back)
    differences = (
        *(f"unasked: {change}" for change in unasked),
        *(text for one in outcomes for text in _complaints(one, sentence)),
        *(f"superfluously told back: {told.text}" for told in superfluous),
    )
    return Judgement(_verdict(outcomes, silent=bool(unasked), superfluous=bool(superfluous)), differences)


def _verdict(outcomes: Sequence[_Outcome], *, silent: bool, superfluous: bool) -> ReadingClass:
    if silent or any(one.kind in ("missing", "contrary") for one in outcomes):
        return ReadingClass.SILENTLY_WRONG
    undone = [one for one in outcomes if not one.is_right]
    if undone and not any(one.kind in ("done", "nearly") for one in outcomes):
        return ReadingClass.WRONGLY_TOLD_BACK
    if undone or superfluous or not all(one.has_right_reason for one in outcomes):
        return ReadingClass.PARTLY
    if outcomes and all(one.kind == "told" for one in outcomes):
        return ReadingClass.TOLD_BACK
    return ReadingClass.RIGHT


def _outcome_of(wish: Wish, sentence: Sentence, plan: Plan, told_back: Sequence[ToldBack]) -> _Outcome:
    base = sentence.start
    if _is_met(wish.any, base, plan):
        # The nearest thing may be done and the words quoted as well.
        return _Outcome(wish, "done", tuple(told for told in told_back if _names(told, wish)))
    told = tuple(told for told in told_back if _is_about(told, wish, sentence))
    if told and _is_met(wish.nearly, base, plan):
        return _Outcome(wish, "nearly", told)
    if any("." in path and value_at(base, path) != value_at(plan, path) for path in wish.paths):
        return _Outcome(wish, "contrary", told)
    return _Outcome(wish, "told" if told else "missing", told)


def _is_met(alternatives: Sequence[Conditions], base: Plan, plan: Plan) -> bool:
    return any(all(condition.met_by(base, plan) for condition in conditions) for conditions in alternatives)


def _is_about(told: ToldBack, wish: Wish, sentence: Sentence) -> bool:
    """Whether a told-back text is about a wish.

    A wish that cannot be done is named by its key words. One that can be done is told back by any overlap
    with its clause.
    """
    if _names(told, wish):
        return True
    clause = plain(wish.clause or sentence.text)
    return bool(wish.any) and _overlaps(plain(sentence.text), clause, plain(told.text))


def _names(told: ToldBack, wish: Wish) -> bool:
    return any(plain(words) in plain(told.text) for words in wish.told_back)


def _overlaps(whole: str, one: str, other: str) -> bool:
    """Whether two parts of a text share a character."""
    first, second = whole.find(one), whole.find(other)
    if min(first, second) < 0:
        return one in other or other in one
    return first < second + len(other) and second < first + len(one)


def _unasked(expect: Expectation, base: Plan, plan: Plan) -> Iterator[str]:
    free = _free(expect, plan)
    for change in changes_between(base, plan):
        path = f"{change.part}.{change.field}"
        must_stay = not {change.part, path}.isdisjoint(expect.unchanged)
        if must_stay or {change.part, path}.isdisjoint(free):
            yield change_text(change)


def _free(expect: Expectation, plan: Plan) -> set[str]:
    free = {*expect.may_change, *(path for wish in expect.wishes for path in wish.paths)}
    if not free.isdisjoint(_NEW_BACKDROPS):
        free |= {"backdrop", "framing"}
    if not free.isdisjoint(_NEW_COLORS):
        free.add("backdrop")
    free |= {part_of(path) for path in free} & set(_WHOLE_PARTS)
    free |= {other for group in _COMPANIONS for other in group if not group.isdisjoint(free)}
    if "backdrop" in free and plan.backdrop.kind == "transparent":
        free.add("shadow")
    return free


def _superfluous(
    expect: Expectation, outcomes: Sequence[_Outcome], told_back: Sequence[ToldBack]
) -> list[ToldBack]:
    if expect.may_tell is True:
        return []
    rightly = [told for one in outcomes for told in one.told]
    allowed = [plain(words) for words in expect.may_tell]
    return [
        told
        for told in told_back
        if told not in rightly and not any(words in plain(told.text) for words in allowed)
    ]


def _complaints(one: _Outcome, sentence: Sentence) -> Iterator[str]:
    clause = one.wish.clause or (one.wish.told_back[0] if not one.wish.any else sentence.text)
    if one.kind == "contrary":
        yield f"contrary: {clause}"
    elif one.kind == "missing":
        yield f"neither done nor told back: {clause}"
    elif one.kind == "nearly":
        yield f"not exactly done: {clause}"
    elif not one.is_right:
        yield f"told back: {clause}"
    elif not one.has_right_reason:
        yield f"told back as {', '.join(told.reason for told in one.told)}: {clause}"


def change_text(change: Change) -> str:
    """Format a change for developers, such as "tone.mired 0 → 25"."""
    old, new = (f"{value:g}" if isinstance(value, float) else value for value in (change.old, change.new))
    return f"{change.part}.{change.field} {old} → {new}"
