"""Clauses of a text: split at punctuation, and joined where one only goes on with the one before."""

from collections.abc import Sequence, Set
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from stillroom.domain.language.clauses.phrases import GROUND, is_comparative
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.tokens import BREAK, NUMBER, UNKNOWN, Token


class Clause(NamedTuple):
    """The tokens between two punctuation marks, and the mark after them."""

    tokens: tuple[Token, ...]
    mark: str


def clauses(tokens: Sequence[Token]) -> tuple[Clause, ...]:
    """Split tokens at punctuation; drop "please", and join a lone refusal to the clause before."""
    found: list[tuple[list[Token], str]] = [([], "")]
    for at, token in enumerate(tokens):
        if _joins_attributes(tokens, at):
            continue
        if token.text in _COLONS and not _introduces(found[-1][0]):
            continue  # "background: white"
        if token.isa("please") and not found[-1][0] and at + 1 < len(tokens):
            continue
        if BREAK in token or (token.text == "+" and _says_wish(found[-1][0])):
            found[-1] = found[-1][0], token.text
            found.append(([], ""))
        elif token.get("mood") == "retract" and _may_retract(found[-1][0]):
            found.append(([token], ""))
        else:
            found[-1][0].append(token)
    joined: list[Clause] = []
    for at, (clause, mark) in enumerate(found):
        may_join = clause and joined and at < _MOST_JOINED and len(joined[-1].tokens) < _LONGEST_JOINED
        added = _continuation(joined[-1], clause) if may_join else ()
        if added:
            joined[-1] = Clause(_joined(joined[-1].tokens, added), mark)
        elif len(joined) > 1 and _remedies_earlier(joined[-2].tokens, joined[-1].tokens, clause):
            joined[-2] = Clause((*joined[-2].tokens, _measure(clause)), joined[-2].mark)
        elif clause:
            joined.append(Clause(tuple(clause), mark))
    return tuple(joined)


_MOST_JOINED, _LONGEST_JOINED = 64, 24
"""Clauses, and tokens of one, from which on each stands by itself; they bound the time."""


def _joined(said: tuple[Token, ...], added: Sequence[Token]) -> tuple[Token, ...]:
    """Add words to a clause; an amount is of its wish, not of its limit: "darker but not too dark, 10%"."""
    limits = (at for at, (one, limit) in enumerate(pairwise(said)) if one.isa("but") and "not_too" in limit)
    at = next(limits, len(said)) if all(NUMBER in one for one in added) else len(said)
    return (*said[:at], *added, *said[at:])


def _continuation(before: Clause, clause: Sequence[Token]) -> Sequence[Token]:
    """Return what a clause adds to the one before it; nothing if it stands by itself."""
    said, gap = before.tokens, (clause[0].start - 1, clause[0].start)
    if _is_target(said, clause):
        to = Token(*gap, "到", {"to": ""}, frozenset(("target",)))
        return (to, *(token for token in clause if NUMBER in token or "filler" in token))
    if _is_amount(before, clause):
        return tuple(token for token in clause if NUMBER in token)
    if _is_degree(said, clause):
        return clause
    is_remedy = _is_remedy(said, clause)
    if _measures_first(said, clause) and (is_remedy or is_measured_bound(said, clause)):
        return (_measure(clause),)
    if is_remedy and not any(NUMBER in one for one in clause):
        return tuple(one.meaning(filler="") for one in clause)  # "too dark, up a bit"
    only_names = all(one.any("part", "property", "link") for one in (*said, clause[0]))
    only_names &= not any(one.get("property") == "blur" for one in said)  # "背景虚化、产品放大"
    if _goes_on(said, clause) or (before.mark == "、" and only_names):  # "影子、背景都淡一点"
        return (Token(*gap, "and", {"link": ""}, frozenset(("and",))), *clause)
    refusals = [token for token in clause if "neg" in token]
    is_refusal = len(refusals) == 1 and refusals[0].text != "no more"
    is_refusal &= all("neg" in token or set(token.senses) == {"filler"} for token in clause)
    is_comment = (_is_topic(said) and _is_comment(said, clause)) or _are_subject_and_state(before, clause)
    is_gradient = _goes_on_about_gradient(said, clause) or _goes_on_about_pool(said, clause)
    goes_on = is_refusal or is_comment or is_gradient or _straightens(said, clause)
    return clause if goes_on else ()


def _is_amount(said: Clause, clause: Sequence[Token]) -> bool:
    """Whether a clause is only the amount of the wish before it: "brighter, about 20%", "暖一点，300K"."""
    before = said.tokens
    is_alone = all(NUMBER in one or "filler" in one or one.text in MEASURES for one in clause)
    if not is_alone or sum(NUMBER in one for one in clause) != 1:
        return False
    graded = said.mark in _BRACKETS or any("degree" in one for one in before)
    directs = any(one.any("quality", "more", "less", "rotate", "effect") for one in before)
    adds = any("add" in one for one in before) and not any("property" in one for one in before)
    directs |= graded and any(one.any("adjective", "side") for one in before)
    directs |= _moves(before) or _is_lit_from(before)
    is_blamed = any(one.any("too", "past") for one in before) and any("adjective" in one for one in before)
    is_factor = any(amounts.factor(one.text) for one in clause)
    directs |= is_blamed and not is_factor  # "too strong; halve it"
    return directs and not adds and not any(NUMBER in one for one in before)


MEASURES = ("by", "say", "like", "around")
"""Words before an amount that are none of its own."""


def _is_degree(before: Sequence[Token], clause: Sequence[Token]) -> bool:
    """Whether a clause only says how much of the wish before it: "brighter, by a lot"."""
    is_alone = all(one.any("degree", "filler") for one in clause) and any("degree" in one for one in clause)
    is_open = any(map(is_comparative, before)) and not any(one.any("degree", NUMBER, "too") for one in before)
    return is_alone and is_open


def _is_remedy(before: Sequence[Token], clause: Sequence[Token]) -> bool:
    """Whether a clause only says which way to remedy what the one before blames: "太暗了，加20%"."""
    if not all(_way(one) or _is_beside_amount(one) for one in clause):
        return False
    is_factor = any((amounts.factor(one.text) or _HALF) != _HALF for one in clause)  # "too strong; a third"
    return not is_factor and {_way(one) for one in clause} - {0} == {-_excess(before)}


def _remedies_earlier(blamed: Sequence[Token], between: Sequence[Token], clause: Sequence[Token]) -> bool:
    """Whether a clause is the measured remedy of one before a remark: "影子太重，黑乎乎一坨，减30%"."""
    # "边缘有白边" names a flaw, not what shall change.
    others = (one for one in between if "impossible" not in one and one.get("property") != "edge")
    is_remark = not any(one.of(_NOT_REMARKED) for one in others) and not _excess(between)
    return is_remark and bool(clause) and _measures_first(blamed, clause) and _is_remedy(blamed, clause)


_NOT_REMARKED = frozenset(("part", "property", "quality", "more", "less", "side", "colour", "scene", NUMBER))


def _is_beside_amount(token: Token) -> bool:
    """Whether a word may stand beside an amount, and does not make a target of it."""
    is_verb = "to" in token and not token.isa("target", "move")
    is_verb &= token.text[-2:] != "to" and token.text[-1] != "到"
    return is_verb or token.any(NUMBER, "degree", "filler", "mood") or token.text == "take"


def _measures_first(before: Sequence[Token], clause: Sequence[Token]) -> bool:
    """Whether a clause has one amount, and the one before it none."""
    return sum(NUMBER in one for one in clause) == 1 and not any(NUMBER in one for one in before)


def _way(token: Token) -> int:
    """Return 1 for a word that only says more or up, -1 for one that says less or down, else 0."""
    if NUMBER in token:
        return {"+": 1, "-": -1}.get(token.text[0], 0)
    if token.any("property", "quality", "adjective", "part"):
        return 0
    if token.any("more", "add") or token.get("side") == "top":
        return 1
    return -1 if "less" in token or token.get("side") == "bottom" or token.text == "off" else 0


def _excess(clause: Sequence[Token]) -> int:
    """Return 1 if a clause blames too much of a quality or figure, -1 for too little, 0 if it blames none."""
    faults = {one.get("quality")[-1:] for one in clause if "fault" in one}
    if faults in ({"+"}, {"-"}):  # a fault has the meaning of its remedy: "oversharpened"
        return 1 if faults == {"-"} else -1
    named = [one for one in clause if one.get("adjective")[-1:] in ("+", "-") and "degree" not in one]
    meanings = [one.get("adjective") for one in named]
    figures = any("property" in one for one in clause)
    if any(one.any("quality", "not_too") for one in clause if one not in named):
        return 0
    if len(meanings) > 1 or not (meanings or figures):
        return 0
    if any(one.any("not_enough", "enough") for one in clause):
        return -1 if meanings[:1] == [] or meanings[0].endswith("+") else 0
    if any("neg" in one for one in clause) or not (_blames(clause) or (meanings and _states(clause))):
        return 0
    lacks = meanings[0].endswith("-") if meanings else any("less" in one for one in clause)
    is_depth = bool(meanings) and meanings[0].startswith("bright")
    is_depth &= any(one.get("part") == "shadow" for one in clause)
    return -1 if lacks != is_depth else 1  # a dark shadow is too much of it


def _blames(clause: Sequence[Token]) -> bool:
    return any(one.any("too", "too_after", "past", "lean") for one in clause)


def _states(clause: Sequence[Token]) -> bool:
    """Whether an English adjective says how something is: "a bit dark", "the photo is dark"."""
    return any(
        "adjective" in one and not one.is_han and before.any("degree", "is", "very")
        for before, one in pairwise(clause)
    )


def is_measured_bound(before: Sequence[Token], clause: Sequence[Token]) -> bool:
    """Whether a clause only bounds the amount of the wish before it: "brighter, but no more than 5%"."""
    bounds = any(one.isa("only") or ("bound" in one and one.get("bound") != "least") for one in clause)
    others = any(not (one.any(NUMBER, "filler", "bound", "but") or one.isa("only")) for one in clause)
    directs = [one for one in before if one.any("adjective", "quality", "more", "less")]
    # A bound of these may be one of their own share.
    is_share = any(one.axis == "big" or one.get("part") in _SHARES for one in before)
    return bounds and not others and len(directs) == 1 and not is_share


def _measure(clause: Sequence[Token]) -> Token:
    """Return the amount of a clause, with a sign if it only says more or less: "reduce by 30%"."""
    amount = next(one for one in clause if NUMBER in one)
    sign = {1: "+", -1: "-"}.get(next((_way(one) for one in clause if _way(one)), 0), "")
    if sign == "-" and amounts.factor(amount.text) == _HALF:
        return replace(amount, text="-50%")  # "减一半"
    return amount if amount.text[0] in "+-" else replace(amount, text=sign + amount.text)


_HALF = 0.5
_SHARES = ("shadow", "reflection")
"""Parts whose share without a sign is their strength."""
_BRACKETS = frozenset("(（")


def _moves(clause: Sequence[Token]) -> bool:
    """Whether a clause only says where something shall be moved: "move it left", "左移", "往左"."""
    sides = [one for one in clause if "side" in one and one.get("side") != "center"]
    is_way = any(one.text[0] in "往向" or "移" in one.text for one in sides)
    return is_way or (bool(sides) and any(one.isa("move") for one in clause))


def _is_lit_from(clause: Sequence[Token]) -> bool:
    """Whether a clause says the side of the light, whose angle may follow: "light from the left"."""
    return any("side" in one for one in clause) and any(one.get("part") == "light" for one in clause)


def _introduces(said: Sequence[Token]) -> bool:
    """Whether words before a colon are a wish, or only lead to one: "to match my other listings: white"."""
    if any(one.of(_STATED) for one in said):
        return True
    topics = ("backdrop", "shadow", "light", "reflection")
    leads = len(said) > 1 and any(one.any(UNKNOWN, "aside", "mood") for one in said)
    return leads and not any(one.any("property", "colour") or one.get("part") in topics for one in said)


def _joins_attributes(tokens: Sequence[Token], at: int) -> bool:
    """Whether a comma or "and" joins what one thing shall be: "a softer, darker shadow"."""
    if tokens[at].text not in (",", "and") or tokens[max(0, at - 2)].text not in ("a", "an"):
        return False
    beside = (*tokens[at - 1 : at], *tokens[at + 1 : at + 2])
    return all(one.any("adjective", "quality") for one in beside) and any(
        "part" in one for one in tokens[at + 2 : at + 3]
    )


_COLONS = frozenset(":：")
_STATED = frozenset(("adjective", "quality", "style", "effect", "colour", "kind", "scene", "ratio", NUMBER))
"""Kinds of words that say something, so that a colon after them ends their clause."""


def _says_wish(said: Sequence[Token]) -> bool:
    """Whether words before a "+" are a wish of their own: "加倒影+提亮一点", and not "影子+背景都淡一点"."""
    is_ground = any(one.get("part") == "backdrop" for one in said) and any(one.of(GROUND) for one in said)
    return is_ground or any(one.of(_WISHED) for one in said)


_WISHED = frozenset(("adjective", "quality", "effect", "more", "less", "add", "side"))


def _may_retract(before: Sequence[Token]) -> bool:
    """Whether a word such as "算了" takes back a wish before it, and is not said of a thing: "方向不对"."""
    says = any(t.any("adjective", "quality", "colour", "kind", "scene", "side", "effect") for t in before)
    return says and not _names(set(before[-1].senses)) and before[-1].text not in ("也", "有点", "方向")


_SAYS_NOTHING = frozenset(("filler", "opaque", "but", "to", "link"))
_DIRECTED = frozenset(("more", "less", "side", "degree", NUMBER))


def _is_topic(clause: Sequence[Token]) -> bool:
    """Whether a clause only names a figure, of which the next one says how: "only the contrast"."""
    names = [token for token in clause if not token.of(_SAYS_NOTHING) or "property" in token]
    return len(names) == 1 and "property" in names[0] and not names[0].any("quality", "effect")


def _goes_on(before: Sequence[Token], clause: Sequence[Token]) -> bool:
    """Whether a clause is the rest of a list of figures that a verb governs: "提高亮度、对比度"."""
    verb = next((i for i, token in enumerate(before) if token.any("more", "less")), len(before))
    lists = "property" in before[-1] and any("property" in token for token in before[verb + 1 :])
    figures = ("property", "link", "degree")
    return lists and "property" in clause[0] and all(any(one in t for one in figures) for t in clause)


_DIRECTIONS = frozenset(("adjective", "quality", "more", "less", "fills"))


def _is_target(before: Sequence[Token], clause: Sequence[Token]) -> bool:
    """Whether a clause is only the amount that a wish before it comes to: "再大些，到八成"."""
    said = [one for one in clause if not (one.any("filler", "aside") or one.text == "say")]
    numbers = [token for token in said if NUMBER in token]
    if len(numbers) != 1 or any(NUMBER in one for one in before) or amounts.times(numbers[0].text):
        return False
    if "分之" in numbers[0].text and len(said) == 1 and "side" in before[-1]:
        return True  # "放右侧，四分之一处"
    directs = [one for one in before if one.of(_DIRECTIONS)][-1:]
    grows = any(one.get("quality") == "big+" or one.get("adjective") == "big+" for one in directs)
    is_far = grows and (amounts.share(f"{amounts.number(numbers[0].text)}%") or 0) >= 0.5
    ends = all(NUMBER in one or one.isa("target") or one.text[-1] == "到" for one in said)
    return bool(directs) and ends and (len(said) > 1 or is_far)


_OF_GRADIENT = frozenset(("colour", "shade", "side", "to", "from", "painted", "degree"))


def _goes_on_about_gradient(before: Sequence[Token], clause: Sequence[Token]) -> bool:
    """Whether a clause only says which colours stand where: "渐变底，上浅下深", "pink on top, blue below"."""
    said = [token for token in clause if not set(token.senses) <= {"filler", "part", "add"}]
    sides = {token.get("side") for token in said} - {""}
    is_painted = any("colour" in one for one in said)
    is_half = is_painted and bool(sides) and before[-1].get("side") in ("top", "bottom")
    is_half = is_half and any("colour" in one for one in before)
    is_gradient = any(one.get("kind") == "gradient" for one in before)
    is_gradient = is_gradient and not any("neg" in one or one.text[0] == "反" for one in before)
    if not (is_half or is_gradient):
        return False
    shades = bool(sides & {"top", "bottom"}) and any(one.axis in ("bright", "deep") for one in said)
    shades &= not any(one.get("part") == "product" for one in clause)
    known = all(one.of(_OF_GRADIENT) or one.get("quality").startswith("bright") for one in said)
    return known and (shades or is_painted or bool(sides & {"top", "beside"}))


_OF_POOL = frozenset(("side", "adjective", "quality", "degree", "to", "filler", "link", "part", "kind"))


def _goes_on_about_pool(before: Sequence[Token], clause: Sequence[Token]) -> bool:
    """Whether a clause says how bright the rim is after one about the middle: "中间亮，四周暗"."""
    is_centre = any(one.get("side") == "center" for one in before)
    is_centre &= any(one.axis == "bright" for one in before)
    rims = any(one.get("side") == "beside" or one.get("property") == "edge" for one in clause)
    shades = any(one.axis == "bright" for one in clause)
    known = all(one.of(_OF_POOL) or one.get("property") == "edge" for one in clause)
    return is_centre and rims and shades and known


def _straightens(before: Sequence[Token], clause: Sequence[Token]) -> bool:
    """Whether a clause only straightens what the one before says to lean: "右倾3度，扶正"."""
    leans = any("rotate" in one or one.get("effect") == "straighten" for one in before)
    leans &= before[0].is_han and NUMBER in before[-1]
    rest = [one for one in clause if "filler" not in one]
    return leans and bool(rest) and all(one.get("effect") == "straighten" for one in rest)


_PAUSES = frozenset(",，-—…")
_STATES = frozenset(("adjective", "quality", "degree", "more", "less", "too", "not_too", "very"))
_NAMES = frozenset(("part", "property", "colour", "scene", "prop"))


def _names(kinds: Set[str]) -> bool:
    return bool(_NAMES & kinds) and "quality" not in kinds  # "lighter" is an article too


def _are_subject_and_state(before: Clause, clause: Sequence[Token]) -> bool:
    """Whether of two clauses one only names a part and the other how it is: "too harsh, the shadow"."""
    if before.mark not in _PAUSES:
        return False
    for topic, state in ((before.tokens, clause), (clause, before.tokens)):
        names = [token for token in topic if not set(token.senses) <= _SAYS_NOTHING]
        says = [set(token.senses) for token in state if not set(token.senses) <= _SAYS_NOTHING]
        is_named = len(names) == 1 and names[0].get("part") in ("shadow", "reflection", "light", "backdrop")
        is_named &= before.mark == "-" or topic[0].text in ("the", "that")
        is_state = any({"adjective", "quality"} & kinds for kinds in says)
        if is_named and is_state and all(_STATES & kinds and not _names(kinds) for kinds in says):
            return True
    return False


def _is_comment(topic: Sequence[Token], clause: Sequence[Token]) -> bool:
    """Whether a clause has a direction, and nothing else that it could be of: "brighter" of brightness."""
    said = [token for token in clause if not set(token.senses) <= _SAYS_NOTHING]
    figure = next((one.get("property") for one in topic if "property" in one), "")
    own = [bool(one.axis) and figure.startswith(one.axis) for one in said]
    directs = [bool(one.any("more", "less", "side")) for one in said]
    return any(own + directs) and all(
        is_own or one.of(_DIRECTED) for is_own, one in zip(own, said, strict=True)
    )
