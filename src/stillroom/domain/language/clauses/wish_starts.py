"""Finds where a second wish begins within a clause, without a comma or a conjunction."""

from collections.abc import Sequence

from stillroom.domain.language.words.tokens import NUMBER, UNKNOWN, Token

_GRADES = frozenset(("adjective", "quality", "more", "less"))
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


def _is_second_degree(before: Sequence[Token], token: Token, _after: Sequence[Token]) -> bool:
    """Read "less shadow less contrast"."""
    if token.text not in ("less", "more") or not is_thing(before[-1]):
        return False
    return any(one.text in ("less", "more") for one in before[:-1])


def _is_second_complaint(before: Sequence[Token], token: Token, _after: Sequence[Token]) -> bool:
    """Read "too small too flat"."""
    return "too" in token and "adjective" in before[-1] and any("too" in one for one in before[:-1])


def _is_sentence(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "plain white i hate the pink": a sentence of its own without a full stop."""
    says = after[0].text in _MENTAL if after else False
    return token.text == "i" and says and "link" not in before[-1]


_MENTAL = frozenset(
    ("hate", "want", "need", "like", "love", "prefer", "would", "think", "dislike", "cant", "can't")
)


_DO = frozenset(
    ("use", "make", "make it", "put", "put it", "go with", "set", "give it", "try", "keep", "move")
)


def _is_consequence(_before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "it's a bird bath so use the stone garden"."""
    return token.text == "so" and bool(after) and after[0].text in _DO


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


def _is_next_verb(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "去掉倒影保留影子": another part has a verb of its own."""
    says = any({"none", "keep"} & set(one.senses) for one in before[:-1]) and "part" in before[-1]
    return (
        says
        and _is_han(token)
        and bool({"none", "keep"} & set(token.senses))
        and any(map(is_thing, after[:1]))
    )


def _is_kept_product(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "背景换白色产品别动"."""
    is_kept = token.get("part") == "product" and len(after) == 1 and "keep" in after[0]
    return is_kept and "part" not in before[-1] and "link" not in before[-1] and before[-1].text != "的"


_ENDING = ("一点", "点", "些", "点儿", "一点点", "一些", "少少", "丢丢", "了", "%")


def _is_next_noun(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "背景亮一点影子淡一点": a noun after a Chinese degree or a share, with a degree of its own."""
    last = before[-1]
    if not is_thing(token) or not ("degree" in last or NUMBER in last) or not last.text.endswith(_ENDING):
        return False
    said = any("side" in one or not _GRADES.isdisjoint(one.senses) for one in before[-3:])
    asks = any(not (_GRADES | {"none", "keep"}).isdisjoint(one.senses) for one in after[:4])
    return said and asks


def _is_next_move(before: Sequence[Token], token: Token, _after: Sequence[Token]) -> bool:
    """Read "缩小些往下放": a move after a Chinese degree."""
    last = before[-1]
    if "side" not in token or token.text[0] not in "往朝靠" or "degree" not in last:
        return False
    return last.text.endswith(_ENDING) and any(not _GRADES.isdisjoint(one.senses) for one in before[-3:-1])


def _is_han(token: Token) -> bool:
    return token.text[0] > "\u3000"


_STARTS = (
    _is_rest,
    _is_room_left,
    _is_second_degree,
    _is_second_complaint,
    _is_sentence,
    _is_consequence,
    _is_replacement,
    _is_remedy,
    _is_next_verb,
    _is_kept_product,
    _is_next_noun,
    _is_next_move,
)
