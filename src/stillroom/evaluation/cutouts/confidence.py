"""Fit the confidence of the cut-out: L2-regularised logistic regression on its signals."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from stillroom.domain.errors import ValidationFailed
from stillroom.evaluation.cutouts.masked_photos import half_of
from stillroom.evaluation.cutouts.results import CutoutRow
from stillroom.imaging.cutout.confidence import (
    KINDS,
    SHARES,
    Coefficients,
    Kind,
    Logistic,
    Signals,
    coefficients,
    features_of,
    limited,
)

RIDGE = 10.0
"""Strength of the L2 penalty on standardised features. In cross-validation on the tune
halves, 2 and 20 are nearly equal; a strong penalty keeps the confidence low where photos are few."""

REFIT_RIDGE = 1.0
"""The same where a few weights are fitted and the others are kept."""

MIN_OF_EACH = 5
"""Good and bad cut-outs without which nothing can be fitted."""

_STEPS = 4000  # of accelerated gradient descent; more change no digit of the coefficients

_Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A measured cut-out with its signals.

    Attributes:
        weight: How much it counts; photos count more than renders.
    """

    row: CutoutRow
    signals: Signals
    weight: float = 1.0


def examples_of(
    rows: Sequence[CutoutRow], signals: Mapping[str, Mapping[str, float]], weight: float
) -> list[Example]:
    """Pair the rows of a run with their signals; rows without any are left out."""
    names = {field.name for field in fields(Signals)}
    return [
        Example(row, Signals(**signals[row.name]), weight)
        for row in rows
        if set(signals.get(row.name, {})) == names
    ]


def fitted_to(
    examples: Sequence[Example], only: Sequence[str]
) -> tuple[Coefficients, dict[Kind, list[CutoutRow]]]:
    """Fit each model to the tune half of the cut-outs that need it; a model without cut-outs is kept.

    Args:
        examples: Cut-outs, whatever was asked about them.
        only: Signals whose weights are fitted, beside the intercept; a model without them is kept as well.
            Empty fits all.

    Returns:
        All models, and by fitted model the rows of its cut-outs with the confidence that it states.

    Raises:
        ValidationFailed: There are too few cut-outs to fit, or a signal does not exist.
    """
    models, rows = coefficients(), {}
    known = {name for one in examples for name in features_of(one.signals)}
    if unknown := sorted(set(only) - known):
        raise ValidationFailed(
            f"There is no signal {unknown[0]}; the signals are {', '.join(sorted(known))}."
        )
    for kind in KINDS:
        some = [one for one in examples if models.kind_for(one.signals) == kind]
        if not some or not set(only) <= set(features_of(some[0].signals)):
            continue
        tune = [one for one in some if half_of(one.row.name) == "tune"]
        model = refitted(tune, getattr(models, kind), only) if only else fitted(tune)
        models = models.model_copy(update={kind: model})
        rows[kind] = [restated(one, model) for one in some]
    return models, rows


def fitted(examples: Sequence[Example]) -> Logistic:
    """Fit a model to examples.

    Weights are limited to the sign of their meaning: more agreement between networks never speaks against a
    matte. With so few photos, a weight of the other sign would fit chance.

    Args:
        examples: With signals of the scout or without, all alike.

    Raises:
        ValidationFailed: There are too few good or bad ones.
    """
    features = _features_of(examples)
    return _fitted(examples, features, np.zeros(len(examples)), RIDGE)


def refitted(examples: Sequence[Example], model: Logistic, only: Sequence[str]) -> Logistic:
    """Fit the intercept and some weights again, and keep the other weights of a model.

    A few new examples cannot replace those that the model was fitted to, but they can set a few figures.

    Args:
        model: Its intercept and its weights of `only` are replaced.

    Raises:
        ValidationFailed: There are too few good or bad ones.
    """
    features = _features_of(examples)
    kept = {name: weight for name, weight in model.weights.items() if name in set(features[0]) - set(only)}
    offset = np.array([sum(weight * one[name] for name, weight in kept.items()) for one in features])
    few = [{name: one[name] for name in only} for one in features]
    found = _fitted(examples, few, offset, REFIT_RIDGE)
    return Logistic(intercept=found.intercept, weights=kept | found.weights)


def _features_of(examples: Sequence[Example]) -> list[dict[str, float]]:
    good = sum(example.row.is_good for example in examples)
    if min(good, len(examples) - good) < MIN_OF_EACH:
        raise ValidationFailed(f"A fit needs {MIN_OF_EACH} good and {MIN_OF_EACH} bad cut-outs at least.")
    features = [features_of(example.signals) for example in examples]
    if any(list(one) != list(features[0]) for one in features):
        raise ValidationFailed("Cut-outs that different networks were asked about cannot be fitted together.")
    return features


def _fitted(
    examples: Sequence[Example], features: Sequence[dict[str, float]], offset: _Vector, ridge: float
) -> Logistic:
    """Fit a model of features, given the logit that each example has without them."""
    names = list(features[0])
    table = np.array([list(one.values()) for one in features], np.float64)
    signs = np.array([1.0 if name in SHARES else -1.0 for name in names])
    weights = np.array([example.weight for example in examples], np.float64)
    good = np.array([example.row.is_good for example in examples], np.float64)
    middle, spread = np.average(table, axis=0, weights=weights), table.std(axis=0) + 1e-9
    found = _logistic((table - middle) / spread, good, weights, signs, offset, ridge)
    plain = found[1:] / spread
    return Logistic(
        intercept=round(float(found[0] - plain @ middle), 5),
        weights={name: round(float(value), 5) for name, value in zip(names, plain, strict=True) if value},
    )


def _logistic(
    table: NDArray[np.float64],
    good: _Vector,
    weights: _Vector,
    signs: _Vector,
    offset: _Vector,
    ridge: float,
) -> _Vector:
    """Fit intercept and weights of given signs by projected, accelerated gradient descent.

    Source:
        Beck and Teboulle, "A Fast Iterative Shrinkage-Thresholding Algorithm", 2009.
    """
    design = np.column_stack([np.ones(len(table)), table])
    penalty = np.append(0.0, np.full(len(signs), ridge))
    steepest = 0.25 * np.linalg.norm(design * np.sqrt(weights)[:, None], 2) ** 2 + ridge
    found = ahead = np.zeros(design.shape[1])
    pace = 1.0
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-design @ ahead - offset))
        step = ahead - (design.T @ (weights * (chance - good)) + penalty * ahead) / steepest
        step[1:] = np.where(step[1:] * signs > 0, step[1:], 0.0)
        faster = (1 + math.sqrt(1 + 4 * pace * pace)) / 2
        ahead, found, pace = step + (pace - 1) / faster * (step - found), step, faster
    return found


def restated(example: Example, model: Logistic) -> CutoutRow:
    row, probability = example.row, model.probability(example.signals)
    is_asked = not row.certain and row.subjects > 1
    return replace(row, confidence=limited(probability, example.signals, is_asked=is_asked))
