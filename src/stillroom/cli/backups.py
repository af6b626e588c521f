"""`stillroom backup` and `stillroom restore`."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from stillroom.bootstrap.maintenance import back_up, restore
from stillroom.cli.console import print_json
from stillroom.domain.errors import StorageUnavailable
from stillroom.settings import Settings

OnProgress = Callable[[str, int], None]


def run_backup(settings: Settings, folder: Path, *, as_json: bool) -> int:
    """Back up all rows and blobs into the folder; return the exit code."""
    return _run(
        lambda on_progress: back_up(settings, folder, on_progress), "Backed up", folder, as_json=as_json
    )


def run_restore(settings: Settings, folder: Path, *, as_json: bool) -> int:
    """Restore the folder into an empty studio; return the exit code."""
    return _run(
        lambda on_progress: restore(settings, folder, on_progress), "Restored", folder, as_json=as_json
    )


def _run(
    work: Callable[[OnProgress], Awaitable[Mapping[str, Any]]], done: str, folder: Path, *, as_json: bool
) -> int:
    console = Console(stderr=True)
    with console.status("Copying") as status:

        def on_progress(what: str, count: int) -> None:
            status.update(f"Copying {what}: {count}")

        async def whole() -> Mapping[str, Any]:
            return await work(on_progress)

        try:
            manifest = asyncio.run(whole())
        except OSError as error:
            raise StorageUnavailable(f"{folder} cannot be read or written: {error.strerror}.") from error
    if as_json:
        print_json(manifest)
    else:
        typer.echo(f"{done}: {sum(manifest['rows'].values())} rows, {manifest['blobs']} files ({folder}).")
    return 0
