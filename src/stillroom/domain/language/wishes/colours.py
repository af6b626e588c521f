"""Reads the colours of a backdrop: names with shades and mixtures, and which colour is the backdrop's."""

from dataclasses import dataclass

from stillroom.domain.language.clauses.phrases import Phrase
from stillroom.domain.language.wishes import backdrops
from stillroom.domain.language.words.lexicon import lexicon
from stillroom.domain.language.words.tokens import Token

NAMED = ("scene", "near_scene", "kind")
WHITE, BLACK = "#ffffff", "#121315"
_OTHER_PARTS = frozenset(("product", "shadow", "light", "highlight", "dark_side", "reflection"))


@dataclass(frozen=True, slots=True)
class Ground:
    """A backdrop as named by one or two words.

    Attributes:
        kind: Kind of the word, such as `scene`.
        name: Its meaning.
        at: Indices of the tokens.
    """

    kind: str
    name: str
    at: tuple[int, ...]


def coloured(phrase: Phrase) -> list[Ground]:
    """Return colours that are of the backdrop: with its noun, or alone."""
    found: list[Ground] = []
    ground = phrase.has("part", "backdrop") or any(phrase.has(kind) for kind in NAMED)
    others = {phrase.tokens[i].get("part") for i in phrase.all("part")} & _OTHER_PARTS
    for i in phrase.all("colour"):
        is_exact = phrase.tokens[i].text.startswith("#")
        quality = phrase.tokens[i].get("adjective")
        if quality and (
            _is_degree(phrase, i) or (quality.startswith("warm") and not phrase.has("part", "backdrop"))
        ):
            continue
        if (
            not ground
            and not (is_exact and not others)
            and (others or phrase.has("property") or not _is_alone(phrase, i))
        ):
            continue
        shade = i - 1 if i and i - 1 not in phrase.used and _shade_of(phrase, i - 1) else None
        color, tone = phrase.tokens[i].get("colour"), ""
        if shade is not None:
            tone = _shade_of(phrase, shade)
        elif phrase.has("kind", "tinted") and not any(
            one.get("kind") for one in phrase.tokens[i + 1 : i + 2]
        ):
            tone = "pastel"
        found.append(Ground("colour", backdrops.toned(color, tone), (i,) if shade is None else (shade, i)))
    if not found and (phrase.has("part", "backdrop") or phrase.has("kind", "gradient")):
        found += _shade_alone(phrase)
    hexes = [one for one in found if phrase.tokens[one.at[-1]].text.startswith("#")]
    for one in found if hexes else ():
        phrase.use(*one.at)
    return hexes or found


def _shade_of(phrase: Phrase, i: int) -> str:
    """Return the shade that a word gives to the colour after it: "dark", or the comparative of it."""
    token = phrase.tokens[i]
    compared = {"bright+": "light", "bright-": "dark", "deep+": "dark", "deep-": "light"}
    softened = "light" if token.get("adjective") == "soft+" else ""
    return token.get("shade") or compared.get(token.get("quality"), "") or softened


def _shade_alone(phrase: Phrase) -> list[Ground]:
    """Return "dark" in "dark background": a shade directly before the noun, without a degree."""
    for i in phrase.all("shade"):
        before = {kind for token in phrase.tokens[:i] for kind in token.senses}
        if phrase.tokens[i].text[1:2] == "色" and {"part", "to"} <= before:
            return [Ground("colour", backdrops.toned(None, phrase.tokens[i].get("shade")), (i,))]
        following = [token for token in phrase.tokens[i + 1 :] if "style" not in token]
        after = following[0] if following else None
        nearby = after is not None and (after.get("part") == "backdrop" or "kind" in after)
        if nearby and not _is_degree(phrase, i) and not phrase.has("too"):
            color = phrase.tokens[i].get("plain_shade") or None
            shown = backdrops.toned(color, phrase.tokens[i].get("shade"))
            if any(_looks(phrase.tokens[j].get("style"), shown) for j in phrase.all("style")):
                phrase.use(i)  # the style's own backdrop has that shade
                return []
            return [Ground("colour", shown, (i,))]
    return []


def _looks(style: str, shown: str) -> bool:
    """Whether the backdrop of a style is as light or as dark as a neutral colour."""
    own = lexicon().styles[style].get("backdrop", {})
    colours = OWN_COLOURS.get(own.get("scene", ""), (own.get("color"),))
    dark = [backdrops.is_dark(colour) for colour in colours if colour]
    return bool(dark) and all(one == backdrops.is_dark(shown) for one in dark)


def _is_degree(phrase: Phrase, i: int) -> bool:
    """Whether a word is used as a degree: "whiter", "too white", "a bit more white"."""
    tokens = phrase.tokens
    before = tokens[i - 1] if i else None
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    graded = ("degree", "too", "not_too", "very", "not_enough", "lean")
    if before is not None and any(kind in before for kind in graded) and "colour" not in before:
        return True
    return after is not None and "degree" in after and "colour" in tokens[i]


def describes_paint(token: Token) -> bool:
    return token.get("adjective").startswith(("clean", "soft", "flat"))


_BESIDE_COLOUR = frozenset(
    (
        *("colour", "shade", "kind", "to", "neg", "none", "instead_of", "filler", "but", "undo", "from"),
        *("style", "original", "previous"),
    )
)
"""Kinds of words beside which a colour is still the backdrop's."""


def _is_alone(phrase: Phrase, i: int) -> bool:
    return all(
        j == i or j in phrase.used or not _BESIDE_COLOUR.isdisjoint(token.senses) or describes_paint(token)
        for j, token in enumerate(phrase.tokens)
    )


OWN_COLOURS = {
    "wood_oak": ("#8a6244", "#f3e7d6", "#c8a97e"),
    "marble_white": (WHITE, "#eeeff1", "#f7f3ea"),
    "slate_dark": (BLACK, "#33353a", "#b4b6ba", "#3b3d41", "#2f3135"),
    "concrete_ledge": ("#b4b6ba", "#e8e9eb", "#eeeff1"),
    "stone_garden": ("#b4b6ba", "#6fae7c", "#2d5143"),
    "linen": (WHITE, "#eeeff1", "#e9dcc6", "#f5ead6", "#f7f3ea", "#eadbbf"),
    "podium_plaster": (WHITE, "#eeeff1", "#e9dcc6", "#f7f3ea", "#f5ead6"),
    "natural_light": (WHITE, "#eeeff1", "#f3e7d6"),
}
"""Colours that a scene has anyway; with another one it is only the nearest to what was named."""
