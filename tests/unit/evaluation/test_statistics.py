"""Percentiles and intervals."""

import pytest

from stillroom.evaluation.statistics import (
    difference_interval,
    mean_or_none,
    percentile,
    share_of,
    wilson_interval,
)


def test_a_percentile_lies_between_its_neighbours() -> None:
    assert percentile([40.0, 10.0, 30.0, 20.0], 0.5) == 25.0
    assert percentile([1.0, 2.0, 3.0], 1.0) == 3.0
    assert percentile([7.0], 0.95) == 7.0
    assert percentile([], 0.95) is None


def test_wilsons_interval_agrees_with_its_printed_values() -> None:
    # Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3.
    for hits, of, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)):
        interval = wilson_interval(hits, of)
        assert interval is not None
        assert interval[0] == pytest.approx(low, abs=5e-5)
        assert interval[1] == pytest.approx(high, abs=5e-5)


def test_empty_sample_has_no_interval_share_or_mean() -> None:
    assert wilson_interval(0, 0) is None
    assert share_of([]) is None
    assert mean_or_none([None, None]) is None
    assert mean_or_none([None, 2.0, 4.0]) == 3.0


def test_uniform_loss_is_significant_and_mixed_losses_are_not() -> None:
    everywhere = [([0.9 + n / 100], [0.8 + n / 100]) for n in range(8)]
    low, high = difference_interval(everywhere)
    assert low == pytest.approx(-0.1)
    assert high == pytest.approx(-0.1)
    both_ways = [([0.9], [0.9 + (0.1 if n % 2 else -0.11)]) for n in range(8)]
    low, high = difference_interval(both_ways)
    assert low < 0 < high


def test_interval_of_one_case_reflects_its_repeats() -> None:
    assert difference_interval([([1.0], [0.5])]) == (-0.5, -0.5)
    low, high = difference_interval([([1.0, 2.0, 3.0], [1.5, 2.5, 3.5])])
    assert low < 0 < high


def test_the_same_data_always_give_the_same_interval() -> None:
    pairs = [([float(n)], [float(n * n % 7)]) for n in range(6)]
    assert difference_interval(pairs) == difference_interval(pairs)
