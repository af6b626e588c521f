"""Pictures of a job: stored as they arrive, each with its files, row and event."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

import anyio.to_thread

from stillroom.application.jobs.briefs import Brief, standing_wishes
from stillroom.application.jobs.progress import JobProgress
from stillroom.domain.errors import Conflict, StorageUnavailable
from stillroom.domain.ids import IdFactory, VariantId
from stillroom.domain.jobs.events import JobProgressed
from stillroom.domain.jobs.job import ClaimedJob, Job, LeaseLost
from stillroom.domain.plans.plan import Context
from stillroom.domain.ports import Blobs, Clock, Notifier, UnitOfWork, UnitOfWorkFactory
from stillroom.domain.providers.requests import PREVIEW_ORDINAL, GeneratedPicture, Stage
from stillroom.domain.variants import Variant, VariantRole
from stillroom.imaging.io.encoding import thumbnail

SAVE_RETRY_SECONDS = (0.2, 1.0, 3.0, 6.0)
"""Pauses in seconds before a picture is stored again; the provider call is never repeated."""


@dataclass
class JobPictures:
    """Stores the pictures of one attempt.

    Attributes:
        _base: Picture that the job starts from.
        _preview: The preview that is shown now; a candidate replaces it, or it becomes one.
    """

    _job: ClaimedJob
    _base: Variant | None
    _brief: Brief
    _progress: JobProgress
    _preview: Variant | None
    _unit_of_work: UnitOfWorkFactory
    _blobs: Blobs
    _notifier: Notifier
    _ids: IdFactory
    _clock: Clock

    async def store(self, picture: GeneratedPicture) -> None:
        """Store a picture with its files, row and event.

        Raises StorageUnavailable, LeaseLost, and Conflict if the session is deleted.
        """
        preview = self._preview
        if preview is not None and await self._is_same(preview, picture):
            await self._promote(preview, picture)
            return
        variant = self._variant(picture)
        small = picture.thumbnail
        if small is None:
            small = await anyio.to_thread.run_sync(thumbnail, picture.picture)
        files = {variant.blob_key: (picture.picture, "image/png"), variant.thumb_key: (small, "image/webp")}
        if variant.matte_key and picture.matte:
            files[variant.matte_key] = (picture.matte, "image/png")
        if variant.white_key and picture.on_white:
            files[variant.white_key] = (picture.on_white, "image/png")
        # Side by side, because each waits until its bytes are on the disk.
        puts = (partial(self._blobs.put, key, *file) for key, file in files.items())
        await asyncio.gather(*map(self._save_with_retries, puts))
        # Work on the candidates goes on while a preview is stored.
        stage = self._progress.stage if variant.role is VariantRole.PREVIEW else Stage.STORE
        event = JobProgressed(
            stage=stage,
            percent=self._progress.percent,
            variant_id=variant.id,
            replaces=preview.id if preview is not None and _replaces(self._job, variant, preview) else None,
        )
        try:
            await self._save_with_retries(partial(self._publish, variant, picture, event))
        except (Conflict, LeaseLost) as error:
            # The commit may have succeeded although its confirmation was lost.
            is_stored = variant.id in await self._stored()
            if not is_stored:
                # The session is deleted or another worker holds the lease, so no row refers to the files.
                await self._blobs.delete([*files])
            if not is_stored or isinstance(error, LeaseLost):
                raise
        if variant.role is VariantRole.PREVIEW:
            self._preview = variant
        elif event.replaces is not None:
            self._preview = None

    def _variant(self, picture: GeneratedPicture) -> Variant:
        variant_id = self._ids.variant()
        is_preview = picture.ordinal == PREVIEW_ORDINAL
        return Variant(
            id=variant_id,
            session_id=self._job.session_id,
            job_id=self._job.id,
            ordinal=picture.ordinal,
            role=VariantRole.PREVIEW if is_preview else VariantRole.CANDIDATE,
            parent_id=self._job.base_variant_id,
            blob_key=f"variants/{variant_id}.png",
            thumb_key=f"variants/{variant_id}.thumb.webp",
            matte_key=f"variants/{variant_id}.matte.png" if picture.matte else None,
            white_key=f"variants/{variant_id}.white.png" if picture.on_white else None,
            width=picture.width,
            height=picture.height,
            bytes=len(picture.picture),
            provider=picture.model.partition("/")[0],
            model=picture.model,
            plan=picture.plan,
            measures=picture.measures,
            created_at=self._clock(),
        )

    async def _is_same(self, preview: Variant, picture: GeneratedPicture) -> bool:
        """Whether a preview is the picture of a candidate; their mattes may still differ."""
        shown = (preview.plan, preview.model, preview.bytes)
        if shown != (picture.plan, picture.model, len(picture.picture)):
            return False
        return await self._blobs.get(preview.blob_key) == picture.picture

    async def _promote(self, preview: Variant, picture: GeneratedPicture) -> None:
        """Turn the preview into a candidate, because it already shows the same plan and model."""
        job = self._job
        event = JobProgressed(stage=Stage.STORE, percent=self._progress.percent, variant_id=preview.id)
        async with self._unit_of_work() as tx:
            await tx.events.append(job.id, event, self._clock(), job.lease_token)
            await tx.variants.promote(preview.id, picture.ordinal, picture.measures)
            await self._record_model(tx, preview.model)
        self._preview = None
        self._notifier.job_changed(job.id)

    async def _record_model(self, tx: UnitOfWork, model: str) -> None:
        """Record the model of the first candidate as the model of the job."""
        job = self._job
        if (await tx.jobs.get(job.id, job.owner_id)).model_used is None:
            await tx.jobs.update_claimed(job.id, job.lease_token, {"model_used": model})

    async def _stored(self) -> frozenset[VariantId]:
        async with self._unit_of_work(read_only=True) as tx:
            return frozenset(variant.id for variant in await tx.variants.of_job(self._job.id))

    async def _save_with_retries(self, save: Callable[[], Awaitable[None]]) -> None:
        """Retry a save, because the picture is already paid for. Raises StorageUnavailable."""
        for pause in SAVE_RETRY_SECONDS:
            try:
                return await save()
            except StorageUnavailable:
                await asyncio.sleep(pause)
        return await save()

    async def _publish(self, variant: Variant, picture: GeneratedPicture, event: JobProgressed) -> None:
        """Store row, job, session and event of a picture in one transaction."""
        job, now = self._job, self._clock()
        async with self._unit_of_work() as tx:
            # Append the event first: it checks the fencing token before anything else is written.
            await tx.events.append(job.id, event, now, job.lease_token)
            # Before the pictures, as when one is adopted; otherwise both would deadlock.
            latest = await tx.sessions.lock(job.session_id, job.owner_id)
            await tx.variants.add(variant)
            if event.replaces is not None:
                await tx.variants.mark_replaced(event.replaces, now)
            current = await tx.jobs.get(job.id, job.owner_id)
            if current.first_image_at is None:
                await tx.jobs.update_claimed(job.id, job.lease_token, {"first_image_at": now})
            if variant.role is VariantRole.CANDIDATE and picture.verified:
                await self._record_model(tx, variant.model)
            context = self._remembered(latest.context, picture.context)
            await tx.sessions.save(replace(latest, context=context, updated_at=now))
        self._notifier.job_changed(job.id)

    def _remembered(self, latest: Context, measured: Context | None) -> Context:
        """Return the session context after a picture is stored.

        It starts from the latest list, so that wishes removed during the job stay removed.
        """
        standing = standing_wishes(latest, self._job, self._base)
        wishes = latest.paths.get(self._job.id) or self._brief.added_to(standing)
        found = measured or latest
        return found.model_copy(
            update={
                "wishes": wishes,
                "paths": {**latest.paths, self._job.id: wishes},
                "logo_anchor": found.logo_anchor or latest.logo_anchor,
            }
        )


def _replaces(job: Job, candidate: Variant, preview: Variant) -> bool:
    """Whether a candidate takes the place of the preview: the first wanted one, of the same provider."""
    is_first = candidate.role is VariantRole.CANDIDATE and candidate.ordinal == job.wanted_ordinals[0]
    return is_first and candidate.provider == preview.provider
