"""`stillroom backup` and `stillroom restore`."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from stillroom.cli.console import print_json
from stillroom.domain.errors import StorageUnavailable
from stillroom.settings import Settings

Work = Callable[[Settings, Path, Callable[[str, int], None]], Coroutine[Any, Any, Mapping[str, Any]]]
"""`back_up` or `restore`."""


def run(work: Work, done: str, settings: Settings, folder: Path, *, as_json: bool) -> None:
    console = Console(stderr=True)
    with console.status("Copying") as status:

        def on_progress(what: str, count: int) -> None:
            status.update(f"Copying {what}: {count}")

        try:
            manifest = asyncio.run(work(settings, folder, on_progress))
        except OSError as error:
            raise StorageUnavailable(f"{folder} cannot be read or written: {error.strerror}.") from error
    if as_json:
        print_json(manifest)
    else:
        typer.echo(f"{done}: {sum(manifest['rows'].values())} rows, {manifest['blobs']} files ({folder}).")
