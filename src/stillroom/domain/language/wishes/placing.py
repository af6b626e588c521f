"""Reads where the product stands in the picture."""

import re

from stillroom.domain.language import acts
from stillroom.domain.language.acts import PLACE_STEP, Mood, impossible, moves, moves_over, sets
from stillroom.domain.language.clauses.nouns import LAMPS
from stillroom.domain.language.clauses.phrases import Phrase
from stillroom.domain.language.wishes.degrees import steps_of
from stillroom.domain.language.wishes.ellipsis import goes_on_about_other
from stillroom.domain.language.wishes.free_space import STEPS, is_room, only_product, read_free_space
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.tokens import NO_TOKEN, NUMBER, UNKNOWN

_CORNERS = frozenset(("top_left", "top_right", "bottom_left", "bottom_right"))


def _read_height(phrase: Phrase) -> bool:
    """Read "raise the bottle", "位置高一点", and "the mug sits too low", which moves it against that."""
    heights = phrase.all("height")
    is_fault = phrase.any("too", "past", "lean")
    is_verb = any(not phrase.tokens[i].isa("level") for i in heights)
    stands = phrase.has("property", "position") or phrase.has("part", "product")
    stands |= phrase.antecedent.part == "place" or phrase.isa("stand", "it") or phrase.drops("it")
    others = any(token.any("quality", "effect", "scene", UNKNOWN) for token in phrase.rest)
    others |= any(token.get("property") not in ("", "position") for token in phrase.tokens)  # "大小偏低"
    graded = is_fault or is_verb or phrase.has("degree")
    if not heights or not graded or not stands or others or not only_product(phrase) or _names_lamp(phrase):
        return False
    phrase.use(*heights, *phrase.all("property", "position"), *phrase.all("adjective", "pasted"))
    phrase.use_all("part", "side", NUMBER)
    is_wish = any("degree" in token for token in phrase.tokens[heights[0] + 1 :])
    is_wish |= is_verb or phrase.tokens[heights[0]].is_han
    is_wish &= not is_fault
    way = 1 if phrase.tokens[heights[0]].get("height") == "down" else -1
    step = (1 if is_wish else -1) * way * (amounts.share(phrase.texts(NUMBER)) or PLACE_STEP)
    act = moves(0, step * steps_of(phrase))
    phrase.act("framing", "place.y", act, "wish" if is_wish else "complaint")
    return True


def read_place(phrase: Phrase) -> None:
    """Read where the product stands in the picture."""
    if _read_height(phrase):
        return
    sides = phrase.all("side")
    if len(sides) > 1 and any("from" in token for token in phrase.tokens[: sides[0]]) and phrase.has("to"):
        phrase.use(sides.pop(0))  # "move it from the left to the center"
    if not sides or phrase.has("side", "opposite") or _is_of_something_else(phrase):
        return
    if any(act.part == "tone" and act.mood == "wish" for act in phrase.acts) and phrase.has(NUMBER):
        phrase.use(*sides)  # "往下压半档"
        return
    is_refused = any(phrase.status[i] in ("neg", "none") for i in sides) and not is_room(phrase)
    is_refused |= phrase.has("not_too") and phrase.has("side", "center")  # "别太居中"
    side = _composed([phrase.tokens[i].get("side") for i in (sides[-1:] if is_refused else sides)])
    if not side:
        phrase.act(None, "", impossible, why="ambiguous")
        phrase.use_known()
    elif side in STEPS and _leaves(phrase, sides):
        _read_leaving(phrase, sides, side)
    elif is_refused:
        _read_refused_place(phrase, sides, side)
    elif is_room(phrase):
        read_free_space(phrase, sides, side)
    elif _is_manner(phrase, sides):
        is_verb = phrase.all("quality") or phrase.all("adjective")
        phrase.use(*(i for i in sides if is_verb or not phrase.tokens[i].any("more", "less")))
    elif goes_on_about_other(phrase):
        phrase.use_known()
        phrase.act(None, "")
    elif not (phrase.has("keep") and side != "center"):
        _read_wanted_place(phrase, sides, side)


def _is_of_something_else(phrase: Phrase) -> bool:
    """Whether a side is that of a gradient, of light that was read, or of another part."""
    is_of_light = any(act.key in ("fill", "rim") and act.part == "light" for act in phrase.acts)
    others = ("light", "shadow", "highlight", "reflection")
    is_of_ground = phrase.has("kind", "gradient") or len(phrase.all("colour")) > 1  # "上面粉下面蓝"
    return is_of_ground or is_of_light or phrase.part_of(phrase.all("part")) in others


def _leaves(phrase: Phrase, sides: list[int]) -> bool:
    """Whether a side is where the product is too near: "away from the left edge", "too close to the top"."""
    if len(sides) > 1 or not only_product(phrase, "edge"):
        return False
    before = phrase.left(sides[0])
    is_moved = phrase.isa("move", "away") or phrase.has("property", "edge")
    is_too_near = "too_after" in before or (before.text == "close" and phrase.has("too"))
    if any("fault" in token and token.get("quality") in ("", "big-") for token in phrase.tokens):
        return phrase.any("past", "too", "is")  # "右边顶到边了", but not "靠左贴边"
    is_moved |= any(phrase.tokens[i].axis == "big" for i in phrase.all("adjective"))  # "离左边远一点"
    return is_too_near or before.text == "off" or ("from" in before and is_moved)


def _read_leaving(phrase: Phrase, sides: list[int], side: str) -> None:
    is_nearer = phrase.has("adjective", "big+") and not phrase.has("too") and "from" in phrase.left(sides[0])
    near = [i for i, token in enumerate(phrase.tokens) if token.isa("away") or i + 1 == sides[0]]
    phrase.use(*sides, *near, *phrase.all("property", "edge"))
    phrase.use_all("part", "more", "adjective", "fault", NUMBER)
    across, down = STEPS[side]
    share = amounts.share(phrase.texts(NUMBER))
    step = share if share is not None else PLACE_STEP * steps_of(phrase)
    step *= -1 if is_nearer else 1
    axis = "y" if down else "x"
    phrase.act("framing", f"place.{axis}{NEARER if is_nearer else ''}", moves(-across * step, -down * step))


NEARER = ".nearer"
"""End of the key of a place that is named by what it is near to: "离下边近一点"."""


def _read_refused_place(phrase: Phrase, sides: list[int], side: str) -> None:
    if any(phrase.status[i] == "none" for i in sides):
        return
    stated = any(token.isa("stated_not") for token in phrase.tokens if "neg" in token)
    lacks = side == "center" and stated and "dead" not in phrase.texts("side")
    if side == "beside":
        phrase.act("framing", "place", impossible, why="ambiguous")  # "not in the corner"
    elif side == "center" and not lacks:
        phrase.act("framing", "place.fault", impossible, "complaint", "ambiguous")
    else:
        phrase.act("framing", "place", sets("framing", x=0.5, y=0.5) if lacks else acts.stays)
    phrase.use(*sides, *phrase.all("part", "product"))


def _read_wanted_place(phrase: Phrase, sides: list[int], side: str) -> None:
    is_moved = phrase.any("degree", NUMBER) or phrase.isa("move") or phrase.has("part", "product")
    describes = phrase.any("adjective", "quality")
    # "Put", but not "make" of "make the middle brighter"
    is_put = any("to" in token and not token.text.startswith("make") for token in phrase.tokens)
    words = " ".join((*_texts(phrase, sides), phrase.texts("keep")))
    is_of_light = phrase.antecedent.part == "light" and phrase.any("less", "more")
    if side in STEPS and (is_of_light or (phrase.antecedent.is_unread and not is_moved)):
        phrase.use(*sides)
        phrase.act(None, "place" if is_of_light and STEPS[side][0] else "", impossible, why="ambiguous")
    elif side == "center" and describes and not (phrase.has("part") or is_put):
        return  # "bright in the middle" is no place
    elif side == "center":
        phrase.use(*sides, *phrase.all("part", "product"))
        is_across, is_down = bool(_ACROSS.search(words)), bool(_DOWN.search(words))
        down = {} if is_across and not is_down else {"y": 0.5}
        across = {} if is_down and not is_across else {"x": 0.5}
        phrase.act("framing", "place", sets("framing", **across, **down))
    elif phrase.all("scene"):
        if {"overhead", "from above"}.isdisjoint(_texts(phrase, sides)):  # the camera's place
            phrase.use(*sides)
    elif side in STEPS and any(phrase.tokens[i].get("side") == "center" for i in sides):
        _read_off_centre(phrase, sides, side)
    elif side in STEPS or side in _CORNERS:
        _read_move(phrase, sides, side)


_LEANS = re.compile(r"偏|above|below|over|under|higher|lower|靠|往")


def _read_off_centre(phrase: Phrase, sides: list[int], side: str) -> None:
    """Read a place beside the centre: "居中偏下", "bottom centre"."""
    words = " ".join(_texts(phrase, sides))
    step = PLACE_STEP * steps_of(phrase) if phrase.has("degree") or _LEANS.search(words) else 1 / 6
    dx, dy = STEPS[side]
    phrase.use(*sides, *phrase.all("part", "product"))
    phrase.act("framing", "place", sets("framing", x=0.5 + dx * step, y=0.5 + dy * step))


_ACROSS = re.compile(r"horizontal|left to right|left and right|side|水平|左右|两边|keep")
"""Words of a place between left and right, whatever the height."""
_DOWN = re.compile(r"vertical|top to bottom|垂直|竖直|上下")


def _texts(phrase: Phrase, indices: list[int]) -> list[str]:
    return [phrase.tokens[i].text for i in indices]


def _composed(sides: list[str]) -> str:
    """Return the corner that two sides make, or the last of them; nothing of two that exclude each other."""
    named = {side for side in sides if side not in ("center", "beside")}
    if len(named) < 2:
        return next(iter(named), sides[-1])  # "above the center"
    across, down = named & {"left", "right"}, named & {"top", "bottom"}
    return f"{next(iter(down))}_{next(iter(across))}" if len(across) == len(down) == 1 else ""


def _is_manner(phrase: Phrase, sides: list[int]) -> bool:
    """Whether a side belongs to a verb: "lower the contrast", "cool it down"."""
    verbs = any(phrase.all(kind) for kind in ("property", "quality", "adjective"))
    return {"up", "down", "lower", "top"}.issuperset(_texts(phrase, sides)) and verbs


_MOTION = re.compile(
    r"move|shift|nudge|slide|push|drag|put|place|position|align|set|go|to|bring|sit|in|on|at|have|want|[移挪放摆搬换动站立来去上]"
)
_WAYS = re.compile(r"ward|further|more to|closer|nearer|higher|align|too |of |[往向朝靠移居偏齐]")


def _read_move(phrase: Phrase, sides: list[int], side: str) -> None:
    """A move needs a verb, an amount, or the product's name; a lamp may be the product or the light."""
    if _names_lamp(phrase, is_vertical=side in ("top", "bottom") or phrase.has("add")):
        phrase.use_known()
        phrase.act(None, "", impossible, why="ambiguous")
        return
    words, amount = "".join(_texts(phrase, sides)), phrase.texts(NUMBER)
    if not _is_move(phrase, sides, side, words) or amounts.degrees(amount) is not None:
        return  # an angle is none of a move
    phrase.use(*sides, *phrase.all("part", "product"), *phrase.all(NUMBER))
    phrase.use(*(i for i, token in enumerate(phrase.tokens) if token.isa("near")))
    ways = [STEPS[name] for name in side.split("_")]
    dx, dy = sum(way[0] for way in ways), sum(way[1] for way in ways)
    key = "place" if len(ways) > 1 else f"place.{'y' if dy else 'x'}"
    share, is_corner = amounts.share(amount), len(ways) > 1
    goes_back = _is_fault(phrase) if is_corner else _goes_back(phrase, words)
    at = None if goes_back else _distance(phrase, sides, words, is_corner=is_corner)
    if (amount and share is None) or (at is not None and at < _NEAREST):
        phrase.act("framing", key, impossible, why="ambiguous")  # pixels, or the gap to a side
    elif at is not None or (goes_back and is_corner):
        target = {"x": _from_side(dx, at), "y": _from_side(dy, at)}
        phrase.act("framing", key, sets("framing", **{name: v for name, v in target.items() if v}))
    else:
        mood: Mood = "complaint" if goes_back else "wish"
        step = (share or PLACE_STEP) * steps_of(phrase) * (-1 if goes_back else 1)
        names_end = phrase.has("to") and "to the " in words  # "move it to the right", not "move it right"
        is_step = goes_back or share or dy or phrase.has("degree") or phrase.isa("near")
        do = moves_over(dx, step) if names_end and not is_step else moves(dx * step, dy * step)
        phrase.act("framing", key, do, mood)


def _names_lamp(phrase: Phrase, *, is_vertical: bool = True) -> bool:
    names = [phrase.tokens[i].text for i in phrase.all("part", "product")]
    return any(name == "lamp" or (name.endswith(LAMPS) and is_vertical) for name in names)


def _is_fault(phrase: Phrase) -> bool:
    return phrase.has("too") or (phrase.has("past") and not phrase.has("to"))


def _from_side(way: int, distance: float | None) -> float | None:
    """Return a coordinate at a distance from the side that a way leads to; without a distance the centre."""
    if not way:
        return None
    return 0.5 if distance is None else distance if way < 0 else 1 - distance


_NEAREST = 0.1
_EDGES = re.compile(r"flush|touch|贴|最|\bfar |align|齐|all the way|hug|snug|against|沉底|底边|顶边|edge")
"""Words of a place at the edge of the picture; what does not fit is moved inwards."""
_THIRDS = re.compile(r"third|三分|1/3|九宫格|交点|交叉点|intersection")
_TOWARDS = re.compile(r"^[往向朝]|移$|^(?:to the )?(?:left|right|up|down|higher|lower)$|^[左右上下]$")


def _distance(phrase: Phrase, sides: list[int], words: str, *, is_corner: bool) -> float | None:
    """Return the distance from the named sides where the product shall be; None for a step."""
    amount = phrase.texts(NUMBER)
    said = " ".join((words, amount, *map(phrase.texts, ("to", "unread", "fault"))))
    share = amounts.share(amount)
    if phrase.has("degree") or "by" in phrase.texts("to"):
        return None
    if share is not None and (phrase.has("from") or words.endswith(("起", "数"))):
        return share if share >= 2 * _NEAREST else 0.0
    if share is not None and "of the way" in phrase.dropped:
        return 1 - share  # "a third of the way down"
    if _EDGES.search(said) or "against" in phrase.dropped or phrase.has("property", "edge"):
        phrase.use(*phrase.all("property", "edge"), *phrase.all("fault"))
        return _NEAREST
    is_third = bool(_THIRDS.search(said)) or "third" in phrase.dropped
    # "往左往上" are two ways to go, and no corner.
    are_ways = len(sides) > 1 and all(map(_TOWARDS.search, _texts(phrase, sides)))
    if is_third or (is_corner and not are_ways) or _is_put(phrase, sides):
        phrase.use(*(i for i in phrase.all("unread") if _THIRDS.search(phrase.tokens[i].text)))
        return 1 / 3
    if amount == "四分之一" and not _TOWARDS.search(words):
        return share
    return 0.3 if "half" in said or "一半" in amount else None


_HALF = re.compile(
    r"(?:(?:on|at) )?(?:the )?(?:left|right)(?:[- ]hand)?(?: side)?|(?:画面|图片)?[左右][边侧]"
    r"|[靠居][左右][边侧]?"
)
"""Words of a half of the picture, on which a product that is put there stands at a third."""
_PUSHES = re.compile(r"move|shift|nudge|slide|push|pull|drag|bring|go|align|[移挪推拉搬](?!到)|^[往向朝去来]")
"""Verbs of a way and not of a place, unless a place is named: "move it to the left side"."""


def _is_put(phrase: Phrase, sides: list[int]) -> bool:
    """Whether the product shall stand on a side of the picture, and is not moved towards it: "放左边"."""
    verbs = [token.text for token in phrase.tokens if "to" in token and "side" not in token]
    names_place = len(sides) == 1 and _HALF.fullmatch(phrase.tokens[sides[0]].text) is not None
    return names_place and not (phrase.has(NUMBER) or any(map(_PUSHES.search, verbs)))


def _is_move(phrase: Phrase, sides: list[int], side: str, words: str) -> bool:
    """Whether the product shall move to a side, and none of its parts or neighbours is named by it."""
    said = words + phrase.texts("to") + phrase.texts("fault")
    moving = bool(_WAYS.search(words) or _EDGES.search(said) or _THIRDS.search(words))
    moving = moving or any(
        "to" in t and not t.isa("complement") and _MOTION.search(t.text) for t in phrase.tokens
    )
    moving |= phrase.isa("near")
    if phrase.drops("unseen"):
        return False  # what is there cannot be seen
    is_measured = phrase.any("degree", NUMBER) or words.endswith("一点")
    qualities = phrase.qualities()
    only = phrase.tokens[sides[0]] if len(sides) == 1 else NO_TOKEN
    is_complement = only.isa("complement") and not is_measured
    if not moving and (qualities or is_complement or only.isa("under")):
        return False  # "左边大一点", "戴上", "脸上", "a stone plate underneath"
    if any(phrase.tokens[i].isa("one_of_two") and phrase.right(i).get("part") == "product" for i in sides):
        return False  # "the right shoe"
    alone = side in _CORNERS or words == "lower" or phrase.antecedent.part == "place" or phrase.has("too")
    is_after_size = bool(phrase.before.acts) and all(act.key == "fill" for act in phrase.before.acts)
    alone |= phrase.is_joined and (words in ("higher up", "lower down") or is_after_size)
    alone &= len(phrase.rest) == len(sides)
    if not (moving or alone or is_measured or phrase.has("part", "product")):
        return False
    described = any(phrase.tokens[i].axis != "big" and "side" not in phrase.tokens[i] for i in qualities)
    return not (phrase.has("part", "backdrop") or described)


def _goes_back(phrase: Phrase, words: str) -> bool:
    """Whether a side is where the product is too far: "too far left", "偏左"."""
    verbs = phrase.texts("to")
    is_stated = phrase.has("past") and not any(verb in verbs for verb in ("移", "挪", "放", "摆"))
    leans = words.startswith("偏") and (phrase.has("mood", "why") or not phrase.any("degree", "to"))
    is_less = any(token.text == "less" for token in phrase.tokens)
    return is_less or is_stated or leans or phrase.any("too", "too_after", "not_too")
