"""Reads what shall stay as it is, and what is taken back."""

import re
from collections.abc import Mapping

from stillroom.domain.language import acts
from stillroom.domain.language.clauses.phrases import GROUND, NO_ANTECEDENT, Phrase
from stillroom.domain.language.wishes import backdrop_changes
from stillroom.domain.language.wishes.degrees import add_effect
from stillroom.domain.language.wishes.effects import Degree
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.tokens import NUMBER, UNKNOWN, kinds
from stillroom.domain.plans.plan import PlanPart

_NOUNS = kinds("part property scene near_scene kind product_part effect else colour adjective")
FIELDS: Mapping[str, tuple[PlanPart | None, tuple[str, ...]]] = {
    **dict.fromkeys(("brightness", "bright"), ("tone", ("exposure_ev",))),
    "contrast": ("tone", ("contrast",)),
    **dict.fromkeys(("saturation", "vivid"), ("tone", ("saturation",))),
    **dict.fromkeys(("temperature", "warmth", "warm"), ("tone", ("mired",))),
    "colour": ("tone", ()),
    **dict.fromkeys(("sharpness", "sharpen"), ("detail", ("sharpen",))),
    "sharp": ("detail", ()),
    "texture": ("detail", ("clarity",)),
    "denoise": ("detail", ("denoise",)),
    "size": ("framing", ("fill", "aspect")),
    "big": ("framing", ("fill",)),
    **dict.fromkeys(("position", "center"), ("framing", ("x", "y"))),
    **dict.fromkeys(("rotation", "rotate", "straighten"), ("framing", ("rotation_deg",))),
    "blur": ("backdrop", ("blur",)),
    "backdrop": ("backdrop", ()),
    "shadow": ("shadow", ("kind", "strength", "softness", "length", "direction_deg")),
    "reflection": ("shadow", ("reflection",)),
    "light": ("light", ()),
    "rim_light": ("light", ("rim",)),
    "soft_light": ("light", ("fill",)),
    **dict.fromkeys(("top_light", "side_light"), ("light", ("azimuth_deg", "elevation_deg"))),
}
"""Fields that a word stands for when it is taken back; no fields are all of the part."""


def read_undo(phrase: Phrase) -> None:
    """Read what is taken back: of a part, of a property, of all, or of the step before."""
    refused = any("undo" in one and phrase.status[i] == "neg" for i, one in enumerate(phrase.tokens))
    if refused and _figure_of(phrase):
        phrase.use_known()
        phrase.act(None, "")  # "亮度别跟着回去"
        return
    if _read_undone_share(phrase) or _read_changed(phrase) or not _is_undo(phrase):
        return
    figure = _figure_of(phrase)
    named = {phrase.status[i] for i, token in enumerate(phrase.tokens) if token.get("part") == figure}
    if phrase.has("undo") and named == {"keep"}:
        phrase.use_known()
        phrase.tell("ambiguous", "undo")  # "undo the last change but keep the shadow"
        return
    complaints = phrase.before.acts if phrase.antecedent.is_fault else []
    if figure in ("colour", "light") and any(one.key == "mired" for one in complaints):
        phrase.use_known()
        phrase.act(None, "")  # "too yellow, back to normal colours": the remedy of the complaint
        return
    if figure in FIELDS and not phrase.has("impossible"):
        part, names = FIELDS[figure]
        phrase.use_known()
        if part == "backdrop" and not names and not _names_photo(phrase):
            phrase.tell("ambiguous", "backdrop")
            return
        phrase.act(part, f"{part}.undo", acts.restores(part, *names))
        return
    is_whole = phrase.has("undo") and phrase.antecedent == NO_ANTECEDENT and phrase.parts <= {"picture"}
    is_whole = is_whole and any(_WHOLE.search(one.text) for one in phrase.tokens if "original" in one)
    is_restart = any(_RESTART.search(one.text) for one in phrase.tokens)
    if not is_restart and (phrase.any("all", "else") or is_whole):
        phrase.use_known()
        phrase.act(None, "undo", acts.restores(None))
    elif not phrase.any(UNKNOWN, "keep"):
        phrase.use_known()
        if phrase.fault and any(one.do is not acts.impossible for one in phrase.before.acts):
            phrase.act(None, "")  # "too warm, take it back": the remedy of the complaint
        else:
            phrase.tell("ambiguous", "undo")


def _read_changed(phrase: Phrase) -> bool:
    """Read the photo's backdrop where more is said of it, which stays to be read: "原来的背景虚化"."""
    if not phrase.has("original") or phrase.any("undo", "than", "keep", UNKNOWN) or not _names_photo(phrase):
        return False
    changed = phrase.any("property", "quality", "degree", "more", "less")
    changed |= any("adjective" in one and "original" not in one for one in phrase.tokens)
    if not changed or _figure_of(phrase) not in ("backdrop", "blur"):
        return False
    phrase.use(*phrase.all("original"), *phrase.all("part", "picture"))
    phrase.act("backdrop", "backdrop.undo", acts.restores("backdrop"))
    return True


def _read_undone_share(phrase: Phrase) -> bool:
    """Read a figure that is taken back in part: "对比回退一半", "halve the warmth"."""
    shares = [amounts.share(phrase.tokens[i].text) for i in phrase.all(NUMBER)]
    part, names = FIELDS.get(_figure_of(phrase), (None, ()))
    complaints = phrase.before.acts if phrase.before.complains else []
    if not phrase.rest[1:] and len(complaints) == 1 and complaints[0].key in _SHARED:
        part, names = complaints[0].part, (complaints[0].key,)
    name = "strength" if part == "shadow" and len(names) > 1 else "".join(names)
    is_back = phrase.has("undo") or not phrase.dropped.isdisjoint(("回来", "回去"))
    if not is_back or len(shares) != 1 or not shares[0] or part is None or name not in _SHARED:
        return False
    complaints.clear()
    phrase.use_known()
    phrase.act(part, f"{part}.undo", acts.eases(part, name, shares[0]))
    return True


_SHARED = kinds(
    "exposure_ev contrast saturation mired blur reflection strength rim fill sharpen clarity denoise"
)
"""Figures of which a share may be taken back."""
_EARLIER = re.compile(
    r"^(?:(?:was |the way it was |how it was )?before|used to be|it was|the old|what it was(?: before)?"
    r"|(?:之前|以前)(?:的|那样|的样子)?)$"
)
"""Words of an earlier state that need not be that of the photo."""


def _names_photo(phrase: Phrase) -> bool:
    """Whether the state of the photo as it was taken is named, not only the one before."""
    return any("original" in one and not _EARLIER.search(one.text) for one in phrase.tokens) or any(
        "undo" in one and "原" in one.text.removeprefix("还原") for one in phrase.tokens
    )


def _is_undo(phrase: Phrase) -> bool:
    is_compared = phrase.any(NUMBER, "quality", "more", "less") or phrase.has("property", "noise")
    is_back = any(token.text != "again" or not is_compared for token in phrase.tokens if "undo" in token)
    is_back = is_back or (
        phrase.has("original") and _names_part(phrase) and not (is_compared or phrase.has("than"))
    )
    numbers = [amounts.number(phrase.tokens[i].text) for i in phrase.all(NUMBER)]
    if any(number not in (0, 1, 100) for number in numbers):
        return False  # only the neutral value is where a figure comes from
    if phrase.has("ratio") or (phrase.has("property", "blur") and phrase.has("none")):
        return False  # a ratio that is named, or blur that is removed, needs no step before
    is_dropped = phrase.has("previous") and phrase.any("neg", "none")
    if is_dropped and _is_added(phrase):
        return False  # "刚加的影子拿掉": it goes
    names_other = _names_ground(phrase) or phrase.has("effect", "white_balance")
    return (is_back or is_dropped) and not names_other


def _figure_of(phrase: Phrase) -> str:
    """Return what is taken back: the part of the phrase before if nothing is named; empty without any."""
    is_placed = any(token.get("side") in ("center", "left", "right") for token in phrase.tokens)
    part = phrase.antecedent.part
    if not phrase.has("all") and not _names_part(phrase) and not is_placed and part in FIELDS:
        return part
    for kind in ("part", "property", "quality", "adjective", "side", "effect", "rotate"):
        for i in phrase.all(kind):
            name = phrase.tokens[i].get(kind).rstrip("+-") or kind
            if name in FIELDS and (kind != "adjective" or phrase.parts <= {"product", "picture"}):
                return name
    return ""


_ADDED = re.compile(r"加|add|put")


def _is_added(phrase: Phrase) -> bool:
    """Whether a shadow or a reflection was added by the step before."""
    parts = phrase.has("part", "shadow") or phrase.has("part", "reflection")
    return parts and any(_ADDED.search(token.text) for token in phrase.tokens if "previous" in token)


_RESTART = re.compile(r"重[来做]|从头|重新|over$|redo")
"""Words for another beginning, which is more than the defaults of all figures."""

_WHOLE = re.compile(r"[图片照样初始]|original|photo|picture|start$")
"""Names of the photo as it was taken."""


def _names_part(phrase: Phrase) -> bool:
    effects = [i for i in phrase.all("effect") if phrase.tokens[i].get("effect") in FIELDS]
    return bool(phrase.all("part") or phrase.all("property") or effects) and not phrase.has("too")


def _names_ground(phrase: Phrase) -> bool:
    """Whether a backdrop is wished for; with a degree a colour may be a quality: "white"."""
    graded = phrase.any("degree", "too")
    return any(
        token.of(GROUND - {"colour"} if graded and "adjective" in token else GROUND)
        for token, status in zip(phrase.tokens, phrase.status, strict=True)
        if status in ("", "old")
    )


KEPT_SIZE = "size"
"""Key of a wish for the product to stay as large as it is, also in a scene that would make room."""


def read_kept(phrase: Phrase) -> None:
    """Read what shall stay: a backdrop by act, everything else by doing nothing."""
    kept = [i for i, status in enumerate(phrase.status) if status == "keep" and i not in phrase.used]
    kept += [i for i in _unchanged(phrase) if i not in phrase.used]
    if phrase.status[-1] == "keep" and phrase.tokens[-1].isa("figure_verb"):
        phrase.use(len(phrase.tokens) - 1)
        phrase.act(None, "")
        return
    nouns = [i for i in kept if phrase.tokens[i].any(*_NOUNS)]
    is_trace = phrase.has("degree") and all(one.any(*_OF_TRACE) for one in phrase.tokens)
    is_trace |= _is_faint(phrase)
    if nouns and phrase.parts == {"shadow"} and is_trace:
        for i in phrase.all("keep"):
            phrase.tokens[i] = phrase.tokens[i].meaning(filler="")
        phrase.use_known()
        add_effect(phrase, "shadow", "deep", Degree(-1), "wish")
    elif nouns:
        _read_kept_nouns(phrase, kept, nouns)


_OF_TRACE = ("part", "keep", "degree", "filler")
"""Kinds of words that leave a little of a part: "leave a hint of shadow", "影子留一点点"."""


def _is_faint(phrase: Phrase) -> bool:
    """Whether a part shall stay faintly: "保留淡淡的阴影"; "keep the faint shadow" changes nothing."""
    said = [one for one in phrase.tokens if not one.any(*_OF_TRACE)]
    is_known = any(one.isa("determiner$", "this", "now") for one in (*phrase.fillers, *phrase.tokens))
    is_known |= any("保持" in one.text for one in phrase.tokens)
    is_faint = [one.get("adjective") or one.get("shade") for one in said] in (["deep-"], ["light"])
    return is_faint and not is_known


def _read_kept_nouns(phrase: Phrase, kept: list[int], nouns: list[int]) -> None:
    predicate = [i for i in nouns if "adjective" in phrase.tokens[i] and _is_predicate(phrase, i)]
    own = [i for i in nouns if "near_scene" in phrase.tokens[i]]  # "my kitchen stays"
    painted = [i for i in kept if phrase.tokens[i].of(GROUND)]
    # "The background must stay white" names it before.
    is_state = any("keep" in phrase.left(i) for i in painted)
    ground = own + [i for i in phrase.all("part", "backdrop") if i in nouns or is_state]
    is_named_after = bool(ground) and any(i > ground[-1] for i in painted)  # "keep the background white"
    if ground and not predicate and (own or not is_named_after):
        phrase.use(*kept)
        is_photos = phrase.has("original") or bool(own)
        phrase.act(None, "backdrop", backdrop_changes.keeps(is_photos=is_photos))
    elif not ground and not (predicate and (painted or phrase.has("degree") or _is_fault(phrase, predicate))):
        # "Keep the shadow soft" and "the shadow should stay soft": what stays as it is needs no change.
        phrase.use(*kept, *((*phrase.all("part"), *phrase.all("property")) if predicate else ()))
        is_place = phrase.has("part", "product") and any("移" in one.text for one in phrase.tokens)
        is_size = any(phrase.tokens[i].get("property") == "size" for i in kept)
        phrase.act("framing" if is_place else None, "place" if is_place else KEPT_SIZE if is_size else "")
    elif ground and set(painted) >= set(predicate) and (colour := _colour_of(phrase, painted)):
        phrase.use(*kept, *ground)
        phrase.act("backdrop", "backdrop", backdrop_changes.keeps_paint(colour))
    else:
        for i in (*predicate, *painted):
            phrase.status[i] = ""


def _colour_of(phrase: Phrase, painted: list[int]) -> str:
    """Return the only colour that is named; white is asked for exactly, as shops require it."""
    colours = [phrase.tokens[i].get("colour") for i in painted]
    return colours[0] if len(colours) == 1 and colours[0] != "#ffffff" else ""


_CHANGES = re.compile("[换改动掂变调碰郁]|chang|touch|alter|modif|edit|adjust|replac|swap|switch")


def _unchanged(phrase: Phrase) -> list[int]:
    """Return the nouns that shall not be changed: "do not change the light", "光线不要动"."""
    verbs = [token.text for token in phrase.tokens if "to" in token]
    if any("成" in verb or "为" in verb or "到" in verb for verb in verbs) or _names_ground(phrase):
        return []
    states = any("quality" in one or ("adjective" in one and "part" not in one) for one in phrase.tokens)
    if states or not any(map(_CHANGES.search, verbs)):
        return []
    last = max(i for i, token in enumerate(phrase.tokens) if "to" in token)
    nouns = ("part", "property", "product_part")
    return [
        i
        for i, token in enumerate(phrase.tokens)
        if phrase.status[i] == "neg"
        and (token.any(*nouns) or ("scene" in token and i < last))  # "别把大理石换掉"
    ]


def _is_fault(phrase: Phrase, qualities: list[int]) -> bool:
    """Whether a quality has no direction, as "pasted on" and "yellow"."""
    return any(phrase.tokens[i].get("adjective")[-1] not in "+-" for i in qualities)


def _is_predicate(phrase: Phrase, i: int) -> bool:
    """Whether a quality follows what it is of: "keep the shadow soft", not "keep the soft shadow"."""
    return not any(token.any("part", "property", "product_part") for token in phrase.tokens[i + 1 :])
