"""Rows of `stillroom batch run` and `watch`: from a photo to its files and its manifest lines."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from stillroom.application.batches.requests import NewBatch
from stillroom.application.exports.manifest import ManifestRow, verdicts_of
from stillroom.application.exports.options import ExportOptions
from stillroom.application.sessions import title_from_file_name
from stillroom.bootstrap import Studio
from stillroom.cli import problems
from stillroom.cli.batches.table import Row
from stillroom.cli.edit import OutFolder, upload
from stillroom.domain.batches.batches import BatchItem, BatchView, ItemStatus, NewItem
from stillroom.domain.errors import InternalError, NotFound, StillroomError, error_from
from stillroom.domain.exports.file_names import product_of
from stillroom.domain.exports.presets import Export
from stillroom.domain.ids import LOCAL_OWNER, JobId, SessionId
from stillroom.domain.variants import Variant

TRIES = 5
"""Attempts at storing a photo that other rows use as well."""


@dataclass(frozen=True, slots=True)
class RowResult:
    """Result of a row.

    Attributes:
        rows: Its lines of the manifest.
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
    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row.number,
            "photo": str(self.row.path),
            "sku": self.row.sku,
            "status": self.status,
            "files": [str(file) for file in self.files],
            "quality": self.quality,
            "warnings": list(self.warnings),
            "cost_usd": self.cost_usd,
            **({"error": problems.as_json(self.error)} if self.error else {}),
        }


@dataclass
class RowRunner:
    """Processes single rows in a scratch studio; nothing of a row is kept there afterwards."""

    studio: Studio
    out: OutFolder
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self, row: Row) -> RowResult:
        """Process one row; an error of the row is part of the result."""
        if row.error is not None:
            return _failed(row, row.error)
        try:
            return await self._run(row)
        except StillroomError as error:
            return _failed(row, error)

    async def _run(self, row: Row) -> RowResult:
        view = await self._started(row)
        async for _ in self.studio.batches.events.follow(view.batch.id, 0):
            pass
        [item] = (await self.studio.batches.requests.items(view.batch.id, LOCAL_OWNER, None, None, 1)).items
        view = await self.studio.batches.requests.view(view.batch.id, LOCAL_OWNER)
        cost_usd = view.cost_micro_usd / 1e6
        try:
            return await self._result(row, item, cost_usd)
        except StillroomError as error:
            return _failed(row, error, cost_usd)
        finally:
            if item.session_id is not None:
                await self.studio.sessions.delete(SessionId(item.session_id), LOCAL_OWNER)

    async def _started(self, row: Row) -> BatchView:
        """Store the photo and create a batch of one item."""
        title = row.sku or row.title or title_from_file_name(row.name)
        # The files are made afterwards, also those that need a review.
        choices = row.choices.model_copy(update={"presets": ()})
        for attempt in range(TRIES):
            taken = await upload(self.studio, row.path)
            new = NewBatch(
                name=row.name[:100] or "row",
                items=(NewItem(taken.asset.id, title=title, prompt=row.prompt or None),),
                choices=choices,
            )
            try:
                return (await self.studio.batches.requests.create(new, LOCAL_OWNER)).view
            except NotFound:
                # Another row with the same photo ended in between and deleted it.
                if attempt == TRIES - 1:
                    raise
        raise AssertionError("the loop returns or raises")

    async def _result(self, row: Row, item: BatchItem, cost_usd: float) -> RowResult:
        if item.variant_id is None:
            error = error_from(item.error) if item.error else InternalError("")
            return _failed(row, error, cost_usd)
        view = await self.studio.jobs.view(JobId(item.job_id or ""), LOCAL_OWNER)
        variant = next(one for one in view.variants if one.id == item.variant_id)
        made = await self._files(row, variant)
        rows, paths = [], []
        for number, (name, data, export) in enumerate(made):
            # One at a time, because names are made unique.
            async with self._lock:
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
        status, warnings = item.status.value, item.warnings
        return RowResult(row, tuple(rows), tuple(paths), status, item.quality, warnings, cost_usd)

    async def _files(self, row: Row, variant: Variant) -> list[tuple[str, bytes, Export | None]]:
        """Make the exports of a picture, or return its master if the row names no preset."""
        presets = row.choices.presets
        if not presets:
            stem = product_of(row.sku) if row.sku else PurePath(row.name).stem
            return [(f"{stem}.png", await self.studio.photos.selection.fetch(variant.id, LOCAL_OWNER), None)]
        names = dict.fromkeys(presets, row.choices.file_name) if row.choices.file_name else {}
        options = ExportOptions(names={preset: name for preset, name in names.items() if name})
        made = await self.studio.exports.make([variant.id], presets, LOCAL_OWNER, options)
        files = [await self.studio.exports.file(export.id, LOCAL_OWNER) for export in made.exports]
        return [(file.name, file.data, export) for file, export in zip(files, made.exports, strict=True)]


def _verdicts(item: BatchItem, export: Export | None) -> str:
    review = f"review ({' '.join(item.warnings)})" if item.status is ItemStatus.NEEDS_REVIEW else ""
    return "; ".join(filter(None, [review, verdicts_of(export.checks) if export else ""]))


def _failed(row: Row, error: StillroomError, cost_usd: float = 0.0) -> RowResult:
    line = ManifestRow(
        sku=row.sku, title=row.title, photo=row.name, cost_usd=cost_usd, error=f"{error.code}: {error.detail}"
    )
    return RowResult(row, (line,), error=error, cost_usd=cost_usd)
