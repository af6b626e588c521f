"""Batch runner: starts waiting items, settles items whose job has ended, and orders their files.

Everything is driven by rows: any process may run any step at any time, and a step that was interrupted is
done again.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from stillroom.application.batches.settling import settled_item
from stillroom.application.batches.views import append_item, wake
from stillroom.application.exports.ordering import ExportOrders, FileWords
from stillroom.application.jobs.lifecycle import enqueue
from stillroom.application.jobs.orders import usable_prompt
from stillroom.application.limits.limits import Limits
from stillroom.application.readers.inspections import PhotoInspections
from stillroom.application.sessions import new_session
from stillroom.application.webhooks.outbox import Outbox
from stillroom.domain.batches.batches import (
    OPEN,
    Batch,
    BatchEventType,
    BatchItem,
    BatchStatus,
    ItemStatus,
    progress_of,
)
from stillroom.domain.batches.review import EXPORT_FAILED
from stillroom.domain.errors import NotFound, StillroomError, StorageUnavailable, stored_error
from stillroom.domain.exports.presets import Export, ExportStatus
from stillroom.domain.ids import BatchId, IdFactory, OwnerId, SessionId
from stillroom.domain.jobs.job import Job, JobStatus
from stillroom.domain.ports import Clock, Notifier, UnitOfWork, UnitOfWorkFactory
from stillroom.domain.providers.requests import Operation
from stillroom.domain.variants import Variant

ITEMS_PER_STEP = 50
FILES_PER_STEP = 4
"""Items whose files are ordered per step; each is measured first, which takes a tenth of a second."""

FILES_IN_VIEW = 10 * FILES_PER_STEP
"""Items among which a process chooses at random, so that processes rarely measure the same ones."""

IN_FLIGHT_FACTOR = 2
"""Started items of an owner, as a multiple of what may run at once, so that workers need not wait."""

log = structlog.get_logger(__name__)


@dataclass
class Stepped:
    """Result of one step of the runner; `has_more` if another step would find work at once."""

    settled: list[ItemStatus] = field(default_factory=list)
    finished: int = 0
    has_more: bool = False


@dataclass
class BatchRunner:
    """Advances all due batches; safe to run in several processes at once."""

    _unit_of_work: UnitOfWorkFactory
    _orders: ExportOrders
    _notifier: Notifier
    _ids: IdFactory
    _clock: Clock
    _limits: Limits
    _inspections: PhotoInspections | None = None

    def __post_init__(self) -> None:
        self._outbox = Outbox(self._ids, self._clock)

    async def step(self) -> Stepped:
        """Advance every due batch once, in turn between the owners, and order files of one of them.

        Raises StorageUnavailable.
        """
        stepped = Stepped()
        async with self._unit_of_work(read_only=True) as tx:
            due = await tx.batches.due()
        for batch_id, owner_id in due:
            with _logged_errors(batch_id):
                await self._advance(batch_id, owner_id, stepped)
        # Files of one batch alone: measuring those of all would leave the workers without items.
        owners = list({owner_id for _, owner_id in due})
        turns = random.sample(owners, len(owners))
        for batch_id, owner_id in sorted(due, key=lambda one: turns.index(one[1])):
            with _logged_errors(batch_id):
                if await self._order_files(batch_id, owner_id):
                    stepped.has_more = True
                    break
        return stepped

    async def _advance(self, batch_id: BatchId, owner_id: OwnerId, stepped: Stepped) -> None:
        async with self._unit_of_work() as tx:
            # The owner first, as a provider call does when it checks the budgets; the limit on started items
            # covers all batches of the owner.
            await tx.owners.lock(owner_id)
            batch = await tx.batches.lock(batch_id, skip_locked=True)
            if batch is None:
                return
            settled = await self._settle(tx, batch)
            started = await self._start(tx, batch) if batch.status is BatchStatus.RUNNING else ()
            has_ended = await self._conclude(tx, batch, is_changed=bool(settled or started))
        if settled or started or has_ended:
            # Started items are jobs, and so are the deliveries of webhooks.
            wake(self._notifier, batch_id)
        if self._inspections is not None:
            for session_id in started:
                self._inspections.add(session_id, owner_id, batch_id)
        stepped.settled += settled
        stepped.finished += has_ended
        stepped.has_more |= len(settled) == ITEMS_PER_STEP

    async def _settle(self, tx: UnitOfWork, batch: Batch) -> list[ItemStatus]:
        """End the items whose job has ended; returns their statuses."""
        now = self._clock()
        statuses = []
        for item in await tx.batch_items.settled(batch.id, ITEMS_PER_STEP):
            after = await settled_item(tx, batch, item)
            if await tx.batch_items.replace(after, ItemStatus.RUNNING):
                await append_item(tx, after, now)
                if after.status is ItemStatus.NEEDS_REVIEW:
                    await self._outbox.item_needs_review(tx, after)
                statuses.append(after.status)
        return statuses

    async def _start(self, tx: UnitOfWork, batch: Batch) -> Sequence[SessionId]:
        """Start waiting items, as many as the owner may have started; returns their sessions."""
        room = IN_FLIGHT_FACTOR * self._limits.user_running - await tx.batch_items.running(batch.owner_id)
        if room <= 0:
            return ()
        sessions = []
        waiting = await tx.batch_items.with_status(batch.id, {ItemStatus.WAITING}, room)
        for item in waiting:
            now = self._clock()
            job = self._job(batch, item, await self._session(tx, batch, item, now), now)
            await enqueue(tx, job)
            started = replace(
                item, status=ItemStatus.RUNNING, session_id=job.session_id, job_id=job.id, error=None
            )
            await tx.batch_items.replace(started, ItemStatus.WAITING)
            await append_item(tx, started, now)
            sessions.append(job.session_id)
        return sessions

    async def _session(self, tx: UnitOfWork, batch: Batch, item: BatchItem, now: datetime) -> SessionId:
        if item.session_id is not None:
            return item.session_id
        photo = await tx.assets.get(item.image_id, item.owner_id)
        title = item.title or item.sku
        session = new_session(self._ids.session(), photo, batch.choices.platform, title, now)
        await tx.sessions.add(session)
        return session.id

    def _job(self, batch: Batch, item: BatchItem, session_id: SessionId, now: datetime) -> Job:
        choices = batch.choices
        return Job(
            id=self._ids.job(),
            owner_id=batch.owner_id,
            session_id=session_id,
            type=Operation(choices.operation),
            status=JobStatus.QUEUED,
            prompt=usable_prompt(item.prompt or choices.prompt or "", required=False),
            candidates=choices.candidates,
            run_after=now,
            created_at=now,
            template=choices.template,
            provider=choices.provider,
            changes=choices.changes,
            batch_id=batch.id,
            request_id=batch.request_id,
        )

    async def _conclude(self, tx: UnitOfWork, batch: Batch, *, is_changed: bool) -> bool:
        """Record whether more is to be done, and end a batch with nothing left; returns whether it ended."""
        counts = (await tx.batches.counts([batch.id]))[batch.id]
        running = counts[ItemStatus.RUNNING]
        waiting = counts[ItemStatus.WAITING] if batch.status in OPEN else 0
        files_due = bool(await tx.batch_items.to_export(batch.id, 1))
        is_making = await tx.batches.has_pending_exports(batch.id)
        now = self._clock()
        is_quiet = not (running or waiting or files_due or is_making)
        if is_quiet and await self._note_failed_files(tx, batch, now):
            is_changed = True
        ends = is_quiet and batch.finished_at is None
        after = batch
        if ends:
            status = batch.status if batch.status is BatchStatus.CANCELED else BatchStatus.FINISHED
            after = replace(batch, status=status, finished_at=now)
        if is_changed:
            await tx.batches.append(batch.id, BatchEventType.PROGRESS, progress_of(after.status, counts), now)
        if ends:
            cost = (await tx.provider_calls.cost_of_batches([batch.id])).get(batch.id, 0)
            data = {**progress_of(after.status, counts), "cost_micro_usd": cost}
            await tx.batches.append(batch.id, BatchEventType.FINISHED, data, now)
            await self._outbox.batch_finished(tx, batch, progress_of(after.status, counts), cost)
        goes_on = waiting and batch.status is not BatchStatus.PAUSED
        await tx.batches.save(after, is_due=bool(running or files_due or is_making or goes_on))
        return ends

    async def _note_failed_files(self, tx: UnitOfWork, batch: Batch, now: datetime) -> bool:
        """Mark items of whose files one could not be made; return whether any is new."""
        found = await tx.batch_items.with_failed_files(batch.id)
        noted = [item for item in found if EXPORT_FAILED not in item.warnings]
        for item in noted:
            marked = replace(item, warnings=(*item.warnings, EXPORT_FAILED))
            if await tx.batch_items.replace(marked, item.status):
                await append_item(tx, marked, now)
        return bool(noted)

    async def _order_files(self, batch_id: BatchId, owner_id: OwnerId) -> bool:
        """Order files of some items; return whether any were due."""
        has_ordered = False
        async with self._unit_of_work(read_only=True) as tx:
            batch = await tx.batches.get(batch_id, owner_id)
            due = await tx.batch_items.to_export(batch_id, FILES_IN_VIEW)
        for item in random.sample(due, min(len(due), FILES_PER_STEP)):
            try:
                variant, words = await self._picture_of(batch, item)
            except NotFound:
                # The picture was deleted meanwhile.
                continue
            try:
                await self._order(batch, item, variant, words)
            except StorageUnavailable:
                raise
            except StillroomError as error:
                log.warning("batch_files_refused", batch_id=batch_id, item_id=item.id, code=error.code)
                await self._give_up_files(batch, item, error)
            has_ordered = True
        return has_ordered

    async def _picture_of(self, batch: Batch, item: BatchItem) -> tuple[Variant, FileWords]:
        """The picture of an item and the words for the names of its files. Raises NotFound."""
        assert item.variant_id is not None, "the query returns items with a picture"
        async with self._unit_of_work(read_only=True) as tx:
            variant = await tx.variants.get(item.variant_id, item.owner_id)
            session = await tx.sessions.get(variant.session_id, item.owner_id)
            number = await tx.batch_items.number_of_photo(item)
        return variant, FileWords(item.sku or session.title, number, batch.choices.file_name)

    async def _order(self, batch: Batch, item: BatchItem, variant: Variant, words: FileWords) -> None:
        orders = await self._orders.plan(variant, batch.choices.presets, item.owner_id, words)
        async with self._unit_of_work() as tx:
            await tx.batches.lock(batch.id)
            if await tx.batch_items.order_exports(item):
                now = self._clock()
                made = await tx.exports.of_batch(batch.id, [variant.id], now)
                files = {_file_of(one): one.id for one in made if one.status is not ExportStatus.FAILED}
                for order in orders:
                    if _file_of(order.export) not in files:
                        await self._orders.store(tx, order, variant.session_id, batch.id)
                        files[_file_of(order.export)] = order.export.id
                # At one moment, so that an archive finds all files of an item or none.
                expires_at = now + timedelta(hours=self._limits.export_ttl_hours)
                await tx.exports.keep_until(list(files.values()), expires_at)
        self._notifier.job_queued()

    async def _give_up_files(self, batch: Batch, item: BatchItem, error: StillroomError) -> None:
        warnings = tuple(dict.fromkeys([*item.warnings, EXPORT_FAILED]))
        refused = replace(
            item,
            warnings=warnings,
            error=stored_error(error, None),
            exported_variant_id=item.variant_id,
        )
        async with self._unit_of_work() as tx:
            await tx.batches.lock(batch.id)
            if await tx.batch_items.replace(refused, item.status):
                await append_item(tx, refused, self._clock())


@contextmanager
def _logged_errors(batch_id: BatchId) -> Iterator[None]:
    """Log errors of one batch, which must not stop the others. Raises StorageUnavailable."""
    try:
        yield
    except StorageUnavailable:
        raise
    except Exception as error:
        log.error("batch_failed", batch_id=batch_id, exc_info=error)


def _file_of(export: Export) -> tuple[str, str, int | None, str]:
    """Return what makes two exports of a picture the same file."""
    return export.preset, export.format, export.part, export.name
