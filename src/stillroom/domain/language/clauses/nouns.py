"""Compound nouns: what modifies a name belongs to it, and an unknown subject is the product."""

from collections.abc import Sequence
from dataclasses import replace

from stillroom.domain.language.words.tokens import NO_TOKEN, NUMBER, UNKNOWN, Token, kinds

_MODIFIERS = kinds("scene near_scene painted colour shade prop adjective kind style property ratio")
"""Kinds of words that describe the noun after them."""
_PREDICATES = kinds("adjective quality side to more less effect is too not_too not_enough add lean very")
"""Kinds of words that say something of the subject before them."""
_OWN = frozenset(("colour", "texture", "size"))
"""Properties that belong to the product."""
_LETTERS = kinds("adjective colour part side scene painted shade property product_part")
"""Kinds of single characters that are as likely a syllable of an unknown word."""
_GRADES = frozenset(("degree", "too", "not_too", "very", "past", "not_enough"))
_PLACES = frozenset("上下里中前后边面处侧内")
_PLACED = frozenset(("scene", "near_scene", "painted", "part", "kind", "prop", "side", "number"))
_GOODS = frozenset((UNKNOWN, "part", "name", "prop", "filler", "opaque", "product_part", "colour"))
_LONGEST_NAME = 16


LAMPS = ("lamp", "lantern", "light", "灯")
"""Ends of names of goods that give light."""


def named(clause: Sequence[Token]) -> list[Token]:
    """Join unknown words and their modifiers to names; a name that is the subject is the product."""
    tokens = _joined(_compounds(_glued(_backed(_placed(_for_whom(_styled(clause)))))))
    for i, token in enumerate(tokens):
        is_named = UNKNOWN in token or ("prop" in token and _is_determined(tokens, i))
        if is_named and (_is_subject(tokens, i) or _is_object(tokens, i)):
            tokens[i] = token.meaning(part="product", name="")
    return _without_owners(tokens)


def _styled(clause: Sequence[Token]) -> list[Token]:
    """Pass over the nouns that a style describes: "a retro mood", "a vintage photo shoot"."""
    found: list[Token] = []
    is_styled = False
    for token in clause:
        is_noun = token.isa("of_style") or token.get("part") == "picture"
        is_styled = "style" in token or (is_styled and is_noun)
        found.append(token.meaning(filler="") if is_styled and is_noun else token)
    return found


def _backed(clause: Sequence[Token]) -> list[Token]:
    """Pass over the goods that stand before a colour, which is the backdrop's: "the mug on plain navy"."""
    found = list(clause)
    for i, token in enumerate(clause):
        ends = i + 1 == len(clause) or clause[i + 1].any("filler", "link", "but")
        at = i if token.isa("^backed_by") else i - 1
        if at < 0 or not (ends and token.any("colour", "kind")):
            continue
        while at > 0 and (clause[at].isa("article") or clause[at].any("shade", "adjective", "colour")):
            at -= 1
        start = next((j + 1 for j in range(at - 1, -1, -1) if clause[j].any("link", "but")), 0)
        stands = at == i or clause[at].isa("backed_by", "backed_by$")
        if stands and (at == start or _are_goods(clause[start:at])):
            found[start:at] = [one.meaning(filler="") for one in clause[start:at]]
            found[at] = clause[at] if at == i else clause[at].meaning(to="")
    return found


def _are_goods(tokens: Sequence[Token]) -> bool:
    """Whether words only name goods, or say to put them somewhere."""
    names = any(one.any(UNKNOWN, "prop") or one.get("part") == "product" or one.isa("it") for one in tokens)
    return names and all(
        set(one.senses) <= {UNKNOWN, "filler", "opaque", "colour", "prop", "add", "to", "name"}
        or one.get("part") in ("product", "picture")
        for one in tokens
    )


def _without_owners(tokens: list[Token]) -> list[Token]:
    """Pass over a product whose part or ground is spoken of: "the shadow of the mug", "杯子后面的背景"."""
    found = list(tokens)
    for i, token in enumerate(tokens):
        if token.get("part") != "product":
            continue
        at = next((j for j in range(i - 1, 0, -1) if not tokens[j].isa("determiner")), 0)
        joint, noun = (tokens[at], tokens[at - 1]) if at else (NO_TOKEN, NO_TOKEN)
        after = tokens[i + 1] if i + 1 < len(tokens) else NO_TOKEN
        is_behind = joint.get("side") == "behind" and (noun.get("part") == "backdrop" or "kind" in noun)
        if is_behind:
            found[at] = joint.meaning(filler="")
        is_ground = after.get("part") == "backdrop" and after.text.startswith("后")
        if is_behind or is_ground or (joint.text == "of" and noun.get("part") in _PARTS_OF_PRODUCTS):
            found[i] = token.meaning(filler="")
    return found


_PARTS_OF_PRODUCTS = ("shadow", "reflection", "highlight", "dark_side")


def _for_whom(clause: Sequence[Token]) -> list[Token]:
    """Read the end of a clause that names the goods as the product: "a garden for the watering can"."""
    found = list(clause)
    at = max((i for i, token in enumerate(clause[:-2]) if token.isa("for")), default=-1)
    rest = clause[at + 1 :]
    are_goods = [_GOODS.issuperset(one.senses) and one.get("part") in ("", "product") for one in rest[1:]]
    if at < 0 or not rest[0].isa("determiner") or not all(are_goods):
        return found
    if any(UNKNOWN in one or "prop" in one for one in rest):
        found[at + 1 :] = [replace(rest[-1], start=rest[0].start, senses={"part": "product"})]
    return found


def _compounds(tokens: Sequence[Token]) -> list[Token]:
    """Join unknown characters to the goods before them: "玩具熊稍微小一点"."""
    found: list[Token] = []
    for i, token in enumerate(tokens):
        last = found[-1] if found else token
        is_head = UNKNOWN in token and token.is_han and last.end == token.start
        if is_head and last.get("part") == "product" and not last.isa("generic") and i < len(tokens) - 1:
            found[-1] = replace(last, end=token.end, text=token.text)
        else:
            found.append(token)
    return found


def _placed(clause: Sequence[Token]) -> list[Token]:
    """Join what only says where to the noun before it: "木桌上", "右边", "the left side"."""
    found: list[Token] = []
    for token in clause:
        is_on_colour = len(found) > 1 and "colour" in found[-1] and found[-2].isa("onto$")
        is_on_colour &= token.text in ("上", "上面")  # "放在藏青上"
        if found and (is_on_colour or _says_where(found[-1], token)):
            last = found[-1]
            found[-1] = last.until(token.end)
        else:
            found.append(token)
    return found


def _says_where(noun: Token, token: Token) -> bool:
    if token.start == noun.end:
        return token.text in _PLACES and noun.of(_PLACED)
    return "side" in noun and token.isa("side_noun") and token.start == noun.end + 1


def _glued(clause: Sequence[Token]) -> list[Token]:
    """Join unknown characters, and known single ones beside them, to words: "小夜灯" is no small light."""
    found: list[Token] = []
    for i, token in enumerate(clause):
        last = found[-1] if found else token
        if _is_repeated(clause, i):
            if UNKNOWN in last and len(last.text) == 1:  # "拽一拽"
                found[-1] = last.until(token.end).meaning(filler="")
            continue
        touches = last.end == token.start and token.is_han and last.is_han
        begins = UNKNOWN in last and (UNKNOWN in token or _is_letter(clause, i))
        ends = UNKNOWN in token and i > 0 and _is_letter(clause, i - 1)
        if touches and (begins or ends):
            found[-1] = _join(last, token)
        else:
            found.append(token)
    return found


def _is_repeated(clause: Sequence[Token], i: int) -> bool:
    """Whether a token belongs to a doubled verb: "一挪" of "挪一挪"."""
    if "一" not in (clause[i].text, clause[i - 1].text):
        return False
    starts = [at for at in (i - 1, i - 2) if at >= 0]
    said = ([token.text for token in clause[at : at + 3]] for at in starts)
    return any(len(three) == 3 and three[1] == "一" and three[0] == three[2] for three in said)


def _is_letter(clause: Sequence[Token], i: int) -> bool:
    """Whether a known character beside an unknown one is rather a part of a longer word."""
    token = clause[i]
    if len(token.text) > 1 or not token.of(_LETTERS):
        return False
    beside = [clause[j] for j in (i - 1, i + 1) if 0 <= j < len(clause)]
    return not any(kind in one for one in beside for kind in _GRADES)


def _join(one: Token, other: Token) -> Token:
    space = "" if one.end == other.start else " "
    return Token(one.start, other.end, one.text + space + other.text, {UNKNOWN: ""})


def _joined(tokens: Sequence[Token]) -> list[Token]:
    """Join the modifiers before a name to it."""
    found: list[Token] = []
    for token in tokens:
        is_state = "quality" in token and token is tokens[-1] and bool(found) and "colour" in found[-1]
        is_product = token.get("part") == "product" and not is_state  # "make the pink lighter"
        is_prop = "prop" in token and not is_product
        if (UNKNOWN in token and not token.isa("away")) or is_product or is_prop:
            run = _modifiers(found, token)
            at = len(found) - len(run)
            is_named = any(UNKNOWN in one for one in run)
            is_free = is_prop or (is_product and not is_named and _is_renamed(found[:at]))
            is_free |= token.isa("generic") and all("adjective" in one and "colour" not in one for one in run)
            if run and (not is_free or _is_determined(found, at)):  # "put the sharp knife on white"
                del found[at:]
                senses = {"part": "product"} if is_product else token.senses
                token = replace(token, start=run[0].start, senses=senses)
        found.append(token)
    return found


def _modifiers(before: Sequence[Token], head: Token) -> Sequence[Token]:
    """Return the tokens directly before a noun that describe it."""
    at, start = len(before), head.start
    while at and len(before) - at < _LONGEST_NAME:
        token = before[at - 1]
        is_link = token.text == "的" and at > 1 and before[at - 2].of(_MODIFIERS)
        describes = token.get("adjective") != "true"
        is_graded = at > 1 and token.is_han and before[at - 2].of(_GRADES)
        describes &= not ("adjective" in token and is_graded)
        describes &= "part" not in token or head.get("part") == "product"
        describes &= UNKNOWN in token or "opaque" in token or token.of(_MODIFIERS)
        touches = start - token.end <= (0 if token.is_han else 1)
        # "暖光台灯" is a name; "光 台灯" is not.
        describes |= (
            token.get("part") == "light" and token.is_han and at > 1 and "adjective" in before[at - 2]
        )
        describes |= token.isa("sort") and at > 1 and UNKNOWN in before[at - 2]
        if not touches or not (describes or is_link) or "quality" in token:
            break
        at, start = at - 1, token.start
    if 0 < at < len(before) and UNKNOWN in before[at] and NUMBER in before[at - 1]:
        at -= 1  # "500 ml bottle"
    return before[at:]


def _is_renamed(before: Sequence[Token]) -> bool:
    """Whether what follows is what something shall become, or what a part of the picture is like."""
    last = next((token for token in reversed(before) if set(token.senses) - {"filler"}), None)
    return last is not None and (last.isa("into") or "part" in last or "to" in last)


def _is_determined(tokens: Sequence[Token], i: int) -> bool:
    return i > 0 and tokens[i - 1].isa("determiner$")


def _is_subject(tokens: Sequence[Token], i: int) -> bool:
    """Whether an unknown name is what the clause is about: nothing before it, and a predicate after it."""
    if i + 1 < len(tokens) and tokens[i + 1].get("property") in _OWN:
        return True
    if not all(_is_idle(one) or one.any("to", "link") for one in tokens[:i]):
        return False
    begins = _is_determined(tokens, i) or all(map(_is_idle, tokens[:i]))
    after = tokens[i + 1 :]
    if any(one.isa("pronoun") for one in after[:1]):
        return False  # "open them up"
    said = (one for one in after if one.text not in ("的", "'s") and set(one.senses) != {"filler"})
    predicate = next(said, NO_TOKEN)
    if not (begins or tokens[i].is_han or predicate.is_han):
        return False  # "要stanley再大一点", not "make stanley bigger"
    return predicate.any("degree", NUMBER) or ("part" not in predicate and predicate.of(_PREDICATES))


_EDITED = frozenset(("bright", "sharp", "big", "vivid", "warm"))
"""Axes of verbs whose object is the product."""
_DONE = frozenset(("sharpen", "straighten", "denoise"))
_MEASURES = frozenset(("degree", "side", "rotate", "filler", "more", "less", NUMBER))


def _is_object(tokens: Sequence[Token], i: int) -> bool:
    """Whether an unknown name is what a verb changes, or on which a fault is seen.

    Such as "sharpen the blade", "a bit warmer on the ceramics" and "light too harsh on the tap".
    """
    if not tokens[i - 1].isa("determiner") or not i:
        return False
    if i > 1 and tokens[i - 2].text == "on" and any("too" in one for one in tokens[: i - 2]):
        return i + 1 == len(tokens)
    verb = next(
        (one for one in reversed(tokens[: i - 1]) if one.text not in ("on", "whole", "entire")), tokens[i]
    )
    is_edit = verb.get("quality")[:-1] in _EDITED or verb.get("effect") in _DONE or verb.isa("^move")
    is_edit |= verb.any("rotate", "turn", "height")
    return is_edit and all(one.of(_MEASURES) for one in tokens[i + 1 :])


def _is_idle(token: Token) -> bool:
    return set(token.senses) <= {"filler", "opaque", "link", "but", "very"} and bool(token.senses)
