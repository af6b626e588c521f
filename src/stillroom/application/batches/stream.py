"""Event streams of batches: replay from the table, then live events."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from stillroom.domain.batches.batches import BatchItem, StoredBatchEvent
from stillroom.domain.errors import NotFound, StorageUnavailable
from stillroom.domain.ids import BatchId, OwnerId
from stillroom.domain.ports import Notifier, Subscription, UnitOfWorkFactory

LOOK_AGAIN_SECONDS = 1.0
"""Polling interval in seconds; bounds the delay after a lost notification."""

TRY_AGAIN_SECONDS = 0.5
"""Pause in seconds before a read is retried while storage is unavailable."""

EVENTS_PER_READ = 200


@dataclass(frozen=True, slots=True)
class ShownBatchEvent:
    """An event, with its item as it is now; None for events of the batch, and for deleted items."""

    event: StoredBatchEvent
    item: BatchItem | None


class BatchEvents:
    """Follows the events of batches."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        notifier: Notifier,
        *,
        look_again_seconds: float = LOOK_AGAIN_SECONDS,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._notifier = notifier
        self._look_again_seconds = look_again_seconds

    async def has_ended(self, batch_id: BatchId, owner_id: OwnerId, seq: int) -> bool:
        """Return whether the batch has ended and event `seq` is its latest. Raises NotFound."""
        async with self._unit_of_work(read_only=True) as tx:
            batch = await tx.batches.get(batch_id, owner_id)
        return batch.finished_at is not None and seq == batch.last_seq

    async def follow(self, batch_id: BatchId, owner_id: OwnerId, seq: int) -> AsyncIterator[ShownBatchEvent]:
        """Yield every event after `seq` in order, until the batch has ended or is deleted.

        While storage is unavailable, the stream waits. A `seq` above the table, possible after a restore from
        backup, is answered with the latest event.
        """
        async with self._notifier.jobs() as subscription:
            while True:
                try:
                    async with self._unit_of_work(read_only=True) as tx:
                        batch = await tx.batches.get(batch_id, owner_id)
                        events = await tx.batches.events_after(batch_id, seq, EVENTS_PER_READ)
                except NotFound:
                    return
                except StorageUnavailable:
                    await asyncio.sleep(TRY_AGAIN_SECONDS)
                    continue
                if seq > batch.last_seq:
                    seq = max(0, batch.last_seq - 1)
                    continue
                for event, item in events:
                    seq = event.seq
                    yield ShownBatchEvent(event, item)
                if seq >= batch.last_seq:
                    if batch.finished_at is not None:
                        return
                    await self._wait(subscription, batch_id)

    async def _wait(self, subscription: Subscription, batch_id: BatchId) -> None:
        """Wait until the batch is notified or the polling interval has passed."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._look_again_seconds
        while (left := until - loop.time()) > 0:
            if batch_id in await subscription.wait(left):
                return
