"""English typos: a word one letter off a known one, as in "shaddow", "marbel" and "lft"."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

from symspellpy import SymSpell, Verbosity

_WORD = re.compile(r"(?<![a-z0-9'#@./_])[a-z]{3,14}(?![a-z0-9'@_/]|\.[a-z])|(?<=[a-z,.;:!?])  +(?=[a-z])")
"""Pattern of a word, or of several spaces between two."""
_SHORTEST = 4
"""Letters of the shortest word that is meant by a typo other than two swapped letters."""
_USUAL = 200_000
"""Occurrences in the frequency list from which a word is taken as meant; of 82,765 words 43,000 have more."""
_MEANT = frozenset(
    (
        *("part", "property", "adjective", "quality", "effect", "kind", "scene", "near_scene", "side"),
        *("colour", "shade", "degree", "style", "less", "more", "none", "rotate"),
    )
)
"""Kinds of words that a typo is rather of than of others."""
_ENDINGS = {
    **dict.fromkeys(("ing", "ed", "en", "ly", "ish", "ness"), ("", "e")),
    "ier": ("y",),
    "iest": ("y",),
}
"""Endings of the forms of a word, with those that the word itself may have instead."""
_MOST_KEPT = 4096
_NEIGHBOURS = [{*pair} for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm") for pair in pairwise(row)]
"""Letters whose keys are side by side."""


class Spelling:
    """Corrections to the words of a lexicon.

    Args:
        words: Words and phrases with their senses. Chinese ones are passed over.
    """

    def __init__(self, words: Mapping[str, Mapping[str, str]]) -> None:
        self._known: dict[str, bool] = {}
        for phrase, senses in words.items():
            for word in phrase.split(" ") if phrase.isascii() else ():
                self._known[word] = self._known.get(word, False) or not _MEANT.isdisjoint(senses)
        self._near = SymSpell(max_dictionary_edit_distance=1)
        for word in self._known:
            if len(word) >= _SHORTEST and word.isalpha():
                self._near.create_dictionary_entry(word, 1)
        self.corrected = lru_cache(_MOST_KEPT)(self._corrected)

    def correct(self, text: str) -> tuple[str, Sequence[int]]:
        """Return a lower-case text with single spaces and without typos, and where each letter was."""
        parts, places, end = list[str](), list[int](), 0
        for found in _WORD.finditer(text):
            right = " " if found.group()[0] == " " else self.corrected(found.group())
            if right != found.group():
                parts += [text[end : found.start()], right]
                places += range(end, found.start())
                places += [min(found.start() + at, found.end() - 1) for at in range(len(right))]
                end = found.end()
        return "".join((*parts, text[end:])), (*places, *range(end, len(text) + 1))

    def _corrected(self, word: str) -> str:
        """Return the known word that differs by one letter or by two swapped ones, else the word itself.

        English words are never corrected, nor is a first letter unless it was swapped with the second or hit
        on the key beside. Of several, one that says what shall change is likelier than another, one with a
        letter more than one with as many or less, one of a key beside than others, and then the usual one.
        """
        if self._is_word(word):
            return word
        pairs = range(1, len(word) - 1)
        swaps = range(len(word) < _SHORTEST, len(word) - 1)
        swapped = {f"{word[:i]}{word[i + 1]}{word[i]}{word[i + 2 :]}" for i in swaps} & self._known.keys()
        if len(swapped) == 1:
            return swapped.pop()
        doubled = (i for i in pairs if word[i] == word[i + 1])
        once = next((one for i in doubled if self._known.get(one := word[:i] + word[i + 1 :])), None)
        if once:
            return once
        near = self._near.lookup(word, Verbosity.ALL, max_edit_distance=1)
        usual = english()
        likely = sorted(
            (self._known[term], len(term) > len(word), is_slip, usual.get(term, 0), term)
            for term in (one.term for one in near)
            for is_slip in (_is_slip(word, term),)
            if (is_slip or term[0] == word[0]) and (len(word) >= _SHORTEST or self._known[term])
        )
        return likely[-1][-1] if likely else word

    def _is_word(self, word: str) -> bool:
        """Whether a word is known or English, also as a plural or as another form of one."""
        stems = (word, word if word.endswith("ss") else word.removesuffix("s"))
        if any(stem in self._known or english().get(stem, 0) >= _USUAL for stem in stems):
            return True
        return any(stem in self._known for stem in _stems(word))


def _is_slip(word: str, meant: str) -> bool:
    """Whether one letter is that of the key beside: "kess" for "less"."""
    wrong = [{*pair} for pair in zip(word, meant, strict=False) if pair[0] != pair[1]]
    return len(word) == len(meant) and len(wrong) == 1 and wrong[0] in _NEIGHBOURS


def _stems(word: str) -> Iterator[str]:
    """Yield the words that a word may be a form of: "shrinking", "trimmed", "bluish", "creamier"."""
    for ending, own in _ENDINGS.items():
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 2:
            yield from (f"{stem}{letter}" for letter in own)
            if "" in own and stem[-1] == stem[-2] != stem[-3]:
                yield stem[:-1]


@cache
def english() -> Mapping[str, int]:
    """Return English words with how often they occur."""
    lines = (resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt").read_text("utf-8-sig")
    return {word: int(count) for word, count in (line.split(" ") for line in lines.splitlines())}
