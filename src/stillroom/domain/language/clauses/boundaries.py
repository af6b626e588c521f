"""Phrase boundaries without a conjunction: "影子淡一点背景亮一点".

A Chinese wish begins after words that end as only a whole wish does, with a degree or "了", or at a word that
opens one, such as a part with its own predicate, where the words before it are complete. English has three
cases of its own.
"""

from collections.abc import Sequence

from stillroom.domain.language.clauses.phrases import GROUND, is_content, is_filler, is_noun, is_thing
from stillroom.domain.language.words.tokens import NO_TOKEN, NUMBER, Token, kinds

NEAR = 6
"""Tokens around the start that are looked at; bounds the time to read a long clause."""


def begins_wish(phrase: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Whether a token begins another wish than the words of its phrase before it, which have content."""
    before = phrase[-NEAR:]
    if not token.is_han:
        return any(begins(before, token, after) for begins in _ENGLISH)
    ends = _has_ended(before) and _continues(token, after)
    return ends or _is_further(before, token, after) or _opens(before, token, after)


def _opens(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Whether a token opens a wish of its own: "背景亮一点别的不动", "影子淡一点背景亮一点"."""
    if not (token.of(_OPENING) or token.isa("opener") or token.text[-1] in "光是"):
        return False
    named = next((one for one in after if not (set(one.senses) == {"filler"} or "degree" in one)), NO_TOKEN)
    if "else" in token:
        return not any("except" in one for one in before)
    if token.text == "是":
        return any(one.text == "不是" for one in before[:-1])  # "不是变暗是变亮"
    last = before[-1]
    refuses = "neg" in token and "part" in named and "side" not in last
    refuses &= is_thing(last) or "neg" not in last
    leaves = token.get("property") == "margin" and any("not_too" in one for one in before)  # "别放太大留点空"
    begins = refuses or leaves or _is_subject(token, after) or _is_verb(before, token, named)
    return begins and _is_complete(before)


def _has_ended(before: Sequence[Token]) -> bool:
    """Whether words end as only a whole Chinese wish or complaint does: with an amount, "来" or "了"."""
    last = next((one for one in reversed(before) if set(one.senses) != {"filler"}), NO_TOKEN)
    if last.text.endswith("了"):
        is_complaint = any("too" in one and one.is_han for one in before)
        return (is_complaint and last.any("past", "too_after")) or any(
            one.any("neg", "none") for one in before[-3:-1]
        )
    if NUMBER in last and any("quality" in one for one in before[-2:-1]):
        return True  # "缩小三分之一放右下角"
    said = before[-2:][0] if "degree" in before[-1] else before[-1]
    if said.text.endswith("来"):
        return False  # "左边来点晨光"
    return said.any("adjective", "quality", "side", "style") and before[-1].text.endswith(_DEGREES)


def _continues(token: Token, after: Sequence[Token]) -> bool:
    """Whether a token and those after it say something new: "缩小一点放到右边", "影子太死了给柔一下"."""
    if not token.of(_STARTS) or token.any("degree", "filler", "past", "style"):
        return False
    if token.isa("target") and after and NUMBER in after[0]:
        return False  # "再大一点到八成"
    if NUMBER in token and not any(map(is_content, after)):
        return False  # "提亮一点，百分之十"
    is_state = token.any("adjective") and not token.any("quality", "colour")
    return any("degree" in one for one in after) if is_state else any(map(is_content, (token, *after)))


def _is_subject(token: Token, after: Sequence[Token]) -> bool:
    """Whether a token names a part of which something is said: "背景亮一点", "左边打光"."""
    if "side" in token:
        return any(one.get("part") == "light" or one.text[-1] == "光" for one in after[:1])
    if not (is_thing(token) or token.text[-1] == "光"):
        return False
    if "part" in token and any(NUMBER in one for one in after[:2] if one.text != "的"):
        return False  # "往右移画面的十分之一"
    rest = after[1:] if "part" in token and after and "property" in after[0] else after
    said = next((one for one in rest if not one.of(_GRADING) or "fine" in one), NO_TOKEN)
    return not is_thing(said) and said.of(_SAID)


def _is_verb(before: Sequence[Token], token: Token, named: Token) -> bool:
    """Whether a token is a verb with its object or opens a request: "饱和降低", "想让影子短一点"."""
    refuses = any(one.any("none", "neg") for one in before)
    is_verb = token.of(_VERBS_OF_PARTS) and ("adjective" not in token or token.any("effect", "quality"))
    opens = token.isa("opener") or (is_verb and (len(token.text) > 1 or ("add" in token and refuses)))
    return opens and (is_thing(named) or ("to" in token and named is not NO_TOKEN and is_content(named)))


def _is_further(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "更亮更清晰", "加亮加暖加对比" and "要亮要大"."""
    same = any(one.text[0] == token.text[0] and not is_filler(one) for one in before)
    if not same or token.text[0] not in "更加调变要太" or token.text == before[-1].text:
        return False
    return is_content(token) or any(map(is_content, after[:1]))


_SAID = kinds(
    "adjective quality more less keep none side effect rotate ratio colour kind scene near_scene painted "
    "fine likewise number"
)
"""Kinds of words that say something of a part."""
_STARTS = _SAID | {"to", "neg", "add", "too", "from", "made"}
"""Kinds of words that a wish begins with, after one that has ended."""
_VERBS_OF_PARTS = frozenset(("quality", "effect", "more", "less", "none"))
_OPENING = _VERBS_OF_PARTS | {"part", "property", "side", "else", "fills", "neg"}
"""Kinds of words that may open a wish; others are not looked at any further."""
_GRADING = kinds("too not_too not_enough neg to very all degree lean filler opaque from but")
"""Kinds of words between a part and what is said of it."""
_CLOSING = frozenset(("degree", "past", "too_after", "to", "mood"))
"""Kinds of words after what is said of a part."""


_DEGREES = ("点", "些", "一下", "丢", "倍", "档")
"""Ends of degrees that stand after what they are of."""


def _is_complete(before: Sequence[Token]) -> bool:
    """Whether something is said of a part: "颜色太淡", "提亮产品", but not "柔和" of "柔和光线"."""
    words = [one for one in before if set(one.senses) != {"filler"}]
    said = [i for i, one in enumerate(words) if not is_thing(one) and one.of(_SAID)]
    said = said or ([0] if words and "neg" in words[0] else [])
    is_doubled = words != [] and words[-1].text == 2 * words[-1].text[0]  # "影子淡淡的"
    if not said or (before[-1].isa("lead") and not is_doubled):
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
    names_object = "quality" in words[-1] and len(words[-1].text) > 2  # "饱和降低"
    is_said = words[-1].any("keep", "none") or names_object
    return bool(last) or graded or is_said or any(map(is_thing, first))


_MODIFIERS = kinds("quality adjective colour kind scene neg none more less keep")
"""Kinds of English words that say something of the noun after them."""
_BETWEEN = frozenset(("filler", "degree", "is", "to", "too", "very", "not_too"))


def _is_next_english_subject(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "shadow softer product bigger": a noun after a predicate, with its own after it."""
    if not is_noun(token) or token.get("property") in ("edge", "colour", "size", "position", "length"):
        return False
    names = [i for i, one in enumerate(before) if is_noun(one)]
    said = [one for one in before[names[-1] + 1 :] if not one.of(_BETWEEN)] if names else []
    if len(said) != 1 or not said[0].of(_SAID) or "side" in said[0]:
        return False
    own = next((one for one in after if not one.of(_BETWEEN) or "fine" in one), None)
    return own is not None and not is_noun(own) and not (_SAID - {"side"}).isdisjoint(own.senses)


def _is_next_english_noun(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "brighter background darker product": a noun after its state, behind another one."""
    is_ground = before[-1].any("kind", "scene") and before[-1].get("kind") not in ("gradient", "tinted")
    if not (is_noun(before[-1]) or is_ground) or ("shade" in before[-1] and "colour" in token):
        return False  # "plain light grey background"
    named = before[-1] if is_noun(before[-1]) else None
    if named is not None and not any(one.of(_MODIFIERS) for one in before[:-1]):
        return False
    if "kind" in token or not token.of(_MODIFIERS) or is_thing(token):
        return "kind" in token
    own = next((one for one in after if "filler" not in one and not one.of(_MODIFIERS)), None)
    if own is None or not is_noun(own):
        refuses = any(one.any("neg", "none") for one in before[-2:-1])
        return refuses and "quality" in token and own is None
    return own.get("part") != (named or token).get("part")


def _is_order(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "make the background white make the product bigger"."""
    is_said = any(not (_SAID - {NUMBER}).isdisjoint(one.senses) for one in before)
    is_said &= before[-1].text != "to" and "part" not in token
    return token.isa("^order") and is_said and any(map(is_content, after))


def _is_next_english_comparative(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "brighter bigger no shadow": a comparative or a refusal after a comparative of no noun."""
    if not before[-1].isa("comparative") or any(map(is_thing, before)):
        return False
    nouns = [is_noun(one) for one in after[:2]]
    return ("neg" in token and any(nouns)) or (token.isa("comparative") and not any(nouns))


def _is_next_english_measure(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "less shadow more light": another measure with its noun, behind the first one's."""
    measures = any(one.any("more", "less") for one in before[:-1]) and is_noun(before[-1])
    is_measured = "quality" in token and token.text.startswith(("more ", "less "))  # "less saturation"
    return measures and (is_measured or (token.any("more", "less") and any(map(is_noun, after[:1]))))


_ENGLISH = (
    _is_next_english_measure,
    _is_next_english_comparative,
    _is_next_english_subject,
    _is_next_english_noun,
    _is_order,
)
