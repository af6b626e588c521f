"""Joins a material and what is said of its colour: "dark stone", "marble in black", "石头，要深色的"."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from stillroom.domain.language.words.lexicon import Lexicon, Material, Scene
from stillroom.domain.language.words.tokens import BREAK, NO_TOKEN, Token

_JOINTS = frozenset(("的", "那种", "coloured", "colored", "toned"))
"""Words between a colour and the material after it."""
_LEADS = frozenset(("in", "the", "a", "要", "是", "得"))
"""Words between a material and the colour after it."""
_ENDS = frozenset(("的", "那种", "kind", "one"))
_KINDS = {"white": "#ffffff", "black": "#121315"}
_NEUTRALS = frozenset((*_KINDS.values(), "#b4b6ba"))


class _Said(NamedTuple):
    """The colour of a material and its shade, with the indices of their first and last tokens."""

    first: int
    last: int
    colour: str
    shade: str


def with_materials(tokens: Sequence[Token], text: str, words: Lexicon) -> list[Token]:
    """Return tokens in which a material and its colour are one, whose sense is the scene that shows both.

    If none does, it is the nearest scene (`near_scene`), which is told back.

    Args:
        text: What the indices of the tokens are in.
    """
    found = list(tokens)
    for i in reversed(range(len(tokens))):
        material = words.material(tokens[i].text, tokens[i].get("scene"))
        said = (_before(found, i) or _after(found, i)) if material else None
        if material is None or said is None:
            continue
        first, last = found[min(said.first, i)], found[max(said.last, i)]
        lead = first.text.rpartition(" ")[0] if first.get("kind") in _KINDS else ""  # "on black"
        start = first.start + len(lead) + bool(lead)
        name = text[start : last.end] if said.first < i else tokens[i].text
        one = Token(start, last.end, name, _senses(material, said, words))
        leading = [Token(first.start, start - 1, lead, words.words.get(lead, {}))] if lead else []
        found[min(said.first, i) : max(said.last, i) + 1] = [*leading, one]
    return found


def _senses(material: Material, said: _Said, words: Lexicon) -> dict[str, str]:
    shown = [name for name in material.scenes if _shows(words.scene(name), said)]
    alike = [name for name in material.similar if _shows(words.scene(name), said)]
    return {"scene": shown[0]} if shown else {"near_scene": (*alike, *material.scenes)[0]}


def _shows(scene: Scene, said: _Said) -> bool:
    is_shade = not said.shade or said.shade in scene.shades
    is_neutral = bool(said.shade) and said.colour in _NEUTRALS  # "dark grey" is no other colour
    return is_shade and (is_neutral or said.colour in ("", *scene.colours))


def _before(tokens: Sequence[Token], i: int) -> _Said | None:
    """Return the colour that is said right before a material: "dark grey stone", "黑色的石头"."""
    last = i - 1
    while last > 0 and tokens[last].text in _JOINTS:
        last -= 1
    said = _colour_to(tokens, last)
    before = tokens[said.first - 1] if said and said.first else NO_TOKEN
    return None if before.any("too", "not_too", "not_enough", "very") else said


def _after(tokens: Sequence[Token], i: int) -> _Said | None:
    """Return the colour that ends the clause of a material, or that is all of the next one."""
    is_apart = tokens[i + 1].text in ",，" if i + 1 < len(tokens) else False
    first = _first_beyond(tokens, i + 1 + is_apart, lambda one: one.text in _LEADS)
    end = _first_beyond(tokens, first, _is_of_colour)
    said = _colour_to(tokens, end - 1) if end > first else None
    is_named = end < len(tokens) and tokens[end].text in _ENDS
    is_end = end + is_named == len(tokens) or BREAK in tokens[end + is_named]
    if said is None or said.first != first or not is_end:
        return None
    if tokens[first].is_han:
        is_of_it = is_named
    elif is_apart:
        is_of_it = is_named or not said.colour  # "wood, white" may be a list
    else:
        is_of_it = first > i + 1
    return said._replace(last=end - 1 + is_named) if is_of_it else None


def _first_beyond(tokens: Sequence[Token], at: int, is_so: Callable[[Token], bool]) -> int:
    return next((j for j in range(at, len(tokens)) if not is_so(tokens[j])), len(tokens))


def _colour_to(tokens: Sequence[Token], last: int) -> _Said | None:
    """Return the colour and the shade that end at a token."""
    at = last - (last > 0 and tokens[last].text == "色")  # "深棕色"
    if at < 0:
        return None
    colour, shade = _colour(tokens[at]), _shade(tokens[at])
    if not colour:
        return _Said(at, last, "", shade) if shade else None
    before = _shade(tokens[at - 1]) if at else ""
    return _Said(at - bool(before), last, colour, before)


def _is_of_colour(token: Token) -> bool:
    return bool(_colour(token) or _shade(token)) or token.text == "色"


def _colour(token: Token) -> str:
    return token.get("colour") or _KINDS.get(token.get("kind"), "")


def _shade(token: Token) -> str:
    return token.get("shade") if token.get("shade") in ("dark", "light") else ""
