"""Fitting the confidence of the cut-out."""

import random
from dataclasses import replace

import pytest

from stillroom.domain.errors import ValidationFailed
from stillroom.evaluation.cutouts.confidence import (
    Example,
    examples_of,
    fitted,
    fitted_to,
    refitted,
    restated,
)
from stillroom.evaluation.cutouts.metrics import CutoutScores
from stillroom.evaluation.cutouts.results import CutoutRow, auroc
from stillroom.imaging.cutout.confidence import Logistic, Signals, coefficients

SIGNALS = Signals(
    scout=0.95,
    whole=0.95,
    passes=0.95,
    thresholds=0.95,
    sure=0.95,
    undecided=0.1,
    middle=0.05,
    rivals=0.01,
    lead=0.5,
    border=0.0,
    pockets=0.0,
    parts=0.0,
    support=0.9,
)


def example(name: str, *, good: bool, **signals: float) -> Example:
    scores = CutoutScores(0.95 if good else 0.5, 0.1, 0.9, 1.0, 1.0)
    row = CutoutRow(name, scores, 0.5, certain=True, subjects=1, model="isnet-1024", ms=500)
    return Example(row, Signals(**{**vars_of(SIGNALS), **signals}))


def vars_of(signals: Signals) -> dict[str, float]:
    return {name: getattr(signals, name) for name in Signals.__slots__}


def examples(count: int, *, backwards: bool = False) -> list[Example]:
    """Good ones with few half-covered pixels and bad ones with many, or the other way round."""
    draw = random.Random(1)
    made = []
    for number in range(count):
        good = number % 2 == 0
        few = good != backwards
        made.append(example(f"photo {number}", good=good, middle=draw.uniform(0, 0.1) + (0 if few else 0.3)))
    return made


def test_predictive_signal_gets_a_weight_of_the_expected_sign() -> None:
    model = fitted(examples(60))
    assert model.weights["middle"] < 0
    outcomes = [(row.confidence, row.is_good) for row in (restated(one, model) for one in examples(60))]
    assert auroc(outcomes) == 1.0


def test_signal_with_the_wrong_sign_gets_no_weight() -> None:
    assert "middle" not in fitted(examples(60, backwards=True)).weights


def test_confidence_without_signals_is_near_the_share_of_good_cut_outs() -> None:
    alike = [example(f"photo {number}", good=number % 4 > 0) for number in range(80)]
    assert restated(alike[0], fitted(alike)).confidence == pytest.approx(0.75, abs=0.02)


def test_fixed_weights_are_not_refitted() -> None:
    kept = Logistic(intercept=9.0, weights={"sure": 0.4, "middle": -0.1, "border": -0.2, "rivals": -0.5})
    model = refitted(examples(60), kept, only=["middle"])
    assert model.weights["sure"] == 0.4
    assert model.weights["border"] == -0.2
    assert model.weights["middle"] < -0.2
    assert "rivals" not in model.weights
    stated = [restated(one, model).confidence for one in examples(60)]
    assert sum(stated) / len(stated) == pytest.approx(0.5, abs=0.05)


def test_a_signal_that_does_not_exist_cannot_be_fitted() -> None:
    with pytest.raises(ValidationFailed):
        fitted_to(examples(60), only=["colour"])


def test_each_cut_out_trains_only_the_model_of_its_question() -> None:
    asked = [replace(one, signals=replace(one.signals, prompted=0.95)) for one in examples(60)]
    models, rows = fitted_to(asked, only=["middle"])
    assert set(rows) == {"asked"}
    assert models.with_scout == coefficients().with_scout
    assert models.asked.weights["prompted"] == coefficients().asked.weights["prompted"]


def test_fit_is_refused_with_too_few_bad_cut_outs() -> None:
    with pytest.raises(ValidationFailed):
        fitted([example(f"photo {number}", good=True) for number in range(30)])


def test_rows_without_signals_of_this_version_are_left_out() -> None:
    row = example("a", good=True).row
    assert examples_of([row], {}, 1.0) == []
    assert examples_of([row], {"a": {"scout": 1.0}}, 1.0) == []
    assert examples_of([row], {"a": vars_of(SIGNALS)}, 2.0)[0].weight == 2.0
