"""Reads amounts that name their own figure: stops, kelvins, shares of the frame."""

import re

from stillroom.domain.language import acts
from stillroom.domain.language.acts import Do, adds, impossible, scales, sets
from stillroom.domain.language.clauses.phrases import Phrase
from stillroom.domain.language.wishes.degrees import add_effect, bounded, degree_of, share_at
from stillroom.domain.language.wishes.effects import Degree
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.tokens import NUMBER


def read_numbers(phrase: Phrase) -> None:
    """Read amounts whose property is in the number or in the verb: stops, kelvins, "fills 80%"."""
    for i in phrase.all(NUMBER)[:6]:  # more would only take time
        said = phrase.tokens[i].text
        if phrase.status[i] in ("neg", "none"):
            continue
        if said.endswith(("k", "kelvin", "kelvins")) and "warm" not in _axes(phrase):
            phrase.use(i, *phrase.all("property", "temperature"), *phrase.all("part", "light"))
            _read_kelvin(phrase, said)
        elif amounts.stops(said) is not None and not _axes(phrase) and not phrase.all("property"):
            sign = -1 if "-" in said or phrase.has("less") else 1
            if phrase.fault and any(act.key == "exposure_ev" for act in phrase.before.acts):
                sign = -phrase.fault  # "太亮了，半档"
            grounds = phrase.all("part", "backdrop")
            phrase.use(i, *phrase.all("more"), *phrase.all("less"), *grounds)
            if grounds:
                add_effect(phrase, "backdrop", "bright", Degree(sign, amount=said), "wish")
            else:
                phrase.act("tone", "exposure_ev", acts.exposes(sign, said, 1.0))
        elif _is_share_of(phrase, "shadow", i):
            _read_share(phrase, i, "strength", acts.shadow_opacity(share_at(phrase, i) or 0.0))
        elif _is_share_of(phrase, "reflection", i):
            share = share_at(phrase, i)
            do = impossible if share is None else sets("shadow", reflection=share)  # "double it"
            _read_share(phrase, i, "reflection", do)
        elif _is_share_of(phrase, "light", i) and _is_end(phrase, said):
            phrase.use(i, *phrase.all("part"), *phrase.all("property"))
            degree = Degree(1, amount=said, is_target=True)
            add_effect(phrase, "light", "strong", degree.of_present(), "wish")
        elif (phrase.has("fills") or _is_bound_of_size(phrase) or _is_size(phrase, i)) and {
            token.get("side") for token in phrase.tokens
        } <= {"", "center"}:
            _read_fills(phrase, i)
        else:
            _read_scale(phrase, i)


def _is_end(phrase: Phrase, said: str) -> bool:
    """Whether a share of the light is where it ends: "light at 50%", "half the light"."""
    return (phrase.has("to") or amounts.factor(said) is not None) and not phrase.has("effect")


def _read_share(phrase: Phrase, i: int, figure: str, do: Do) -> None:
    """Read the share that a shadow or reflection shall have, of the most or of what it is: "现在的一半"."""
    factor = amounts.times(phrase.tokens[i].text)
    is_of_now = phrase.has("original") or phrase.tokens[i].text == "half" or factor is not None
    is_of_now |= phrase.drops("now") and phrase.any("to", "less")  # "倒影现在两成" states it
    phrase.use(i, *phrase.all("part"), *phrase.all("property"), *phrase.all("original"), *phrase.all("less"))
    phrase.use(*_adding(phrase), *(phrase.all("degree") if _adding(phrase) else ()))
    share = share_at(phrase, i) or 0.0
    if do_bound := bounded(phrase, "shadow", figure, share):
        phrase.act("shadow", figure, do_bound)
        return
    sign = {"+": 1, "-": -1}.get(phrase.tokens[i].text[0], 0)
    if sign:  # "shadow -20%"
        is_scaled = figure == "strength"
        change = (
            scales("shadow", figure, 1 + sign * share) if is_scaled else adds("shadow", figure, sign * share)
        )
        phrase.act("shadow", figure, change)
        return
    scaled = scales("shadow", figure, factor or share)
    phrase.act("shadow", figure, (lambda plan: scaled(plan) or do(plan)) if is_of_now else do)


def _read_kelvin(phrase: Phrase, said: str) -> None:
    """Read a colour temperature; one that no light has is a step as in photo programs: "temp -300K" cools."""
    kelvin = amounts.number(said) or 0.0
    if kelvin >= acts.LEAST_KELVIN:
        phrase.act("tone", "mired", acts.sets_kelvin(kelvin))
    elif (excess := _excess_of_warmth(phrase)) or phrase.any("less", "more") or said[0] in "+-":
        is_lower = phrase.has("less") or said[0] == "-"
        warms = -excess or (-1 if is_lower else 1)
        phrase.use_all("more", "less", "adjective")
        phrase.act("tone", "mired", acts.warms_by_kelvin(warms, kelvin))
    else:
        phrase.act(None, "", impossible, why="ambiguous")


_WARMTH = {"warm+": 1, "cast_yellow": 1, "warm-": -1, "cast_blue": -1}
"""Whether a picture that is blamed for an adjective is too warm or too cold."""


def _excess_of_warmth(phrase: Phrase) -> int:
    """Return 1 if a picture is said to be too warm, -1 if too cold, by a phrase or the one before; else 0."""
    blaming = (one for one in (phrase, phrase.before) if one.any("too", "past", "lean"))
    meanings = (token.get("adjective") for one in blaming for token in one.tokens)
    return next((_WARMTH[meaning] for meaning in meanings if meaning in _WARMTH), 0)


def _axes(phrase: Phrase) -> set[str]:
    return {phrase.tokens[j].axis for j in phrase.qualities()}


def _is_share_of(phrase: Phrase, part: str, i: int) -> bool:
    """Whether a share is the opacity of the shadow or the reflection: "shadow at 40%"."""
    is_meant = not phrase.parts and phrase.antecedent.part == part and phrase.texts("to")[-1:] == "到"
    is_meant |= _is_of_added(phrase, part)
    said = phrase.tokens[i].text
    share = amounts.share(said) if part == "product" else share_at(phrase, i)
    is_amount = share is not None or (part != "product" and amounts.times(said) is not None)
    if not (is_meant or phrase.all("part", part)) or not is_amount:
        return False
    if is_meant:
        return not phrase.any("property", "adjective", "quality")
    if phrase.any("quality", "adjective") or set(phrase.all("less")) - {i}:
        return False
    if not set(phrase.all("more")) <= set(_adding(phrase)):
        return False
    return all(token.get("property") in ("", "opacity") for token in phrase.tokens)


def _adding(phrase: Phrase) -> list[int]:
    """Verbs that add the part that is named after them: "add a reflection of 30%", unlike "影子加三成"."""
    parts = phrase.all("part") if not phrase.has("property") else []  # "add 10% shadow opacity"
    return [i for i in phrase.all("add") if parts and i < parts[0]]


def _is_of_added(phrase: Phrase, part: str) -> bool:
    """Whether only an amount is said, of the shadow or reflection that was wished for just before."""
    before = phrase.before
    if not before.has("part", part) or before.any("less", "quality", "adjective"):
        return False
    is_added = any(act.part == "shadow" and act.mood == "wish" for act in before.acts)
    return is_added and all(one.any(NUMBER, "filler", "to") for one in phrase.tokens)


def _is_bound_of_size(phrase: Phrase) -> bool:
    """Whether a share bounds the product's size: "产品不超过画面的一半", "no bigger than half the frame"."""
    if not phrase.has("bound"):
        return False
    is_of_frame = phrase.has("part", "picture") or phrase.has("frame")
    is_of_frame |= any("bound" in one and _SIZES.search(one.text) for one in phrase.tokens)
    is_of_size = any((act.part, act.key) == ("framing", "fill") for act in phrase.before.acts[-1:])
    # "Larger, but no more than 10%" says how much.
    shares = (amounts.share(phrase.tokens[i].text) or 0.0 for i in phrase.all(NUMBER))
    is_of_frame |= is_of_size and any(share >= _LEAST_BOUND for share in shares)
    is_of_product = phrase.parts <= {"product", "picture"} and not phrase.has("property")
    return is_of_frame and is_of_product


_LEAST_BOUND = 0.4
"""Share from which a bound after a wish for another size is one of the picture."""
_SIZES = re.compile("big|large|small|[大小]于")


def _is_size(phrase: Phrase, i: int) -> bool:
    """Whether only the product and a share are named: "product at 80%", "centred at 80%"."""
    named = all(
        token.any("part", "to", "filler", NUMBER) or token.get("side") == "center" for token in phrase.tokens
    )
    return named and not phrase.has("past") and _is_share_of(phrase, "product", i)


def _read_fills(phrase: Phrase, i: int) -> None:
    said = phrase.tokens[i].text
    number = amounts.number(said) if amounts.is_bare(said) else None
    share = amounts.share(said) or (number and (number if number < 1 else number / 100))
    is_step = phrase.any("more", "less") and not phrase.has("to")  # "占比加10%"
    if share and not is_step and said[0] not in "+-":
        phrase.use(i, *phrase.qualities("big"), *phrase.all("part"), *phrase.all("property", "size"))
        phrase.use(*phrase.all("effect", "fill_frame"))
        if do := bounded(phrase, "framing", "fill", share):
            phrase.act("framing", f"fill{BOUND}", do)
        else:
            phrase.act("framing", "fill", sets("framing", fill=share))


BOUND = ".bound"
"""End of the key of a bound of the size, which holds for the wish before it: "larger, but at most 80%"."""


def _read_scale(phrase: Phrase, i: int) -> None:
    """Read "shrink it to half", which is of its present size, and "to 80% of the original"."""
    said = phrase.tokens[i].text
    sizes = phrase.qualities("big")
    is_size = bool(sizes) or phrase.has("property", "size")
    if not is_size or phrase.has("part", "shadow") or phrase.has("property", "margin"):
        return
    share = amounts.share(said)
    frame = phrase.has("part", "picture")
    grows = any(phrase.tokens[j].get("quality") == "big+" for j in sizes)  # "enlarge it by half"
    is_half = share == 0.5 and not frame and not grows
    if share is None or not (is_half or phrase.has("original") or phrase.drops("now")):
        return
    phrase.use(i, *sizes, *phrase.all("property", "size"), *phrase.all("part"))
    phrase.act("framing", "fill", acts.scales("framing", "fill", share))


def read_filling(phrase: Phrase) -> None:
    """Read "takes up too much room": a complaint of size."""
    if not phrase.has("fills"):
        return
    too, lack = phrase.any("too", "too_after"), phrase.lacks
    wished = phrase.all("more") or phrase.all("less")
    is_of_light = phrase.texts("fills") == "fill" or phrase.has("part", "dark_side")  # or of the frame
    if phrase.all("fills") and wished and not (too or is_of_light or phrase.has(NUMBER)):
        sign = 1 if phrase.has("more") else -1
        phrase.use(*wished, *phrase.all("part"))
        add_effect(phrase, "size", "", degree_of(phrase, sign), "wish")
        return
    if not (too or lack) or not phrase.parts <= {"product", "picture"}:
        return
    phrase.use(*phrase.all("part"), *phrase.all("property", "margin"), *phrase.all("more"))
    small = phrase.all("adjective", "big-") + phrase.all("less")
    phrase.use(*small)
    sign = 1 if small or lack else -1
    add_effect(phrase, "size", "", degree_of(phrase, sign, is_fault=True), "complaint")
