"""`stillroom eval golden` and `show`: run the golden set end to end, and evaluate the release gate."""

import time
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from stillroom.bootstrap import open_studio
from stillroom.bootstrap.stores import golden_runs
from stillroom.cli.console import AsJson, print_json, progress_bar, quiet_command
from stillroom.cli.evaluation import golden_text
from stillroom.cli.evaluation.golden_conditions import GoldenRequest, header_of, load_average
from stillroom.cli.evaluation.golden_studios import in_process
from stillroom.domain.errors import NotFound, ValidationFailed
from stillroom.domain.faults import parse_faults
from stillroom.domain.jobs.job import MAX_CANDIDATES
from stillroom.evaluation.golden.comparison import Comparison, compare
from stillroom.evaluation.golden.golden_set import GoldenSet
from stillroom.evaluation.golden.run_folder import run_in
from stillroom.evaluation.golden.runner import Evaluation, Pass, Step, StudioUnderTest
from stillroom.evaluation.golden.runs import (
    CaseResult,
    GateVerdict,
    GoldenEntry,
    Run,
    gate,
    summary_of,
)
from stillroom.evaluation.golden.tables import csv_of
from stillroom.observability import Metrics
from stillroom.settings import Settings, known_providers, load, unknown_providers

QUICK = ("sneaker_street", "mug_kitchen", "watch_desk")
"""Cases of `--quick`: a plain one, one with lettering, and one whose photo has an EXIF rotation."""

DRILL = "gemini=429,chatgpt=503"
"""Default injected faults of the second pass: the two most common vendor errors."""

BASELINE = "baseline.json"
"""Run in the folder of the golden set that every build is compared with."""

EXIT_WORSE = 1
_HISTORY = 20
_COLUMNS = (
    SpinnerColumn(),
    TextColumn("{task.description} {task.completed:.0f}/{task.total:.0f}"),
    BarColumn(),
    TimeElapsedColumn(),
    TextColumn("{task.fields[stage]}"),
)


@quiet_command
async def eval_golden_command(
    providers: Annotated[
        str, typer.Option(help="Chain to ask, such as gemini,local; default: as set up.")
    ] = "",
    cases: Annotated[str, typer.Option(help="Names of pictures, with commas; default: all.")] = "",
    quick: Annotated[
        bool, typer.Option("--quick", help="Three pictures that matter, instead of all.")
    ] = False,
    repeats: Annotated[int, typer.Option(min=1, max=100, help="How often each picture is asked for.")] = 1,
    candidates: Annotated[int, typer.Option(min=1, max=MAX_CANDIDATES, help="Pictures per job.")] = 1,
    language: Annotated[Literal["zh", "en"], typer.Option(help="Of the instructions.")] = "zh",
    faults: Annotated[
        str,
        typer.Option(help="What fails in a second pass, written as STILLROOM_FAULTS; none leaves it out."),
    ] = DRILL,
    consistency: Annotated[
        bool, typer.Option("--consistency", help="Five more turns per picture, to see drift; slow.")
    ] = False,
    against: Annotated[
        str | None,
        typer.Option(help="A run or a run.json to compare with, or none; default: the latest that is alike."),
    ] = None,
    golden: Annotated[Path, typer.Option(help="Folder of the golden set.")] = Path("golden"),
    note: Annotated[str, typer.Option(help="A remark that is kept with the run.")] = "",
    as_json: AsJson = False,
) -> int:
    """Run the golden set; exits with 1 if the release gate fails or a measure has become worse."""
    request = GoldenRequest(
        golden=golden,
        providers=_listed(providers),
        cases=_listed(cases) or (QUICK if quick else ()),
        repeats=repeats,
        candidates=candidates,
        language=language,
        faults=None if faults == "none" else faults,
        consistency=consistency,
        against=against,
        note=note,
    )
    return await evaluate(load(), request, as_json=as_json)


@quiet_command
async def eval_show_command(
    run: Annotated[str | None, typer.Argument(help="Which run; default: the latest.")] = None,
    against: Annotated[str | None, typer.Option(help="A run or a run.json to compare with.")] = None,
    as_json: AsJson = False,
) -> int:
    """Show a run again with the votes given since, and rewrite its table."""
    return await show(load(), run, against, as_json=as_json)


def _listed(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip())


async def evaluate(settings: Settings, request: GoldenRequest, *, as_json: bool) -> int:
    """Run the golden set; return 0 if nothing blocks a release, else 1."""
    if request.faults is not None:
        _check_faults(request.faults)
    if unknown := unknown_providers(request.providers):
        known = ", ".join(known_providers())
        raise ValidationFailed(f"--providers: there is no provider {unknown[0]}; there are {known}.")
    photos = GoldenSet(request.golden)
    entries = _chosen(photos.entries, request.cases)
    log = golden_runs(settings).begin(header_of(settings, request, entries, photos.sha256()))
    opener = partial(_open, settings, request)
    with progress_bar(*_COLUMNS, quiet=as_json) as progress:
        watch = _Watch(progress)
        await Evaluation(log.header, entries, photos, opener).run(log, watch)
    run = log.finish(datetime.now(UTC), load_average())
    before = _before(settings, request, run)
    comparison = compare(before, run) if before else None
    # A run that has only just ended has no votes.
    golden_runs(settings).write_text(run.header.id, "results.csv", csv_of(run, ()))
    if as_json:
        print_json(_as_json(run, comparison))
    else:
        golden_text.print_run(run, comparison, ())
        typer.echo(f"\n{log.folder}: run.json, results.csv")
    return exit_code(run, comparison)


async def show(settings: Settings, run_id: str | None, against: str | None, *, as_json: bool) -> int:
    """Print a run with the votes given since, and rewrite its table."""
    runs = golden_runs(settings)
    if run_id is None:
        latest = runs.latest(1)
        if not latest:
            raise NotFound("There is no run yet; make one with: stillroom eval golden")
        run = latest[0]
    else:
        run = runs.get(run_id)
    comparison = compare(_run_named(settings, against), run) if against else None
    async with open_studio(settings, Metrics()) as studio:
        votes = await studio.golden.votes([run.header.id])
    runs.write_text(run.header.id, "results.csv", csv_of(run, votes))
    if as_json:
        print_json(_as_json(run, comparison))
    else:
        golden_text.print_run(run, comparison, votes)
    return exit_code(run, comparison)


def exit_code(run: Run, comparison: Comparison | None) -> int:
    """Return 1 if the gate fails or a measure has significantly worsened, else 0."""
    failed = any(line.verdict is GateVerdict.FAIL for line in gate(summary_of(run)))
    return EXIT_WORSE if failed or (comparison is not None and comparison.regressions) else 0


def _open(
    settings: Settings, request: GoldenRequest, which: Pass
) -> AbstractAsyncContextManager[StudioUnderTest]:
    order = request.providers or settings.provider_order
    if which == "faults":
        # Providers with injected faults come first in the chain, otherwise they would not be called.
        targets = [fault.target for fault in parse_faults(request.faults or "")]
        order = (*dict.fromkeys(one for one in targets if "." not in one and one not in order), *order)
    return in_process(settings.model_copy(update={"provider_order": order}), request.faults, which)


def _chosen(entries: Sequence[GoldenEntry], names: Sequence[str]) -> tuple[GoldenEntry, ...]:
    known = {entry.name: entry for entry in entries}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise NotFound(f"There is no case {unknown[0]}; there are {', '.join(known)}.")
    return tuple(known[name] for name in names) if names else tuple(entries)


def _check_faults(faults: str) -> None:
    try:
        parse_faults(faults)
    except ValueError as error:
        raise ValidationFailed(f"--faults: {error}.") from error


def _before(settings: Settings, request: GoldenRequest, run: Run) -> Run | None:
    """Return the run to compare with: the named one, else the latest comparable one, else the baseline."""
    if request.against == "none":
        return None
    if request.against:
        return _run_named(settings, request.against)
    alike = [
        other
        for other in golden_runs(settings).latest(_HISTORY)
        if other.header.id != run.header.id
        and other.header.chain == run.header.chain
        and set(run.header.cases) <= set(other.header.cases)
    ]
    if alike:
        return alike[0]
    baseline = request.golden / BASELINE
    return run_in(baseline) if baseline.exists() and run.header.chain == ("local",) else None


def _run_named(settings: Settings, name: str) -> Run:
    path = Path(name)
    return run_in(path) if path.suffix == ".json" else golden_runs(settings).get(name)


def _as_json(run: Run, comparison: Comparison | None) -> dict[str, Any]:
    summary = summary_of(run)
    return {
        "run": run.header.id,
        "gate": [{**asdict(line), "verdict": line.verdict.value} for line in gate(summary)],
        "summary": asdict(summary),
        "compared_with": comparison.before if comparison else None,
        "regressions": [asdict(change) for change in comparison.regressions] if comparison else [],
    }


class _Watch:
    """Progress bar, and one line per finished case."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._bar: TaskID | None = None
        self._started = time.monotonic()

    def __call__(self, step: Step, result: CaseResult | None) -> None:
        if self._bar is None:
            self._bar = self._progress.add_task("golden set", total=step.total, stage="")
        name = step.entry.name if step.which == "plain" else f"{step.entry.name}, providers failing"
        done = step.done + (1 if result else 0)
        self._progress.update(self._bar, completed=done, stage=name)
        if result is not None:
            self._progress.console.print(golden_text.line_of(result), highlight=False, soft_wrap=True)
