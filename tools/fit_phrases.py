"""Fit the phrase book: python tools/fit_phrases.py; needs the package scikit-learn.

Fits the phrases of `golden/phrases.json`, prints how those of `golden/phrases-*.json`, by other writers, are
read then, fits it and `golden/phrases-2.json` and writes `catalog/language/phrases.json`.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from stillroom.domain.language.phrase_book import FittedPhrases, PhraseBook, features, meanings
from stillroom.domain.language.words.lexicon import lexicon
from stillroom.domain.language.words.tokens import tokenise

ROOT = Path(__file__).parents[1]
FITTED = ROOT / "src" / "stillroom" / "catalog" / "language" / "phrases.json"
MIN_PHRASES = 3  # that a feature occurs in
MAX_WEIGHTS = 400  # of a wish; the others are dropped
INVERSE_PENALTY = 30.0
SCALE = 32
LEAST_SHARE = 0.012  # of a wish's phrases that a sense must occur in to be accounted for

Said = list[tuple[str, str]]
"""Phrases, each with the id of its wish."""


def said_in(name: str) -> Said:
    known = json.loads((ROOT / "golden" / name).read_text("utf-8"))
    return [
        (phrase, wish)
        for wish, one in known.items()
        for language in ("zh", "en")
        for phrase in one.get(language, ())
    ]


def rows_of(phrases: list[set[str]], columns: dict[str, int]) -> csr_matrix:
    """Return the features of phrases as unit vectors: (phrases, features)."""
    known = [[columns[name] for name in phrase if name in columns] for phrase in phrases]
    lengths = [len(row) for row in known]
    values = np.repeat([1 / np.sqrt(max(1, length)) for length in lengths], lengths)
    places = np.repeat(np.arange(len(known)), lengths)
    return csr_matrix((values, (places, np.concatenate(known))), shape=(len(known), len(columns)))


def senses_of(said: Said, wishes: dict[str, str]) -> dict[str, list[str]]:
    """Return the senses of words that each wish is said with."""
    found: dict[str, Counter[str]] = {wish: Counter() for wish in wishes}
    for phrase, wish in said:
        found[wish].update(name for token in meanings(tokenise(phrase, lexicon())) for name in token)
    counts = Counter(wish for _, wish in said)
    return {
        wish: sorted(name for name, count in senses.items() if count >= LEAST_SHARE * counts[wish])
        for wish, senses in found.items()
    }


def weights_of(said: Said, wishes: dict[str, str]) -> tuple[list[str], NDArray[np.int_], NDArray[np.int_]]:
    """Return the names of the features, their weights (features, wishes) and the biases, as integers."""
    phrases = [set(features(phrase, tokenise(phrase, lexicon()))) for phrase, _ in said]
    counts = Counter(name for phrase in phrases for name in phrase)
    names = sorted(name for name, count in counts.items() if count >= MIN_PHRASES)
    places = list(wishes)
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=40, tol=1e-3)
    model.fit(
        rows_of(phrases, {name: at for at, name in enumerate(names)}),
        [places.index(wish) for _, wish in said],
    )
    weights = model.coef_.T.copy()
    smallest = -np.partition(-np.abs(weights), MAX_WEIGHTS, axis=0)[MAX_WEIGHTS]
    weights[np.abs(weights) < smallest] = 0
    return names, np.rint(weights * SCALE).astype(int), np.rint(model.intercept_ * SCALE).astype(int)


def fit(said: Said, wishes: dict[str, str]) -> dict[str, Any]:
    """Return the content of `phrases.json`."""
    names, weights, biases = weights_of(said, wishes)
    return {
        "$schema": "../phrases.schema.json",
        "wishes": wishes,
        "senses": senses_of(said, wishes),
        "scale": SCALE,
        "biases": biases.tolist(),
        "weights": {
            name: [int(one) for wish in np.flatnonzero(row) for one in (wish, row[wish])]
            for name, row in zip(names, weights, strict=True)
            if row.any()
        },
    }


def report(book: PhraseBook, said: Said, wishes: dict[str, str]) -> None:
    """Print the shares of phrases that are taken for their wish, and for another one."""
    taken = [(book.wish_of(phrase, lexicon()), wishes[wish]) for phrase, wish in said]
    asking = [(says, meant) for says, meant in taken if meant]
    right = sum(says == meant for says, meant in asking)
    wrong = sum(bool(says) and says != meant for says, meant in asking)
    others = [says for says, meant in taken if not meant]
    print(f"{len(asking)} wishes by other writers: {right / len(asking):.3f} taken for theirs, ", end="")
    print(f"{wrong / len(asking):.3f} for another")
    print(
        f"{len(others)} that ask for no change: {sum(map(bool, others)) / len(others):.3f} taken for a wish"
    )


def main() -> None:
    known = json.loads((ROOT / "golden" / "phrases.json").read_text("utf-8"))
    wishes = {wish: one["says"] for wish, one in known.items()}
    first = said_in("phrases.json")
    book = PhraseBook(FittedPhrases.model_validate(fit(first, wishes)))
    for file in sorted((ROOT / "golden").glob("phrases-*.json")):
        print(file.name, end=": ")
        report(book, said_in(file.name), wishes)
    fitted = fit(first + said_in("phrases-2.json"), wishes)
    FITTED.write_text(json.dumps(fitted, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")


main()
