"""Composes qualities: part or property, times axis, times direction, times degree."""

from stillroom.domain.language import acts
from stillroom.domain.language.acts import Mood, impossible, sets, shadow_edge_softens
from stillroom.domain.language.clauses.nouns import GENERIC
from stillroom.domain.language.clauses.phrases import Phrase
from stillroom.domain.language.wishes.degrees import (
    add_effect,
    degree_of,
    fault_of,
    quality_of,
    read_fault,
    read_more,
)
from stillroom.domain.language.wishes.effects import AXES, TABLE, Degree
from stillroom.domain.language.wishes.going_on import AMBIGUOUS, inherited
from stillroom.domain.language.wishes.named_effects import read_filling
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.tokens import NUMBER
from stillroom.domain.plans.plan import changed

_MOST = 5
"""Qualities and properties of a phrase that are read, which bounds the time; more are told back."""


def read_qualities(phrase: Phrase) -> None:
    """Read every quality and property of a phrase."""
    said = [i for i, token in enumerate(phrase.tokens) if "adjective" in token or "quality" in token]
    if len(said) > _MOST or len(phrase.all("property")) > _MOST:
        return
    read_filling(phrase)
    for i in phrase.all("property"):
        if i not in phrase.used:
            _read_property(phrase, i)
    for i in said:
        if i not in phrase.used:
            _read_quality(phrase, i)
    read_more(phrase)


def _read_property(phrase: Phrase, i: int) -> None:
    name = phrase.tokens[i].get("property")
    if name in ("white_balance", "position", "edge"):
        return
    if name == "opacity" and any(token.get("property") not in ("", name) for token in phrase.tokens):
        phrase.use(i)  # "背景虚化强度30%"
        return
    qualities = [
        j
        for kind in ("adjective", "quality")
        for j in phrase.all(kind)
        if j != i and quality_of(phrase, j)[1] and "less" not in phrase.tokens[j]
    ]
    if name == "noise" and any(token.text.startswith("bring") for token in phrase.tokens if "more" in token):
        name = "texture"  # "bring out the grain of the leather"
    subject = _combined(phrase, name)
    if subject == "colour" and any(
        phrase.tokens[j].get("adjective").startswith(("cast", "true")) for j in phrase.all("adjective")
    ):
        return
    near = next(
        (
            j
            for j in qualities
            if quality_of(phrase, j)[0] in TABLE.get(subject, {}) and not _is_apart(phrase, i, j)
        ),
        None,
    )
    axis, sign = quality_of(phrase, near) if near is not None else ("", 0)
    if subject == "colour" and near is not None and phrase.tokens[near].text in ("lighter", "paler"):
        sign = -1  # less of the colour, which "brighter" is more of
    if subject == "backdrop" and name == "brightness" and near is None:
        axis = "bright"  # "背景亮度再高点"
    if (qualities and near is None) or _reads_otherwise(phrase, i, name):
        return
    directions = [*phrase.all("more"), *phrase.all("less")]
    is_removed = (phrase.status[i] == "none" or _is_too_much(phrase, i)) and near is None
    factor, mood = fault_of(
        phrase, near if near is not None else directions[-1] if directions else len(phrase.tokens)
    )
    if is_removed:
        factor, mood = 1, "wish"
    is_lost = near is not None and "adjective" in phrase.tokens[near] and (axis, sign) == ("sharp", -1)
    if is_lost and (factor, mood) == (1, "wish"):
        factor, mood = -1, "complaint"  # nobody wishes for details that are blurred
    if near is not None and _is_leaning(phrase, mood):
        phrase.use(i, near)
        phrase.act(None, "", impossible, why="ambiguous")
        return
    sign = sign or _direction(phrase, i, mood)
    number = phrase.all(NUMBER)
    needs_unit = subject in ("size", "margin")
    if needs_unit:
        number = [j for j in number if not amounts.is_bare(phrase.tokens[j].text)]
    if not sign and number and subject not in ("colour", "texture", "noise"):
        if phrase.is_joined and phrase.tokens[number[0]].text[0] not in "+-":
            return  # "drop saturation by 30 percent and contrast by 10"
        sign = -1 if phrase.tokens[number[0]].text.startswith("-") else 1
    if not sign or not TABLE.get(subject):
        _read_bare_property(phrase, i, subject)
        return
    phrase.use(i, *([near] if near is not None else []), *phrase.all("more"), *phrase.all("less"))
    phrase.use(*phrase.all("part", "picture"), *phrase.all("part", subject))
    phrase.use(*phrase.all("part", "product"))
    if subject in ("shadow", "opacity", "backdrop", "backdrop_colour", "blur"):
        phrase.use(*phrase.all("part"))
    elif subject == "brightness":
        phrase.use(*phrase.all("part", "light"))
    degree = degree_of(phrase, sign * factor, is_fault=mood == "complaint", needs_unit=needs_unit)
    if subject in ("margin", "opacity", "size") and not directions and near is None:
        degree = degree._replace(is_target=bool(degree.amount))
    add_effect(phrase, subject, axis, degree, mood)


_SO_MUCH = frozenset(
    ("all", "all that", "that much", "so much", "this much", "quite so much", "这么多", "那么多", "这样多")
)


def _is_too_much(phrase: Phrase, i: int) -> bool:
    """Whether less of a property will do: "it doesn't need all that empty space"."""
    return phrase.status[i] == "neg" and any(token.text in _SO_MUCH for token in phrase.tokens[:i])


def _is_apart(phrase: Phrase, i: int, j: int) -> bool:
    """Whether another verb stands between a property and a quality: "提亮修正一下颜色"."""
    between = phrase.tokens[min(i, j) + 1 : max(i, j)]
    return "quality" in phrase.tokens[j] and any(
        {"to", "effect", "part", "adjective"} & set(one.senses) for one in between
    )


def _reads_otherwise(phrase: Phrase, i: int, name: str) -> bool:
    """Read blur that shall go; a product that is blurred is a matter of sharpness."""
    if name != "blur":
        return False
    if phrase.status[i] in ("neg", "none"):
        phrase.use(i, *phrase.all("part", "backdrop"), *phrase.all("adjective"))
        phrase.act(None, "blur", lambda plan: changed(plan, "backdrop", blur=0.0))
        return True
    is_fault = phrase.has("too") or phrase.has("past") or phrase.has("very")
    is_fault |= i == len(phrase.tokens) - 1 > 0 and phrase.tokens[i - 1].get("part") in ("picture", "product")
    return "adjective" in phrase.tokens[i] and is_fault and not phrase.has("part", "backdrop")


def _combined(phrase: Phrase, name: str) -> str:
    """Return the subject of a property with a part: brightness of the backdrop is of the backdrop."""
    part = phrase.part_of(phrase.all("part"))
    grounds = phrase.all("scene")
    if (part == "backdrop" or (grounds and not part)) and name in ("brightness", "colour", "temperature"):
        phrase.use(*grounds)
        return "backdrop"
    if part == "backdrop" and name == "saturation":
        return "backdrop_colour"
    if part == "shadow" and name not in ("transparency", "contrast", "opacity"):
        return part
    if part == "light" and name in ("opacity", "sharpness"):
        return part
    if part == "dark_side" and name in ("brightness", "texture"):
        return part
    is_depth = any(token.get("adjective")[:-1] == "deep" for token in phrase.tokens)
    if name == "colour" and not part and is_depth and phrase.context.startswith("shadow"):
        return "shadow"  # "影子短一些，颜色淡一些"
    if name == "opacity" and not part:
        return phrase.context or name
    return name


def _is_added(phrase: Phrase) -> bool:
    """Whether some of a property shall be added: "来点景深", "曝光加一点"."""
    if any(token.text.endswith(" more") for token in phrase.tokens if "degree" in token):
        return True  # "bit more contrast"
    return phrase.has("add") and (phrase.has("degree") or "点" in phrase.texts("add"))


def _direction(phrase: Phrase, i: int, mood: Mood) -> int:
    if phrase.all("less"):
        return -1
    if phrase.all("more") or mood == "complaint" or _is_added(phrase):
        return 1
    return -1 if phrase.status[i] in ("neg", "none") else 0


def _read_bare_property(phrase: Phrase, i: int, subject: str) -> None:
    """A property without a direction: some are wishes by themselves."""
    status = phrase.status[i]
    if status == "keep":
        phrase.use(i)
        phrase.act(None, "")
    elif phrase.tokens[i].get("property") == "transparency" and phrase.has("part", "shadow"):
        numbers = phrase.all(NUMBER)
        share = amounts.share(phrase.texts(NUMBER))
        if share is not None:
            phrase.use(i, *numbers, *phrase.all("part", "shadow"))
            phrase.act("shadow", "strength", acts.shadow_opacity(max(0.0, 1 - share)))
    elif subject in ("texture", "blur", "margin") and not status and not phrase.has("prop"):
        phrase.use(i, *phrase.all("part"))
        add_effect(phrase, subject, "", Degree(1), "wish")
    elif subject == "noise":
        phrase.use(i)
        add_effect(phrase, subject, "", Degree(-1), "wish")


def _read_quality(phrase: Phrase, i: int) -> None:
    axis, sign = quality_of(phrase, i)
    if axis not in AXES:
        after = phrase.tokens[i + 1 : i + 2]
        if axis == "ugly" and phrase.status[i] == "none" and any("part" in one for one in after):
            phrase.use(i)  # "get rid of that nasty shadow"
        else:
            read_fault(phrase, i, axis)
        return
    if _is_attribute(phrase, i):
        phrase.use(i)
        return
    subject, at, is_adjacent = _subject(phrase, i, axis)
    factor, mood = fault_of(phrase, i)
    is_plain = is_adjacent and "adjective" in phrase.tokens[i] and mood == "wish" and factor > 0
    is_plain = is_plain and not any(phrase.has(kind) for kind in ("degree", "less"))
    is_plain = is_plain and not (axis == "long" and phrase.has("side"))
    is_plain = is_plain and not any("more" in one and "add" not in one for one in phrase.tokens)
    if not subject and phrase.all("product_part") and mood == "wish":
        phrase.use(i, *phrase.all("product_part"))
        phrase.act(None, "", impossible)
        return
    if _is_unclear(phrase, i, subject, mood):
        return
    if (
        (axis, sign, factor) == ("sharp", -1, 1)
        and mood == "wish"
        and (not subject or (subject in ("picture", "product") and i == len(phrase.tokens) - 1))
        and not (subject and phrase.has("to"))
        and "quality" not in phrase.tokens[i]
    ):
        factor, mood = -factor, "complaint"
    if (
        mood == "wish"
        and subject in ("", "backdrop")
        and _describes(phrase)
        and "调" not in phrase.tokens[i].text
    ):
        phrase.use(i)
        return
    phrase.use(i, *at)
    if is_plain and subject == "product":
        return
    if phrase.tokens[i].text in ("白", "white") and not subject and mood == "complaint" and factor > 0:
        subject = "backdrop"
    if _is_leaning(phrase, mood):
        phrase.act(None, "", impossible, why="ambiguous")
        return
    degree = degree_of(
        phrase, sign * factor, is_fault=mood == "complaint", is_plain=is_plain, needs_unit=axis == "big"
    )
    if mood == "refused" and _read_refused(phrase, subject, axis, sign, is_adjacent=is_adjacent):
        return
    if any("scene" in phrase.tokens[j] for j in at):
        degree = degree._replace(is_named=True)
    add_effect(phrase, subject, axis, degree, mood)


def _is_attribute(phrase: Phrase, i: int) -> bool:
    """Whether an adjective describes the goods after it, beside another quality: "too dark for pale soap"."""
    after = phrase.tokens[i + 1 : i + 2]
    if "adjective" not in phrase.tokens[i]:
        return False
    axis, sign = quality_of(phrase, i)
    others = [quality_of(phrase, j) for j in range(i + 2, len(phrase.tokens)) if phrase.tokens[j].senses]
    if sign and (axis, -sign) in others and any("part" in one for one in after):
        return True  # "make the blurry photo sharper"
    if not phrase.acts:
        return False
    return any(one.get("part") == "product" and one.text not in GENERIC for one in after)


def _read_refused(phrase: Phrase, subject: str, axis: str, sign: int, *, is_adjacent: bool) -> bool:
    """Read refusals that mean something themselves: no hard edges, no blur, no brightening."""
    if subject == "shadow" and (axis, sign) in (("soft", -1), ("sharp", 1)):
        phrase.act("shadow", "softness", shadow_edge_softens)
    elif subject == "backdrop" and (axis, sign) in (("blur", 1), ("sharp", -1)):
        phrase.act(None, "blur", lambda plan: changed(plan, "backdrop", blur=0.0))
    elif (
        (subject == "product" and axis == "bright")
        or (not subject and phrase.context.rstrip("!") in ("shadow", "backdrop", "light"))
        or (_is_exposure_verb(phrase, subject, axis) and _goes_no_further(phrase))
    ):
        phrase.act(None, "")
    elif _is_exposure_verb(phrase, subject, axis):
        phrase.act("tone", "auto_exposure", sets("tone", auto_exposure=False))
    elif subject == "shadow" and axis == "soft" and is_adjacent:
        phrase.act("shadow", "shadow", acts.shadow_appears, "refused")
    else:
        return False
    return True


def _is_exposure_verb(phrase: Phrase, subject: str, axis: str) -> bool:
    """Whether brightening as such is refused, which is done to every photo."""
    verbs = any("quality" in token for token in phrase.tokens)
    return subject in ("", "picture") and axis == "bright" and verbs and not phrase.has("too")


def _goes_no_further(phrase: Phrase) -> bool:
    """Whether only more of something is refused: "别再提亮了", "do not brighten it any more"."""
    compares = any("quality" in token and token.text.endswith("er") for token in phrase.tokens)
    return compares or phrase.has("more") or any("再" in one.text for one in phrase.tokens if "neg" in one)


def _describes(phrase: Phrase) -> bool:
    """Whether qualities without a degree only describe a backdrop that was read already."""
    graded = any(phrase.has(kind) for kind in ("degree", "more", "less", NUMBER, "quality"))
    return not graded and any(
        act.key in ("backdrop", "backdrop.scene", "gradient", "clean") for act in phrase.acts
    )


def _is_leaning(phrase: Phrase, mood: Mood) -> bool:
    """Whether a lean is as likely a fault as a wish: "颜色偏冷", but not "偏暖色调" or "偏暖一点"."""
    lean = next((i for i, token in enumerate(phrase.tokens) if "lean" in token), None)
    if lean is None or mood != "wish" or phrase.has("degree") or phrase.has("towards"):
        return False
    tone = any("调" in token.text for token in phrase.tokens)
    tone |= any(token.get("property") == "colour" for token in phrase.tokens[lean:])
    whole = phrase.has("part", "picture") and any(token.text[0] == "整" for token in phrase.tokens)
    exposed = any(token.get("adjective").startswith("bright") for token in phrase.tokens)
    return not tone and not (whole and not exposed)


def _is_unclear(phrase: Phrase, i: int, subject: str, mood: Mood) -> bool:
    """Whether a colour word is meant as a colour, or a word of several kinds as something else."""
    token = phrase.tokens[i]
    if "quality" in token:
        return False
    graded = any(phrase.has(kind) for kind in ("degree", "less", "more"))
    if "colour" in token and mood == "wish" and not graded and not token.get("adjective").startswith("warm"):
        return True
    if phrase.has("style") and not subject and mood == "wish" and not phrase.has("degree"):
        return True
    return mood == "wish" and "part" in token and not subject and not phrase.has("degree")


def _subject(phrase: Phrase, i: int, axis: str) -> tuple[str, tuple[int, ...], bool]:
    """Return what a quality is of, the tokens that name it, and whether it stands directly before it."""
    tokens = phrase.tokens
    if "调" in tokens[i].text and axis == "warm":
        return "", (), False
    before = [j for j in range(i) if _is_noun(phrase, j)]
    others = [
        j
        for j in range(i + 1, len(tokens))
        if "degree" not in tokens[j] and "style" not in tokens[j] and tokens[j].text not in ("on", "in")
    ]
    after = next((j for j in others if "adjective" not in tokens[j] or "part" in tokens[j]), None)
    if after is not None and not _is_noun(phrase, after):
        after = None
    vague = all(tokens[j].get("part") in ("picture", "product") for j in before)
    if after is not None and (vague or (others[0] == i + 1 and not _is_list(phrase, after))):
        return _name(phrase, after), (after, *(before if vague else ())), others[0] == i + 1
    if before:
        specific = [j for j in before if tokens[j].get("part") != "picture"] or before
        last = specific[-1]
        return _name(phrase, last), (*before,), False
    is_new = not phrase.context.endswith("!") or phrase.context == "?!"
    if is_new and "quality" in tokens[i] and not before and (usual := _usual_subject(phrase, i)):
        return usual, (), False
    if axis == "bright" and any(amounts.stops(t.text) is not None for t in tokens if NUMBER in t):
        return "", (), False  # only exposure is counted in stops
    named = [j for j in range(i + 1, len(tokens)) if _is_noun(phrase, j)]
    if named and _name(phrase, named[0]) not in ("picture", "product"):
        return _name(phrase, named[0]), (named[0],), False
    is_size = axis == "big" and tokens[i].text[0] > "\u3000"
    if phrase.context == "?!" or (phrase.context == "?" and axis in AMBIGUOUS and not is_size):
        return "?", (), False
    return inherited(phrase, i, axis) or _usual_subject(phrase, i), (), False


def _usual_subject(phrase: Phrase, i: int) -> str:
    """Return what alone has a quality: only shadows are long, only backdrops are blurred on purpose."""
    if quality_of(phrase, i) == ("blur", 1) and _is_wished(phrase, i):
        return "backdrop"
    return "shadow" if quality_of(phrase, i)[0] == "long" else ""


def _is_wished(phrase: Phrase, i: int) -> bool:
    return fault_of(phrase, i) == (1, "wish") or phrase.status[i] == "neg"


def _is_noun(phrase: Phrase, j: int) -> bool:
    token = phrase.tokens[j]
    if token.text in _PRONOUNS and phrase.context == "?!":
        return False  # it is what was not understood
    if "colour" in token and not {"adjective", "part"} & set(token.senses):
        return "that" in phrase.dropped  # "a bit lighter on that pink"
    return (
        "part" in token
        and not ("adjective" in token and j + 1 < len(phrase.tokens) and "part" in phrase.tokens[j + 1])
    ) or ("scene" in token or "near_scene" in token)


_PRONOUNS = frozenset(("它", "它们"))


def _is_list(phrase: Phrase, after: int) -> bool:
    """Whether a noun after a quality has a quality of its own: "背景亮阴影淡"."""
    following = phrase.tokens[after + 1 : after + 3]
    return phrase.tokens[after].text[0] > "\u3000" and any(
        "adjective" in token or "quality" in token for token in following
    )


def _name(phrase: Phrase, j: int) -> str:
    token = phrase.tokens[j]
    return token.get("part") or "backdrop"
