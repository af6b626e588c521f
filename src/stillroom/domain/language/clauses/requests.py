"""Classifies clauses: which ones only ask, hold under a condition, or take back."""

from collections.abc import Iterator, Sequence

from stillroom.domain.language.clauses.joining import Clause
from stillroom.domain.language.words.tokens import NO_TOKEN, UNKNOWN, Token

_ENDS = frozenset(".。!！?？;；\n")
_ASKS = frozenset("?？")
_NO_WISHES = ("ask", "report", "other")


def without_statements(said: Sequence[Clause]) -> list[Clause]:
    """Part clauses where a wish begins after what is only reported or asked."""
    found: list[Clause] = []
    for clause in said:
        tokens = clause.tokens
        first = next((i for i, one in enumerate(tokens) if one.isa("after_report") and i), 0)
        if any(_has(tokens[:first], mood) for mood in _NO_WISHES) and not _has(tokens, "condition"):
            found += [Clause(tokens[:first], ""), Clause(tokens[first:], clause.mark)]
        else:
            found.append(clause)
    return found


def without_names(said: Sequence[Clause], text: str) -> Sequence[Clause]:
    """Drop names beside a greeting or after a farewell: "Hi Tom", "Priya from Jaipur here", "cheers, Daz"."""
    names = [all(_is_name(one, text) for one in clause.tokens) for clause in said]
    greets = [one.tokens[0].isa("greeting") or one.tokens[-1].text == "here" for one in said]
    parts = [any(token.isa("farewell") for token in one.tokens) for one in said]
    first = next((at for at in range(len(said)) if not (names[at] and greets[at])), 0)
    last = next((at for at in range(first, len(said)) if parts[at] and all(names[at:])), len(said))
    return said[first:last] or said


def _is_name(token: Token, text: str) -> bool:
    """Whether a token is written like a name, or belongs to a greeting."""
    is_greeting = (
        token.any("from", "name") or token.get("filler") == "courtesy" or token.isa("greeting", "farewell")
    )
    return is_greeting or (UNKNOWN in token and (text[token.start].isupper() or token.text[0] in "小老阿"))


def unwished(said: Sequence[Clause]) -> list[bool]:
    """Return for each clause whether it is no wish: a condition with what it holds for, and questions."""
    found: list[bool] = []
    sentence: list[Clause] = []
    for at, clause in enumerate(said):
        sentence.append(clause)
        if clause.mark in _ENDS or at == len(said) - 1:
            found += _unwished(sentence, is_question=clause.mark in _ASKS)
            sentence = []
    return found


def _unwished(sentence: Sequence[Clause], *, is_question: bool) -> Iterator[bool]:
    is_asked = False
    for clause in sentence:
        is_asked = is_asked or (is_question and _opens_question(clause.tokens))
        yield is_asked or _has(clause.tokens, "condition")


def _has(tokens: Sequence[Token], mood: str) -> bool:
    return any(token.get("mood") == mood for token in tokens)


def _opens_question(tokens: Sequence[Token]) -> bool:
    said = (one for one in tokens if not (set(one.senses) <= {"link", "but"} or one.isa("greeting")))
    return next(said, NO_TOKEN).get("mood") == "open"


_SAYS_NOTHING = frozenset(("filler", "opaque", "but", "link", "or", "past", "mood"))


def keeps_it(clause: Sequence[Token]) -> bool:
    """Whether a clause only says that something stays: after a removal it takes that back, "还是留着"."""
    return any("keep" in one for one in clause) and all(
        "keep" in one or one.of(_SAYS_NOTHING) for one in clause
    )


def retraction(clause: Sequence[Token]) -> int:
    """Return the number of tokens that take back the wish before them: "算了", "sorry I meant"."""
    is_refusal = any("neg" in token for token in clause) and any(token.isa("no_thanks") for token in clause)
    is_taken_back = _has(clause, "retract") or is_refusal
    if is_taken_back and all("neg" in one or one.of(_SAYS_NOTHING) for one in clause):
        return len(clause)
    first = next((i for i, token in enumerate(clause) if set(token.senses) != {"filler"}), 0)
    return (
        first + 1
        if set(clause[first].senses) <= {"mood", "none"} and _has(clause[: first + 1], "retract")
        else 0
    )
