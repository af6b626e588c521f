"""Settles which of its senses a word has beside its neighbours: "light" before a colour is no lamp."""

from collections.abc import Callable, Sequence
from itertools import zip_longest

from stillroom.domain.language.clauses.free_space import settle_free_space
from stillroom.domain.language.clauses.phrases import Antecedent, Phrase, is_lack
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.tokens import NO_TOKEN, NUMBER, UNKNOWN, Token


def settle_senses(phrase: Phrase) -> None:
    """Replace the tokens of a phrase whose sense its other words decide."""
    _drop_beneficiary(phrase)
    _turn_sides(phrase)
    _settle_words(phrase)
    _reduce(phrase)
    _cut_comparison(phrase)
    _even_margins(phrase)
    settle_free_space(phrase)
    _drop_attributes(phrase)
    for i, token in enumerate(phrase.tokens):
        if token.isa("particle_verb"):
            _join_particle(phrase, i)
            continue
        rules = (_settle_motion,) if UNKNOWN in token else _RULES
        settled = (rule(phrase, i, token) for rule in rules)
        phrase.tokens[i] = next((one for one in settled if one is not None), token)


def _drop_beneficiary(phrase: Phrase) -> None:
    """Drop for which goods something is wished; their names need not be known: "peach for body butter"."""
    words = sorted((*phrase.tokens, *phrase.fillers), key=lambda token: token.start)
    start = next((token.start for token in words if token.isa("beneficiary")), 0)
    at = next((i for i, token in enumerate(phrase.tokens) if token.start >= start), 0)
    goods = [token for token in phrase.tokens[at:] if not token.isa("beneficiary")]
    before = phrase.tokens[:at]
    # "swap the oak surface for linen" names another backdrop.
    if (
        not goods
        or any("to" in token for token in before)
        or not any(token.any("part", "property", "quality") for token in before)
    ):
        return
    if all(map(_may_name_goods, goods)) and goods[-1].of(_GOODS):
        for i in range(at, len(phrase.tokens)):
            phrase.tokens[i] = phrase.tokens[i].meaning(filler="")


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
    if not equal or not (around or phrase.has("property", "margin")):
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


def _without(token: Token, *kinds: str) -> Token:
    """Return a token without some of its senses."""
    return token.meaning(**{kind: meaning for kind, meaning in token.senses.items() if kind not in kinds})


def _settle_light(phrase: Phrase, i: int, token: Token) -> Token | None:
    """The noun "light" is a lamp; before a noun or a colour, and after "too", the word is a quality."""
    if token.text != "light":
        return None
    after = phrase.right(i)
    if after is NO_TOKEN:
        grounds = i > 1 and phrase.tokens[i - 2].get("part") in ("shadow", "backdrop")
        graded = {"less", "more", "not_too"} if grounds else set()  # "make the shadow less light"
        is_quality = i > 0 and not ({"too"} | graded).isdisjoint(phrase.tokens[i - 1].senses)
    else:
        nouns = ("colour", "kind", "scene", "property", "enough")
        is_quality = after.any(*nouns) or after.get("part") in ("shadow", "backdrop")
        is_quality &= after.get("property") != "height"
    return _without(token, "part") if is_quality else _without(token, "adjective", "shade")


def _settle_brightness(phrase: Phrase, i: int, token: Token) -> Token | None:
    """ "光点" and "唔好咁光" speak of brightness, and so does "not white enough"."""
    after = phrase.right(i)
    is_graded = "degree" in after and i + 2 >= len(phrase.tokens)
    is_graded |= after is NO_TOKEN and phrase.left(i).any("not_too", "too")
    if token.text == "光" and is_graded:
        return Token(token.start, token.end, "亮", {"adjective": "bright+"})
    is_white = token.get("colour") == "#ffffff" and "adjective" not in token
    return token.meaning(adjective="bright+") if is_white and _is_lacking(phrase, i) else None


def _settle_behind(phrase: Phrase, _i: int, token: Token) -> Token | None:
    """A place behind the product is the backdrop if a colour or blur is named, but a side if a shadow is."""
    if token.get("side") != "behind" or not phrase.parts <= {"product"}:
        return None
    describes = phrase.has("colour") or phrase.has("property", "blur")
    return token.meaning(part="backdrop") if describes else None


def _settle_ground(phrase: Phrase, i: int, token: Token) -> Token | None:
    """Something that the product stands on or before is its backdrop: "put it on something darker"."""
    is_open = "something" in phrase.dropped and "quality" in phrase.right(i)
    is_ground = "to" in token and token.isa("standing_on$")
    return token.meaning(part="backdrop") if is_open and is_ground else None


def _settle_turned(phrase: Phrase, _i: int, token: Token) -> Token | None:
    """Only a product can be turned: "turn the car 15° anticlockwise"."""
    return token.meaning(part="product") if "near_scene" in token and phrase.has("rotate") else None


def _settle_looks(phrase: Phrase, i: int, token: Token) -> Token | None:
    """A state before "look" and "sort" makes nouns of them: "a moody look", "an oatmeal sort of colour"."""
    before = phrase.left(i)
    is_made = any(one.isa("^make") for one in phrase.tokens[:i])  # "make the tub look huge"
    is_noun = token.text == "look" and (is_made or before.any("adjective", "quality"))
    is_noun |= token.isa("a_sort_of") and i > 0 and not before.any("is", "to")
    return _without(token, "too") if is_noun else None


def _settle_product(phrase: Phrase, i: int, token: Token) -> Token | None:
    """ "Only the product" limits another wish: "brighten only the product", "只要主体大一点"."""
    after = phrase.right(i)
    limits = token.get("effect") == "product_only" and after is not NO_TOKEN and "filler" not in after
    return token.meaning(part="product") if limits else None


def _settle_state(phrase: Phrase, i: int, token: Token) -> Token | None:
    """A word that is a state and a verb is a state after "too" and "is": "still too dim"."""
    if not {"adjective", "quality"} <= set(token.senses) or not i:
        return None
    is_stated = phrase.tokens[i - 1].any("too", "is", "very")
    return _without(token, "quality") if is_stated else None


def _settle_shade(phrase: Phrase, i: int, token: Token) -> Token | None:
    """A word that is also a colour or a shade is one before the backdrop or a colour: "neon pink"."""
    after = phrase.right(i)
    is_named = "colour" in after or after.get("part") == "backdrop" or after.get("kind") == "tinted"
    is_shade = "colour" in token or ("shade" in token and "colour" in after)
    return _without(token, "painted", "impossible") if is_named and is_shade else None


def _settle_material(phrase: Phrase, i: int, token: Token) -> Token | None:
    """A material before its texture is the product's: "突出织物纹理", "bring out the grain of the wood"."""
    after = phrase.right(i)
    if "scene" not in token or after.get("property") != "texture":
        return None
    is_backdrop = phrase.has("part", "backdrop") or phrase.has("to")
    return token.meaning(filler="") if phrase.has("more") and not is_backdrop else None


def _settle_adverb(phrase: Phrase, i: int, token: Token) -> Token | None:
    """ "Even" before a comparison is no even light, "plus" is only more, and "around 70%" names no place."""
    after = phrase.right(i)
    if token.text in ("还是", "仍然") and "lean" in after:
        return token.meaning(too="much", filler="")  # "还是偏黄"
    if token.text == "little" and "quality" in after:
        return token.meaning(degree="usual")
    is_idle = token.text == "even" and after.of(_COMPARES)
    is_idle |= token.text == "plus" and NUMBER not in after
    is_idle |= token.get("side") == "beside" and NUMBER in after  # "around 70%"
    # "显得小一些" wishes for what "显得小了" complains of.
    is_idle |= token.text == "显得" and any("degree" in one for one in phrase.tokens[i + 2 : i + 3])
    return token.meaning(filler="") if is_idle else None


_COMPARES = frozenset(("quality", "more", "less", "degree", "too"))


def _settle_colour(phrase: Phrase, _i: int, token: Token) -> Token | None:
    """The colour of a shadow is how dark it is: "影子保留但是颜色别那么黑"."""
    is_of_shadow = token.get("property") == "colour" and phrase.antecedent == Antecedent(
        "shadow", is_fault=True
    )
    is_dark = any(one.get("adjective") in ("bright-", "deep+", "deep-") for one in phrase.tokens)
    return token.meaning(part="shadow") if is_of_shadow and is_dark and not phrase.has("part") else None


def _settle_flip(phrase: Phrase, i: int, token: Token) -> Token | None:
    """ "Flip" turns light and shadows to a side; the product's own sides stay those of the photo."""
    after = phrase.right(i)
    if not token.text.startswith("flip") or after.get("part") not in ("light", "shadow"):
        return None
    return token.meaning(to="") if phrase.has("side") else token.meaning(side="opposite")


def _settle_frame(phrase: Phrase, i: int, token: Token) -> Token | None:
    """The frame after a side only says of what it is the side: "push it to the bottom of the frame"."""
    is_of_side = "fills" in token and token.text.startswith("of ") and "side" in phrase.left(i)
    return token.meaning(filler="") if is_of_side else None


def _settle_back(phrase: Phrase, i: int, token: Token) -> Token | None:
    """ "Back" before another side undoes nothing and names no side: "put the light back in front"."""
    return token.meaning(filler="") if token.text == "back" and "side" in phrase.right(i) else None


def _settle_name(phrase: Phrase, i: int, token: Token) -> Token | None:
    """The word "colour" after a name of one says nothing more: "terracotta colour"."""
    is_name = token.get("property") == "colour" and "colour" in phrase.left(i) and len(phrase.tokens) == 2
    return token.meaning(filler="") if is_name and not token.is_han else None


def _settle_room(phrase: Phrase, _i: int, token: Token) -> Token | None:
    """A room that is blurred is the place behind the product, not space: "blur the room more"."""
    is_place = token.text == "room" and phrase.has("property", "blur")
    return token.meaning(part="backdrop") if is_place else None


def _settle_limit(phrase: Phrase, _i: int, token: Token) -> Token | None:
    """A limit beside a part or a property alone is a wish for less: "边距别太多"."""
    if token.get("degree") != "slight" or not token.text.startswith(("别", "不要")):
        return None
    others = any(one.of(_GRADED) for one in phrase.tokens)
    return token.meaning(less="") if phrase.any("part", "property") and not others else None


_GRADED = frozenset(("adjective", "quality", "more", "less", "side", "effect", "to", "add", NUMBER))


def _settle_motion(phrase: Phrase, i: int, token: Token) -> Token | None:
    """An unknown character after a way to go is a verb of motion: "往下坐一点"."""
    before, after = phrase.left(i), phrase.right(i)
    is_way = "side" in before and before.text[0] in "往向朝" and before.end == token.start
    ends = after is NO_TOKEN or after.any("degree", NUMBER)
    return token.meaning(to="") if is_way and ends and len(token.text) < 3 else None


_RULES: tuple[Callable[[Phrase, int, Token], Token | None], ...] = (
    _settle_light,
    _settle_brightness,
    _settle_behind,
    _settle_ground,
    _settle_state,
    _settle_shade,
    _settle_adverb,
    _settle_colour,
    _settle_limit,
    _settle_material,
    _settle_flip,
    _settle_turned,
    _settle_looks,
    _settle_product,
    _settle_frame,
    _settle_room,
    _settle_back,
    _settle_name,
)


def _is_lacking(phrase: Phrase, i: int) -> bool:
    """Whether there is too little of a colour: "not white enough"."""
    after = phrase.tokens[i + 1 : i + 2]
    return any(is_lack(phrase.tokens, j) for j in range(i)) or any("enough" in one for one in after)


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
        if token.text == "to" and is_stated and _is_bare_state(tokens[i + 1 :]):
            tokens[i] = token.meaning(too="much")  # "its to dark", "shadow to dark"
            continue
        is_also = token.text == "too" and i == len(tokens) - 1
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


_FORMER = frozenset(("previous", "original", "is", "filler"))


def _reduce(phrase: Phrase) -> None:
    """Read a removal with an amount as less: "lose some of the contrast", "drop the shadow down a notch"."""
    tokens = phrase.tokens
    has_stops = any(NUMBER in one and amounts.stops(one.text) is not None for one in tokens)
    for i in reversed(phrase.all("none")):
        token, after = tokens[i], tokens[i + 1 :]
        named = [at for at, one in enumerate(after) if "property" in one or one.get("part") in _REDUCIBLE]
        is_graded = bool(named) and any("degree" in one for one in (*after[:1], *after[named[0] + 1 :]))
        is_graded &= not any(one.any("adjective", "quality") for one in after)
        if after and (has_stops or is_graded):
            tokens[i:] = [one for one in (token.meaning(less=""), *after) if one.text != "down"]
            phrase.status[i:] = [""] * (len(tokens) - i)


_REDUCIBLE = ("shadow", "reflection")


def _is_bare_state(tokens: Sequence[Token]) -> bool:
    return len(tokens) == 1 and "adjective" in tokens[0] and "part" not in tokens[0]


_SCALES = frozenset(("brightness", "contrast", "saturation", "sharpness", "texture", "warmth", "opacity"))


def _turn_sides(phrase: Phrase) -> None:
    """Read "up" and "down" of a figure as more and less of it: "亮度往下压", "contrast, a bit up"."""
    is_of_figure = phrase.antecedent.part in _SCALES and not phrase.has("part")
    is_named = phrase.has("part", "reflection") or phrase.has("property", "blur")
    is_of_figure |= is_named and phrase.isa("up_down")
    is_of_figure &= not phrase.isa("move")
    if not is_of_figure and not any(token.get("property") in _SCALES for token in phrase.tokens):
        return
    for i, token in enumerate(phrase.tokens):
        kind = {"top": "more", "bottom": "less"}.get(token.get("side"))
        if kind and not token.isa("above"):
            directions = any(
                one.any("more", "less", "quality") and one.text[0] not in "拉提"
                for one in phrase.tokens
                if one is not token
            )
            senses = {"filler": ""} if directions else {kind: ""}
            phrase.tokens[i] = token.meaning(**senses)


def _measures(token: Token) -> bool:
    """Whether a word after a particle says how far: "dial it back by 20%", "take it out again"."""
    return token.text in ("by", "again") or token.any("degree", NUMBER)


_REDUCING = frozenset(("knock", "dial", "pull", "tone"))
"""Verbs that "back" makes one of less: "dial the warmth back"."""


def _join_particle(phrase: Phrase, i: int) -> None:
    last = len(phrase.tokens) - 1
    while last > i and _measures(phrase.tokens[last]):
        last -= 1
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
