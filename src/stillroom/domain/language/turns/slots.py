"""Slots of a wish: its words that another one of the same kind may replace, as sides, colours and numbers."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.lexicon import lexicon, plain
from stillroom.domain.language.words.tokeniser import tokenise
from stillroom.domain.language.words.tokens import NUMBER, Token, kinds
from stillroom.domain.words import language_like

SAYS_NOTHING = kinds("filler opaque to from is or but link mood frame turn target gap past")
"""Kinds of words that may stand beside slots and add nothing."""
_ON_GROUND = {
    "scene": {"zh": "放在{}上", "en": "put it on {}"},
    "colour": {"zh": "背景换成{}", "en": "make the background {}"},
    "kind": {"zh": "{}", "en": "{}"},
}
"""Wishes for another kind of backdrop than the one before."""
_PLACED = frozenset(("part", "colour", "scene", "kind", "ratio"))
"""Kinds of slots that say what a wish is about by themselves."""
_IT = re.compile(r"(?<![a-z'])(?:it|this|that)(?![a-z'])")


@dataclass(frozen=True, slots=True)
class Slot:
    """A word of a wish, or some of one kind, that another one may replace.

    Attributes:
        kind: `number`, `ratio`, `side`, `colour` and so on; a quality's is its axis.
        text: As written.
        start: Index of its first character in the text.
        end: Index after its last one.
        is_refused: Whether it is what was not meant: "not sage, navy".
    """

    kind: str
    text: str
    start: int
    end: int
    is_refused: bool = False


def slots_of(tokens: Sequence[Token], text: str, *, is_strict: bool = True) -> list[Slot] | None:
    """Return the slots of some words; None if they say anything else, unless that does not matter."""
    found: list[Slot] = []
    is_refused, at = False, 0
    while at < len(tokens):
        token, end = tokens[at], at + 1
        kind = _kind(token, tokens[end] if end < len(tokens) else None)
        if kind == "colour":
            while "colour" not in tokens[end - 1]:
                end += 1
        elif kind == "kind" and end < len(tokens) and "scene" in tokens[end]:  # "on white marble"
            kind, token, end = "scene", tokens[end], end + 1
        if kind:
            last = tokens[end - 1]
            found.append(Slot(kind, text[token.start : last.end], token.start, last.end, is_refused))
            is_refused = False
        elif "neg" in token:
            is_refused = True
        elif is_strict and (
            token.isa("also") or token.text in ("也", "又") or not set(token.senses) <= SAYS_NOTHING
        ):
            return None
        at = end
    return found


_SLOTS = ("ratio", "scene", "kind", "side", "effect", "style")


def _kind(token: Token, after: Token | None) -> str:
    """Return the kind of slot that a word is; nothing if it is none."""
    is_shade = "shade" in token and after is not None and "colour" in after
    if token.axis == "warm" and "adjective" in token:
        return "axis warm"  # "冷" is a colour too
    if "colour" in token or is_shade:
        return "colour"
    if NUMBER in token:
        return "number"
    if token.get("rotate"):
        return "rotate"
    kind = next((one for one in _SLOTS if one in token), "")
    if kind and "to" not in token and token.get("side") != "opposite":
        return kind
    if token.any("part", "property") and token.get("property") != "edge" and "quality" not in token:
        return "part"
    if token.axis:
        return f"axis {token.axis}"
    if token.any("more", "less"):
        return "direction"
    return "degree" if "degree" in token and token.text != "又" else ""


_TOPICS = {
    "brightness": "bright",
    "picture": "",
    "product": "",
    "saturation": "vivid",
    "sharpen": "sharp",
    "sharpness": "sharp",
    "size": "big",
    "temperature": "warm",
    "warmth": "warm",
}
"""Axes of names that have one; the product and the picture are what any wish is about."""


def topic_of(token: Token) -> str:
    """Return what a word names that may change, such as a part or an axis; nothing for any other word."""
    kind = next((kind for kind in ("part", "property", "effect") if kind in token), "")
    name = token.axis or token.get(kind)
    return _TOPICS.get(name, name) or ("rotation" if "rotate" in token else "")


_FIGURE = re.compile(amounts.DIGITS)


def _kelvins(amount: str) -> float | None:
    return amounts.number(amount) if amount.lower().endswith(("k", "kelvin", "kelvins")) else None


_UNITS: Sequence[Callable[[str], float | None]] = (
    amounts.degrees,
    amounts.stops,
    amounts.times,
    amounts.share,
    _kelvins,
)


def _unit(amount: str) -> int | None:
    """Return the place of an amount's unit among `_UNITS`; None for a bare figure."""
    return next((at for at, unit in enumerate(_UNITS) if unit(amount) is not None), None)


def _is_same(place: Slot, slot: Slot) -> bool:
    return _fits(place, slot) and (plain(slot.text) in plain(place.text) or slot.kind.startswith("axis"))


def _fits(place: Slot, slot: Slot) -> bool:
    if place.kind != slot.kind:
        return False
    units = {_unit(one.text) for one in (place, slot)} if slot.kind == "number" else set()
    return len(units - {None}) <= 1


_SIDES = re.compile("[左右上下]+")


def _said_for(place: Slot, slot: Slot) -> str:
    """Return what stands in a place after a correction.

    A bare figure has the unit that was there, and a side the verb: "右移" for "左移".
    """
    side = _SIDES.match(slot.text)
    if slot.kind == "side" and side and place.text[-1] in "移挪":
        return _SIDES.sub(side.group(), place.text)
    is_bare = slot.kind == "number" and _unit(slot.text) is None and _unit(place.text) is not None
    return _FIGURE.sub(slot.text.strip("+- "), place.text, count=1) if is_bare else slot.text


def replaced(wish: str, slots: Sequence[Slot], said: str) -> str | None:
    """Return a wish with other words in their places; None if it has no place for them.

    Args:
        slots: What shall be there instead, and what is refused.
        said: The words that say so.
    """
    wanted = [slot for slot in slots if not slot.is_refused]
    tokens = tokenise(wish, lexicon())
    found = slots_of(tokens, wish, is_strict=False) or []
    goes = any("none" in token for token in tokens)
    if not all(map(_may_be_wished, tokens)):
        return None
    places = dict[Slot, str]()
    refused = [slot for slot in slots if slot.is_refused and len(wanted) == 1]
    for slot in reversed(wanted):
        free = [one for one in reversed(found) if one not in places]
        place = next((one for one in free if any(_is_same(one, old) for old in refused)), None)
        place = place or next((one for one in free if _fits(one, slot) and not goes), None)
        if place is not None:
            places[place] = _said_for(place, slot)
    if len(places) == len(wanted):
        if all(plain(new) in plain(place.text) for place, new in places.items()):
            return None
        for place, new in sorted(places.items(), key=lambda pair: -pair[0].start):
            wish = f"{wish[: place.start]}{new}{wish[place.end :]}"
        return wish
    return _said_otherwise(wish, found, wanted, said if goes else "")


_NO_WISH = kinds("neg too too_after not_too not_enough fault lean fine past keep undo")
_MOODS = ("ask", "open", "why", "report", "condition", "asked")
"""Kinds of words, and moods, of what is no wish that could be corrected."""


def _may_be_wished(token: Token) -> bool:
    return not (token.of(_NO_WISH) or token.get("mood") in _MOODS or token.get("adjective") == "ugly")


def _said_otherwise(wish: str, found: Sequence[Slot], wanted: Sequence[Slot], said: str) -> str | None:
    """Return a wish that says something of another kind instead; None if none is meant.

    That may be the part, a degree, another kind of backdrop, or a look of what should go.

    Args:
        said: What a correction says of what should go.
    """
    kinds_found, asked = {slot.kind for slot in found}, {slot.kind for slot in wanted}
    language = language_like(wish)
    if not said and len(wanted) == 1 and asked <= _ON_GROUND.keys() and kinds_found & _ON_GROUND.keys():
        return _ON_GROUND[wanted[0].kind][language].format(wanted[0].text)
    if asked == {"part"} and kinds_found and not kinds_found & _PLACED:
        return _about(wanted[0].text, wish, language)
    axis = next((slot for slot in found if slot.kind.startswith("axis")), None)
    if asked == {"degree"} and axis and language == "en":
        return f"{wish[: axis.start]}{wanted[0].text} {wish[axis.start :]}"
    parts = [slot for slot in found if slot.kind == "part"]
    if said and len(parts) == 1 and all(kind == "degree" or kind.startswith("axis") for kind in asked):
        return _about(parts[0].text, said, language)
    return None


def _about(part: str, wish: str, language: str) -> str:
    if language == "zh":
        return f"{part}{wish}"
    about, count = _IT.subn(f"the {part}", wish, count=1)
    return about if count else f"the {part} {wish}"
