"""Chinese similes, which only say how much: "影子像墨汁一样黑" is a very dark shadow."""

from collections.abc import Sequence

from stillroom.domain.language.words.tokens import NUMBER, Token

_LONGEST = 6
"""Tokens of a simile, which bounds the time to find one."""
_COMPARABLE = frozenset(("shadow", "light", "picture", "backdrop", "reflection"))
_WISHED = frozenset(("soft+", "bright+", "clean+", "vivid+"))
"""Qualities that are praised rather than complained of: "光线像棉花一样软"."""
_PRAISED = frozenset(("soft+", "clean+"))
"""Qualities that are praised where the simile follows: "光柔得像棉花"."""


def without_similes(clause: Sequence[Token]) -> Sequence[Token]:
    """Replace each simile before a quality by "very", or by nothing where the quality is wished for.

    After a quality it is a measure, and the quality a fault: "亮得像医院" is too bright.
    """
    for first, token in enumerate(clause):
        is_measure = first > 1 and clause[first - 1].text == "得" and token.text[0] in "像跟"
        if is_measure and _is_fault(clause[: first - 1]):
            *before, quality = clause[: first - 1]
            too = Token(quality.start, quality.start, "太", {"too": ""})
            image = () if token.isa("like") else (token.meaning(filler=""),)
            rest = clause[first + len(image) :]
            says_nothing = (one.meaning(filler="") if "neg" in one else one for one in rest)
            return (*before, too, quality, *image, *says_nothing)
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


def _is_fault(said: Sequence[Token]) -> bool:
    """Whether the last word is a quality that is no wish: "背景白得像雪" may be one."""
    quality = said[-1]
    is_ground = "colour" in quality and any(one.get("part") == "backdrop" for one in said)
    return (
        "adjective" in quality
        and quality.get("adjective") not in _PRAISED
        and not is_ground
        and not any("to" in one or "too" in one for one in said)
    )


def _is_real(token: Token) -> bool:
    """Whether a token is something that the plan knows, with which a comparison is no simile."""
    is_part = len(token.text) > 1 and token.get("part") in _COMPARABLE
    return is_part or token.any("previous", "original", "property", NUMBER)
