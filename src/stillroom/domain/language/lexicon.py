"""The words that instructions are read with: a dictionary with longest match, and typos of one letter."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

from stillroom.domain.language.documents import LanguageFile, StyleFile
from stillroom.domain.language.letters import plain

Senses = Mapping[str, str]
"""What a word can mean: meaning by kind, such as `{"part": "light", "adjective": "bright+"}`."""

Document = Mapping[str, Mapping[str, Iterable[str]]]
"""Content of a language file: words by kind and meaning."""

_LATIN = re.compile(r"[a-z][a-z0-9]*(?:'[a-z]+)?")
_SHORTEST_TYPO = 5


class Lexicon:
    """Words of all languages with their senses.

    Args:
        documents: Language files. The same word may have several kinds, and one meaning of each.
    """

    def __init__(self, documents: Iterable[Document]) -> None:
        self._senses: dict[str, dict[str, str]] = {}
        for document in documents:
            for kind, meanings in document.items():
                for meaning, words in meanings.items():
                    for word in words:
                        self._senses.setdefault(spelt(word), {}).setdefault(kind, meaning)
        self._lengths = _lengths(self._senses)
        self._by_deletion: dict[str, set[str]] = {}
        for word in self._senses:
            if len(word) >= _SHORTEST_TYPO - 1 and _LATIN.fullmatch(word):
                for key in (word, *_deletions(word)):
                    self._by_deletion.setdefault(key, set()).add(word)

    @property
    def words(self) -> Mapping[str, Senses]:
        """All words with their senses."""
        return self._senses

    def longest(self, text: str, start: int) -> tuple[int, Senses] | None:
        """Return the end and the senses of the longest known word that begins at a position.

        Args:
            text: Normalised by `spelt`.
            start: An index at which a word may begin.
        """
        latin = text[start].isascii() and text[start].isalnum()
        for length in self._lengths.get(text[start], ()):
            end = start + length
            if end > len(text) or (latin and end < len(text) and _goes_on(text, end)):
                continue
            senses = self._senses.get(text[start:end])
            if senses:
                return end, senses
        return None

    def corrected(self, word: str) -> str | None:
        """Return the only known word that differs by one letter or by two swapped ones.

        Words of fewer than five letters are left alone, and the first letter must be right.
        """
        if word.endswith("s") and word[:-1] in self._senses:
            return word[:-1]
        if len(word) < _SHORTEST_TYPO:
            return None
        keys = (word, *_deletions(word))
        found = {known for key in keys for known in self._by_deletion.get(key, ()) if _is_close(word, known)}
        senses = {tuple(sorted(self._senses[known].items())) for known in found}
        return min(found) if len(senses) == 1 else None


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of the package."""
    files = [LanguageFile.model_validate_json(language_file(f"{name}.json")) for name in ("zh", "en")]
    styles = StyleFile.model_validate_json(language_file("styles.json")).styles
    return Lexicon([*(file.kinds for file in files), {"style": {style.id: style.words for style in styles}}])


def language_file(name: str) -> str:
    """Return the text of a file of the language catalogue."""
    return (resources.files("stillroom") / "catalog" / "language" / name).read_text(encoding="utf-8")


def spelt(text: str) -> str:
    """Normalise a text for look-ups, letter for letter: plain letters, hyphens between letters as spaces."""
    return re.sub(r"(?<=[a-z])-(?=[a-z])", " ", plain(text))


def _lengths(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    by_first: dict[str, set[int]] = {}
    for word in words:
        by_first.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in by_first.items()}


def _goes_on(text: str, end: int) -> bool:
    """Whether a Latin word continues at a position; a possessive does not count."""
    if text[end] == "'":
        return not text.startswith("'s", end)
    return text[end].isascii() and text[end].isalnum()


def _deletions(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


def _is_close(word: str, known: str) -> bool:
    if word[0] != known[0] or abs(len(word) - len(known)) > 1:
        return False
    shorter, longer = sorted((word, known), key=len)
    if len(shorter) < len(longer):
        return shorter in _deletions(longer)
    wrong = [i for i, (a, b) in enumerate(zip(word, known, strict=True)) if a != b]
    if len(wrong) == 2:
        i, j = wrong
        return j == i + 1 and word[i] == known[j] and word[j] == known[i]
    return len(wrong) == 1
