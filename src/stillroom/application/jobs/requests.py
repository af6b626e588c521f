"""Job requests: submit, look up, cancel and retry."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import anyio

from stillroom.application.instructions.reading import Instructions, base_in
from stillroom.application.instructions.starting_plans import start_of, start_with
from stillroom.application.jobs.lifecycle import Lifecycle, enqueue
from stillroom.application.jobs.orders import (
    Order,
    base_of,
    check_names,
    checked_changes,
    template_among,
    usable_prompt,
)
from stillroom.application.jobs.views import JobView, Submission, view_of, views_of
from stillroom.application.limits.idempotency import KeyLocks, hash_of_request, reserve, result_of
from stillroom.application.limits.limits import Limits, QuotaStatus, check_rate, consume_token, limit_refused
from stillroom.application.photos.backdrops import usable_backdrop
from stillroom.application.readers.calls import Purpose
from stillroom.domain.errors import Conflict, PromptInvalid
from stillroom.domain.ids import IdFactory, JobId, OwnerId, SessionId, VariantId
from stillroom.domain.jobs.job import Job, JobStatus
from stillroom.domain.plans.changes import PartialPlan, usable_changes, with_changes
from stillroom.domain.plans.effects import check_changed, check_effect, is_changed
from stillroom.domain.plans.read_as import ReadAs
from stillroom.domain.ports import (
    Catalogue,
    Clock,
    Notifier,
    Page,
    RateLimiter,
    UnitOfWork,
    UnitOfWorkFactory,
)
from stillroom.domain.providers.requests import Operation
from stillroom.domain.told_back import asks_for_nothing
from stillroom.domain.traces import NO_TRACE, RequestTrace
from stillroom.domain.variants import Variant, VariantRole


@dataclass
class Jobs:
    """Submits, lists, cancels and retries jobs.

    Attributes:
        _has_cloud: Returns whether a cloud can do an operation with the requested provider; such a model
            may understand prompts that the local rules do not.
    """

    _unit_of_work: UnitOfWorkFactory
    _catalogue: Catalogue
    _notifier: Notifier
    _limiter: RateLimiter
    _ids: IdFactory
    _clock: Clock
    _limits: Limits
    _instructions: Instructions
    _lifecycle: Lifecycle
    _has_cloud: Callable[[Operation, str | None], bool] = lambda *_: False

    def __post_init__(self) -> None:
        self._locks = KeyLocks()

    async def submit(
        self,
        order: Order,
        owner_id: OwnerId,
        *,
        key: str | None = None,
        trace: RequestTrace = NO_TRACE,
    ) -> Submission:
        """Create a job, or return the one that this idempotency key created.

        Raises:
            PromptInvalid: The prompt is unusable, or no part of it is understood and there are no changes.
            Conflict: What to restore was not found in this picture.
            ValidationFailed: The template does not exist for this operation, the provider does not exist, or
                a field of the changes is not usable.
            NotFound: The session, the variant or the own backdrop does not exist.
            IdempotencyMismatch: The key was used for another request.
            RateLimited: The owner has too many waiting jobs, or made too many recently.
        """
        # The hash recurses into the values; usable ones are not nested.
        usable_changes(order.changes or {})
        # Of the order as it was sent: below it is brought into its usable form.
        request_hash = order.request_hash
        async with self._locks.of(owner_id, key):
            # First of all, so that a repeated request neither pays a reader again nor fails for what changed.
            async with self._unit_of_work(read_only=True) as tx:
                earlier = await result_of(tx, owner_id, key, request_hash)
            if earlier is not None:
                return await self._replayed(earlier, owner_id)
            order, prompt = self.checked(order)
            base = await self._base(order, owner_id)
            # Before a reader is paid for a request that is refused afterwards.
            check_rate(await self._limiter.peek(owner_id))
            # The call of a reader names the job that it is made for.
            job_id = self._ids.job()
            purpose = Purpose(owner_id, order.session_id, job_id)
            read_as = await self._understood(order, prompt, base, purpose) if prompt else ()
            job = self._new_job(order, prompt, owner_id, trace)
            job = replace(job, id=job_id, read_as=read_as, before=_before(order, base))
            return await self._enqueue(job, key, request_hash)

    def checked(self, order: Order) -> tuple[Order, str]:
        """Return an order and its prompt in their usable form, without database access.

        Raises PromptInvalid, ValidationFailed.
        """
        order = replace(order, changes=checked_changes(order.changes))
        says_it_all = order.restore is not None or order.changes is not None
        is_silent = order.operation is not Operation.REFINE or says_it_all
        prompt = usable_prompt(order.prompt, required=not is_silent)
        check_names(self._catalogue, order.template, order.operation, order.provider)
        return order, prompt

    async def check(self, order: Order, owner_id: OwnerId) -> None:
        """Check an order as `submit` does before it is read, and raise what it raises; nothing is stored."""
        order, _ = self.checked(order)
        await self._base(order, owner_id)

    async def view(self, job_id: JobId, owner_id: OwnerId) -> JobView:
        """Return one job. Raises NotFound."""
        async with self._unit_of_work(read_only=True) as tx:
            return await view_of(tx, await tx.jobs.get(job_id, owner_id))

    async def list(
        self,
        owner_id: OwnerId,
        session_id: SessionId | None,
        status: JobStatus | None,
        cursor: str | None,
        limit: int,
    ) -> Page[JobView]:
        """List jobs, newest first."""
        async with self._unit_of_work(read_only=True) as tx:
            page = await tx.jobs.list(owner_id, session_id, status, cursor, limit)
            return Page(await views_of(tx, page.items), page.next_cursor)

    async def cancel(self, job_id: JobId, owner_id: OwnerId) -> JobView:
        """Cancel a job: a waiting one at once, a running one at its next step.

        A cancelled job stays as it is. Raises Conflict if the job succeeded or failed.
        """
        async with self._unit_of_work() as tx:
            await tx.jobs.get(job_id, owner_id)
            try:
                view = await view_of(tx, await self._lifecycle.cancel(tx, job_id))
            except Conflict:
                ended = await tx.jobs.get(job_id, owner_id)
                if ended.status is not JobStatus.CANCELED:
                    raise
                return await view_of(tx, ended)
        self._lifecycle.announce(view.job)
        return view

    async def retry(
        self,
        job_id: JobId,
        owner_id: OwnerId,
        *,
        key: str | None = None,
        trace: RequestTrace = NO_TRACE,
    ) -> Submission:
        """Create a job for the missing candidates of a failed or cancelled job.

        A repeated idempotency key returns its job; without a key, an unfinished retry is returned. Raises
        Conflict unless the job failed or was cancelled, IdempotencyMismatch, RateLimited.
        """
        async with self._locks.of(owner_id, key or job_id):
            hash_of_retry = hash_of_request({"retry_of": job_id})
            async with self._unit_of_work(read_only=True) as tx:
                old = await tx.jobs.get(job_id, owner_id)
                if old.status not in (JobStatus.FAILED, JobStatus.CANCELED):
                    raise Conflict(text="not_repeatable", status=old.status.value)
                earlier = await result_of(tx, owner_id, key, hash_of_retry)
                if key is None:
                    earlier = await _unfinished_retry(tx, old.session_id, old.id)
                variants = await tx.variants.of_job(job_id)
                if earlier is None:
                    self._check_room(await tx.jobs.count(owner_id, JobStatus.QUEUED))
            if earlier is not None:
                return await self._replayed(earlier, owner_id)
            made = {variant.ordinal for variant in variants if variant.role is VariantRole.CANDIDATE}
            missing = tuple(ordinal for ordinal in old.wanted_ordinals if ordinal not in made)
            new = self._repeated(old, missing or old.wanted_ordinals, trace)
            return await self._enqueue(new, key, hash_of_retry, is_retry=True)

    async def make_again(
        self,
        session_id: SessionId,
        variant_id: VariantId | None,
        owner_id: OwnerId,
        *,
        request_hash: str,
        prepare: Callable[[], Awaitable[None]],
        change: Callable[[UnitOfWork], Awaitable[None]],
        provider: str | None = None,
        key: str | None = None,
        trace: RequestTrace = NO_TRACE,
    ) -> Submission | None:
        """Create a job that makes one existing picture again; None when there is no picture yet.

        A repeated idempotency key returns its job. Raises NotFound, IdempotencyMismatch, RateLimited.

        Args:
            variant_id: None means the newest picture of the session.
            prepare: Runs before the job is stored, once all checks have passed; skipped for a repeated key.
            change: Runs in the same transaction; skipped for a repeated key.
            provider: The only cloud to ask, or `local`; None asks those that the old job could ask.
        """
        async with self._locks.of(owner_id, key):
            async with self._unit_of_work(read_only=True) as tx:
                variant = await base_in(tx, session_id, variant_id, owner_id, Operation.REFINE)
                if variant is None:
                    return None
                old = await tx.jobs.get(variant.job_id, owner_id)
                earlier = await result_of(tx, owner_id, key, request_hash)
                if earlier is None:
                    self._check_room(await tx.jobs.count(owner_id, JobStatus.QUEUED))
            if earlier is not None:
                return await self._replayed(earlier, owner_id)
            check_rate(await self._limiter.peek(owner_id))
            await prepare()
            # An extra picture, beyond those requested, has no plan of its own.
            wanted = variant.ordinal if variant.ordinal in old.wanted_ordinals else old.wanted_ordinals[0]
            job = self._repeated(old, (wanted,), trace)
            job = replace(job, provider=provider or job.provider)
            return await self._enqueue(job, key, request_hash, change)

    def _repeated(self, old: Job, ordinals: tuple[int, ...], trace: RequestTrace) -> Job:
        """Return a new job with the same order, for some of its candidates."""
        order = Order(
            session_id=old.session_id,
            operation=old.type,
            prompt=old.prompt,
            candidates=len(ordinals),
            template=old.template,
            variant_id=old.base_variant_id,
            provider=old.provider,
            restore=old.restore,
            changes=old.changes,
        )
        new = self._new_job(order, old.prompt, old.owner_id, trace)
        return replace(
            new,
            ordinals=ordinals,
            read_as=old.read_as,
            before=old.before,
            repeats_recipe=old.follows_recipe,
            retry_of=old.id,
        )

    async def _base(self, order: Order, owner_id: OwnerId) -> Variant | None:
        """Return the picture to start from, after checks that need the database.

        Raises NotFound, ValidationFailed, PromptInvalid, Conflict, RateLimited.
        """
        async with self._unit_of_work(read_only=True) as tx:
            base = await base_of(tx, order, owner_id)
            if order.changes is not None:
                start = start_of(order.operation, base)
                plan = with_changes(start, order.changes)
                has_words = bool(order.prompt or order.template)
                check_effect(order.changes, plan, has_words=has_words)
                if order.operation is Operation.REFINE and not has_words:
                    check_changed(order.changes, start)
                await usable_backdrop(tx, plan, owner_id, order.session_id)
            self._check_room(await tx.jobs.count(owner_id, JobStatus.QUEUED))
        return base

    async def _replayed(self, job_id: str, owner_id: OwnerId) -> Submission:
        """Return the job that an earlier request made."""
        async with self._unit_of_work(read_only=True) as tx:
            view = await view_of(tx, await tx.jobs.get(JobId(job_id), owner_id))
            waiting = await tx.jobs.count(owner_id, JobStatus.QUEUED)
        allowance = await self._limiter.peek(owner_id)
        return Submission(
            view, replayed=True, quota=QuotaStatus(allowance, waiting, self._limits.user_queued)
        )

    def _check_room(self, waiting: int) -> None:
        if waiting >= (most := self._limits.user_queued):
            raise limit_refused(f"{most} jobs are waiting already.", "waiting", most)

    async def _enqueue(
        self,
        job: Job,
        key: str | None,
        request_hash: str,
        change: Callable[[UnitOfWork], Awaitable[None]] | None = None,
        *,
        is_retry: bool = False,
    ) -> Submission:
        """Store a job with its event, unless another process has stored the same one meanwhile.

        Args:
            change: Runs in the same transaction.
            is_retry: Whether an unfinished retry of the same job counts as the same one.
        """
        # Last, so that a refused request consumes no quota. In a race of two processes both do.
        allowance = await consume_token(self._limiter, job.owner_id)
        async with self._unit_of_work() as tx:
            same = await reserve(tx, job.owner_id, key, request_hash, job.id, job.created_at)
            # Locked, so that concurrent requests cannot exceed the limit, and two processes make one retry.
            await tx.owners.lock(job.owner_id)
            waiting = await tx.jobs.count(job.owner_id, JobStatus.QUEUED)
            if key is None and is_retry:
                same = await _unfinished_retry(tx, job.session_id, job.retry_of)
            if same is None:
                self._check_room(waiting)
                if change is not None:
                    await change(tx)
                position = await enqueue(tx, job)
        if same is not None:
            return await self._replayed(same, job.owner_id)
        self._notifier.job_queued()
        view = JobView(replace(job, last_seq=1), variants=(), position=position)
        quota = QuotaStatus(allowance, waiting + 1, self._limits.user_queued)
        return Submission(view, replayed=False, quota=quota)

    def _new_job(self, order: Order, prompt: str, owner_id: OwnerId, trace: RequestTrace) -> Job:
        now = self._clock()
        return Job(
            id=self._ids.job(),
            owner_id=owner_id,
            session_id=order.session_id,
            type=order.operation,
            status=JobStatus.QUEUED,
            prompt=prompt,
            candidates=order.candidates,
            run_after=now,
            created_at=now,
            template=order.template,
            base_variant_id=order.variant_id,
            provider=order.provider,
            restore=order.restore,
            changes=order.changes,
            request_id=trace.request_id,
            traceparent=trace.traceparent,
        )

    async def _understood(
        self, order: Order, prompt: str, base: Variant | None, purpose: Purpose
    ) -> tuple[ReadAs, ...]:
        """Return what the reader model reads where the rules do not understand the prompt.

        Raises:
            PromptInvalid: The prompt asks for no change, or nothing of it is understood and no cloud would be
                asked.
        """
        has_cloud = self._has_cloud(order.operation, order.provider)
        template = template_among(self._catalogue, order.template, order.operation)
        start = await anyio.to_thread.run_sync(start_with, order.operation, base, template)
        reading = await self._instructions.read(prompt, start, order.operation, purpose)
        has_wish = template is not None and template.wish is not None
        has_wish = has_wish or (
            order.changes is not None
            and (order.operation is not Operation.REFINE or is_changed(order.changes, start))
        )
        is_unread = reading.told_back and not (reading.is_carried_out or has_cloud)
        if not has_wish and (is_unread or asks_for_nothing(reading.told_back)):
            raise PromptInvalid.of(reading.told_back)
        return reading.read_as


def _before(order: Order, base: Variant | None) -> PartialPlan | None:
    """Return the parts that an order changes directly, as they are before."""
    if order.changes is None:
        return None
    plan = start_of(order.operation, base).model_dump(mode="json")
    return {part: plan[part] for part in order.changes}


async def _unfinished_retry(tx: UnitOfWork, session_id: SessionId, retry_of: JobId | None) -> JobId | None:
    jobs = await tx.jobs.of_session(session_id)
    return next((job.id for job in jobs if job.retry_of == retry_of and not job.status.is_final), None)
