"""Step 6, linear classifier of phrases: the common wish that a phrase states in unknown words.

`tools/fit_phrases.py` fits it to the phrases of `golden/phrases.json` and `golden/phrases-2.json`.
"""

import math
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from stillroom.domain.language.clauses.phrases import is_content
from stillroom.domain.language.words.lexicon import Lexicon, english, language_file, spelt
from stillroom.domain.language.words.tokens import NUMBER, UNKNOWN, Token, kinds, tokenise
from stillroom.domain.plans.plan import PLAN_PARTS

LEAST_PROBABILITY = 0.8
"""Probability from which a phrase is taken for a wish.

Fitted to `golden/phrases.json` alone, the book takes 38 % of the wishes in `golden/phrases-2.json`, by other
writers, for theirs and .9 % for another.
"""

_MOST_CHARACTERS = 60
"""Length of a phrase that is classified; a longer one states more than one wish."""
_LEAST_HAN, _LEAST_WORDS = 3, 3
_SHORTEST_IN_PARTS = 5
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_AMOUNT = re.compile(
    r"\d|半|[一两二三四五六七八九十几][成倍档度级]|\b(?:halve|third|quarter|double|twice|degrees?|stops?)\b"
    r"|(?<!left )(?<!right )(?<!top )(?<!bottom )(?<!upper )(?<!lower )\bhalf\b"
)
_NOW = re.compile(r"\bright now\b|\bat the moment\b|\bcurrently\b|目前")
"""Words that state how the picture is; the grammar alone decides on them."""
_NEVER = kinds(
    "neg none not_enough not_too instead_of than undo fine keep previous original except mood unread ratio"
)
"""Kinds of words that turn a wish or speak of another picture: the grammar alone decides on them."""

Senses = tuple[str, ...]


class FittedPhrases(BaseModel):
    """Content of `phrases.json`.

    Attributes:
        wishes: For each wish its name in words that the grammar reads; empty for what asks for no change.
        senses: For each wish the senses of words that its phrases are made of.
        scale: Divisor of biases and weights, which are stored as integers.
        biases: Bias of each wish, in the order of `wishes`.
        weights: For each feature, indices of wishes and their weights, in turn.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: str | None = Field(default=None, alias="$schema")
    wishes: dict[str, str]
    senses: dict[str, Senses]
    scale: Annotated[int, Field(gt=0)]
    biases: tuple[int, ...]
    weights: dict[str, tuple[int, ...]]


class PhraseBook:
    """Softmax regression over words, characters and their senses."""

    def __init__(self, fitted: FittedPhrases) -> None:
        self._wishes = tuple(fitted.wishes.items())
        self._senses = {wish: frozenset(senses) for wish, senses in fitted.senses.items()}
        self._biases = [one / fitted.scale for one in fitted.biases]
        self._weights = {
            name: tuple((at, weight / fitted.scale) for at, weight in zip(flat[::2], flat[1::2], strict=True))
            for name, flat in fitted.weights.items()
        }

    def wish_of(self, text: str, words: Lexicon, about: str = "") -> str:
        """Return the wish of a phrase in words that the grammar reads, or an empty string.

        Args:
            text: The phrase as the user wrote it.
            words: The lexicon.
            about: The part of the plan that the phrase before is about; empty if there is none.
        """
        said = spelt(text)
        if not _is_classifiable(said):
            return ""
        tokens = tokenise(text, words)
        wish, says, probability = self.nearest(text, tokens)
        is_elsewhere = (
            about in PLAN_PARTS and not wish.startswith(about) and not any("part" in t for t in tokens)
        )
        if probability < LEAST_PROBABILITY or is_elsewhere or not self._accounts_for(wish, tokens):
            return ""
        if not all(self._is_word(word) for word in (*_WORD.findall(said), *"".join(_HAN.findall(said)))):
            return ""
        return says

    def nearest(self, text: str, tokens: Sequence[Token]) -> tuple[str, str, float]:
        """Return the most likely wish of a phrase: its id, its name for the grammar and its probability."""
        chances = self._chances(text, tokens)
        best = max(range(len(chances)), key=chances.__getitem__)
        return *self._wishes[best], chances[best]

    def _chances(self, text: str, tokens: Sequence[Token]) -> list[float]:
        known = [weights for name in set(features(text, tokens)) if (weights := self._weights.get(name))]
        scores = list(self._biases)
        scale = 1 / math.sqrt(max(1, len(known)))
        for weights in known:
            for at, weight in weights:
                scores[at] += weight * scale
        highest = max(scores)
        shares = [math.exp(score - highest) for score in scores]
        whole = sum(shares)
        return [share / whole for share in shares]

    def _accounts_for(self, wish: str, tokens: Sequence[Token]) -> bool:
        """Whether every known word is one that the wish is said with; two colours are never one wish."""
        if any(token.of(_NEVER) for token in tokens):
            return False
        if sum("colour" in token for token in tokens) > 1:
            return False
        if any("too" in token for token in tokens) and any("side" in token for token in tokens):
            return False  # "too far left" asks for the other side
        return all(not self._senses[wish].isdisjoint(senses) for senses in meanings(tokens))

    def _is_word(self, word: str) -> bool:
        return word in self._weights or word.removesuffix("'s") in english()


def _is_classifiable(said: str) -> bool:
    """Whether a phrase has a usual length, no amount, and does not state how the picture is."""
    is_short = len("".join(_HAN.findall(said))) < _LEAST_HAN and len(_WORD.findall(said)) < _LEAST_WORDS
    is_open = not (_AMOUNT.search(said) or _NOW.search(said))
    return not is_short and len(said) <= _MOST_CHARACTERS and is_open


def features(text: str, tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the features of a phrase: words and characters with their neighbours, senses and their pairs."""
    said = spelt(text)
    latin = _WORD.findall(said)
    for size in (1, 2, 3):
        yield from (" ".join(latin[at : at + size]) for at in range(len(latin) - size + 1))
        for run in _HAN.findall(said):
            yield from (run[at : at + size] for at in range(len(run) - size + 1))
    for word in latin:
        if len(word) >= _SHORTEST_IN_PARTS:
            yield from (f"#{word[at : at + 4]}" for at in range(len(word) - 3))
    senses = [_named(token) for token in tokens]
    yield from (f"{one}!" for token in senses for one in token)
    for before, after in combinations(senses, 2):
        yield from (f"{min(one, other)}&{max(one, other)}" for one in before for other in after)


def meanings(tokens: Sequence[Token]) -> list[list[str]]:
    """Return the senses of each known word that can be wished for."""
    return [_named(token) for token in tokens if UNKNOWN not in token and is_content(token)]


_NO_SENSE = frozenset(("filler", "opaque", "gap", UNKNOWN, NUMBER))


def _named(token: Token) -> list[str]:
    return [f"{kind}={meaning}" for kind, meaning in token.senses.items() if kind not in _NO_SENSE]


@cache
def phrase_book() -> PhraseBook:
    """Return the phrase book of the catalogue."""
    return PhraseBook(FittedPhrases.model_validate_json(language_file("phrases.json")))
