"""Files of a batch: the manifest, and one archive of the exports of approved items."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from stillroom.application.exports.archives import free_name, zipped
from stillroom.application.exports.manifest import ManifestRow, head, lines, verdicts_of
from stillroom.application.exports.options import wait_until
from stillroom.domain.batches.batches import EXPORTED, MAX_ITEMS, Batch, BatchItem, ItemStatus
from stillroom.domain.descriptions import NOTHING
from stillroom.domain.errors import Conflict, NotMadeYet
from stillroom.domain.exports.presets import Export, ExportStatus
from stillroom.domain.ids import AssetId, BatchId, BatchItemId, OwnerId, VariantId
from stillroom.domain.ports import Blobs, Clock, Notifier, OpenBlob, UnitOfWork, UnitOfWorkFactory

ITEMS_PER_READ = 100

WAIT_SECONDS = 10.0
"""Longest wait of an archive request for files that are being made, in seconds."""

POLL_SECONDS = 0.25
RETRY_AFTER_SECONDS = 5


@dataclass(frozen=True)
class BatchFiles:
    """Manifest and archive of batches."""

    _unit_of_work: UnitOfWorkFactory
    _blobs: Blobs
    _notifier: Notifier
    _clock: Clock

    async def manifest(self, batch_id: BatchId, owner_id: OwnerId) -> AsyncIterator[bytes]:
        """Return the table as a stream. Raises NotFound, before the first chunk."""
        async with self._unit_of_work(read_only=True) as tx:
            batch = await tx.batches.get(batch_id, owner_id)
        return self._manifest(batch)

    async def _manifest(self, batch: Batch) -> AsyncIterator[bytes]:
        async with self._unit_of_work(read_only=True) as tx:
            items = await tx.batch_items.with_status(batch.id, tuple(ItemStatus), MAX_ITEMS)
            described = await tx.variants.are_described({one.variant_id for one in items if one.variant_id})
        yield head(described=described)
        taken: set[str] = set()
        cursor: str | None = None
        while True:
            async with self._unit_of_work(read_only=True) as tx:
                page = await tx.batch_items.list(batch.id, None, cursor, ITEMS_PER_READ)
                rows = await self._rows(tx, batch, page.items, taken)
            yield lines(rows, described=described)
            cursor = page.next_cursor
            if cursor is None:
                return

    async def _rows(
        self, tx: UnitOfWork, batch: Batch, items: Sequence[BatchItem], taken: set[str]
    ) -> list[ManifestRow]:
        """Return the rows of some items, with the names that the archive gives their files."""
        photos = await tx.assets.several({AssetId(item.image_id) for item in items})
        pictures = [item.variant_id for item in items if item.variant_id is not None]
        variants = await tx.variants.several(pictures)
        costs = await tx.provider_calls.cost_of_jobs({item.job_id for item in items if item.job_id})
        made = await self._exports(tx, batch, items)
        rows: list[ManifestRow] = []
        for item in items:
            photo = photos.get(item.image_id)
            variant = variants.get(item.variant_id) if item.variant_id else None
            first = ManifestRow(
                sku=item.sku or "",
                title=item.title or "",
                photo=photo.original_name if photo else "",
                quality=item.quality,
                model=variant.model if variant else "",
                cost_usd=costs.get(item.job_id, 0) / 1e6 if item.job_id else None,
                error=_error_of(item),
                description=variant.description if variant else NOTHING,
            )
            rows += _with_files(first, made.get(item.variant_id, ()) if item.variant_id else (), taken)
        return rows

    async def archive(self, batch_id: BatchId, owner_id: OwnerId) -> AsyncIterator[bytes]:
        """Return the files of all approved items as a ZIP stream.

        Expired files are made again.

        Raises:
            NotFound: The batch does not exist.
            NotMadeYet: Files are still being made.
            Conflict: No item is approved, or the recipe names no preset.
        """
        if_made = partial(self._exports_if_made, batch_id, owner_id)
        exports = await wait_until(if_made, WAIT_SECONDS, POLL_SECONDS)
        if exports is None:
            raise NotMadeYet(text="files_pending", retry_after_seconds=RETRY_AFTER_SECONDS)
        if not exports:
            raise Conflict(text="no_file_made")
        return zipped(self._contents(exports))

    async def _exports_if_made(self, batch_id: BatchId, owner_id: OwnerId) -> Sequence[Export] | None:
        """Return the files of the approved items; None while some are being made or not ordered yet."""
        async with self._unit_of_work(read_only=True) as tx:
            batch = await tx.batches.get(batch_id, owner_id)
            if not batch.choices.presets:
                raise Conflict(text="no_preset")
            approved = await tx.batch_items.with_status(batch_id, EXPORTED, MAX_ITEMS)
            items = [(item, item.variant_id) for item in approved if item.variant_id is not None]
            if not items:
                raise Conflict(text="none_approved")
            made = await self._exports(tx, batch, approved)
        ordered = [(item, picture) for item, picture in items if item.exported_variant_id == picture]
        expired = [item.id for item, picture in ordered if item.error is None and not made.get(picture)]
        if expired:
            await self._order_again(batch, expired)
        exports = [one for _, picture in items for one in made.get(picture, ())]
        is_pending = any(one.status is ExportStatus.PENDING for one in exports)
        if is_pending or expired or len(ordered) < len(items):
            return None
        return [one for one in exports if one.status is ExportStatus.READY]

    async def _order_again(self, batch: Batch, items: Sequence[BatchItemId]) -> None:
        async with self._unit_of_work() as tx:
            held = await tx.batches.lock(batch.id)
            if held is None:
                return
            await tx.batch_items.forget_exports(items)
            await tx.batches.save(held)
        self._notifier.job_queued()

    async def _exports(
        self, tx: UnitOfWork, batch: Batch, items: Sequence[BatchItem]
    ) -> dict[VariantId, tuple[Export, ...]]:
        """Return the batch's newest export per preset, format and part of the items' pictures."""
        wanted = [
            item.variant_id for item in items if item.status in EXPORTED and item.variant_id is not None
        ]
        newest: dict[tuple[str, str, str, int | None], Export] = {}
        for export in await tx.exports.of_batch(batch.id, wanted, self._clock()):
            if export.preset in batch.choices.presets:
                newest[export.variant_id, export.preset, export.format, export.part] = export
        found: dict[VariantId, tuple[Export, ...]] = {}
        for export in newest.values():
            found[export.variant_id] = (*found.get(export.variant_id, ()), export)
        return found

    async def _contents(self, exports: Sequence[Export]) -> AsyncIterator[tuple[str, OpenBlob]]:
        for export in exports:
            yield export.name, await self._blobs.open(export.blob_key)


def _with_files(first: ManifestRow, exports: Sequence[Export], taken: set[str]) -> list[ManifestRow]:
    """Return a row per file, or one without a file; names in `taken` are numbered."""
    if not exports:
        return [first]
    rows = []
    for number, export in enumerate(exports):
        is_made = export.status is ExportStatus.READY
        error = first.error or ("E_EXPORT_FAILED" if export.status is ExportStatus.FAILED else "")
        rows.append(
            replace(
                first,
                file=free_name(export.name, taken) if is_made else "",
                preset=export.preset,
                verdicts=verdicts_of(export.checks),
                cost_usd=first.cost_usd if number == 0 else None,
                error=error,
            )
        )
    return rows


def _error_of(item: BatchItem) -> str:
    if item.error is not None:
        return f"{item.error['code']}: {item.error['detail']}"
    return "canceled" if item.status is ItemStatus.CANCELED else ""
