"""Splits a clause into phrases: at conjunctions, at spaces and where a second wish begins."""

from collections.abc import Iterator, Sequence

from stillroom.domain.language.clauses.boundaries import NEAR, begins_wish
from stillroom.domain.language.clauses.coordination import share
from stillroom.domain.language.clauses.joining import MEASURES, is_measured_bound
from stillroom.domain.language.clauses.nouns import named
from stillroom.domain.language.clauses.phrases import Phrase, Status, is_content, is_filler, is_thing, scopes
from stillroom.domain.language.clauses.similes import without_similes
from stillroom.domain.language.words.tokens import GAP, NO_TOKEN, NUMBER, UNKNOWN, Token

_LONGEST = 24
"""Maximum number of tokens of a phrase; bounds the time to read one, which grows with their square."""


def phrases(clause: Sequence[Token]) -> Iterator[Phrase]:
    """Split a clause at conjunctions and at spaces between Chinese words."""
    parts, joints = _split(named(_exact(without_similes(_unasked(clause)))))
    spans = [(tokens[0].start, tokens[-1].end) if tokens else (0, 0) for tokens in parts]
    share(parts, [_joins(joint) for joint in joints])
    carried: Status = ""
    said: list[Token] = []
    aside = ""
    for tokens, joint, span in zip(parts, joints, spans, strict=True):
        goes_on = _joins(joint)
        is_wish = aside == "comparison" and any(one.of(_ACTS) for one in tokens)
        aside = _aside_of(tokens) or (aside if goes_on and not is_wish else "")
        words = [token for token in tokens if not is_filler(token)]
        fault = [token for token in said if "too" in token or "is" in token][-1:]
        if fault and all("adjective" in token and "fault" not in token for token in words):
            words = [*fault, *words]
        said = words
        if not tokens:
            continue
        is_kept = carried == "keep" and len(words) == 1 and is_thing(words[0])
        is_listed = joint is not None and ("or" in joint or (_joins(joint) and (_is_bare(words) or is_kept)))
        status = scopes(words, carried if is_listed else "")
        carried = next((one for one in reversed(status) if one), "")
        if carried == "neg" and any("to" in token for token in words):
            carried = "keep"  # "do not change the light and the shadow"
        phrase = Phrase(words, status, span, aside=aside)
        phrase.is_joined = _joins(joint)
        phrase.is_limit = joint is not None and "but" in joint
        phrase.is_other = joint is not None and "or" in joint
        phrase.is_next = any(one is not None and one.isa("in_turn") for one in (joint, tokens[0]))
        phrase.fillers = tuple(token for token in tokens if is_filler(token))
        yield phrase


def _unasked(clause: Sequence[Token]) -> Sequence[Token]:
    """Drop what makes a question of a wish at its end: "能再亮一点不"."""
    is_asked = len(clause) > 1 and clause[-1].text == "不" and "degree" in clause[-2]
    return clause[:-1] if is_asked else clause


def _exact(clause: Sequence[Token]) -> list[Token]:
    """Drop "like" before a figure or a hex colour, which is no comparison: "like 75 percent"."""
    return [
        token.meaning(filler="")
        if token.get("aside") == "comparison" and (NUMBER in after or after.text.startswith("#"))
        else token
        for token, after in zip(clause, (*clause[1:], NO_TOKEN), strict=True)
    ]


def _split(clause: Sequence[Token]) -> tuple[list[list[Token]], list[Token | None]]:
    """Return the tokens of each phrase, and for each the conjunction before it."""
    parts: list[list[Token]] = [[]]
    joints: list[Token | None] = [None]
    ends = (at for at, token in enumerate(clause) if is_content(token) or "less" in token or "more" in token)
    last = max(ends, default=-1)
    for at, token in enumerate(clause):
        before, after = parts[-1], clause[at + 1 :]
        says = any(is_content(one) or one.text == "keep the size" for one in before)
        is_full = len(before) == _LONGEST
        may_part = at < last or _opens_reason(token, before)
        if _is_named_beside(before, token, after[:1]):
            parts[-1] = [one for one in before if one.text != "跟"]
            parts.append([token])
            joints.append(_AND)
        elif says and begins_wish(before, token, after[: NEAR - 1]):
            parts.append([token])
            joints.append(None)
        elif (
            is_full
            or (may_part and _parts(token, before, after, says=says))
            or (says and _opens_limit(token, after[:3]))
        ):
            parts.append([token] if is_full or _opens(token) or token.text.startswith("without") else [])
            joints.append(token)
        elif GAP not in token and not (at and _repeats(clause[at - 1], token)):
            parts[-1].append(token)
    return parts, joints


def _opens_reason(token: Token, before: Sequence[Token]) -> bool:
    """Whether a token opens a reason, also one of words without content: "so it looks better"."""
    only_names = all(one.any("side", "part", "filler") for one in before)  # "头顶要写标题"
    return token.get("aside") == "reason" and not (token.is_han and only_names)


def _opens_limit(token: Token, after: Sequence[Token]) -> bool:
    """Whether a token opens what a wish before it shall not do: "without removing it", "but not removed"."""
    if token.text == "without":
        return any(one.text.endswith("ing") for one in after[:1])
    return token.isa("but") and any("keep" in one or "none" in one for one in after)


_AND = Token(0, 0, "和", {"link": ""}, frozenset(("and",)))


def _is_named_beside(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Whether a part is named after another one, and "都" follows: "影子跟背景都淡一点"."""
    others = [one for one in before if one.text != "跟"][-1:]
    is_alike = bool(others) and any(kind in others[0] and kind in token for kind in ("part", "property"))
    return is_alike and any("all" in one for one in after)


def _opens(token: Token) -> bool:
    """Whether a token that parts two phrases belongs to the second one."""
    return "aside" in token or ("link" in token and ("prop" in token or "add" in token))


def _joins(token: Token | None) -> bool:
    return token is not None and token.isa("and")


def _aside_of(tokens: Sequence[Token]) -> str:
    """Return what a phrase is if it asks for nothing; a comparison after a wish leaves it one."""
    for i, token in enumerate(tokens):
        if _concedes(tokens[:i], token, tokens[i + 1 :]):
            return "concession"
        kind = token.get("aside")
        if not kind or any(NUMBER in one for one in tokens[i + 1 : i + 2]):
            continue
        if kind == "reason" and any(one.isa("ought") for one in tokens[i + 1 :]):
            return ""  # "so the shadow should fall to the left"
        limits = kind == "comparison" or token.text.startswith("without ")
        is_after = limits and any(is_content(one) for one in tokens[:i])
        is_after |= kind != "concession" and any(one.of(_VERBS) for one in tokens[:i])
        is_instead = token.text == "otherwise" and any("quality" in one for one in tokens[i:])
        return "" if is_after or is_instead else kind
    return ""


def _concedes(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Whether a word repeats the state before it: "亮是亮了", "暗就暗吧"."""
    return token.isa("conceding") and bool(before and after) and before[-1].text == after[0].text


_ACTS = frozenset(("quality", "more", "less", "none", "undo", "turn", "rotate"))
"""Kinds of verbs that begin a wish after a comparison: "like at noon, and bump the saturation"."""
_VERBS = frozenset(("turn", "rotate", "none", "undo"))
"""Kinds of verbs that are a wish without any other word: "turn it round so the back shows"."""


def _is_bare(words: Sequence[Token]) -> bool:
    """Whether a phrase only names a part, whose verb is in the phrase before: "no shadow and reflection"."""
    return len(words) == 1 and words[0].get("part") in ("shadow", "reflection")


_WISHES = frozenset(("adjective", "quality", "side", "rotate", "none", "keep"))


_WITH_THINGS = ("surround", "decorat", "garnish", "replac", "swap")
"""Verbs that "with" belongs to."""


def _parts(token: Token, before: Sequence[Token], after: Sequence[Token], *, says: bool) -> bool:
    """Whether a token ends a phrase; `says` tells whether the phrase has content so far."""
    limits_verb = bool(before) and before[-1].any("quality", "more", "less")
    limits_verb &= not (after and "quality" in after[0])  # "don't make it brighter, just warmer"
    is_measured = any(one.any("property", "effect", "rotate") for one in before[-2:])
    limits_verb |= is_measured and any(NUMBER in one for one in after[:1])
    if token.isa("only") and (limits_verb or any("degree" in one for one in after[:1])):
        return False  # "just a hair darker", "darken only the background", "the contrast just 10%"
    if GAP in token and NUMBER in after[0] and all(one.any(GAP, "filler") for one in after[1:2]):
        return False  # "提亮 百分之十"
    # "Surround it with stones", "replace the oak with linen"
    is_governed = token.text == "with" and any(one.text.startswith(_WITH_THINGS) for one in before)
    if _concedes(before, token, after) or is_governed:
        return False
    if "but" in token and _measures(before, after):
        return False
    if "aside" in token or GAP in token or ("but" in token and "to" not in token):
        return says
    if "or" in token:
        return any(not is_filler(one) and not (token.text == "还是" and is_thing(one)) for one in before)
    if token.isa("again"):
        measures = any("from" in one for one in before[-2:])  # "离左边再远一点"
        measures |= any(one.isa("this") for one in before[:1]) and "colour" in before[-1]  # "这个蓝再浅"
        measures |= all("side" in one and one.text[0] not in "往向朝" for one in before)  # "周围再空一点"
        wishes = _WISHES if token.text == "再" else {*_WISHES, "effect"}
        return not measures and any(not wishes.isdisjoint(one.senses) and "part" not in one for one in before)
    adds = "more" in token and any(NUMBER in one for one in after[:1])  # "contrast plus 20%"
    if "link" not in token or not before or "neg" in before[-1] or adds:
        return False
    colours = "colour" in before[-1] and after and "colour" in after[0]
    return not (_joins(token) and (colours or _is_corner(before[-1], after)))


def _measures(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Whether words only measure the wish before: "warmer please, 10%", "brighter but no more than 5%"."""
    is_amount = all(one.any(NUMBER, "filler") or one.text in MEASURES for one in after)
    is_amount &= any(NUMBER in one for one in after) and not any(NUMBER in one for one in before)
    return is_amount or (bool(after) and is_measured_bound(before, after))


_AXES = (frozenset(("left", "right")), frozenset(("top", "bottom")))


def _is_corner(side: Token, after: Sequence[Token]) -> bool:
    """Whether two sides are one way to go: "up and to the right"."""
    named = {side.get("side"), after[0].get("side") if after else ""}
    return all(len(named & axis) == 1 for axis in _AXES)


def _repeats(one: Token, other: Token) -> bool:
    return one.text == other.text and UNKNOWN not in one and one.end == other.start and NUMBER not in one
