"""Chinese similes, which only say how much: "影子像墨汁一样黑" is a very dark shadow."""

from collections.abc import Sequence

from stillroom.domain.language.words.tokens import NUMBER, Token

_LONGEST = 6
"""Tokens of a simile, which bounds the time to find one."""
_COMPARABLE = frozenset(("shadow", "light", "picture", "backdrop", "reflection"))
_WISHED = frozenset(("soft+", "bright+", "clean+", "vivid+"))
"""Qualities that are praised rather than complained of: "光线像棉花一样软"."""


def without_similes(clause: Sequence[Token]) -> Sequence[Token]:
    """Replace each simile before a quality by "very", or by nothing where the quality is wished for."""
    for first, token in enumerate(clause):
        if not token.isa("like"):
            continue
        ends = (i for i in range(first + 2, min(first + _LONGEST, len(clause) - 1)) if clause[i].isa("as"))
        last = next(ends, None)
        if last is None or any(_is_real(one) for one in clause[first + 1 : last]):
            continue
        quality = clause[last + 1]
        if "adjective" not in quality:
            continue
        is_wish = quality.get("adjective") in _WISHED or any("to" in one for one in clause[:first])
        senses = {"filler": ""} if is_wish else {"very": ""}
        text = "一样" if is_wish else "很"
        return (*clause[:first], Token(token.start, clause[last].end, text, senses), *clause[last + 1 :])
    return clause


def _is_real(token: Token) -> bool:
    """Whether a token is something that the plan knows, with which a comparison is no simile."""
    is_part = len(token.text) > 1 and token.get("part") in _COMPARABLE
    return is_part or token.any("previous", "original", "property", NUMBER)
