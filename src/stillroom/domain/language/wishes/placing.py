"""Reads sides: where the light comes from, and where the product stands."""

from stillroom.domain.language import acts
from stillroom.domain.language.acts import PLACE_STEP, adds, impossible, moves, sets
from stillroom.domain.language.clauses.nouns import LAMPS
from stillroom.domain.language.clauses.phrases import Phrase
from stillroom.domain.language.wishes.going_on import MOVES, goes_on_about
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.tokens import NUMBER

_LIGHTS = {
    "left": (-60.0, None),
    "right": (60.0, None),
    "top": (0.0, 75.0),
    "front": (0.0, 25.0),
    "top_left": (-50.0, 58.0),
    "top_right": (50.0, 58.0),
    "front_left": (-35.0, 40.0),
    "front_right": (35.0, 40.0),
    "behind_left": (-90.0, 35.0),
    "behind_right": (90.0, 35.0),
}
"""Azimuth and elevation in degrees of light from a side."""
_MIRRORED = {"left": "right", "right": "left", "top_left": "top_right", "top_right": "top_left"}
_FALLS = {
    "left": -90.0,
    "right": 90.0,
    "front": 0.0,
    "behind": 180.0,
    **dict.fromkeys(("top_left", "behind_left"), -135.0),
    **dict.fromkeys(("top_right", "behind_right"), 135.0),
    **dict.fromkeys(("bottom_left", "front_left"), -45.0),
    **dict.fromkeys(("bottom_right", "front_right"), 45.0),
}
"""Direction of a shadow on the ground, in degrees, by side of the picture."""
_STEPS = {"left": (-1, 0), "right": (1, 0), "top": (0, -1), "bottom": (0, 1)}
_CORNERS = {
    "top_left": (1 / 3, 1 / 3),
    "top_right": (2 / 3, 1 / 3),
    "bottom_left": (1 / 3, 2 / 3),
    "bottom_right": (2 / 3, 2 / 3),
}
_MOVED = ("换", "改", "移", "switch", "move", "change", "should", "into", "挪", "swap", "切")


def read_light_side(phrase: Phrase) -> None:
    """Read the side that the light comes from, or that the shadow falls to."""
    sides = [
        i for i in phrase.all("side") if phrase.tokens[i].get("side") not in ("center", "beside", "bottom")
    ]
    parts = [phrase.tokens[i].get("part") for i in phrase.all("part")]
    if not sides:
        return
    if {"dark_side", "highlight"} & set(parts) or _is_dark_side(phrase, sides):
        return
    if "shadow" in parts and "light" not in parts:
        _read_shadow_side(phrase, sides)
        return
    shines = phrase.has("from") and any(
        phrase.tokens[i].text.endswith(LAMPS) for i in phrase.all("part", "product")
    )
    is_light = (
        shines or "light" in parts or phrase.has("effect", "soft_light") or phrase.has("effect", "hard_light")
    )
    effects = phrase.all("effect", "side_light")
    alone = len(phrase.rest) == len(sides)
    alone = alone and not phrase.has("part")
    if not is_light and alone and goes_on_about(phrase, "shadow"):
        _read_shadow_side(phrase, sides)
        return
    if not (is_light or effects or _is_about_light(phrase)):
        return
    phrase.use(*effects)
    if phrase.has("too") or phrase.has("not_too") or not _NOW.isdisjoint(phrase.dropped):
        return
    wanted = [i for i in sides if phrase.status[i] == ""]
    if not wanted and len({phrase.tokens[i].get("side") for i in sides}) > 1:
        return
    side = phrase.tokens[(wanted or sides)[_which(phrase, wanted)]].get("side")
    if not wanted and phrase.status[sides[-1]] in ("neg", "none"):
        side = _MIRRORED.get(side, "")
        if not side:
            phrase.act("light", "light.side")
            phrase.use(*sides, *phrase.all("part", "light"))
            return
    # "From above, down on it": the way of the light is no place of the product.
    phrase.use(*sides, *phrase.all("part", "light"), *phrase.all("side", "bottom"))
    degrees = [i for i in phrase.all(NUMBER) if amounts.degrees(phrase.tokens[i].text) is not None]
    if side == "behind":
        phrase.act("light", "rim", sets("light", rim=0.7))
    elif degrees and side in ("left", "right"):
        phrase.use(*degrees)
        turn = min(90.0, amounts.degrees(phrase.tokens[degrees[0]].text) or 0.0)
        phrase.act("light", "light.side", sets("light", azimuth_deg=turn if side == "right" else -turn))
    else:
        _light(phrase, side)


_NOW = frozenset(("right now", "now", "currently", "rn", "at the moment", "现在", "目前"))
"""Adverbs with which it is said where the light comes from, not where it shall."""


def _is_about_light(phrase: Phrase) -> bool:
    """Whether a side without any noun is that of the light: "from the left", or after a phrase about it."""
    if (
        phrase.has("part")
        or phrase.has("add")
        or any("side" not in token and NUMBER not in token for token in phrase.rest)
    ):
        return False
    if any("from" in one and one.text != "在" for one in phrase.tokens):
        return True
    is_angle = amounts.degrees(phrase.texts(NUMBER)) is not None and phrase.context == "light"
    return is_angle or goes_on_about(phrase, "light")


def _which(phrase: Phrase, wanted: list[int]) -> int:
    """Return which of the sides counts: the last, but the first of "from left to right"."""
    if len(wanted) < 2:
        return -1
    first, last = wanted[0], wanted[-1]
    words = " ".join(token.text for token in phrase.tokens[: last + 1])
    is_moved = any(word in words for word in _MOVED)
    between = [token.text for token in phrase.tokens[first:last]]
    crosses = any(text in ("往", "to", "至", "向", "朝") or text[-1] == "到" for text in between)
    crosses = crosses or phrase.tokens[last].text[0] in "往向朝"
    return 0 if crosses and not is_moved else -1


def _light(phrase: Phrase, side: str) -> None:
    if side not in _LIGHTS:  # from below
        phrase.act(None, "", impossible)
        return
    azimuth, elevation = _LIGHTS[side]
    height = {} if elevation is None else {"elevation_deg": elevation}
    phrase.act("light", "light.side", sets("light", azimuth_deg=azimuth, **height))


def _read_shadow_side(phrase: Phrase, sides: list[int]) -> None:
    side = next((i for i in reversed(sides) if not phrase.status[i]), sides[-1])
    direction = _FALLS.get(phrase.tokens[side].get("side"))
    is_fault = phrase.has("too") or phrase.has("past")
    if any("neg" in token for token in phrase.tokens[:side]) and phrase.status[side] == "neg":
        phrase.use(*sides, *phrase.all("part", "shadow"))
        phrase.act(None, "")  # what follows says where it shall fall
        return
    if direction is None or phrase.status[side] or phrase.has("none") or is_fault:
        return
    phrase.use(*sides, *phrase.all("part", "shadow"), *phrase.all("to"))
    phrase.act("shadow", "shadow.side", acts.shadow_falls(direction))


def _is_dark_side(phrase: Phrase, sides: list[int]) -> bool:
    """Read "the left is too dark": more light on it. A side that is too bright cannot be darkened."""
    qualities = [i for i in phrase.all("adjective") if phrase.tokens[i].get("adjective").startswith("bright")]
    is_complaint = phrase.has("too") or phrase.has("very") or phrase.has("past")
    brightens = phrase.all("quality", "bright+")
    if brightens and not phrase.has("part") and any("side" in phrase.tokens[i].text for i in sides):
        phrase.use(*sides, *brightens)
        phrase.act("light", "fill", adds("light", "fill", 0.4))  # "brighten the left side"
        return True
    if not qualities or phrase.all("part") or not (is_complaint or phrase.has("degree")):
        return False
    phrase.use(*sides, *qualities)
    is_dark = phrase.tokens[qualities[0]].get("adjective") == "bright-"
    if is_dark == is_complaint or is_dark:
        phrase.act("light", "fill", adds("light", "fill", 0.4), "complaint")
    else:
        phrase.act(None, "", impossible)
    return True


_HEIGHTS = {"高": -1, "high": -1, "低": 1, "low": 1, "矮": 1}


def _read_height(phrase: Phrase) -> bool:
    """Read "the mug sits too low", "位置偏高了", which move the product against it, and "位置高一点"."""
    heights = [i for i, token in enumerate(phrase.tokens) if token.text in _HEIGHTS and i not in phrase.used]
    is_fault = any(phrase.has(kind) for kind in ("too", "past", "lean")) or phrase.has("degree")
    stands = phrase.has("property", "position") or any(token.text in _STANDS for token in phrase.tokens)
    others = any(kind in token for token in phrase.rest for kind in ("quality", "effect", "scene", "unknown"))
    if not heights or not is_fault or not stands or others or not _only_product(phrase):
        return False
    phrase.use(*heights, *phrase.all("part"), *phrase.all("property", "position"))
    phrase.use(*phrase.all("adjective", "pasted"))
    is_wish = any("degree" in token for token in phrase.tokens[heights[0] + 1 :])
    is_wish |= phrase.tokens[heights[0]].text[0] > "\u3000"
    is_wish &= not any(phrase.has(kind) for kind in ("too", "past", "lean"))
    step = (1 if is_wish else -1) * _HEIGHTS[phrase.tokens[heights[0]].text] * 0.05 * _steps(phrase)
    phrase.act("framing", "place.y", moves(0, step), "wish" if is_wish else "complaint")
    return True


_STANDS = frozenset(("sits", "sit", "sitting", "stands", "standing", "positioned", "放", "摆", "in"))


def _only_product(phrase: Phrase) -> bool:
    properties = {token.get("property") for token in phrase.tokens if "property" in token}
    parts = {token.get("part") for token in phrase.tokens if "part" in token}
    return properties <= {"position"} and parts <= {"product", "picture"}


def read_place(phrase: Phrase) -> None:
    """Read where the product stands in the picture."""
    if _read_height(phrase):
        return
    sides = phrase.all("side")
    if phrase.has("kind", "gradient") or any(
        act.key in ("fill", "rim") and act.part == "light" for act in phrase.acts
    ):
        return
    if not sides or phrase.part_of(phrase.all("part")) in ("light", "shadow", "highlight", "reflection"):
        return
    if any(act.part == "tone" and act.mood == "wish" for act in phrase.acts) and phrase.has(NUMBER):
        phrase.use(*sides)  # "往下压半档"
        return
    side = _composed([phrase.tokens[i].get("side") for i in sides])
    if not side:
        phrase.act(None, "", impossible, why="ambiguous")
        phrase.use_known()
        return
    if any(phrase.status[i] == "none" for i in sides):
        return
    if any(phrase.status[i] == "neg" for i in sides):
        lacks = side == "center" and any(token.text in _STATES for token in phrase.tokens if "neg" in token)
        phrase.act("framing", "place", sets("framing", x=0.5, y=0.5) if lacks else acts.stays)
        phrase.use(*sides, *phrase.all("part", "product"))
        return
    if phrase.has("property", "margin") or "留" in phrase.texts("to"):
        _read_space(phrase, sides, side)
        return
    if _is_manner(phrase, sides):
        is_verb = phrase.all("quality") or phrase.all("adjective")
        phrase.use(*(i for i in sides if is_verb or not {"more", "less"} & set(phrase.tokens[i].senses)))
        return
    if phrase.has("keep") and side != "center":
        return
    moves = any(
        "degree" in t or NUMBER in t or t.text in MOVES or t.get("part") == "product" for t in phrase.tokens
    )
    if phrase.context.startswith("?") and side in _STEPS and not moves:
        phrase.use(*sides)
        phrase.act(None, "", impossible, why="ambiguous")
        return
    describes = phrase.has("adjective") or phrase.has("quality")
    if side == "center" and describes and not phrase.has("part") and not phrase.has("to"):
        return  # "bright in the middle" is no place
    if side == "center":
        phrase.use(*sides, *phrase.all("part", "product"))
        phrase.act("framing", "place", sets("framing", x=0.5, y=0.5))
    elif phrase.all("scene") and words_of(phrase, sides).isdisjoint(("overhead", "from above")):
        phrase.use(*sides)
    elif phrase.all("scene"):
        return  # the camera's place
    elif side in _STEPS or side in _CORNERS:
        _read_move(phrase, sides, side)


def words_of(phrase: Phrase, indices: list[int]) -> set[str]:
    """Return the texts of tokens."""
    return {phrase.tokens[i].text for i in indices}


def _composed(sides: list[str]) -> str:
    """Return the corner that two sides make, or the last of them; nothing of two that exclude each other."""
    named = {side for side in sides if side not in ("center", "beside")}
    if len(named) < 2:
        return sides[-1]
    across, down = named & {"left", "right"}, named & {"top", "bottom"}
    if len(across) == len(down) == 1 and len(named) == 2:
        return f"{next(iter(down))}_{next(iter(across))}"
    return ""


_STATES = frozenset(("没", "没有", "不", "不是", "not", "isn't", "doesn't"))
"""Refusals that state how something is."""


def _is_manner(phrase: Phrase, sides: list[int]) -> bool:
    """Whether a side belongs to a verb: "lower the contrast", "cool it down"."""
    words = {phrase.tokens[i].text for i in sides}
    verbs = any(phrase.all(kind) for kind in ("property", "quality", "adjective"))
    return words <= {"up", "down", "lower", "top"} and verbs


_MOTION = (
    *(
        "move",
        "shift",
        "nudge",
        "slide",
        "push",
        "drag",
        "put",
        "place",
        "position",
        "align",
        "set",
        "go",
        "to",
    ),
    *("bring", "in", "on", "at", "have", "移", "挪", "放", "摆", "搬", "动", "站", "立", "来", "去", "上"),
)


_WAYS = ("ward", "further", "more to", "higher", "align", "too ", *"往向朝靠移居偏齐")
_COMPLEMENTS = frozenset(("上", "下", "上顶", "顶"))
"""Sides that rather end a verb or a noun."""
_UNDER = ("underneath", "beneath", "below", "under it")


def _read_move(phrase: Phrase, sides: list[int], side: str) -> None:
    """A move needs a verb, an amount, or the product's name; a lamp may be the product or the light."""
    names = [phrase.tokens[i].text for i in phrase.all("part", "product")]
    is_vertical = side in ("top", "bottom") or phrase.has("add")
    if any(name == "lamp" or (name.endswith(LAMPS) and is_vertical) for name in names):
        phrase.use_known()
        phrase.act(None, "", impossible, why="ambiguous")
        return
    words = "".join(phrase.tokens[i].text for i in sides)
    moving = any(one in words for one in _WAYS) or "third" in words
    moving = moving or any(
        "to" in t and t.text not in _COMPLEMENTS and any(verb in t.text for verb in _MOTION)
        for t in phrase.tokens
    )
    told = ("degree", NUMBER)
    if words in _COMPLEMENTS and not moving and not any(phrase.has(kind) for kind in told):
        return  # "戴上", "脸上"
    if words in _UNDER and not moving:
        return  # "a stone plate underneath" names what is under the product
    if any(phrase.tokens[i].text in _ONE_OF_TWO and _stands_before_goods(phrase, i) for i in sides):
        return  # "the right shoe"
    alone = side in _CORNERS or words == "lower" or phrase.context == "place"
    alone |= phrase.is_joined and words in ("higher up", "lower down")
    alone = alone and len(phrase.rest) == len(sides)
    if not (moving or alone or any(phrase.has(kind) for kind in told) or phrase.has("part", "product")):
        return
    described = any("adjective" in token and "side" not in token for token in phrase.tokens)
    if phrase.has("part", "backdrop") or described or phrase.has("quality"):
        return
    amount = phrase.texts(NUMBER)
    if amounts.degrees(amount) is not None:
        return  # an angle is none of a move
    phrase.use(*sides, *phrase.all("part", "product"), *phrase.all(NUMBER))
    if side in _CORNERS:
        is_fault = phrase.has("too") or (phrase.has("past") and not phrase.has("to"))
        x, y = (0.5, 0.5) if is_fault else _CORNERS[side]
        phrase.act("framing", "place", sets("framing", x=x, y=y))
    elif _is_division(phrase, words, amount):
        half = "half" in amount or "一半" in amount
        near = 0.3 if half else 1 / 3
        at = near if side in ("left", "top") else 1 - near
        phrase.act("framing", "place", sets("framing", **{"y" if side in ("top", "bottom") else "x": at}))
    else:
        across, down = _STEPS[side]
        is_stated = phrase.has("past") and not any(
            verb in phrase.texts("to") for verb in ("移", "挪", "放", "摆")
        )
        leans = words.startswith("偏") and not any("degree" in t or "to" in t for t in phrase.tokens)
        is_less = any(token.text == "less" for token in phrase.tokens)
        is_less |= any(phrase.has(kind) for kind in ("too", "too_after", "not_too"))
        if is_less or is_stated or leans:
            across, down = -across, -down
        share = amounts.share(amount)
        step = share if share is not None else (0.05 if down else PLACE_STEP) * _steps(phrase)
        phrase.act("framing", f"place.{'y' if down else 'x'}", moves(across * step, down * step))


_ONE_OF_TWO = frozenset(("left", "right", "the left", "the right", "down", "up"))


def _stands_before_goods(phrase: Phrase, i: int) -> bool:
    return any(one.get("part") == "product" for one in phrase.tokens[i + 1 : i + 2])


def _is_division(phrase: Phrase, words: str, amount: str) -> bool:
    """Whether a side is a division of the picture: "the left third", "the right half"."""
    names = ("third", "half", "三分之一", "一半", "1/3")
    return any(
        name in words + amount + phrase.texts("filler") for name in names
    ) and "by" not in phrase.texts("to")


def _steps(phrase: Phrase) -> float:
    return amounts.STEPS.get(next((t.get("degree") for t in phrase.tokens if "degree" in t), ""), 1.0)


def _read_space(phrase: Phrase, sides: list[int], side: str) -> None:
    """Space on one side moves the product to the other."""
    if side not in _STEPS:
        return
    if phrase.context == "place":  # the room that the move before is for
        phrase.use_known()
        phrase.act(None, "")
        return
    across, down = _STEPS[side]
    if phrase.has("past") or phrase.has("too"):
        across, down = -across, -down
    phrase.use(
        *sides,
        *phrase.all("product_part"),
        *phrase.all("property", "margin"),
        *phrase.all("adjective"),
        *phrase.all("part"),
        *phrase.all("more"),
    )
    phrase.act("framing", f"place.{'y' if down else 'x'}", moves(-0.1 * across, -0.08 * down))
