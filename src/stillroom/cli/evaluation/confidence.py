"""`stillroom eval confidence`: fit the confidence of the cut-out to measured runs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from stillroom.cli.console import plain_table, print_json
from stillroom.domain.errors import NotFound, ValidationFailed
from stillroom.evaluation.cutout_confidence import Example, examples_of, fitted_to
from stillroom.evaluation.cutout_results import GOOD_IOU, SURE, CutoutSummary, halves, summary_of
from stillroom.evaluation.cutout_run import CutoutRunFolder
from stillroom.evaluation.cutout_set import Half


def fit(runs: Sequence[str], only: Sequence[str], write: Path | None, *, as_json: bool) -> int:
    """Fit on the tune halves, print figures of both halves, and write the coefficients; return 0.

    Each cut-out counts for the model of what was asked about it. A model without cut-outs is kept.

    Args:
        runs: Folders of `stillroom eval cutouts`, each optionally with `=WEIGHT`.
        only: Signals whose weights are fitted, beside the intercept; the packaged weights of the others are
            kept, and so is a model without these signals. Empty fits all.
        write: File for the coefficients; None prints only.
    """
    console = Console(highlight=False, stderr=as_json)
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
    return 0


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
