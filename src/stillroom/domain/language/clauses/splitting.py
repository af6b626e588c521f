"""Splits a clause into phrases: at conjunctions, at spaces and where a second wish begins."""

from collections.abc import Iterator, Sequence

from stillroom.domain.language.clauses.nouns import INTO, named
from stillroom.domain.language.clauses.phrases import GROUND, Phrase, Status, is_content, scopes
from stillroom.domain.language.clauses.similes import without_similes
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.tokens import GAP, NUMBER, UNKNOWN, Token

_LONGEST = 24
"""Maximum number of tokens of a phrase; bounds the time to read one, which grows with their square."""
_JOINS = frozenset(("and", "和", "与", "&", "跟", "to", "n", "+", "as well as", "以及", "及", "还有"))


def phrases(clause: Sequence[Token]) -> Iterator[Phrase]:
    """Split a clause at conjunctions and at spaces between Chinese words."""
    parts, joints = _split(named(without_similes(clause)))
    spans = [(tokens[0].start, tokens[-1].end) if tokens else (0, 0) for tokens in parts]
    _share_verbs(parts, joints)
    _share_predicates(parts, joints)
    carried: Status = ""
    said: list[Token] = []
    aside = ""
    for tokens, joint, after, span in zip(parts, joints, (*joints[1:], None), spans, strict=True):
        goes_on = _joins(joint)
        is_wish = aside == "comparison" and any(not _ACTS.isdisjoint(one.senses) for one in tokens)
        aside = _aside_of(tokens) or (aside if goes_on and not is_wish else "")
        words = [token for token in tokens if not _is_filler(token)]
        fault = [token for token in said if "too" in token or "is" in token][-1:]
        if fault and all("adjective" in token for token in words):
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
        phrase.is_shared = _joins(after)
        phrase.fillers = tuple(token for token in tokens if _is_filler(token))
        phrase.dropped = frozenset(token.text for token in phrase.fillers)
        yield phrase


def _split(clause: Sequence[Token]) -> tuple[list[list[Token]], list[Token | None]]:
    """Return the tokens of each phrase, and for each the conjunction before it."""
    parts: list[list[Token]] = [[]]
    joints: list[Token | None] = [None]
    ends = (at for at, token in enumerate(clause) if is_content(token) or "less" in token or "more" in token)
    last = max(ends, default=-1)
    says = False
    for at, token in enumerate(clause):
        if at:
            says = len(parts[-1]) > 0 and (says or is_content(parts[-1][-1]))
        if _is_named_beside(clause, at):
            parts.append([token])
            joints.append(_AND)
            says = False
            continue
        is_full = len(parts[-1]) == _LONGEST
        if says and begins_wish(clause, at):
            parts.append([token])
            joints.append(None)
            says = False
        elif (
            is_full
            or ((at < last or _opens_reason(token)) and _parts(token, parts[-1], clause[at + 1 :], says=says))
            or (says and _opens_limit(clause, at))
        ):
            parts.append([token] if is_full or _opens(token) or token.text == "without" else [])
            joints.append(token)
            says = False
        elif GAP not in token and not (at and _repeats(clause[at - 1], token)):
            parts[-1].append(token)
    return parts, joints


def _opens_reason(token: Token) -> bool:
    """Whether a token opens a reason, also one of words without content: "so it looks better"."""
    return token.get("aside") == "reason" and not _is_han(token)


def _opens_limit(clause: Sequence[Token], at: int) -> bool:
    """Whether a token opens what a wish before it shall not do: "without removing it", "but not removed"."""
    token, after = clause[at], clause[at + 1 : at + 4]
    if token.text == "without":
        return any(one.text.endswith("ing") for one in after[:1])
    return token.text in _BUT and any("keep" in one or "none" in one for one in after)


_BUT = frozenset(("but", "though", "但", "但是", "可是", "不过"))


_AND = Token(0, 0, "和", {"link": ""})


def _is_named_beside(clause: Sequence[Token], at: int) -> bool:
    """Whether a part is named directly after another one, and "都" follows: "影子背景都淡一点"."""
    kinds = ({"part", "property"} & set(one.senses) for one in clause[max(0, at - 1) : at + 1])
    one, other = next(kinds), next(kinds, set())
    return bool(one) and one == other and any("all" in after for after in clause[at + 1 : at + 2])


def _opens(token: Token) -> bool:
    """Whether a token that parts two phrases belongs to the second one."""
    return "aside" in token or ("link" in token and ("prop" in token or "add" in token))


def _joins(token: Token | None) -> bool:
    return token is not None and token.text in _JOINS


def _share_predicates(parts: list[list[Token]], joints: Sequence[Token | None]) -> None:
    """Give nouns that "and" joins the predicate after the last: "背景和影子都淡一点"."""
    for at in range(len(parts) - 2, -1, -1):
        joint, words = joints[at + 1], [token for token in parts[at] if not _is_filler(token)]
        after = [token for token in parts[at + 1] if not _is_filler(token)]
        is_bare = len(words) == 1 and is_thing(words[0]) and _joins(joint)
        graded = any({"adjective", "quality", "more", "less", "keep"} & set(one.senses) for one in after[1:])
        if is_bare and after and is_thing(after[0]) and graded and not any("side" in one for one in after):
            parts[at] = [*parts[at], *after[1:]]


def _share_verbs(parts: list[list[Token]], joints: Sequence[Token | None]) -> None:
    """Give properties that "and" joins the verb before the first: "increase contrast and sharpness"."""
    for at in range(1, len(parts)):
        words, after = ([one for one in part if not _is_filler(one)] for part in parts[at - 1 : at + 1])
        governs = len(words) > 1 and "property" in words[1] and "property" not in words[0]
        if not (_joins(joints[at]) and governs and {"more", "less"} & set(words[0].senses) and after):
            continue
        bare = (
            "degree" in one or one.text == "by" or amounts.share(one.text) is not None for one in after[1:]
        )
        if "property" in after[0] and all(bare):
            parts[at] = [words[0], *parts[at]]


_CONCEDING = frozenset(("是", "就", "归"))


def _aside_of(tokens: Sequence[Token]) -> str:
    """Return what a phrase is if it asks for nothing; a comparison after a wish leaves it one."""
    for i, token in enumerate(tokens):
        if token.text in _CONCEDING and 0 < i < len(tokens) - 1 and tokens[i - 1].text == tokens[i + 1].text:
            return "concession"  # "亮是亮了", "暗就暗吧"
        kind = token.get("aside")
        if not kind or any(NUMBER in one for one in tokens[i + 1 : i + 2]):
            continue
        limits = kind == "comparison" or token.text.startswith("without ")
        is_after = limits and any(is_content(one) for one in tokens[:i])
        is_after |= kind != "concession" and any(not _VERBS.isdisjoint(one.senses) for one in tokens[:i])
        is_instead = token.text == "otherwise" and any("quality" in one for one in tokens[i:])
        return "" if is_after or is_instead else kind
    return ""


_ACTS = frozenset(("quality", "more", "less", "none", "undo", "turn", "rotate"))
"""Kinds of verbs that begin a wish after a comparison: "like at noon, and bump the saturation"."""
_VERBS = frozenset(("turn", "rotate", "none", "undo"))
"""Kinds of verbs that are a wish without any other word: "turn it round so the back shows"."""


def _is_bare(words: Sequence[Token]) -> bool:
    """Whether a phrase only names a part, whose verb is in the phrase before: "no shadow and reflection"."""
    return len(words) == 1 and words[0].get("part") in ("shadow", "reflection")


_AGAIN = frozenset(("再", "再往", "再把"))
"""Words that begin the next wish where one stands before them: "再亮点再大点"."""
_WISHES = frozenset(("adjective", "quality", "side", "rotate"))


def _names_subject(token: Token, before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Whether "with" only introduces what a quality before it is of: "go a bit softer with the light"."""
    if token.text != "with" or not after or after[0].text not in ("the", "my"):
        return False
    names = [one for one in after if not _is_filler(one)]
    grades = any({"adjective", "quality"} & set(one.senses) for one in before)
    return grades and not any(is_thing(one) for one in before) and len(names) == 1 and "part" in names[0]


def _surrounds(before: Sequence[Token]) -> bool:
    """Whether "with" only says what a verb puts around the product: "surround it with stones"."""
    return any(one.text.startswith(("surround", "decorat", "garnish")) for one in before)


def _parts(token: Token, before: Sequence[Token], after: Sequence[Token], *, says: bool) -> bool:
    """Whether a token ends a phrase.

    Args:
        token: After which there is a word with content.
        before: The tokens of the phrase so far.
        after: The tokens after it.
        says: Whether a token of the phrase has content.
    """
    if (
        token.text == "就"
        and before
        and (is_thing(before[-1]) or (after[:1] and after[0].text == before[-1].text))
    ):
        return False
    limits_verb = bool(before) and not {"quality", "more", "less"}.isdisjoint(before[-1].senses)
    if token.text in ("just", "only") and (limits_verb or any("degree" in one for one in after[:1])):
        return False  # "just a hair darker", "darken only the background"
    if _names_subject(token, before, after) or (token.text == "with" and _surrounds(before)):
        return False
    if "but" in token and "very" in token and before and not {"is", "too"}.isdisjoint(before[-1].senses):
        return False  # "it is rather bright"
    if "aside" in token or GAP in token or ("but" in token and "to" not in token):
        return says
    if "or" in token:
        return any(not _is_filler(one) and not (token.text == "还是" and is_thing(one)) for one in before)
    if token.text in _AGAIN:
        return any(not _WISHES.isdisjoint(one.senses) and "part" not in one for one in before)
    if "link" not in token or not before or "neg" in before[-1]:
        return False
    if token.text in ("还要", "又要") and all(is_thing(one) or _is_filler(one) for one in before):
        return False
    colours = "colour" in before[-1] and after and "colour" in after[0]
    return not (_joins(token) and colours)


def _repeats(one: Token, other: Token) -> bool:
    return one.text == other.text and UNKNOWN not in one and one.end == other.start and NUMBER not in one


def _is_filler(token: Token) -> bool:
    says_nothing = {"filler", "opaque", "link", "but"} | (
        {"mood"} if token.get("mood") == "retract" else set()
    )
    return set(token.senses) <= says_nothing and bool(token.senses)


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


def _is_further(before: Sequence[Token], token: Token, _after: Sequence[Token]) -> bool:
    """Read "更亮更清晰"."""
    return token.text[0] == "更" and any(one.text[0] == "更" for one in before)


def _is_han(token: Token) -> bool:
    return token.text[0] > "\u3000"


_SAID = frozenset(
    (
        *("adjective", "quality", "more", "less", "keep", "none", "side", "effect", "rotate", "ratio"),
        *("colour", "kind", "scene", "near_scene", "painted", "fine", NUMBER),
    )
)
"""Kinds of words that say something of a part."""
_VERBS_OF_PARTS = frozenset(("quality", "effect", "more", "less", "none"))
_GRADING = frozenset(
    ("too", "not_too", "not_enough", "neg", "to", "very", "all", "degree", "lean", "filler", "opaque")
)
"""Kinds of words between a part and what is said of it."""
_CLOSING = frozenset(("degree", "past", "too_after", "to", "mood"))
"""Kinds of words after what is said of a part."""
_LEADS = INTO | {"的", "至", "到", "太"}
"""Words that what follows belongs to."""
_OPENERS = frozenset(
    ("把", "将", "帮我", "麻烦", "希望", "想", "想要", "想让", "能不能", "可不可以", "让", "给", "对")
)
"""Words that open a wish about the part after them."""


def _is_next_subject(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "影子淡一点背景亮一点": another part of which something is said, when the first has its own."""
    if not (_is_han(token) and is_thing(token) and _is_complete(before)):
        return False
    if "side" in before[-1] and "property" in token:
        return False  # "右边留白"
    rest = after[1:] if "part" in token and after and "property" in after[0] else after
    said = next((one for one in rest if _GRADING.isdisjoint(one.senses) or "fine" in one), None)
    return said is not None and not is_thing(said) and not _SAID.isdisjoint(said.senses)


def _is_next_request(before: Sequence[Token], token: Token, after: Sequence[Token]) -> bool:
    """Read "瓶子别这么暗想让影子短一点" and "照片有点冷锐化一下产品"."""
    opens = token.text in _OPENERS
    is_verb = not _VERBS_OF_PARTS.isdisjoint(token.senses) and ("adjective" not in token or "effect" in token)
    opens |= is_verb and len(token.text) > 1
    named = next((one for one in after if not ({"filler"} == set(one.senses) or "degree" in one)), None)
    return opens and _is_han(token) and named is not None and is_thing(named) and _is_complete(before)


def _is_complete(before: Sequence[Token]) -> bool:
    """Whether something is said of a part: "颜色太淡", "提亮产品", but not "柔和" of "柔和光线"."""
    words = [one for one in before if set(one.senses) != {"filler"}]
    said = [i for i, one in enumerate(words) if not is_thing(one) and not _SAID.isdisjoint(one.senses)]
    if not said or before[-1].text in _LEADS or not _is_han(before[-1]):
        return False
    first, last = words[: said[-1]], words[said[-1] + 1 :]
    is_governed = not _VERBS_OF_PARTS.isdisjoint(words[said[-1]].senses) and not any(map(is_thing, first))
    if not all(_CLOSING & set(one.senses) or (is_governed and is_thing(one)) for one in last):
        return False
    graded = any(not _GRADING.isdisjoint(one.senses) for one in first)
    if not last and not GROUND.isdisjoint(words[-1].senses) and "adjective" not in words[-1]:
        return any("to" in one for one in first)  # "木头颜色"
    return (
        bool(last) or graded or any(map(is_thing, first)) or not {"keep", "none"}.isdisjoint(words[-1].senses)
    )


_STARTS = (
    _is_rest,
    _is_room_left,
    _is_replacement,
    _is_remedy,
    _is_next_subject,
    _is_next_request,
    _is_further,
)
