"""Repository of photo mattes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from stillroom.domain.ids import MatteId, SessionId
from stillroom.domain.mattes import StoredMatte
from stillroom.storage.repositories.base import OwnedRows
from stillroom.storage.tables.work import mattes

_A_MOMENT = timedelta(microseconds=1)
"""Smallest difference that both databases store."""


class SqlMattes(OwnedRows[MatteId, StoredMatte]):
    _table, _kind, _name = mattes, StoredMatte, "matte"

    async def add(self, matte: StoredMatte) -> None:
        query = sa.select(sa.func.max(mattes.c.created_at)).where(mattes.c.session_id == matte.session_id)
        newest: datetime | None = await self._connection.scalar(query)
        if newest is not None and newest >= matte.created_at:
            # The clock was set back, or that of another machine is ahead.
            matte = replace(matte, created_at=newest + _A_MOMENT)
        await super().add(matte)

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
