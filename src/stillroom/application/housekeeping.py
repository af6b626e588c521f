"""Clearing away what has had its time; safe to run in every process at once."""

from dataclasses import dataclass
from datetime import timedelta

import anyio.to_thread

from stillroom.application.export_jobs import new_export_job
from stillroom.domain.ids import IdFactory
from stillroom.domain.ports import Blobs, Clock, CutoutCache, ErasingTransactions

IDEMPOTENCY_HOURS = 24
BATCH = 100

UNUSED_HOURS = 24
"""A photo on which no session was opened is left alone for so long: whoever brought it may be about to."""

ORPHAN_HOURS = 6
"""A blob that belongs to no row is left alone for so long: its row may be about to be written.

What takes longest is restoring a backup, which stores all blobs before all rows.
"""

EXPORTS = "exports"

ORPHAN_EXPORT_HOURS = 1
"""The same of an export's file: twice as long as its request may take (`exports.LONGEST_SECONDS`)."""


@dataclass(frozen=True, slots=True)
class Swept:
    """How much was cleared away."""

    exports: int
    keys: int


class Housekeeping:
    """Removes expired exports and sign-ins, old keys, unused photos, and what no row names any more."""

    def __init__(
        self,
        unit_of_work: ErasingTransactions,
        blobs: Blobs,
        clock: Clock,
        ids: IdFactory,
        cutouts: CutoutCache,
    ) -> None:
        self._ids = ids
        self._unit_of_work = unit_of_work
        self._blobs = blobs
        self._clock = clock
        self._cutouts = cutouts

    async def sweep(self) -> Swept:
        """Clear away expired exports and sign-ins, and old keys."""
        now = self._clock()
        async with self._unit_of_work(uses_reserve=True) as tx:
            keys = await tx.idempotency.forget(now - timedelta(hours=IDEMPOTENCY_HOURS))
            await tx.sign_ins.forget(now)
        swept = 0
        while True:
            async with self._unit_of_work(uses_reserve=True) as tx:
                expired = await tx.exports.take_expired(now, BATCH)
            await self._blobs.delete([export.blob_key for export in expired])
            swept += len(expired)
            if len(expired) < BATCH:
                return Swept(swept, keys)

    async def sweep_traces(self) -> int:
        """Clear away cut-outs of photos that nobody has any more, and the database's copies of deleted rows.

        Each process does it for its own machine: another one may have deleted the photo, or a job may have
        been at it.

        Returns:
            Of how many photos there were cut-outs.
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

    async def queue_exports(self) -> int:
        """Make jobs for pending exports of the release before, which had a queue of their own.

        Safe beside processes of that release: it lets go of an export that is taken over.

        Returns:
            How many were taken over.
        """
        now = self._clock()
        async with self._unit_of_work() as tx:
            taken = await tx.exports.take_unqueued(now, BATCH)
            for export in taken:
                variant = await tx.variants.get(export.variant_id, export.owner_id)
                await tx.jobs.add(new_export_job(self._ids.job(), export, variant.session_id, now))
        return len(taken)

    async def sweep_photos(self) -> int:
        """Clear away photos that were brought and never worked on; gives back how many."""
        swept = 0
        old = self._clock() - timedelta(hours=UNUSED_HOURS)
        while True:
            async with self._unit_of_work(uses_reserve=True) as tx:
                unused = await tx.assets.take_unused(old, BATCH)
            await self._blobs.delete([key for asset in unused for key in (asset.blob_key, asset.thumb_key)])
            swept += len(unused)
            if len(unused) < BATCH:
                return swept

    async def sweep_orphans(self) -> int:
        """Clear away blobs without a row, such as a crash leaves them; gives back how many."""
        return await self._sweep_orphans(None, ORPHAN_HOURS)

    async def sweep_orphan_exports(self) -> int:
        """The same of exports alone, which are few and are made in less time."""
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
            orphans = [key for key in keys if key not in named or "#" in key]
            await self._blobs.delete(orphans)
            swept += len(orphans)
        return swept
