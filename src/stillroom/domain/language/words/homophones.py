"""Chinese typos: a character that sounds like the right one, as in "饱合度" for "饱和度"."""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import files

_SHORTEST, _LONGEST = 2, 4
_NUMBERS = frozenset("一二两三四五六七八九十半")
_ACCENTS = (("zh", "z"), ("ch", "c"), ("sh", "s"))
"""Initials that many speakers pronounce alike, and so mistype; so are endings with n and ng."""


class Homophones:
    """Known Chinese words of two to four characters by their sound."""

    def __init__(self, words: Iterable[str]) -> None:
        readings = _readings()
        self._by_sound: dict[str, list[str]] = {}
        for word in words:
            if _SHORTEST <= len(word) <= _LONGEST and all(map(_is_han, word)):
                sound = "".join(f"{readings.get(letter, letter)} " for letter in word)
                self._by_sound.setdefault(sound, []).append(word)

    def of(self, text: str, start: int) -> tuple[int, str] | None:
        """Return the end of the longest typo that begins at a position, and the word that is meant."""
        readings, sound, found = _readings(), "", None
        for end in range(start + 1, min(len(text), start + _LONGEST) + 1):
            syllable = readings.get(text[end - 1])
            if syllable is None:
                break
            sound += syllable + " "
            for word in self._by_sound.get(sound, ()):
                if _is_typo(text[start:end], word):
                    found = (end, word)
        return found


def _is_typo(said: str, word: str) -> bool:
    """Whether one character differs, and it is no number."""
    wrong = [one for one, other in zip(said, word, strict=True) if one != other]
    return len(wrong) == 1 and wrong[0] not in _NUMBERS


def _is_han(letter: str) -> bool:
    return "\u4e00" <= letter <= "\u9fff"


@cache
def _readings() -> Mapping[str, str]:
    """Return the usual reading of each character in pinyin, without tones and accents.

    The table of the package pypinyin is read as data: importing it would load its phrases too.
    """
    file = next(file for file in files("pypinyin") or () if file.name == "pinyin_dict.json")
    table = json.loads(file.read_text("utf-8"))
    letters = ((chr(int(code)), said.split(",")[0]) for code, said in table.items())
    return {letter: _plain(said) for letter, said in letters if _is_han(letter)}


def _plain(syllable: str) -> str:
    plain = "".join(one for one in unicodedata.normalize("NFD", syllable) if not unicodedata.combining(one))
    for accented, usual in _ACCENTS:
        plain = plain.replace(accented, usual)
    return plain.removesuffix("g") if plain.endswith("ng") else plain
