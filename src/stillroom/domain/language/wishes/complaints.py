"""Complaints without a wish ("flat", "pasted on") and colour casts, each with its remedy."""

from stillroom.domain.language import acts
from stillroom.domain.language.acts import MIRED_STEP, adds, impossible, sets
from stillroom.domain.language.clauses.phrases import GROUND, Phrase
from stillroom.domain.language.wishes.degrees import add_effect, degree_of, fault_of
from stillroom.domain.language.wishes.effects import Degree
from stillroom.domain.plans.plan import PlanPart

FEELING = "feeling"
"""Key of a complaint that names neither a part nor a figure: "looks cheap"."""
_WARMTH = {"yellow": 1, "blue": -1}
"""Direction of the colour temperature of casts that it corrects; others need a white balance."""


def read_complaint(phrase: Phrase, i: int, axis: str) -> None:
    """Read a quality that is a complaint by itself, or a colour cast."""
    if axis.startswith("cast_"):
        _read_cast(phrase, i, axis.removeprefix("cast_"))
    elif axis == "true":
        if phrase.has("property", "colour"):
            phrase.use(i, *phrase.all("property"), *phrase.all("part"))
            phrase.act("tone", "white_balance", sets("tone", white_balance=1.0))
    elif axis == "flat":
        if _fault_part(phrase) in ("backdrop", "shadow"):
            phrase.act(_fault_part(phrase), "", impossible, "complaint", "ambiguous")
            phrase.use_known()
        elif _fault_part(phrase) == "light" and "degree" not in phrase.right(i):  # "光线平一点" wishes for it
            phrase.use(i, *phrase.all("part"))
            add_effect(phrase, "key_light", "strong", Degree(1, is_fault=True), "complaint")
        elif phrase.any("too", "not_too", "past", "very") or phrase.tokens[i].text not in ("flat", "平"):
            phrase.use(i, *phrase.all("part"))
            if phrase.has("property", "colour"):
                phrase.use(*phrase.all("property"))
                phrase.act("tone", "saturation", adds("tone", "saturation", 0.18), "complaint")
            else:
                phrase.act("tone", "contrast", adds("tone", "contrast", 0.2), "complaint")
    elif axis in ("pasted", "ugly") and phrase.status[i] == "neg" and phrase.tokens[i].text.isascii():
        phrase.use_known()  # "I don't want it to look photoshopped"
        phrase.act(None, "")
    elif axis == "pasted":
        phrase.use_known()
        phrase.act("shadow", "shadow", acts.shadow_grounds, "complaint")
    elif axis == "ugly":
        phrase.use_known()
        remedies = [(name, sign) for name, sign in _REMEDIES if phrase.has("property", name)]
        for name, sign in remedies:
            add_effect(phrase, name, "", Degree(sign, is_fault=True), "complaint")
        if not remedies:
            part = _fault_part(phrase)
            phrase.act(part, f"{part}.fault" if part else FEELING, impossible, "complaint", "ambiguous")


_REMEDIES = (("noise", -1), ("sharpness", 1))
"""Properties that have a remedy when they are bad, with its direction."""


def _fault_part(phrase: Phrase) -> PlanPart | None:
    named = phrase.part_of([i for i, token in enumerate(phrase.tokens) if "part" in token])
    if named in ("backdrop", "shadow", "light"):
        return named  # type: ignore[return-value]
    return "backdrop" if phrase.any(*GROUND) else None


def _read_cast(phrase: Phrase, i: int, colour: str) -> None:
    """A colour that there is too much of; without a complaint it is a colour like any other."""
    part = phrase.part_of(phrase.all("part"))
    if _reads_wanted_cast(phrase, i, colour, part) or (phrase.status[i] == "none" and colour == "grey"):
        return  # "瓶身上的灰": dust
    is_complaint = _is_disliked(phrase, i)
    if phrase.has("part", "backdrop") and phrase.has("to"):
        return  # "the background should match the product's green"
    if part in ("backdrop", "shadow", "highlight") or not (is_complaint or phrase.has("lean")):
        return
    phrase.use(i, *phrase.all("part"), *phrase.all("property"))
    is_of_goods = phrase.isa("as_it_is")  # as the photo should be
    if is_of_goods or (not is_complaint and not phrase.has("degree")):
        phrase.act(None, "", impossible, why="ambiguous")
    elif colour == "grey" and phrase.has("property", "colour"):
        add_effect(phrase, "", "vivid", degree_of(phrase, 1), "complaint")
    elif colour == "grey":
        phrase.act("tone", "contrast", adds("tone", "contrast", 0.2), "complaint")
    elif colour in _WARMTH:
        phrase.act("tone", "mired", acts.removes_cast(-MIRED_STEP * _WARMTH[colour]), "complaint")
    else:
        phrase.act("tone", "white_balance", sets("tone", white_balance=1.0), "complaint")


def _reads_wanted_cast(phrase: Phrase, i: int, colour: str, part: str) -> bool:
    """Read "往黄调一点", "稍微泛点黄好看" and "add a blue tint"."""
    if phrase.has("add") and phrase.right(i).text in _TINTS:
        phrase.use(i, *phrase.all("part"), *phrase.all("property"))
    elif phrase.has("towards") and not part and not phrase.has("past"):
        phrase.use(i, *phrase.all("part"), *phrase.all("property", "colour"))
    elif phrase.has("liked") and colour in _WARMTH and not part:
        phrase.use(i)
    else:
        return False
    if colour in _WARMTH:
        add_effect(phrase, "", "warm", degree_of(phrase, _WARMTH[colour]), "wish")
    else:
        phrase.act(None, "", impossible)
    return True


_TINTS = ("tint", "cast", "tinge", "色偏")


def _is_disliked(phrase: Phrase, i: int) -> bool:
    """Whether a colour is complained of: "too yellow", "发黄", "黄黄的", "a yellow tint"."""
    factor, mood = fault_of(phrase, i)
    said = phrase.tokens[i].text
    is_word = said[0] in "发泛" or (len(said) > 1 and said[0] == said[1]) or said.endswith(("蒙蒙", "扑扑"))
    is_noun = phrase.right(i).text in _TINTS
    return mood == "complaint" or factor < 0 or is_word or is_noun or "is" in phrase.left(i)
