"""Parser of amounts: percentages, fractions, factors, stops and plain numbers, in Chinese and English."""

import re
from functools import lru_cache

DIGITS = r"(?:\d{1,4}(?:\.\d{1,3})?|(?<![^\s+~–-])\.\d{1,3})"
"""Pattern of a plain figure, without groups."""
_HANZI = r"[一二两三四五六七八九十]{1,3}"
_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TENS = ("ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_TEENS = (
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen"),
    *("sixteen", "seventeen", "eighteen", "nineteen"),
)
_SPELLED = {
    **{word: float(at + 1) for at, word in enumerate(_UNITS)},
    **{word: 10.0 * (at + 1) for at, word in enumerate(_TENS)},
    **{word: 11.0 + at for at, word in enumerate(_TEENS)},
}
_ENGLISH = rf"(?<![a-z])(?:(?:{'|'.join(_TENS[1:])})[ -])?(?:{'|'.join(sorted(_SPELLED, key=len)[::-1])})"
_RANGE = rf"{DIGITS}\s*[%％]?\s*[-~–]\s*{DIGITS}\s*[%％]"
PERCENT = (
    rf"(?:{_RANGE}|(?:{DIGITS}|{_ENGLISH})\s*(?:[%％]|per ?cent(?![a-z])|个百分点|个点)"
    rf"|百分之(?:{DIGITS}|{_HANZI})"
    rf"|[一二两三四五六七八九]成[半一二三四五六七八九]?(?!分)"
    rf"|(?<=[减砍缩降])半|{_HANZI}分之{_HANZI}|(?:two[ -]thirds|three[ -]quarters)(?![a-z])|[1-9]/[2-9](?!\d)"
    r"|一半|(?:a |by )?half(?![a-z])|(?:a |one )(?:third|fifth|tenth)(?![a-z])|(?:a|one) quarter(?![a-z]))"
)
"""Pattern of a share, without groups."""
STOPS = (
    r"(?:[一1]个?档的[二三四五六七八]分之[一二三四五六七]"
    rf"|(?:[1-9]/[2-9]|{DIGITS}|[二三四五六七八]分之[一二三四五六七]|{_HANZI}|半)\s*个?(?:档|挡|级(?![别棒市]))"
    rf"|(?:[1-9]/[2-9]|{DIGITS})\s*(?:of a )?(?:ev|stops?)(?![a-z])"
    r"|(?:(?:a|one)[ -])?(?:third|quarter|half)(?:(?: of)? a)?[ -]stop(?![a-z])"
    r"|(?:two[ -]thirds|three[ -]quarters)(?: of a)? stop(?![a-z])|(?:a|one|two)\sstops?(?![a-z]))"
)
"""Pattern of stops of exposure, without groups."""
TIMES = (
    rf"(?:(?:{DIGITS}|{_HANZI})\s*倍|翻倍|加倍|(?:twice|double|triple|(?:two|three|four) times)(?![a-z])"
    rf"|{DIGITS}\s*(?:x(?![a-z])|×|times(?![a-z])))"
)
"""Pattern of a factor, without groups."""
_COUNTS = {"a couple of": 2.0, "a couple": 2.0, "a few": 3.0}
_ANGLE = (
    rf"(?:(?:{DIGITS}|{_ENGLISH}|{'|'.join(_COUNTS)})\s*(?:度|°|deg(?:rees?)?(?![a-z]))"
    rf"|{_HANZI}度半?|半度|half a degree)"
)
AMOUNT = rf"(?:{STOPS}|{TIMES}|{_ANGLE}|{PERCENT}|{DIGITS}(?!\s*(?:px|像素|k|d|:|：)))"
"""Any of them, or only a number."""

_FIGURE = rf"(?>[+-]?{DIGITS}(?:\s*(?:[%％]|per ?cent|k(?![a-z])|ev|stops?|档|度|°|成))?)"
_REACHES = rf"(?:到|至|成为?|为){_FIGURE}"
_ARROW = r"(?:→|[-=]>)"
_PRESENT = re.compile(
    # A range is no change: "from 5 to 10% bigger".
    rf"(?i)\bfrom (?:about |around )?{_FIGURE}(?= (?:up |down |back )?to {_FIGURE}(?! (?:more|less|\w+er)\b))"
    rf"|\b(?:is|it's)(?: now| currently)?(?: at)? {_FIGURE},?(?= (?:make|set|take|bring|put) (?:it|that) )"
    rf"|(?:[从由]|现在是?|目前是?){_FIGURE}[，,]?(?=[\u4e00-\u9fff]{{0,2}}{_REACHES})"
    rf"|(?<=[\u4e00-\u9fff]){_FIGURE}(?=[改降升加减调提]{_REACHES})"
    rf"|(?:(?<=[\w:：] )|(?<=[^\d\s.,，。+-])){_FIGURE}\s*{_ARROW}(?=\s*{_FIGURE})"
)
"""Pattern of a figure before it changes: "from 60%" of "from 60% to 70%", "40→" of "虚化40→20"."""


def without_present(text: str) -> str:
    """Blank what figures are at present, where the text says what they shall be: "饱和度从100%降到80%".

    Returns:
        A text of the same length, in which an arrow has become "到".
    """
    return _PRESENT.sub(lambda found: _blank(found.group()), text)


def _blank(words: str) -> str:
    return f"{' ' * (len(words) - 1)}{'到' if words[-1] in '→>' else ' '}"


STEPS = {"slight": 0.6, "usual": 1.0, "strong": 1.6}
"""Steps that words mean which give no number, by degree."""

_VALUE = re.compile(rf"{DIGITS}|{_HANZI}|半|half|{_ENGLISH}")
_SHARES = {
    "一半": 0.5,
    "半": 0.5,
    "thirds": 2 / 3,
    "quarters": 0.75,
    "third": 1 / 3,
    "quarter": 0.25,
    "fifth": 0.2,
    "tenth": 0.1,
    "half": 0.5,
    "halv": 0.5,
}
_ONES = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_EN = {"one": 1.0, "two": 2.0, "a": 1.0}
_PERCENT = re.compile(PERCENT)
_BETWEEN = re.compile(_RANGE)
_STOPS = re.compile(STOPS)
_TIMES = re.compile(TIMES)
_NUMBER = re.compile(DIGITS)
_IS_FRACTION = re.compile("/|分之|third|quarter|half")
_IS_PERCENT = re.compile("[%％]|per ?cent|点|百分|成")


@lru_cache(maxsize=256)  # the readers of a phrase ask for the same words a dozen times
def share(words: str) -> float | None:
    """The share that words name, 1 being the whole; None without one."""
    named = next((value for name, value in _SHARES.items() if name in words), None)
    if named is not None and "成" not in words:
        return named
    found = _PERCENT.search(words)
    if not found:
        return None
    if _BETWEEN.fullmatch(found.group()):
        return 0.005 * sum(map(float, _NUMBER.findall(found.group())))  # the middle of a range
    if "/" in found.group():
        part, whole = found.group().split("/")
        return int(part) / int(whole)
    whole, is_fraction, part = found.group().partition("分之")
    if is_fraction and whole != "百":
        return _value(part) / _value(whole)
    tenths, is_tenths, rest = found.group().partition("成")
    if is_tenths:
        return _value(tenths) * 0.1 + _value(rest) * (0.1 if rest == "半" else 0.01)
    return _value(found.group()) * 0.01


def stops(words: str) -> float | None:
    """The stops of exposure that words name; None without any."""
    found = _STOPS.search(words)
    if not found:
        return None
    if _IS_FRACTION.search(found.group()):
        return share(found.group().rpartition("档的")[2])  # "一档的四分之一"
    named = next((value for name, value in _EN.items() if found.group().startswith(f"{name} ")), None)
    return _value(found.group()) if named is None else named


def times(words: str) -> float | None:
    """The factor that words name; None without one."""
    found = _TIMES.search(words)
    if not found:
        return None
    named = next((factor for word, factor in _FACTORS.items() if found.group().startswith(word)), None)
    return _value(found.group()) if named is None else named


_FACTORS = {
    "翻倍": 2.0,
    "加倍": 2.0,
    "一倍": 2.0,
    "twice": 2.0,
    "double": 2.0,
    "two": 2.0,
    "triple": 3.0,
    "three": 3.0,
    "four": 4.0,
}


def degrees(words: str) -> float | None:
    """The angle that words name, in degrees; None without one."""
    if not re.search("度|°|deg", words):
        return None
    named = next((count for word, count in _COUNTS.items() if re.search(rf"\b{word} deg", words)), None)
    return _value(words) + 0.5 * words.endswith("度半") if named is None else named


def factor(words: str) -> float | None:
    """The factor that words name, "half" or "twice"; None for a percentage or stops."""
    is_other = _IS_PERCENT.search(words) or stops(words) is not None
    return times(words) or (None if is_other else share(words))


def is_bare(words: str) -> bool:
    """Whether words are a figure without any unit."""
    return bool(_NUMBER.fullmatch(words.strip().lstrip("+- ")))


def number(words: str) -> float | None:
    """The first plain number; None without one."""
    found = _NUMBER.search(words)
    return float(found.group()) if found else None


def _value(words: str) -> float:
    found = _VALUE.search(words.removeprefix("百分之"))
    if not found:
        return 0.0
    said = found.group()
    if said[0] in "0123456789.":
        return float(said)
    if said in ("半", "half"):
        return 0.5
    if said.isascii():
        return sum(_SPELLED[word] for word in re.split("[ -]", said))
    tens, ten, ones = said.rpartition("十")
    return 10.0 * (_ONES.get(tens[-1:], 1) if ten else 0) + _ONES.get(ones[-1:], 0)
