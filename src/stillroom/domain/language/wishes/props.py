"""Recognises what cannot be done: things to add, lettering, retouching, another colour of the product."""

import re
from collections.abc import Sequence

from stillroom.domain.language.clauses.phrases import Phrase
from stillroom.domain.language.wishes.added import is_made_of
from stillroom.domain.language.words.tokens import NUMBER, Token

_CLAIM = ("too", "very", "not_too")


def read_props(phrase: Phrase) -> None:
    """Tell back things that cannot be added, and work that cannot be done."""
    props = [i for i in phrase.all("prop") if _is_prop(phrase, i)]
    if phrase.has("add"):
        props += phrase.all("painted")
    elif phrase.all("painted") and all(phrase.status[i] == "" for i in phrase.all("painted")):
        phrase.use(*range(len(phrase.tokens)))
        phrase.tell("not_possible")
        return
    added = [i for i, token in enumerate(phrase.tokens) if "add" in token]
    props += [i for i in phrase.all("product_part") if added and added[0] < i and not phrase.status[i]]
    works = [i for i in phrase.all("impossible") if _is_work(phrase, i)]
    phrase.use(*(i for i in phrase.all("prop") if _is_product(phrase, i)))
    if not props and not works:
        return
    first = min([*props, *works])
    begin = min([first, *added])
    for i, token in enumerate(phrase.tokens):  # all but a backdrop beside what shall be added
        if begin <= i <= first or works or not _is_ground(token) or is_made_of(phrase, i):
            phrase.use(i)
    topic = phrase.tokens[works[0]].get("impossible") or "format" if works else "prop"
    if topic == "text" and phrase.status[works[0]] in ("neg", "none") and phrase.has("none"):
        topic = "retouch"  # lettering that is there shall go
    refused = props and all(phrase.status[i] == "neg" for i in props) and not works
    phrase.tell("refused" if refused else "not_possible", "" if refused else topic)


def read_elsewhere(phrase: Phrase) -> None:
    """Tell back what is chosen elsewhere: a size in pixels, an own backdrop."""
    parts = phrase.parts
    if any(_PIXELS.search(token.text) for token in phrase.tokens if NUMBER in token):
        others = phrase.any("side", "property", "effect")
        places = phrase.has("side") or phrase.has("property", "margin")
        topic = ("place" if places else "" if others else "file") if parts <= {"product", "picture"} else ""
    else:
        topic = "own" if parts - {"picture"} == {"backdrop"} and _is_own(phrase) else ""
    if topic:
        phrase.use_known()
        phrase.tell("not_possible", topic)


_PIXELS = re.compile(r"px|像素")
_CHOSEN = re.compile(r"^(?:use|using|put|set|change|switch|replace|want|用|换|改|放|使用|采用)")


def _is_own(phrase: Phrase) -> bool:
    """Whether a backdrop of one's own is wanted, and not the one of the photo."""
    words = (*phrase.tokens, *phrase.fillers)
    stays = phrase.any("keep", "undo", "neg", "none", "previous")
    chosen = any(_CHOSEN.match(one.text) for one in words)
    return any(one.isa("own") for one in words) and chosen and not stays


def _is_prop(phrase: Phrase, i: int) -> bool:
    token = phrase.tokens[i]
    if phrase.status[i] == "keep" or _is_product(phrase, i):
        return False
    if token.any("colour", "scene", "part", "adjective", "property", "product_part", "style", "kind"):
        return any("add" in one for one in phrase.tokens[:i]) and not phrase.any(*_CLAIM)
    after = phrase.right(i)
    is_place = after.text.startswith("behind ")  # "put a second candle behind it"
    return is_place or not (after.get("part") in ("backdrop", "shadow") or "colour" in after)


def _is_product(phrase: Phrase, i: int) -> bool:
    """Whether a thing is the product itself: "put the candle on a podium"."""
    if _is_subject(phrase, i):
        return True
    is_put = any(token.isa("put") for token in phrase.tokens[:i])
    is_added = any("add" in token for token in phrase.tokens[: i + 1])
    on = next((j for j, token in enumerate(phrase.tokens) if j > i and token.isa("onto")), len(phrase.tokens))
    stands = any(_is_ground(token) or "colour" in token for token in phrase.tokens[on:])
    return stands and (is_put or not is_added)


def _is_subject(phrase: Phrase, i: int) -> bool:
    """Whether a thing opens a phrase that says how it shall look: "the candle a bit bigger"."""
    after = phrase.tokens[i + 1 :]
    if i or phrase.status[i] in ("neg", "none") or any("add" in one and "to" not in one for one in after):
        return False
    graded = any(one.any("degree", "too", "quality", "past", "not_enough") for one in after)
    return graded and any(t.any("adjective", "quality", "side", "property", "fills") for t in after)


_NEVER_DONE = frozenset(("format", "pose", "animate", "copies"))


def _is_work(phrase: Phrase, i: int) -> bool:
    """Whether work is wanted; what is refused and never done by itself is as wished already."""
    if phrase.status[i] == "neg" and phrase.tokens[i].get("impossible") in _NEVER_DONE:
        phrase.use(i)
        phrase.act(None, "")
        return False
    return phrase.status[i] != "keep"


def _is_ground(token: Token) -> bool:
    return token.any("scene", "near_scene", "kind") and "prop" not in token


_RECOLOURS = re.compile(
    r"^(?:i want|i'd like|i need|need|have|show|make|turn|change|paint|dye|colou?r|switch|convert|want|get)"
    r" (?:it|this|that|these|those|them)(?: all)?(?: to| into| in| look)?$"
    r"|^(?:recolou?r|paint|dye)|^(?:改成|改为|变成|变为|变|染|染成|涂|涂成|刷成|漆成|改色|p成|弄成|搞成|做成)$"
)
"""Verbs whose object is the product unless a backdrop was named before."""
_COLOURED = frozenset(("colour", "shade", "to", "turn", "filler", "link", "but", "very"))


def _is_recoloured(phrase: Phrase) -> bool:
    """Whether a phrase only says which colour "it" shall have, or the colour: "make it red"."""
    before = phrase.before.tokens
    is_of_ground = any(one.get("part") == "backdrop" or one.get("kind") == "transparent" for one in before)
    if phrase.antecedent.part == "backdrop" or is_of_ground:
        return False
    names = phrase.has("property", "colour") and phrase.has("to")
    is_plain = not any("colour" in one and "adjective" in one for one in phrase.tokens)
    names |= is_plain and any(one.get("property") == "colour" for one in before)
    names |= "be" in phrase.dropped and phrase.drops("it_shall")
    if not names and not any(_RECOLOURS.search(token.text) for token in phrase.tokens):
        return False
    if phrase.isa("standing_on") or any(phrase.status):
        return False
    return all(one.of(_COLOURED) or one.get("property") == "colour" for one in phrase.tokens)


def read_recolour(phrase: Phrase) -> None:
    """Tell back a colour for the product; a colour that only describes it is left alone."""
    if phrase.has("colour") and _is_recoloured(phrase):
        phrase.use(*range(len(phrase.tokens)))
        phrase.tell("not_possible", "recolour")
        return
    products, graded = phrase.all("part", "product"), phrase.has("degree")
    colours = [i for i in phrase.all("colour") if not (graded and "adjective" in phrase.tokens[i])]
    if not products or not colours or (phrase.has("part", "backdrop") and not phrase.has("to")):
        return
    last = next((i for i in reversed(colours) if phrase.status[i] == ""), colours[-1])
    others = {phrase.tokens[i].get("part") for i in phrase.all("part")} - {"product", "picture"}
    changes = any("to" in token and not token.isa("shot") for token in phrase.tokens)
    # "Put the bottle on white" says what it stands on.
    stands = any(token.isa("standing_on") for token in phrase.tokens[products[0] + 1 : last])
    if changes and not others and not stands:
        phrase.use(*range(len(phrase.tokens)))
        phrase.tell("not_possible", "recolour")


_LETTERS = re.compile(r"text|logo|label|letter|word|brand|writing|typograph|[字标]")


def topic_of_part(phrase: Phrase, rest: Sequence[Token]) -> str:
    """Return `text` if lettering on the product shall be another, `retouch` if a part of it shall change."""
    parts = [one for one in rest if "product_part" in one and not one.isa("no_matter")]
    if not parts or any(one.get("part") not in ("", "product", "picture") for one in phrase.tokens):
        return ""
    replaces = not any(status in ("neg", "none") for status in phrase.status)
    return "text" if replaces and any(_LETTERS.search(one.text) for one in parts) else "retouch"
