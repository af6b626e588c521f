"""Export jobs: files that take too long to encode within a request."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import anyio

from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.domain.errors import InternalError
from stillroom.domain.exports.file_names import EXTENSIONS
from stillroom.domain.exports.presets import (
    Export,
    ExportPreset,
    ExportSettings,
    ExportStatus,
    FixId,
    LabelLanguage,
)
from stillroom.domain.exports.rules import PictureFormat
from stillroom.domain.jobs.job import ClaimedExportJob, LeaseLost
from stillroom.domain.ports import Blobs, Clock, UnitOfWorkFactory
from stillroom.domain.variants import Variant
from stillroom.imaging.export import render
from stillroom.imaging.io.content_credentials import Sign

DEFERRED_FORMATS = frozenset({PictureFormat.AVIF})
"""Formats that are encoded by an export job, because encoding takes seconds."""


@dataclass(frozen=True)
class ExportMaker:
    """Runs export jobs.

    Without `_sign`, files are not signed.
    """

    _unit_of_work: UnitOfWorkFactory
    _blobs: Blobs
    _lifecycle: Lifecycle
    _clock: Clock
    _sign: Sign | None = None

    async def run(self, job: ClaimedExportJob) -> None:
        """Encode, check and store the file of a claimed export job, and complete the job.

        Raises LeaseLost, also after the session was deleted, and StillroomError if the attempt failed.
        """
        async with self._unit_of_work(read_only=True) as tx:
            export, settings = await tx.exports.order(job.export_id, self._clock())
            variant = await tx.variants.get(export.variant_id, export.owner_id)
        if settings is None:
            # A later release wrote it; a worker of that release may claim the next attempt.
            raise InternalError("The settings of an export cannot be read by this release.")
        file = await self._encode(export, settings, variant)
        # The key is unique per attempt, because signing makes the bytes differ between attempts.
        key = f"exports/{export.id}.{secrets.token_hex(4)}.{EXTENSIONS[file.format]}"
        await self._blobs.put(key, file.data, f"image/{file.format}")
        made = replace(
            export, status=ExportStatus.READY, bytes=len(file.data), blob_key=key, checks=file.checks
        )
        try:
            await self._lifecycle.finish_export(job, made)
        except LeaseLost:
            await self._blobs.delete([key])
            raise

    async def _encode(
        self, export: Export, settings: ExportSettings, variant: Variant
    ) -> render.ExportedFile:
        material = await material_of(self._blobs, variant)
        work = rendering(variant, material, settings.preset, settings.fixes, settings.label, self._sign)
        files = await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
        file = next((file for file in files if file.part == export.part), None)
        if file is None:
            raise InternalError(f"The preset gives no part {export.part} any more.")
        return file


class Material(NamedTuple):
    """Files that exports of a picture are made from; see `render.export`."""

    master: bytes
    matte: bytes | None
    on_white: bytes | None


async def material_of(blobs: Blobs, variant: Variant) -> Material:
    """Return the files that exports are made from. Raises NotFound, StorageUnavailable."""
    return Material(
        await blobs.get(variant.blob_key),
        await blobs.get(variant.matte_key) if variant.matte_key else None,
        await blobs.get(variant.white_key) if variant.white_key else None,
    )


def rendering(
    variant: Variant,
    material: Material,
    preset: ExportPreset,
    fixes: frozenset[FixId],
    label: LabelLanguage | None,
    sign: Sign | None,
) -> Callable[[], Sequence[render.ExportedFile]]:
    """Return the blocking work that renders and encodes all files of a preset."""
    return partial(
        render.export,
        material.master,
        material.matte,
        preset,
        variant.digital_source,
        fixes,
        label,
        sign,
        is_cut=bool(variant.measures.cut_sides),
        is_doubtful=bool(variant.measures.matte_doubts),
        description=variant.description,
        on_white=material.on_white,
    )
