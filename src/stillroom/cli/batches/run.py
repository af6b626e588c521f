"""`stillroom batch run`: many photos by one recipe, without a server."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

from stillroom.application.batches.choices import ChoiceChecks
from stillroom.application.exports.manifest import MANIFEST
from stillroom.bootstrap import Studio
from stillroom.bootstrap.maintenance import stored_recipes
from stillroom.cli import problems
from stillroom.cli.batches.manifest import Manifest
from stillroom.cli.batches.rows import RowResult, RowRunner
from stillroom.cli.batches.table import Row, recipe_named, rows_of
from stillroom.cli.console import AsJson, in_words, print_json, progress_bar, quiet_command
from stillroom.cli.edit import OutFolder
from stillroom.cli.scratch import scratch_studio
from stillroom.domain.batches.batches import ItemStatus
from stillroom.domain.batches.recipes import Choices
from stillroom.domain.errors import Conflict, NotFound, StillroomError, StorageUnavailable
from stillroom.domain.ids import LOCAL_OWNER
from stillroom.domain.ports import Catalogue
from stillroom.domain.told_back import ToldBack, sentence
from stillroom.settings import Settings, load

OwnerName = Annotated[str | None, typer.Option(help="Whose stored recipes; default: the local owner's.")]

AHEAD = 2
"""Rows in work beyond those that compute, so that reading and writing files delays nothing."""

_COLUMNS = (
    BarColumn(),
    MofNCompleteColumn(),
    TimeRemainingColumn(),
    TextColumn("{task.description}", markup=False),
)


@quiet_command
async def run(
    source: Annotated[
        Path,
        typer.Argument(help="A folder of photos, or a table: file, sku, title, prompt, platform, presets."),
    ],
    recipe: Annotated[str, typer.Option(help="Name of a stored or built-in recipe, or a JSON file.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the results; made if missing.")],
    resume: Annotated[bool, typer.Option("--resume", help="Skip what an earlier run has done.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and estimate only.")] = False,
    owner: OwnerName = None,
    as_json: AsJson = False,
) -> int:
    """Process many photos by one recipe, without a server.

    A broken row is reported and does not stop the others. The results are listed in manifest.csv.
    """
    settings = load()
    async with scratch_studio(settings, with_worker=not dry_run) as studio:
        checks = studio.batches.choices
        choices = await choices_named(recipe, owner, settings, studio.catalogue)
        await checks.check(choices, LOCAL_OWNER)
        rows = [
            replace(row, error=row.error or await _error_of(checks, row)) for row in rows_of(source, choices)
        ]
        if dry_run:
            told = [await _told_back(checks, row) for row in rows]
            return _print_plan(studio, rows, told, as_json=as_json)
        folder = OutFolder(out, [row.path for row in rows])
        manifest = Manifest(out, resume=resume, keys=[row.key for row in rows])
        folder.reserve(manifest.files)
        due = [row for row in rows if row.key not in manifest.done]
        results = await _run_all(RowRunner(studio, folder), due, manifest, settings, quiet=as_json)
    _print_results(results, skipped=len(rows) - len(due), as_json=as_json)
    return 1 if any(result.error for result in results) else 0


async def choices_named(name: str, owner: str | None, settings: Settings, catalogue: Catalogue) -> Choices:
    """Return the choices of a recipe of an owner, None the local one.

    Built-in recipes and files work without a database.
    """
    try:
        stored = await stored_recipes(settings, owner)
    except (Conflict, StorageUnavailable) as unread:
        try:
            return recipe_named(name, catalogue)
        except NotFound:
            raise unread from None
    return recipe_named(name, catalogue, stored)


async def _error_of(checks: ChoiceChecks, row: Row) -> StillroomError | None:
    """Return why a row cannot work; None if it can."""
    try:
        await checks.check(row.choices, LOCAL_OWNER)
        refused = await checks.prompts(row.choices, filter(None, [row.prompt]))
    except StillroomError as error:
        return error
    return next(iter(refused.values()), None)


async def _told_back(checks: ChoiceChecks, row: Row) -> tuple[ToldBack, ...]:
    """Return the words of a usable row that would not be carried out."""
    words = row.prompt or row.choices.prompt
    if row.error or not words:
        return ()
    return (await checks.told_back(row.choices, [words])).get(words, ())


async def _run_all(
    runner: RowRunner, rows: Sequence[Row], manifest: Manifest, settings: Settings, *, quiet: bool
) -> list[RowResult]:
    slots = asyncio.Semaphore(settings.worker_concurrency + AHEAD)
    results: list[RowResult] = []
    with progress_bar(*_COLUMNS, quiet=quiet) as progress:
        bar = progress.add_task("", total=len(rows))

        async def one(row: Row) -> None:
            async with slots:
                result = await runner.run(row)
            manifest.add(result.rows)
            results.append(result)
            if result.error is not None and not quiet:
                message = f"{row.label}: {in_words(result.error)}"
                progress.console.print(message, style="red", markup=False, soft_wrap=True)
            progress.advance(bar)

        async with asyncio.TaskGroup() as group:
            for row in rows:
                group.create_task(one(row))
    return sorted(results, key=lambda result: result.row.number)


def _print_plan(
    studio: Studio, rows: Sequence[Row], told_back: Sequence[Sequence[ToldBack]], *, as_json: bool
) -> int:
    usable = [row for row in rows if row.error is None]
    estimates = [studio.batches.requests.priced(row.choices, 1) for row in usable]
    broken = [
        {"row": row.number, "file": row.name, "error": problems.as_json(row.error)}
        for row in rows
        if row.error
    ]
    partly = [
        {"row": row.number, "file": row.name, "told_back": [one.params for one in told]}
        for row, told in zip(rows, told_back, strict=True)
        if told
    ]
    pictures = sum(estimate.pictures for estimate in estimates)
    cost = sum(estimate.micro_usd for estimate in estimates) / 1e6
    is_unpriced = any("price_unknown" in estimate.warnings for estimate in estimates)
    if as_json:
        estimate = None if is_unpriced else cost
        plan = {"rows": len(rows), "pictures": pictures, "estimate_usd": estimate, "errors": broken}
        print_json(plan | {"warnings": partly})
    else:
        price = "at a price that is not known" if is_unpriced else f"about {cost:.2f} USD"
        typer.echo(f"{len(usable)} of {len(rows)} rows, {pictures} pictures, {price}.")
        for row, told in zip(rows, told_back, strict=True):
            if row.error:
                typer.echo(f"{row.label}: {in_words(row.error)}", err=True)
            elif told:
                text = sentence([one.params for one in told]).en
                typer.echo(f"{row.label}: made without some words. {text}", err=True)
    return 1 if broken else 0


def _print_results(results: Sequence[RowResult], *, skipped: int, as_json: bool) -> None:
    if as_json:
        print_json([result.as_json for result in results])
        return
    failed = sum(result.error is not None for result in results)
    review = sum(result.status == ItemStatus.NEEDS_REVIEW for result in results)
    parts = [f"{len(results) - failed} done", f"{failed} failed"]
    parts += [f"{review} to look at"] if review else []
    parts += [f"{skipped} were done before"] if skipped else []
    typer.echo(", ".join(parts) + f"; see {MANIFEST}.")
