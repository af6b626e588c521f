"""Files for marketplaces: made from a variant's master, measured, kept for a day."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import anyio

from stillroom.application.limits import Limits
from stillroom.domain.errors import IdempotencyMismatch, ValidationFailed
from stillroom.domain.exports import DigitalSource, Export, ExportPreset, FixId
from stillroom.domain.ids import ExportId, IdFactory, OwnerId, VariantId
from stillroom.domain.ports import Blobs, Catalogue, Clock, Page, UnitOfWorkFactory
from stillroom.domain.variants import Variant
from stillroom.imaging import packshot

_UNSAFE_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s]+')
_EXTENSION = {"jpeg": "jpg", "png": "png", "webp": "webp"}


@dataclass(frozen=True, slots=True)
class Made:
    """Exports of one request; `replayed` when an earlier request had made them."""

    exports: tuple[Export, ...]
    replayed: bool


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file to hand out."""

    name: str
    media_type: str
    data: bytes


class Exports:
    """Makes and hands out exports."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        blobs: Blobs,
        catalogue: Catalogue,
        ids: IdFactory,
        clock: Clock,
        limits: Limits,
    ) -> None:
        """Take what the service works with."""
        self._unit_of_work = unit_of_work
        self._blobs = blobs
        self._catalogue = catalogue
        self._ids = ids
        self._clock = clock
        self._limits = limits

    async def make(
        self,
        variant_ids: Sequence[VariantId],
        preset_ids: Sequence[str],
        owner_id: OwnerId,
        *,
        fixes: frozenset[FixId] = frozenset(),
        key: str | None = None,
        dry_run: bool = False,
    ) -> Made:
        """Make one file per variant, preset and format.

        Args:
            variant_ids: Which pictures.
            preset_ids: Under which presets of the catalogue.
            owner_id: Whose they are.
            fixes: Remedies to apply to these files; the pictures stay as they are.
            key: Idempotency key; the same key gives the same exports.
            dry_run: Measure only; nothing is stored.

        Raises:
            NotFound: A variant is not there.
            ValidationFailed: A preset is not known.
            IdempotencyMismatch: The key was used for another request.
        """
        presets = self._presets(preset_ids)
        async with self._unit_of_work(read_only=True) as tx:
            variants = [await tx.variants.get(variant_id, owner_id) for variant_id in variant_ids]
        request_hash = hashlib.sha256(
            json.dumps([list(variant_ids), list(preset_ids), sorted(fixes)]).encode()
        ).hexdigest()
        if key is not None and not dry_run:
            earlier = await self._made_before(owner_id, key, request_hash)
            if earlier is not None:
                return Made(earlier, replayed=True)
        files = [
            file
            for variant in variants
            for preset in presets
            for file in await self._files_of(variant, preset, owner_id, fixes)
        ]
        exports = tuple(export for export, _ in files)
        if dry_run:
            return Made(exports, replayed=False)
        for export, data in files:
            await self._blobs.put(export.blob_key, data, f"image/{export.format}")
        async with self._unit_of_work() as tx:
            if key is not None:
                ids = ",".join(export.id for export in exports)
                kept = await tx.idempotency.reserve(owner_id, key, request_hash, ids, self._clock())
                if kept.request_hash != request_hash:
                    raise IdempotencyMismatch()
                if kept.job_id != ids:
                    # An equal request was faster; its files are the answer, ours are swept.
                    now = self._clock()
                    winners = [ExportId(i) for i in kept.job_id.split(",")]
                    return Made(
                        tuple([await tx.exports.get(winner, owner_id, now) for winner in winners]),
                        replayed=True,
                    )
            for export in exports:
                await tx.exports.add(export)
        return Made(exports, replayed=False)

    async def list(
        self, owner_id: OwnerId, variant_id: VariantId | None, cursor: str | None, limit: int
    ) -> Page[Export]:
        """Newest first, expired ones left out."""
        async with self._unit_of_work(read_only=True) as tx:
            return await tx.exports.list(owner_id, variant_id, self._clock(), cursor, limit)

    async def file(self, export_id: ExportId, owner_id: OwnerId) -> ExportFile:
        """One file with a useful name. Raises NotFound, also when it has expired."""
        async with self._unit_of_work(read_only=True) as tx:
            export = await tx.exports.get(export_id, owner_id, self._clock())
            variant = await tx.variants.get(export.variant_id, owner_id)
            title = (await tx.sessions.get(variant.session_id, owner_id)).title
        data = await self._blobs.get(export.blob_key)
        return ExportFile(file_name(title, export), f"image/{export.format}", data)

    async def archive(self, export_ids: Sequence[ExportId], owner_id: OwnerId) -> AsyncIterator[bytes]:
        """Several files as a zip, piece by piece. Raises NotFound before the first piece."""
        async with self._unit_of_work(read_only=True) as tx:
            for export_id in export_ids:
                await tx.exports.get(export_id, owner_id, self._clock())
        return self._zipped(export_ids, owner_id)

    async def _zipped(self, export_ids: Sequence[ExportId], owner_id: OwnerId) -> AsyncIterator[bytes]:
        buffer = _Outbox()
        taken: set[str] = set()
        # Pictures are compressed already: stored as they are, one in memory at a time.
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for export_id in export_ids:
                file = await self.file(export_id, owner_id)
                entry = zipfile.ZipInfo(_free_name(file.name, taken))
                archive.writestr(entry, file.data)
                yield buffer.take()
        yield buffer.take()

    async def _made_before(self, owner_id: OwnerId, key: str, request_hash: str) -> tuple[Export, ...] | None:
        async with self._unit_of_work(read_only=True) as tx:
            kept = await tx.idempotency.find(owner_id, key)
            if kept is None:
                return None
            if kept.request_hash != request_hash:
                raise IdempotencyMismatch()
            now = self._clock()
            ids = [ExportId(export_id) for export_id in kept.job_id.split(",")]
            return tuple([await tx.exports.get(export_id, owner_id, now) for export_id in ids])

    async def _files_of(
        self, variant: Variant, preset: ExportPreset, owner_id: OwnerId, fixes: frozenset[FixId]
    ) -> Sequence[tuple[Export, bytes]]:
        master = await self._blobs.get(variant.blob_key)
        matte = await self._blobs.get(variant.matte_key) if variant.matte_key else None
        files = await anyio.to_thread.run_sync(
            partial(packshot.export, master, matte, preset, source_of(variant), fixes)
        )
        now = self._clock()
        expires_at = now + timedelta(hours=self._limits.export_ttl_hours)
        made = []
        for file in files:
            export_id = self._ids.export()
            export = Export(
                id=export_id,
                owner_id=owner_id,
                variant_id=variant.id,
                preset=preset.id,
                format=file.format,
                width=file.width,
                height=file.height,
                bytes=len(file.data),
                blob_key=f"exports/{export_id}.{_EXTENSION[file.format]}",
                checks=file.checks,
                created_at=now,
                expires_at=expires_at,
            )
            made.append((export, file.data))
        return made

    def _presets(self, preset_ids: Sequence[str]) -> Sequence[ExportPreset]:
        config = self._catalogue.exports()
        presets = []
        for place, preset_id in enumerate(preset_ids):
            preset = config.preset(preset_id)
            if preset is None:
                raise ValidationFailed(
                    f"There is no preset {preset_id[:40]}.",
                    fields=[{"field": f"presets.{place}", "reason": "unknown"}],
                )
            presets.append(preset)
        return presets


def source_of(variant: Variant) -> DigitalSource:
    """What was really done: retouching, a made backdrop, or a scene from a trained model."""
    if variant.provider != "local":
        return DigitalSource.COMPOSITE_WITH_TRAINED_MODEL
    if variant.plan.backdrop.kind == "keep":
        return DigitalSource.ALGORITHMICALLY_ENHANCED
    return DigitalSource.COMPOSITE_SYNTHETIC


def file_name(title: str, export: Export) -> str:
    """Such as `KOMA-mug_amazon-main.jpg`: safe on every system, the product and the preset in it."""
    product = _UNSAFE_IN_NAMES.sub("-", title).strip("-.")[:60] or "product"
    return f"{product}_{export.preset}.{_EXTENSION[export.format]}"


def _free_name(name: str, taken: set[str]) -> str:
    """The name, or the first numbered one that is not in the archive yet."""
    stem, _, extension = name.rpartition(".")
    free = next(candidate for candidate in _numbered(stem, extension) if candidate not in taken)
    taken.add(free)
    return free


def _numbered(stem: str, extension: str) -> Iterator[str]:
    yield f"{stem}.{extension}"
    number = 2
    while True:
        yield f"{stem}_{number}.{extension}"
        number += 1


class _Outbox(io.RawIOBase):
    """A write-only file whose content is taken away piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        """Keep a piece until it is taken."""
        self._pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """All that was written since the last time."""
        taken, self._pieces = b"".join(self._pieces), []
        return taken
