"""Repository of photo mattes."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from stillroom.domain.ids import MatteId, OwnerId, SessionId
from stillroom.domain.mattes import NO_SUBJECTS, Correction, StoredMatte, Subjects
from stillroom.storage.repositories.base import Repository, columns_of, entity_of
from stillroom.storage.tables.work import mattes


class Mattes(Repository):
    """Mattes within one transaction."""

    async def add(self, matte: StoredMatte) -> None:
        correction = None if matte.correction is None else matte.correction.model_dump(mode="json")
        await self._connection.execute(
            sa.insert(mattes).values(
                **columns_of(matte, mattes),
                correction_json=correction,
                subjects_json=matte.subjects.model_dump(mode="json"),
            )
        )

    async def get(self, matte_id: MatteId, owner_id: OwnerId) -> StoredMatte:
        query = sa.select(mattes).where(mattes.c.id == matte_id, mattes.c.owner_id == owner_id)
        return _matte(await self._one(query, f"No matte {matte_id}."))

    async def of_session(self, session_id: SessionId) -> tuple[StoredMatte, ...]:
        query = (
            sa.select(mattes)
            .where(mattes.c.session_id == session_id)
            .order_by(mattes.c.created_at.desc(), mattes.c.id.desc())
        )
        return tuple(_matte(row) for row in await self._connection.execute(query))

    async def undo(self, session_id: SessionId, at: datetime) -> None:
        await self._connection.execute(
            sa.update(mattes)
            .where(
                mattes.c.session_id == session_id,
                mattes.c.correction_json.is_not(None),
                mattes.c.undone_at.is_(None),
            )
            .values(undone_at=at)
        )

    async def remove(self, matte_ids: Sequence[MatteId]) -> None:
        await self._connection.execute(sa.delete(mattes).where(mattes.c.id.in_(list(matte_ids))))


def _matte(row: sa.Row[Any]) -> StoredMatte:
    correction, subjects = row.correction_json, row.subjects_json
    return entity_of(
        StoredMatte,
        row,
        correction=None if correction is None else Correction.model_validate(correction),
        # Strict models take bytes and tuples from JSON text alone. Rows of earlier releases have no subjects.
        subjects=Subjects.model_validate_json(json.dumps(subjects)) if subjects else NO_SUBJECTS,
    )
