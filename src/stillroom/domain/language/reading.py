"""Step from a text to its acts, and to what is told back of it on any plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from stillroom.domain.language.acts import Act
from stillroom.domain.language.clause_reading import MOST_PHRASES, MOST_TOKENS, read_clause
from stillroom.domain.language.clauses.joining import Clause, clauses
from stillroom.domain.language.clauses.phrases import Phrase, is_thing
from stillroom.domain.language.clauses.requests import (
    keeps_it,
    retraction,
    unwished,
    without_names,
    without_statements,
)
from stillroom.domain.language.validation import settle_figures
from stillroom.domain.language.words.lexicon import Lexicon, lexicon
from stillroom.domain.language.words.tokeniser import tokenise
from stillroom.domain.language.words.tokens import BREAK, NUMBER, Token, kinds
from stillroom.domain.plans.plan import Plan
from stillroom.domain.told_back import Stretch


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


_LONGEST_PARTED, _MOST_TRIED = 16, 12
"""Tokens of two wishes that no mark parts, and boundaries between such that are tried; bounds the time."""
_MOST_REREAD = 64
"""Tokens of a text that is read again with such boundaries, for the same reason."""


def wishes_in(text: str) -> list[Act]:
    """Return the acts of a text that ask for a change of a part; complaints are none."""
    return [act for act in read_once(text, lexicon()).acts if act.part and act.mood != "complaint"]


@lru_cache(maxsize=384)
def read_once(text: str, words: Lexicon) -> Reading:
    """Read a text; a job reads the same words on many plans."""
    tokens = tokenise(text, words)
    reading = _read(text, tokens)
    breaks = _missing_breaks(reading, tokens) if len(tokens) <= _MOST_REREAD else ()
    if not breaks:
        return reading
    marks = {at: Token(tokens[at].start, tokens[at].start, ",", {BREAK: ""}) for at in breaks}
    return _read(text, [one for at, token in enumerate(tokens) for one in (marks.get(at), token) if one])


def _missing_breaks(reading: Reading, tokens: Sequence[Token]) -> list[int]:
    """Return the indices of tokens that begin the second of two wishes with amounts."""
    found = list[int]()
    for first, at, last in islice(_possible_breaks(reading, tokens), _MOST_TRIED):
        halves = (tokens[first:at], tokens[at:last])
        is_new = not any(first <= one < last for one in found)
        if is_new and all(_is_whole(_read(reading.text, half)) for half in halves if half):
            found.append(at)
    return found


def _possible_breaks(reading: Reading, tokens: Sequence[Token]) -> Iterator[tuple[int, int, int]]:
    """Yield indices of the first token of a piece, of one that may begin another wish, and after the last."""
    told = {(one.start, one.end) for one in reading.told}
    for start, end in sorted(told | {act.span for act in reading.acts}):
        inside = [at for at, one in enumerate(tokens) if start <= one.start and one.end <= end]
        if not inside or len(inside) > _LONGEST_PARTED or any(BREAK in tokens[at] for at in inside):
            continue
        first, last = inside[0], inside[-1] + 1
        for at in _boundaries(tokens, first, last, is_told=(start, end) in told):
            yield first, at, last


def _boundaries(tokens: Sequence[Token], first: int, last: int, *, is_told: bool) -> Iterator[int]:
    """Yield where a second wish may begin, the likeliest first.

    A piece with one amount that is told back may be parted from the wish before it: "brighter and 8% margin".
    One with two amounts is parted right behind the first if that ends its wish, "saturation down 15% increase
    contrast by 12%", or else as late as possible: "20% brighter 15% bigger".
    """
    amounts = [at for at in range(first, last) if NUMBER in tokens[at]]
    if len(amounts) == 1:
        # "Drop saturation by 30 percent and contrast by 10" goes on with the verb.
        goes_on = any(one.text == "by" for one in tokens[first:last])
        if is_told and first and BREAK not in tokens[first - 1] and not goes_on:
            yield first
    elif amounts:
        after = tokens[amounts[0] + 1]
        if first < amounts[0] and (after.is_han or not after.any("adjective", "quality")):
            yield amounts[0] + 1
        before = tokens[amounts[1] - 1]
        is_named = is_thing(before) and "quality" not in before  # "20% more light shadow 30% lighter"
        yield from range(amounts[1] - is_named, amounts[0], -1)
        yield amounts[1]


def _is_whole(reading: Reading) -> bool:
    """Whether a text with one amount is understood."""
    amounts = [one for one in reading.words if NUMBER in one]
    is_wish = any(act.part and act.mood == "wish" for act in reading.acts)
    return len(amounts) == 1 and is_wish and not reading.told


def _read(text: str, tokens: Sequence[Token]) -> Reading:
    found: list[Phrase] = []
    told: list[Stretch] = []
    parts: list[Phrase] = []
    retracted: list[Phrase] = []
    is_corrected = False
    said = without_statements(without_names(clauses(tokens), text))
    asides = unwished(said)
    for at, (clause, _) in enumerate(said):
        if asides[at]:
            told.append(Stretch(clause[0].start, clause[-1].end, "ambiguous"))
            parts = []  # a retraction after it is of nothing before it
            continue
        if len(found) >= MOST_PHRASES or len(clause) > MOST_TOKENS:
            told.append(Stretch(clause[0].start, clause[-1].end, "not_understood"))
            continue
        if keeps_it(clause) and any("none" in one for phrase in parts for one in phrase.tokens):
            _take_back(parts, ())
            is_corrected = True
            continue
        taken_back = retraction(clause) if any(phrase.acts for phrase in parts) else 0
        if taken_back:
            retracted, clause, is_corrected = parts, clause[taken_back:], True
        if not clause:
            continue
        phrases = read_clause(clause, found)
        _take_back(retracted, phrases)
        retracted = []
        told += _told(phrases)
        found += phrases
        parts = phrases if any(one.tokens for one in phrases) else parts  # "remove it, hang on, keep it"
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
    wishes = tuple(act for act in acts if act.part or act.key or act.do(Plan()) is None)
    return Reading(
        text,
        wishes,
        tuple(told),
        any(phrase.is_heard for phrase in found),
        not is_courtesy and len(wishes) < len(acts),
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


def _told(parts: Sequence[Phrase]) -> list[Stretch]:
    """Return what is told back of the phrases of one clause, that of neighbours joined."""
    told: list[Stretch] = []
    for before, phrase in zip((None, *parts), parts, strict=False):
        for one in phrase.told:
            last = told[-1] if told else None
            if before and last and last.end == before.span[1] and not before.acts:
                why = "not_possible" if "not_possible" in (last.why, one.why) else last.why
                told[-1] = Stretch(last.start, one.end, why, last.topic or one.topic)
            else:
                told.append(one)
    return told


def within(span: tuple[int, int], reading: Reading) -> list[Token]:
    return [word for word in reading.words if span[0] <= word.start and word.end <= span[1]]
