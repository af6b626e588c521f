"""Repository of photo mattes."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from stillroom.domain.ids import MatteId, SessionId
from stillroom.domain.mattes import StoredMatte
from stillroom.storage.repositories.base import OwnedRows
from stillroom.storage.tables.work import mattes


class SqlMattes(OwnedRows[MatteId, StoredMatte]):
    _table, _kind, _name = mattes, StoredMatte, "matte"

    async def of_session(self, session_id: SessionId) -> tuple[StoredMatte, ...]:
        query = (
            sa.select(mattes)
            .where(mattes.c.session_id == session_id)
            .order_by(mattes.c.created_at.desc(), mattes.c.id.desc())
        )
        return await self._all(query, self._read)

    async def undo(self, session_id: SessionId, at: datetime) -> None:
        await self._connection.execute(
            sa.update(mattes)
            .where(
                mattes.c.session_id == session_id,
                mattes.c.correction.is_not(None),
                mattes.c.undone_at.is_(None),
            )
            .values(undone_at=at)
        )

    async def remove(self, matte_ids: Sequence[MatteId]) -> None:
        await self._connection.execute(sa.delete(mattes).where(mattes.c.id.in_(list(matte_ids))))
