"""`stillroom eval cutouts`: cut out photos with true masks, measure the mattes and their confidence."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from stillroom.bootstrap.cutouts import cutter
from stillroom.cli.console import AsJson, plain_table, print_json, progress_bar, quiet_command
from stillroom.domain.providers.requests import Notice
from stillroom.evaluation.cutouts.masked_photos import Skipped, cutout_set
from stillroom.evaluation.cutouts.point_protocol import photo_scores
from stillroom.evaluation.cutouts.results import (
    GOOD_IOU,
    MEASURES,
    POINT_MEASURES,
    SURE,
    CutoutRow,
    CutoutSummary,
    PairedComparison,
    compared,
    halves,
    summary_of,
    worst,
)
from stillroom.evaluation.cutouts.run import TABLE, CutoutRunFolder, run
from stillroom.settings import load

MAX_POINTS = 10
"""Points per photo after which a correction counts as failed."""

EXIT_NOTHING_MEASURED = 1
_GRABCUT = "grabcut"
_COLUMNS = (TextColumn("{task.completed:.0f}/{task.total:.0f}"), BarColumn(), TimeElapsedColumn())


@quiet_command
async def measure(
    folder: Annotated[Path, typer.Argument(help="A folder with images/NAME.* and masks/NAME.png.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for mattes and table; made if missing.")],
    points: Annotated[
        int | None, typer.Option(min=1, max=MAX_POINTS, help="Also correct with up to N points.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N photos, by name.")] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            "--compare", help="An earlier --out, or any folder with alpha/NAME.png, to compare with."
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run that was interrupted.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Measure the cut-out on photos with true masks: overwrites the results in --out."""
    settings = load()
    photos = cutout_set(folder, limit)
    run_folder = CutoutRunFolder(out)
    others = CutoutRunFolder(against).scores(photos) if against else None
    with progress_bar(*_COLUMNS, quiet=as_json) as progress:
        watch = _Watch(progress, quiet=as_json)
        async with cutter(settings, watch.notice) as cuts:
            if cuts.model == _GRABCUT:
                progress.console.print(
                    "There are no weights, so colour alone decides. Run: stillroom models fetch"
                )
            conditions = dict(cuts.conditions) | ({"points": str(points)} if points else {})
            done = run_folder.begin(conditions, resume=resume)
            set_points = partial(photo_scores, cuts.correct, points) if points else None
            rows, skipped = await run(photos, run_folder, done, cuts.cut_out, cuts.limits, watch, set_points)
    comparison = compared(rows, others) if rows and others is not None else None
    if as_json:
        print_json(_as_json(out, rows, skipped, comparison))
    else:
        _print(out, against, rows, skipped, comparison)
    return 0 if rows else EXIT_NOTHING_MEASURED


def _as_json(
    out: Path,
    rows: Sequence[CutoutRow],
    skipped: Sequence[Skipped],
    comparison: PairedComparison | None,
) -> dict[str, Any]:
    return {
        "out": str(out),
        "summary": {name: asdict(summary_of(part)) for name, part in _parts(rows).items()},
        "worst": [
            {"name": row.name, "iou": row.scores.iou, "confidence": row.confidence} for row in worst(rows)
        ],
        "skipped": [asdict(one) for one in skipped],
        "compared": asdict(comparison) if comparison else None,
    }


def _parts(rows: Sequence[CutoutRow]) -> dict[str, Sequence[CutoutRow]]:
    """Return the whole set and its two halves, without empty ones."""
    split = halves(rows)
    parts = (("all", rows), ("tune", split["tune"]), ("check", split["check"]))
    return {name: part for name, part in parts if part}


def _print(
    out: Path,
    against: Path | None,
    rows: Sequence[CutoutRow],
    skipped: Sequence[Skipped],
    comparison: PairedComparison | None,
) -> None:
    console = Console(highlight=False)
    for one in skipped:
        console.print(f"skipped {one.name}: {one.reason}", markup=False)
    if not rows:
        console.print("No photo could be measured.")
        return
    summaries = {name: summary_of(part) for name, part in _parts(rows).items()}
    console.print(_means(summaries))
    console.print(_worst(rows))
    console.print(_reliability(summaries["all"]))
    if comparison is not None:
        console.print(_comparison(comparison, against))
        for name, gap in comparison.worse:
            console.print(f"IoU {gap:+.3f}  {name}", markup=False)
    console.print(f"\n{out / TABLE}, {out / 'alpha'}", markup=False, soft_wrap=True)


def _means(summaries: dict[str, CutoutSummary]) -> Table:
    table = plain_table("", *summaries, title="Means")
    columns = summaries.values()
    table.add_row("photos", *(str(one.count) for one in columns))
    for measure, digits in (*((name, 4) for name in MEASURES), ("confidence", 3), ("ms", 0)):
        table.add_row(measure, *(f"{one.means[measure]:.{digits}f}" for one in columns))
    if summaries["all"].points is not None:
        for measure in POINT_MEASURES:
            table.add_row(measure, *(f"{(one.points or {}).get(measure, 0.0):.3f}" for one in columns))
    for detail in (name for name, value in summaries["all"].details.items() if value is not None):
        table.add_row(detail.replace("_", " "), *(_known(one.details[detail]) for one in columns))
    table.add_row(f"IoU < {GOOD_IOU}", *(str(one.bad) for one in columns))
    table.add_row(f"of them confidence >= {SURE}", *(str(one.bad_but_sure) for one in columns))
    table.add_row("AUROC of the confidence", *(_known(one.auroc) for one in columns))
    table.add_row("AURC of the confidence", *(f"{one.aurc:.3f}" for one in columns))
    return table


def _known(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _worst(rows: Sequence[CutoutRow]) -> Table:
    table = plain_table("name", "IoU", "F", "confidence", title="Worst")
    for row in worst(rows):
        table.add_row(
            row.name, f"{row.scores.iou:.3f}", f"{row.scores.boundary_f:.3f}", f"{row.confidence:.3f}"
        )
    return table


def _reliability(summary: CutoutSummary) -> Table:
    columns = ("confidence", "photos", "stated", f"share with IoU >= {GOOD_IOU}")
    table = plain_table(*columns, title="Reliability")
    for one in summary.reliability:
        span = f"{one.low:.1f} to {one.low + 0.1:.1f}"
        table.add_row(span, str(one.count), f"{one.confidence:.2f}", f"{one.good:.2f}")
    return table


def _comparison(comparison: PairedComparison, against: Path | None) -> Table:
    title = f"Against {against}, {comparison.count} photos: mean difference, 95 % interval"
    table = plain_table("measure", "difference", "from", "to", title=title)
    for one in comparison.changes:
        low, high = one.interval
        table.add_row(one.measure, f"{one.mean:+.4f}", f"{low:+.4f}", f"{high:+.4f}")
    return table


class _Watch:
    """Progress bar, one line per photo, and the warnings of the networks, each once."""

    def __init__(self, progress: Progress, *, quiet: bool) -> None:
        self._progress = progress
        self._quiet = quiet
        self._bar: TaskID | None = None
        self._told: set[str] = set()

    def notice(self, notice: object) -> None:
        if isinstance(notice, Notice) and notice.level == "warning" and notice.message not in self._told:
            self._told.add(notice.message)
            typer.echo(notice.message, err=True)

    def __call__(self, number: int, count: int, result: CutoutRow | Skipped) -> None:
        if self._bar is None:
            self._bar = self._progress.add_task("cut-outs", total=count)
        self._progress.update(self._bar, completed=number)
        if self._quiet:
            return
        if isinstance(result, Skipped):
            line = f"{result.name}: skipped, {result.reason}"
        else:
            scores = result.scores
            measured = f"IoU {scores.iou:.3f}, F {scores.boundary_f:.3f}"
            line = f"{result.name}: {measured}, confidence {result.confidence:.2f}"
        self._progress.console.print(line, highlight=False, markup=False, soft_wrap=True)
