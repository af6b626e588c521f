"""Composes qualities: part or property, times axis, times direction, times degree."""

from stillroom.domain.language import acts
from stillroom.domain.language.acts import Mood, impossible, sets, shadow_edge_softens
from stillroom.domain.language.clauses.phrases import Phrase
from stillroom.domain.language.wishes.complaints import read_complaint
from stillroom.domain.language.wishes.degrees import (
    add_effect,
    degree_of,
    fault_of,
    is_leaning,
    names_tint,
    quality_of,
    read_more,
)
from stillroom.domain.language.wishes.effects import AXES
from stillroom.domain.language.wishes.ellipsis import AMBIGUOUS, inherited
from stillroom.domain.language.wishes.figures import read_filling
from stillroom.domain.language.wishes.properties import read_bound, read_property
from stillroom.domain.language.words.tokens import NUMBER

_MOST = 5
"""Qualities and properties of a phrase that are read, which bounds the time; more are told back."""


def read_qualities(phrase: Phrase) -> None:
    """Read every quality and property of a phrase."""
    said = [i for i, token in enumerate(phrase.tokens) if token.any("adjective", "quality")]
    if len(said) > _MOST or len(phrase.all("property")) > _MOST:
        return
    read_filling(phrase)
    for i in phrase.all("property"):
        if i not in phrase.used:
            read_property(phrase, i)
    for i in said:
        if i not in phrase.used:
            _read_quality(phrase, i)
    read_more(phrase)


def _read_quality(phrase: Phrase, i: int) -> None:
    if _leads_to_colour(phrase, i):
        phrase.use(i)
        return
    axis, sign = quality_of(phrase, i)
    if axis not in AXES:
        read_complaint(phrase, i, axis)
        return
    is_bare = phrase.tokens[i].get("effect") == "sharpen" and not phrase.any("part", "degree", "more")
    if is_bare and read_bound(phrase, i, "sharpness"):
        return  # "锐化别超过30%"
    subject, at, is_adjacent = _subject(phrase, i, axis)
    factor, mood = fault_of(phrase, i)
    is_plain = is_adjacent and mood == "wish" and factor > 0 and _is_without_degree(phrase, i, axis)
    if _is_unclear(phrase, i, subject, mood):
        return
    is_dark = (axis, sign, mood) == ("bright", -1, "complaint")
    is_dark |= axis == "bright" and sign > 0 and "fault" in phrase.tokens[i]  # "右半边黑乎乎的"
    if is_dark and subject in ("", "product") and phrase.has("side") and not _names_corners(phrase):
        subject, at = "dark_side", (*at, *phrase.all("side"))
    if (axis, sign, factor, mood) == ("sharp", -1, 1, "wish") and _is_unsharp(phrase, i, subject):
        factor, mood = -factor, "complaint"
    is_blurred = (axis, sign) in (("blur", 1), ("sharp", -1))  # "garden background blurred"
    if mood == "wish" and subject in ("", "backdrop") and not is_blurred and _describes(phrase):
        phrase.use(i)
        return
    phrase.use(i, *at)
    if mood == "complaint" and phrase.has(NUMBER) and _has_remedy(phrase, i, (axis, -sign)):
        return
    if phrase.tokens[i].text in ("白", "white") and not subject and mood == "complaint" and factor > 0:
        subject = "backdrop"
    if is_leaning(phrase, mood):
        phrase.act(None, "", impossible, why="ambiguous")
        return
    degree = degree_of(
        phrase, sign * factor, is_fault=mood == "complaint", is_plain=is_plain, needs_unit=axis == "big"
    )
    if sign > 0 and degree.amount[:1] == "-":
        degree = degree._replace(sign=-1)  # "锐化-10"
    if names_tint(phrase, i):
        otherwise = acts.removes_cast(-sign * acts.MIRED_STEP) if phrase.status[i] == "none" else acts.stays
        phrase.use(*phrase.all("property", "colour"))
        phrase.act("tone", "mired.undo", acts.loses_tint(sign, otherwise))
        return
    if mood == "refused" and _read_refused(phrase, subject, axis, sign, is_adjacent=is_adjacent):
        return
    is_named = any("scene" in phrase.tokens[j] for j in at)
    add_effect(phrase, subject, axis, degree._replace(is_named=is_named), mood)


def _has_remedy(phrase: Phrase, i: int, remedy: tuple[str, int]) -> bool:
    """Whether the remedy of a complaint follows it, which the amount is of: "太暗提亮20%"."""
    after = (j for j in range(i + 1, len(phrase.tokens)) if phrase.tokens[j].any("adjective", "quality"))
    return any(quality_of(phrase, j) == remedy and fault_of(phrase, j) == (1, "wish") for j in after)


def _names_corners(phrase: Phrase) -> bool:
    """Whether a place is of the picture rather than of the product, which alone can be lit there."""
    sides = [phrase.tokens[j].get("side") for j in phrase.all("side")]
    return any(side == "beside" or "_" in side for side in sides)  # "top_left"


def _leads_to_colour(phrase: Phrase, i: int) -> bool:
    """Whether a quality is the way to a colour, which alone counts: "lighten the backdrop to mid grey"."""
    after = phrase.tokens[i + 1 :]
    at = next((at for at, one in enumerate(after) if "to" in one), len(after))
    names = all(one.any("colour", "shade", "filler", "degree", "less", "quality") for one in after[at + 1 :])
    names &= any("colour" in one for one in after[at + 1 :])
    return names and all(one.any("part", "degree") for one in after[:at]) and "more" not in phrase.tokens[i]


def _is_without_degree(phrase: Phrase, i: int, axis: str) -> bool:
    """Whether an adjective only names a kind of what stands beside it: "soft shadow"."""
    graded = phrase.any("degree", "less")
    graded |= axis == "long" and any(one.isa("low_sun") or one.text == "长长" for one in phrase.tokens)
    graded |= any("more" in one and "add" not in one for one in phrase.tokens)
    return "adjective" in phrase.tokens[i] and not graded and not (axis == "long" and phrase.has("side"))


def _is_unsharp(phrase: Phrase, i: int, subject: str) -> bool:
    """Whether "blurry" complains of the picture: nobody wishes for it."""
    is_whole = not subject or (subject in ("picture", "product") and i == len(phrase.tokens) - 1)
    is_wished = (subject and phrase.has("to")) or "more" in phrase.left(i)
    return is_whole and not is_wished and "quality" not in phrase.tokens[i]


def _read_refused(phrase: Phrase, subject: str, axis: str, sign: int, *, is_adjacent: bool) -> bool:
    """Read refusals that mean something themselves: no hard edges, no blur, no brightening."""
    if subject == "shadow" and (axis, sign) in (("soft", -1), ("sharp", 1)):
        phrase.act("shadow", "softness", shadow_edge_softens)
    elif subject == "backdrop" and (axis, sign) in (("blur", 1), ("sharp", -1)):
        phrase.act(None, "blur", sets("backdrop", blur=0.0))
    elif subject == "shadow" and axis == "soft" and is_adjacent:
        phrase.act("shadow", "shadow", acts.shadow_appears, "refused")
    else:
        return False
    return True


def _describes(phrase: Phrase) -> bool:
    """Whether a quality without a degree only describes a backdrop that was read already."""
    is_read = any(act.key in ("backdrop", "backdrop.scene", "gradient", "clean") for act in phrase.acts)
    return is_read and not phrase.any("degree", "more", "less", NUMBER, "quality")


def _is_unclear(phrase: Phrase, i: int, subject: str, mood: Mood) -> bool:
    """Whether a colour word is meant as a colour, or a word of several kinds as something else."""
    token = phrase.tokens[i]
    if "quality" in token or mood != "wish" or phrase.has("degree"):
        return False
    graded = phrase.any("less", "more")
    if "colour" in token and not graded and not token.get("adjective").startswith("warm"):
        return True
    return not subject and ("part" in token or phrase.has("style"))


def _subject(phrase: Phrase, i: int, axis: str) -> tuple[str, tuple[int, ...], bool]:
    """Return what a quality is of, the tokens that name it, and whether it stands directly before it."""
    tokens = phrase.tokens
    before = [j for j in range(i) if _is_noun(phrase, j)]
    behind = range(i + 1, len(tokens))
    others = [j for j in behind if not (tokens[j].any("degree", "style") or tokens[j].isa("standing_on"))]
    after = next((j for j in others if "adjective" not in tokens[j] or "part" in tokens[j]), None)
    if after is not None and not _is_noun(phrase, after):
        after = None
    vague = all(tokens[j].get("part") in ("picture", "product") for j in before)
    if after is not None and (vague or others[0] == i + 1):
        return _name(phrase, after), (after, *(before if vague else ())), others[0] == i + 1
    if before:
        specific = [j for j in before if tokens[j].get("part") != "picture"] or before
        last = specific[-1]
        return _name(phrase, last), (*before,), False
    is_new = not phrase.antecedent.is_fault
    if is_new and "quality" in tokens[i] and (usual := _usual_subject(phrase, i)):
        it = tokens[i].isa("pronoun$")  # "lighten the shadow and blur it"
        return (it and inherited(phrase, i, axis)) or usual, (), False
    named = [j for j in behind if _is_noun(phrase, j)]
    if named and _name(phrase, named[0]) not in ("picture", "product"):
        return _name(phrase, named[0]), (named[0],), False
    is_size = axis == "big" and (tokens[i].is_han or phrase.has(NUMBER))
    if phrase.antecedent.is_unknown or (phrase.antecedent.is_unread and axis in AMBIGUOUS and not is_size):
        return "?", (), False
    return inherited(phrase, i, axis) or _usual_subject(phrase, i), (), False


def _usual_subject(phrase: Phrase, i: int) -> str:
    """Return what alone has a quality: only shadows are long, only backdrops are blurred on purpose."""
    if quality_of(phrase, i) == ("blur", 1):
        return "backdrop"
    is_of_goods = "it" in phrase.dropped and not phrase.tokens[i].isa("comparative")  # "stretch it"
    return "shadow" if quality_of(phrase, i)[0] == "long" and not is_of_goods else ""


def _is_noun(phrase: Phrase, j: int) -> bool:
    token = phrase.tokens[j]
    if token.isa("pronoun") and phrase.antecedent.is_unknown:
        return False  # it is what was not understood
    describes = "adjective" in token and "part" in phrase.right(j)
    return ("part" in token and not describes) or token.any("scene", "near_scene")


def _name(phrase: Phrase, j: int) -> str:
    return phrase.tokens[j].get("part") or "backdrop"
