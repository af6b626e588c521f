"""Export jobs: files whose encoding takes longer than a request may."""

import secrets
from dataclasses import replace
from datetime import datetime
from functools import partial

import anyio

from stillroom.application.lifecycle import Lifecycle
from stillroom.domain.errors import InternalError
from stillroom.domain.exports.file_names import EXTENSIONS
from stillroom.domain.exports.presets import DigitalSource, Export, ExportStatus, Recipe
from stillroom.domain.exports.rules import PictureFormat
from stillroom.domain.ids import JobId, SessionId
from stillroom.domain.jobs.job import ClaimedExportJob, ExportJob, JobStatus, LeaseLost
from stillroom.domain.ports import Blobs, Clock, UnitOfWorkFactory
from stillroom.domain.variants import Variant
from stillroom.imaging.export import render
from stillroom.imaging.io.content_credentials import Sign
from stillroom.imaging.quality.integrity import PAINTED

DEFERRED_FORMATS = frozenset({PictureFormat.AVIF})
"""Formats that an export job makes: encoding takes seconds, and longer the larger the picture."""


class ExportMaker:
    """Does the work of export jobs."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        blobs: Blobs,
        lifecycle: Lifecycle,
        clock: Clock,
        sign: Sign | None = None,
    ) -> None:
        """Without `sign`, files are not signed."""
        self._unit_of_work = unit_of_work
        self._blobs = blobs
        self._lifecycle = lifecycle
        self._clock = clock
        self._sign = sign

    async def run(self, job: ClaimedExportJob) -> None:
        """Encode, measure and store the file of a claimed job, and end the job.

        Raises:
            LeaseLost: Another worker has the job now, or its session was deleted.
            StillroomError: The attempt failed.
        """
        async with self._unit_of_work(read_only=True) as tx:
            export, recipe = await tx.exports.order(job.export_id, self._clock())
            variant = await tx.variants.get(export.variant_id, export.owner_id)
        if recipe is None:
            # A later release wrote it. A worker of that release may do the next attempt.
            raise InternalError("The recipe of an export cannot be read by this release.")
        file = await self._encode(export, recipe, variant)
        # A key of this attempt's own: a signed file of an earlier attempt has other bytes.
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

    async def _encode(self, export: Export, recipe: Recipe, variant: Variant) -> render.ExportedFile:
        master = await self._blobs.get(variant.blob_key)
        matte = await self._blobs.get(variant.matte_key) if variant.matte_key else None
        files = await anyio.to_thread.run_sync(
            partial(
                render.export,
                master,
                matte,
                recipe.preset,
                source_of(variant),
                recipe.fixes,
                recipe.label,
                self._sign,
                is_cut=is_cut(variant),
                is_doubtful=is_doubtful(variant),
            ),
            abandon_on_cancel=True,
        )
        file = next((file for file in files if file.part == export.part), None)
        if file is None:
            raise InternalError(f"The preset gives no part {export.part} any more.")
        return file


def new_export_job(job_id: JobId, export: Export, session_id: SessionId, now: datetime) -> ExportJob:
    """Return the job that makes an export of a session."""
    return ExportJob(
        id=job_id,
        owner_id=export.owner_id,
        session_id=session_id,
        status=JobStatus.QUEUED,
        run_after=now,
        created_at=now,
        export_id=export.id,
    )


def source_of(variant: Variant) -> DigitalSource:
    """What was really done: retouching, a made backdrop, a scene from a trained model, or all of it from one.

    A turn that goes on from a painted picture is made here, and its ground is a model's all the same.
    """
    measures = variant.measures
    if variant.provider != "local" or measures.get("scene") == PAINTED:
        own = measures.get("verified") is True
        return DigitalSource.COMPOSITE_WITH_TRAINED_MODEL if own else DigitalSource.TRAINED_MODEL
    if variant.plan.backdrop.kind == "keep":
        return DigitalSource.ALGORITHMICALLY_ENHANCED
    return DigitalSource.COMPOSITE_SYNTHETIC


def is_cut(variant: Variant) -> bool:
    """Whether the photo did not show all of the product; where that was not noted, nobody knows of it."""
    return bool(variant.measures.get("cut_sides"))


def is_doubtful(variant: Variant) -> bool:
    """Whether the product's cut-out may be wrong; False where older releases did not record it."""
    return bool(variant.measures.get("matte_doubts"))
