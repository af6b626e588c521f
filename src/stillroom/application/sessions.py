"""Products being worked on: open, look up, rename, delete."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TypedDict

from stillroom.application.jobs import JobView, views_of
from stillroom.domain.assets import Asset
from stillroom.domain.errors import ValidationFailed
from stillroom.domain.events import JobCanceled
from stillroom.domain.ids import AssetId, IdFactory, OwnerId, SessionId
from stillroom.domain.jobs import Trigger
from stillroom.domain.plans import Context
from stillroom.domain.ports import Blobs, Catalogue, Clock, Page, Signals, UnitOfWork, UnitOfWorkFactory
from stillroom.domain.sessions import MAX_TITLE_CHARACTERS, Session
from stillroom.domain.variants import Variant


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session with all that belongs to it."""

    session: Session
    asset: Asset
    variants: tuple[Variant, ...]
    jobs: tuple[JobView, ...]


class SessionChanges(TypedDict, total=False):
    """What may be changed of a session; a platform of None means none."""

    title: str
    platform: str | None


class Sessions:
    """Opens sessions and answers for them."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        blobs: Blobs,
        catalogue: Catalogue,
        signals: Signals,
        ids: IdFactory,
        clock: Clock,
    ) -> None:
        """Take what the service works with."""
        self._unit_of_work = unit_of_work
        self._blobs = blobs
        self._catalogue = catalogue
        self._signals = signals
        self._ids = ids
        self._clock = clock

    async def open(
        self, asset_id: AssetId, owner_id: OwnerId, platform: str | None, title: str | None
    ) -> SessionView:
        """Begin to work on a photo.

        Raises:
            NotFound: There is no such asset.
            ValidationFailed: The platform is not known.
        """
        self._check_platform(platform)
        now = self._clock()
        async with self._unit_of_work() as tx:
            asset = await tx.assets.get(asset_id, owner_id)
            session = Session(
                id=self._ids.session(),
                owner_id=owner_id,
                asset_id=asset.id,
                title=(title or title_from_file_name(asset.original_name)),
                platform=platform,
                context=Context(),
                created_at=now,
                updated_at=now,
            )
            await tx.sessions.add(session)
        return SessionView(session, asset, (), ())

    async def view(self, session_id: SessionId, owner_id: OwnerId) -> SessionView:
        """One session. Raises NotFound."""
        async with self._unit_of_work(read_only=True) as tx:
            return await _view_of(tx, await tx.sessions.get(session_id, owner_id))

    async def list(self, owner_id: OwnerId, cursor: str | None, limit: int) -> Page[SessionView]:
        """Latest change first."""
        async with self._unit_of_work(read_only=True) as tx:
            page = await tx.sessions.list(owner_id, cursor, limit)
            return Page(tuple([await _view_of(tx, session) for session in page.items]), page.next_cursor)

    async def change(self, session_id: SessionId, owner_id: OwnerId, changes: SessionChanges) -> SessionView:
        """Write what is given; what is left out stays.

        Raises:
            NotFound: There is no such session.
            ValidationFailed: The platform is not known.
        """
        self._check_platform(changes.get("platform"))
        async with self._unit_of_work() as tx:
            session = await tx.sessions.get(session_id, owner_id)
            changed = replace(session, **changes, updated_at=self._clock())
            await tx.sessions.save(changed)
            return await _view_of(tx, changed)

    async def delete(self, session_id: SessionId, owner_id: OwnerId) -> None:
        """Delete a session with its jobs, pictures and exports, and its photo if nothing else uses it.

        Raises:
            NotFound: There is no such session.
        """
        async with self._unit_of_work() as tx:
            session = await tx.sessions.get(session_id, owner_id)
            keys = _blob_keys(await tx.variants.of_session(session_id))
            keys += [export.blob_key for export in await tx.exports.of_session(session_id)]
            stopped = [job.id for job in await tx.jobs.of_session(session_id) if not job.status.is_final]
            now = self._clock()
            for job_id in stopped:
                await tx.jobs.move(job_id, Trigger.CANCEL, {"finished_at": now})
                await tx.events.append(job_id, JobCanceled(), now)
            await tx.sessions.remove(session_id)
            if not await tx.assets.is_used(session.asset_id):
                asset = await tx.assets.get(session.asset_id, owner_id)
                keys += [asset.blob_key, asset.thumb_key]
                await tx.assets.remove(asset.id)
        for job_id in stopped:
            self._signals.job_changed(job_id)
        # After the commit: a crash in between leaves blobs without a row, never a row without its blobs.
        await self._blobs.delete(keys)

    def _check_platform(self, platform: str | None) -> None:
        if platform is not None and platform not in {known.id for known in self._catalogue.platforms()}:
            raise ValidationFailed(
                "This platform is not known.", fields=[{"field": "platform", "reason": "unknown"}]
            )


def title_from_file_name(name: str) -> str:
    """A file's name without its extension, as long as a title may be."""
    return (PurePath(name).stem.strip() or name)[:MAX_TITLE_CHARACTERS]


def _blob_keys(variants: Sequence[Variant]) -> list[str]:
    return [
        key
        for variant in variants
        for key in (variant.blob_key, variant.thumb_key, variant.matte_key)
        if key is not None
    ]


async def _view_of(tx: UnitOfWork, session: Session) -> SessionView:
    return SessionView(
        session,
        await tx.assets.get(session.asset_id, session.owner_id),
        await tx.variants.of_session(session.id),
        await views_of(tx, await tx.jobs.of_session(session.id)),
    )
