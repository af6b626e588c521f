"""`stillroom eval confidence`: fit the confidence of the cut-out to measured runs."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from stillroom.cli.console import AsJson, plain_table, print_json
from stillroom.domain.errors import NotFound, ValidationFailed
from stillroom.evaluation.cutouts.confidence import Example, examples_of, fitted_to
from stillroom.evaluation.cutouts.masked_photos import Half
from stillroom.evaluation.cutouts.results import GOOD_IOU, SURE, CutoutSummary, halves, summary_of
from stillroom.evaluation.cutouts.run import CutoutRunFolder


def fit(
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
    console = Console(highlight=False, stderr=as_json)
    # Each cut-out counts for the model of what was asked about it. The intercept is always fitted; a model
    # without cut-outs, or without the signals of `only`, is kept.
    models, rows = fitted_to([one for folder in runs for one in _examples(folder)], only)
    summaries = {
        kind: {half: summary_of(some) for half, some in halves(restated).items() if some}
        for kind, restated in rows.items()
    }
    for kind, figures_of in summaries.items():
        console.print(_table(kind, figures_of))
    text = models.model_dump_json(indent=2, by_alias=True) + "\n"
    if write is not None:
        write.write_text(text, "utf-8")
    if as_json:
        figures = {
            kind: {half: asdict(one) for half, one in part.items()} for kind, part in summaries.items()
        }
        print_json({"figures": figures, "coefficients": json.loads(text)})


def _examples(argument: str) -> list[Example]:
    path, _, number = argument.partition("=")
    try:
        weight = float(number or 1)
    except ValueError as error:
        raise ValidationFailed(f"{argument}: {number} is no weight.") from error
    folder = CutoutRunFolder(Path(path))
    examples = examples_of(folder.rows(), folder.signals(), weight)
    if not examples:
        raise NotFound(f"The run in {path} has no signals of this version.")
    return examples


def _table(name: str, halves_of: Mapping[Half, CutoutSummary]) -> Table:
    table = plain_table("", *halves_of, title=name)
    summaries = halves_of.values()
    table.add_row("photos", *(str(one.count) for one in summaries))
    table.add_row(f"IoU < {GOOD_IOU}", *(str(one.bad) for one in summaries))
    table.add_row(f"of them confidence >= {SURE}", *(str(one.bad_but_sure) for one in summaries))
    table.add_row("AUROC", *("-" if one.auroc is None else f"{one.auroc:.3f}" for one in summaries))
    table.add_row("AURC", *(f"{one.aurc:.3f}" for one in summaries))
    for low in range(10):
        cells = []
        for one in summaries:
            part = next((bin_ for bin_ in one.reliability if round(bin_.low * 10) == low), None)
            cells.append(f"{part.good:.2f} of {part.count}" if part else "")
        table.add_row(f"good at {low / 10:.1f} to {low / 10 + 0.1:.1f}", *cells)
    return table
