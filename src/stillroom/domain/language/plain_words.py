"""Plain words for labels of the sentence model, with the scene or the amount that a text names."""

import re
from collections.abc import Sequence
from itertools import pairwise

from stillroom.domain.language.doubts import LABELS, POSSIBLE
from stillroom.domain.language.sentence_model import chances_of
from stillroom.domain.language.words.amounts import PERCENT, degrees, share
from stillroom.domain.language.words.lexicon import lexicon
from stillroom.domain.language.words.tokeniser import tokenise
from stillroom.domain.language.words.tokens import Token

_AMOUNT = re.compile(
    r"(?i)\d|半|[一两二三四五六七八九十几][成倍档度级]|分之"
    r"|\b(?:halve|thirds?(?! across| down)|quarters?|(?:fif|six|seven|eigh|nin|ten)ths?)\b"
    r"|\b(?:double|twice|per ?cent|degrees?|stops?)\b"
    r"|(?<!left )(?<!right )(?<!top )(?<!bottom )(?<!upper )(?<!lower )\bhalf\b"
)
_HALVE = re.compile(r"(?i)\bhalve")
_TARGET = re.compile(
    r"(?i)到|至|占|留|剩|满|滿|[放摆擺]|位置|不超过|别超|最[多大]|大于"
    r"|\b(?:to|at|of the|fills?|than|most|max(?:imum)?)\b"
)
"""Words before an amount that a figure shall have or not exceed, not by which it shall change."""
_FILLS = re.compile(r"(?i)占|填|撑|\b(?:fills?|takes? up|occup(?:y|ies))\b")
_MOST_CHANGE = 0.5
"""Share by which the size of a product may change; a larger one is the share that it shall fill."""
_FIGURE = re.compile(rf"(?i){PERCENT}|\d+(?:\.\d+)?|[一二三四五六七八九十两]{{1,3}}度")
_STEPS = re.compile(r"(?i)[半一两二三四五六七八九十几][倍档级]|\bstops?\b")
"""Amounts without a figure."""
_SIDES = ("=left", "=right", "=front", "=back")
_NO_AMOUNT = re.compile(r"(?i)#[0-9a-f]{3,6}(?![0-9a-z])|\d+\s*[:：x×]\s*\d+")
"""Figures that are colours and ratios."""

PAINTED, SCENE = "backdrop.kind=painted", "backdrop.kind=scene"
"""Labels that leave open which colour or which scene is meant; the text has to name it."""

_PHOTO_RATIO = "framing.aspect=photo"
_RATIO = re.compile(
    r"(?is)(?=.*(?:original|photo|shot|took|taken|原|照片|拍)).*"
    r"(?:ratio|aspect|crop|format|frame|shape|proportion|dimension|size|比例|尺寸|大小|裁|画幅|幅|形状)"
)
"""Texts about the ratio of the photo, which alone may stand for anything that it shows."""


def words_for(label: str, text: str, told: Sequence[str], *, is_refused: bool = False) -> str:
    """Return plain words for a label; nothing if they would leave open which scene or which amount is meant.

    Args:
        text: What asks for it.
        told: The pieces of it that are told back.
        is_refused: Whether it removes or refuses something.
    """
    if label == SCENE:
        return _words_for_scene(text)
    if label == PAINTED:
        return _words_for_colour(text)
    if label == _PHOTO_RATIO and not _RATIO.match(text):
        return ""  # "as in the original photo"
    says = LABELS[label].says if is_refused else LABELS[label].weaker or LABELS[label].says
    asking = [one for one in told or [text] if chances_of(one, lexicon()).get(label, 0.0) > POSSIBLE]
    if label.startswith("light.") and any(_names_other_side(label, one) for one in asking):
        return ""
    if label[-1] not in "+-":
        return "" if label.endswith(_SIDES) and any(map(degrees, asking)) else says
    if label.startswith("tone.") and any(names_backdrop(one) or _grades_colour(one) for one in asking):
        return ""
    if not has_amount(text):
        return _with_degree(says, asking)
    if len(asking) != 1:
        return ""
    if has_amount(asking[0]):
        return _with_amount(label, says, asking[0])
    return "" if any(map(has_amount, told)) else says


def _with_degree(says: str, asking: Sequence[str]) -> str:
    """Return plain words with the only degree of the pieces that ask for it: "just a touch", "很多"."""
    named = {one.get("degree") for piece in asking for one in tokenise(piece, lexicon()) if "degree" in one}
    named -= {"usual"}
    return says.replace("一点", _DEGREES[named.pop()]) if len(named) == 1 else says


_DEGREES = {"slight": "一点点", "strong": "得多"}


def names_backdrop(piece: str) -> bool:
    """Whether a piece of a text has a word for the backdrop."""
    return any(one.get("part") == "backdrop" for one in tokenise(piece, lexicon()))


def _names_other_side(label: str, piece: str) -> bool:
    """Whether a piece names left or right, and not the one of a label: words are surer than the model."""
    sides = {one.get("side") for one in tokenise(piece, lexicon())} & _LEFT_RIGHT
    return label.partition("=")[2] in _LEFT_RIGHT - sides and bool(sides)


_LEFT_RIGHT = {"left", "right"}


def _grades_colour(piece: str) -> bool:
    """Whether a piece says which of the colours of one name is meant: "a cooler grey"."""
    tokens = pairwise(tokenise(piece, lexicon()))
    return any(one.axis == "warm" and "quality" in one and "colour" in after for one, after in tokens)


def without_amounts(text: str) -> str:
    return _AMOUNT.sub(" ", text)


def has_amount(text: str) -> bool:
    """Whether a text names an amount."""
    return bool(_AMOUNT.search(_NO_AMOUNT.sub("", text)))


def _words_for_scene(text: str) -> str:
    """Return words for the only scene that a text names; sunlight and windows rather light another one.

    Not in a colour that it does not have: "pink marble".
    """
    tokens = tokenise(text, lexicon())
    named = {one.get("scene"): one.text for one in tokens if "scene" in one}
    if len(named) > 1:
        named.pop("natural_light", None)
    is_open = len(named) != 1 or any("near_scene" in one for one in tokens)
    said = [one for one in tokens if "filler" not in one]
    is_other = any(
        "colour" in before
        and "scene" in one
        and before.get("colour") not in lexicon().scene(one.get("scene")).colours
        for before, one in pairwise(said)
    )
    return "" if is_open or is_other else f"背景换成{next(iter(named.values()))}"


_MOST_COLOURS = 3
"""Colours of a text up to which it is read again without each; bounds the time."""
_STUFF = ("scene", "near_scene", "painted")
"""Kinds of words after a colour that name a cloth or a surface of that colour."""


def _words_for_colour(text: str) -> str:
    """Return words for the only colour without which a text would not ask for a painted backdrop."""
    tokens = tokenise(text, lexicon())
    colours = [at for at, one in enumerate(tokens) if "colour" in one]
    if len(colours) > _MOST_COLOURS or any(one.get("side") not in ("", "behind") for one in tokens):
        return ""  # "dark in the middle, light at the edges"
    wanted = (at for at in colours if "too" not in tokens[max(0, at - 1)])
    named = [at for at in wanted if _is_ground(tokens[at], text)]
    if len(named) != 1 or any(one.any(*_STUFF) for one in tokens[named[0] + 1 : named[0] + 2]):
        return ""
    first = named[0]
    while first and "adjective" in tokens[first - 1]:
        first -= 1  # "dark grey"
    return f"背景换成{text[tokens[first].start : tokens[named[0]].end]}"


def _is_ground(colour: Token, text: str) -> bool:
    without = f"{text[: colour.start]}{text[colour.end :]}"
    return chances_of(without, lexicon()).get(PAINTED, 1.0) <= POSSIBLE


def _with_amount(label: str, says: str, piece: str) -> str:
    """Return plain words with the only amount of a piece; nothing if that cannot be said.

    A figure that shall be reached is left to the grammar, unless it is the share that a product fills.
    """
    piece = _HALVE.sub("half", piece)
    if len(_FIGURE.findall(piece)) != 1 or _STEPS.search(piece):
        return ""
    tokens = tokenise(piece, lexicon())
    is_of_light = any(one.get("part") == "light" or one.get("scene") == "natural_light" for one in tokens)
    if label.startswith("framing.fill") and is_of_light:
        return ""  # "increase the lighting in the image about 25 percent"
    part = share(piece)
    is_target = bool(_TARGET.search(piece))
    fills = part is not None and (part > _MOST_CHANGE or (is_target and bool(_FILLS.search(piece))))
    if part and fills and label.startswith("framing.fill"):
        return f"产品占{100 * part:.0f}%"
    if is_target:
        return ""
    if label.startswith("framing.rotation_deg"):
        angle = degrees(piece)
        return says.replace("一点", f"{angle:g}度") if angle else ""
    return says.replace("一点", f"{100 * part:.0f}%") if part and part < 1 and "一点" in says else ""
