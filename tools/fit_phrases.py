"""Fit the phrase book: python tools/fit_phrases.py; needs the package scikit-learn.

Reads `golden/phrases.json`, prints how well two thirds of the phrases predict the last third (three-fold
cross-validation), fits all of them and writes `catalog/language/phrases.json`.
"""

import json
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from stillroom.domain.language.lexicon import lexicon
from stillroom.domain.language.phrase_book import LEAST_PROBABILITY, features, meanings
from stillroom.domain.language.tokens import tokenise

ROOT = Path(__file__).parents[1]
PHRASES = ROOT / "golden" / "phrases.json"
FITTED = ROOT / "src" / "stillroom" / "catalog" / "language" / "phrases.json"
LEAST_PHRASES = 3  # that a feature occurs in
MOST_WEIGHTS = 400  # of a wish; the others are dropped
INVERSE_PENALTY = 30.0
SCALE = 32
LEAST_SHARE = 0.012  # of a wish's phrases that a sense must occur in to be accounted for

Weights = NDArray[np.float64]


def rows_of(phrases: list[set[str]], columns: dict[str, int]) -> csr_matrix:
    """Return the features of phrases as unit vectors: (phrases, features)."""
    known = [[columns[name] for name in phrase if name in columns] for phrase in phrases]
    lengths = [len(row) for row in known]
    values = np.repeat([1 / np.sqrt(max(1, length)) for length in lengths], lengths)
    places = np.repeat(np.arange(len(known)), lengths)
    return csr_matrix((values, (places, np.concatenate(known))), shape=(len(known), len(columns)))


def fit(phrases: list[set[str]], wishes: NDArray[np.int64]) -> tuple[dict[str, int], Weights, Weights]:
    """Return the columns of the features, their weights (features, wishes) and the biases."""
    counts = Counter(name for phrase in phrases for name in phrase)
    columns = {name: at for at, name in enumerate(sorted(n for n, c in counts.items() if c >= LEAST_PHRASES))}
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=40, tol=1e-3)
    model.fit(rows_of(phrases, columns), wishes)
    weights = model.coef_.T.copy()
    smallest = -np.partition(-np.abs(weights), MOST_WEIGHTS, axis=0)[MOST_WEIGHTS]
    weights[np.abs(weights) < smallest] = 0
    kept = np.flatnonzero(np.abs(weights).sum(axis=1))
    names = list(columns)
    return {names[at]: i for i, at in enumerate(kept)}, weights[kept], model.intercept_


def report(phrases: list[set[str]], wishes: NDArray[np.int64], asks: NDArray[np.bool_]) -> None:
    """Print the share of phrases that are taken for their wish and for another one."""
    best, probability = np.zeros(len(wishes), np.int64), np.zeros(len(wishes))
    for fitted, held_out in StratifiedKFold(3, shuffle=True, random_state=0).split(phrases, wishes):
        columns, weights, biases = fit([phrases[i] for i in fitted], wishes[fitted])
        scores = rows_of([phrases[i] for i in held_out], columns) @ weights + biases
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        best[held_out], probability[held_out] = scores.argmax(axis=1), 1 / odds.sum(axis=1)
    taken = (probability >= LEAST_PROBABILITY) & asks[best]
    right = best == wishes
    print(f"nearest wish right: {right.mean():.3f} of {len(wishes)} phrases")
    share = (taken & right)[asks[wishes]].mean()
    print(f"p >= {LEAST_PROBABILITY}: {share:.3f} of the wishes taken for theirs,")
    print(f"  {(~right[taken]).mean():.3f} of what is taken is wrong")


def main() -> None:
    known, words = json.loads(PHRASES.read_text("utf-8")), lexicon()
    said = [(phrase, at) for at, one in enumerate(known.values()) for phrase in (*one["zh"], *one["en"])]
    phrases = [set(features(phrase, tokenise(phrase, words))) for phrase, _ in said]
    wishes = np.array([at for _, at in said])
    report(phrases, wishes, np.array([bool(one["says"]) for one in known.values()]))
    columns, weights, biases = fit(phrases, wishes)
    scaled = np.rint(weights * SCALE).astype(int)
    senses = {}
    for wish, one in known.items():
        mine = (*one["zh"], *one["en"])
        counts = Counter(
            name for phrase in mine for token in meanings(tokenise(phrase, words)) for name in token
        )
        senses[wish] = sorted(name for name, count in counts.items() if count >= LEAST_SHARE * len(mine))
    fitted = {
        "$schema": "../phrases.schema.json",
        "wishes": {wish: one["says"] for wish, one in known.items()},
        "senses": senses,
        "scale": SCALE,
        "biases": np.rint(biases * SCALE).astype(int).tolist(),
        "weights": {
            name: [int(one) for wish in np.flatnonzero(scaled[at]) for one in (wish, scaled[at, wish])]
            for name, at in columns.items()
            if scaled[at].any()
        },
    }
    FITTED.write_text(json.dumps(fitted, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")


main()
