"""Photo inspections: a reader model sees each photo once and says what the product is."""

from dataclasses import dataclass, replace

import anyio.to_thread
from cachetools import FIFOCache

from stillroom.application.photos.eager import EagerCutouts
from stillroom.application.readers.background import Background
from stillroom.application.readers.calls import NoAnswer, NotAsked, Purpose, ReaderCalls
from stillroom.domain.assets import Asset
from stillroom.domain.ids import AssetId, BatchId, OwnerId, SessionId
from stillroom.domain.jobs.job import JobStatus
from stillroom.domain.ports import Blobs, PhotoQuestion, UnitOfWorkFactory
from stillroom.domain.products import ProductFacts
from stillroom.imaging.io.encoding import small_jpeg

SENT_SIDE = 768
"""Longer side of the pictures sent, in pixels; what vendors say is enough for boxes and large lettering."""

MAX_FAILED = 2000
"""Photos remembered whose inspection failed; this process does not inspect them again."""


@dataclass
class PhotoInspections:
    """Asks the reader model about the photos of sessions, in the background."""

    _unit_of_work: UnitOfWorkFactory
    _blobs: Blobs
    _calls: ReaderCalls
    _background: Background
    _eager: EagerCutouts

    def __post_init__(self) -> None:
        self._failed: FIFOCache[AssetId, None] = FIFOCache(MAX_FAILED)

    def add(self, session_id: SessionId, owner_id: OwnerId, batch_id: BatchId | None = None) -> None:
        """Inspect the photo of a session in the background, unless that was done."""
        self._background.add(f"inspection:{session_id}", lambda: self.inspect(session_id, owner_id, batch_id))

    async def inspect(
        self, session_id: SessionId, owner_id: OwnerId, batch_id: BatchId | None = None
    ) -> ProductFacts | None:
        """Inspect the photo of a session and store what the model saw.

        Returns the facts about the product; None if there is no answer, which changes nothing.
        Raises NotFound, StorageUnavailable, InputCorrupt.
        """
        async with self._unit_of_work(read_only=True) as tx:
            session = await tx.sessions.get(session_id, owner_id)
            asset = await tx.assets.get(session.asset_id, owner_id)
            known = await tx.sessions.seen_product(asset.id)
        if session.product.seen_by is not None:
            return session.product
        seen = known or await self._ask(asset, Purpose(owner_id, session_id, batch_id=batch_id))
        return None if seen is None else await self._store(session_id, owner_id, seen)

    async def _ask(self, asset: Asset, purpose: Purpose) -> ProductFacts | None:
        if asset.id in self._failed:
            return None
        photo = await self._blobs.get(asset.blob_key)
        picture, size = await anyio.to_thread.run_sync(small_jpeg, photo, SENT_SIDE)
        try:
            answer = await self._calls.demand(PhotoQuestion(asset.sha256, picture, size), purpose)
        except NotAsked:
            # The next job of the session tries again.
            return None
        except NoAnswer:
            self._failed[asset.id] = None
            return None
        return answer.value.model_copy(update={"seen_by": self._calls.model})

    async def _store(self, session_id: SessionId, owner_id: OwnerId, seen: ProductFacts) -> ProductFacts:
        async with self._unit_of_work() as tx:
            session = await tx.sessions.lock(session_id, owner_id)
            jobs = await tx.jobs.of_session(session_id)
            steers = all(job.status is JobStatus.QUEUED for job in jobs)
            product = session.product.completed(seen, steers=steers)
            await tx.sessions.save(replace(session, product=product))
        if steers and not jobs:
            # The product may have been cut out without the hints meanwhile.
            self._eager.add(session_id, owner_id)
        return product
