"""Step 6, small transformers over the tokens of a whole text: probabilities of changes of a plan.

`tools/fit_sentences.py` fits them to composed sentences, to written ones in `golden/` and to the readings
that the tests verify.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from stillroom.domain.language.words.lexicon import Lexicon, language_data, lexicon, spelt
from stillroom.domain.language.words.spelling import english
from stillroom.domain.language.words.tokeniser import tokenise
from stillroom.domain.language.words.tokens import Token

Array = NDArray[np.float32]
Chances = Mapping[str, float]
"""Probability of each label, such as `shadow.softness+`, `shadow.kind=none` or `told`."""

_LATIN = re.compile(r"[a-z]+(?:'[a-z]+)?")
_HAN = re.compile(r"[\u3400-\u9fff]")
MOST_TOKENS, _MOST_CHARACTERS = 60, 200
"""Length of a text that is read; bounds the time, and longer ones were not fitted."""
_SHORTEST_IN_PARTS, _IN_GAP = 5, 3
HEADS = 4
_TINY = 1e-5


class SentenceModel:
    """Mean of networks, whose mistakes differ."""

    def __init__(self, fitted: Mapping[str, NDArray[np.generic]]) -> None:
        self.labels: tuple[str, ...] = tuple(str(fitted["labels"]).split("\n"))
        parts: dict[str, dict[str, NDArray[np.generic]]] = {}
        for name, values in fitted.items():
            network, _, own = name.rpartition("/")
            parts.setdefault(network, {})[own] = values
        self._networks = [Network(part) for network, part in parts.items() if network]

    def chances(self, text: str, tokens: Sequence[Token]) -> Chances:
        """Return the probability of each label for a text, of `MOST_TOKENS` at most."""
        words = features(spelt(text), tokens)
        scores = np.mean([network.scores(words) for network in self._networks], 0)
        return dict(zip(self.labels, (1 / (1 + np.exp(-scores))).tolist(), strict=True))

    def knows(self, text: str) -> bool:
        """Whether all words and characters of a text were fitted, or are English."""
        said = lexicon().spelling.correct(spelt(text))[0]
        words = [word.removesuffix("'s") for word in _LATIN.findall(said)]
        names = [f"w:{word}" for word in words if word not in english()]
        names += [f"c:{sign}" for sign in _HAN.findall(said)]
        return all(any(network.knows(name) for network in self._networks) for name in names)


class Network:
    """Transformer over the words, senses and letters of a text."""

    def __init__(self, fitted: Mapping[str, NDArray[np.generic]]) -> None:
        self._places = {name: at for at, name in enumerate(str(fitted["features"]).split("\x1f"))}
        self._weights = {
            name: _restored(name, fitted)
            for name in fitted
            if name != "features" and not name.endswith(":scale")
        }
        self._layers = sum(name.endswith(".qkv") for name in self._weights)

    def knows(self, feature: str) -> bool:
        """Whether a feature was fitted."""
        return feature in self._places

    def scores(self, words: Sequence[Sequence[str]]) -> Array:
        """Return the score of each label, the logit of its probability, for the features of each token."""
        x = np.stack([self._embedded(word) for word in words])
        x += self._weights["position"][: len(x)]
        for layer in range(self._layers):
            x = self._attended(x, f"{layer}.")
        x = self._normed(x, "end")
        scores = (_softmax(self._dense(x, "query"), 0) * self._dense(x, "value")).sum(0)
        return np.asarray(scores + self._weights["bias"])

    def _embedded(self, word: Sequence[str]) -> Array:
        rows = [self._places[name] for name in word if name in self._places]
        return np.asarray(self._weights["words"][rows].sum(0))

    def _attended(self, x: Array, layer: str) -> Array:
        y = self._normed(x, f"{layer}first")
        near = self._weights[f"{layer}near"]
        before, after = np.zeros_like(y), np.zeros_like(y)
        before[1:], after[:-1] = y[:-1], y[1:]
        size = y.shape[1] // HEADS
        mixed = self._dense(y + near[0] * before + near[1] * after, f"{layer}qkv")
        q, k, v = mixed.reshape(len(y), 3, HEADS, size).transpose(1, 2, 0, 3)
        seen = _softmax(q @ k.transpose(0, 2, 1) / np.sqrt(np.float32(size)), -1) @ v
        x = x + self._dense(seen.transpose(1, 0, 2).reshape(x.shape), f"{layer}out")
        inner = np.maximum(self._dense(self._normed(x, f"{layer}second"), f"{layer}up"), 0)
        return np.asarray(x + self._dense(inner, f"{layer}down"))

    def _dense(self, x: Array, name: str) -> Array:
        # Pairs of rows are too small for the threads of BLAS, which cost more than they gain here.
        pairs = np.concatenate([x, x[: len(x) % 2]]).reshape(-1, 2, x.shape[1])
        product = (pairs @ self._weights[name]).reshape(-1, self._weights[name].shape[1])
        return np.asarray(product[: len(x)] + self._weights[f"{name}:bias"])

    def _normed(self, x: Array, name: str) -> Array:
        centred = x - x.mean(-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(-1, keepdims=True) + _TINY)
        return np.asarray(centred / spread * self._weights[name] + self._weights[f"{name}:bias"])


def features(text: str, tokens: Sequence[Token]) -> list[list[str]]:
    """Return for each token and sign its word, its senses and its letters; `text` is spelt."""
    found: list[list[str]] = []
    end = 0
    for token in tokens:
        found += _signs(text[end : token.start])
        end = token.end
        found.append(list(dict.fromkeys(_named(text[token.start : token.end], token))))
    return found + _signs(text[end:])


def _signs(gap: str) -> list[list[str]]:
    return [[f"p:{sign}"] for sign in gap.replace(" ", "")[:_IN_GAP]]


def _named(word: str, token: Token) -> Iterator[str]:
    yield f"w:{word}"
    yield from (f"s:{kind}={meaning}" for kind, meaning in token.senses.items())
    yield from (f"k:{kind}" for kind in token.senses)
    if token.text != word:
        yield f"w:{token.text}"
    for part in _LATIN.findall(word):
        yield f"w:{part}"
        if len(part) >= _SHORTEST_IN_PARTS:
            yield from (f"#{part[at : at + 4]}" for at in range(len(part) - 3))
    yield from (f"c:{sign}" for sign in _HAN.findall(word))


def _restored(name: str, fitted: Mapping[str, NDArray[np.generic]]) -> Array:
    values = fitted[name].astype(np.float32)
    if f"{name}:scale" not in fitted:
        return values
    values = values * fitted[f"{name}:scale"].astype(np.float32)
    return values if name in ("words", "position") else np.ascontiguousarray(values.T)


def _softmax(x: Array, axis: int) -> Array:
    shares = np.exp(x - x.max(axis, keepdims=True))
    return np.asarray(shares / shares.sum(axis, keepdims=True))


@cache
def sentence_model() -> SentenceModel:
    """Return the model of the catalogue."""
    with np.load(BytesIO(language_data("sentences.npz"))) as fitted:
        return SentenceModel(dict(fitted))


@lru_cache(maxsize=256)
def chances_of(text: str, words: Lexicon) -> Chances:
    """Return the probability of each label for a text; nothing for a text that is too long."""
    if len(text) > _MOST_CHARACTERS:
        return {}
    text = words.spelling.correct(spelt(text))[0]
    tokens = tokenise(text, words)
    is_fitted = 0 < len(features(spelt(text), tokens)) <= MOST_TOKENS
    return sentence_model().chances(text, tokens) if is_fitted else {}
