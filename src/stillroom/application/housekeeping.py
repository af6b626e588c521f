"""Clearing away what has had its time; safe to run in every process at once."""

from datetime import timedelta

from stillroom.domain.ports import Blobs, Clock, UnitOfWorkFactory

IDEMPOTENCY_HOURS = 24
BATCH = 100


class Housekeeping:
    """Removes expired exports and old idempotency keys."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, blobs: Blobs, clock: Clock) -> None:
        """Take what the service works with."""
        self._unit_of_work = unit_of_work
        self._blobs = blobs
        self._clock = clock

    async def sweep(self) -> int:
        """Clear away; gives back how many exports went."""
        now = self._clock()
        async with self._unit_of_work() as tx:
            await tx.idempotency.forget(now - timedelta(hours=IDEMPOTENCY_HOURS))
        swept = 0
        while True:
            async with self._unit_of_work() as tx:
                expired = await tx.exports.take_expired(now, BATCH)
            await self._blobs.delete([export.blob_key for export in expired])
            swept += len(expired)
            if len(expired) < BATCH:
                return swept
