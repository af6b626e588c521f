"""Results of a cut-out set: one row per photo, as CSV, and what they say together."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from statistics import fmean
from typing import Any

from pydantic import TypeAdapter, ValidationError

from stillroom.domain.errors import ValidationFailed
from stillroom.evaluation.cutouts.masked_photos import Half, half_of
from stillroom.evaluation.cutouts.metrics import CutoutScores, Detail
from stillroom.evaluation.statistics import Interval, difference_interval

GOOD_IOU = 0.9
"""Intersection over union from which a cut-out is good; the confidence is the probability of that."""

SURE = 0.9
"""Confidence from which a cut-out is used without a person's look."""

MEASURES = tuple(one.name for one in fields(CutoutScores))
POINT_COLUMNS = ("noc90", "noc95", "iou_1", "iou_3", "iou_5")
POINT_MEASURES = (*POINT_COLUMNS, "share_95_0", "share_95_1", "share_95_3", "share_95_5")
"""Means over a set; `share_95_N` is the share of photos with an IoU of at least .95 after N points."""
DETAIL_COLUMNS = {"openings": "openings_filled", "thin_parts": "thin_missed"}
"""By kind of detail, which is the column of its share of the photo: the column of its wrong share."""
_DIGITS = {"mae": 5, "sad": 3, "grad": 3}
_WORST = 8
_BINS = 10


@dataclass(frozen=True, slots=True)
class PointScores:
    """Number of points a cut-out needs, and its quality after some.

    Attributes:
        noc90: Points until an IoU of .9, or the most that are tried; `noc95` is the same for .95.
        iou_1: Intersection over union after one point, `iou_3` after three, `iou_5` after five.
    """

    noc90: int
    noc95: int
    iou_1: float
    iou_3: float
    iou_5: float


@dataclass(frozen=True, slots=True)
class CutoutRow:
    """Result of one photo.

    Attributes:
        confidence: Probability that the cut-out is good, as the studio states it, 0..1.
        certain: Whether the studio knows which object is the product.
        subjects: Number of objects that may be the product.
        model: The network that cut it out.
        ms: Milliseconds from the stored photo to the product with its measurements, networks loaded.
        points: None if no points were set.
        openings: None if the true mask has none.
        thin_parts: None if the true mask has none.
    """

    name: str
    scores: CutoutScores
    confidence: float
    certain: bool
    subjects: int
    model: str
    ms: int
    points: PointScores | None = None
    openings: Detail | None = None
    thin_parts: Detail | None = None

    @property
    def is_good(self) -> bool:
        """Whether the cut-out can be used as it is."""
        return self.scores.iou >= GOOD_IOU


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Cut-outs whose confidence lies in one tenth of the range.

    Attributes:
        low: Lower end of the range of confidence.
        good: Their share with an IoU of at least `GOOD_IOU`.
    """

    low: float
    count: int
    confidence: float
    good: float


@dataclass(frozen=True, slots=True)
class CutoutSummary:
    """Statistics over the rows of a set, or of one half of it.

    Attributes:
        means: Mean of each measure, and of `confidence` and `ms`.
        bad: Photos with an IoU below `GOOD_IOU`.
        bad_but_sure: Those of them with a confidence of at least `SURE`.
        auroc: Probability that a good cut-out has a higher confidence than a bad one; None without both.
        aurc: Area under the risk-coverage curve, where the risk is the share of bad cut-outs.
        reliability: Ten bins of confidence; empty ones are left out.
        points: Mean of each of `POINT_MEASURES`; None if no points were set.
        details: By column, the share of the pixels of openings that count as product, and of thin parts that
            do not, of all photos at one size; None without such details.
    """

    count: int
    means: Mapping[str, float]
    bad: int
    bad_but_sure: int
    auroc: float | None
    aurc: float
    reliability: tuple[ReliabilityBin, ...]
    points: Mapping[str, float] | None = None
    details: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PairedChange:
    """Mean difference of one measure between two runs over the same photos, with a bootstrap interval."""

    measure: str
    mean: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class PairedComparison:
    """This run against another one, photo by photo.

    Attributes:
        count: Photos that both have.
        changes: This run minus the other, per measure.
        worse: Photos whose IoU is more than .02 lower here, the most first.
    """

    count: int
    changes: tuple[PairedChange, ...]
    worse: tuple[tuple[str, float], ...]


def summary_of(rows: Sequence[CutoutRow]) -> CutoutSummary:
    """Summarise at least one row."""
    values = {name: fmean([getattr(row.scores, name) for row in rows]) for name in MEASURES}
    values |= {"confidence": fmean([row.confidence for row in rows]), "ms": fmean([row.ms for row in rows])}
    bad = [row for row in rows if not row.is_good]
    outcomes = [(row.confidence, row.is_good) for row in rows]
    return CutoutSummary(
        count=len(rows),
        means=values,
        bad=len(bad),
        bad_but_sure=sum(row.confidence >= SURE for row in bad),
        auroc=auroc(outcomes),
        aurc=aurc(outcomes),
        reliability=reliability(outcomes),
        points=_point_means(rows),
        details={column: _wrong_share(rows, kind) for kind, column in DETAIL_COLUMNS.items()},
    )


def _wrong_share(rows: Sequence[CutoutRow], kind: str) -> float | None:
    found: list[Detail] = [detail for row in rows if (detail := getattr(row, kind)) is not None]
    return sum(one.share * one.wrong for one in found) / sum(one.share for one in found) if found else None


def _point_means(rows: Sequence[CutoutRow]) -> Mapping[str, float] | None:
    measured = [(row.scores.iou, row.points) for row in rows if row.points is not None]
    if not measured:
        return None
    means = {name: fmean([getattr(points, name) for _, points in measured]) for name in POINT_COLUMNS}
    after = {0: [iou for iou, _ in measured]}
    after |= {number: [getattr(points, f"iou_{number}") for _, points in measured] for number in (1, 3, 5)}
    return means | {
        f"share_95_{number}": fmean([float(iou >= 0.95) for iou in ious]) for number, ious in after.items()
    }


def halves(rows: Sequence[CutoutRow]) -> dict[Half, list[CutoutRow]]:
    """Split rows into those for tuning and those for checking, see `cutout_set.half_of`."""
    split: dict[Half, list[CutoutRow]] = {"tune": [], "check": []}
    for row in rows:
        split[half_of(row.name)].append(row)
    return split


def worst(rows: Sequence[CutoutRow]) -> list[CutoutRow]:
    return sorted(rows, key=lambda row: (row.scores.iou, row.name))[:_WORST]


def auroc(outcomes: Sequence[tuple[float, bool]]) -> float | None:
    """Area under the ROC curve of a confidence for telling good from bad; ties count half.

    Args:
        outcomes: Confidence, and whether it was good.
    """
    good = [confidence for confidence, is_good in outcomes if is_good]
    bad = [confidence for confidence, is_good in outcomes if not is_good]
    if not good or not bad:
        return None
    wins = sum((one > other) + 0.5 * (one == other) for one in good for other in bad)
    return wins / (len(good) * len(bad))


def aurc(outcomes: Sequence[tuple[float, bool]]) -> float:
    """Area under the risk-coverage curve: the share of bad ones among the surest n, averaged over n.

    Equal confidences share their mean risk, so the result does not depend on the order.

    Source:
        Geifman, Uziel and El-Yaniv, "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers", 2019.
    """
    groups: dict[float, list[bool]] = {}
    for confidence, is_good in outcomes:
        groups.setdefault(confidence, []).append(not is_good)
    seen, bad, area = 0, 0.0, 0.0
    for confidence in sorted(groups, reverse=True):
        share = fmean([float(one) for one in groups[confidence]])
        for _ in groups[confidence]:
            seen, bad = seen + 1, bad + share
            area += bad / seen
    return area / len(outcomes)


def reliability(outcomes: Sequence[tuple[float, bool]]) -> tuple[ReliabilityBin, ...]:
    """Compare the stated confidence with the share of good ones, in tenths."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, is_good in outcomes:
        bins.setdefault(min(_BINS - 1, int(confidence * _BINS)), []).append((confidence, is_good))
    return tuple(
        ReliabilityBin(
            number / _BINS,
            len(part),
            fmean([one for one, _ in part]),
            fmean([float(good) for _, good in part]),
        )
        for number, part in sorted(bins.items())
    )


def compared(rows: Sequence[CutoutRow], others: Mapping[str, CutoutScores]) -> PairedComparison:
    """Compare with another run over the same photos, by paired bootstrap.

    Raises:
        ValidationFailed: They have no photo in common.
    """
    pairs = [(row.name, others[row.name], row.scores) for row in rows if row.name in others]
    if not pairs:
        raise ValidationFailed("The two runs have no photo in common.")

    def change(name: str) -> PairedChange:
        values = [((getattr(other, name),), (getattr(own, name),)) for _, other, own in pairs]
        return PairedChange(name, fmean([b - a for (a,), (b,) in values]), difference_interval(values))

    lost = sorted(((own.iou - other.iou, name) for name, other, own in pairs))
    worse = tuple((name, gap) for gap, name in lost if gap < -0.02)
    return PairedComparison(len(pairs), tuple(change(name) for name in MEASURES), worse)


def csv_of(rows: Sequence[CutoutRow]) -> str:
    """Return the rows as CSV, with a header; points and details have columns if any row has them."""
    table = [_cells(row) for row in rows]
    out = io.StringIO()
    columns = dict.fromkeys(name for cells in table for name in cells)
    writer = csv.DictWriter(out, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return out.getvalue()


def rows_in(text: str) -> list[CutoutRow]:
    """Read rows back from CSV. Raises ValidationFailed."""
    try:
        return [_ROW.validate_python(_facts(cells)) for cells in csv.DictReader(io.StringIO(text))]
    except (KeyError, ValidationError) as error:
        raise ValidationFailed("The table is not one of `stillroom eval cutouts`.") from error


_ROW = TypeAdapter(CutoutRow)


def _cells(row: CutoutRow) -> dict[str, Any]:
    cells: dict[str, Any] = {
        "name": row.name,
        **{name: round(value, _DIGITS.get(name, 4)) for name, value in asdict(row.scores).items()},
        "confidence": round(row.confidence, 3),
        "certain": str(row.certain).lower(),
        "subjects": row.subjects,
        "model": row.model,
        "ms": row.ms,
    }
    if row.points is not None:
        cells |= {name: round(value, 4) for name, value in asdict(row.points).items()}
    for kind, column in DETAIL_COLUMNS.items():
        if (detail := getattr(row, kind)) is not None:
            cells |= {kind: round(detail.share, 5), column: round(detail.wrong, 4)}
    return cells


def _facts(cells: Mapping[str, str]) -> dict[str, Any]:
    details = {
        kind: {"share": cells[kind], "wrong": cells[column]} if cells.get(kind) else None
        for kind, column in DETAIL_COLUMNS.items()
    }
    return {**cells, **details, "scores": cells, "points": cells if cells.get("noc90") else None}
