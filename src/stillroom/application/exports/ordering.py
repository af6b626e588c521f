"""Orders of files that export jobs make: pending rows and their jobs, measured but not encoded."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import anyio

from stillroom.application.exports.jobs import material_of, new_export_job
from stillroom.application.limits.limits import Limits
from stillroom.domain.errors import ValidationFailed
from stillroom.domain.exports.file_names import EXTENSIONS
from stillroom.domain.exports.presets import Export, ExportPreset, ExportStatus, Recipe
from stillroom.domain.exports.rules import PictureFormat
from stillroom.domain.ids import BatchId, ExportId, IdFactory, OwnerId, SessionId, VariantId
from stillroom.domain.ports import Blobs, Catalogue, Clock, UnitOfWork
from stillroom.domain.variants import Variant
from stillroom.imaging.export import render


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
    """A pending export with what its job needs."""

    export: Export
    recipe: Recipe


class ExportOrders:
    """Plans files without encoding them, for callers that store the rows in their own transaction."""

    def __init__(
        self, blobs: Blobs, catalogue: Catalogue, ids: IdFactory, clock: Clock, limits: Limits
    ) -> None:
        self._blobs = blobs
        self._catalogue = catalogue
        self._ids = ids
        self._clock = clock
        self._lifetime = timedelta(hours=limits.export_ttl_hours)

    async def plan(
        self, variant: Variant, preset_ids: Sequence[str], owner_id: OwnerId, words: FileWords
    ) -> tuple[ExportOrder, ...]:
        """Return the orders of all files of a picture.

        Raises:
            ValidationFailed: A preset does not exist.
            StillroomError: The picture cannot be read.
        """
        presets = presets_of(self._catalogue, preset_ids)
        material = await material_of(self._blobs, variant)
        orders = []
        for preset in presets:
            outlines = partial(render.outlines, *material, preset, frozenset())
            seen = await anyio.to_thread.run_sync(outlines)
            for outline, form in itertools.product(seen, render.formats_of(preset, frozenset())):
                export = export_row(
                    self._ids.export(),
                    owner_id,
                    variant.id,
                    preset,
                    words,
                    outline,
                    form,
                    self._clock(),
                    self._lifetime,
                )
                alone = preset.model_copy(update={"formats": (form,)})
                orders.append(
                    ExportOrder(
                        replace(export, status=ExportStatus.PENDING), Recipe(preset=alone, fixes=frozenset())
                    )
                )
        return tuple(orders)

    async def store(
        self, tx: UnitOfWork, orders: Sequence[ExportOrder], session_id: SessionId, batch_id: BatchId
    ) -> None:
        """Insert the pending exports with their low-priority jobs."""
        for order in orders:
            await tx.exports.add(order.export, order.recipe)
            job = new_export_job(self._ids.job(), order.export, session_id, self._clock())
            await tx.jobs.add(replace(job, batch_id=batch_id))


def export_row(
    export_id: ExportId,
    owner_id: OwnerId,
    variant_id: VariantId,
    preset: ExportPreset,
    words: FileWords,
    outline: render.Outline | render.ExportedFile,
    form: PictureFormat,
    now: datetime,
    lifetime: timedelta,
) -> Export:
    """Return the row of a file that is not encoded yet."""
    return Export(
        id=export_id,
        owner_id=owner_id,
        variant_id=variant_id,
        preset=preset.id,
        name=preset.file_name.fill_in(words.title, preset.id, words.number, outline.part, form, words.wished),
        part=outline.part,
        format=form,
        width=outline.width,
        height=outline.height,
        bytes=0,
        blob_key=f"exports/{export_id}.{EXTENSIONS[form]}",
        checks=(),
        created_at=now,
        expires_at=now + lifetime,
    )


def presets_of(catalogue: Catalogue, preset_ids: Sequence[str]) -> Sequence[ExportPreset]:
    """Return presets by their ids. Raises ValidationFailed for an unknown one."""
    config = catalogue.exports()
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
