"""Statistics: percentiles and confidence intervals."""

import math
import random
from collections.abc import Sequence
from statistics import fmean

import numpy as np

CONFIDENCE = 0.95
"""Confidence level of all intervals."""

_Z = 1.959964  # two-sided standard normal quantile of CONFIDENCE
_RESAMPLES = 2000  # the ends of an interval then vary by less than a fiftieth of its width
_SEED = 2015  # fixed, so that equal data give equal intervals

Interval = tuple[float, float]


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return a percentile with linear interpolation; None for no values."""
    return float(np.quantile(values, share)) if values else None


def wilson_interval(hits: int, of: int) -> Interval | None:
    """Return the Wilson interval of a share of `hits` in `of`; None when `of` is 0.

    Source:
        Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927.
    """
    if of == 0:
        return None
    share, square = hits / of, _Z**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    reach = _Z / (1 + square / of) * math.sqrt(share * (1 - share) / of + square / (4 * of**2))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def difference_interval(pairs: Sequence[tuple[Sequence[float], Sequence[float]]]) -> Interval:
    """Return the bootstrap interval of the mean difference between two runs.

    Args:
        pairs: Values before and after of each case, one per repeat; at least one of each.

    Returns:
        Interval of the mean over cases of after minus before. Cases are resampled, and repeats within each
        case: one case without repeats has an interval of width 0.

    Source:
        Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13: percentile intervals.
    """
    if len(pairs) == 1 and len(pairs[0][0]) == len(pairs[0][1]) == 1:
        only = pairs[0][1][0] - pairs[0][0][0]
        return only, only
    draw = random.Random(_SEED)  # noqa: S311 -- resampling, not a secret
    means = []
    for _ in range(_RESAMPLES):
        chosen = [pairs[draw.randrange(len(pairs))] for _ in pairs]
        means.append(fmean([_drawn(after, draw) - _drawn(before, draw) for before, after in chosen]))
    tail = (1 - CONFIDENCE) / 2
    low, high = percentile(means, tail), percentile(means, 1 - tail)
    assert low is not None
    assert high is not None
    return low, high


def _drawn(values: Sequence[float], draw: random.Random) -> float:
    if len(values) == 1:
        return values[0]
    return fmean([values[draw.randrange(len(values))] for _ in values])


def share_of(values: Sequence[bool]) -> float | None:
    """Return the share of true values; None for no values."""
    return sum(values) / len(values) if values else None


def mean_or_none(values: Sequence[float | None]) -> float | None:
    """Return the mean of the known values; None when there is none."""
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
