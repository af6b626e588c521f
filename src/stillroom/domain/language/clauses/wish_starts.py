"""Finds where a second wish begins within a clause, without a comma or a conjunction."""

from collections.abc import Sequence

from stillroom.domain.language.words.tokens import UNKNOWN, Token

_NEAR = 6
"""Tokens around the start that are looked at; bounds the time to read a long clause."""


def begins_wish(clause: Sequence[Token], at: int) -> bool:
    """Whether a token begins another wish than the words before it.

    Args:
        clause: The tokens of a clause.
        at: Index of a token after one with content.
    """
    before, after = clause[max(0, at - _NEAR) : at], clause[at + 1 : at + _NEAR]
    return any(begins(before, clause[at], after) for begins in _STARTS)


def is_thing(token: Token) -> bool:
    """Whether a token names a part or a property."""
    return "part" in token or "property" in token


def _is_rest(before: Sequence[Token], token: Token, _after: Sequence[Token]) -> bool:
    """Read "背景亮一点别的不动"; "除了影子别的" is one phrase."""
    return _is_han(token) and "else" in token and not any("except" in one for one in before)


def _is_room_left(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "东西摆小点留些空"."""
    leaves_room = token.text == "留" and any(one.get("property") == "margin" for one in after[:2])
    return leaves_room and "degree" in before[-1]


def _is_replacement(before: Sequence[Token], token: Token, _after: Sequence[Token]) -> bool:
    """Read "木桌不要了换大理石"."""
    if "to" not in token or before[-1].text != "了":
        return False
    return any("neg" in one or "none" in one for one in before[-3:-1])


def _is_remedy(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "影子太死了给柔一下": a Chinese complaint ends with its particle."""
    last = next((one for one in reversed(before) if set(one.senses) != {"filler"}), token)
    if not last.text.endswith("了") or not ("past" in last or "too_after" in last):
        return False
    is_complaint = any(one.get("too") == "much" and _is_han(one) for one in before)
    says = {"past", "filler", "degree"}.isdisjoint(token.senses)
    return is_complaint and says and not any(UNKNOWN in one for one in (token, *after))


def _is_han(token: Token) -> bool:
    return token.text[0] > "\u3000"


_STARTS = (_is_rest, _is_room_left, _is_replacement, _is_remedy)
