"""Definitions of the commands under `stillroom eval`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from stillroom.cli.console import AsJson, run_quietly
from stillroom.cli.evaluation import confidence, cutouts, golden_conditions, instructions
from stillroom.cli.evaluation.golden import DRILL, QUICK, evaluate, show
from stillroom.domain.jobs.job import MAX_CANDIDATES
from stillroom.settings import load

app = typer.Typer(help="How good this build is, on pictures with known truth.", no_args_is_help=True)
app.command("instructions")(instructions.eval_instructions_command)


@app.command("golden")
def eval_golden(
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
) -> None:
    """Run the golden set; exits with 1 if the release gate fails or a measure has become worse."""
    request = golden_conditions.GoldenRequest(
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
    run_quietly(evaluate(load(), request, as_json=as_json))


@app.command("cutouts")
def eval_cutouts(
    folder: Annotated[Path, typer.Argument(help="A folder with images/NAME.* and masks/NAME.png.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for mattes and table; made if missing.")],
    points: Annotated[
        int | None, typer.Option(min=1, max=cutouts.MAX_POINTS, help="Also correct with up to N points.")
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
) -> None:
    """Measure the cut-out on photos with true masks: overwrites the results in --out."""
    work = cutouts.measure(
        load(), folder, out, points=points, limit=limit, against=against, resume=resume, as_json=as_json
    )
    run_quietly(work)


@app.command("confidence")
def eval_confidence(
    runs: Annotated[
        list[str], typer.Argument(help="Results of `eval cutouts`, as OUT or OUT=WEIGHT.", metavar="OUT...")
    ],
    only: Annotated[
        list[str], typer.Option(help="Fit the weight of this signal only, and keep the packaged others.")
    ] = [],  # noqa: B006
    write: Annotated[Path | None, typer.Option(help="File for the coefficients.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fit the confidence of the cut-out on the tune halves of measured runs."""
    raise typer.Exit(confidence.fit(runs, only, write, as_json=as_json))


@app.command("show")
def eval_show(
    run: Annotated[str | None, typer.Argument(help="Which run; default: the latest.")] = None,
    against: Annotated[str | None, typer.Option(help="A run or a run.json to compare with.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show a run again with the votes given since, and rewrite its table."""
    run_quietly(show(load(), run, against, as_json=as_json))


def _listed(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip())
