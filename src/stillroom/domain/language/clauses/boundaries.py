"""Phrase boundaries without a conjunction: "影子淡一点背景亮一点"."""

from collections.abc import Sequence

from stillroom.domain.language.clauses.phrases import GROUND, is_content, is_filler, is_han, is_thing
from stillroom.domain.language.words.tokens import NUMBER, UNKNOWN, Token

NEAR = 6
"""Tokens around the start that are looked at; bounds the time to read a long clause."""


def begins_wish(phrase: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Whether a token begins another wish than the words before it.

    Args:
        phrase: The tokens of the phrase so far, with one that has content.
        token: The next one.
        after: The tokens after it.
    """
    starts = _CHINESE if is_han(token) else _ENGLISH
    return any(begins(phrase[-NEAR:], token, after) for begins in starts)


def _is_rest(before: Sequence[Token], token: Token, _after: Sequence[Token]) -> bool:
    """Read "背景亮一点别的不动"; "除了影子别的" is one phrase."""
    return "else" in token and not any("except" in one for one in before)


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
    is_complaint = any(one.get("too") == "much" and is_han(one) for one in before)
    says = not token.any("past", "filler", "degree")
    return is_complaint and says and not any(UNKNOWN in one for one in (token, *after))


def _is_further(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "更亮更清晰", "加亮加暖加对比" and "要亮要大"."""
    same = any(one.text[0] == token.text[0] and not is_filler(one) for one in before)
    if not same or token.text[0] not in "更加调变要太" or token.text == before[-1].text:
        return False
    return is_content(token) or any(map(is_content, after[:1]))


_SAID = frozenset(
    (
        *("adjective", "quality", "more", "less", "keep", "none", "side", "effect", "rotate", "ratio"),
        *("colour", "kind", "scene", "near_scene", "painted", "fine", "likewise", NUMBER),
    )
)
"""Kinds of words that say something of a part."""
_VERBS_OF_PARTS = frozenset(("quality", "effect", "more", "less", "none"))
_GRADING = frozenset(
    (
        "too",
        "not_too",
        "not_enough",
        "neg",
        "to",
        "very",
        "all",
        "degree",
        "lean",
        "filler",
        "opaque",
        "from",
        "but",
    )
)
"""Kinds of words between a part and what is said of it."""
_CLOSING = frozenset(("degree", "past", "too_after", "to", "mood"))
"""Kinds of words after what is said of a part."""


def _is_next_subject(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "影子淡一点背景亮一点": another part of which something is said, when the first has its own."""
    if not ((is_thing(token) or token.text[-1] == "光") and _is_complete(before)):
        return False
    if "part" in token and any(NUMBER in one for one in after[:2] if one.text != "的"):
        return False  # "往右移画面的十分之一"
    rest = after[1:] if "part" in token and after and "property" in after[0] else after
    said = next((one for one in rest if not one.of(_GRADING) or "fine" in one), None)
    return said is not None and not is_thing(said) and said.of(_SAID)


def _is_next_verb(before: Sequence[Token], token: Token, _after: Sequence[Token]) -> bool:
    """Read "对比拉高饱和降低" and "影子弄柔放大一点": a verb with its own object."""
    if "fault" in token:
        return False  # "瓶子右边快出画面了"
    resizes = token.get("quality")[:-1] == "big" and len(token.text) > 1
    resizes &= not any("neg" in one for one in before)  # "别把产品放大"
    return (_has_object(token) or resizes) and _is_complete(before)


def _has_object(token: Token) -> bool:
    """Whether a verb names what it is about: "饱和降低"."""
    return "quality" in token and len(token.text) > 2


def _is_next_request(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "瓶子别这么暗想让影子短一点" and "照片有点冷锐化一下产品"."""
    opens = token.isa("opener")
    is_verb = token.of(_VERBS_OF_PARTS) and ("adjective" not in token or token.any("effect", "quality"))
    refuses = any(one.any("none", "neg") for one in before)
    opens |= is_verb and (len(token.text) > 1 or ("add" in token and refuses))
    named = next((one for one in after if not ({"filler"} == set(one.senses) or "degree" in one)), None)
    is_named = named is not None and (is_thing(named) or ("to" in token and is_content(named)))
    return opens and is_named and _is_complete(before)


def _is_doubled(token: Token) -> bool:
    """Whether a state is doubled, which ends a wish also with "的": "影子淡淡的"."""
    return len(token.text) == 2 and token.text[0] == token.text[1]


def _is_complete(before: Sequence[Token]) -> bool:
    """Whether something is said of a part: "颜色太淡", "提亮产品", but not "柔和" of "柔和光线"."""
    words = [one for one in before if set(one.senses) != {"filler"}]
    said = [i for i, one in enumerate(words) if not is_thing(one) and one.of(_SAID)]
    said = said or ([0] if words and "neg" in words[0] else [])
    if not said or (before[-1].isa("lead") and not _is_doubled(words[-1])):
        return False
    if "neg" in words[0] and [is_thing(one) for one in words[1:] if "past" not in one] == [True]:
        return True  # "不要影子了"
    first, last = words[: said[-1]], words[said[-1] + 1 :]
    is_governed = words[said[-1]].of(_VERBS_OF_PARTS) and not any(map(is_thing, first))
    if not all(one.of(_CLOSING) or (is_governed and is_thing(one)) for one in last):
        return False
    graded = any(one.of(_GRADING) for one in first) or words[-1].text[-1] == "光"
    if not last and words[-1].of(GROUND) and "adjective" not in words[-1]:
        return any("to" in one for one in first)  # "木头颜色"
    is_said = words[-1].any("keep", "none") or _has_object(words[-1])
    return bool(last) or graded or is_said or any(map(is_thing, first))


_DIRECTING = frozenset(
    (
        "to",
        "side",
        "rotate",
        "quality",
        "more",
        "less",
        "none",
        "neg",
        "add",
        "effect",
        "too",
        *GROUND,
    )
)
"""Kinds of words that begin a wish after one that ends with its degree."""
_DEGREES = ("点", "些", "一下", "丢", "倍", "档")
"""Ends of degrees that stand after what they are of."""


def _is_after_degree(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "缩小一点放到右边": a Chinese wish ends with its degree."""
    last = before[-2:] if "degree" in before[-1] else before[-1:]
    says = last[0].any("adjective", "quality", "side", "style")
    begins = token.of(_DIRECTING) and not token.any("degree", "filler")
    is_said = says and begins and before[-1].text.endswith(_DEGREES)
    return bool(is_said) and (is_content(token) or any(map(is_content, after)))


def _is_after_source(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "光从右边来暖一点"."""
    is_placed = any("from" in one for one in before) and (before[-1].text[-1] == "来" or "side" in before[-1])
    is_graded = any("degree" in one for one in after[:1])
    return is_placed and is_graded and token.get("adjective")[:-1] in ("warm", "bright", "soft", "vivid")


def _is_refusal(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "要白底图不要影子不要倒影": a refusal before what it refuses, after another wish."""
    if "neg" not in token or not before or "side" in before[-1]:
        return False
    named = next((one for one in after if not is_filler(one)), None)
    is_said = _is_complete(before) or "kind" in before[-1] or any("neg" in one for one in before)
    return (
        is_said
        and named is not None
        and "part" in named
        and (is_thing(before[-1]) or "neg" not in before[-1])
    )


def _is_correction(before: Sequence[Token], token: Token, _after: Sequence[Token]) -> bool:
    """Read "不是变暗是变亮"."""
    return token.text == "是" and any(one.text == "不是" for one in before[:-1])


def _is_format(before: Sequence[Token], token: Token, _after: Sequence[Token]) -> bool:
    """Read "不要倒影占画面八成"; after the product it is of that."""
    return "fills" in token and "part" in before[-1] and before[-1].get("part") != "product"


def _is_place_of_light(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "换成大理石台面左边打光"."""
    is_light = any(one.get("part") == "light" or one.text[-1] == "光" for one in after[:1])
    return "side" in token and is_light and _is_complete(before)


_MODIFIERS = frozenset(
    ("quality", "adjective", "colour", "kind", "scene", "neg", "none", "more", "less", "keep")
)
"""Kinds of English words that say something of the noun after them."""
_BETWEEN = frozenset(("filler", "degree", "is", "to", "too", "very", "not_too"))


def _is_next_english_subject(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "shadow softer product bigger": a noun after a predicate, with its own after it."""
    if not _is_noun(token) or token.get("property") in ("edge", "colour", "size", "position", "length"):
        return False
    names = [i for i, one in enumerate(before) if _is_noun(one)]
    said = [one for one in before[names[-1] + 1 :] if not one.of(_BETWEEN)] if names else []
    if len(said) != 1 or not said[0].of(_SAID) or "side" in said[0]:
        return False
    own = next((one for one in after if not one.of(_BETWEEN) or "fine" in one), None)
    return own is not None and not _is_noun(own) and not (_SAID - {"side"}).isdisjoint(own.senses)


def _is_next_english_noun(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "brighter background darker product": a noun after its state, behind another one."""
    is_ground = before[-1].any("kind", "scene") and before[-1].get("kind") not in (
        "gradient",
        "tinted",
    )
    if not _is_noun(before[-1]) and not is_ground:
        return False
    named = before[-1] if _is_noun(before[-1]) else None
    if named is not None and not any(one.of(_MODIFIERS) for one in before[:-1]):
        return False
    if "kind" in token or not token.of(_MODIFIERS) or is_thing(token):
        return "kind" in token
    own = next((one for one in after if "filler" not in one and not one.of(_MODIFIERS)), None)
    if own is None or not _is_noun(own):
        refuses = any(one.any("neg", "none") for one in before[-2:-1])
        return refuses and "quality" in token and own is None
    return own.get("part") != (named or token).get("part")


def _is_noun(token: Token) -> bool:
    return is_thing(token) and "quality" not in token


def _is_order(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "make the background white make the product bigger"."""
    is_said = any(not (_SAID - {NUMBER}).isdisjoint(one.senses) for one in before)
    is_said &= before[-1].text != "to" and "part" not in token
    return token.isa("^order") and is_said and any(map(is_content, after))


_ENGLISH = (_is_next_english_subject, _is_next_english_noun, _is_order)
_CHINESE = (
    _is_after_degree,
    _is_after_source,
    _is_refusal,
    _is_correction,
    _is_format,
    _is_place_of_light,
    _is_rest,
    _is_room_left,
    _is_replacement,
    _is_remedy,
    _is_next_subject,
    _is_next_verb,
    _is_next_request,
    _is_further,
)
