"""Reads where the product stands in the picture."""

import math

from stillroom.domain.language import acts
from stillroom.domain.language.acts import PLACE_STEP, Mood, impossible, moves, sets
from stillroom.domain.language.clauses.nouns import AWAY, LAMPS
from stillroom.domain.language.clauses.phrases import Phrase
from stillroom.domain.language.clauses.senses import MOVES
from stillroom.domain.language.wishes.degrees import steps_of
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.tokens import NUMBER

_STEPS = {"left": (-1, 0), "right": (1, 0), "top": (0, -1), "bottom": (0, 1)}
_CORNERS = {
    "top_left": (1 / 3, 1 / 3),
    "top_right": (2 / 3, 1 / 3),
    "bottom_left": (1 / 3, 2 / 3),
    "bottom_right": (2 / 3, 2 / 3),
}


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
    step = (1 if is_wish else -1) * _HEIGHTS[phrase.tokens[heights[0]].text] * 0.05 * steps_of(phrase)
    phrase.act("framing", "place.y", moves(0, step), "wish" if is_wish else "complaint")
    return True


_STANDS = frozenset(
    ("hanging", "hangs", "sits", "sit", "sitting", "stands", "standing", "positioned", "放", "摆", "in")
)


def _only_product(phrase: Phrase, *others: str) -> bool:
    properties = {token.get("property") for token in phrase.tokens if "property" in token} - {*others}
    parts = {token.get("part") for token in phrase.tokens if "part" in token}
    return properties <= {"position"} and parts <= {"product", "picture"}


def read_place(phrase: Phrase) -> None:
    """Read where the product stands in the picture."""
    if _read_height(phrase):
        return
    sides = phrase.all("side")
    if not sides or _is_of_something_else(phrase):
        return
    if any(act.part == "tone" and act.mood == "wish" for act in phrase.acts) and phrase.has(NUMBER):
        phrase.use(*sides)  # "往下压半档"
        return
    is_refused = any(phrase.status[i] in ("neg", "none") for i in sides)
    side = _composed([phrase.tokens[i].get("side") for i in (sides[-1:] if is_refused else sides)])
    if not side:
        phrase.act(None, "", impossible, why="ambiguous")
        phrase.use_known()
    elif side in _STEPS and _leaves(phrase, sides):
        _read_leaving(phrase, sides, side)
    elif is_refused:
        _read_refused_place(phrase, sides, side)
    elif phrase.has("property", "margin") or "留" in phrase.texts("to"):
        _read_space(phrase, sides, side)
    elif _is_manner(phrase, sides):
        is_verb = phrase.all("quality") or phrase.all("adjective")
        phrase.use(*(i for i in sides if is_verb or not {"more", "less"} & set(phrase.tokens[i].senses)))
    elif not (phrase.has("keep") and side != "center"):
        _read_wanted_place(phrase, sides, side)


def _is_of_something_else(phrase: Phrase) -> bool:
    """Whether a side is that of a gradient, of light that was read, or of another part."""
    is_of_light = any(act.key in ("fill", "rim") and act.part == "light" for act in phrase.acts)
    others = ("light", "shadow", "highlight", "reflection")
    return phrase.has("kind", "gradient") or is_of_light or phrase.part_of(phrase.all("part")) in others


def _leaves(phrase: Phrase, sides: list[int]) -> bool:
    """Whether a side is where the product is too near: "away from the left edge", "too close to the top"."""
    if len(sides) > 1 or not sides[0] or not _only_product(phrase, "edge"):
        return False
    before = phrase.tokens[sides[0] - 1]
    is_moved = any(token.text in MOVES or token.text in AWAY for token in phrase.tokens)
    is_too_near = "too_after" in before or (before.text == "close" and phrase.has("too"))
    return is_too_near or before.text == "off" or ("from" in before and is_moved)


def _read_leaving(phrase: Phrase, sides: list[int], side: str) -> None:
    near = (sides[0] - 1, *(i for i, token in enumerate(phrase.tokens) if token.text in AWAY))
    phrase.use(*sides, *near, *phrase.all("part"), *phrase.all("property", "edge"), *phrase.all("more"))
    across, down = _STEPS[side]
    share = amounts.share(phrase.texts(NUMBER))
    phrase.use(*phrase.all(NUMBER))
    step = share if share is not None else PLACE_STEP * steps_of(phrase)
    phrase.act("framing", f"place.{'y' if down else 'x'}", moves(-across * step, -down * step))


def _read_refused_place(phrase: Phrase, sides: list[int], side: str) -> None:
    if any(phrase.status[i] == "none" for i in sides):
        return
    lacks = side == "center" and any(token.text in _STATES for token in phrase.tokens if "neg" in token)
    phrase.act("framing", "place", sets("framing", x=0.5, y=0.5) if lacks else acts.stays)
    phrase.use(*sides, *phrase.all("part", "product"))


def _read_wanted_place(phrase: Phrase, sides: list[int], side: str) -> None:
    is_moved = any(
        "degree" in t or NUMBER in t or t.text in MOVES or t.get("part") == "product" for t in phrase.tokens
    )
    describes = phrase.has("adjective") or phrase.has("quality")
    if phrase.context.startswith("?") and side in _STEPS and not is_moved:
        phrase.use(*sides)
        phrase.act(None, "", impossible, why="ambiguous")
    elif side == "center" and describes and not phrase.has("part") and not phrase.has("to"):
        return  # "bright in the middle" is no place
    elif side == "center":
        phrase.use(*sides, *phrase.all("part", "product"))
        phrase.act("framing", "place", sets("framing", x=0.5, y=0.5))
    elif phrase.all("scene"):
        if words_of(phrase, sides).isdisjoint(("overhead", "from above")):  # the camera's place
            phrase.use(*sides)
    elif side in _STEPS or side in _CORNERS:
        _read_move(phrase, sides, side)


def words_of(phrase: Phrase, indices: list[int]) -> set[str]:
    """Return the texts of tokens."""
    return {phrase.tokens[i].text for i in indices}


def _composed(sides: list[str]) -> str:
    """Return the corner that two sides make, or the last of them; nothing of two that exclude each other."""
    named = {side for side in sides if side not in ("center", "beside")}
    if len(named) < 2:
        return next(iter(named), sides[-1])  # "above the center"
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
    *(
        "bring",
        "sit",
        "in",
        "on",
        "at",
        "have",
        "移",
        "挪",
        "放",
        "摆",
        "搬",
        "动",
        "站",
        "立",
        "来",
        "去",
        "上",
    ),
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
    words, amount = "".join(phrase.tokens[i].text for i in sides), phrase.texts(NUMBER)
    if not _is_move(phrase, sides, side, words) or amounts.degrees(amount) is not None:
        return  # an angle is none of a move
    phrase.use(*sides, *phrase.all("part", "product"), *phrase.all(NUMBER))
    if side in _CORNERS:
        is_fault = phrase.has("too") or (phrase.has("past") and not phrase.has("to"))
        x, y = (0.5, 0.5) if is_fault else _CORNERS[side]
        if phrase.has("degree") and not is_fault:
            dx, dy = math.copysign(PLACE_STEP, x - 0.5), math.copysign(0.05, y - 0.5)
            do = moves(dx * steps_of(phrase), dy * steps_of(phrase))
        else:
            do = sets("framing", x=x, y=y)
        phrase.act("framing", "place", do)
    elif _is_division(phrase, words, amount):
        half = "half" in amount or "一半" in amount
        near = 0.3 if half else 1 / 3
        at = near if side in ("left", "top") else 1 - near
        phrase.act("framing", "place", sets("framing", **{"y" if side in ("top", "bottom") else "x": at}))
    else:
        across, down = _STEPS[side]
        goes_back = _goes_back(phrase, words)
        if goes_back:
            across, down = -across, -down
        share = amounts.share(amount)
        step = share if share is not None else (0.05 if down else PLACE_STEP) * steps_of(phrase)
        mood: Mood = "complaint" if goes_back else "wish"
        phrase.act("framing", f"place.{'y' if down else 'x'}", moves(across * step, down * step), mood)


def _is_move(phrase: Phrase, sides: list[int], side: str, words: str) -> bool:
    """Whether the product shall move to a side, and none of its parts or neighbours is named by it."""
    moving = any(one in words for one in _WAYS) or "third" in words
    moving = moving or any(
        "to" in t and t.text not in _COMPLEMENTS and any(verb in t.text for verb in _MOTION)
        for t in phrase.tokens
    )
    is_measured = phrase.has("degree") or phrase.has(NUMBER)
    if words in _COMPLEMENTS and not moving and not is_measured:
        return False  # "戴上", "脸上"
    if words in _UNDER and not moving:
        return False  # "a stone plate underneath" names what is under the product
    if any(phrase.tokens[i].text in _ONE_OF_TWO and _stands_before_goods(phrase, i) for i in sides):
        return False  # "the right shoe"
    alone = side in _CORNERS or words == "lower" or phrase.context == "place"
    alone |= phrase.is_joined and words in ("higher up", "lower down")
    alone = alone and len(phrase.rest) == len(sides)
    if not (moving or alone or is_measured or phrase.has("part", "product")):
        return False
    described = any("adjective" in token and "side" not in token for token in phrase.tokens)
    return not (phrase.has("part", "backdrop") or described or phrase.has("quality"))


def _goes_back(phrase: Phrase, words: str) -> bool:
    """Whether a side is where the product is too far: "too far left", "偏左"."""
    verbs = phrase.texts("to")
    is_stated = phrase.has("past") and not any(verb in verbs for verb in ("移", "挪", "放", "摆"))
    leans = words.startswith("偏") and not any("degree" in t or "to" in t for t in phrase.tokens)
    is_less = any(token.text == "less" for token in phrase.tokens)
    return is_less or is_stated or leans or any(phrase.has(kind) for kind in ("too", "too_after", "not_too"))


_ONE_OF_TWO = frozenset(("left", "right", "the left", "the right", "down", "up"))


def _stands_before_goods(phrase: Phrase, i: int) -> bool:
    return any(one.get("part") == "product" for one in phrase.tokens[i + 1 : i + 2])


def _is_division(phrase: Phrase, words: str, amount: str) -> bool:
    """Whether a side is a division of the picture: "the left third", "the right half"."""
    names = ("third", "half", "三分之一", "一半", "1/3")
    return any(
        name in words + amount + phrase.texts("filler") for name in names
    ) and "by" not in phrase.texts("to")


def _read_space(phrase: Phrase, sides: list[int], side: str) -> None:
    """Space on one side moves the product to the other."""
    if side not in _STEPS:
        return
    if phrase.context == "place":  # the room that the move before is for
        phrase.use_known()
        phrase.act(None, "")
        return
    across, down = _STEPS[side]
    if any(phrase.has(kind) for kind in ("past", "too", "less")):
        across, down = -across, -down
    phrase.use(
        *sides,
        *phrase.all("product_part"),
        *phrase.all("property", "margin"),
        *phrase.all("adjective"),
        *phrase.all("part"),
        *phrase.all("more"),
        *phrase.all("less"),
    )
    phrase.act("framing", f"place.{'y' if down else 'x'}", moves(-0.1 * across, -0.08 * down))
