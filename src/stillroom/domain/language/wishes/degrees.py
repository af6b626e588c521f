"""Degree, direction and mood of a quality, and complaints without a remedy of their own."""

from collections.abc import Sequence

from stillroom.domain.language import acts
from stillroom.domain.language.acts import MIRED_STEP, Mood, adds, impossible, sets
from stillroom.domain.language.clauses.phrases import Phrase, is_lack
from stillroom.domain.language.wishes.effects import TABLE, Degree
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.tokens import NUMBER, Token, is_doubled
from stillroom.domain.plans.plan import PlanPart

_HAN_VERY = "很非常特别超好真蛮十分巨"


def quality_of(phrase: Phrase, i: int) -> tuple[str, int]:
    """Return axis and sign of a token; the sign is 0 if it has no direction."""
    token = phrase.tokens[i]
    meaning = token.get("quality") or token.get("adjective")
    if meaning[-1:] in ("+", "-"):
        return meaning[:-1], 1 if meaning[-1] == "+" else -1
    return meaning, 0


_DENIALS = frozenset(("不是", "并不是", "it's not that", "not because"))
"""Words that say that something is not the case."""


def fault_of(phrase: Phrase, i: int) -> tuple[int, Mood]:
    """Return the factor of the direction and the mood that the words around a quality give it."""
    tokens = phrase.tokens
    # "太暗了亮一点": a complaint ends with its particle.
    ended = (j + 1 for j in range(i) if "past" in tokens[j] and i < len(tokens))
    before = range(max(ended, default=0), i)
    after = range(i + 1, len(tokens))
    refused = phrase.status[min(i, len(tokens) - 1)]
    if any(tokens[j].text in _DENIALS for j in before) and any("too" in tokens[j] for j in before):
        return 1, "refused"
    if refused == "neg" and any("too" in tokens[j] and "degree" not in tokens[j] for j in before):
        return -1, "complaint"
    if refused == "neg" and i and tokens[i - 1].text in ("that", "so", "这么", "那么"):
        return -1, "complaint"
    if refused == "neg" and not any("not_too" in tokens[j] and "less" not in tokens[j] for j in before):
        return 1, "refused"
    if any("not_too" in tokens[j] and "more" not in tokens[j] for j in before):
        is_less = any(tokens[j].text == "less" for j in before)
        return -1, "wish" if is_less else "complaint"
    lacks = [j for j in before if is_lack(tokens, j)]
    if lacks:
        denied = any("neg" in tokens[k] and not is_lack(tokens, k) for k in range(lacks[0]))
        return (1, "refused") if denied else (1, "complaint")
    if phrase.has("made"):
        return -1, "complaint"
    if refused == "none":
        return -1, "wish"
    if any(tokens[j].get("too") == "done" for j in before):
        return -1, "complaint"
    is_verb = i < len(tokens) and "quality" in tokens[i]
    if any("too" in tokens[j] and not _is_made(tokens, j) for j in before) and not is_verb:
        return -1, "complaint"
    if any("too_after" in tokens[j] for j in (*before, *after)) or (after and "too" in tokens[-1]):
        return -1, "complaint"
    is_done = i < len(tokens) and not {"effect", "quality"}.isdisjoint(tokens[i].senses)
    if is_done and any(tokens[j].text == "太" and not _has_axis(tokens[j + 1 :]) for j in after):
        return -1, "complaint"  # "锐化太狠了"
    if _is_overdone(tokens, i):
        return -1, "complaint"
    if i and "towards" in tokens[i - 1]:
        return 1, "wish"  # "往暗了调"
    if after and ("past" in tokens[i + 1] or tokens[i + 1].text == "到") and not is_verb:
        return -1, "complaint"
    if _is_stated(phrase, i) or _leans_wrong(phrase, i) or _has_become(phrase):
        return -1, "complaint"
    is_very = any("very" in tokens[j] and tokens[j].text[0] in _HAN_VERY for j in before)
    is_very |= i < len(tokens) and tokens[i].text[0] > "\u3000" and is_doubled(tokens[i].text)
    if (
        is_very
        and not phrase.has("to")
        and not _is_praised(tokens)
        and i < len(tokens)
        and "adjective" in tokens[i]
    ):
        return -1, "complaint"
    if phrase.has("mood", "why"):
        return -1, "complaint"
    if i < len(tokens) and "unwanted" in tokens[i] and not any("to" in token for token in tokens[:i]):
        return -1, "complaint"
    near = [*before[-2:], *after[:2]]
    less = any("less" in tokens[j] and j not in phrase.used and not _has_result(tokens, j, i) for j in near)
    return (-1, "wish") if less else (1, "wish")


def _has_axis(tokens: Sequence[Token]) -> bool:
    return any("adjective" in token or "quality" in token for token in tokens)


def _has_result(tokens: Sequence[Token], verb: int, i: int) -> bool:
    """Whether a quality is what a verb of less comes to, not what it takes away: "影子压短"."""
    is_next = verb + 1 == i < len(tokens) and tokens[verb].text[0] > "\u3000"
    state = tokens[i].get("adjective") if is_next else ""
    return state.endswith("-") or state == "soft+"


def _is_overdone(tokens: Sequence[Token], i: int) -> bool:
    """Whether a verb has its measure after it, as the result: "提亮提多了", "加得太多"."""
    axis = tokens[i].get("quality")[:-1] if i < len(tokens) else ""
    return any(
        ({"more", "less"} & set(tokens[j].senses) or (axis and tokens[j].get("adjective")[:-1] == axis))
        and ("too" in tokens[j - 1] or any("past" in token for token in tokens[j + 1 : j + 2]))
        for j in range(i + 1, len(tokens))
    )


_WANTED = frozenset(("bright+", "deep-", "soft+", "warm+", "vivid+", "sharp+", "clean+", "long+"))


def _is_praised(tokens: Sequence[Token]) -> bool:
    """Whether several qualities in a row are all wanted ones: "影子很淡很柔"."""
    said = [
        one.get("adjective") for i, one in enumerate(tokens) if "adjective" in one and "very" in tokens[i - 1]
    ]
    return len(said) > 1 and _WANTED.issuperset(said)


_WRONG = frozenset(("bright-", "deep+", "soft-", "sharp-", "vivid-", "big+", "big-", "clean-"))


def _leans_wrong(phrase: Phrase, i: int) -> bool:
    """Whether "偏" and a quality that nobody wants goes on with complaints: "影子也偏重"."""
    tokens = phrase.tokens
    is_lean = 0 < i < len(tokens) and "lean" in tokens[i - 1] and tokens[i].get("adjective") in _WRONG
    return is_lean and "也" in phrase.dropped


_BECOMES = frozenset(("看起来", "看上去", "got", "gotten"))


def _has_become(phrase: Phrase) -> bool:
    """Whether it is said how something looks now: "影子看起来淡", "the shadow got lighter"."""
    return not (_BECOMES.isdisjoint(phrase.dropped) or phrase.has("to") or phrase.has("degree"))


def _is_made(tokens: Sequence[Token], j: int) -> bool:
    """Whether "look" belongs to a wish: "make it look brighter"."""
    verbs = [k for k in range(j) if "to" in tokens[k]]
    named = any("part" in token for token in tokens[: verbs[0]]) if verbs else False
    return tokens[j].text == "look" and bool(verbs) and not named


def _is_stated(phrase: Phrase, i: int) -> bool:
    """Whether a plain English adjective states how something is: "it is a bit dark", "the photo is dark"."""
    tokens = phrase.tokens
    if i >= len(tokens) or "adjective" not in tokens[i] or tokens[i].text[0] > "\u3000":
        return False
    if any("to" in token for token in tokens[:i]):
        return False
    if i + 1 < len(tokens) and tokens[i + 1].text not in ("in", "on", "at", "for", "against"):
        return False
    if "quality" in tokens[i] and "degree" not in tokens[i - 1]:
        return False
    if tokens[i - 1].text == "nice and" or tokens[i - 1].text.endswith("more"):
        return False
    return bool(i) and ("is" in tokens[i - 1] or "degree" in tokens[i - 1] or "very" in tokens[i - 1])


def degree_of(
    phrase: Phrase,
    sign: int,
    *,
    is_fault: bool = False,
    is_plain: bool = False,
    needs_unit: bool = False,
) -> Degree:
    numbers = [i for i in phrase.all(NUMBER) if not (needs_unit and amounts.is_bare(phrase.tokens[i].text))]
    amount = phrase.tokens[numbers[0]].text if numbers else ""
    target = (
        "到",
        "成",
        "为",
        "至",
        "to",
        "at",
        "设为",
        "调到",
        "is",
        "调成",
        "改到",
        "占",
        "set to",
        "set at",
        "调整到",
    )
    is_target = bool(numbers) and any(
        one.text in target or one.text[-1] == "到" for one in phrase.tokens[: numbers[0]]
    )
    names = [token.get("degree") for token in phrase.tokens if "degree" in token]
    name = next((one for one in names if one != "usual"), "usual")
    phrase.use(*numbers[:1])
    return Degree(sign, amounts.STEPS[name], amount, is_target, is_plain, is_fault=is_fault)


def add_effect(phrase: Phrase, subject: str, axis: str, degree: Degree, mood: Mood) -> None:
    """Add the effect of a quality, or tell it back where the part has no such quality."""
    maker = TABLE.get(subject, {}).get(axis)
    if maker is None:
        phrase.act(None, "", impossible, why="ambiguous" if subject in ("", "?") else "not_possible")
        return
    effect = maker(degree)
    phrase.act(effect.part, effect.key, effect.do, mood)


_CASTS = {"yellow": -MIRED_STEP, "blue": MIRED_STEP, "red": 0.0, "green": 0.0, "purple": 0.0}


_LEANING = {"yellow": 1, "blue": -1}


def read_fault(phrase: Phrase, i: int, axis: str) -> None:
    """Read a quality that is a complaint by itself, or a colour cast."""
    if axis.startswith("cast_"):
        _read_cast(phrase, i, axis.removeprefix("cast_"))
    elif phrase.status[i] == "keep":
        return
    elif axis == "true":
        if phrase.has("property", "colour"):
            phrase.use(i, *phrase.all("property"), *phrase.all("part"))
            phrase.act("tone", "white_balance", sets("tone", white_balance=1.0))
    elif axis == "flat":
        if _fault_part(phrase) in ("backdrop", "shadow"):
            phrase.act(_fault_part(phrase), "", impossible, "complaint", "ambiguous")
            phrase.use_known()
        elif (
            phrase.has("too")
            or phrase.has("past")
            or phrase.has("very")
            or phrase.tokens[i].text not in ("flat", "平")
        ):
            phrase.use(i, *phrase.all("part"))
            phrase.act("tone", "contrast", adds("tone", "contrast", 0.2), "complaint")
    elif axis == "pasted":
        phrase.use_known()
        phrase.act("shadow", "shadow", acts.shadow_grounds, "complaint")
    elif axis == "ugly":
        phrase.use_known()
        remedies = [
            TABLE[name][""](Degree(sign, is_fault=True))
            for name, sign in _REMEDIES
            if phrase.has("property", name)
        ]
        for effect in remedies:
            phrase.act(effect.part, effect.key, effect.do, "complaint")
        if phrase.has("effect", "white_balance") or phrase.has("property", "white_balance"):
            phrase.act("tone", "white_balance", sets("tone", white_balance=1.0), "complaint")
            return
        if remedies:
            return
        part = _fault_part(phrase)
        phrase.act(part, f"{part}.fault", impossible, "complaint", "ambiguous")


_REMEDIES = (("noise", -1), ("sharpness", 1))
"""Properties that have a remedy when they are bad, with its direction."""


def _fault_part(phrase: Phrase) -> PlanPart | None:
    grounds = ("scene", "near_scene", "painted", "kind", "colour")
    named = phrase.part_of([i for i, token in enumerate(phrase.tokens) if "part" in token])
    if named in ("backdrop", "shadow", "light"):
        return named  # type: ignore[return-value]
    return "backdrop" if any(phrase.has(kind) for kind in grounds) else None


def _read_cast(phrase: Phrase, i: int, colour: str) -> None:
    """A colour that there is too much of; without a complaint it is a colour like any other."""
    factor, mood = fault_of(phrase, i)
    part = phrase.part_of(phrase.all("part"))
    after = phrase.tokens[i + 1].text if i + 1 < len(phrase.tokens) else ""
    if phrase.has("towards") and not part and not phrase.has("past"):
        phrase.use(i, *phrase.all("part"), *phrase.all("property", "colour"))
        sign = _LEANING.get(colour, 0)
        if sign:
            add_effect(phrase, "", "warm", degree_of(phrase, sign), "wish")
        else:
            phrase.act(None, "", impossible)
        return
    if phrase.has("liked") and colour in _LEANING and not part:
        phrase.use(i)  # "稍微泛点黄好看"
        add_effect(phrase, "", "warm", degree_of(phrase, _LEANING[colour]), "wish")
        return
    is_complaint = mood == "complaint" or factor < 0 or phrase.tokens[i].text[0] in "发泛"
    said = phrase.tokens[i].text
    is_complaint = is_complaint or (len(said) > 1 and said[0] == said[1]) or said.endswith(("蒙蒙", "扑扑"))
    is_complaint = is_complaint or after in ("tint", "cast", "tinge", "色偏")
    is_complaint |= i > 0 and "is" in phrase.tokens[i - 1]
    if phrase.status[i] == "none" and colour == "grey":  # "瓶身上的灰": dust
        return
    if part == "backdrop" and colour == "grey" and is_complaint:
        phrase.use(i, *phrase.all("part"))
        add_effect(phrase, part, "bright", Degree(1, is_fault=True), "complaint")
        return
    if part in ("backdrop", "shadow", "highlight") or not (is_complaint or phrase.has("lean")):
        if phrase.has("degree") and colour in _LEANING and not part and "colour" in phrase.tokens[i]:
            phrase.use(i)
            add_effect(phrase, "", "warm", degree_of(phrase, _LEANING[colour]), "wish")
        elif is_complaint:
            phrase.use(i, *phrase.all("part"))
            phrase.act(None, "", impossible)
        return
    phrase.use(i, *phrase.all("part"), *phrase.all("property"))
    if not is_complaint and not phrase.has("degree"):
        phrase.act(None, "", impossible, why="ambiguous")
    elif colour == "grey":
        phrase.act("tone", "contrast", adds("tone", "contrast", 0.2), "complaint")
    elif _CASTS[colour]:
        phrase.act("tone", "mired", acts.removes_cast(_CASTS[colour]), "complaint")
    else:
        phrase.act("tone", "white_balance", sets("tone", white_balance=1.0), "complaint")


_FELT = ("too", "past", "very")
"""Kinds of words that make a plain adjective a complaint."""


def read_more(phrase: Phrase) -> None:
    """Read "more shadow", "too much light": a part with a direction and no quality."""
    more = [i for i in phrase.all("more") if "add" not in phrase.tokens[i] or phrase.has("degree")]
    if phrase.has("part", "dark_side"):
        more += phrase.all("fills")
    signs = [(i, 1) for i in more] + [(i, -1) for i in phrase.all("less")]
    parts = [
        i
        for i in phrase.all("part")
        if phrase.tokens[i].get("part") in ("shadow", "light", "dark_side", "reflection")
    ]
    if not parts:
        return
    subject = phrase.tokens[parts[-1]].get("part")
    too = any("too" in token or "too_after" in token for token in phrase.tokens)
    lack = any(is_lack(phrase.tokens, i) for i in range(len(phrase.tokens)))
    if signs:
        if phrase.status[signs[0][0]] == "neg":
            phrase.use(parts[-1], signs[0][0])
            phrase.act(None, "")
            return
        sign = signs[0][1] * (-1 if phrase.status[signs[0][0]] == "none" else 1)
        phrase.use(parts[-1], signs[0][0])
        name = phrase.tokens[parts[-1]].text
        stands = name in _SOURCES or "the light " in name
        stands |= phrase.has("property", "height")
        phrase.use(*phrase.all("property", "height"))
        is_height = subject == "light" and (stands or phrase.tokens[signs[0][0]].text in LIGHT_HEIGHTS)
        axis = "high" if is_height else "bright" if subject == "dark_side" else "strong"
        add_effect(phrase, subject, axis, degree_of(phrase, sign * (-1 if too else 1)), "wish")
    elif too or lack:
        phrase.use(parts[-1])
        add_effect(
            phrase, subject, "strong", degree_of(phrase, 1 if lack else -1, is_fault=True), "complaint"
        )
    elif phrase.has("degree") and subject == "shadow" and not phrase.status[parts[-1]] and _is_hint(phrase):
        phrase.use(parts[-1])
        add_effect(phrase, subject, "strong", degree_of(phrase, -1)._replace(steps=1.0), "wish")


LIGHT_HEIGHTS = frozenset(
    ("高", "低", "high", "low", "higher", "lower", "raise", "升高", "lower it", "raise it", "drop it")
)
"""Words for more and less that are said of where a light stands."""
_SOURCES = frozenset(
    (
        "光源",
        "光位",
        "灯位",
        "灯光位置",
        "光源位置",
        "light source",
        "灯",
        "主灯",
        "灯头",
        "灯架",
        "盏灯",
        "大灯",
        "lamp",
    )
)
"""Names of a light of which more is higher."""


def _is_hint(phrase: Phrase) -> bool:
    """Whether only a hint of something is wanted: "just a little shadow", "阴影只要一点点"."""
    return any(token.text in ("只要", "只", "just") for token in phrase.tokens) or phrase.has(
        "degree", "slight"
    )
