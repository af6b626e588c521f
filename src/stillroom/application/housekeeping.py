"""Housekeeping: deletes expired and orphaned data; safe to run in several processes at once."""

from dataclasses import dataclass
from datetime import timedelta

import anyio.to_thread

from stillroom.domain.ports import Blobs, Clock, CutoutCache, ErasingTransactions
from stillroom.domain.webhooks import RETENTION_DAYS

IDEMPOTENCY_HOURS = 24
BATCH = 100

UNUSED_HOURS = 24
"""Minimum age in hours of an unused photo before deletion, because its session may still be opened."""

ORPHAN_HOURS = 6
"""Minimum age in hours of a blob without a row before deletion, because its row may still be written.

Restoring a backup takes longest: it stores all blobs before all rows.
"""

EMPTY_BATCH_HOURS = 24
"""Minimum age in hours of an ended batch whose products are all deleted."""

DELIVERIES_PER_SWEEP = 5000
"""Finished deliveries of webhooks to delete per minute."""

EXPORTS = "exports"

ORPHAN_EXPORT_HOURS = 1
"""The same for exports, in hours: twice the limit of one request (`exports.LONGEST_SECONDS`)."""


@dataclass(frozen=True, slots=True)
class Swept:
    """Numbers of deleted items."""

    exports: int
    keys: int


@dataclass(frozen=True)
class Housekeeping:
    """Deletes what has expired, is empty, or is used by nothing any more."""

    _unit_of_work: ErasingTransactions
    _blobs: Blobs
    _clock: Clock
    _cutouts: CutoutCache

    async def sweep(self) -> Swept:
        """Delete expired exports and sign-ins, old keys and deliveries, and batches without products."""
        now = self._clock()
        async with self._unit_of_work(uses_reserve=True) as tx:
            keys = await tx.idempotency.forget(now - timedelta(hours=IDEMPOTENCY_HOURS))
            await tx.sign_ins.forget(now)
            await tx.batches.remove_empty(now - timedelta(hours=EMPTY_BATCH_HOURS), BATCH)
            await tx.deliveries.forget(now - timedelta(days=RETENTION_DAYS), DELIVERIES_PER_SWEEP)
        swept = 0
        while True:
            async with self._unit_of_work(uses_reserve=True) as tx:
                expired = await tx.exports.delete_expired(now, BATCH)
            await self._blobs.delete([export.blob_key for export in expired])
            swept += len(expired)
            if len(expired) < BATCH:
                return Swept(swept, keys)

    async def sweep_traces(self) -> int:
        """Delete cut-outs of deleted photos from the local cache, and traces of deleted rows in the database.

        Each process does this for its own machine, because another process may have deleted the photo, or a
        job may have used it during the deletion. Returns the number of photos whose cut-outs were deleted.
        """
        kept = await anyio.to_thread.run_sync(self._cutouts.photos)
        gone = frozenset[str]()
        if kept:
            async with self._unit_of_work(read_only=True) as tx:
                gone = kept - await tx.assets.hashes_among(kept)
        if gone:
            await anyio.to_thread.run_sync(self._cutouts.forget, gone)
        await self._unit_of_work.erase_traces()
        return len(gone)

    async def sweep_photos(self) -> int:
        """Delete uploaded photos that no session uses, and return their number."""
        swept = 0
        old = self._clock() - timedelta(hours=UNUSED_HOURS)
        while True:
            async with self._unit_of_work(uses_reserve=True) as tx:
                unused = await tx.assets.delete_unused(old, BATCH)
            await self._blobs.delete([key for asset in unused for key in (asset.blob_key, asset.thumb_key)])
            swept += len(unused)
            if len(unused) < BATCH:
                return swept

    async def sweep_orphans(self) -> int:
        """Delete blobs without a row, such as after a crash, and return their number."""
        return await self._sweep_orphans(None, ORPHAN_HOURS)

    async def sweep_orphan_exports(self) -> int:
        """Delete export files without a row; they are few and get a shorter minimum age."""
        return await self._sweep_orphans(EXPORTS, ORPHAN_EXPORT_HOURS)

    async def _sweep_orphans(self, folder: str | None, hours: float) -> int:
        swept = 0
        old = self._clock() - timedelta(hours=hours)
        async for blobs in self._blobs.list(folder):
            keys = [blob.key for blob in blobs if blob.stored_at < old]
            if not keys:
                continue
            async with self._unit_of_work(read_only=True) as tx:
                named = await tx.blob_names.among(keys)
            orphans = [key for key in keys if key not in named]
            await self._blobs.delete(orphans)
            swept += len(orphans)
        return swept
