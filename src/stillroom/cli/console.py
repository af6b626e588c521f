"""Console of the commands: the option `--json`, its output, tables, progress bars and exit codes."""

import asyncio
import json
import signal
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Annotated, Any, ParamSpec

import typer
from rich.console import Console
from rich.progress import Progress, ProgressColumn
from rich.table import Table

from stillroom.cli.signals import cancelled_by_sigterm
from stillroom.domain.errors import StillroomError
from stillroom.observability import set_up_logging

Given = ParamSpec("Given")

EXIT_TERMINATED = 128 + signal.SIGTERM
"""Exit code of a process that SIGTERM ended, as shells report it."""

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")]


def quiet_command(work: Callable[Given, Coroutine[Any, Any, int]]) -> Callable[Given, None]:
    """Turn a coroutine function that returns the exit code into a command that logs errors only."""

    @wraps(work)
    def command(*args: Given.args, **kwargs: Given.kwargs) -> None:
        set_up_logging(as_json=False, level="ERROR")
        try:
            status = asyncio.run(cancelled_by_sigterm(work(*args, **kwargs)))
        except asyncio.CancelledError:
            status = EXIT_TERMINATED
        raise typer.Exit(status)

    return command


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
