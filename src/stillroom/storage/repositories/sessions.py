"""Repository of sessions."""

from typing import Any

import sqlalchemy as sa

from stillroom.domain.ids import AssetId, OwnerId, SessionId
from stillroom.domain.ports import Page
from stillroom.domain.products import ProductFacts
from stillroom.domain.sessions import Session
from stillroom.storage.repositories.base import Repository, columns_of, reader_of
from stillroom.storage.tables.work import sessions


class Sessions(Repository):
    """Sessions within one transaction."""

    async def add(self, session: Session) -> None:
        await self._write(sa.insert(sessions).values(**columns_of(session, sessions)))

    async def get(self, session_id: SessionId, owner_id: OwnerId) -> Session:
        wanted = _of(owner_id).where(sessions.c.id == session_id)
        return _session(await self._one(wanted, f"No session {session_id}."))

    async def lock(self, session_id: SessionId, owner_id: OwnerId) -> Session:
        wanted = _of(owner_id).where(sessions.c.id == session_id)
        # Key-share compatible lock: it does not wait for rows that refer to the session. Otherwise two jobs
        # that publish pictures at once would deadlock.
        return _session(await self._one(wanted.with_for_update(key_share=True), f"No session {session_id}."))

    async def seen_product(self, asset_id: AssetId) -> ProductFacts | None:
        facts = sessions.c.product
        rows = await self._connection.scalars(
            sa.select(facts).where(sessions.c.asset_id == asset_id, facts.is_not(None))
        )
        return next((one for one in rows if one.seen_by is not None), None)

    async def save(self, session: Session) -> None:
        await self._connection.execute(
            sa.update(sessions).where(sessions.c.id == session.id).values(**columns_of(session, sessions))
        )

    async def list(self, owner_id: OwnerId, cursor: str | None, limit: int) -> Page[Session]:
        return await self._page(_of(owner_id), sessions.c.updated_at, cursor, limit, _session)

    async def remove(self, session_id: SessionId) -> None:
        await self._connection.execute(sa.delete(sessions).where(sessions.c.id == session_id))


def _of(owner_id: OwnerId) -> sa.Select[Any]:
    return sa.select(sessions).where(sessions.c.owner_id == owner_id)


_session = reader_of(Session, sessions)
