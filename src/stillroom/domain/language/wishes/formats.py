"""Reads the ratio of the picture and the rotation of the product."""

import re
from typing import get_args

from stillroom.domain.language.acts import adds, impossible, sets
from stillroom.domain.language.clauses.phrases import Phrase, is_content
from stillroom.domain.language.wishes.degrees import steps_of
from stillroom.domain.language.wishes.named_effects import CORRECTS
from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.tokens import NUMBER
from stillroom.domain.plans.plan import Aspect

_SIGNS = {"clockwise": 1, "right": 1, "anticlockwise": -1, "left": -1}
_LEANS = re.compile(r"[倾歪斜倒]")
"""Words for how something stands rather than for a turn."""
_STEP_DEG = 5.0
_MOST_DEG = 45.0
_OF_FRAME = frozenset(("frame", "ratio", "impossible"))
"""Kinds of words that may stand beside a ratio."""
_TURNED = frozenset(("rotate", "turn", "side", "degree", "to", "filler", NUMBER, "towards", "more", "effect"))


def read_format(phrase: Phrase) -> None:
    """Read a ratio of the picture: "crop to 4:5", "竖版", "3:4 portrait"."""
    ratios = phrase.all("ratio")
    if not ratios or any(phrase.status[i] not in ("", "neg") for i in ratios):
        return
    turned = next((i for i, token in enumerate(phrase.tokens) if "to" in token), -1)
    ratios = [i for i in ratios if i > turned] or ratios  # "方图改竖图"
    ratios = [i for i in ratios if not phrase.status[i]] or ratios  # "2:3 instead of square"
    better = [i for i in ratios if not phrase.tokens[i].isa("orientation")]  # "a vertical one, 9:16"
    names = {phrase.tokens[i].get("ratio") for i in better or ratios}
    exact = {phrase.tokens[i].get("ratio") for i in ratios if phrase.tokens[i].text[:1].isdigit()}
    name = next(iter(exact or names))
    is_thing = not phrase.has("frame") and phrase.right(ratios[-1]).get("part") == "product"
    phrase.use(*phrase.all("part", "picture"))
    phrase.use_all(*_OF_FRAME)
    if is_thing or len(exact or names) > 1:
        phrase.tell("ambiguous", "format")
    elif name in get_args(Aspect):
        is_refused = any(phrase.status[i] == "neg" for i in ratios)
        phrase.act("framing", "aspect", sets("framing", aspect=name), "refused" if is_refused else "wish")
    else:
        phrase.tell("not_possible", "format")


def read_rotation(phrase: Phrase) -> None:
    """Read a small rotation of the product: "rotate 10° clockwise", "往左转一点"."""
    is_turned = phrase.has("side") or any(token.get("rotate") for token in phrase.tokens)
    crooked = phrase.all("effect", "straighten") if is_turned else []
    turned = phrase.all("rotate") + phrase.all("turn") + crooked
    if any(phrase.status[i] == "none" for i in turned):  # "forget the tilt", "旋转的取消"
        phrase.use(*turned)
        phrase.act("framing", "rotation.undo", sets("framing", rotation_deg=0.0))
    undoes = any("undo" in token and token.text != "回" for token in phrase.tokens)
    if not turned or undoes or any(phrase.status[i] for i in turned):
        return
    angles = phrase.angles
    names = [phrase.tokens[i].get("rotate") for i in turned]
    verbs = [i for i in turned if not phrase.tokens[i].get("rotate")]
    ways = {_SIGNS[name] for name in names if name}
    ways |= {_SIGNS.get(phrase.tokens[i].get("side"), 0) for i in phrase.all("side")}
    ways |= {1 if phrase.tokens[i].text[0] == "+" else -1 for i in angles if phrase.tokens[i].text[0] in "+-"}
    if not (phrase.has("rotate") or angles or crooked or (phrase.has("degree") and ways)):
        return
    others = (one for one in phrase.tokens if one.text != "slight" and not one.of(_TURNED))
    others = (one for one in others if one.get("part") not in ("product", "picture"))
    if any(is_content(one) or "less" in one for one in others):
        return
    numbers = [phrase.tokens[i].text for i in phrase.all(NUMBER)]
    phrase.use(*range(len(phrase.tokens)))
    angle = amounts.degrees(phrase.tokens[angles[0]].text) if angles else _STEP_DEG * steps_of(phrase)
    if not angles and any(names) and len(numbers) == 1 and amounts.is_bare(numbers[0]):
        angle, numbers = amounts.number(numbers[0]), []  # "rotate 1.5 CW"
    leans = any(_LEANS.search(phrase.tokens[i].text) for i in turned)
    if leans and not (angles or crooked) and phrase.any("too", "past", "lean"):
        phrase.act("detail", "straighten", sets("detail", straighten=True))  # "有点右倾"
    elif angle is not None and angle > _MOST_DEG:
        phrase.tell("not_possible", "pose")
    elif ways not in ({1}, {-1}) or angle is None or (numbers and not angles) or not (verbs or angles):
        phrase.act(None, "rotation", impossible, why="ambiguous")
    else:
        # What leans to the left is turned to the right.
        is_past = phrase.has("past") or any(phrase.tokens[i].text.endswith("了") for i in crooked)
        is_corrected = any(CORRECTS.search(phrase.tokens[i].text) for i in crooked)
        states = phrase.any("is", "too", "past", "lean")
        before = phrase.tokens[: crooked[0]] if crooked else phrase.tokens  # "歪向左边" is a state
        aims = any("side" in one and one.text[0] in "往向朝" for one in before)
        # "Straighten it 2° to the right"
        corrects = all(CORRECTS.search(phrase.tokens[i].text) for i in crooked)
        is_wished = any(names) or corrects or (aims and not phrase.has("too"))
        is_wished |= not states and ("to" in phrase.tokens[0] or phrase.tokens[0].text in ("lean", "tilt"))
        is_fault = bool(crooked) and (is_past or not is_wished)
        is_fault |= leans and (is_past or is_corrected)  # "向右倾斜了3度", "右倾3度扶正"
        sign = next(iter(ways)) * (-1 if is_fault else 1)
        phrase.act("framing", "rotation", adds("framing", "rotation_deg", sign * angle))
