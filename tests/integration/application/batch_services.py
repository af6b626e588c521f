"""The services of batches on a migrated database, and a worker that makes plain pictures at once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import cache
from typing import Any

from stillroom.application.batches.choices import ChoiceChecks
from stillroom.application.batches.control import BatchControl
from stillroom.application.batches.files import BatchFiles
from stillroom.application.batches.recipes import Recipes
from stillroom.application.batches.requests import Batches, NewBatch
from stillroom.application.batches.runner import BatchRunner
from stillroom.application.batches.stream import BatchEvents
from stillroom.application.exports.jobs import ExportMaker
from stillroom.application.exports.ordering import ExportOrders
from stillroom.application.instructions.reading import Instructions
from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.application.jobs.requests import Jobs
from stillroom.application.limits.limits import Limits
from stillroom.domain.batches.batches import BatchItem, BatchView, NewItem
from stillroom.domain.batches.recipes import Choices
from stillroom.domain.errors import StillroomError
from stillroom.domain.ids import IdFactory, OwnerId, SessionId
from stillroom.domain.jobs.job import AnyClaimedJob, ClaimedDeliveryJob, ClaimedExportJob, ClaimedJob
from stillroom.domain.measures import Measures
from stillroom.domain.ports import RateLimiter
from stillroom.domain.providers.requests import Operation
from stillroom.domain.variants import Variant
from stillroom.imaging.io import encoding
from stillroom.storage.catalog import FileCatalogue
from stillroom.storage.local_notifier import LocalNotifier
from stillroom.storage.rate_limits import TokenBuckets
from stillroom.storage.unit_of_work import SqlTransactions
from tests import pictures
from tests.integration.application.conftest import HandMovedClock, WatchedBlobs
from tests.integration.storage.rows import ANNA, a_variant, an_asset, an_owner, room

GOOD = Measures(quality=0.95, edge_confidence=0.97)
POOR = Measures(quality=0.5, edge_confidence=0.6)


@cache
def _product() -> tuple[bytes, bytes]:
    """A picture and its matte, PNG."""
    picture, matte = pictures.product(shadow=True)
    return encoding.png_of(picture), encoding.png_of(matte)


PictureJob = ClaimedJob | ClaimedExportJob


class BatchServices:
    """Services of one process, with a worker that is advanced by hand."""

    def __init__(
        self,
        transactions: SqlTransactions,
        blobs: WatchedBlobs,
        clock: HandMovedClock,
        limits: Limits | None = None,
        price_micro_usd: int = 0,
        limiter: RateLimiter | None = None,
    ) -> None:
        self.transactions, self.blobs, self.clock = transactions, blobs, clock
        self.limits = limits or Limits()
        catalogue, notifier, ids = FileCatalogue(), LocalNotifier(), IdFactory()
        self.notifier, self.ids = notifier, ids
        limiter = limiter or TokenBuckets(10_000, None)

        def price(_: Operation, provider: str | None) -> tuple[str, int]:
            return ("local", 0) if provider == "local" else ("gemini", price_micro_usd)

        checks = ChoiceChecks(transactions, catalogue, lambda *_: False)
        self.recipes = Recipes(transactions, catalogue, checks, ids, clock)
        self.batches = Batches(transactions, catalogue, checks, notifier, limiter, ids, clock, price)
        self.lifecycle = Lifecycle(transactions, notifier, ids, clock, self.limits, jitter=lambda: 0.0)
        self.control = BatchControl(transactions, checks, notifier, clock, self.lifecycle)
        self.files = BatchFiles(transactions, blobs, notifier, clock)
        self.events = BatchEvents(transactions, notifier, poll_seconds=0.05)
        orders = ExportOrders(blobs, catalogue, ids, clock, self.limits)
        self.runner = BatchRunner(transactions, orders, notifier, ids, clock, self.limits)
        self.maker = ExportMaker(transactions, blobs, self.lifecycle, clock)
        instructions = Instructions(transactions, None)
        self.jobs = Jobs(
            *(transactions, catalogue, notifier, limiter, ids, clock),
            *(self.limits, instructions, self.lifecycle),
        )
        self.has_picture = False

    async def photos(self, count: int, owner_id: OwnerId = ANNA) -> list[NewItem]:
        """Uploaded photos of an owner, as items."""
        items = []
        async with self.transactions() as tx:
            await tx.owners.add(an_owner(owner_id))
            for number in range(1, count + 1):
                asset = await tx.assets.add(an_asset(owner_id, f"{self.ids.request()}"))
                items.append(NewItem(asset.id, sku=f"SKU-{number}", title=f"Mug {number}"))
        return items

    async def create(
        self,
        items: list[NewItem],
        owner_id: OwnerId = ANNA,
        budget_micro_usd: int | None = None,
        key: str | None = None,
        **choices: Any,
    ) -> BatchView:
        """A batch of these items."""
        new = replace(self.new_batch(items, **choices), budget_micro_usd=budget_micro_usd)
        return (await self.batches.create(new, owner_id, key=key)).view

    def new_batch(self, items: list[NewItem], **choices: Any) -> NewBatch:
        """A request for a batch of these items."""
        wanted = Choices.model_validate({"operation": "optimize", **choices})
        return NewBatch(name="Spring", items=tuple(items), request_hash="hash", choices=wanted)

    async def all_items(self, view: BatchView) -> tuple[BatchItem, ...]:
        """Every item, in order."""
        return (await self.batches.items(view.batch.id, view.batch.owner_id, None, None, 1000)).items

    async def claim(self, at_most: int = 8, of_batches: int | None = None) -> tuple[PictureJob, ...]:
        """Claim jobs, without webhook deliveries."""
        claimed = await self.lifecycle.claim("w1", room(at_most, of_batches))
        return tuple(job for job in claimed if not isinstance(job, ClaimedDeliveryJob))

    async def claim_in_order(self) -> list[PictureJob]:
        """Claim jobs and sort them by item."""
        return sorted(await self.claim(), key=lambda job: job.id)

    async def do(self, job: PictureJob, measures: Measures = GOOD) -> None:
        """Run a claimed job."""
        if isinstance(job, ClaimedJob):
            for ordinal in job.wanted_ordinals:
                await self._make(job, ordinal, measures)
            await self.lifecycle.succeed(job)
        else:
            await self.maker.run(job)

    async def fail(self, job: AnyClaimedJob, error: StillroomError) -> None:
        """Make a claimed job fail."""
        await self.lifecycle.give_up_or_retry(job, error)

    async def work(self, measures: Measures = GOOD) -> None:
        """Advance the batches and run their jobs until all have ended."""
        while True:
            await self.runner.step()
            jobs = await self.claim()
            if not jobs:
                stepped = await self.runner.step()
                if not stepped.has_more:
                    return
            for job in jobs:
                await self.do(job, measures)

    async def _make(self, job: ClaimedJob, ordinal: int, measures: Measures) -> Variant:
        picture, matte = _product()
        variant = replace(a_variant(job, ordinal), measures=measures)
        assert variant.matte_key is not None
        await self.blobs.put(variant.blob_key, picture, "image/png")
        await self.blobs.put(variant.matte_key, matte, "image/png")
        async with self.transactions() as tx:
            await tx.variants.add(variant)
        return variant

    async def sessions(self, owner_id: OwnerId = ANNA) -> list[SessionId]:
        """Ids of an owner's products."""
        async with self.transactions(read_only=True) as tx:
            return [one.id for one in (await tx.sessions.list(owner_id, None, 100)).items]


def counts(view: Any) -> dict[str, int]:
    return {status.value: number for status, number in view.counts.items() if number}


async def joined(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])
