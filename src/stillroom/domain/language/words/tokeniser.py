"""Splits an instruction into tokens: known words, numbers, colours and the stretches between them."""

import re
import unicodedata
from dataclasses import replace

from stillroom.domain.language.words import amounts
from stillroom.domain.language.words.lexicon import Lexicon, inflected, spelt
from stillroom.domain.language.words.materials import with_materials
from stillroom.domain.language.words.phrasal_verbs import with_phrasal_verbs
from stillroom.domain.language.words.tokens import BREAK, GAP, NO_TOKEN, NUMBER, UNKNOWN, Token

_NUMBER = re.compile(
    r"(?:[+-](?!\s?\d{1,2}[:：]\d))?\s?"
    rf"(?:{amounts.DIGITS}\s*(?:mired|px(?![a-z]))|\d{{3,5}}\s*k(?:elvins?)?(?![a-z])|{amounts.AMOUNT})"
)
_RGB = re.compile(
    r"(?:rgb\s{0,2}[:：]?)?[(（]?\s?\d{1,3}(?:\s{0,2}[,，、/]\s{0,2}\d{1,3}){2}(?![\d%])\s?[)）]?"
    r"|rgb\s{0,2}\d{1,3}(?:\s{1,2}\d{1,3}){2}(?![\d%])"
)
_HEX = re.compile(r"(?:#|hex\s{1,2})(?:[0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-f])|[0-9a-f]{6}(?![0-9a-z])")
_CALLS_COLOUR = re.compile(
    r"(?:colou?r|ground|drop|bg|色|号|背景|底)(?: code| is| to| in|用|[换改]成|[为是])?[\s:：]{0,2}$"
)
"""Pattern of the words before six digits of a colour, which may else be the number of an article."""
_RATIO = re.compile(r"\d{1,2}(?:\s?[:：比]\s?|[x×*])\d{1,2}(?!\d|\.\d)")
_QUOTES = '"“「『《'
_QUOTED = re.compile('["“「『《][^"”」』》\n]{1,60}["”」』》]')
"""Words of somebody else, or lettering: nothing in them is a wish."""
_MARKER = re.compile(
    r"[1-9](?:[)）、]|[.．](?!\d(?![:：比]))|[:：](?!\s?\d)|\s(?=[\u3400-\u9fff])(?![倍个档度格步成次张号点半一二两三]))"
)
"""The number of an item of a list, before Chinese also without a point."""
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+")
_BREAKS = frozenset(",，。;；!！?？\n、～…—()（）①②③④⑤⑥⑦⑧⑨:：")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SLASH = re.compile(r"[\u3400-\u9fff]/[\u3400-\u9fff]")
_ENDS_HAN = re.compile(r"[\u3400-\u9fff%]")
_NUMBER_STARTS = frozenset("+-.一二两三四五六七八九十百半翻加0123456789adefhnost")

_BETWEEN = ("filler", "to", "is", "shade")
"""Kinds of words between the backdrop's noun and its colour."""


def tokenise(text: str, words: Lexicon) -> tuple[Token, ...]:
    """Split a text into tokens, always taking the longest known word, with typos put right."""
    typed = spelt(text)
    said, places = words.spelling.correct(typed)
    found: list[Token] = []
    at = 0
    while at < len(said):
        token = _token(said, at, words)
        if token is None:
            at += 1
            continue
        found.append(token)
        at = token.end
    found = with_phrasal_verbs(with_materials(found, said, words), words)
    # Few texts have typos and few words a class, and copies take time.
    if said != typed:
        found = [replace(one, start=places[one.start], end=places[one.end]) for one in found]
    classes = [words.classes_of(one.text) for one in found]
    found = [replace(one, classes=its) if its else one for one, its in zip(found, classes, strict=True)]
    return tuple(_with_hue(found, i) for i in range(len(found)))


def _with_hue(tokens: list[Token], i: int) -> Token:
    """Read what also has a colour as that colour beside the backdrop's noun: "copper background"."""
    token, after = tokens[i], tokens[i + 1] if i + 1 < len(tokens) else NO_TOKEN
    if "hue" not in token:
        return token
    is_last = after is NO_TOKEN or after.any(BREAK, "filler")
    before = next((one for one in reversed(tokens[:i]) if not one.any(*_BETWEEN)), NO_TOKEN)
    if (
        after.get("part") == "backdrop"
        or after.get("kind") == "tinted"
        or (is_last and before.get("part") == "backdrop")
    ):
        return replace(token, senses={"colour": token.get("hue")})
    others = {kind: meaning for kind, meaning in token.senses.items() if kind != "hue"}
    return replace(token, senses=others or {UNKNOWN: ""})


def _token(said: str, at: int, words: Lexicon) -> Token | None:
    letter = said[at]
    if letter.isspace() and letter != "\n":
        between_han = 0 < at < len(said) - 1 and _ENDS_HAN.match(said[at - 1]) and _HAN.match(said[at + 1])
        return Token(at, at + 1, " ", {GAP: ""}) if between_han else None
    quoted = _QUOTED.match(said, at) if letter in _QUOTES else None
    if quoted and not said[at - 1 : at].isdigit() and len(quoted.group()) < len(said.strip()):
        return Token(at, quoted.end(), quoted.group(), {"unread": ""})
    for kind, pattern in (("colour", _HEX), ("colour", _RGB), ("ratio", _RATIO)):
        match = pattern.match(said, at) if letter.isdigit() or letter in "#(（rhabcdef" else None
        if match and _is_plausible(kind, match.group(), said[:at]):
            return Token(at, match.end(), match.group(), {kind: _value(kind, match.group())})
    is_dash = letter in "-/" and said[at - 1 : at] == said[at + 1 : at + 2] == " " and at
    is_dash = is_dash and not said[at + 2 : at + 3].isdigit()
    is_dash = is_dash or (letter == "/" and at > 0 and bool(_SLASH.match(said, at - 1)))
    may_count = letter in _NUMBER_STARTS and not _in_word(said, at) and not is_dash
    if _MARKER.match(said, at) and (not said[at - 1 : at].isalnum() or _goes_on_counting(said, at)):
        return Token(at, at + 2, said[at : at + 2], {BREAK: ""})
    number = _NUMBER.match(said, at) if may_count else None
    known = words.longest(said, at) if not _in_word(said, at) else None
    if letter > "\u3000" and (known is None or known[0] == at + 1):
        known = words.misheard(said, at) or known
    if number and (known is None or number.end() >= known[0]):
        return Token(at, number.end(), number.group(), {NUMBER: ""})
    if known:
        return Token(at, known[0], said[at : known[0]], known[1])
    is_point = is_dash or (letter == "." and not said[at + 1 : at + 2].isdigit())
    if letter in _BREAKS or is_point or unicodedata.category(letter) == "So":
        return Token(at, at + 1, letter, {BREAK: ""})
    word = _WORD.match(said, at)
    if word:
        for right in () if _in_word(said, at) else inflected(word.group()):
            token = _corrected(said, word, right, words)
            if "quality" in token:  # "lengthened"
                return Token(at, token.end, said[at : token.end], token.senses)
        known_word = None if _in_word(said, at) else words.singular(word.group())
        if known_word:
            return _corrected(said, word, known_word, words)
        return Token(at, word.end(), word.group(), {UNKNOWN: ""})
    return Token(at, at + 1, letter, {UNKNOWN: ""}) if letter.isalnum() else None


def _corrected(said: str, word: re.Match[str], known: str, words: Lexicon) -> Token:
    """Return the token of a word with a typo, or of a phrase that begins with one."""
    at = word.start()
    found = words.longest(said[:at] + known + said[word.end() :], at)
    if found is None:
        return Token(at, word.end(), word.group(), {UNKNOWN: ""})
    end = found[0] - len(known) + len(word.group())
    return Token(at, max(end, word.end()), known, found[1])


def _goes_on_counting(said: str, at: int) -> bool:
    """Whether the marker before this one stands earlier in the text: "1.影子淡一点2.背景亮一点"."""
    return said[at - 1] > "\u3000" and f"{int(said[at]) - 1}{said[at + 1]}" in said[:at]


def _in_word(said: str, at: int) -> bool:
    before = said[at - 1 : at]
    return said[at].isascii() and said[at].isalpha() and before.isascii() and before.isalpha()


_MOST_BEFORE = 16
"""Characters before six digits that are searched for a word for a colour."""


def _is_plausible(kind: str, said: str, before: str) -> bool:
    if kind == "ratio":
        return not before[-1:].isdigit()
    if re.fullmatch("[0-9a-f]{6}", said):
        return bool(_CALLS_COLOUR.search(before[-_MOST_BEFORE:]))
    figures = [int(figure) for figure in re.findall(r"\d+", said)]
    return said.startswith(("#", "hex")) or (len(figures) == 3 and max(figures) <= 255)


def _value(kind: str, said: str) -> str:
    if kind == "ratio":
        return ":".join(re.findall(r"\d+", said))
    if not said.startswith("#") and re.fullmatch("(?:hex)? *[0-9a-f]{3,6}", said):
        said = "#" + said.removeprefix("hex").strip()
    if said.startswith("#"):
        return said if len(said) == 7 else "#" + "".join(digit * 2 for digit in said[1:])
    return "#" + "".join(f"{int(channel):02x}" for channel in re.findall(r"\d+", said))
