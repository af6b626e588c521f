"""`stillroom batch run` and `stillroom watch`: many photos by one recipe, without a server."""

import asyncio
import csv
import io
import json
import secrets
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from stillroom.application.batches.manifest import (
    COLUMNS,
    ManifestRow,
    head,
    lines,
    plain_cell,
    verdicts_of,
)
from stillroom.application.batches.requests import NewBatch
from stillroom.application.exports.files import ExportOptions
from stillroom.application.sessions import title_from_file_name
from stillroom.bootstrap import Studio, open_studio
from stillroom.bootstrap.maintenance import recipes_as_found
from stillroom.cli import problems
from stillroom.cli.batch_table import Row, recipe_named, rows_of
from stillroom.cli.edit import OutFolder
from stillroom.cli.scratch_settings import scratch_settings
from stillroom.cli.serve import working
from stillroom.domain.batches.batches import BatchItem, BatchView, ItemStatus, NewItem
from stillroom.domain.batches.recipes import Choices
from stillroom.domain.errors import (
    BY_CODE,
    Conflict,
    InternalError,
    NotFound,
    StillroomError,
    StorageUnavailable,
)
from stillroom.domain.exports.presets import Export
from stillroom.domain.ids import LOCAL_OWNER, JobId, SessionId
from stillroom.domain.ports import Catalogue
from stillroom.domain.variants import Variant
from stillroom.observability import Metrics
from stillroom.settings import Settings

MANIFEST = "manifest.csv"

TRIES = 5
"""Attempts at storing a photo that other rows use as well."""

AHEAD = 2
"""Rows in work beyond those that compute, so that reading and writing files delays nothing."""


@dataclass(frozen=True, slots=True)
class BatchRun:
    """Arguments of `batch run`; `owner` is whose stored recipes are meant, None the local owner's."""

    source: Path
    recipe: str
    out: Path
    owner: str | None = None
    resume: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class RowResult:
    """Result of a row.

    Attributes:
        rows: Its lines of the manifest.
        files: The files written.
        warnings: Codes of what a person should look at.
    """

    row: Row
    rows: tuple[ManifestRow, ...]
    files: tuple[Path, ...] = ()
    status: str = ItemStatus.FAILED.value
    quality: float | None = None
    warnings: tuple[str, ...] = ()
    cost_usd: float = 0.0
    error: StillroomError | None = None

    @property
    def told(self) -> dict[str, Any]:
        """The result for machines."""
        return {
            "row": self.row.number,
            "photo": str(self.row.path),
            "sku": self.row.sku,
            "status": self.status,
            "files": [str(file) for file in self.files],
            "quality": self.quality,
            "warnings": list(self.warnings),
            "cost_usd": self.cost_usd,
            **({"error": problems.spelled(self.error)} if self.error else {}),
        }


class Manifest:
    """`manifest.csv` in the output folder; every row is on disk before the next one is told."""

    def __init__(self, folder: Path, *, resume: bool) -> None:
        """Begin a new table, or with `resume` keep the complete rows of the earlier one.

        Raises:
            StorageUnavailable: The table cannot be read or written.
        """
        self._path = folder / MANIFEST
        self.done: set[tuple[str, str, str]] = set()
        self.files: set[str] = set()
        kept = self._kept(folder) if resume else []
        try:
            self._path.write_bytes(head() + _csv(kept))
        except OSError as error:
            raise problems.of_system(error, self._path) from error

    def _kept(self, folder: Path) -> list[list[str]]:
        """Return the lines of rows that succeeded and whose files exist."""
        try:
            text = self._path.read_text("utf-8-sig")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise problems.of_system(error, self._path) from error
        found: dict[tuple[str, str, str], list[list[str]]] = {}
        for cells in list(csv.reader(io.StringIO(text, newline="")))[1:]:
            if len(cells) == len(COLUMNS):
                sku, title, photo = map(plain_cell, cells[:3])
                found.setdefault((sku, title, photo), []).append(cells)
        kept = []
        for key, group in found.items():
            files = [plain_cell(cells[3]) for cells in group]
            is_complete = all(file and not cells[9] for file, cells in zip(files, group, strict=True))
            if is_complete and all((folder / file).is_file() for file in files):
                self.done.add(key)
                self.files.update(files)
                kept += group
        return kept

    def add(self, rows: Sequence[ManifestRow]) -> None:
        """Append the lines of one result. Raises StorageUnavailable."""
        try:
            with self._path.open("ab") as file:
                file.write(lines(rows))
        except OSError as error:
            raise problems.of_system(error, self._path) from error


@dataclass
class RowRunner:
    """Processes single rows in a scratch studio; nothing of a row is kept there afterwards."""

    studio: Studio
    out: OutFolder
    _turns: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self, row: Row) -> RowResult:
        """Process one row; an error of the row is part of the result."""
        if row.error is not None:
            return _failed(row, row.error)
        try:
            return await self._run(row)
        except StillroomError as error:
            return _failed(row, error)

    async def _run(self, row: Row) -> RowResult:
        async def read() -> bytes:
            try:
                return await asyncio.to_thread(row.path.read_bytes)
            except OSError as error:
                raise NotFound(f"{row.path} cannot be read: {error.strerror}.") from error

        view = await self._started(row, read)
        async for _ in self.studio.batch_events.follow(view.batch.id, LOCAL_OWNER, 0):
            pass
        [item] = (await self.studio.batches.items(view.batch.id, LOCAL_OWNER, None, None, 1)).items
        view = await self.studio.batches.view(view.batch.id, LOCAL_OWNER)
        try:
            return await self._result(row, item, view.cost_micro_usd / 1e6)
        finally:
            if item.session_id is not None:
                await self.studio.sessions.delete(SessionId(item.session_id), LOCAL_OWNER)

    async def _started(self, row: Row, read: Callable[[], Awaitable[bytes]]) -> BatchView:
        """Store the photo and create a batch of one item."""
        title = row.sku or row.title or title_from_file_name(row.path.name)
        # The files are made afterwards, also those that need a review.
        choices = row.choices.model_copy(update={"presets": ()})
        for attempt in range(TRIES):
            taken = await self.studio.intake.take_in(
                read, file_name=row.path.name, declared_type=None, owner_id=LOCAL_OWNER
            )
            new = NewBatch(
                name=row.name[:100] or "row",
                items=(NewItem(taken.asset.id, title=title, prompt=row.choices.prompt),),
                request_hash=secrets.token_hex(8),
                choices=choices,
            )
            try:
                return (await self.studio.batches.create(new, LOCAL_OWNER)).view
            except NotFound:
                # Another row with the same photo ended in between and deleted it.
                if attempt == TRIES - 1:
                    raise
        raise AssertionError("the loop returns or raises")

    async def _result(self, row: Row, item: BatchItem, cost_usd: float) -> RowResult:
        if item.variant_id is None:
            fault = item.error or {"code": InternalError.code, "detail": "", "params": {}}
            error = BY_CODE.get(fault["code"], InternalError)(fault["detail"], **fault["params"])
            return _failed(row, error, cost_usd)
        view = await self.studio.jobs.view(JobId(item.job_id or ""), LOCAL_OWNER)
        variant = next(one for one in view.variants if one.id == item.variant_id)
        made = await self._files(row, variant)
        rows, paths = [], []
        for number, (name, data, export) in enumerate(made):
            # One at a time, because names are made unique.
            async with self._turns:
                path = await self.out.write(name, data)
            paths.append(path)
            rows.append(
                ManifestRow(
                    sku=row.sku,
                    title=row.title,
                    photo=row.name,
                    file=path.name,
                    preset=export.preset if export else "",
                    verdicts=_verdicts(item, export),
                    quality=item.quality,
                    model=variant.model,
                    cost_usd=cost_usd if number == 0 else None,
                )
            )
        return RowResult(
            row,
            tuple(rows),
            tuple(paths),
            item.status.value,
            item.quality,
            item.warnings,
            cost_usd,
        )

    async def _files(self, row: Row, variant: Variant) -> list[tuple[str, bytes, Export | None]]:
        """Make the exports of a picture, or return its master if the row names no preset."""
        presets = row.choices.presets
        if not presets:
            master = await self.studio.selection.find(variant.id, LOCAL_OWNER, thumbnail=False)
            stem = row.sku or row.path.stem
            return [(f"{stem}.png", await self.studio.selection.read(master), None)]
        names = dict.fromkeys(presets, row.choices.file_name) if row.choices.file_name else {}
        options = ExportOptions(names={preset: name for preset, name in names.items() if name})
        made = await self.studio.exports.make([variant.id], presets, LOCAL_OWNER, options)
        files = [await self.studio.exports.file(export.id, LOCAL_OWNER) for export in made.exports]
        return [(file.name, file.data, export) for file, export in zip(files, made.exports, strict=True)]


def _verdicts(item: BatchItem, export: Export | None) -> str:
    review = f"review ({' '.join(item.warnings)})" if item.status is ItemStatus.NEEDS_REVIEW else ""
    return "; ".join(filter(None, [review, verdicts_of(export.checks) if export else ""]))


def _failed(row: Row, error: StillroomError, cost_usd: float = 0.0) -> RowResult:
    told = ManifestRow(
        sku=row.sku, title=row.title, photo=row.name, cost_usd=cost_usd, error=f"{error.code}: {error.detail}"
    )
    return RowResult(row, (told,), error=error, cost_usd=cost_usd)


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()


async def run(settings: Settings, request: BatchRun, *, as_json: bool) -> int:
    """Process every row; return 0 if all succeeded, else 1.

    Raises:
        NotFound: The source, the recipe or the owner does not exist.
        ValidationFailed: The recipe or the table is invalid as a whole.
        PromptInvalid: The recipe's instruction cannot be carried out.
        Conflict: The output path is a file, or the database needs a migration.
        StorageUnavailable: The output folder cannot be written.
    """
    async with scratch_studio(settings, with_worker=not request.dry_run) as studio:
        choices = await choices_named(request.recipe, request.owner, settings, studio.catalogue)
        await studio.choices.check(choices)
        rows = await _checked(studio, rows_of(request.source, choices))
        if request.dry_run:
            return _tell_plan(studio, rows, as_json=as_json)
        out = OutFolder(request.out, [row.path for row in rows])
        manifest = Manifest(request.out, resume=request.resume)
        out.reserve(manifest.files)
        due = [row for row in rows if row.key not in manifest.done]
        results = await _run_all(RowRunner(studio, out), due, manifest, settings, quiet=as_json)
    _tell_results(results, skipped=len(rows) - len(due), as_json=as_json)
    return 1 if any(result.error for result in results) else 0


async def choices_named(name: str, owner: str | None, settings: Settings, catalogue: Catalogue) -> Choices:
    """Return the choices of a recipe; built-in ones and files work without a database.

    Raises:
        NotFound: There is no such recipe, or no such owner.
        ValidationFailed: The file is not a recipe.
        Conflict: Only the database could have the recipe, and it needs a migration.
        StorageUnavailable: Only the database could have the recipe, and it is unreachable.
    """
    try:
        stored = await recipes_as_found(settings, owner)
    except (Conflict, StorageUnavailable) as unread:
        try:
            return recipe_named(name, catalogue)
        except NotFound:
            raise unread from None
    return recipe_named(name, catalogue, stored)


async def _checked(studio: Studio, rows: Sequence[Row]) -> list[Row]:
    """Check the rows' own choices; a row that cannot work gets its error."""
    checked = []
    for row in rows:
        error = row.error
        if error is None:
            try:
                await studio.choices.check(row.choices)
            except StillroomError as refused:
                error = refused
        checked.append(Row(row.number, row.name, row.path, row.choices, row.sku, row.title, error))
    return checked


async def _run_all(
    runner: RowRunner, rows: Sequence[Row], manifest: Manifest, settings: Settings, *, quiet: bool
) -> list[RowResult]:
    slots = asyncio.Semaphore(settings.worker_concurrency + AHEAD)
    results: list[RowResult] = []
    with _progress(quiet=quiet) as progress:
        bar = progress.add_task("", total=len(rows))

        async def one(row: Row) -> None:
            async with slots:
                result = await runner.run(row)
            manifest.add(result.rows)
            results.append(result)
            if result.error is not None and not quiet:
                said = f"Row {row.number}, {row.name}: {result.error.detail} ({result.error.code})"
                progress.console.print(said, style="red", markup=False, soft_wrap=True)
            progress.advance(bar)

        async with asyncio.TaskGroup() as group:
            for row in rows:
                group.create_task(one(row))
    return sorted(results, key=lambda result: result.row.number)


@asynccontextmanager
async def scratch_studio(settings: Settings, *, with_worker: bool = True) -> AsyncIterator[Studio]:
    """Open a studio of its own for one command, with a worker that leaves no slot to other jobs."""
    slots = settings.worker_concurrency
    with tempfile.TemporaryDirectory(prefix="stillroom-") as scratch:
        # One slot is kept free for single jobs, which do not exist here.
        here = scratch_settings(settings, Path(scratch), user_running=slots, worker_concurrency=slots + 1)
        async with open_studio(here, Metrics()) as studio:
            if not with_worker:
                yield studio
                return
            async with working(here, studio):
                yield studio


def _tell_plan(studio: Studio, rows: Sequence[Row], *, as_json: bool) -> int:
    usable = [row for row in rows if row.error is None]
    estimates = [studio.batches.priced(row.choices, 1) for row in usable]
    broken = [
        {"row": row.number, "file": row.name, "error": problems.spelled(row.error)}
        for row in rows
        if row.error
    ]
    pictures = sum(estimate.pictures for estimate in estimates)
    cost = sum(estimate.micro_usd for estimate in estimates) / 1e6
    if as_json:
        plan = {"rows": len(rows), "pictures": pictures, "estimate_usd": cost, "errors": broken}
        typer.echo(json.dumps(plan, ensure_ascii=False, indent=2))
    else:
        typer.echo(f"{len(usable)} of {len(rows)} rows, {pictures} pictures, about {cost:.2f} USD.")
        for row in rows:
            if row.error:
                typer.echo(f"Row {row.number}, {row.name}: {row.error.detail} ({row.error.code})", err=True)
    return 1 if broken else 0


def _tell_results(results: Sequence[RowResult], *, skipped: int, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([result.told for result in results], ensure_ascii=False, indent=2))
        return
    failed = sum(result.error is not None for result in results)
    review = sum(result.status == ItemStatus.NEEDS_REVIEW for result in results)
    told = [f"{len(results) - failed} done", f"{failed} failed"]
    told += [f"{review} to look at"] if review else []
    told += [f"{skipped} were done before"] if skipped else []
    typer.echo(", ".join(told) + f"; see {MANIFEST}.")


def _progress(*, quiet: bool) -> Progress:
    return Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
        console=Console(stderr=True),
        disable=quiet,
    )
