"""Control of batches: decide on items, pause, resume, cancel and repeat."""

from contextlib import suppress
from dataclasses import dataclass, replace

from stillroom.application.batches.choices import ChoiceChecks
from stillroom.application.batches.settling import settled_item, warnings_of
from stillroom.application.batches.views import (
    append_item,
    check_open,
    locked_batch,
    move_items,
    reopened,
    save_batch,
    view_of,
    wake,
)
from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.domain.batches.batches import (
    DECIDABLE,
    EXPORTED,
    MAX_ITEMS,
    RETRYABLE,
    Batch,
    BatchItem,
    BatchStatus,
    BatchView,
    ItemStatus,
)
from stillroom.domain.batches.review import EXPORT_FAILED, verdict_on
from stillroom.domain.errors import Conflict, NotFound
from stillroom.domain.ids import BatchId, BatchItemId, OwnerId, VariantId
from stillroom.domain.jobs.job import Job
from stillroom.domain.ports import Clock, Notifier, UnitOfWork, UnitOfWorkFactory


@dataclass(frozen=True)
class BatchControl:
    """Changes batches on behalf of their owners; the runner carries the changes out."""

    _unit_of_work: UnitOfWorkFactory
    _checks: ChoiceChecks
    _notifier: Notifier
    _clock: Clock
    _lifecycle: Lifecycle

    async def decide(
        self,
        batch_id: BatchId,
        item_id: BatchItemId,
        owner_id: OwnerId,
        decision: ItemStatus,
        variant_id: VariantId | None,
    ) -> BatchItem:
        """Approve or reject an item, or send it back to review; an approved picture is adopted.

        Raises NotFound, and Conflict if the item is being made or has no picture to decide on.

        Args:
            variant_id: Picture of the item's session to use; None keeps the present one.
        """
        now = self._clock()
        async with self._unit_of_work() as tx:
            batch = await locked_batch(tx, batch_id, owner_id)
            item = await tx.batch_items.get(item_id, batch_id, owner_id)
            # A failed item may take a picture that was made before, such as with other words.
            if item.status not in (DECIDABLE if variant_id is None else DECIDABLE | RETRYABLE):
                raise Conflict(text="no_picture", status=item.status.value)
            decided = replace(item, status=decision)
            if variant_id is not None and variant_id != item.variant_id:
                variant = await tx.variants.get(variant_id, owner_id)
                if variant.session_id != item.session_id:
                    raise NotFound(f"No variant {variant_id} for this item.")
                job = await tx.jobs.get(variant.job_id, owner_id)
                decided = replace(
                    decided,
                    variant_id=variant.id,
                    quality=variant.measures.quality,
                    warnings=await warnings_of(tx, variant, job, batch.choices.approve_from),
                    # Of the files of the other picture.
                    error=None,
                )
            if decision is ItemStatus.NEEDS_REVIEW:
                # Taken back: the item is again what the review rule says.
                decided = replace(decided, status=verdict_on(decided.warnings))
            if not batch.choices.presets:
                decided = replace(decided, exported_variant_id=decided.variant_id)
            if decided.variant_id is None:
                raise Conflict(text="picture_deleted", status=item.status.value)
            if decision is ItemStatus.APPROVED:
                assert item.session_id is not None, "an item with a picture has a product"
                await tx.sessions.lock(item.session_id, owner_id)
                await tx.variants.adopt(decided.variant_id, now)
            await tx.batch_items.replace(decided, item.status)
            await append_item(tx, decided, now)
            await save_batch(tx, batch, self._clock())
        wake(self._notifier, batch_id)
        return decided

    async def reword(
        self, batch_id: BatchId, item_id: BatchItemId, owner_id: OwnerId, prompt: str
    ) -> BatchItem:
        """Make one item again with other words; an ended batch is opened again.

        With an empty prompt, the item uses the recipe's. Raises NotFound, PromptInvalid, Conflict while the
        item is being made, and LimitReached for an ended batch at MAX_OPEN open ones.
        """
        async with self._unit_of_work(read_only=True) as tx:
            batch = await tx.batches.get(batch_id, owner_id)
        words = prompt.strip() or None
        for refused in (await self._checks.prompts(batch.choices, [words] if words else [])).values():
            raise refused
        now = self._clock()
        async with self._unit_of_work() as tx:
            # Before the batch, as by the runner; so concurrent requests cannot exceed the limit.
            await tx.owners.lock(owner_id)
            batch = await locked_batch(tx, batch_id, owner_id)
            await self._settle_stopped(tx, batch)
            item = await tx.batch_items.get(item_id, batch_id, owner_id)
            if item.status is ItemStatus.RUNNING:
                raise Conflict(text="item_running", status=item.status.value)
            reworded = replace(
                item,
                prompt=words,
                status=ItemStatus.WAITING,
                variant_id=None,
                quality=None,
                warnings=(),
                error=None,
                exported_variant_id=None,
            )
            await tx.batch_items.replace(reworded, item.status)
            await append_item(tx, reworded, now)
            await save_batch(tx, await reopened(tx, batch), self._clock())
        wake(self._notifier, batch_id)
        return reworded

    async def pause(self, batch_id: BatchId, owner_id: OwnerId) -> BatchView:
        """Start no more items; running ones are finished. Raises NotFound, Conflict."""
        return await self._set(batch_id, owner_id, {BatchStatus.RUNNING}, BatchStatus.PAUSED)

    async def resume(self, batch_id: BatchId, owner_id: OwnerId) -> BatchView:
        """Resume a paused batch. Raises NotFound, Conflict."""
        return await self._set(batch_id, owner_id, {BatchStatus.PAUSED}, BatchStatus.RUNNING)

    async def cancel(self, batch_id: BatchId, owner_id: OwnerId) -> tuple[BatchView, tuple[Job, ...]]:
        """Stop a batch: waiting items end at once, running ones at their next step; pictures made stay.

        A cancelled batch stays as it is. Returns the batch, and the jobs that were cancelled.

        Raises NotFound, and Conflict if the batch has finished.
        """
        stopped: list[Job] = []
        now = self._clock()
        async with self._unit_of_work() as tx:
            batch = await locked_batch(tx, batch_id, owner_id)
            if batch.status is BatchStatus.CANCELED:
                return await view_of(tx, batch), ()
            check_open(batch)
            await move_items(tx, batch_id, {ItemStatus.WAITING}, ItemStatus.CANCELED, now)
            running = await tx.batch_items.with_status(batch_id, {ItemStatus.RUNNING}, MAX_ITEMS)
            # By id: the order in which the job queue locks several jobs.
            for job_id in sorted(item.job_id for item in running if item.job_id is not None):
                # One that has ended, perhaps at this moment, is left to the runner.
                with suppress(Conflict, NotFound):
                    stopped.append(await self._lifecycle.cancel(tx, job_id))
            view = await save_batch(tx, replace(batch, status=BatchStatus.CANCELED), now)
        for job in stopped:
            self._lifecycle.announce(job)
        wake(self._notifier, batch_id)
        return view, tuple(stopped)

    async def retry(self, batch_id: BatchId, owner_id: OwnerId) -> BatchView:
        """Make the failed and cancelled items again, and files that failed; an ended batch is opened again.

        Raises NotFound, Conflict if there is nothing that could succeed now, and LimitReached for an ended
        batch at MAX_OPEN open ones.
        """
        async with self._unit_of_work(read_only=True) as tx:
            batch = await tx.batches.get(batch_id, owner_id)
            failed = await tx.batch_items.with_status(batch_id, RETRYABLE, MAX_ITEMS)
        # An instruction that cannot be carried out would fail again.
        refused = await self._checks.prompts(batch.choices, [one.prompt for one in failed if one.prompt])
        hopeless = {item.id for item in failed if item.prompt in refused}
        async with self._unit_of_work() as tx:
            # Before the batch, as by the runner; so concurrent requests cannot exceed the limit.
            await tx.owners.lock(owner_id)
            batch = await locked_batch(tx, batch_id, owner_id)
            await self._settle_stopped(tx, batch)
            moved = await move_items(tx, batch_id, RETRYABLE, ItemStatus.WAITING, self._clock(), hopeless)
            if not (await self._order_failed_files(tx, batch_id) or moved):
                text = "other_words_needed" if hopeless else "nothing_failed"
                raise Conflict(text=text, status=batch.status.value)
            view = await save_batch(tx, await reopened(tx, batch), self._clock())
        wake(self._notifier, batch_id)
        return view

    async def _settle_stopped(self, tx: UnitOfWork, batch: Batch) -> None:
        """Settle items whose job was cancelled or failed, which the runner may not have noticed yet."""
        for item in await tx.batch_items.settled(batch.id, MAX_ITEMS):
            after = await settled_item(tx, batch, item)
            if after.status in RETRYABLE:
                await tx.batch_items.replace(after, item.status)
                await append_item(tx, after, self._clock())

    async def _order_failed_files(self, tx: UnitOfWork, batch_id: BatchId) -> bool:
        """Reset failed files, so that they are ordered again; return whether there are any."""
        items = await tx.batch_items.with_status(batch_id, EXPORTED, MAX_ITEMS)
        failed = [item for item in items if EXPORT_FAILED in item.warnings and item.variant_id is not None]
        pictures = [item.variant_id for item in failed if item.variant_id is not None]
        await tx.exports.forget_failed(batch_id, pictures)
        for item in failed:
            kept = tuple(code for code in item.warnings if code != EXPORT_FAILED)
            again = replace(item, warnings=kept, error=None, exported_variant_id=None)
            await tx.batch_items.replace(again, item.status)
            await append_item(tx, again, self._clock())
        return bool(failed)

    async def _set(
        self, batch_id: BatchId, owner_id: OwnerId, sources: set[BatchStatus], target: BatchStatus
    ) -> BatchView:
        async with self._unit_of_work() as tx:
            batch = await locked_batch(tx, batch_id, owner_id)
            if batch.status not in sources | {target}:
                raise Conflict(text="batch_state", status=batch.status.value)
            view = await save_batch(tx, replace(batch, status=target), self._clock())
        wake(self._notifier, batch_id)
        return view
