"""Exports: files for marketplaces, made from a variant's master, checked and kept until they expire."""

import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import InitVar, dataclass, field, replace
from functools import partial

import anyio

from stillroom.application.exports.archives import free_name, in_memory, zipped
from stillroom.application.exports.jobs import DEFERRED_FORMATS, material_of, rendering
from stillroom.application.exports.manifest import MANIFEST, ManifestRow, head, lines, verdicts_of
from stillroom.application.exports.options import (
    NO_OPTIONS,
    ExportFile,
    ExportOptions,
    ExportWaits,
    Made,
    wait_until,
)
from stillroom.application.exports.ordering import (
    MAX_FILES,
    ExportOrder,
    ExportOrders,
    FileWords,
    preset_of,
    presets_of,
    too_many_files,
)
from stillroom.application.limits.fair_semaphore import FairSemaphore
from stillroom.application.limits.idempotency import KeyLocks, hash_of_request, reserve, result_of
from stillroom.application.limits.limits import Limits
from stillroom.application.webhooks.outbox import Outbox
from stillroom.domain.errors import Conflict, IdempotencyMismatch, NotFound, NotMadeYet, StorageUnavailable
from stillroom.domain.exports.file_names import product_of
from stillroom.domain.exports.presets import Export, ExportPreset, ExportStatus
from stillroom.domain.ids import ExportId, IdFactory, OwnerId, VariantId
from stillroom.domain.ports import Blobs, Catalogue, Clock, Notifier, OpenBlob, Page, UnitOfWorkFactory
from stillroom.domain.variants import Variant
from stillroom.imaging.export import render
from stillroom.imaging.io.content_credentials import Sign

AT_ONCE = 2
"""Presets that are rendered concurrently, with fair queueing over owners; one takes up to 250 MB."""

LONGEST_SECONDS = 1800
"""Limit in seconds for rendering one request. Files without a row are swept after twice this time."""

RETRY_AFTER_SECONDS = 2


@dataclass(frozen=True, slots=True)
class _Picture:
    """Variant with the title of its session, and its number among the pictures with that title, from 1."""

    variant: Variant
    title: str
    number: int


@dataclass
class Exports:
    """Makes, lists and serves exports.

    Files are signed only if `_sign` is given.
    """

    _unit_of_work: UnitOfWorkFactory
    _blobs: Blobs
    _catalogue: Catalogue
    _notifier: Notifier
    _ids: IdFactory
    _clock: Clock
    limits: InitVar[Limits]
    _sign: Sign | None = None
    waits: ExportWaits = field(default_factory=ExportWaits)

    def __post_init__(self, limits: Limits) -> None:
        self._orders = ExportOrders(self._blobs, self._catalogue, self._ids, self._clock, limits)
        self._permits = FairSemaphore(AT_ONCE)
        self._locks = KeyLocks()
        self._outbox = Outbox(self._ids, self._clock)

    async def make(
        self,
        variant_ids: Sequence[VariantId],
        preset_ids: Sequence[str],
        owner_id: OwnerId,
        options: ExportOptions = NO_OPTIONS,
        *,
        key: str | None = None,
        dry_run: bool = False,
        wait: bool = True,
    ) -> Made:
        """Make one file per variant, preset and format; what is named twice is made once.

        Args:
            key: Idempotency key; a repeated key returns the same exports.
            dry_run: Measure only; nothing is stored.
            wait: Make every file within the call. Otherwise export jobs make the slow formats, and the call
                waits for them at most `waits.request`.

        Raises:
            NotFound: A variant does not exist, or was deleted meanwhile.
            ValidationFailed: A preset does not exist, or there would be more than MAX_FILES files.
            IdempotencyMismatch: The key was used for another request.
            Conflict: The files took too long to make.
        """
        presets = presets_of(self._catalogue, preset_ids)
        formats = sum(len(render.formats_of(preset, options.fixes)) for preset in presets)
        pictures = await self._pictures(tuple(dict.fromkeys(variant_ids)), owner_id)
        if len(pictures) * formats > MAX_FILES:
            raise too_many_files()
        if dry_run:
            measured = await self._make(pictures, presets, owner_id, options, dry_run=True)
            return Made(tuple(order.export for order in measured), replayed=False)
        request_hash = hash_of_request(_asked(variant_ids, preset_ids, options))
        async with self._locks.of(owner_id, key):
            while True:
                earlier = await self._earlier(owner_id, key, request_hash)
                if earlier is not None:
                    return Made(earlier, replayed=True)
                made = await self._make(pictures, presets, owner_id, options, defer=not wait)
                try:
                    is_recorded = await self._record(pictures, made, owner_id, key, request_hash)
                except (NotFound, IdempotencyMismatch):
                    await self._discard(made)
                    raise
                if is_recorded:
                    break
                # Another process has stored the result of this key meanwhile.
                await self._discard(made)
        exports = tuple(order.export for order in made)
        return Made(await self._ready(exports, owner_id, self.waits.request), replayed=False)

    async def _earlier(
        self, owner_id: OwnerId, key: str | None, request_hash: str
    ) -> tuple[Export, ...] | None:
        """Return the exports that an earlier request with this key made; None if there are none.

        Raises IdempotencyMismatch.
        """
        async with self._unit_of_work(read_only=True) as tx:
            result = await result_of(tx, owner_id, key, request_hash)
        if key is None or result is None:
            return None
        try:
            return await self._stored([ExportId(one) for one in result.split(",")], owner_id)
        except NotFound:
            # Keys live longer than exports: make expired files again.
            async with self._unit_of_work() as tx:
                await tx.idempotency.drop(owner_id, key, result)
            return None

    async def _make(
        self,
        pictures: Sequence[_Picture],
        presets: Sequence[ExportPreset],
        owner_id: OwnerId,
        options: ExportOptions,
        *,
        dry_run: bool = False,
        defer: bool = False,
    ) -> list[ExportOrder]:
        """Make the files, or measure them only; deferred formats are left to export jobs."""
        made: list[ExportOrder] = []
        give_up = time.monotonic() + LONGEST_SECONDS
        try:
            for picture, preset in itertools.product(pictures, presets):
                if time.monotonic() > give_up:
                    raise Conflict(text="slow_exports")
                pieces = await self._pieces_of(picture, preset, owner_id, options, defer=defer)
                for order, data in pieces:
                    made.append(order)
                    # Store each file at once, so that a large request is never in memory as a whole.
                    if not dry_run and data is not None:
                        export = order.export
                        await self._blobs.put(export.blob_key, data, f"image/{export.format}")
                # A tall picture becomes several files; how many is known only now.
                if len(made) > MAX_FILES:
                    raise too_many_files()
        except BaseException:
            await self._discard(made)
            raise
        return made

    async def _record(
        self,
        pictures: Sequence[_Picture],
        made: Sequence[ExportOrder],
        owner_id: OwnerId,
        key: str | None,
        request_hash: str,
    ) -> bool:
        """Store the exports in one transaction, with the jobs that make the deferred ones.

        Returns False, with nothing stored, if the key has a result by now. Raises IdempotencyMismatch, and
        NotFound if a picture was deleted meanwhile.
        """
        result = ",".join(order.export.id for order in made)
        sessions = {picture.variant.id: picture.variant.session_id for picture in pictures}
        ready = []
        async with self._unit_of_work() as tx:
            if await reserve(tx, owner_id, key, request_hash, result, self._clock()) is not None:
                return False
            # Before their pictures, as by a deletion; in one order, so that two requests cannot wait for each
            # other.
            for session_id in sorted({*sessions.values()}):
                await tx.sessions.lock(session_id, owner_id)
            for order in made:
                session_id = sessions[order.export.variant_id]
                await self._orders.store(tx, order, session_id)
                if order.settings is None:
                    ready.append((order.export, session_id))
            await self._outbox.exports_ready(tx, ready)
        self._notifier.job_queued()
        return True

    async def _discard(self, made: Sequence[ExportOrder]) -> None:
        """Delete files that no row will name; the orphan sweep deletes the rest."""
        with anyio.CancelScope(shield=True), suppress(StorageUnavailable):
            await self._blobs.delete([order.export.blob_key for order in made])

    async def preview(
        self, variant_id: VariantId, preset_id: str, owner_id: OwnerId, options: ExportOptions
    ) -> bytes:
        """Render the first file of a preset as a small WebP. Raises NotFound, ValidationFailed."""
        preset = preset_of(self._catalogue, preset_id, "preset")
        async with self._unit_of_work(read_only=True) as tx:
            variant = await tx.variants.get(variant_id, owner_id)
        async with self._permits.of(owner_id):
            material = await material_of(self._blobs, variant)
            work = partial(
                render.preview,
                material.master,
                material.matte,
                preset,
                options.fixes,
                options.label,
                on_white=material.on_white,
            )
            return await anyio.to_thread.run_sync(work)

    async def list(
        self, owner_id: OwnerId, variant_id: VariantId | None, cursor: str | None, limit: int
    ) -> Page[Export]:
        """List unexpired exports, newest first."""
        async with self._unit_of_work(read_only=True) as tx:
            return await tx.exports.list(owner_id, variant_id, self._clock(), cursor, limit)

    async def file(self, export_id: ExportId, owner_id: OwnerId) -> ExportFile:
        """Return one file with its download name.

        Raises:
            NotFound: The export does not exist or has expired.
            NotMadeYet: Its export job has not ended.
            Conflict: Its export job failed.
        """
        [export] = await self._fetchable([export_id], owner_id)
        return ExportFile(export.name, await self._blobs.get(export.blob_key))

    async def open(self, export_id: ExportId, owner_id: OwnerId) -> tuple[Export, OpenBlob]:
        """Open one file as a stream, for clients that may be slow. Raises what `file` raises."""
        [export] = await self._fetchable([export_id], owner_id)
        return export, await self._blobs.open(export.blob_key)

    async def archive(self, export_ids: Sequence[ExportId], owner_id: OwnerId) -> AsyncIterator[bytes]:
        """Stream several files as a ZIP, with a manifest if a picture is described.

        Raises what `file` raises, before the first chunk.
        """
        exports = await self._fetchable(export_ids, owner_id)
        taken: set[str] = set()
        exports = tuple(replace(one, name=free_name(one.name, taken)) for one in exports)
        return zipped(self._contents(exports, await self._manifest(exports, owner_id)))

    async def _contents(
        self, exports: Sequence[Export], manifest: bytes | None
    ) -> AsyncIterator[tuple[str, OpenBlob]]:
        for export in exports:
            yield export.name, await self._blobs.open(export.blob_key)
        if manifest is not None:
            yield MANIFEST, in_memory(manifest)

    async def _manifest(self, exports: Sequence[Export], owner_id: OwnerId) -> bytes | None:
        """Return the table of the files; None while no picture is described."""
        async with self._unit_of_work(read_only=True) as tx:
            variants = await tx.variants.several({export.variant_id for export in exports})
            if all(variant.description.is_empty for variant in variants.values()):
                return None
            sessions = {
                one.session_id: await tx.sessions.get(one.session_id, owner_id) for one in variants.values()
            }
            photos = await tx.assets.several({session.asset_id for session in sessions.values()})
        rows = []
        for export in exports:
            variant = variants[export.variant_id]
            session = sessions[variant.session_id]
            rows.append(
                ManifestRow(
                    title=session.title,
                    photo=photos[session.asset_id].original_name,
                    file=export.name,
                    preset=export.preset,
                    verdicts=verdicts_of(export.checks),
                    quality=variant.measures.quality,
                    model=variant.model,
                    description=variant.description,
                )
            )
        return head(described=True) + lines(rows, described=True)

    async def _fetchable(self, export_ids: Sequence[ExportId], owner_id: OwnerId) -> tuple[Export, ...]:
        exports = await self._ready(await self._stored(export_ids, owner_id), owner_id, self.waits.download)
        for export in exports:
            if export.status is ExportStatus.FAILED:
                raise Conflict(text="export_failed", id=export.id, status=export.status.value)
            if export.status is ExportStatus.PENDING:
                raise NotMadeYet(text="export_pending", id=export.id, retry_after_seconds=RETRY_AFTER_SECONDS)
        return exports

    async def _ready(
        self, exports: tuple[Export, ...], owner_id: OwnerId, seconds: float
    ) -> tuple[Export, ...]:
        """Wait until no export is pending or the time is up, and return the current rows."""
        found = {export.id: export for export in exports}

        async def are_made() -> bool | None:
            pending = [export.id for export in found.values() if export.status is ExportStatus.PENDING]
            if not pending:
                return True
            found.update({export.id: export for export in await self._stored(pending, owner_id)})
            return None

        await wait_until(are_made, seconds, self.waits.poll)
        return tuple(found[export.id] for export in exports)

    async def _stored(self, export_ids: Sequence[ExportId], owner_id: OwnerId) -> tuple[Export, ...]:
        now = self._clock()
        async with self._unit_of_work(read_only=True) as tx:
            return await tx.exports.several(export_ids, owner_id, now)

    async def _pictures(self, variant_ids: Sequence[VariantId], owner_id: OwnerId) -> Sequence[_Picture]:
        numbers: Counter[str] = Counter()
        pictures = []
        async with self._unit_of_work(read_only=True) as tx:
            for variant_id in variant_ids:
                variant = await tx.variants.get(variant_id, owner_id)
                title = (await tx.sessions.get(variant.session_id, owner_id)).title
                # Number the pictures per product: two sessions with one title would produce equal file names.
                numbers[product_of(title)] += 1
                pictures.append(_Picture(variant, title, numbers[product_of(title)]))
        return pictures

    async def _pieces_of(
        self,
        picture: _Picture,
        preset: ExportPreset,
        owner_id: OwnerId,
        options: ExportOptions,
        *,
        defer: bool,
    ) -> Sequence[tuple[ExportOrder, bytes | None]]:
        """Return the exports of a preset, each with its bytes unless an export job will make it."""
        variant = picture.variant
        words = FileWords(picture.title, picture.number, options.names.get(preset.id))
        formats = render.formats_of(preset, options.fixes)
        deferred = [form for form in formats if defer and form in DEFERRED_FORMATS]
        pieces: list[tuple[ExportOrder, bytes | None]] = []
        async with self._permits.of(owner_id):
            # Within the permit, so that waiting requests hold no master in memory.
            material = await material_of(self._blobs, variant)
            if now := tuple(form for form in formats if form not in deferred):
                single = preset.model_copy(update={"formats": now})
                work = rendering(variant, material, single, options.fixes, options.label, self._sign)
                for file in await anyio.to_thread.run_sync(work):
                    export = self._orders.row(variant, preset, owner_id, words, file, file.format)
                    export = replace(export, bytes=len(file.data), checks=file.checks)
                    pieces.append((ExportOrder(export, settings=None), file.data))
            if deferred:
                orders = await self._orders.pending(
                    variant, material, preset, deferred, owner_id, words, options
                )
                pieces += [(order, None) for order in orders]
        return pieces


def _asked(
    variant_ids: Sequence[VariantId], preset_ids: Sequence[str], options: ExportOptions
) -> list[object]:
    """Return what the hash of a request covers."""
    return [
        list(variant_ids),
        list(preset_ids),
        sorted(options.fixes),
        *filter(None, [options.label, sorted(options.names.items())]),
    ]
