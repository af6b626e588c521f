"""Rows of a cut-out set, and what they say together."""

import dataclasses
from typing import Any

import pytest

from stillroom.domain.errors import ValidationFailed
from stillroom.evaluation.cutouts.metrics import CutoutScores, Detail
from stillroom.evaluation.cutouts.results import (
    DETAIL_COLUMNS,
    POINT_COLUMNS,
    CutoutRow,
    PointScores,
    aurc,
    auroc,
    compared,
    csv_of,
    halves,
    reliability,
    rows_in,
    summary_of,
)

COLUMNS = "name,iou,mae,boundary_f,sad,grad,confidence,certain,subjects,model,ms"


def row(name: str, iou: float, confidence: float, points: PointScores | None = None) -> CutoutRow:
    scores = CutoutScores(iou, round(1 - iou, 5), iou, 10.0, 1.0)
    return CutoutRow(
        name, scores, confidence, certain=True, subjects=1, model="isnet-1024", ms=700, points=points
    )


def test_the_table_has_the_columns_of_the_contract_and_reads_back() -> None:
    rows = [row("a", 0.95, 0.9), row("b", 0.5, 0.2)]
    assert csv_of(rows).splitlines()[0] == COLUMNS
    assert rows_in(csv_of(rows)) == rows


def test_points_add_columns() -> None:
    rows = [row("a", 0.95, 0.9, PointScores(1, 2, 0.91, 0.96, 0.97))]
    assert csv_of(rows).splitlines()[0] == ",".join([COLUMNS, *POINT_COLUMNS])
    assert rows_in(csv_of(rows)) == rows


@pytest.mark.parametrize(("kind", "column"), DETAIL_COLUMNS.items())
def test_details_add_columns_and_their_wrong_share_is_weighted_by_area(kind: str, column: str) -> None:
    plain = row("c", 0.95, 0.9)

    def with_detail(name: str, detail: Detail) -> CutoutRow:
        details: dict[str, Any] = {kind: detail}
        return dataclasses.replace(row(name, 0.95, 0.9), **details)

    rows = [with_detail("a", Detail(0.03, 0.5)), with_detail("b", Detail(0.01, 0.1)), plain]
    assert csv_of(rows).splitlines()[0] == f"{COLUMNS},{kind},{column}"
    assert rows_in(csv_of(rows)) == rows
    assert summary_of(rows).details[column] == pytest.approx(0.4)
    assert summary_of([plain]).details[column] is None


def test_foreign_table_is_refused() -> None:
    with pytest.raises(ValidationFailed):
        rows_in("case,alpha_iou\na,0.5\n")


def test_auroc_is_the_probability_that_a_good_cut_out_ranks_above_a_bad_one() -> None:
    assert auroc([(0.9, True), (0.8, True), (0.1, False)]) == 1.0
    assert auroc([(0.9, True), (0.5, False), (0.2, True)]) == 0.5
    assert auroc([(0.5, True), (0.5, False)]) == 0.5
    assert auroc([(0.5, True)]) is None


def test_aurc_is_the_mean_risk_over_all_coverages() -> None:
    assert aurc([(0.9, True), (0.1, False)]) == pytest.approx((0 + 1 / 2) / 2)
    assert aurc([(0.1, True), (0.9, False)]) == pytest.approx((1 + 1 / 2) / 2)
    assert aurc([(0.5, True), (0.5, False)]) == pytest.approx(0.5)


def test_a_bad_cut_out_with_a_high_confidence_is_counted() -> None:
    summary = summary_of([row("a", 0.95, 0.95), row("b", 0.6, 0.93), row("c", 0.6, 0.2)])
    assert (summary.count, summary.bad, summary.bad_but_sure) == (3, 2, 1)
    assert summary.means["iou"] == pytest.approx((0.95 + 0.6 + 0.6) / 3)


def test_reliability_compares_stated_with_true_quality() -> None:
    low, high = reliability([(0.05, False), (0.95, True), (1.0, False)])
    assert (low.low, low.count, low.good) == (0.0, 1, 0.0)
    assert (high.low, high.count, high.good) == (0.9, 2, 0.5)


def test_runs_are_compared_photo_by_photo() -> None:
    rows = [row("a", 0.95, 0.9), row("b", 0.7, 0.2), row("only here", 0.1, 0.1)]
    others = {name: CutoutScores(iou, 0.1, 0.5, 1.0, 1.0) for name, iou in (("a", 0.9), ("b", 0.8))}
    comparison = compared(rows, others)
    assert comparison.count == 2
    change = next(change for change in comparison.changes if change.measure == "iou")
    assert change.mean == pytest.approx(-0.025)
    assert change.interval[0] <= change.mean <= change.interval[1]
    ((name, gap),) = comparison.worse
    assert name == "b"
    assert gap == pytest.approx(-0.1)


def test_runs_without_a_common_photo_cannot_be_compared() -> None:
    with pytest.raises(ValidationFailed):
        compared([row("a", 0.9, 0.9)], {})


def test_a_photo_stays_in_its_half() -> None:
    rows = [row(f"photo {number}", 0.9, 0.9) for number in range(40)]
    split = halves(rows)
    assert len(split["tune"]) + len(split["check"]) == 40
    assert 10 <= len(split["tune"]) <= 30
    assert halves(rows[:5])["tune"] == [one for one in split["tune"] if one in rows[:5]]
