"""Console of the commands: the option `--json`, its output, tables, progress bars and exit codes."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress, ProgressColumn
from rich.table import Table

from stillroom.domain.errors import StillroomError
from stillroom.observability import set_up_logging

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")]


def run_quietly(work: Coroutine[Any, Any, int]) -> NoReturn:
    """Run a command that logs errors only, and exit with its status."""
    set_up_logging(as_json=False, level="ERROR")
    raise typer.Exit(asyncio.run(work))


def print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def in_words(error: StillroomError) -> str:
    return f"{error.detail} ({error.code})"


def plain_table(*heads: str, **options: Any) -> Table:
    """Return a table without lines; its title stands on the left."""
    return Table(*heads, **{"title_justify": "left", "box": None, "pad_edge": False, **options})


def progress_bar(*columns: ProgressColumn, quiet: bool) -> Progress:
    """Return a progress bar on standard error; a quiet one prints nothing."""
    return Progress(*columns, console=Console(stderr=True), disable=quiet)
