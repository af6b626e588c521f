"""Previews: a small picture of what a turn would give, without a job; nothing is stored."""

from dataclasses import dataclass, field, replace
from functools import partial

import anyio.to_thread

from stillroom.application.instructions.reading import base_in
from stillroom.application.instructions.starting_plans import start_of
from stillroom.application.jobs.briefs import brief_of, standing_wishes
from stillroom.application.jobs.orders import checked_changes, usable_prompt
from stillroom.application.limits.superseding_semaphore import SupersedingSemaphore
from stillroom.application.photos.backdrops import usable_backdrop
from stillroom.domain.assets import Asset
from stillroom.domain.errors import PromptInvalid
from stillroom.domain.ids import JobId, OwnerId, SessionId, VariantId
from stillroom.domain.jobs.job import Job, JobStatus
from stillroom.domain.mattes import StoredMatte, correction_among
from stillroom.domain.plans.changes import PartialPlan
from stillroom.domain.plans.effects import check_effect
from stillroom.domain.plans.plan import Context, Plan
from stillroom.domain.ports import Blobs, Clock, PreviewMaker, PreviewRequest, UnitOfWorkFactory
from stillroom.domain.products import ProductFacts
from stillroom.domain.providers.requests import BasePicture, GenerationRequest, Operation
from stillroom.domain.variants import Variant

PREVIEW_SIDE = 1024
"""Longest side of a preview in pixels, and the default."""


@dataclass(frozen=True, slots=True)
class PreviewOrder:
    """A client's request for a preview.

    Attributes:
        variant_id: Picture to start from; for a refinement without it, the newest picture of the session.
        operation: By default `refine` with a picture, else `bg_replace`.
        side: Longest side in pixels.
        with_product: Whether the product is drawn, with its shadow and reflection.
    """

    session_id: SessionId
    variant_id: VariantId | None = None
    operation: Operation | None = None
    prompt: str = ""
    changes: PartialPlan | None = None
    side: int = PREVIEW_SIDE
    with_product: bool = True


@dataclass(frozen=True, slots=True)
class _Material:
    context: Context
    asset: Asset
    base: Variant | None
    matte: StoredMatte | None
    product: ProductFacts


@dataclass(frozen=True)
class Previews:
    """Renders previews; only the newest of each session and size waits."""

    _unit_of_work: UnitOfWorkFactory
    _blobs: Blobs
    _maker: PreviewMaker
    _clock: Clock
    _permits: SupersedingSemaphore = field(default_factory=SupersedingSemaphore)

    async def make(self, order: PreviewOrder, owner_id: OwnerId) -> bytes:
        """Return a WebP picture of what a turn would give.

        Raises:
            NotFound: The session or the picture does not exist.
            ValidationFailed: A field of the changes is not usable.
            PromptInvalid: The prompt is unusable, or no part of it is understood and there are no changes.
            Superseded: A newer preview of the same session and size was asked for.
            RateLimited: Too many previews wait.
        """
        changes = checked_changes(order.changes)
        prompt = usable_prompt(order.prompt, required=False)
        operation = order.operation or (Operation.REFINE if order.variant_id else Operation.BG_REPLACE)
        order = replace(order, changes=changes, prompt=prompt, operation=operation)
        material = await self._read(order, operation, owner_id)
        async with self._permits.of(owner_id, (order.session_id, order.side)):
            plan = await anyio.to_thread.run_sync(self._plan, order, operation, owner_id, material)
            check_effect(changes or {}, plan, has_words=bool(prompt))
            async with self._unit_of_work(read_only=True) as tx:
                backdrop = await usable_backdrop(tx, plan, owner_id, order.session_id)
            return await self._maker.preview(self._request(order, operation, material, plan, backdrop))

    async def _read(self, order: PreviewOrder, operation: Operation, owner_id: OwnerId) -> _Material:
        async with self._unit_of_work(read_only=True) as tx:
            session = await tx.sessions.get(order.session_id, owner_id)
            base = await base_in(tx, order.session_id, order.variant_id, owner_id, operation)
            asset = await tx.assets.get(session.asset_id, owner_id)
            matte = correction_among(await tx.mattes.of_session(session.id))
        return _Material(session.context, asset, base, matte, session.product)

    def _plan(
        self, order: PreviewOrder, operation: Operation, owner_id: OwnerId, material: _Material
    ) -> Plan:
        """Return the plan of the first candidate that a job would make."""
        start = start_of(operation, material.base).model_dump(mode="json")
        now = self._clock()
        job = Job(
            id=JobId("job_preview"),
            owner_id=owner_id,
            session_id=order.session_id,
            status=JobStatus.QUEUED,
            run_after=now,
            created_at=now,
            type=operation,
            prompt=order.prompt,
            candidates=1,
            base_variant_id=material.base.id if material.base else None,
            changes=order.changes,
            before={part: start[part] for part in order.changes or {}},
        )
        wishes = standing_wishes(material.context, job, material.base)
        brief = brief_of(job, material.base, None, wishes)
        # A prompt that asks for what the picture shows already has a preview: that picture.
        is_unread = any(one.reason != "refused" for one in brief.told_back)
        if order.prompt and is_unread and not (brief.new or order.changes):
            raise PromptInvalid.of(brief.told_back)
        return brief.plans[0]

    def _request(
        self,
        order: PreviewOrder,
        operation: Operation,
        material: _Material,
        plan: Plan,
        backdrop: Asset | None,
    ) -> PreviewRequest:
        base = material.base if operation is Operation.REFINE else None
        return PreviewRequest(
            operation=operation,
            photo_sha256=material.asset.sha256,
            matte_id=material.matte.id if material.matte else None,
            plan=plan,
            side=order.side,
            source=partial(self._source, operation, material),
            painted=partial(self._painted, base) if base is not None and base.is_painted else None,
            backdrop=partial(self._blobs.get, backdrop.blob_key) if backdrop else None,
            size_cm=material.product.size_for(operation, plan),
            hints=material.product.hints,
            with_product=order.with_product,
        )

    async def _painted(self, base: Variant) -> BasePicture:
        return BasePicture(await self._blobs.get(base.blob_key), base.plan, is_painted=True)

    async def _source(self, operation: Operation, material: _Material) -> GenerationRequest:
        asset, matte = material.asset, material.matte
        return GenerationRequest(
            operation=operation,
            photo=await self._blobs.get(asset.blob_key),
            photo_sha256=asset.sha256,
            prompt="",
            context=Context(),
            wanted=(),
            matte=matte.corrected(await self._blobs.get(matte.blob_key)) if matte else None,
            hints=material.product.hints,
        )
