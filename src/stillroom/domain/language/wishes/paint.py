"""Reads wishes for another shade of a painted backdrop: "lighter blue", "蓝色再浅一点", "背景再灰一点"."""

from collections.abc import Callable, Mapping

from stillroom.domain.language.acts import Do
from stillroom.domain.language.clauses.phrases import Phrase
from stillroom.domain.language.wishes import backdrops
from stillroom.domain.language.wishes.degrees import degree_of, fault_of, quality_of
from stillroom.domain.language.words.tokens import NUMBER

_SHADES: Mapping[str, Callable[[int, float], Do]] = {
    "bright": lambda sign, steps: backdrops.shades(sign, steps=steps),
    "deep": lambda sign, steps: backdrops.shades(-sign, steps=steps),
    "vivid": lambda sign, steps: backdrops.saturates(sign, steps=steps),
    "strong": lambda sign, steps: backdrops.saturates(sign, steps=steps),
    "soft": lambda sign, steps: backdrops.saturates(-sign, steps=steps),
}
"""Change of a painted colour by axis, from sign and steps."""
_NAMES = {("bright", 1): "light", ("bright", -1): "dark", ("deep", 1): "dark", ("deep", -1): "light"}
"""Shade that a colour is painted in where the backdrop has another one."""
_NEUTRAL = frozenset(("#ffffff", "#121315"))
_OTHERS = frozenset(("scene", "near_scene", "painted", "kind", "property", "effect", "style", "side", NUMBER))
_GRADES = ("degree", "too", "too_after", "past", "not_too", "more", "less")


def read_painted(phrase: Phrase) -> None:
    """Read a change of the colour that the backdrop has, and a colour with a degree."""
    colours = [i for i in phrase.all("colour") if not phrase.tokens[i].get("adjective").startswith("warm")]
    parts = {token.get("part") for token in phrase.tokens if not {"quality", "adjective"} & set(token.senses)}
    others = any(phrase.has(kind) for kind in _OTHERS)
    if not colours or parts - {"", "backdrop"} or others or any(phrase.status) or phrase.has("towards"):
        return
    graded = [i for i in colours if _is_graded(phrase, i)]
    if len(colours) == 2 and graded == colours[:1] and phrase.tokens[colours[0]].get("adjective"):
        first, last = (phrase.tokens[i].get("colour") for i in colours)
        phrase.use(*colours, *phrase.all("part", "backdrop"))
        phrase.act("backdrop", "backdrop", backdrops.paints(backdrops.mixed(last, first, 0.35)))
    elif len(colours) == 1 and phrase.tokens[colours[0]].get("colour") not in _NEUTRAL:
        shade = next((j for j in range(len(phrase.tokens)) if j != colours[0] and _is_shade(phrase, j)), None)
        if shade is not None:
            _read_shade(phrase, colours[0], shade)
        elif graded and phrase.has("part", "backdrop"):
            _read_lean(phrase, colours[0])


def _is_graded(phrase: Phrase, i: int) -> bool:
    """Whether a degree stands directly beside a colour."""
    beside = (phrase.tokens[j] for j in (i - 1, i + 1) if 0 <= j < len(phrase.tokens))
    return any(kind in one for one in beside for kind in _GRADES)


def _is_shade(phrase: Phrase, j: int) -> bool:
    """Whether a word asks for another shade; without a degree, "dark" only names a colour."""
    token = phrase.tokens[j]
    if quality_of(phrase, j)[0] not in _SHADES:
        return False
    return "quality" in token or any(phrase.has(kind) for kind in _GRADES)


def _read_shade(phrase: Phrase, i: int, j: int) -> None:
    """Read "make the blue a shade lighter"; "lighter blue" also paints a backdrop of another colour."""
    axis, sign = quality_of(phrase, j)
    factor, mood = fault_of(phrase, j)
    colour = phrase.tokens[i].get("colour")
    do = backdrops.where_it_is(colour, _SHADES[axis](sign * factor, degree_of(phrase, 1).steps))
    name = _NAMES.get((axis, sign * factor))
    if j < i and mood == "wish" and name:
        do = backdrops.either(do, backdrops.paints(backdrops.toned(colour, name)))
    phrase.use(i, j, *phrase.all("part", "backdrop"))
    phrase.act("backdrop", "shade", do, mood, "ambiguous")


def _read_lean(phrase: Phrase, i: int) -> None:
    """Read "背景再蓝一点" and "背景太粉了"."""
    token = phrase.tokens[i]
    factor, mood = fault_of(phrase, i)
    if factor < 0 and token.get("adjective") == "cast_grey":
        return  # a grey that shall be less so is brightened
    colour, steps = token.get("colour"), degree_of(phrase, 1).steps
    do = backdrops.leans(colour, steps)
    if factor < 0:
        do = backdrops.where_it_is(colour, backdrops.saturates(-1, steps=steps))
    elif any(one.get("part") == "backdrop" for one in phrase.tokens[i:]):
        do = backdrops.either(do, backdrops.paints(colour))  # "beige 一点的底色"
    phrase.use(i, *phrase.all("part", "backdrop"))
    phrase.act("backdrop", "shade", do, mood, "ambiguous")
