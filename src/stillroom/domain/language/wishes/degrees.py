"""Degree, direction and mood of a quality, and complaints without a remedy of their own."""

from itertools import pairwise

from stillroom.domain.language import acts
from stillroom.domain.language.acts import Do, Mood, impossible
from stillroom.domain.language.clauses.phrases import Phrase, is_comparative, is_lack
from stillroom.domain.language.wishes.effects import TABLE, Degree
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.tokens import NO_TOKEN, NUMBER, Token, is_doubled, is_share
from stillroom.domain.plans.plan import PlanPart

_HAN_VERY = "很非常特别超好真蛮十分巨"


def quality_of(phrase: Phrase, i: int) -> tuple[str, int]:
    """Return axis and sign of a token; the sign is 0 if it has no direction."""
    token = phrase.tokens[i]
    meaning = token.get("quality") or token.get("adjective")
    return token.axis, {"+": 1, "-": -1}.get(meaning[-1:], 0)


def names_tint(phrase: Phrase, i: int) -> bool:
    """Whether warmth or cold is refused as a thing: "不要暖色", "without the warm tint"."""
    if quality_of(phrase, i)[0] != "warm" or phrase.status[i] not in ("neg", "none"):
        return False
    return phrase.tokens[i].text[-1] in "色调" or "property" in phrase.right(i)


def fault_of(phrase: Phrase, i: int) -> tuple[int, Mood]:
    """Return the factor of the direction and the mood that the words around a quality give it.

    An index after the last token stands for a property whose quality is not named.
    """
    tokens = phrase.tokens
    # "太暗了亮一点": a complaint ends with its particle.
    ended = (j + 1 for j in range(i) if "past" in tokens[j] and i < len(tokens))
    before, after = range(max(ended, default=0), i), range(i + 1, len(tokens))
    if {"fault", "quality"} <= _at(phrase, i).senses.keys() and phrase.any("too", "less", "not_too"):
        return 1, "complaint"  # "less underexposed": the quality of a fault is its remedy
    found = _refusal_of(phrase, i, before) or _limit_of(phrase, i, before)
    if found is not None:
        return found
    if _is_excess(phrase, i, before, after):
        return -1, "complaint"
    if "towards" in phrase.left(i):
        return 1, "wish"  # "往暗了调"
    if _at(phrase, i).any("more", "less") and _is_level(phrase, i, before):
        return -1, "complaint"
    if _is_stated_fault(phrase, i, before):
        return -1, "complaint"
    near = [*before[-2:], *after[:2]]
    less = any("less" in tokens[j] and j not in phrase.used for j in near)
    return (-1, "wish") if less else (1, "wish")


def _is_level(phrase: Phrase, i: int, before: range) -> bool:
    """Whether a figure is said to be high or low: "亮度偏低", "the contrast is a bit low"."""
    leans = "lean" in phrase.left(i) and "degree" not in phrase.right(i)
    is_stated = phrase.tokens[i].text in ("high", "low") and any("is" in phrase.tokens[j] for j in before)
    return leans or (is_stated and not phrase.has("to"))


def _at(phrase: Phrase, i: int) -> Token:
    return phrase.tokens[i] if i < len(phrase.tokens) else NO_TOKEN


def _refusal_of(phrase: Phrase, i: int, before: range) -> tuple[int, Mood] | None:
    """Factor and mood of a refused quality: "not so dark" complains, "do not brighten" refuses."""
    tokens = phrase.tokens
    if any(tokens[j].isa("denial") for j in before) and any("too" in tokens[j] for j in before):
        return 1, "refused"
    if phrase.status[min(i, len(tokens) - 1)] != "neg":
        return None
    is_much = phrase.left(i).isa("such") or phrase.left(i).get("too") == "much"
    if is_much or (i and "unwanted" in _at(phrase, i)):
        return -1, "complaint"
    is_bound = any("not_too" in tokens[j] and "less" not in tokens[j] for j in before)
    return None if is_bound else (1, "refused")


def _limit_of(phrase: Phrase, i: int, before: range) -> tuple[int, Mood] | None:
    """Factor and mood of a quality that is there too little, or that shall go: "not warm enough"."""
    tokens = phrase.tokens
    if _is_denied_excess(phrase, before):
        return 1, "refused"
    lacks = [j for j in before if is_lack(tokens, j)]
    if not lacks and any("not_too" in tokens[j] and "more" not in tokens[j] for j in before):
        is_less = any(tokens[j].text == "less" for j in before)
        return -1, "wish" if is_less else "complaint"
    is_good = i < len(tokens) and quality_of(phrase, i)[1] >= 0
    if lacks and not is_good and tokens[lacks[0]].isa("hardly"):
        return 1, "refused"  # "只要不太暗就行", "不怎么需要虚化"
    if lacks:
        return 1, "complaint"
    return (-1, "wish") if phrase.status[min(i, len(tokens) - 1)] == "none" else None


def _is_denied_excess(phrase: Phrase, before: range) -> bool:
    """Whether it is only stated that there is not too much: "it's not too dark, it's too flat"."""
    said = ((phrase.left(j), phrase.tokens[j]) for j in before if "not_too" in phrase.tokens[j])
    return any(one.text == "isn't too" or (one.isa("not_too") and "is" in left) for left, one in said)


def _is_excess(phrase: Phrase, i: int, before: range, after: range) -> bool:
    """Whether there is too much of a quality."""
    tokens, quality = phrase.tokens, _at(phrase, i)
    return (
        any(tokens[j].get("too") == "done" for j in before)
        or (any("too" in tokens[j] for j in before) and "quality" not in quality)
        or any("too_after" in tokens[j] for j in (*before, *after))
        or bool(after and "too" in tokens[-1])
        or (quality.any("effect", "quality") and any(tokens[j].text == "太" for j in after))
        or _is_overdone(phrase, i)
    )


def _is_stated_fault(phrase: Phrase, i: int, before: range) -> bool:
    """Whether a quality is said to be there, in a way that nobody says of one that is wanted."""
    tokens, quality, right = phrase.tokens, _at(phrase, i), phrase.right(i)
    ends_in = right.text == "到" and not any(NUMBER in one for one in tokens[i + 2 :])
    if ("past" in right or ends_in) and "quality" not in quality:
        return True  # "亮到看不清", but not "大到百分之八十"
    # "影子看起来淡", "the shadow got lighter"
    has_become = phrase.drops("become") and not phrase.any("to", "degree")
    # "it's gotten darker", "变大了"
    is_reported = phrase.has("mood", "report") if not quality.is_han else "past" in right
    has_become |= is_reported and is_comparative(quality)
    if has_become or _is_stated(phrase, i) or _is_one_of_two_states(phrase, i):
        return True
    is_very = any("very" in tokens[j] and tokens[j].text[0] in _HAN_VERY for j in before)
    is_state = "adjective" in quality
    if (is_very or is_doubled(quality.text)) and is_state and not phrase.has("to"):
        return True
    opening = min(phrase.fillers, key=lambda one: one.start, default=NO_TOKEN)
    opens = opening.isa("stating") and opening.start < tokens[0].start
    if is_state and quality.is_han and quality is tokens[-1] and opens and len(tokens) < 3:
        return True  # "感觉暗"
    is_bare = is_state and len(tokens) == 1 and " " not in quality.text
    if is_bare and phrase.is_joined and phrase.before.complains:
        return True  # "looks cheap and dark"
    is_wished = any("to" in one and one.text != "get" for one in tokens[:i])  # "gets lost" is no wish
    return phrase.has("mood", "why") or ("unwanted" in quality and not is_wished)


def _is_one_of_two_states(phrase: Phrase, i: int) -> bool:
    """Whether a state is one of two that are complained of: "又暗又黄", but not "要又亮又透"."""
    said = [token.text for token in phrase.tokens]
    is_second = said.count("又") > 1 and phrase.left(i).text == "又"
    return is_second and not phrase.has("to") and said[i + 1 : i + 2] in ([], ["又"])


def _is_overdone(phrase: Phrase, i: int) -> bool:
    """Whether a verb has its measure after it, as the result: "提亮提多了", "加得太多"."""
    axis = _at(phrase, i).get("quality")[:-1]
    return any(
        (one.any("more", "less") or (axis and one.get("adjective")[:-1] == axis))
        and ("too" in phrase.left(j) or "past" in phrase.right(j))
        for j, one in enumerate(phrase.tokens)
        if j > i
    )


def _is_stated(phrase: Phrase, i: int) -> bool:
    """Whether a plain English adjective states how something is: "it is a bit dark", "the photo is dark"."""
    quality, left, right = _at(phrase, i), phrase.left(i), phrase.right(i)
    if "adjective" not in quality or quality.is_han or any("to" in token for token in phrase.tokens[:i]):
        return False
    if not (right is NO_TOKEN or NUMBER in right or right.text in ("in", "on", "at", "for", "against", "by")):
        return False
    is_wished = left.text == "nice and" or left.text.endswith("more")
    return left.any("is", "degree", "very") and not is_wished


def degree_of(
    phrase: Phrase, sign: int, *, is_fault: bool = False, is_plain: bool = False, needs_unit: bool = False
) -> Degree:
    bare = [i for i in phrase.all(NUMBER) if needs_unit and amounts.is_bare(phrase.tokens[i].text)]
    numbers = [i for i in phrase.all(NUMBER) if i not in bare or phrase.left(i).isa("target")]
    amount, is_target = "", False
    for i in numbers[:1]:
        amount = phrase.tokens[i].text + "%" * (i in bare)
        is_target = any(map(_is_ending, phrase.tokens[:i]))
        is_target |= "adjective" in phrase.right(i) and phrase.right(i).is_han  # "主体八成大"
        # "make it big like 75 percent"
        is_target |= phrase.left(i).get("adjective") == "big+" and phrase.has("to")
        is_target &= amount[0] not in "+-"
        phrase.use(i, *phrase.all("bound"))
    names = [token.get("degree") for token in phrase.tokens if "degree" in token]
    name = next((one for one in names if one != "usual"), "usual")
    degree = Degree(sign, amounts.STEPS[name], amount, is_target, is_plain, is_fault=is_fault)
    # "half as long", "half of what it is now"
    return degree.of_present() if "as" in phrase.dropped or is_of_present(phrase) else degree


def bounded(phrase: Phrase, part: PlanPart, name: str, share: float) -> Do | None:
    """Return the change that bounds a figure by a share: "at most 40%"; None without such words."""
    said = phrase.all("bound")
    phrase.use(*said)
    is_least = any(phrase.tokens[i].get("bound") == "least" for i in said)
    return acts.bounds(part, name, share, is_least=is_least) if said else None


def share_at(phrase: Phrase, i: int) -> float | None:
    """Return the share that an amount comes to; None without one.

    A bare figure is a share behind "to", or as a decimal: "shadow to 40", "影子0.4".
    """
    said = phrase.tokens[i].text
    share, number = amounts.share(said), amounts.number(said)
    if share is not None or number is None or not amounts.is_bare(said):
        return share
    if "." in said and number < _MOST_DECIMAL:
        return number
    return number / 100 if _is_ending(phrase.left(i)) else None


_MOST_DECIMAL = 3.0
"""A figure with a decimal point below it is no percentage: "shadow to 1.2"."""


def _is_ending(token: Token) -> bool:
    return token.isa("target") or token.text[-1:] == "到"


def is_of_present(phrase: Phrase) -> bool:
    """Whether a share is one of the present figure: "half of what it is now"."""
    is_named = phrase.drops("now") and "of" in phrase.dropped
    # "Down to half of what it is"
    is_end = any(_is_ending(to) and NUMBER in amount for to, amount in pairwise(phrase.tokens))
    return is_named and (is_end or not phrase.any("more", "less", "quality"))


def steps_of(phrase: Phrase) -> float:
    """Return the steps that the first degree of a phrase stands for."""
    return amounts.STEPS.get(next((t.get("degree") for t in phrase.tokens if "degree" in t), ""), 1.0)


def add_effect(phrase: Phrase, subject: str, axis: str, degree: Degree, mood: Mood) -> None:
    """Add the effect of a quality, or tell it back where the part has no such quality."""
    if subject == "light" and axis in TABLE["key_light"]:
        if any(act.key == "rim" for act in phrase.acts):
            return  # "strong light from behind": a rim is strong
        subject = "brightness" if phrase.has("part", "product") else "light"  # "隻錶再光猛啲"
    maker = TABLE.get(subject, {}).get(axis)
    if maker is None:
        phrase.act(None, "", impossible, why="ambiguous" if subject in ("", "?") else "not_possible")
        return
    effect = maker(degree)
    phrase.act(effect.part, effect.key, effect.do, mood)


_OF_LIGHT = ("opacity", "softness", "hardness")
"""Properties of a light that are no height."""


def read_more(phrase: Phrase) -> None:
    """Read "more shadow", "too much light": a part with a direction and no quality."""
    more = [i for i in phrase.all("more") if "add" not in phrase.tokens[i] or phrase.has("degree")]
    signs = [(i, 1) for i in more] + [(i, -1) for i in phrase.all("less")]
    signed = [i for i in phrase.all(NUMBER) if phrase.tokens[i].text[0] in "+-"]
    signs = signs or [(i, -1 if phrase.tokens[i].text[0] == "-" else 1) for i in signed if not phrase.angles]
    signs = signs or [(i, -1) for i in phrase.all("not_too") if phrase.has("degree")]  # "not so much shadow"
    graded = ("shadow", "light", "dark_side", "reflection")
    parts = [i for i in phrase.all("part") if phrase.tokens[i].get("part") in graded]
    if not parts:
        return
    subject = phrase.tokens[parts[-1]].get("part")
    if subject == "light" and any(token.get("property") in _OF_LIGHT for token in phrase.tokens):
        return  # "光线强度高一点"
    too = phrase.any("too", "too_after") or (bool(more) and phrase.has("not_too"))
    too |= any("past" in phrase.right(i) and not phrase.status[i] for i in more)  # "倒影多了"
    lack = phrase.lacks
    if signs:
        at, sign = signs[0]
        part, status = phrase.tokens[parts[-1]], phrase.status[at]
        phrase.use(parts[-1], *phrase.all("property", "height"), *(() if at in signed else (at,)))
        stands = part.isa("light_source") or "the light " in part.text
        stands |= phrase.has("property", "height") or bool(phrase.angles)
        rises = phrase.tokens[at].isa("light_height") and not any(map(is_share, phrase.tokens))
        is_height = subject == "light" and (stands or rises)
        axis = "high" if is_height else "bright" if subject == "dark_side" else "strong"
        sign = -1 if status == "none" else sign  # "drop the light lower" is lower
        degree = degree_of(phrase, -sign if too else sign)
        mood: Mood = "complaint" if too else "refused" if status == "neg" else "wish"  # "光不要抬高"
        add_effect(phrase, subject, axis, degree, mood)
    elif too or lack:
        phrase.use(parts[-1])
        degree = degree_of(phrase, 1 if lack else -1, is_fault=True)
        add_effect(phrase, subject, "strong", degree, "complaint")


def is_leaning(phrase: Phrase, mood: Mood) -> bool:
    """Whether a lean is as likely a fault as a wish: "稍微偏冷", but not "偏暖色调" or "偏暖一点"."""
    first = next(iter(phrase.all("lean")), None)
    if first is None or mood != "wish" or phrase.has("towards"):
        return False
    if any(i > first for i in phrase.all("degree")):
        return False  # "偏暖一点"
    tone = any("调" in token.text for token in phrase.tokens)
    whole = phrase.has("part", "picture") and any(token.text[0] == "整" for token in phrase.tokens)
    exposed = any(token.get("adjective").startswith("bright") for token in phrase.tokens)
    return not tone and (exposed or not whole)
