"""Files for marketplaces: made from a variant's master, measured, kept for a day."""

import hashlib
import io
import itertools
import json
import zipfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import anyio

from stillroom.application.limits import Limits
from stillroom.application.once import Once, Turn
from stillroom.domain.errors import Conflict, ValidationFailed
from stillroom.domain.exports import DigitalSource, Export, ExportPreset, FixId, LabelLanguage
from stillroom.domain.file_names import EXTENSIONS, product_of
from stillroom.domain.ids import ExportId, IdFactory, OwnerId, VariantId
from stillroom.domain.ports import Blobs, Catalogue, Clock, Page, UnitOfWorkFactory
from stillroom.domain.variants import Variant
from stillroom.imaging import packshot
from stillroom.imaging.credentials import Sign

AT_ONCE = 2
"""Presets whose files are made at the same time; one takes up to 250 MB."""


@dataclass(frozen=True, slots=True)
class _Picture:
    """A variant, and what its files are called by.

    Attributes:
        title: Its session's.
        number: Which of the pictures of that title in one request, from 1.
    """

    variant: Variant
    title: str
    number: int


@dataclass(frozen=True, slots=True)
class _Touches:
    """What a seller has done to the files of one request, and to nothing else."""

    fixes: frozenset[FixId]
    label: LabelLanguage | None


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
        sign: Sign | None = None,
    ) -> None:
        """Take what the service works with; without `sign`, files are not signed."""
        self._unit_of_work = unit_of_work
        self._blobs = blobs
        self._catalogue = catalogue
        self._ids = ids
        self._clock = clock
        self._limits = limits
        self._sign = sign
        self._pixel_work = anyio.CapacityLimiter(AT_ONCE)
        self._once = Once(unit_of_work, clock)

    async def make(
        self,
        variant_ids: Sequence[VariantId],
        preset_ids: Sequence[str],
        owner_id: OwnerId,
        *,
        fixes: frozenset[FixId] = frozenset(),
        key: str | None = None,
        label: LabelLanguage | None = None,
        dry_run: bool = False,
    ) -> Made:
        """Make one file per variant, preset and format.

        Args:
            variant_ids: Which pictures.
            preset_ids: Under which presets of the catalogue.
            owner_id: Whose they are.
            fixes: Remedies to apply to these files; the pictures stay as they are.
            label: Write visibly into the files, in this language, that they are generated.
            key: Idempotency key; the same key gives the same exports.
            dry_run: Measure only; nothing is stored.

        Raises:
            NotFound: A variant is not there.
            ValidationFailed: A preset is not known.
            IdempotencyMismatch: The key was used for another request.
        """
        presets = self._presets(preset_ids)
        pictures = await self._pictures(variant_ids, owner_id)
        request_hash = hashlib.sha256(
            json.dumps([list(variant_ids), list(preset_ids), sorted(fixes), *filter(None, [label])]).encode()
        ).hexdigest()
        touches = _Touches(fixes, label)
        if key is None or dry_run:
            made = await self._make(pictures, presets, owner_id, touches, dry_run=dry_run)
            return Made(made, replayed=False)
        async with self._once.turn(owner_id, key, request_hash) as turn:
            if turn.result is None:
                made = await self._make(pictures, presets, owner_id, touches, turn=turn)
                return Made(made, replayed=False)
        return Made(await self._made_before(turn.result, owner_id), replayed=True)

    async def _make(
        self,
        pictures: Sequence[_Picture],
        presets: Sequence[ExportPreset],
        owner_id: OwnerId,
        touches: _Touches,
        *,
        dry_run: bool = False,
        turn: Turn | None = None,
    ) -> tuple[Export, ...]:
        made = []
        for picture, preset in itertools.product(pictures, presets):
            for export, data in await self._files_of(picture, preset, owner_id, touches):
                # Stored as they come, so that a large request is never in memory as a whole.
                if not dry_run:
                    await self._blobs.put(export.blob_key, data, f"image/{export.format}")
                made.append(export)
        exports = tuple(made)
        if dry_run:
            return exports
        async with self._unit_of_work() as tx:
            if turn is not None and not await turn.settle(tx, ",".join(export.id for export in exports)):
                raise Conflict("This took so long that another request with the same key took over.")
            for export in exports:
                await tx.exports.add(export)
        return exports

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
        return ExportFile(export.name, f"image/{export.format}", await self._blobs.get(export.blob_key))

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

    async def _made_before(self, ids: str, owner_id: OwnerId) -> tuple[Export, ...]:
        now = self._clock()
        async with self._unit_of_work(read_only=True) as tx:
            return tuple([await tx.exports.get(ExportId(one), owner_id, now) for one in ids.split(",")])

    async def _pictures(self, variant_ids: Sequence[VariantId], owner_id: OwnerId) -> Sequence[_Picture]:
        numbers: Counter[str] = Counter()
        pictures = []
        async with self._unit_of_work(read_only=True) as tx:
            for variant_id in variant_ids:
                variant = await tx.variants.get(variant_id, owner_id)
                title = (await tx.sessions.get(variant.session_id, owner_id)).title
                # Two products of one title would else give two files of one name.
                numbers[product_of(title)] += 1
                pictures.append(_Picture(variant, title, numbers[product_of(title)]))
        return pictures

    async def _files_of(
        self, picture: _Picture, preset: ExportPreset, owner_id: OwnerId, touches: _Touches
    ) -> Sequence[tuple[Export, bytes]]:
        variant = picture.variant
        master = await self._blobs.get(variant.blob_key)
        matte = await self._blobs.get(variant.matte_key) if variant.matte_key else None
        files = await anyio.to_thread.run_sync(
            partial(
                packshot.export,
                master,
                matte,
                preset,
                source_of(variant),
                touches.fixes,
                touches.label,
                self._sign,
            ),
            limiter=self._pixel_work,
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
                name=preset.file_name.fill_in(
                    picture.title, preset.id, picture.number, file.part, file.format
                ),
                part=file.part,
                format=file.format,
                width=file.width,
                height=file.height,
                bytes=len(file.data),
                blob_key=f"exports/{export_id}.{EXTENSIONS[file.format]}",
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
