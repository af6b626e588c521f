"""Fit the confidence of the cut-out: L2-regularised logistic regression on its signals."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from stillroom.domain.errors import ValidationFailed
from stillroom.evaluation.cutout_results import CutoutRow
from stillroom.imaging.cutout.confidence import (
    SHARES,
    Coefficients,
    Logistic,
    Signals,
    features_of,
    limited,
)

RIDGE = 10.0
"""Strength of the L2 penalty on standardised features. Cross-validation on the tune halves hardly tells 2
from 20; a strong penalty keeps the confidence low where the few photos say little."""

LEAST_OF_EACH = 5
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


def fitted(examples: Sequence[Example]) -> Logistic:
    """Fit a model to examples.

    Weights are limited to the sign of their meaning: more agreement between networks never speaks against a
    matte. With so few photos, a weight of the other sign would fit chance.

    Args:
        examples: With signals of the scout or without, all alike.

    Raises:
        ValidationFailed: There are too few good or bad ones.
    """
    good = np.array([example.row.is_good for example in examples], np.float64)
    if min(good.sum(), (1 - good).sum()) < LEAST_OF_EACH:
        raise ValidationFailed(f"A fit needs {LEAST_OF_EACH} good and {LEAST_OF_EACH} bad cut-outs at least.")
    features = [features_of(example.signals) for example in examples]
    names = list(features[0])
    if any(list(one) != names for one in features):
        raise ValidationFailed("Runs with two networks and runs with one cannot be fitted together.")
    table = np.array([list(one.values()) for one in features], np.float64)
    signs = np.array([1.0 if name in SHARES else -1.0 for name in names])
    weights = np.array([example.weight for example in examples], np.float64)
    middle, spread = np.average(table, axis=0, weights=weights), table.std(axis=0) + 1e-9
    found = _logistic((table - middle) / spread, good, weights, signs)
    plain = found[1:] / spread
    return Logistic(
        intercept=round(float(found[0] - plain @ middle), 5),
        weights={name: round(float(value), 5) for name, value in zip(names, plain, strict=True) if value},
    )


def _logistic(table: NDArray[np.float64], good: _Vector, weights: _Vector, signs: _Vector) -> _Vector:
    """Fit intercept and weights of given signs by projected, accelerated gradient descent.

    Source:
        Beck and Teboulle, "A Fast Iterative Shrinkage-Thresholding Algorithm", 2009.
    """
    design = np.column_stack([np.ones(len(table)), table])
    penalty = np.append(0.0, np.full(len(signs), RIDGE))
    steepest = 0.25 * np.linalg.norm(design * np.sqrt(weights)[:, None], 2) ** 2 + RIDGE
    found = ahead = np.zeros(design.shape[1])
    pace = 1.0
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-design @ ahead))
        step = ahead - (design.T @ (weights * (chance - good)) + penalty * ahead) / steepest
        step[1:] = np.where(step[1:] * signs > 0, step[1:], 0.0)
        faster = (1 + math.sqrt(1 + 4 * pace * pace)) / 2
        ahead, found, pace = step + (pace - 1) / faster * (step - found), step, faster
    return found


def restated(example: Example, model: Logistic) -> CutoutRow:
    """Return the row of an example with the confidence that a model states."""
    return replace(example.row, confidence=limited(model.probability(example.signals), example.signals))


def coefficients_of(with_scout: Logistic, alone: Logistic) -> Coefficients:
    """Return both models in the form of the package."""
    schema = {"$schema": "./confidence.schema.json"}
    return Coefficients.model_validate({**schema, "with_scout": with_scout, "alone": alone})
