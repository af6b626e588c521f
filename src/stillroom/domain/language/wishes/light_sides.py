"""Reads sides of the light and of the shadow: where the one comes from, and where the other falls."""

from stillroom.domain.language import acts
from stillroom.domain.language.acts import impossible, sets
from stillroom.domain.language.clauses.nouns import LAMPS
from stillroom.domain.language.clauses.phrases import Antecedent, Phrase
from stillroom.domain.language.wishes.backdrops import SUNLIGHT
from stillroom.domain.language.wishes.ellipsis import goes_on_about
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
_LEVELS = {"down": 25.0, "up": 60.0}
"""Elevation of light from a side that is called low or high."""
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
_MOVED = ("换", "改", "移", "switch", "move", "change", "should", "into", "挪", "swap", "切")


def read_light_height(phrase: Phrase) -> None:
    """Read the elevation of the light by its angle: "主光高度60度", "key light 60 degrees high"."""
    angles = phrase.angles
    is_of_light = phrase.has("part", "light") or phrase.antecedent.part == "light"
    high = [
        i for i in phrase.all("height", "up") if i - 1 in angles and phrase.tokens[i].text in ("high", "高")
    ]
    named = phrase.all("property", "height") if not phrase.any("more", "less", "side") else []
    if angles and is_of_light and (named or high):
        phrase.use(angles[0], *named, *high, *(() if phrase.has("side") else phrase.all("part", "light")))
        elevation = amounts.degrees(phrase.tokens[angles[0]].text) or 0.0
        phrase.act("light", "light.height", acts.light_stands(elevation))


def read_light_side(phrase: Phrase) -> None:
    """Read the side that the light comes from, or that the shadow falls to."""
    sides = [
        i
        for i in phrase.all("side")
        if phrase.tokens[i].get("side") not in ("center", "beside", "bottom")
        and ("more" not in phrase.tokens[i] or phrase.left(i).text == "high")  # "higher", but not "high up"
    ]
    parts = {phrase.tokens[i].get("part") for i in phrase.all("part")}
    if not sides or {"dark_side", "highlight"} & parts:
        return
    is_light = _names_light(phrase)
    alone = len(phrase.rest) == len(sides) and not phrase.has("part")
    falls = phrase.isa("casts")  # "往右下落": only shadows fall
    is_of_shadow = not is_light and alone and (falls or goes_on_about(phrase, "shadow"))
    if ("shadow" in parts and "light" not in parts) or is_of_shadow:
        _read_shadow_side(phrase, sides)
        return
    effects = phrase.all("effect", "side_light")
    if not (is_light or effects or (_is_about_light(phrase) and not phrase.has("less"))):
        return
    phrase.use(*effects)
    if not phrase.any("too", "not_too") and not phrase.drops("now"):
        _read_light_from(phrase, sides)


def _names_light(phrase: Phrase) -> bool:
    """Whether the light is named, such as "morning light", or a lamp that something shines from."""
    lamps = (phrase.tokens[i].text for i in phrase.all("part", "product"))
    shines = phrase.has("from") and any(lamp.endswith(LAMPS) for lamp in lamps)
    named = phrase.all("part", "light") + phrase.all("effect", "soft_light")
    named += [i for i in phrase.all("scene") if SUNLIGHT.search(phrase.tokens[i].text)]
    return shines or bool(named) or phrase.has("effect", "hard_light")


def _read_light_from(phrase: Phrase, sides: list[int]) -> None:
    wanted = [i for i in sides if phrase.status[i] == ""]
    after = phrase.tokens[wanted[-1] + 1 :] if len(wanted) > 1 else []
    if len(after) == 1 and "adjective" in after[0] and "to" not in after[0]:
        phrase.tell("ambiguous")  # "左侧来光右侧暗"
        return
    side = phrase.tokens[(wanted or sides)[_which(phrase, wanted)]].get("side")
    if not wanted and phrase.status[sides[-1]] in ("neg", "none"):
        moves = (token.isa("move") or token.text.startswith("turn") for token in phrase.tokens)
        if any(moves) or _denies(phrase):
            phrase.use(*sides, *phrase.all("part", "light"))
            phrase.act(None, "")  # "don't turn the light to the left"
            return
        side = _MIRRORED.get(side, "")
    # "From above, down on it": the way of the light is no place of the product.
    phrase.use(*sides, *phrase.all("part", "light"), *phrase.all("side", "bottom"))
    degrees = phrase.angles
    if side == "behind":
        phrase.act("light", "rim", sets("light", rim=0.7))
    elif degrees and side in ("left", "right"):
        phrase.use(*degrees)
        turn = min(90.0, amounts.degrees(phrase.tokens[degrees[0]].text) or 0.0)
        phrase.act("light", "light.side", sets("light", azimuth_deg=turn if side == "right" else -turn))
    elif degrees and side == "top":
        phrase.use(*degrees)
        elevation = amounts.degrees(phrase.tokens[degrees[0]].text) or 0.0
        phrase.act("light", "light.height", acts.light_stands(elevation))
    elif side == "opposite" and any(act.key == "light.side" for act in phrase.before.acts):
        phrase.act(None, "")  # "not from the left, try the other side"
    elif side == "opposite":
        phrase.act("light", "light.opposite", acts.turns_over("light", "azimuth_deg"), why="ambiguous")
    else:
        _light(phrase, side)


def _denies(phrase: Phrase) -> bool:
    """Whether it is only denied that a side is meant: "不是从左边", but not "not from the left"."""
    return any(token.isa("denial") and token.is_han for token in phrase.tokens)


def _is_about_light(phrase: Phrase) -> bool:
    """Whether a side without any noun is that of the light: "from the left", or after a phrase about it."""
    if (
        phrase.has("part")
        or phrase.has("add")
        or any("side" not in token and NUMBER not in token for token in phrase.rest)
        or amounts.share(phrase.texts(NUMBER)) is not None
        or phrase.has("side", "center")
    ):
        return False
    if any("from" in one and one.text != "在" for one in phrase.tokens):
        return True
    is_angle = amounts.degrees(phrase.texts(NUMBER)) is not None and phrase.antecedent == Antecedent("light")
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
    levels = [i for i in phrase.all("height") if phrase.tokens[i].isa("level")]
    if levels and elevation is None and not phrase.has("property"):  # "low cold light from the left"
        phrase.use(*levels)
        elevation = _LEVELS[phrase.tokens[levels[-1]].get("height")]
    height = {} if elevation is None else {"elevation_deg": elevation}
    if side == "top" and any(act.key == "light.side" for act in phrase.before.acts):
        phrase.act("light", "light.height", sets("light", **height))  # "from the left, high up"
    else:
        phrase.act("light", "light.side", sets("light", azimuth_deg=azimuth, **height))


def _read_shadow_side(phrase: Phrase, sides: list[int]) -> None:
    side = next((i for i in reversed(sides) if not phrase.status[i]), sides[-1])
    if phrase.tokens[side].get("side") == "opposite" and not phrase.status[side]:
        phrase.use(*sides, *phrase.all("part", "shadow"), *phrase.all("to"))
        phrase.act("shadow", "shadow.opposite", acts.turns_over("shadow", "direction_deg"), why="ambiguous")
        return
    direction = _FALLS.get(_diagonal(phrase, side) or phrase.tokens[side].get("side"))
    is_fault = phrase.any("too", "past")
    if any("neg" in token for token in phrase.tokens[:side]) and phrase.status[side] == "neg":
        phrase.use(*sides, *phrase.all("part", "shadow"))
        if _denies(phrase):
            phrase.act(None, "")  # "不是影子往左"
            return
        other = _FALLS.get(_MIRRORED.get(phrase.tokens[side].get("side"), ""))
        do = impossible if other is None else acts.shadow_falls(other)
        phrase.act("shadow", "shadow.side", do, "complaint", "ambiguous")
        return
    if direction is None or phrase.status[side] or phrase.has("none") or is_fault:
        return
    phrase.use(*sides, *phrase.all("part", "shadow"), *phrase.all("to"))
    phrase.act("shadow", "shadow.side", acts.shadow_falls(direction))


_TURNED = frozenset(_MOVED) - {"should"}
_DEPTHS, _WIDTHS = ("behind", "front"), ("left", "right")


def _diagonal(phrase: Phrase, last: int) -> str:
    """Return the side that two neighbouring ones come to: "to the back left", "往后左"; else empty."""
    one, other = (phrase.tokens[i] for i in (max(0, last - 1), last))
    named = [other.get("side"), one.get("side") or ("behind" if "behind" in one.text else "")]
    depth, width = ([side for side in named if side in sides] for sides in (_DEPTHS, _WIDTHS))
    is_moved = phrase.has("from") or any(token.text in _TURNED for token in phrase.tokens)
    return f"{depth[0]}_{width[0]}" if depth and width and not is_moved else ""
