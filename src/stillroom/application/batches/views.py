"""Figures of batches, and changes of a locked batch."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from stillroom.domain.batches.batches import (
    MAX_OPEN,
    OPEN,
    Batch,
    BatchEventType,
    BatchItem,
    BatchStatus,
    BatchView,
    ItemStatus,
    progress_of,
)
from stillroom.domain.errors import Conflict, LimitReached, NotFound
from stillroom.domain.ids import BatchId, BatchItemId, OwnerId
from stillroom.domain.ports import Notifier, UnitOfWork


async def locked_batch(tx: UnitOfWork, batch_id: BatchId, owner_id: OwnerId) -> Batch:
    """Return a batch and lock its row until the transaction ends. Raises NotFound."""
    await tx.batches.get(batch_id, owner_id)
    batch = await tx.batches.lock(batch_id)
    if batch is None:
        raise NotFound(f"No batch {batch_id}.")
    return batch


async def save_batch(tx: UnitOfWork, batch: Batch, now: datetime) -> BatchView:
    """Write a locked batch, mark it as due for the runner, and append a `progress` event."""
    await tx.batches.save(batch)
    return await append_progress(tx, batch, now)


async def append_progress(tx: UnitOfWork, batch: Batch, now: datetime) -> BatchView:
    """Append a `progress` event, and return the batch with its figures."""
    view = await view_of(tx, batch)
    data = progress_of(batch.status, view.counts)
    await tx.batches.append(batch.id, BatchEventType.PROGRESS, data, now)
    return view


async def append_item(tx: UnitOfWork, item: BatchItem, now: datetime) -> None:
    """Append an `item` event with the present status of an item."""
    data = {"status": item.status.value}
    await tx.batches.append(item.batch_id, BatchEventType.ITEM, data, now, [item.id])


async def move_items(
    tx: UnitOfWork,
    batch_id: BatchId,
    sources: Collection[ItemStatus],
    target: ItemStatus,
    now: datetime,
    except_ids: Collection[BatchItemId] = (),
) -> bool:
    """Change the status of all items in one of the states, with events; return whether there are any."""
    moved = await tx.batch_items.move_all(batch_id, sources, target, except_ids)
    if moved:
        await tx.batches.append(batch_id, BatchEventType.ITEM, {"status": target.value}, now, moved)
    return bool(moved)


async def view_of(tx: UnitOfWork, batch: Batch) -> BatchView:
    """Return a batch with its figures."""
    [view] = await views_of(tx, [batch])
    return view


async def views_of(tx: UnitOfWork, batches: Sequence[Batch]) -> tuple[BatchView, ...]:
    """Return batches with their figures, with a constant number of queries."""
    ids = [batch.id for batch in batches]
    counts = await tx.batches.counts(ids)
    costs = await tx.provider_calls.cost_of_batches(ids)
    return tuple(BatchView(batch, counts[batch.id], costs.get(batch.id, 0)) for batch in batches)


def wake(notifier: Notifier, batch_id: BatchId) -> None:
    """Notify of a change of a batch, and that the runner or a worker may have work to do."""
    notifier.job_changed(batch_id)
    notifier.job_queued()


def check_open(batch: Batch) -> None:
    """Check that a batch is open. Raises Conflict."""
    if batch.status not in OPEN:
        raise Conflict(text="batch_ended", status=batch.status.value)


async def check_open_batches(tx: UnitOfWork, owner_id: OwnerId) -> None:
    """Check that the locked owner may have one more open batch. Raises LimitReached at MAX_OPEN."""
    if await tx.batches.count_open(owner_id) >= MAX_OPEN:
        raise LimitReached("open_batches", MAX_OPEN)


async def reopened(tx: UnitOfWork, batch: Batch) -> Batch:
    """Return a batch that has not finished; one that has ended runs again. The owner must be locked.

    Raises LimitReached at MAX_OPEN open batches.
    """
    if batch.status not in OPEN:
        await check_open_batches(tx, batch.owner_id)
        batch = replace(batch, status=BatchStatus.RUNNING)
    return replace(batch, finished_at=None)
