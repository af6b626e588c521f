"""Settles which of its senses a word has beside its neighbours: "light" before a colour is no lamp."""

from collections.abc import Callable

from stillroom.domain.language.clauses.phrases import Antecedent, Phrase, is_comparative, is_lack
from stillroom.domain.language.words.tokens import NO_TOKEN, NUMBER, UNKNOWN, Token, kinds


def settled(phrase: Phrase, i: int, token: Token) -> Token:
    """Return a token of a phrase with the senses that it has there, by the first rule that decides them."""
    if NUMBER in token:
        return token
    rules = (_settle_motion,) if UNKNOWN in token else _RULES
    found = (rule(phrase, i, token) for rule in rules)
    return next((one for one in found if one is not None), token)


def without(token: Token, *kinds: str) -> Token:
    """Return a token without some of its senses."""
    return token.meaning(**{kind: meaning for kind, meaning in token.senses.items() if kind not in kinds})


def _settle_light(phrase: Phrase, i: int, token: Token) -> Token | None:
    """The noun "light" is a lamp; before a noun or a colour, and after "too", the word is a quality."""
    if token.text != "light":
        return None
    after = phrase.right(i)
    if phrase.has("kind", "gradient") and phrase.has("adjective", "bright-"):
        is_quality = True  # "a gradient, light on top, dark below"
    elif after is NO_TOKEN:
        grounds = i > 1 and phrase.tokens[i - 2].get("part") in ("shadow", "backdrop")
        graded = {"less", "more", "not_too"} if grounds else set()  # "make the shadow less light"
        is_quality = i > 0 and not ({"too"} | graded).isdisjoint(phrase.tokens[i - 1].senses)
    else:
        nouns = ("colour", "kind", "scene", "property", "enough")
        is_quality = after.any(*nouns) or after.get("part") in ("shadow", "backdrop")
        is_quality &= after.get("property") not in ("height", "opacity", "softness", "hardness")
    return without(token, "part") if is_quality else without(token, "adjective", "shade")


def _settle_brightness(phrase: Phrase, i: int, token: Token) -> Token | None:
    """ "光点" and "唔好咁光" speak of brightness, and so does "not white enough"."""
    after = phrase.right(i)
    is_graded = "degree" in after and i + 2 >= len(phrase.tokens)
    is_graded |= after is NO_TOKEN and phrase.left(i).any("not_too", "too")
    if token.text == "光" and is_graded:
        return Token(token.start, token.end, "亮", {"adjective": "bright+"})
    if token.get("colour") != "#ffffff" or "adjective" in token:
        return None
    is_lacking = "enough" in after or any(is_lack(phrase.tokens, j) for j in range(i))
    return token.meaning(adjective="bright+") if is_lacking else None


def _settle_ground(phrase: Phrase, i: int, token: Token) -> Token | None:
    """A place behind the product, something that it stands on, and a room that is blurred are the backdrop.

    Such as "blue behind the cup", but not "shadow behind the cup", and "put it on something darker".
    """
    if token.get("side") == "behind" and "part" in token and phrase.has("part", "light"):
        is_place = not phrase.any("adjective", "quality", "colour")  # "光源放后面"
        return without(token, "part") if is_place else None
    if token.get("side") == "behind":
        describes = phrase.has("colour") or phrase.has("property", "blur")
        is_ground = describes and phrase.parts <= {"product"}
    elif token.text == "room":
        is_ground = phrase.has("property", "blur")
    else:
        is_stood_on = "to" in token and token.isa("standing_on$")
        is_ground = is_stood_on and "something" in phrase.dropped and "quality" in phrase.right(i)
    return token.meaning(part="backdrop") if is_ground else None


def _settle_looks(phrase: Phrase, i: int, token: Token) -> Token | None:
    """A state before "look" and "sort" makes nouns of them: "a moody look", "an oatmeal sort of colour"."""
    before = phrase.left(i)
    is_made = any(one.isa("^make") for one in phrase.tokens[:i])  # "make the tub look huge"
    is_made |= "style" in before and phrase.has("to")  # "give it a more natural look"
    is_noun = token.text == "look" and (is_made or before.any("adjective", "quality"))
    is_noun |= token.isa("a_sort_of") and i > 0 and not before.any("is", "to")
    return without(token, "too") if is_noun else None


def _settle_product(phrase: Phrase, i: int, token: Token) -> Token | None:
    """Only a product can be turned, and "only the product" limits another wish: "只要主体大一点"."""
    after = phrase.right(i)
    limits = token.get("effect") == "product_only" and after is not NO_TOKEN and "filler" not in after
    is_turned = "near_scene" in token and phrase.has("rotate")
    return token.meaning(part="product") if limits or is_turned else None


def _settle_state(phrase: Phrase, i: int, token: Token) -> Token | None:
    """A word that is a state and a verb is a state after "too" and "is": "still too dim"."""
    if not {"adjective", "quality"} <= set(token.senses) or not i:
        return None
    is_stated = phrase.tokens[i - 1].any("too", "is", "very")
    return without(token, "quality") if is_stated else None


def _settle_shade(phrase: Phrase, i: int, token: Token) -> Token | None:
    """A word that is also a colour or a shade is one beside the backdrop or a colour: "neon pink"."""
    after = phrase.right(i)
    is_named = "colour" in after or after.get("part") == "backdrop" or after.get("kind") == "tinted"
    is_named |= after is NO_TOKEN and phrase.left(i).get("part") == "backdrop"
    is_shade = "colour" in token or ("shade" in token and "colour" in after)
    return without(token, "painted", "impossible") if is_named and is_shade else None


def _settle_material(phrase: Phrase, i: int, token: Token) -> Token | None:
    """A material before its texture is the product's: "突出织物纹理", "bring out the grain of the wood"."""
    after = phrase.right(i)
    if "scene" not in token or after.get("property") != "texture":
        return None
    is_backdrop = phrase.has("part", "backdrop") or phrase.has("to")
    return token.meaning(filler="") if phrase.has("more") and not is_backdrop else None


def _settle_degree(phrase: Phrase, i: int, token: Token) -> Token | None:
    """A quality that is also a degree is one before another, "明显柔和一点", and idle in "明显偏黄"."""
    if not {"degree", "adjective"} <= token.senses.keys():
        return None
    after = phrase.right(i)
    if after.any("too", "lean", "not_enough", "not_too"):
        return token.meaning(filler="", too="much") if "lean" in after else token.meaning(filler="")
    return without(token, "adjective") if after.any("quality", "adjective", "more", "less") else None


def _settle_adverb(phrase: Phrase, i: int, token: Token) -> Token | None:
    """ "Even" before a comparison is no even light, "plus" is only more, and "around 70%" names no place."""
    after = phrase.right(i)
    if token.text in ("还是", "仍然") and "lean" in after:
        return token.meaning(too="much", filler="")  # "还是偏黄"
    if token.text == "little" and "quality" in after:
        return token.meaning(degree="usual")
    if token.text == "so much" and is_comparative(after):
        return token.meaning(degree="strong")
    is_idle = token.text == "even" and after.of(_COMPARES)
    is_idle |= token.text == "去" and "side" in phrase.left(i) and after is NO_TOKEN  # "影子落到左后方去"
    is_idle |= token.text == "clearly" and after.any("adjective", "fault")
    is_idle |= token.text == "plus" and NUMBER not in after
    is_idle |= token.get("side") == "beside" and NUMBER in after  # "around 70%"
    # "显得小一些" wishes for what "显得小了" complains of.
    is_idle |= token.text == "显得" and any("degree" in one for one in phrase.tokens[i + 2 : i + 3])
    return token.meaning(filler="") if is_idle else None


_COMPARES = frozenset(("quality", "more", "less", "degree", "too"))


def _settle_colour(phrase: Phrase, _i: int, token: Token) -> Token | None:
    """The colour of a shadow is how dark it is: "影子保留但是颜色别那么黑"."""
    if token.get("property") != "colour" or phrase.antecedent != Antecedent("shadow", is_fault=True):
        return None
    is_dark = any(one.get("adjective") in ("bright-", "deep+", "deep-") for one in phrase.tokens)
    return token.meaning(part="shadow") if is_dark and not phrase.has("part") else None


def _settle_flip(phrase: Phrase, i: int, token: Token) -> Token | None:
    """ "Flip" turns light and shadows to a side; the product's own sides stay those of the photo."""
    after = phrase.right(i)
    if not token.text.startswith("flip") or after.get("part") not in ("light", "shadow"):
        return None
    return token.meaning(to="") if phrase.has("side") else token.meaning(side="opposite")


def _settle_frame(phrase: Phrase, i: int, token: Token) -> Token | None:
    """The frame only says of what a side or a figure is, and no size: "contrast of the image up by 10%"."""
    if "fills" not in token or not token.text.startswith("of "):
        return None
    said = phrase.tokens[:i]
    is_of_figure = any(one.get("property") in _NO_SIZES or one.get("part") == "light" for one in said)
    is_of_figure |= any(one.get("effect") == "soft_light" for one in said)
    return token.meaning(filler="") if is_of_figure or "side" in phrase.left(i) else None


_NO_SIZES = kinds("brightness contrast saturation temperature colour sharpness texture noise blur margin")
"""Properties whose share of the picture is no size of the product."""


def _settle_goods(phrase: Phrase, i: int, token: Token) -> Token | None:
    """Goods that are also a room or work are the product where something is said of them: "地毯太暗了"."""
    if token.get("part") != "product" or not token.any("impossible", "near_scene"):
        return None
    opens = all(one.any("to", "filler") for one in phrase.tokens[:i])
    is_goods = opens and phrase.right(i).any(*_SAID_OF_GOODS)
    return without(token, "impossible", "near_scene") if is_goods else without(token, "part")


_SAID_OF_GOODS = ("adjective", "quality", "too", "degree", "side", "is", "past", "effect", "fills")


def _settle_name(phrase: Phrase, i: int, token: Token) -> Token | None:
    """The word "colour" after a name of one says nothing more: "terracotta colour"."""
    is_name = token.get("property") == "colour" and "colour" in phrase.left(i) and len(phrase.tokens) == 2
    return token.meaning(filler="") if is_name and not token.is_han else None


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


def _settle_figure(phrase: Phrase, i: int, token: Token) -> Token | None:
    """A figure's name is no state behind a verb and an amount: "收两成饱和"."""
    is_measured = i > 1 and NUMBER in phrase.tokens[i - 1] and phrase.tokens[i - 2].any("more", "less")
    return without(token, "adjective") if is_measured and "property" in token else None


def _settle_pronoun(phrase: Phrase, i: int, token: Token) -> Token | None:
    """ "它" is the part that is named or blamed before, not the product: "影子太硬，柔化它"."""
    if token.text != "它":
        return None
    is_named = any("part" in one for one in phrase.tokens[:i])
    is_named |= phrase.antecedent.is_fault and bool(phrase.antecedent.part)
    return token.meaning(filler="") if is_named else None


_RULES: tuple[Callable[[Phrase, int, Token], Token | None], ...] = (
    _settle_light,
    _settle_brightness,
    _settle_ground,
    _settle_state,
    _settle_shade,
    _settle_degree,
    _settle_adverb,
    _settle_colour,
    _settle_limit,
    _settle_material,
    _settle_flip,
    _settle_looks,
    _settle_product,
    _settle_frame,
    _settle_goods,
    _settle_name,
    _settle_figure,
    _settle_pronoun,
)
