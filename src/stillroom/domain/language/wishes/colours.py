"""Reads the colours of a backdrop: names with shades and mixtures, and which colour is the backdrop's."""

from dataclasses import dataclass, replace

from stillroom.domain.language.acts import impossible
from stillroom.domain.language.clauses.phrases import Phrase, is_content
from stillroom.domain.language.wishes import backdrop_changes, paint
from stillroom.domain.language.wishes.degrees import fault_of, is_leaning, steps_of
from stillroom.domain.language.words.lexicon import lexicon
from stillroom.domain.language.words.tokens import NO_TOKEN, Token, kinds

NAMED = ("scene", "near_scene", "kind")
WHITE, BLACK = "#ffffff", "#121315"
_OTHER_PARTS = frozenset(("product", "shadow", "light", "highlight", "dark_side", "reflection"))


@dataclass(frozen=True, slots=True)
class Ground:
    """A backdrop as named by one or two words: the kind and the meaning, and the indices of the tokens."""

    kind: str
    name: str
    at: tuple[int, ...]


def coloured(phrase: Phrase) -> list[Ground]:
    """Return colours that are of the backdrop: with its noun, or alone."""
    found: list[Ground] = []
    ground = phrase.has("part", "backdrop") or phrase.any(*NAMED)
    others = {phrase.tokens[i].get("part") for i in phrase.all("part")} & _OTHER_PARTS
    whites = [i for i in phrase.all("kind", "white") if i and _tinge(phrase.tokens[i - 1])]
    for i in sorted((*phrase.all("colour"), *whites)):
        quality = phrase.tokens[i].get("adjective")
        is_warm = quality.startswith("warm") and not phrase.has("part", "backdrop")
        if _is_of_goods(phrase, i):
            phrase.use(i, i + 1)
            continue
        if "too" in phrase.left(i) or (quality and (is_warm or _is_degree(phrase, i))):
            continue
        is_exact = phrase.tokens[i].text.startswith("#")
        is_alone = is_exact or (not phrase.has("property") and _is_alone(phrase, i))
        if ground or (is_alone and not others):
            found.append(_painted(phrase, i, found))
    if not found and (phrase.has("part", "backdrop") or phrase.has("kind", "gradient")):
        found += _shade_alone(phrase)
    hexes = [one for one in found if phrase.tokens[one.at[-1]].text.startswith("#")]
    for one in found if hexes else ():
        phrase.use(*one.at)
    if phrase.has("kind", "gradient"):
        named = {one.at[0] for one in hexes if len(one.at) > 1}
        return [one for one in found if one.at[-1] not in named]  # "蓝色#4a90e2到白色渐变"
    return hexes or found


def _painted(phrase: Phrase, i: int, found: list[Ground]) -> Ground:
    """Return a colour with the shade or the tinge that the words before it give it: "dark blue", "灰紫"."""
    before = i - 1
    while before > 0 and "degree" in phrase.tokens[before] and "colour" not in phrase.tokens[before]:
        before -= 1  # "深一点的蓝"
    color = phrase.tokens[i].get("colour") or WHITE
    if phrase.tokens[i].text.startswith("#"):
        named = (before,) if before >= 0 and "colour" in phrase.tokens[before] else ()
        return Ground("colour", color, (*named, i))  # exact, also after "brand blue"
    is_apart = phrase.has("kind", "gradient") and phrase.tokens[before].end < phrase.tokens[i].start
    is_apart &= phrase.tokens[i].is_han  # "渐变，上亮下暗，灰色"
    is_free = before >= 0 and not is_apart and before not in phrase.used
    is_free = is_free and phrase.status[before] == phrase.status[i]
    if is_free and (shades := _shades_before(phrase, i, before)):
        said = dict.fromkeys(_shade_of(phrase, j) or "very" for j in reversed(shades))
        for shade in said:
            color = paint.toned(color, next(iter(said)) if shade == "very" else shade)
        return Ground("colour", color, (*shades, i))
    is_beside = is_free and before == i - 1 and not phrase.has("kind", "gradient")
    is_listed = phrase.tokens[i].start - phrase.tokens[before].end > 1 and not phrase.isa("between")
    is_beside &= not is_listed  # "black and gold"
    if is_beside and (tinge := _tinge(phrase.tokens[before])):
        at = found.pop().at if found and found[-1].at[-1] == before else (before,)
        shade = _shade_of(phrase, at[0])
        own, other = (paint.toned(one, shade) for one in (color, tinge))
        return Ground("colour", paint.mixed(own, other, 0.4), (*at, i))
    return Ground("colour", color, (i,))


def _is_of_goods(phrase: Phrase, i: int) -> bool:
    """Whether a colour is that of the product named after it, beside a backdrop: "藏青底衬金项链"."""
    is_named = phrase.tokens[i].end == phrase.right(i).start and phrase.right(i).get("part") == "product"
    is_beside = phrase.has("part", "backdrop") or len(phrase.all("colour")) > 1 or phrase.has("add")
    return is_named and is_beside


def _tinge(token: Token) -> str:
    """Return the colour that another one after it leans to: "blue" in "blue grey", "pinkish"."""
    cast = _CASTS.get(token.get("adjective"), "")
    return token.get("colour") or (cast if "quality" not in token else "")


_CASTS = {
    "cast_yellow": "#f0cd63",
    "cast_blue": "#5f93d4",
    "cast_red": "#f0bcc4",
    "cast_green": "#6fae7c",
    "cast_purple": "#9277c4",
    "cast_grey": "#b4b6ba",
}
"""Colours of words such as "pinkish", of which a colour after them has a tinge."""


def _shades_before(phrase: Phrase, i: int, last: int) -> list[int]:
    """Return the words in a row that give a colour its shade: "rich deep teal", "very dark green"."""
    if not _shade_of(phrase, last):
        return []
    first = last
    while first > 0 and first - 1 not in phrase.used and phrase.status[first - 1] == phrase.status[i]:
        if not (_shade_of(phrase, first - 1) or "very" in phrase.tokens[first - 1]):
            break
        first -= 1
    return [*range(first, last + 1)]


def _shade_of(phrase: Phrase, i: int) -> str:
    """Return the shade that a word gives to the colour after it: "dark", or the comparative of it."""
    token = phrase.tokens[i]
    compared = {"bright+": "light", "bright-": "dark", "deep+": "dark", "deep-": "light"}
    adjective = _SHADES.get(token.get("adjective"), "") or _SHADES.get(token.get("quality"), "")
    return token.get("shade") or compared.get(token.get("quality"), "") or adjective


_SHADES = {"soft+": "soft", "vivid+": "vivid", "true": "vivid", "warm+": "warm", "warm-": "cool"}


def _shade_alone(phrase: Phrase) -> list[Ground]:
    """Return "dark" in "dark background": a shade directly before the noun, without a degree."""
    for i in phrase.all("shade"):
        if phrase.tokens[i].get("shade") not in paint.NEUTRALS:
            continue
        before = {kind for token in phrase.tokens[:i] for kind in token.senses}
        if phrase.tokens[i].text[1:2] == "色" and {"part", "to"} <= before:
            return [Ground("colour", paint.toned(None, phrase.tokens[i].get("shade")), (i,))]
        after = next((token for token in phrase.tokens[i + 1 :] if "style" not in token), NO_TOKEN)
        nearby = after.get("part") == "backdrop" or "kind" in after
        if nearby and not _is_degree(phrase, i) and not phrase.has("too"):
            shown = paint.toned(None, phrase.tokens[i].get("shade"))
            if any(_looks(phrase.tokens[j].get("style"), shown) for j in phrase.all("style")):
                phrase.use(i)  # the style's own backdrop has that shade
                return []
            return [Ground("colour", shown, (i,))]
    return []


def _looks(style: str, shown: str) -> bool:
    """Whether the backdrop of a style is as light or as dark as a neutral colour."""
    own = lexicon().styles[style].get("backdrop", {})
    colours = lexicon().scene(own.get("scene")).colours or (own.get("color"),)
    dark = [paint.is_dark(colour) for colour in colours if colour]
    return bool(dark) and all(one == paint.is_dark(shown) for one in dark)


def _is_degree(phrase: Phrase, i: int) -> bool:
    """Whether a word is used as a degree: "whiter", "too white", "a bit more white"."""
    before, after = phrase.left(i), phrase.right(i)
    graded = ("degree", "too", "not_too", "very", "not_enough", "lean", "more", "less")
    if before.any(*graded) and not before.any("colour", "side"):
        return not before.text.endswith("的")  # "深一点的蓝"
    return "degree" in after and "side" not in after and "colour" in phrase.tokens[i]


_BESIDE_COLOUR = kinds(
    "colour shade kind to neg none instead_of filler but undo from style original previous"
)
"""Kinds of words beside which a colour is still the backdrop's."""


def _is_alone(phrase: Phrase, i: int) -> bool:
    return all(
        j == i
        or j in phrase.used
        or token.of(_BESIDE_COLOUR)
        or token.get("adjective").startswith(("clean", "soft", "flat"))
        or (
            (j + 1 == i or (j + 1 < i and _says_shade(phrase, j + 1)))
            and ("very" in token or token.get("adjective") in _MOODS or _says_shade(phrase, j))
        )
        or ("add" in token and token.text.startswith("来"))
        or ("degree" in token and (token.text.endswith("的") or (j + 1 < i and _says_shade(phrase, j + 1))))
        for j, token in enumerate(phrase.tokens)
    )


def _says_shade(phrase: Phrase, i: int) -> bool:
    return bool(_shade_of(phrase, i) or _tinge(phrase.tokens[i]))


_MOODS = frozenset(("warm+", "bright+", "vivid+", "true"))
"""Adjectives that are of a colour directly after them, and not of the picture: "来点暖暖的米色"."""
_AXES = frozenset(("bright", "deep", "vivid", "strong"))
_GRADES = ("degree", "too", "too_after", "past", "not_too", "not_enough", "more", "less")
_NO_COLOURS = frozenset((WHITE, BLACK, "#c9a75b"))
"""Colours that are said of light, of print and of metal as well."""


def name_by_colour(phrase: Phrase) -> None:
    """Read a colour of which a degree is said as a name of the backdrop: "make the blue a shade lighter".

    What is said of it is done on a backdrop of that colour alone.
    """
    _settle_mixture(phrase)
    if _keeps_colour(phrase):
        return
    tokens = phrase.tokens
    said = [i for i, token in enumerate(tokens) if "colour" not in token and token.axis in _AXES]
    said = said or [i for i, one in enumerate(tokens) if one.axis == "warm" and _is_compared(phrase, i)]
    names = {i: one.get("colour") or one.get("kind") for i, one in enumerate(tokens) if i not in said}
    at = [i for i, name in names.items() if name.startswith("#") or name == "gradient"]
    graded = phrase.any(*_GRADES) or any("quality" in tokens[i] for i in said)
    is_new = any(one.any("to", "add") and not one.isa("about") for one in tokens[: min(said, default=0)])
    is_new &= not any(token.isa("about") for token in tokens[min(said, default=0) :])
    if len(at) != 1 or not said or not graded or (is_new and said[0] < at[0]):
        return
    name = names[at[0]]
    before, known = phrase.left(at[0]), {*said, *at}
    others = any(_is_other(token) for i, token in enumerate(tokens) if i not in known)
    others |= before.any("degree", "is", "too") and not before.text.endswith("的")  # "又暗又黄"
    if not (others or name in _NO_COLOURS or tokens[at[0]].get("adjective").startswith("warm")):
        _name(phrase, at[0])


def _is_compared(phrase: Phrase, i: int) -> bool:
    """Whether a quality is a comparative beside a colour: "a cooler grey", "灰色再冷一点"."""
    if phrase.tokens[i].is_han:
        return "degree" in phrase.right(i)
    return "quality" in phrase.tokens[i] and ("colour" in phrase.left(i) or "colour" in phrase.right(i))


def _name(phrase: Phrase, i: int) -> None:
    phrase.given = phrase.tokens[i].get("colour") or phrase.tokens[i].get("kind")
    phrase.tokens[i] = replace(phrase.tokens[i], senses={"part": "backdrop"})


def _settle_mixture(phrase: Phrase) -> None:
    """Drop what only joins two colours side by side: "偏冷的灰", "粉色和紫色中间"."""
    tokens = phrase.tokens
    for i, (first, second, third) in enumerate(zip(tokens, tokens[1:], tokens[2:], strict=False)):
        if "ratio" in first and second.get("kind") == "gradient":
            is_upright = first.text.startswith(("v", "竖", "纵"))
            tokens[i] = replace(first, senses={"filler": ""} if is_upright else {"side": "left"})
        elif "lean" in first and "colour" in second and "colour" in third:
            tokens[i] = replace(first, senses={"filler": ""})


def _keeps_colour(phrase: Phrase) -> bool:
    """Read the colour that stays as the backdrop: "same green" before "but darker"."""
    same = next(
        (i for i, one in enumerate(phrase.tokens[:-1]) if one.isa("same") or one.text == "keep"), None
    )
    if same is None:
        return False
    after = phrase.tokens[same + 1]
    if after.get("colour") not in ("", *_NO_COLOURS) and same + 2 == len(phrase.tokens):
        _name(phrase, same + 1)
    elif after.get("property") == "colour" and phrase.tokens[same].isa("same"):
        phrase.tokens[same + 1] = replace(after, senses={"part": "backdrop"})
    else:
        return False
    is_all = same + 2 == len(phrase.tokens)
    phrase.tokens[same] = replace(phrase.tokens[same], senses={"keep" if is_all else "filler": ""})
    phrase.status[same + 1] = "keep" if is_all else ""
    return True


def _is_other(token: Token) -> bool:
    """Whether a word says more than how a colour shall be."""
    return is_content(token) and "degree" not in token and "filler" not in token


def read_lean(phrase: Phrase) -> None:
    """Read a colour that the backdrop shall have more or less of: "背景太粉了", "background too pink"."""
    at = [i for i in phrase.all("colour") if _is_degree(phrase, i)]
    grounds = [i for i, token in enumerate(phrase.tokens) if token.get("part") == "backdrop"]
    known = {*at, *grounds}
    others = any(_is_other(token) for i, token in enumerate(phrase.tokens) if i not in known)
    is_ground = bool(grounds) or phrase.antecedent.part == "backdrop"
    if len(at) != 1 or not is_ground or others or any(phrase.status) or phrase.has("very"):
        return
    color, (factor, mood) = phrase.tokens[at[0]].get("colour"), fault_of(phrase, at[0])
    quality = phrase.tokens[at[0]].get("adjective")
    is_grey = quality == "cast_grey" and (factor < 0 or not phrase.has("degree"))
    if color in _NO_COLOURS or is_grey or quality.startswith("warm"):
        return
    steps = steps_of(phrase)
    do = backdrop_changes.leans(color, steps)
    if factor < 0:
        do = backdrop_changes.on(color, backdrop_changes.saturates(-1, steps=steps))
    phrase.use(*at, *grounds, *phrase.all("property", "colour"))
    if is_leaning(phrase, mood) and not phrase.has("to"):
        do = impossible  # "背景偏黄" wishes or complains
    phrase.act("backdrop", "tint", do, mood, "ambiguous")
