"""`stillroom watch`: process the photos that arrive in a folder, until it is stopped."""

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from watchfiles import Change, awatch

from stillroom.application.photos.photo_files import is_photo_name, name_of
from stillroom.cli.batches.manifest import Manifest
from stillroom.cli.batches.rows import RowResult, RowRunner
from stillroom.cli.batches.run import OwnerName, choices_named
from stillroom.cli.batches.table import row_of_photo
from stillroom.cli.console import AsJson, in_words, quiet_command
from stillroom.cli.edit import OutFolder
from stillroom.cli.scratch import scratch_studio
from stillroom.cli.signals import ended_despite_stop, stopped_by_signals
from stillroom.domain.errors import Conflict, NotFound
from stillroom.domain.ids import LOCAL_OWNER
from stillroom.settings import load

QUIET_SECONDS = 1.0
"""A file whose size and time did not change for this long is complete."""

POLL_SECONDS = 0.25
LONGEST_SECONDS = 600.0
"""A file that still changes after this long is left until its next change."""


@quiet_command
async def watch(
    folder: Annotated[Path, typer.Argument(help="Folder in which photos arrive.")],
    recipe: Annotated[str, typer.Option(help="Name of a stored or built-in recipe, or a JSON file.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Another folder for the results.")],
    owner: OwnerName = None,
    as_json: AsJson = False,
) -> int:
    """Process every photo that arrives in a folder by one recipe, until it is stopped."""
    settings = load()
    _check(folder, out)
    stopped = stopped_by_signals()
    async with scratch_studio(settings) as studio:
        choices = await choices_named(recipe, owner, settings, studio.catalogue)
        await studio.batches.choices.check(choices, LOCAL_OWNER)
        out_folder = OutFolder(out, [])
        # Photos that an earlier run lists as done are skipped.
        manifest = Manifest(out, resume=True)
        out_folder.reserve(manifest.files)
        runner = RowRunner(studio, out_folder)
        if not as_json:
            typer.echo(f"Watching {folder}; Ctrl+C ends it.", err=True)
        number = 0
        async for photo in _arrivals(folder, {key[2] for key in manifest.done}, stopped):
            number += 1
            # The picture may be paid already, so a stop waits for it.
            result = await ended_despite_stop(
                runner.run(row_of_photo(number, photo, choices)),
                stopped,
                partial(typer.echo, f"Finishing {photo.name}; Ctrl+C again gives it up.", err=True),
            )
            manifest.add(result.rows)
            _print_result(result, as_json=as_json)
    return 0


def _check(folder: Path, out_folder: Path) -> None:
    if not folder.is_dir():
        raise NotFound(f"There is no folder {folder}.")
    if out_folder.resolve() == folder.resolve():
        raise Conflict("The results need another folder; here they would be processed again.")


async def _arrivals(folder: Path, done: set[str], stopped: asyncio.Event) -> AsyncIterator[Path]:
    """Yield complete photos: those that are there, then new and changed ones, each state of a file once."""
    seen: dict[Path, tuple[int, int]] = {}
    # Watch before the first look, so that a file that arrives in between is not missed.
    changes = awatch(folder, recursive=False, stop_event=stopped, rust_timeout=500, yield_on_timeout=True)
    there = await asyncio.to_thread(lambda: sorted(folder.iterdir()))
    waiting = [path for path in there if name_of(path) not in done]
    while True:
        for path in waiting:
            if stopped.is_set():
                return
            state = await _complete(path, stopped)
            if state is not None and seen.get(path) != state:
                seen[path] = state
                yield path
        try:
            found = await anext(changes)
        except StopAsyncIteration:
            return
        waiting = sorted({Path(path) for change, path in found if change is not Change.deleted})


async def _complete(path: Path, stopped: asyncio.Event) -> tuple[int, int] | None:
    """Wait until a photo is written; return its size and time, None if it is no photo or is gone."""
    if not is_photo_name(path.name):
        return None
    loop = asyncio.get_running_loop()
    give_up = loop.time() + LONGEST_SECONDS
    last, since = _state(path), loop.time()
    while not stopped.is_set() and loop.time() < give_up:
        if last is None:
            return None
        if last[0] and loop.time() - since >= QUIET_SECONDS:
            return last
        await asyncio.sleep(POLL_SECONDS)
        now = _state(path)
        if now != last:
            last, since = now, loop.time()
    return None


def _state(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return (stat.st_size, stat.st_mtime_ns) if path.is_file() else None


def _print_result(result: RowResult, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(result.as_json, ensure_ascii=False))
    elif result.error is not None:
        typer.echo(f"{result.row.name}: {in_words(result.error)}", err=True)
    else:
        typer.echo(f"{result.row.name}: {', '.join(file.name for file in result.files)}")
