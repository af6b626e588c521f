"""Recognises clauses that ask, suppose, report or compare pictures, instead of wishing."""

from collections.abc import Sequence

from stillroom.domain.language.tokens import Clause, Token

_ENDS = frozenset(".。!！?？;；\n")
_ASKS = frozenset("?？")
_BEFORE = frozenset(("hi", "hello", "hey", "so", "ok", "okay", "sorry", "well"))
_POLITE = frozenset(
    ("能", "可以", "能不能", "可不可以", "行", "能否", "可否", "好", "帮", "帮我", "可唔可以")
)


def unwished(said: Sequence[Clause]) -> list[bool]:
    """Return for each clause whether it is no wish.

    A condition also holds the clause after it, and an opening such as "would it" the rest of its sentence.
    """
    found = [_is_no_wish(clause.tokens) for clause in said]
    begin = 0
    for at, clause in enumerate(said):
        if (clause.mark and clause.mark in _ENDS) or at == len(said) - 1:
            _settle_sentence(said, found, range(begin, at + 1))
            begin = at + 1
    return found


def _settle_sentence(said: Sequence[Clause], found: list[bool], sentence: range) -> None:
    is_question = said[sentence[-1]].mark in _ASKS and bool(said[sentence[-1]].mark)
    for at in sentence:
        tokens = said[at].tokens
        if is_question and _opens_question(tokens):
            found[at : sentence[-1] + 1] = [True] * (sentence[-1] + 1 - at)
        if _has(tokens, "condition"):
            found[at] = True
            if at < sentence[-1]:
                found[at + 1] = True


def _is_no_wish(tokens: Sequence[Token]) -> bool:
    if any(_has(tokens, mood) for mood in ("ask", "report", "other")):
        return True
    return _has(tokens, "asked") and not any(token.text in _POLITE for token in tokens)


def _has(tokens: Sequence[Token], mood: str) -> bool:
    return any(token.get("mood") == mood for token in tokens)


def _opens_question(tokens: Sequence[Token]) -> bool:
    for token in tokens:
        if token.get("mood") == "open":
            return True
        if not (set(token.senses) <= {"link", "but"} or token.text in _BEFORE):
            return False
    return False
