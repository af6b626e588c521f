"""Mattes of a session's photo: found once by a network, corrected by the user any number of times."""

import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace

import anyio
import anyio.to_thread

from stillroom.application.limits.fair_semaphore import FairSemaphore
from stillroom.application.limits.idempotency import KeyLocks
from stillroom.application.limits.superseding_semaphore import Superseded
from stillroom.domain.assets import Asset
from stillroom.domain.errors import (
    Conflict,
    IdempotencyMismatch,
    InputCorrupt,
    NotFound,
    RateLimited,
    StorageUnavailable,
)
from stillroom.domain.ids import IdFactory, OwnerId, SessionId
from stillroom.domain.jobs.job import ClaimedJob, LeaseLost
from stillroom.domain.mattes import (
    MAX_CORRECTIONS,
    CorrectedCover,
    Correction,
    FoundMatte,
    PhotoHints,
    StoredMatte,
    correction_among,
    found_among,
    subject_within,
)
from stillroom.domain.ports import Blobs, Clock, ProductFinder, UnitOfWork, UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class MatteView:
    matte: StoredMatte
    asset: Asset


@dataclass
class Mattes:
    """Stores found mattes and the user's corrections."""

    _unit_of_work: UnitOfWorkFactory
    _blobs: Blobs
    _finder: ProductFinder
    _ids: IdFactory
    _clock: Clock

    def __post_init__(self) -> None:
        # A correction occupies one core for a second; concurrent ones would delay each other.
        self._permits = FairSemaphore(1)
        self._keeping = KeyLocks()
        self._previewed: dict[SessionId, threading.Event] = {}

    async def current(self, session_id: SessionId, owner_id: OwnerId) -> MatteView:
        """Return the matte that later jobs use; if no job has found one, run the network. Raises NotFound."""
        asset, known, hints = await self._read(session_id, owner_id)
        matte = correction_among(known) or found_among(known)
        if matte is None:
            matte = await self._found_now(session_id, asset, hints)
        return MatteView(matte, asset)

    async def expect_points(self, view: MatteView) -> None:
        """Prepare the prompt network for the photo of a matte on the screen, so that points need not wait."""
        with suppress(StorageUnavailable, InputCorrupt):
            await self._finder.expect_points(await self._blobs.get(view.asset.blob_key), view.asset.sha256)

    async def find_eagerly(
        self, session_id: SessionId, owner_id: OwnerId, cancelled: threading.Event
    ) -> bool:
        """Find and store the matte that the first job would find; return whether there is one now.

        Raises NotFound, Conflict if the session was deleted meanwhile, StorageUnavailable, InputCorrupt.
        """
        asset, known, hints = await self._read(session_id, owner_id)
        matte = found_among(known)
        if matte is not None and (hints.box is None or subject_within(matte.subjects, hints.box) is None):
            return True
        photo = await self._blobs.get(asset.blob_key)
        found = await self._finder.find_eagerly(photo, asset.sha256, cancelled, hints)
        if found is not None:
            await self.store_found(session_id, owner_id, found)
        return found is not None

    async def preview(
        self, session_id: SessionId, owner_id: OwnerId, correction: Correction
    ) -> CorrectedCover:
        """Compute a corrected matte without storing it.

        Raises NotFound, ValidationFailed, and Superseded after a newer request for the same session.
        """
        asset, known, hints = await self._read(session_id, owner_id)
        cancelled = threading.Event()
        if (earlier := self._previewed.get(session_id)) is not None:
            earlier.set()
        self._previewed[session_id] = cancelled
        try:
            found = found_among(known)
            return (await self._corrected(session_id, asset, found, correction, hints, cancelled))[1]
        finally:
            if self._previewed.get(session_id) is cancelled:
                del self._previewed[session_id]

    async def correct(self, session_id: SessionId, owner_id: OwnerId, correction: Correction) -> MatteView:
        """Replace the current correction from the next job on. Raises NotFound, ValidationFailed."""
        prepared = await self.prepare(session_id, owner_id, correction)
        return await self.activate(session_id, owner_id, prepared)

    async def undo(self, session_id: SessionId, owner_id: OwnerId) -> MatteView:
        """Return to the found matte. Raises NotFound when the session does not exist."""
        return await self.activate(session_id, owner_id, None)

    async def prepare(self, session_id: SessionId, owner_id: OwnerId, correction: Correction) -> MatteView:
        """Compute a correction and store its file; `activate` or `activate_in` makes it the current one.

        Raises NotFound, and ValidationFailed for a subject that was not found.
        """
        asset, known, hints = await self._read(session_id, owner_id)
        found, cover = await self._corrected(session_id, asset, found_among(known), correction, hints)
        matte = replace(
            self._row(session_id, owner_id, found),
            edge_confidence=cover.confidence_after(found.edge_confidence),
            subjects=found.subjects.corrected(correction),
            correction=correction,
        )
        await self._blobs.put(matte.blob_key, cover.file, "image/png")
        return MatteView(matte, asset)

    async def activate(
        self, session_id: SessionId, owner_id: OwnerId, prepared: MatteView | None
    ) -> MatteView:
        """Make a prepared correction the current matte, or the found matte without one.

        Raises NotFound when the session does not exist.
        """
        matte = prepared.matte if prepared else None
        new = [matte] if matte else []
        async with self.removed_when_refused(new), self._unit_of_work() as tx:
            superseded = await self.activate_in(tx, session_id, owner_id, matte)
        await self.forget(superseded)
        return prepared or await self.current(session_id, owner_id)

    async def activate_in(
        self, tx: UnitOfWork, session_id: SessionId, owner_id: OwnerId, matte: StoredMatte | None
    ) -> tuple[StoredMatte, ...]:
        """Do the same in a transaction; return superseded corrections, whose files the caller deletes."""
        # Locked before its mattes, as by a deletion, and so that one correction follows the other.
        await tx.sessions.lock(session_id, owner_id)
        if matte is None:
            await tx.mattes.undo(session_id, self._clock())
            return ()
        await tx.mattes.add(matte)
        corrections = [one for one in await tx.mattes.of_session(session_id) if one.correction]
        superseded = tuple(corrections[MAX_CORRECTIONS:])
        await tx.mattes.remove([one.id for one in superseded])
        return superseded

    async def forget(self, mattes: Sequence[StoredMatte]) -> None:
        """Delete the files of mattes that no row refers to."""
        await self._blobs.delete([matte.blob_key for matte in mattes])

    async def correction_of(self, session_id: SessionId) -> StoredMatte | None:
        async with self._unit_of_work(read_only=True) as tx:
            return correction_among(await tx.mattes.of_session(session_id))

    async def file_of(self, matte: StoredMatte) -> bytes:
        """Return the matte's file: a grey PNG of the photo's size. Raises NotFound, StorageUnavailable."""
        return await self._blobs.get(matte.blob_key)

    async def store_found(
        self, session_id: SessionId, owner_id: OwnerId, found: FoundMatte, job: ClaimedJob | None = None
    ) -> StoredMatte:
        """Store a found matte unless it is the stored one, by network, confidence and subjects.

        Raises StorageUnavailable, NotFound if the session is deleted, and LeaseLost.

        Args:
            job: The job that found it, if one did; its lease must still be held.
        """
        # A job and an eager cut-out that end together must not both store one.
        async with self._keeping.of(owner_id, session_id):
            return await self._store_found(session_id, owner_id, found, job)

    async def _store_found(
        self, session_id: SessionId, owner_id: OwnerId, found: FoundMatte, job: ClaimedJob | None
    ) -> StoredMatte:
        async with self._unit_of_work(read_only=True) as tx:
            known = await _same(tx, session_id, found)
        if known is not None:
            return known
        file = await anyio.to_thread.run_sync(found.cover)
        matte = self._row(session_id, owner_id, found)
        await self._blobs.put(matte.blob_key, file, "image/png")
        async with self.removed_when_refused([matte]), self._unit_of_work() as tx:
            if job is not None:
                await tx.jobs.check_lease(job.id, job.lease_token)
            # Locked, so that of two processes that find the same matte one stores it.
            await tx.sessions.lock(session_id, owner_id)
            known = await _same(tx, session_id, found)
            if known is None:
                await tx.mattes.add(matte)
        if known is None:
            return matte
        await self.forget([matte])
        return known

    @asynccontextmanager
    async def removed_when_refused(self, mattes: Sequence[StoredMatte]) -> AsyncIterator[None]:
        """Delete the stored files of mattes when their rows are refused."""
        try:
            yield
        except (Conflict, IdempotencyMismatch, LeaseLost, NotFound, RateLimited):
            await self.forget(mattes)
            raise

    async def _read(
        self, session_id: SessionId, owner_id: OwnerId
    ) -> tuple[Asset, tuple[StoredMatte, ...], PhotoHints]:
        async with self._unit_of_work(read_only=True) as tx:
            session = await tx.sessions.get(session_id, owner_id)
            asset = await tx.assets.get(session.asset_id, owner_id)
            return asset, await tx.mattes.of_session(session_id), session.product.hints

    async def _found_now(self, session_id: SessionId, asset: Asset, hints: PhotoHints) -> StoredMatte:
        found = await self._finder.find(await self._blobs.get(asset.blob_key), asset.sha256, hints)
        return await self.store_found(session_id, asset.owner_id, found)

    async def _corrected(
        self,
        session_id: SessionId,
        asset: Asset,
        found: StoredMatte | None,
        correction: Correction,
        hints: PhotoHints,
        cancelled: threading.Event | None = None,
    ) -> tuple[StoredMatte, CorrectedCover]:
        cancelled = cancelled or threading.Event()
        if found is None:
            found = await self._found_now(session_id, asset, hints)
        named = found.subjects.corrected(correction).items if correction.subjects else ()
        photo = await self._blobs.get(asset.blob_key)
        cover = await self._blobs.get(found.blob_key)
        chosen = [subject for subject in named if subject.chosen]
        async with self._permits.of(asset.owner_id):
            # A waiting preview that was superseded must not delay the newer one.
            if not cancelled.is_set():
                made = await self._finder.correct(photo, asset.sha256, cover, chosen, correction, cancelled)
        if cancelled.is_set():
            raise Superseded("A newer preview replaced this one.", reason="superseded")
        return found, made

    def _row(self, session_id: SessionId, owner_id: OwnerId, found: FoundMatte | StoredMatte) -> StoredMatte:
        """Return the row of a found matte, with a file of its own."""
        matte_id = self._ids.matte()
        return StoredMatte(
            id=matte_id,
            session_id=session_id,
            owner_id=owner_id,
            blob_key=f"mattes/{matte_id}.png",
            model=found.model,
            edge_confidence=found.edge_confidence,
            see_through=round(found.see_through, 4),
            correction=None,
            created_at=self._clock(),
            subjects=found.subjects,
        )


async def _same(tx: UnitOfWork, session_id: SessionId, found: FoundMatte) -> StoredMatte | None:
    """Return the session's found matte if it is the same one."""
    known = found_among(await tx.mattes.of_session(session_id))
    return known if known is not None and _identity(known) == _identity(found) else None


def _identity(matte: StoredMatte | FoundMatte) -> tuple[str, float, list[bool]]:
    """Key that tells found mattes of a photo apart; a second opinion keeps the network's name."""
    return matte.model, matte.edge_confidence, [subject.chosen for subject in matte.subjects.items]
