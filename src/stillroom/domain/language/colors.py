"""Colour names in Chinese and English, and their sRGB values as backdrops."""

import re

from stillroom.domain.plans.plan import shaded

# Chosen by eye as painted backdrops: calmer than the pure hues of the same name.
_HUES: dict[str, tuple[str, ...]] = {
    "#ffffff": ("纯白", "白", "pure white", "white"),
    "#f7f3ea": ("米白", "奶白", "象牙白", "象牙", "乳白", "off-white", "off white", "ivory"),
    "#f5ead6": ("奶油", "cream", "creamy"),
    "#e9dcc6": ("米", "杏", "燕麦", "beige", "oatmeal", "sand"),
    "#f3e7d6": ("暖", "warm"),
    "#dfe9f2": ("冷", "cool"),
    "#b4b6ba": ("高级灰", "银灰", "银", "灰", "grey", "gray", "silver"),
    "#121315": ("纯黑", "黑", "pure black", "black"),
    "#2f3135": ("炭灰", "炭黑", "石墨", "charcoal", "graphite", "anthracite"),
    "#c4413a": ("大红", "中国红", "红", "red"),
    "#7c2431": ("酒红", "burgundy", "wine red"),
    "#f0bcc4": ("粉红", "樱花粉", "裸粉", "粉", "pink", "blush"),
    "#e8935a": ("珊瑚", "橘", "橙", "coral", "orange"),
    "#f0cd63": ("鹅黄", "柠檬黄", "黄", "yellow"),
    "#c9a75b": ("香槟金", "金", "gold", "golden"),
    "#eadbbf": ("香槟", "champagne"),
    "#6fae7c": ("绿", "green"),
    "#2d5143": ("墨绿", "森林绿", "forest green", "emerald"),
    "#bfe3d2": ("薄荷绿", "薄荷", "mint green", "mint"),
    "#a9b8a0": ("鼠尾草绿", "豆绿", "豆沙绿", "sage green", "sage"),
    "#4fa3a5": ("青绿", "青", "teal", "turquoise", "cyan"),
    "#5f93d4": ("蓝", "blue"),
    "#a9d2f0": ("天蓝", "天空蓝", "湖蓝", "sky blue", "sky-blue", "baby blue"),
    "#1f3154": ("藏蓝", "藏青", "海军蓝", "navy blue", "navy"),
    "#9277c4": ("紫", "purple", "violet"),
    "#d9cdee": ("薰衣草", "香芋紫", "香芋", "lavender", "lilac"),
    "#8a6244": ("棕", "褐", "咖啡", "巧克力", "brown", "chocolate", "coffee"),
    "#c8a97e": ("驼", "卡其", "焦糖", "khaki", "camel", "tan", "caramel"),
    "#c98566": ("陶土", "terracotta", "terra cotta"),
}
_BY_NAME = {name: color for color, names in _HUES.items() for name in names}
_LIGHT = ("浅", "淡", "亮", "嫩", "light", "pale", "bright", "pastel")
_DARK = ("深", "暗", "dark", "deep")
_TONED = {("light", "#b4b6ba"): "#e8e9eb", ("dark", "#b4b6ba"): "#3b3d41"}
_NEUTRAL = {"light": "#eeeff1", "dark": "#33353a"}


def _either(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_NAMES = _either(tuple(_BY_NAME))
_MODIFIERS = _either(_LIGHT + _DARK)
_NAMED = (
    r"(?:rgb\s{0,2})?[(（]?\s?(?<!\d)(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:[ \t]{0,3}/[ \t]{0,3}(?:25[0-5]"
    r"|2[0-4]\d|1?\d?\d)){2}(?!\d|\s?/)\s?[)）]?"
    r"|#[0-9a-f]{6}(?![0-9a-f])|#[0-9a-f]{3}(?![0-9a-f])"
    rf"|(?:(?:{_MODIFIERS})[ -]?)?(?:{_NAMES})(?![a-z])(?:色调?)?"
)
NAMED_COLOR = rf"(?<![a-z])(?:{_NAMED})"
"""Pattern of one colour in lower-case text, without groups."""
PAINT = rf"(?!暖|冷|(?:warm|cool)(?![a-z])){NAMED_COLOR}"
"""The same without the colours of light, which standing alone are a tone."""
COLOR = rf"(?<![a-z])(?:{_NAMED}|(?:{_MODIFIERS})(?![a-z])(?:色调?)?)"
"""`NAMED_COLOR`, or only `light` or `dark`."""


def color_of(words: str) -> str:
    """The sRGB colour that lower-case words matched by `COLOR` stand for, as `#rrggbb`."""
    if "/" in words:
        return "#" + "".join(f"{int(channel):02x}" for channel in re.findall(r"\d+", words))
    if words.startswith("#"):
        return words if len(words) == 7 else "#" + "".join(digit * 2 for digit in words[1:])
    name = max((name for name in _BY_NAME if name in words), key=len, default="")
    rest = words.replace(name, "", 1) if name else words
    tone = "light" if _contains(rest, _LIGHT) else "dark" if _contains(rest, _DARK) else ""
    if not name:
        return _NEUTRAL[tone]
    color = _BY_NAME[name]
    if not tone:
        return color
    return _TONED.get((tone, color)) or shaded(color, 0.66 if tone == "light" else -0.55)


def gradient_of(color: str) -> tuple[str, str]:
    """The brighter and the darker end of a gradient that is seen as one colour."""
    if is_dark(color):
        return lit(color, 1.5), shaded(color, -0.5)
    return shaded(color, 0.6), shaded(color, -0.06)


def lit(color: str, factor: float) -> str:
    """The same paint under more light: brighter, and of the same hue as far as the channels reach."""
    channels = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    factor = min(factor, 235 / max(*channels, 1))
    return "#" + "".join(f"{min(255, round(value * max(factor, 1.0))):02x}" for value in channels)


def tinted(color: str, warmer: float) -> str:
    """The same colour a little warmer (positive) or cooler: red and blue move against each other."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"#{_channel(red * (1 + warmer)):02x}{green:02x}{_channel(blue * (1 - warmer)):02x}"


def _channel(value: float) -> int:
    return min(255, max(0, round(value)))


def is_dark(color: str) -> bool:
    """Whether white lettering would be easier to read on it than black."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 110


def _contains(words: str, parts: tuple[str, ...]) -> bool:
    return any(part in words for part in parts)
