"""How well and how fast each network cuts out the golden photos: `python -m tests.bench.matting WEIGHTS`."""

import sys
import time
from dataclasses import astuple
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from stillroom.imaging.evaluation import matte_scores
from stillroom.imaging.matting import matte_of
from stillroom.imaging.networks import ISNET, U2NETP, Network, Recipe
from stillroom.providers.engines import engine_for
from stillroom.providers.weights import path_of
from tests.integration.imaging.golden import cases, whole


def _loaded(path: Path, recipe: Recipe) -> Network:
    return Network(path, recipe, engine_for(path, recipe))


def measured(recipe: Recipe | None, folder: Path) -> Table:
    """One row a photo, and the means."""
    network = _loaded(path_of(folder, recipe.name), recipe) if recipe else None
    who = f"{recipe.name}, {network.engine}" if recipe and network else "GrabCut"
    table = Table(title=f"Mattes of {who}, on the golden photos")
    for column in ("photo", "IoU", "MAE", "boundary F", "confidence", "looks", "ms"):
        table.add_column(column, justify="left" if column == "photo" else "right")
    rows = []
    for case in cases():
        started = time.perf_counter()
        matte = matte_of(case.photo, network)
        milliseconds = (time.perf_counter() - started) * 1000
        figures = astuple(matte_scores(whole(matte, case.photo.shape), case.truth))
        rows.append((*figures, milliseconds))
        table.add_row(
            case.name,
            *(f"{figure:.4f}" for figure in figures),
            f"{matte.confidence:.2f}",
            "1" if matte.agreement is None else "2",
            f"{milliseconds:.0f}",
        )
    table.add_section()
    for name, values in (("mean", np.mean(rows, axis=0)), ("median", np.median(rows, axis=0))):
        table.add_row(name, *(f"{value:.4f}" for value in values[:3]), "", "", f"{values[3]:.0f}")
    return table


def main() -> None:
    """Print a table for each network, and one for the case that there is none."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "data/weights")
    for recipe in (ISNET, U2NETP, None):
        Console(width=100).print(measured(recipe, folder))


if __name__ == "__main__":
    main()
