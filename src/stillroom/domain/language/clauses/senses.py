"""Settles the senses of the words of a phrase: drops what only describes, and joins what belongs together."""

from collections.abc import Sequence
from itertools import pairwise, takewhile, zip_longest

from stillroom.domain.language.clauses.free_space import settle_free_space
from stillroom.domain.language.clauses.phrases import Phrase, is_content
from stillroom.domain.language.clauses.word_senses import settled
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.tokens import NUMBER, UNKNOWN, Token, is_share, kinds


def settle_senses(phrase: Phrase) -> None:
    """Replace the tokens of a phrase whose sense its other words decide."""
    _drop_purpose(phrase)
    _remove_blur(phrase)
    _turn_sides(phrase)
    _settle_words(phrase)
    _reduce(phrase)
    _drop_way(phrase)
    _cut_comparison(phrase)
    _drop_alternative(phrase)
    _even_margins(phrase)
    settle_free_space(phrase)
    _drop_attributes(phrase)
    for i, token in enumerate(phrase.tokens):
        if token.isa("particle_verb"):
            _join_particle(phrase, i)
            continue
        phrase.tokens[i] = settled(phrase, i, token)


def _drop_purpose(phrase: Phrase) -> None:
    """Drop for which goods or for what look something is wished: "peach backdrop for body butter".

    The names of goods need not be known.
    """
    words = sorted((*phrase.tokens, *phrase.fillers), key=lambda token: token.start)
    start = next((token.start for token in words if token.isa("beneficiary")), 0)
    at = next((i for i, token in enumerate(phrase.tokens) if token.start >= start), 0)
    before, goods = phrase.tokens[:at], [one for one in phrase.tokens[at:] if not one.isa("beneficiary")]
    is_look = any(one.isa("impression") for one in words[-1:]) and any(map(is_content, before))
    if _suits(phrase):
        at = 0
    elif not is_look and not (_names_goods(goods) and _wishes(before)):
        return
    for i in range(at, len(phrase.tokens)):
        phrase.tokens[i] = phrase.tokens[i].meaning(filler="")


def _remove_blur(phrase: Phrase) -> None:
    """Read what removes the backdrop, before a word for its blur, as removing that: "删除背景虚化"."""
    for i, token in enumerate(phrase.tokens[:-1]):
        if token.get("kind") == "transparent" and phrase.right(i).get("property") == "blur":
            phrase.tokens[i] = token.meaning(none="")
            phrase.status[i + 1] = "none"


def _suits(phrase: Phrase) -> bool:
    """Whether a phrase only says which goods the wish before suits: "孔雀蓝，配我的银镯子"."""
    matches = phrase.previous is not None and any(one.isa("suits") for one in phrase.tokens[:1])
    is_own = phrase.drops("my") and not phrase.any("product_part")  # not "搭我家的logo"
    return matches and is_own and _names_goods(phrase.tokens[1:])


def _wishes(tokens: Sequence[Token]) -> bool:
    """Whether words before "for" ask for something of their own, unlike "swap the oak" before "for linen"."""
    is_said = any(token.any("part", "property", "quality") for token in tokens)
    return is_said and not any("to" in token for token in tokens)


def _names_goods(tokens: Sequence[Token]) -> bool:
    return bool(tokens) and all(map(_may_name_goods, tokens)) and tokens[-1].of(_GOODS)


_GOODS = frozenset((UNKNOWN, "part", "product_part", "prop", "scene", "near_scene", "colour"))


def _may_name_goods(token: Token) -> bool:
    others = token.any("quality", "property", "side", "effect", "style", "kind", "impossible", NUMBER)
    return (
        not others
        and (token.of(_GOODS) or token.any("adjective", "shade", "filler", "link"))
        and token.get("part") in ("", "product")
    )


def _even_margins(phrase: Phrase) -> None:
    """Read margins that shall be equal as the middle: "四边留白一样", "equal margins all round"."""
    equal = [i for i, token in enumerate(phrase.tokens) if token.isa("equal")]
    around = phrase.all("side", "beside")
    is_spaced = bool(around) or (phrase.has("property", "margin") and not phrase.any("keep", "unread"))
    if not equal or not is_spaced or phrase.any("original", "previous", "part"):
        return
    phrase.status = [""] * len(phrase.tokens)
    for i, token in enumerate(phrase.tokens):
        if i == equal[0]:
            phrase.tokens[i] = token.meaning(side="center")
        elif i in (*equal, *around) or token.any("keep", "all", "to") or token.get("property") == "margin":
            phrase.tokens[i] = token.meaning(filler="")


def _drop_attributes(phrase: Phrase) -> None:
    """Drop how a thing is, before what shall be done with it: "soften the harsh shadow"."""
    tokens = phrase.tokens
    verbs = [
        i
        for i, token in enumerate(tokens)
        if ("quality" in token and token.get("part") not in _OF_STATES)
        or ("adjective" in token and i > 1 and "too" in tokens[i - 1])  # "暖光太黄了"
    ]
    for i, (token, after) in enumerate(zip_longest(tokens, tokens[1:])):
        part = after.get("part") if after else ""
        is_attribute = part in _OF_STATES and _STATES.issuperset(token.senses)
        is_attribute &= not (part == "backdrop" and "colour" in token)
        is_graded = i > 0 and tokens[i - 1].text != "that" and tokens[i - 1].of(_GRADING)
        is_object = i > 0 or phrase.has("too") or any(one.start < token.start for one in phrase.fillers)
        if is_attribute and not is_graded and any(verb < i or (is_object and verb > i + 1) for verb in verbs):
            tokens[i] = token.meaning(filler="")
        if verbs and token.get("effect") in _KINDS_OF_LIGHT:
            tokens[i] = token.meaning(part="light")  # "soften the hard light"


_KINDS_OF_LIGHT = frozenset(("hard_light", "top_light", "side_light", "front_light"))
_STATES = frozenset(("adjective", "shade", "colour"))
_OF_STATES = frozenset(("shadow", "light", "backdrop"))
_GRADING = frozenset(("too", "not_too", "not_enough", "more", "less", "neg", "very", "degree"))


def _settle_words(phrase: Phrase) -> None:
    """Drop words that only close a wish or measure a move, and the ground that a shadow lies on."""
    tokens = phrase.tokens
    lies = phrase.has("part", "reflection") or phrase.has("part", "shadow")
    for i, token in enumerate(tokens):
        before = tokens[i - 1] if i else token
        closes = (
            ("fine" in token and i == len(tokens) - 1 and token.get("fine") != "accepted")
            and any("to" in one and "property" not in one for one in tokens)  # "the position is fine"
            and not phrase.has("else")
        )
        is_stated = "is" in before or (not i and phrase.drops("it"))
        is_stated |= i == 1 and before.get("part") in _SEEN and tokens[-1].axis in ("bright", "big")
        is_before_state = i + 2 == len(tokens) and "adjective" in tokens[-1] and "part" not in tokens[-1]
        is_level = "property" in before and i + 2 == len(tokens) and tokens[-1].text in ("high", "low")
        if token.text == "to" and ((is_stated and is_before_state) or is_level):
            tokens[i] = token.meaning(too="much")  # "its to dark", "shadow to dark", "contrast to high"
            continue
        # "sharpen it a little too"
        is_wished = before.any("effect", "quality") and token.text.endswith(" too")
        is_also = i == len(tokens) - 1 and (token.text == "too" or is_wished)
        is_also |= "previous" in token and "than" in before and phrase.has("degree")  # "比刚才亮一点"
        measures = "add" in token and "side" in before and token.text[-1] in "点些"
        is_ground = lies and before.text == "on" and token.isa("ground") and not phrase.has("adjective")
        if closes or measures or is_ground or is_also:
            senses = {"degree": "usual", "filler": ""} if measures else {"filler": ""}
            tokens[i] = token.meaning(**senses)


_SEEN = ("shadow", "picture", "product")


def _cut_comparison(phrase: Phrase) -> None:
    """Drop what a comparison compares with: "brighter than it was before"."""
    at = next((i for i, token in enumerate(phrase.tokens) if "than" in token), len(phrase.tokens))
    rest = phrase.tokens[at + 1 :]
    is_quality = len(rest) == 1 and "quality" in rest[0]  # "rather warmer than brighter"
    is_quality &= any("quality" in token for token in phrase.tokens[:at])
    names_part = any("part" in token for token in phrase.tokens[:at])
    if is_quality or all(token.of(_FORMER) or token.get("part") == "picture" for token in rest):
        phrase.tokens[at + 1 :] = [token.meaning(filler="") for token in rest]
    elif names_part and len(rest) > 1 and "part" in rest[0] and rest[0].is_han:
        phrase.tokens[at + 1] = rest[0].meaning(filler="")  # "背景比产品暗一点"


def _drop_alternative(phrase: Phrase) -> None:
    """Drop what a phrase names as less wished than what it names before: "I prefer navy to grey"."""
    is_liked = phrase.has("liked") or any(one.text.endswith("好") for one in phrase.tokens[-1:])
    is_liked |= any(one.text == "rather" for one in phrase.tokens)
    is_preferred = any("prefer" in one.text for one in phrase.tokens)
    at = next(
        (
            i
            for i, one in enumerate(phrase.tokens)
            if "instead_of" in one
            or (is_liked and "than" in one)
            or (is_preferred and one.text in ("to", "over"))
        ),
        len(phrase.tokens),
    )
    wanted, rest = phrase.tokens[:at], phrase.tokens[at + 1 :]
    others = [*takewhile(lambda one: any(_is_alike(one, other) for other in wanted), rest)]
    end = at + 1 + len(others)
    if others:
        phrase.tokens[at:end] = [one.meaning(filler="") for one in phrase.tokens[at:end]]
        phrase.status[at:] = [""] * (len(phrase.tokens) - at)


_ALTERNATIVES = frozenset(("side", "adjective", "quality", "colour", "scene", "kind", "style", "rotate"))


def _is_alike(one: Token, other: Token) -> bool:
    kinds = one.senses.keys() & other.senses.keys()
    return not kinds.isdisjoint(_ALTERNATIVES) or (one.get("part") == other.get("part") != "")


_FORMER = frozenset(("previous", "original", "is", "filler"))


def _reduce(phrase: Phrase) -> None:
    """Read a removal with an amount as less: "lose some of the contrast", "drop the shadow by 20%"."""
    tokens = phrase.tokens
    has_stops = _has_stops(phrase)
    for i in reversed(phrase.all("none")):
        token, after = tokens[i], tokens[i + 1 :]
        named = [at for at, one in enumerate(after) if _is_reducible(one)]
        is_graded = bool(named) and any("degree" in one for one in (*after[:1], *after[named[0] + 1 :]))
        is_graded &= not any(one.any("adjective", "quality") for one in after)
        is_factor = any(NUMBER in one and amounts.factor(one.text) is not None for one in after[:1])
        is_halved = i > 0 and is_factor and not any("add" in one for one in tokens)  # "锐化去一半"
        is_named = bool(named) or any(one.get("part") == "light" for one in after)
        is_off = is_named and i > 0 and is_share(tokens[i - 1])  # "take 20% off the shadow"
        is_measured = is_named and any(one.text == "by" and is_share(by) for one, by in pairwise(after))
        if after and (has_stops or is_graded or is_halved or is_off or is_measured):
            tokens[i:] = [one for one in (token.meaning(less=""), *after) if one.text != "down"]
            phrase.status[i:] = [""] * (len(tokens) - i)
        if is_off:
            tokens[: i - 1] = [
                one.meaning(filler="") if one.text in _TAKING else one for one in tokens[: i - 1]
            ]


def _drop_way(phrase: Phrase) -> None:
    """Drop which way a backdrop gets to its colour: "take the backdrop down to near black"."""
    tokens = phrase.tokens
    at = next((i for i, one in enumerate(tokens) if i and "to" in one), len(tokens))
    colours = [one for one in tokens[at + 1 :] if one.any("colour", "shade")]
    nearly = [one for one in tokens[at + 1 :] if one.text in _NEARLY]
    is_backdrop = any(one.get("part") == "backdrop" for one in tokens[:at])
    ways = [one for one in tokens[:at] if not one.isa("particle_verb")]  # "tone … down"
    is_backdrop &= not any(one.any("property", "too", "adjective", "degree") for one in ways)
    if not (is_backdrop and colours and len(colours) + len(nearly) == len(tokens) - at - 1):
        return
    for i, one in enumerate(tokens):
        if i < at and (one.any("less", "more") or one.isa("up_down", "particle_verb") or one.text in _TAKING):
            tokens[i] = Token(one.start, one.end, one.text, {"to": ""})
        elif one in nearly:
            tokens[i] = one.meaning(filler="")


_NEARLY = ("near", "nearly", "almost")
_TAKING = kinds("take knock shave cut drop lop trim get")
"""Verbs before what is taken "off" a figure."""


def _is_reducible(token: Token) -> bool:
    return "property" in token or token.get("part") in _REDUCIBLE


_REDUCIBLE = ("shadow", "reflection")


def _has_stops(phrase: Phrase) -> bool:
    return any(NUMBER in one and amounts.stops(one.text) is not None for one in phrase.tokens)


_SCALES = kinds(
    "brightness darkness contrast saturation sharpness texture warmth coolness opacity softness hardness"
)


_MEASURED = frozenset(("blur", "size", "margin", "temperature", "length", "feather"))
"""Figures of which "up" and "down" alone are more and less: "more room at the top" names a side."""


def _turn_sides(phrase: Phrase) -> None:
    """Read "up" and "down" of a figure as more and less of it: "亮度往下压", "contrast, a bit up"."""
    figures = {token.get("property") for token in phrase.tokens} - {""}
    moves = phrase.isa("move")
    is_scale = not _SCALES.isdisjoint(figures) or _has_stops(phrase)
    is_scale |= phrase.antecedent.part in _SCALES and not phrase.has("part") and not figures and not moves
    is_measured = phrase.has("part", "reflection") or not _MEASURED.isdisjoint(figures)
    has_share = any(map(is_share, phrase.tokens))
    # A lamp goes up or down, lighting becomes more or less.
    is_measured |= phrase.has("part", "light") and (has_share or phrase.isa("lighting"))
    is_measured |= phrase.has("part", "shadow") and (has_share or phrase.any("more", "less"))  # "影子往下拉"
    is_measured &= not moves
    for i, token in enumerate(phrase.tokens):
        kind = {"top": "more", "bottom": "less"}.get(token.get("side"))
        is_verb = token.any("more", "less") and "margin" not in figures  # "the lower margin" names a side
        is_direction = is_scale or (is_measured and (is_verb or token.isa("up_down")))
        if kind and is_direction and not token.isa("above"):
            directions = any(
                one.any("more", "less", "quality") and "property" not in one and one.text[0] not in "拉提"
                for one in phrase.tokens
                if one is not token
            )
            senses = {"filler": ""} if directions else {kind: ""}
            phrase.tokens[i] = token.meaning(**senses)
            pulls = i + 1 < len(phrase.tokens) and phrase.right(i).text[0] in "拉提"
            if kind == "less" and not directions and pulls:
                phrase.tokens[i + 1] = phrase.right(i).meaning(filler="")  # "影子往下拉"


_REDUCING = frozenset(("knock", "dial", "pull", "tone"))
"""Verbs that "back" makes one of less: "dial the warmth back"."""


def _join_particle(phrase: Phrase, i: int) -> None:
    # "Dial it back by 20%", "take it out again": the particle stands before what says how far.
    measures = [one.text in ("by", "again") or one.any("degree", NUMBER) for one in phrase.tokens]
    last = max((j for j in range(i + 1, len(measures)) if not measures[j]), default=i)
    verb, away = phrase.tokens[i], phrase.tokens[last]
    reduces = verb.text in _REDUCING and away.text in ("back", "way back", "right back")
    if (reduces or away.isa("away")) and last > i + 1:
        is_less = phrase.has("property") and not phrase.has("property", "blur")
        kind = "less" if is_less or reduces or phrase.any("degree", NUMBER) else "none"
        phrase.tokens[i] = verb.meaning(**{kind: ""})
        phrase.tokens[last] = away.meaning(filler="")
        if kind == "none":
            is_refused = i > 0 and "neg" in phrase.tokens[i - 1]
            phrase.status[i + 1 : last + 1] = ["keep" if is_refused else "none"] * (last - i)
        else:
            phrase.status[i : last + 1] = [""] * (last + 1 - i)
        return
    for j in range(i + 1, len(phrase.tokens)):
        particle = phrase.tokens[j]
        if particle.isa("up_down"):
            kind = "more" if particle.text == "up" else "less"
            phrase.tokens[i] = verb.meaning(**{kind: ""})
            phrase.tokens[j] = particle.meaning(filler="")
