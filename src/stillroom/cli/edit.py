"""`stillroom edit`: edit photos from files, with the same services as the server."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Annotated, Any, Literal

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from stillroom.application.exports.archives import free_name
from stillroom.application.exports.result_files import result_folder, write_complete
from stillroom.application.jobs.orders import Order
from stillroom.application.photos.intake import UploadResult
from stillroom.application.photos.photo_files import photos_in, read_photo
from stillroom.bootstrap import Studio
from stillroom.cli import problems
from stillroom.cli.console import AsJson, in_words, print_json, progress_bar, quiet_command
from stillroom.cli.scratch import scratch_studio
from stillroom.domain.errors import NotFound, StillroomError, ValidationFailed, error_from
from stillroom.domain.exports.file_names import plain_start
from stillroom.domain.ids import LOCAL_OWNER, JobId
from stillroom.domain.jobs.events import EventType
from stillroom.domain.jobs.job import MAX_CANDIDATES
from stillroom.domain.providers.requests import Operation
from stillroom.domain.variants import Variant, VariantRole
from stillroom.settings import load

_COLUMNS = (
    SpinnerColumn(),
    TextColumn("{task.description}", markup=False),
    BarColumn(),
    TimeElapsedColumn(),
    TextColumn("{task.fields[stage]}"),
)


@dataclass(frozen=True, slots=True)
class EditArguments:
    """Choices for the edit of every photo."""

    prompt: str
    operation: Operation
    presets: tuple[str, ...]
    candidates: int


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A result on disk with the picture that it shows."""

    path: Path
    variant: Variant


@dataclass(slots=True)
class PhotoResult:
    """Result of one photo.

    Attributes:
        warnings: Notices of its job that warn, as code and message.
        cost_usd: Price of its job, also of one that failed.
        error: Why there are no files; None if there are.
    """

    photo: Path
    files: list[WrittenFile] = field(default_factory=list)
    warnings: list[dict[str, str]] = field(default_factory=list)
    cost_usd: float = 0.0
    error: StillroomError | None = None

    @property
    def as_json(self) -> dict[str, Any]:
        """The result for machines; the figures of the photo are the lowest ones of its files."""
        if self.error is not None:
            return {
                "photo": str(self.photo),
                "error": problems.as_json(self.error),
                "warnings": self.warnings,
                "cost_usd": self.cost_usd,
            }
        results = [self._file_as_json(one) for one in self.files]
        return {
            "photo": str(self.photo),
            "files": [str(one.path) for one in self.files],
            **{name: _lowest(result[name] for result in results) for name in ("confidence", "quality")},
            "warnings": self.warnings,
            "cost_usd": self.cost_usd,
            "results": results,
        }

    def _file_as_json(self, one: WrittenFile) -> dict[str, Any]:
        measures = one.variant.measures
        return {
            "file": str(one.path),
            "model": one.variant.model,
            "confidence": measures.edge_confidence,
            "quality": measures.quality,
            "needs_review": measures.needs_review,
            "warnings": self.warnings,
            # Calls are paid per job, so its files share the price.
            "cost_usd": round(self.cost_usd / len(self.files), 6),
        }


class OutFolder:
    """Output folder of one run; gives every result a unique file name."""

    def __init__(self, folder: Path, photos: Sequence[Path]) -> None:
        """Create the folder if it is missing.

        Raises:
            Conflict: The path is a file.
            StorageUnavailable: The folder cannot be created or written.
        """
        with problems.file_errors(folder):
            here = result_folder(folder)
        self._folder = folder
        # Never overwrite a source photo, which may be the only copy.
        self._taken = {photo.name.casefold() for photo in photos if photo.parent.resolve() == here}

    def reserve(self, names: Iterable[str]) -> None:
        """Keep files of an earlier run: results of this one get other names."""
        self._taken |= {name.casefold() for name in names}

    async def write(self, name: str, data: bytes) -> Path:
        """Write a result under its name, numbered if this run has used the name already.

        A photo's name may be one that other systems cannot store, or that a spreadsheet evaluates.

        Raises:
            StorageUnavailable: The file cannot be written.
        """
        result = PurePath(name)
        path = self._folder / free_name(f"{plain_start(result.stem)}{result.suffix}", self._taken)
        with problems.file_errors(path):
            await asyncio.to_thread(write_complete, path, data)
        return path


@quiet_command
async def edit(
    photos: Annotated[list[Path], typer.Argument(help="Photos, or folders of photos.", readable=False)],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the results; made if missing.")],
    prompt: Annotated[str, typer.Option(help="What you want, in Chinese or English.")] = "",
    operation: Annotated[
        Literal["optimize", "bg_replace"] | None,
        typer.Option(help="Default: bg_replace with a prompt, else optimize."),
    ] = None,
    preset: Annotated[
        list[str] | None, typer.Option(help="Export preset; may be given several times.")
    ] = None,
    candidates: Annotated[int, typer.Option(min=1, max=MAX_CANDIDATES, help="Pictures per photo.")] = 1,
    as_json: AsJson = False,
) -> int:
    """Edit photos without a server.

    Overwrites results of earlier runs, but never photos or results of this run.
    STILLROOM_DAILY_BUDGET_USD applies to each run separately.
    """
    settings = load()
    made = Operation(operation or ("bg_replace" if prompt else "optimize"))
    request = EditArguments(prompt, made, tuple(preset or ()), candidates)
    found = list(_found(photos))
    if not found:
        raise NotFound("There is no photo there.")
    folder = OutFolder(out, found)
    # Photos of the command line must not enter the data of a server that may be running.
    async with scratch_studio(settings) as studio:
        _check_presets(studio, request)
        with progress_bar(*_COLUMNS, quiet=as_json) as progress:
            results = [await _edit_one(studio, request, photo, folder, progress) for photo in found]
    if as_json:
        print_json([result.as_json for result in results])
    return 1 if any(result.error for result in results) else 0


async def _edit_one(
    studio: Studio, request: EditArguments, photo: Path, out: OutFolder, progress: Progress
) -> PhotoResult:
    bar = progress.add_task(photo.name, total=100, stage="")
    result = PhotoResult(photo)
    try:
        await _make_pictures(studio, request, result, out, progress, bar)
    except StillroomError as error:
        result.error = error
        progress.update(bar, stage=f"[red]{error.code}[/]")
        # Printed above the progress bar, where a long sentence fits.
        if not progress.disable:
            message = f"{photo.name}: {in_words(error)}"
            progress.console.print(message, style="red", markup=False, soft_wrap=True)
    else:
        progress.update(bar, completed=100, stage=", ".join(file.path.name for file in result.files))
    return result


async def upload(studio: Studio, photo: Path) -> UploadResult:
    """Store a photo of this machine. Raises NotFound when it cannot be read."""

    async def read() -> bytes:
        return await asyncio.to_thread(read_photo, photo, studio.limits.max_upload_bytes)

    return await studio.photos.intake.upload(
        read, file_name=photo.name, declared_type=None, owner_id=LOCAL_OWNER
    )


async def _make_pictures(
    studio: Studio,
    request: EditArguments,
    result: PhotoResult,
    out: OutFolder,
    progress: Progress,
    bar: TaskID,
) -> None:
    photo = result.photo
    taken = await upload(studio, photo)
    session = (await studio.sessions.open(taken.asset.id, LOCAL_OWNER, None, None)).session
    order = Order(session.id, request.operation, request.prompt, request.candidates)
    job = (await studio.jobs.submit(order, LOCAL_OWNER)).view.job
    try:
        await _watch(studio, job.id, result, progress, bar)
    finally:
        view = await studio.jobs.view(job.id, LOCAL_OWNER)
        result.cost_usd = view.job.cost_micro_usd / 1e6
    offered = [variant for variant in view.variants if variant.role is VariantRole.CANDIDATE]
    result.files = await _written(studio, request, photo, out, offered)


async def _watch(studio: Studio, job_id: JobId, result: PhotoResult, progress: Progress, bar: TaskID) -> None:
    async for event in studio.events.follow(job_id, 0):
        if event.type is EventType.PROGRESS:
            progress.update(bar, completed=event.data["percent"], stage=event.data["stage"])
        elif event.type is EventType.LOG:
            # Printed without markup, because a file name may contain rich's markup.
            message = f"{result.photo.name}: {event.data['message']}"
            progress.console.print(message, highlight=False, markup=False, soft_wrap=True)
            if event.data["level"] == "warning":
                result.warnings.append({key: event.data[key] for key in ("code", "message")})
        elif event.type is EventType.FAILED:
            raise error_from(event.data["error"])


async def _written(
    studio: Studio, request: EditArguments, photo: Path, out: OutFolder, variants: Sequence[Variant]
) -> list[WrittenFile]:
    """Write the variants' exports, or their masters when no preset was named."""
    if request.presets:
        shown = {variant.id: variant for variant in variants}
        made = await studio.exports.make(list(shown), request.presets, LOCAL_OWNER)
        files = [(await studio.exports.file(one.id, LOCAL_OWNER), one.variant_id) for one in made.exports]
        return [WrittenFile(await out.write(file.name, file.data), shown[by]) for file, by in files]
    written = []
    for variant in variants:
        number = f"_{variant.ordinal}" if len(variants) > 1 else ""
        data = await studio.photos.selection.fetch(variant.id, LOCAL_OWNER)
        written.append(WrittenFile(await out.write(f"{photo.stem}{number}.png", data), variant))
    return written


def _lowest(figures: Iterable[float | None]) -> float | None:
    return min((figure for figure in figures if figure is not None), default=None)


def _check_presets(studio: Studio, request: EditArguments) -> None:
    known = [preset.id for preset in studio.catalogue.exports().presets]
    unknown = [preset for preset in request.presets if preset not in known]
    if unknown:
        raise ValidationFailed(f"There is no preset {unknown[0]}; there are {', '.join(known)}.")


def _found(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from photos_in(path)
        elif path.exists():
            yield path
        else:
            raise NotFound(f"There is no file {path}.")
