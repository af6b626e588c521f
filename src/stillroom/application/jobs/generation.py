"""Job execution: build the brief, call the providers and consume their events."""

from contextlib import aclosing, closing, suppress
from dataclasses import dataclass
from datetime import timedelta

import anyio

from stillroom.application.jobs.briefs import Brief, brief_of, standing_wishes
from stillroom.application.jobs.handlers import WorkerSlot
from stillroom.application.jobs.job_pictures import JobPictures
from stillroom.application.jobs.journal import JobJournal
from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.application.jobs.progress import JobProgress
from stillroom.application.jobs.prompts import instruction_for, scene_for, template_for
from stillroom.application.jobs.reading_notices import reading_notices
from stillroom.application.photos.backdrops import own_backdrop
from stillroom.application.photos.mattes import Mattes
from stillroom.application.readers.inspections import PhotoInspections
from stillroom.domain.assets import Asset
from stillroom.domain.errors import StorageUnavailable
from stillroom.domain.exports.platforms import Platform
from stillroom.domain.ids import IdFactory
from stillroom.domain.jobs.events import EventType
from stillroom.domain.jobs.job import ClaimedJob, Job
from stillroom.domain.mattes import CorrectedMatte, FoundMatte
from stillroom.domain.ports import Blobs, Catalogue, Clock, Notifier, UnitOfWorkFactory
from stillroom.domain.providers.requests import (
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

MAX_EVENTS = 1000
"""Events of earlier attempts in which notices are looked up."""

INSPECTED_WITHIN = timedelta(minutes=1)
"""Time in which the process that opened a session has its photo inspected: calls end after 20 s, two are made
at once, and a batch opens some sessions together. Another process would pay for the same inspection again.
"""


@dataclass(frozen=True, slots=True)
class _Material:
    """Inputs of a job, and what earlier attempts have stored.

    Attributes:
        sent: Messages of the notices that this attempt and earlier ones have sent.
    """

    session: Session
    asset: Asset
    base: Variant | None
    brief: Brief
    platform: Platform | None
    done: frozenset[int]
    preview: Variant | None
    sent: set[str]
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
        progress = JobProgress(job, self._lifecycle)
        await progress.reach(Stage.PREPARE, 0)
        material = await self._read(job)
        self._inspect(job, material.session)
        brief = material.brief
        for notice in reading_notices(brief):
            await self._notify(job, notice, material)
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

    def _inspect(self, job: ClaimedJob, session: Session) -> None:
        """Have the photo inspected if the process that opened the session has not done so."""
        is_under_way = self._clock() - session.created_at < INSPECTED_WITHIN
        if self._inspections is not None and session.product.seen_by is None and not is_under_way:
            self._inspections.add(job.session_id, job.owner_id, job.batch_id)

    async def _read(self, job: Job) -> _Material:
        async with self._unit_of_work(read_only=True) as tx:
            session = await tx.sessions.get(job.session_id, job.owner_id)
            base_id = job.base_variant_id
            base = await tx.variants.get(base_id, job.owner_id) if base_id else None
            turn = await tx.jobs.number(job)
            variants = await tx.variants.of_job(job.id)
            events = await tx.events.after(job.id, 0, MAX_EVENTS)
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
            sent={event.data["message"] for event in events if event.type is EventType.LOG},
            # Candidates vary the plan around one backdrop.
            backdrop=next((one for one in named if one is not None), None),
        )

    async def _make(
        self,
        job: ClaimedJob,
        slot: WorkerSlot,
        material: _Material,
        wanted: tuple[Wanted, ...],
        progress: JobProgress,
    ) -> None:
        request = await self._request(job, material, wanted, await self._corrected_matte(job, progress))
        journal = JobJournal(
            job, slot, self._unit_of_work, self._notifier, self._ids, self._clock, self._budget
        )
        pictures = JobPictures(
            job,
            material.base,
            material.brief,
            progress,
            material.preview,
            self._unit_of_work,
            self._blobs,
            self._notifier,
            self._ids,
            self._clock,
        )
        with closing(journal):
            async with aclosing(self._maker.generate(request, journal)) as events:
                async for event in events:
                    match event:
                        case SubjectFound():
                            await self._store_matte(job, event.matte, progress)
                        case StageReached():
                            await progress.reach(event.stage, event.share)
                        case Notice():
                            await self._notify(job, event, material)
                        case GeneratedPicture():
                            await pictures.store(event)

    async def _notify(self, job: ClaimedJob, notice: Notice, material: _Material) -> None:
        """Send a notice unless it was sent, such as for another provider. Raises LeaseLost."""
        if notice.message not in material.sent:
            material.sent.add(notice.message)
            await self._lifecycle.append_notice(job, notice)

    async def _corrected_matte(self, job: ClaimedJob, progress: JobProgress) -> CorrectedMatte | None:
        """Return the user's correction of the matte, if any, and report it. Raises LeaseLost."""
        matte = await self._mattes.correction_of(job.session_id)
        if matte is None:
            return None
        cover = await self._mattes.file_of(matte)
        await progress.report_matte(matte)
        return matte.corrected(cover)

    async def _store_matte(self, job: ClaimedJob, found: FoundMatte, progress: JobProgress) -> None:
        """Store and report the provider's matte unless one is reported; unavailable storage fails no job.

        Raises LeaseLost, also if the session is deleted.
        """
        if progress.has_matte:
            return
        with suppress(StorageUnavailable):
            matte = await self._mattes.store_found(job.session_id, job.owner_id, found, job)
            await progress.report_matte(matte)

    async def _request(
        self, job: Job, material: _Material, wanted: tuple[Wanted, ...], matte: CorrectedMatte | None
    ) -> GenerationRequest:
        template = template_for(job.type, job.template, self._catalogue.templates())
        return GenerationRequest(
            operation=job.type,
            photo=await self._blobs.get(material.asset.blob_key),
            photo_sha256=material.asset.sha256,
            prompt=scene_for(template, material.brief),
            context=material.session.context.model_copy(
                update={"wishes": material.brief.standing, "paths": {}}
            ),
            wanted=wanted,
            instruction=instruction_for(
                template, material.session.context, wanted[0].plan, material.platform, material.brief
            ),
            base=await self._base(job, material.base),
            provider=job.provider,
            interrupted=job.interrupted_provider,
            restore=job.restore,
            spare_ordinal=max(job.candidates, *job.wanted_ordinals, *material.done) + 1,
            is_exact=job.is_exact and not material.brief.revised,
            wants_preview=job.batch_id is None and not material.done and material.preview is None,
            matte=matte,
            request_id=job.request_id,
            traceparent=job.traceparent,
            size_cm=material.session.product.size_for(job.type, wanted[0].plan),
            backdrop=await self._blobs.get(material.backdrop.blob_key) if material.backdrop else None,
            hints=material.session.product.hints,
        )

    async def _base(self, job: Job, base: Variant | None) -> BasePicture | None:
        """Return the picture to refine; other operations always start from the photo."""
        if base is None or job.type is not Operation.REFINE:
            return None
        return BasePicture(await self._blobs.get(base.blob_key), base.plan, base.is_painted)
