"""The services of exports on a migrated database, with pictures to export."""

from dataclasses import replace

from stillroom.application.exports.jobs import ExportMaker
from stillroom.application.exports.options import ExportWaits
from stillroom.application.exports.requests import Exports
from stillroom.application.housekeeping import Housekeeping
from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.application.limits.limits import Limits
from stillroom.domain.ids import IdFactory, VariantId
from stillroom.domain.jobs.job import Trigger
from stillroom.domain.ports import UnitOfWorkFactory
from stillroom.domain.variants import Variant
from stillroom.imaging.io import encoding
from stillroom.providers.cutouts.cache import Cutouts
from stillroom.storage.catalog import FileCatalogue
from stillroom.storage.local_notifier import LocalNotifier
from stillroom.storage.unit_of_work import SqlTransactions
from tests import pictures
from tests.integration.application.conftest import NO_CUTOUTS, HandMovedClock, WatchedBlobs
from tests.integration.storage.rows import a_job, a_variant, stored_session


class ExportServices:
    """The service, and pictures to export."""

    def __init__(
        self,
        transactions: SqlTransactions,
        blobs: WatchedBlobs,
        clock: HandMovedClock,
        waits: ExportWaits | None = None,
    ) -> None:
        self.transactions = transactions
        self.blobs = blobs
        self.clock = clock
        self.exports = self.exports_with(waits)
        self.lifecycle = Lifecycle(
            transactions, LocalNotifier(), IdFactory(), clock, Limits(), jitter=lambda: 0.0
        )
        self.maker = ExportMaker(transactions, blobs, self.lifecycle, clock)
        self.housekeeping = Housekeeping(transactions, blobs, clock, Cutouts(NO_CUTOUTS))

    def exports_with(
        self, waits: ExportWaits | None, unit_of_work: UnitOfWorkFactory | None = None
    ) -> Exports:
        """The service, with other waits or transactions."""
        notifier, ids = LocalNotifier(), IdFactory()
        return Exports(
            unit_of_work or self.transactions,
            self.blobs,
            FileCatalogue(),
            notifier,
            ids,
            self.clock,
            Limits(),
            waits=waits or ExportWaits(),
        )

    async def variants(
        self, count: int, title: str | None = None, *, on_white: pictures.Pixels | None = None
    ) -> list[VariantId]:
        """Store pictures; `on_white` is their product on white, as those with glass have it."""
        session = await stored_session(self.transactions)
        job = a_job(session)
        made = [a_variant(job, ordinal) for ordinal in range(1, count + 1)]
        if on_white is not None:
            made = [replace(one, white_key=f"variants/{one.id}.white.png") for one in made]
        async with self.transactions() as tx:
            if title:
                await tx.sessions.save(replace(session, title=title))
            await tx.jobs.add(job)
            for variant in made:
                await tx.variants.add(variant)
            # Nobody is to claim it.
            await tx.jobs.move(job.id, Trigger.CANCEL, {})
        for variant in made:
            await self._store(variant)
            if variant.white_key is not None and on_white is not None:
                await self.blobs.put(variant.white_key, encoding.png_of(on_white), "image/png")
        return [variant.id for variant in made]

    async def _store(self, variant: Variant) -> None:
        picture, matte = pictures.product(shadow=True)
        assert variant.matte_key is not None
        await self.blobs.put(variant.blob_key, encoding.png_of(picture), "image/png")
        await self.blobs.put(variant.matte_key, encoding.png_of(matte), "image/png")
