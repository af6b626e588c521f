"""Ellipsis: whether a phrase that names no part is about the part, or the view, of the phrase before."""

import re

from stillroom.domain.language.clauses.phrases import Phrase
from stillroom.domain.language.wishes.degrees import fault_of, quality_of
from stillroom.domain.language.wishes.effects import TABLE
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.tokens import NUMBER

AMBIGUOUS = frozenset(("deep", "strong", "soft", "blur", "clean", "big"))
"""Axes whose part is that of the phrase before, unless one is named."""


def inherited(phrase: Phrase, i: int, axis: str) -> str:
    """Return the part of the phrase before, if a quality is rather of it than of the picture."""
    part, is_fault = phrase.antecedent.part, phrase.antecedent.is_fault
    if axis not in TABLE.get(part, {}) or axis in _NEVER_OF.get(part, ()):
        return ""
    text = phrase.tokens[i].text
    quality = quality_of(phrase, i)
    is_in_stops = any(NUMBER in one and amounts.stops(one.text) is not None for one in phrase.tokens)
    if (is_in_stops and part != "backdrop") or (part == "light" and quality == ("sharp", -1)):
        return ""  # stops are of the exposure, and no light is blurred
    if part in _FIGURES and axis in _OWN_AXES and not is_fault:
        return ""  # "more contrast and make it brighter"
    if axis in _OF_PICTURE and not phrase.tokens[i].isa("shade_verb") and _is_left(phrase):
        return ""  # "don't touch the shadow, make it brighter"
    if part == "shadow" and text in ("lighten it", "lighten"):
        return part
    is_part = is_fault or axis == "blur"  # a product is not blurred
    if _OWN_OBJECT.search(text) and not (is_part and text.endswith(" it")):
        return ""
    if axis == "sharp" and (quality[1], *fault_of(phrase, i)) == (1, -1, "complaint"):
        return part  # "影子柔一点，太锐利了"
    # After "the shadow is too dark", "small" is no remedy.
    is_remedy = fault_of(phrase, i)[0] * quality[1] == -phrase.fault
    if axis == "big" and not (text in _COMPARED.get(part, _HAN_SIZES) and is_remedy):
        return ""
    goes_on = phrase.is_joined or _refers(phrase, i, axis)
    return part if goes_on or phrase.has("than") or axis in AMBIGUOUS or is_fault else ""


def _is_left(phrase: Phrase) -> bool:
    """Whether the phrase before only says that something stays as it is, and this one is no bound of it."""
    before = phrase.before
    is_left = not any(act.part for act in before.acts) and (before.has("fine") or "keep" in before.status)
    return is_left and not phrase.has("not_too")


def _refers(phrase: Phrase, i: int, axis: str) -> bool:
    """Whether a quality is of the part that the phrase before wishes or denies something of.

    Such as "darken the background, it looks bright", "don't make the shadow softer, make it harder" and
    "pink background, darker".
    """
    before = phrase.before
    if not any(act.part for act in before.acts):
        return False
    denied = "neg" in before.status and any(axis == token.axis for token in before.tokens)
    stated = phrase.drops("it") and phrase.any("is", "too")
    bounds = phrase.has("not_too") and phrase.antecedent.part == "shadow"
    bounds &= axis == "bright" and not phrase.tokens[i].get("shade").startswith("light")
    first = next((token for token in before.tokens if set(token.senses) - {"filler", "to"}), None)
    lists = first is not None and first.any("part", "colour") and phrase.tokens[i].isa("shade_verb")
    return denied or stated or lists or bounds


_OF_PICTURE = frozenset(("bright", "warm", "vivid"))
"""Axes that are of the picture after a part that stays."""
_FIGURES = frozenset(("contrast", "saturation", "sharpness", "texture"))
_OWN_AXES = frozenset(("bright", "vivid", "sharp", "soft"))
"""Axes that are of the picture after a wish for one of these figures."""
_OWN_OBJECT = re.compile(r"\b(?:the|exposure|colou?rs?|it|saturation|contrast|warmth|(?:de)?saturate)\b")
"""Ends of verbs that name what they are about: "lift the exposure"."""


_NEVER_OF = dict.fromkeys(("shadow", "reflection", "light"), ("vivid", "warm"))
"""Qualities that are of the picture unless the part is named."""
_HAN_SIZES = frozenset(("大", "小"))
_COMPARED = dict.fromkeys(
    ("shadow", "reflection"), _HAN_SIZES | {"bigger", "smaller", "larger", "big", "small"}
)
"""Words of size that may be said of something else than the product; verbs such as "zoom out" are not."""


def goes_on_about(phrase: Phrase, part: str) -> bool:
    """Whether a side is that of the part before: the product alone is moved and goes by steps."""
    is_moved = any(
        token.any("degree", NUMBER) or token.isa("move") or token.text.endswith(("corner", "角"))
        for token in phrase.tokens
    )
    return phrase.antecedent.part == part and (phrase.antecedent.lacks_remedy or not is_moved)


def goes_on_about_view(phrase: Phrase) -> bool:
    """Whether sides say how another view is, which a phrase before asked for: "换个角度，从上往下"."""
    is_view = any(one.topic == "pose" for one in phrase.before.told)
    return is_view and all(one.any("side", "from", "to") for one in phrase.tokens)


def goes_on_about_other(phrase: Phrase) -> bool:
    """Whether a side is where the shadow or the light shall be instead: "影子不要在左边，放右边"."""
    is_turned = any(act.key in ("shadow.side", "light.side") for act in phrase.before.acts)
    return is_turned and "neg" in phrase.before.status and not phrase.any("part", "degree")
