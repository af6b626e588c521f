"""Job execution: build the brief, call the providers and store each picture as it arrives."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing, closing
from dataclasses import dataclass, replace
from functools import partial

import anyio

from stillroom.application.jobs.briefs import Brief, brief_of, standing_wishes
from stillroom.application.jobs.handlers import WorkerSlot
from stillroom.application.jobs.job_mattes import JobMatte
from stillroom.application.jobs.journal import JobJournal
from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.application.jobs.prompts import instruction_for, template_for
from stillroom.application.jobs.reading_notices import reading_notices
from stillroom.application.photos.backdrops import own_backdrop
from stillroom.application.photos.mattes import Mattes
from stillroom.application.readers.inspections import PhotoInspections
from stillroom.domain.assets import Asset
from stillroom.domain.errors import Conflict, StorageUnavailable
from stillroom.domain.exports.platforms import Platform
from stillroom.domain.ids import IdFactory, VariantId
from stillroom.domain.jobs.events import JobProgressed
from stillroom.domain.jobs.job import ClaimedJob, Job, LeaseLost
from stillroom.domain.mattes import CorrectedMatte
from stillroom.domain.measures import PAINTED
from stillroom.domain.plans.plan import Context, Plan
from stillroom.domain.ports import Blobs, Catalogue, Clock, Notifier, UnitOfWork, UnitOfWorkFactory
from stillroom.domain.providers.requests import (
    PREVIEW_ORDINAL,
    BasePicture,
    GeneratedPicture,
    GenerationRequest,
    Notice,
    Operation,
    PictureMaker,
    Stage,
    StageReached,
    SubjectFound,
    Wanted,
)
from stillroom.domain.sessions import Session
from stillroom.domain.variants import Variant, VariantRole
from stillroom.imaging.io.encoding import thumbnail

PREPARED_PERCENT = 5
"""Progress in percent when the brief is read and generation starts."""

STORED_PERCENT = 99
"""Progress in percent when all pictures are stored; the end of the job reports 100."""

SAVE_RETRY_SECONDS = (0.2, 1.0, 3.0, 6.0)
"""Pauses in seconds before a picture is stored again; the provider call is never repeated."""


@dataclass(frozen=True, slots=True)
class _Material:
    """Inputs of a job, read in one transaction."""

    session: Session
    asset: Asset
    base: Variant | None
    brief: Brief
    platform: Platform | None
    done: frozenset[int]
    preview: Variant | None
    backdrop: Asset | None = None


@dataclass(frozen=True)
class Generation:
    """Runs jobs. A repeated run of the same job makes only the missing pictures, and pays for none twice.

    Without a budget every call is allowed.
    """

    _unit_of_work: UnitOfWorkFactory
    _blobs: Blobs
    _maker: PictureMaker
    _catalogue: Catalogue
    _lifecycle: Lifecycle
    _mattes: Mattes
    _notifier: Notifier
    _ids: IdFactory
    _clock: Clock
    _budget: int | None = None
    _inspections: PhotoInspections | None = None

    async def run(self, job: ClaimedJob, slot: WorkerSlot) -> Job:
        """Run a claimed job and return it as it ended.

        Raises LeaseLost, and StillroomError if the attempt failed; stored pictures stay.
        """
        progress = _Progress(job, self._lifecycle)
        await progress.reach(Stage.PREPARE, 0)
        material = await self._read(job)
        if self._inspections is not None and material.session.product.seen_by is None:
            self._inspections.add(job.session_id, job.owner_id, job.batch_id)
        progress.preview = material.preview
        brief = material.brief
        if not material.done:
            for notice in reading_notices(brief):
                await self._lifecycle.append_notice(job, notice)
        wanted = tuple(
            Wanted(ordinal, plan)
            for ordinal, plan in zip(job.wanted_ordinals, brief.plans, strict=True)
            if ordinal not in material.done
        )
        if wanted:
            await self._make(job, slot, material, wanted, progress)
        # The rest is database work only.
        slot.free()
        return await self._lifecycle.succeed(job)

    async def _read(self, job: Job) -> _Material:
        async with self._unit_of_work(read_only=True) as tx:
            session = await tx.sessions.get(job.session_id, job.owner_id)
            base_id = job.base_variant_id
            base = await tx.variants.get(base_id, job.owner_id) if base_id else None
            turn = await tx.jobs.number(job)
            variants = await tx.variants.of_job(job.id)
            asset = await tx.assets.get(session.asset_id, job.owner_id)
        template = self._catalogue.template(job.template)
        standing = standing_wishes(session.context, job, base)
        # Parsing takes milliseconds per wish, too long for the event loop.
        brief = await anyio.to_thread.run_sync(brief_of, job, base, template, standing, turn)
        async with self._unit_of_work(read_only=True) as tx:
            named = [await own_backdrop(tx, plan, job.owner_id) for plan in brief.plans]
        return _Material(
            session=session,
            asset=asset,
            base=base,
            brief=brief,
            platform=self._catalogue.platform(session.platform),
            done=frozenset(variant.ordinal for variant in variants if variant.role is VariantRole.CANDIDATE),
            preview=next((one for one in variants if one.role is VariantRole.PREVIEW), None),
            # Candidates vary the plan around one backdrop.
            backdrop=next((one for one in named if one is not None), None),
        )

    async def _make(
        self,
        job: ClaimedJob,
        slot: WorkerSlot,
        material: _Material,
        wanted: tuple[Wanted, ...],
        progress: "_Progress",
    ) -> None:
        matte = JobMatte(job, self._mattes, self._lifecycle)
        request = await self._request(job, material, wanted, await matte.corrected(progress.percent))
        journal = JobJournal(
            job, slot, self._unit_of_work, self._notifier, self._ids, self._clock, self._budget
        )
        with closing(journal):
            async with aclosing(self._maker.generate(request, journal)) as events:
                async for event in events:
                    match event:
                        case SubjectFound():
                            await matte.found(event.matte, progress.percent)
                        case StageReached():
                            await progress.reach(event.stage, event.share)
                        case Notice():
                            await self._lifecycle.append_notice(job, event)
                        case GeneratedPicture():
                            await self._store(job, material, event, progress)

    async def _request(
        self, job: Job, material: _Material, wanted: tuple[Wanted, ...], matte: CorrectedMatte | None
    ) -> GenerationRequest:
        return GenerationRequest(
            operation=job.type,
            photo=await self._blobs.get(material.asset.blob_key),
            photo_sha256=material.asset.sha256,
            prompt=job.prompt,
            context=material.session.context.model_copy(
                update={"wishes": material.brief.standing, "paths": {}}
            ),
            wanted=wanted,
            instruction=self._instruction(job, material, wanted[0].plan),
            base=await self._base(job, material.base),
            provider=job.provider,
            interrupted=job.interrupted_provider,
            restore=job.restore,
            spare_ordinal=max(job.candidates, *job.wanted_ordinals, *material.done) + 1,
            is_exact=_is_exact(job, material),
            wants_preview=job.batch_id is None and not material.done and material.preview is None,
            matte=matte,
            request_id=job.request_id,
            traceparent=job.traceparent,
            size_cm=material.session.product.size_for(job.type, wanted[0].plan),
            backdrop=await self._blobs.get(material.backdrop.blob_key) if material.backdrop else None,
            hints=material.session.product.hints,
        )

    def _instruction(self, job: Job, material: _Material, plan: Plan) -> str:
        template = template_for(job.type, job.template, self._catalogue.templates())
        return instruction_for(
            template, job.prompt, material.session.context, plan, material.platform, material.brief
        )

    async def _base(self, job: Job, base: Variant | None) -> BasePicture | None:
        """Return the picture to refine; other operations always start from the photo."""
        if base is None or job.type is not Operation.REFINE:
            return None
        is_painted = base.measures.scene == PAINTED
        return BasePicture(await self._blobs.get(base.blob_key), base.plan, is_painted)

    async def _store(
        self, job: ClaimedJob, material: _Material, picture: GeneratedPicture, progress: "_Progress"
    ) -> None:
        preview = progress.preview
        if preview is not None and await self._is_same(preview, picture):
            await self._promote(job, preview, picture, progress)
            return
        variant = self._variant(job, picture)
        small = picture.thumbnail
        if small is None:
            small = await anyio.to_thread.run_sync(thumbnail, picture.picture)
        files = {variant.blob_key: (picture.picture, "image/png"), variant.thumb_key: (small, "image/webp")}
        if variant.matte_key and picture.matte:
            files[variant.matte_key] = (picture.matte, "image/png")
        # Side by side, because each waits until its bytes are on the disk.
        puts = (partial(self._blobs.put, key, *file) for key, file in files.items())
        await asyncio.gather(*map(self._save_with_retries, puts))
        # Work on the candidates goes on while a preview is stored.
        stage = progress.stage if variant.role is VariantRole.PREVIEW else Stage.STORE
        event = JobProgressed(
            stage=stage,
            percent=progress.percent,
            variant_id=variant.id,
            replaces=preview.id if preview is not None and _replaces(job, variant, preview) else None,
        )
        try:
            await self._save_with_retries(partial(self._publish, job, material, variant, picture, event))
        except (Conflict, LeaseLost) as error:
            # The commit may have succeeded although its confirmation was lost.
            is_stored = variant.id in await self._stored(job)
            if not is_stored:
                # The session is deleted or another worker holds the lease, so no row refers to the files.
                await self._blobs.delete([*files])
            if not is_stored or isinstance(error, LeaseLost):
                raise
        if variant.role is VariantRole.PREVIEW:
            progress.preview = variant
        elif event.replaces is not None:
            progress.preview = None

    def _variant(self, job: Job, picture: GeneratedPicture) -> Variant:
        variant_id = self._ids.variant()
        is_preview = picture.ordinal == PREVIEW_ORDINAL
        return Variant(
            id=variant_id,
            session_id=job.session_id,
            job_id=job.id,
            ordinal=picture.ordinal,
            role=VariantRole.PREVIEW if is_preview else VariantRole.CANDIDATE,
            parent_id=job.base_variant_id,
            blob_key=f"variants/{variant_id}.png",
            thumb_key=f"variants/{variant_id}.thumb.webp",
            matte_key=f"variants/{variant_id}.matte.png" if picture.matte else None,
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

    async def _promote(
        self, job: ClaimedJob, preview: Variant, picture: GeneratedPicture, progress: "_Progress"
    ) -> None:
        """Turn the preview into a candidate, because it already shows the same plan and model."""
        event = JobProgressed(stage=Stage.STORE, percent=progress.percent, variant_id=preview.id)
        async with self._unit_of_work() as tx:
            await tx.events.append(job.id, event, self._clock(), job.lease_token)
            await tx.variants.promote(preview.id, picture.ordinal, picture.measures)
            await self._record_model(tx, job, preview.model)
        progress.preview = None
        self._notifier.job_changed(job.id)

    async def _record_model(self, tx: UnitOfWork, job: ClaimedJob, model: str) -> None:
        """Record the model of the first candidate as the model of the job."""
        if (await tx.jobs.get(job.id, job.owner_id)).model_used is None:
            await tx.jobs.update_claimed(job.id, job.lease_token, {"model_used": model})

    async def _stored(self, job: Job) -> frozenset[VariantId]:
        async with self._unit_of_work(read_only=True) as tx:
            return frozenset(variant.id for variant in await tx.variants.of_job(job.id))

    async def _save_with_retries(self, save: Callable[[], Awaitable[None]]) -> None:
        """Retry a save, because the picture is already paid for. Raises StorageUnavailable."""
        for pause in SAVE_RETRY_SECONDS:
            try:
                return await save()
            except StorageUnavailable:
                await asyncio.sleep(pause)
        return await save()

    async def _publish(
        self,
        job: ClaimedJob,
        material: _Material,
        variant: Variant,
        picture: GeneratedPicture,
        event: JobProgressed,
    ) -> None:
        """Store row, job, session and event of a picture in one transaction."""
        now = self._clock()
        async with self._unit_of_work() as tx:
            # Append the event first: it checks the fencing token before anything else is written.
            await tx.events.append(job.id, event, now, job.lease_token)
            await tx.variants.add(variant)
            if event.replaces is not None:
                await tx.variants.mark_replaced(event.replaces, now)
            current = await tx.jobs.get(job.id, job.owner_id)
            if current.first_image_at is None:
                await tx.jobs.update_claimed(job.id, job.lease_token, {"first_image_at": now})
            if variant.role is VariantRole.CANDIDATE and picture.verified:
                await self._record_model(tx, job, variant.model)
            latest = await tx.sessions.lock(material.session.id, job.owner_id)
            context = _remembered(latest.context, picture.context, job, material)
            await tx.sessions.save(replace(latest, context=context, updated_at=now))
        self._notifier.job_changed(job.id)


class _Progress:
    """Progress of one attempt: never decreases, and reports changes only; also holds the preview."""

    def __init__(self, job: ClaimedJob, lifecycle: Lifecycle) -> None:
        self._job = job
        self._lifecycle = lifecycle
        self._told: tuple[str, int] | None = None
        self.stage = Stage.PREPARE
        self.percent = 0
        self.preview: Variant | None = None

    async def reach(self, stage: Stage, share: float) -> None:
        """Report that a stage has begun; `share` of the generation is done, 0..1."""
        span = STORED_PERCENT - PREPARED_PERCENT
        percent = 0 if stage is Stage.PREPARE else round(PREPARED_PERCENT + span * min(1.0, share))
        self.stage, self.percent = stage, max(self.percent, percent)
        if self._told != (stage, self.percent):
            self._told = (stage, self.percent)
            await self._lifecycle.append_event(self._job, JobProgressed(stage=stage, percent=self.percent))


def _is_exact(job: Job, material: _Material) -> bool:
    """Whether a job sets fields of the plan and says nothing; a chosen cloud and a recipe say something."""
    says_more = job.prompt or job.template or job.provider or job.batch_id or material.brief.revised
    return bool(job.changes) and not says_more


def _remembered(latest: Context, measured: Context | None, job: Job, material: _Material) -> Context:
    """Return the session context after a picture of a job is stored.

    It starts from the latest list, so that wishes removed during the job stay removed.
    """
    standing = standing_wishes(latest, job, material.base)
    wishes = latest.paths.get(job.id) or material.brief.added_to(standing)
    found = measured or latest
    return found.model_copy(
        update={
            "wishes": wishes,
            "paths": {**latest.paths, job.id: wishes},
            "logo_anchor": found.logo_anchor or latest.logo_anchor,
        }
    )


def _replaces(job: Job, candidate: Variant, preview: Variant) -> bool:
    """Whether a candidate is what its provider's preview stood for: the first one that the job wants."""
    is_first = candidate.role is VariantRole.CANDIDATE and candidate.ordinal == job.wanted_ordinals[0]
    return is_first and candidate.provider == preview.provider
