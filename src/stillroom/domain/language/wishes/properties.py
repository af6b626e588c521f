"""Reads properties such as brightness and size, each with its quality, direction or amount."""

from stillroom.domain.language import acts
from stillroom.domain.language.acts import Mood, impossible, sets
from stillroom.domain.language.clauses.phrases import Phrase
from stillroom.domain.language.wishes.degrees import (
    add_effect,
    bounded,
    degree_of,
    fault_of,
    is_leaning,
    is_of_present,
    names_tint,
    quality_of,
    share_at,
    steps_of,
)
from stillroom.domain.language.wishes.effects import LEAST_LEVEL, TABLE, Degree
from stillroom.domain.language.wishes.keeping import FIELDS
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.tokens import NUMBER


def read_property(phrase: Phrase, i: int) -> None:
    """Read a property with the quality, the direction or the amount beside it."""
    name, contrary = _named(phrase, i)
    subject = _combined(phrase, name)
    said = [phrase.tokens[j].get("adjective") for j in phrase.all("adjective")]
    if subject == "colour" and any(one.startswith(("cast", "true")) for one in said):
        return
    is_fault = any(one in _FAULTS for one in said) and not phrase.any("more", "less", "quality")
    if is_fault and (subject != "colour" or phrase.has("too")):
        return  # "纹理太抢眼" is no excess of texture
    qualities = [j for j in _qualities(phrase) if j != i]
    fitting = (j for j in qualities if quality_of(phrase, j)[0] in TABLE.get(subject, {}))
    near = next((j for j in fitting), None)
    unfit = [j for j in qualities if "more" not in phrase.tokens[j]]  # "strengthen the sharpness"
    if (unfit and near is None) or _reads_otherwise(phrase, i, name):
        return
    axis, sign = "bright" if (subject, name) == ("backdrop", "brightness") else "", 0
    if near is not None:
        axis, sign = quality_of(phrase, near)
        if names_tint(phrase, near):
            return
    factor, mood = _mood_of(phrase, i, near, (axis, sign))
    if near is not None and is_leaning(phrase, mood):
        phrase.use(i, near)
        phrase.act(None, "", impossible, why="ambiguous")
        return
    sign = sign or _direction(phrase, i, mood)
    is_like_before = phrase.is_joined and phrase.before.has(NUMBER) and phrase.texts(NUMBER)[:1] not in "+-"
    if not sign and is_like_before and _sign_of_number(phrase, subject):
        return  # "drop saturation by 30 percent and contrast by 10"
    part, names = FIELDS.get(subject, (None, ()))
    is_changed = near is not None or phrase.any("more", "less", "add")
    if part == "tone" and names and phrase.status[i] == "neg" and mood == "refused" and not is_changed:
        phrase.use(i)
        phrase.act(part, f"{subject}.undo", acts.restores(part, *names))  # "no warmth"
        return
    if not sign and subject in _BOUNDED and read_bound(phrase, i, subject):
        return
    sign = (sign or _sign_of_number(phrase, subject)) * contrary
    if not sign or not TABLE.get(subject):
        _read_bare_property(phrase, i, subject)
        return
    _use_named(phrase, subject, i, *([near] if near is not None else []))
    degree = degree_of(phrase, sign * factor, is_fault=mood == "complaint", needs_unit=subject in _WITH_UNITS)
    is_directed = phrase.any("more", "less") or near is not None
    is_left_open = not (
        is_directed or degree.is_target or phrase.has("add") or degree.amount[:1] in ("+", "-")
    )
    times = amounts.times(degree.amount)
    if is_left_open and amounts.factor(degree.amount) and (times or subject not in _LEVELS):
        present = degree.of_present()  # "half the brightness", "darkness 0.8x"
        degree = degree if present is degree else present._replace(sign=-contrary)
    is_step = degree.amount[:1] in ("+", "-") or is_of_present(phrase)
    if amounts.is_bare(degree.amount) and (degree.share or 0) > 1:
        degree = degree._replace(amount=f"{degree.amount}%")  # "亮度120": no slider goes further than 100
    is_level = (subject in _LEVELS and not times) or (amounts.share(degree.amount) or 0) >= LEAST_LEVEL
    if is_level and not is_directed and not is_step:
        degree = degree._replace(is_target=bool(degree.amount))
    add_effect(phrase, subject, axis, degree, mood)


_CONTRARIES = {"darkness": "brightness", "coolness": "warmth", "hardness": "softness"}
"""Properties that are less of another one."""
_OF_SHADOW = {
    "darkness": ("opacity", 1),
    "softness": ("feather", 1),
    "blur": ("feather", 1),
    "hardness": ("feather", -1),
    "sharpness": ("feather", -1),
}
"""Names of properties of a shadow."""


def _named(phrase: Phrase, i: int) -> tuple[str, int]:
    """Return the property that a token names, and -1 if it is less of that."""
    name = phrase.tokens[i].get("property")
    if (phrase.part_of(phrase.all("part")) or phrase.antecedent.part) == "shadow" and name in _OF_SHADOW:
        return _OF_SHADOW[name]
    return _CONTRARIES.get(name, name), -1 if name in _CONTRARIES else 1


_LEVELS = ("margin", "opacity", "size", "length", "blur", "sharpness")
"""Properties whose amount is where they shall end, unless a direction is named."""
_BOUNDED = ("opacity", "length", "blur", "sharpness")
"""Properties of which a share may be the most or the least."""
_FAULTS = ("flat", "ugly", "pasted")
"""Qualities that are faults themselves, whatever figure they are said of."""


def _qualities(phrase: Phrase) -> list[int]:
    found = (j for kind in ("adjective", "quality") for j in phrase.all(kind))
    return [j for j in found if quality_of(phrase, j)[1] and "less" not in phrase.tokens[j]]


def _mood_of(phrase: Phrase, i: int, near: int | None, quality: tuple[str, int]) -> tuple[int, Mood]:
    is_noise = (
        phrase.status[i] == "neg" and phrase.tokens[i].get("property") == "noise" and not phrase.has("add")
    )
    if near is None and (phrase.status[i] == "none" or is_noise or _is_too_much(phrase, i)):
        return 1, "wish"
    directions = [*phrase.all("more"), *phrase.all("less")]
    if near is None and _remedy(phrase):
        return 1, "wish"
    at = near if near is not None else directions[-1] if directions else len(phrase.tokens)
    factor, mood = fault_of(phrase, at)
    is_lost = near is not None and "adjective" in phrase.tokens[near] and quality == ("sharp", -1)
    if is_lost and (factor, mood) == (1, "wish"):
        return -1, "complaint"  # nobody wishes for details that are blurred
    return factor, mood


_WITH_UNITS = ("size", "margin")
"""Properties whose figures need a unit."""


def _sign_of_number(phrase: Phrase, subject: str) -> int:
    """Return the direction that an amount alone gives a property; 0 without one."""
    said = (phrase.tokens[j].text for j in phrase.all(NUMBER))
    numbers = [one for one in said if subject not in _WITH_UNITS or not amounts.is_bare(one)]
    if not numbers or subject in ("colour", "texture", "noise") or phrase.has("bound"):
        return 0
    return -1 if numbers[0].startswith("-") else 1


def read_bound(phrase: Phrase, i: int, subject: str) -> bool:
    """Read "blur at 40% max"; False without a share and such a word."""
    numbers = [j for j in phrase.all(NUMBER) if share_at(phrase, j) is not None]
    effect = TABLE[subject][""](Degree(1))
    do = bounded(phrase, effect.part, effect.key, share_at(phrase, numbers[0]) or 0.0) if numbers else None
    if do is None:
        return False
    _use_named(phrase, subject, i, numbers[0])
    phrase.act(effect.part, effect.key, do)
    return True


def _use_named(phrase: Phrase, subject: str, *indices: int) -> None:
    """Mark a property as understood, with its direction and the parts that it may be of."""
    phrase.use(*indices, *phrase.all("more"), *phrase.all("less"))
    phrase.use(*phrase.all("part", "picture"), *phrase.all("part", subject), *phrase.all("part", "product"))
    if subject in ("shadow", "opacity", "length", "backdrop", "backdrop_colour", "blur"):
        phrase.use(*phrase.all("part"))
    elif subject == "brightness":
        phrase.use(*phrase.all("part", "light"))


def _is_too_much(phrase: Phrase, i: int) -> bool:
    """Whether less of a property will do: "it doesn't need all that empty space"."""
    return phrase.status[i] == "neg" and any(token.isa("so_much") for token in phrase.tokens[:i])


def _reads_otherwise(phrase: Phrase, i: int, name: str) -> bool:
    """Read blur that shall go; a product that is blurred is a matter of sharpness."""
    if name != "blur":
        return False
    is_fault = phrase.any("too", "not_too", "past", "very")
    is_fault |= i == len(phrase.tokens) - 1 and phrase.left(i).get("part") in ("picture", "product")
    if is_fault and "adjective" in phrase.tokens[i] and not phrase.has("part", "backdrop"):
        return True
    if phrase.status[i] in ("neg", "none"):
        phrase.use(i, *phrase.all("part", "backdrop"), *phrase.all("adjective"))
        phrase.act(None, "blur", sets("backdrop", blur=0.0))
        return True
    return False


def _combined(phrase: Phrase, name: str) -> str:
    """Return the subject of a property with a part: brightness of the backdrop is of the backdrop."""
    part = phrase.part_of(phrase.all("part"))
    grounds = phrase.all("scene")
    if (part == "backdrop" or (grounds and not part)) and name in ("brightness", "colour", "temperature"):
        phrase.use(*grounds)
        return "backdrop"
    owner = part or phrase.antecedent.part
    if name == "opacity" and owner in ("light", "reflection"):
        return owner  # "光线强度提高20%", "光的方向不用改，强度降三分之一"
    if name == "softness" and owner == "light":
        return "diffusion"
    if part == "backdrop" and name == "saturation":
        return "backdrop_colour"
    if part == "shadow" and name not in ("transparency", "contrast", "opacity", "length", "feather", "noise"):
        return part
    is_depth = any(token.get("adjective")[:-1] == "deep" for token in phrase.tokens)
    if name == "colour" and not part and is_depth and phrase.antecedent.part == "shadow":
        return "shadow"  # "影子短一些，颜色淡一些"
    return name


_SOME = ("a ", "just a ", "little", "bit", "slight", "some")


def _is_added(phrase: Phrase) -> bool:
    """Whether some of a property shall be added: "来点景深", "曝光加一点"."""
    before = phrase.left(next((i for i, token in enumerate(phrase.tokens) if "property" in token), 0))
    measures = "degree" in before and before.text.startswith(_SOME)
    if measures or any(token.text.endswith(" more") for token in phrase.tokens if "degree" in token):
        return True  # "bit more contrast", "just a hint of warmth"
    return phrase.has("add") and (phrase.has("degree") or "点" in phrase.texts("add"))


def _remedy(phrase: Phrase) -> int:
    """Direction of a remedy after a level that is too high or too low, "饱和度太高减30%"; 0 without one."""
    more, less = phrase.all("more"), phrase.all("less")
    return (1 if more[-1] > less[-1] else -1) if more and less and phrase.has("too") else 0


def _direction(phrase: Phrase, i: int, mood: Mood) -> int:
    if remedy := _remedy(phrase):
        return remedy
    if phrase.all("less"):
        return -1
    if phrase.all("more") or mood == "complaint" or _is_added(phrase):
        return 1
    return -1 if phrase.status[i] in ("neg", "none") else 0


def _read_bare_property(phrase: Phrase, i: int, subject: str) -> None:
    """A property without a direction: some are wishes by themselves."""
    status = phrase.status[i]
    if phrase.tokens[i].get("property") == "transparency" and phrase.has("part", "shadow"):
        share = amounts.share(phrase.texts(NUMBER))
        if share is not None:
            phrase.use(i, *phrase.all(NUMBER), *phrase.all("part", "shadow"))
            phrase.act("shadow", "strength", acts.shadow_opacity(max(0.0, 1 - share)))
    elif subject in ("texture", "blur", "margin") and not status and not phrase.has("prop"):
        phrase.use(i, *phrase.all("part"))
        add_effect(phrase, subject, "", Degree(1, steps_of(phrase)), "wish")
    elif subject == "noise":
        phrase.use(i, *phrase.all("part"))
        add_effect(phrase, subject, "", Degree(-1), "wish")
