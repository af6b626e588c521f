"""Orders of files that export jobs make: pending rows and their jobs, measured but not encoded."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import anyio

from stillroom.application.exports.jobs import Material, material_of
from stillroom.application.exports.options import NO_OPTIONS, ExportOptions
from stillroom.application.limits.limits import Limits
from stillroom.domain.errors import ValidationFailed
from stillroom.domain.exports.file_names import EXTENSIONS
from stillroom.domain.exports.presets import Export, ExportPreset, ExportSettings, ExportStatus
from stillroom.domain.exports.rules import PictureFormat
from stillroom.domain.field_errors import body_error
from stillroom.domain.ids import BatchId, IdFactory, OwnerId, SessionId
from stillroom.domain.jobs.job import ExportJob, JobStatus
from stillroom.domain.ports import Blobs, Catalogue, Clock, UnitOfWork
from stillroom.domain.variants import Variant
from stillroom.imaging.export import render

MAX_FILES = 200
"""Files of one request, and of one archive; their ids make a URL of 6 KB, which common proxies accept."""


@dataclass(frozen=True, slots=True)
class FileWords:
    """Words for the name of a file.

    Attributes:
        title: Title or item number of the product.
        wished: The user's pattern; None uses the preset's.
    """

    title: str
    number: int
    wished: str | None


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """An export, and what its job needs while it is pending; None if its file is made already."""

    export: Export
    settings: ExportSettings | None


@dataclass(frozen=True)
class ExportOrders:
    """Plans files without encoding them, for callers that store the rows in their own transaction."""

    _blobs: Blobs
    _catalogue: Catalogue
    _ids: IdFactory
    _clock: Clock
    _limits: Limits

    async def plan(
        self, variant: Variant, preset_ids: Sequence[str], owner_id: OwnerId, words: FileWords
    ) -> tuple[ExportOrder, ...]:
        """Return the orders of all files of a picture.

        Raises ValidationFailed for an unknown preset, and StillroomError for a picture that cannot be read.
        """
        presets = presets_of(self._catalogue, preset_ids)
        material = await material_of(self._blobs, variant)
        orders: list[ExportOrder] = []
        for preset in presets:
            formats = render.formats_of(preset, frozenset())
            orders += await self.pending(variant, material, preset, formats, owner_id, words)
        return tuple(orders)

    async def pending(
        self,
        variant: Variant,
        material: Material,
        preset: ExportPreset,
        formats: Sequence[PictureFormat],
        owner_id: OwnerId,
        words: FileWords,
        options: ExportOptions = NO_OPTIONS,
    ) -> Sequence[ExportOrder]:
        """Measure the files of a preset in some formats, and return their orders."""
        work = partial(render.outlines, material.master, material.matte, preset, options.fixes)
        seen = await anyio.to_thread.run_sync(work)
        orders = []
        for outline, form in itertools.product(seen, formats):
            export = self.row(variant, preset, owner_id, words, outline, form)
            single = preset.model_copy(update={"formats": (form,)})
            settings = ExportSettings(preset=single, fixes=options.fixes, label=options.label)
            orders.append(ExportOrder(replace(export, status=ExportStatus.PENDING), settings))
        return orders

    def row(
        self,
        variant: Variant,
        preset: ExportPreset,
        owner_id: OwnerId,
        words: FileWords,
        outline: render.Outline | render.ExportedFile,
        form: PictureFormat,
    ) -> Export:
        """Return the row of a file that is not encoded yet."""
        export_id, now = self._ids.export(), self._clock()
        return Export(
            id=export_id,
            owner_id=owner_id,
            variant_id=variant.id,
            preset=preset.id,
            name=preset.file_name.fill_in(
                words.title, preset.id, words.number, outline.part, form, words.wished
            ),
            part=outline.part,
            format=form,
            width=outline.width,
            height=outline.height,
            bytes=0,
            blob_key=f"exports/{export_id}.{EXTENSIONS[form]}",
            checks=(),
            created_at=now,
            expires_at=now + timedelta(hours=self._limits.export_ttl_hours),
        )

    async def store(
        self, tx: UnitOfWork, order: ExportOrder, session_id: SessionId, batch_id: BatchId | None = None
    ) -> None:
        """Insert an export of a session, with its job while it is pending."""
        export, now = replace(order.export, batch_id=batch_id), self._clock()
        await tx.exports.add(export, order.settings)
        if order.settings is not None:
            job = ExportJob(
                id=self._ids.job(),
                owner_id=export.owner_id,
                session_id=session_id,
                status=JobStatus.QUEUED,
                run_after=now,
                created_at=now,
                batch_id=batch_id,
                export_id=export.id,
            )
            await tx.jobs.add(job)


def too_many_files() -> ValidationFailed:
    """Return the error of a request for more than MAX_FILES files."""
    field = body_error("presets", "too_many_files", limit=MAX_FILES)
    return ValidationFailed(f"presets {field['message']}.", fields=[field])


def presets_of(catalogue: Catalogue, preset_ids: Sequence[str]) -> Sequence[ExportPreset]:
    """Return presets by their ids, each once. Raises ValidationFailed for an unknown one."""
    presets = [preset_of(catalogue, one, f"presets.{place}") for place, one in enumerate(preset_ids)]
    return tuple({preset.id: preset for preset in presets}.values())


def preset_of(catalogue: Catalogue, preset_id: str, field: str) -> ExportPreset:
    """Return a preset by its id. Raises ValidationFailed with the request's field for an unknown one."""
    preset = catalogue.exports().preset(preset_id)
    if preset is None:
        raise ValidationFailed(
            text="unknown_preset", id=preset_id[:40], fields=[{"field": field, "reason": "unknown"}]
        )
    return preset
