"""Repository of sessions."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from stillroom.domain.ids import AssetId, OwnerId, SessionId
from stillroom.domain.products import ProductFacts
from stillroom.domain.sessions import Session
from stillroom.storage.repositories.base import OwnedRows, columns_of
from stillroom.storage.tables.work import sessions


class SqlSessions(OwnedRows[SessionId, Session]):
    _table, _kind, _name = sessions, Session, "session"
    _sorted_by = "updated_at"

    async def lock(self, session_id: SessionId, owner_id: OwnerId) -> Session:
        # Key-share compatible lock: it does not wait for rows that refer to the session. Otherwise two jobs
        # that publish pictures at once would deadlock.
        return await self._get(self._of(owner_id).with_for_update(key_share=True), session_id)

    async def photos_of(
        self, session_ids: Collection[SessionId], owner_id: OwnerId
    ) -> Mapping[SessionId, AssetId]:
        named = (sessions.c.id.in_(session_ids), sessions.c.owner_id == owner_id)
        rows = await self._connection.execute(sa.select(sessions.c.id, sessions.c.asset_id).where(*named))
        return {SessionId(row.id): AssetId(row.asset_id) for row in rows}

    async def keep(self, session_ids: Collection[SessionId]) -> None:
        # The weakest lock: it waits for a deletion alone.
        query = sa.select(sessions.c.id).where(sessions.c.id.in_(session_ids)).order_by(sessions.c.id)
        await self._connection.execute(query.with_for_update(read=True, key_share=True))

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

    async def remove(self, session_id: SessionId) -> None:
        await self._connection.execute(sa.delete(sessions).where(sessions.c.id == session_id))
