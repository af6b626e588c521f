"""Event streams of batches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stillroom.application.follower import BATCH, Follower
from stillroom.domain.batches.batches import BatchItem, StoredBatchEvent
from stillroom.domain.ids import BatchId, OwnerId
from stillroom.domain.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class ShownBatchEvent(StoredBatchEvent):
    """Event with its item as it was when the event was read.

    Attributes:
        item: None for events of the batch, and for deleted items.
        renderings: Cache of serialised forms, filled by the web layer and shared by all followers.
    """

    item: BatchItem | None
    renderings: dict[str, bytes] = field(default_factory=dict)


class BatchEvents(Follower[BatchId, ShownBatchEvent]):
    """Follows the events of batches."""

    async def has_ended(self, log_id: BatchId, owner_id: OwnerId, seq: int) -> bool:
        async with self._unit_of_work(read_only=True) as tx:
            batch = await tx.batches.get(log_id, owner_id)
        return batch.finished_at is not None and seq == batch.last_seq

    async def latest(self, tx: UnitOfWork, log_ids: Sequence[BatchId]) -> Mapping[BatchId, int]:
        return await tx.batches.latest(log_ids)

    async def read(self, tx: UnitOfWork, log_id: BatchId, seq: int) -> Sequence[ShownBatchEvent]:
        return [
            ShownBatchEvent(
                event.batch_id, event.seq, event.type, event.data, event.at, event.is_terminal, item
            )
            for event, item in await tx.batches.events_after(log_id, seq, BATCH)
        ]
