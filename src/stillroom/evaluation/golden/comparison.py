"""Comparison of two runs: significant differences per measure, category and case."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from stillroom.evaluation.golden.runs import CaseResult, Run
from stillroom.evaluation.statistics import Interval, difference_interval

Scope = Literal["all", "category", "case"]


@dataclass(frozen=True, slots=True)
class Measure:
    """Measure by which runs are compared.

    Attributes:
        step: Smallest relevant change of a mean, in the measure's unit; for times, a share of the old mean.
        is_time: Whether it is comparable only between runs on the same machine.
    """

    name: str
    higher_is_better: bool
    step: float
    is_time: bool = False


# Equal builds produce equal pixels, so steps do not express noise: a change of a mean below its step is
# invisible in the pictures.
COMPARED = (
    Measure("ok", True, 0.02),
    Measure("alpha_iou", True, 0.003),
    Measure("alpha_mae", False, 0.0005),
    Measure("boundary_f", True, 0.01),
    Measure("product_delta_e", False, 0.3),
    Measure("product_ssim", True, 0.01),
    Measure("label_ssim", True, 0.02),
    Measure("white_share", True, 0.01),
    Measure("halo", False, 0.4),
    Measure("ringing", False, 0.4),
    Measure("shadow_depth", True, 1.5),
    Measure("backdrop_ok", True, 0.02),
    Measure("consistency_drift", False, 0.15),
    Measure("first_image_ms", False, 0.25, is_time=True),
    Measure("latency_ms", False, 0.25, is_time=True),
)

SCOPE_FACTOR: dict[Scope, float] = {"all": 1.0, "category": 2.0, "case": 3.0}
"""Factor on `step`: a category or a single case may vary more than the overall mean."""

FEWEST_TIMES = 5
"""Minimum number of cases for comparing times of a single repeat."""

BUSY = 2.0
"""Load per core above which times are not compared."""

MILLISECONDS_THAT_MATTER = 150.0
"""Minimum relevant change of a time, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Change:
    """Difference of a measure between two runs.

    Attributes:
        about: Case or category; empty for all cases.
        interval: Confidence interval of the mean of after minus before.
        is_worse: Whether it is a real regression: statistically significant and at least one step.
        is_better: Whether it is a real improvement, by the same criteria.
    """

    measure: str
    scope: Scope
    about: str
    before: float
    after: float
    interval: Interval
    is_worse: bool
    is_better: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Comparison of two runs.

    Attributes:
        before: Id of the earlier run.
        differences: Run conditions that differ, as other possible causes.
        changes: All compared measures, overall first.
    """

    before: str
    after: str
    differences: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def regressions(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.is_worse)


def compare(before: Run, after: Run) -> Comparison:
    """Compare a run with an earlier one, over the cases that both have."""
    same_machine = _machine(before) == _machine(after) and _was_free(before) and _was_free(after)
    changes: list[Change] = []
    for measure in COMPARED:
        if measure.is_time and not same_machine:
            continue
        old, new = _values(before.plain, measure.name), _values(after.plain, measure.name)
        pairs = {key: (old[key], new[key]) for key in old if key in new}
        if not pairs:
            continue
        changes.append(_change(measure, "all", "", list(pairs.values())))
        by_category: dict[str, list[tuple[list[float], list[float]]]] = defaultdict(list)
        for (category, case), pair in pairs.items():
            by_category[category].append(pair)
            changes.append(_change(measure, "case", case, [pair]))
        changes += [_change(measure, "category", name, group) for name, group in by_category.items()]
    order: tuple[Scope, ...] = ("all", "category", "case")
    changes.sort(key=lambda change: order.index(change.scope))
    return Comparison(before.header.id, after.header.id, _differences(before, after), tuple(changes))


def _values(results: Sequence[CaseResult], name: str) -> dict[tuple[str, str], list[float]]:
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for result in results:
        value = getattr(result, name)
        if value is not None:
            found[result.category, result.case].append(float(value))
    return found


def _change(
    measure: Measure, scope: Scope, about: str, pairs: Sequence[tuple[list[float], list[float]]]
) -> Change:
    before = fmean([fmean(old) for old, _ in pairs])
    after = fmean([fmean(new) for _, new in pairs])
    low, high = difference_interval(pairs)
    step = measure.step * SCOPE_FACTOR[scope]
    if measure.is_time:
        step = max(step * before, MILLISECONDS_THAT_MATTER)
    gain = after - before if measure.higher_is_better else before - after
    sure_loss = high < 0 if measure.higher_is_better else low > 0
    sure_gain = low > 0 if measure.higher_is_better else high < 0
    # Few measurements of a time are no evidence, because the other load is unknown.
    proven = (
        not measure.is_time
        or len(pairs) >= FEWEST_TIMES
        or all(len(old) > 1 and len(new) > 1 for old, new in pairs)
    )
    return Change(
        measure=measure.name,
        scope=scope,
        about=about,
        before=before,
        after=after,
        interval=(low, high),
        is_worse=proven and sure_loss and gain <= -step,
        is_better=proven and sure_gain and gain >= step,
    )


def _machine(run: Run) -> tuple[object, ...]:
    machine = run.header.machine
    return machine.processor, machine.cores, machine.system


def _was_free(run: Run) -> bool:
    """Return whether the load was low enough for timing."""
    loads = [run.header.machine.load_average, run.load_average]
    cores = run.header.machine.cores or 1
    return all(load is None or load <= BUSY * cores for load in loads)


def _differences(before: Run, after: Run) -> tuple[str, ...]:
    """Return the names of differing conditions that can change the measures."""
    names = []
    for name in ("version", "revision", "chain", "language", "candidates", "models", "golden_sha256"):
        old, new = getattr(before.header, name), getattr(after.header, name)
        if old != new:
            names.append(name)
    if _machine(before) != _machine(after):
        names.append("machine")
    if not (_was_free(before) and _was_free(after)):
        names.append("load")
    if set(before.header.cases) != set(after.header.cases):
        names.append("cases")
    return tuple(names)
