"""Repository of owners and their access tokens."""

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from stillroom.domain.ids import OwnerId
from stillroom.domain.sessions import Owner
from stillroom.storage.repositories.base import Repository, reader_of
from stillroom.storage.tables.work import owners


class SqlOwners(Repository):
    async def add(self, owner: Owner) -> bool:
        return await self._changes_one(insert(owners).values(**asdict(owner)).on_conflict_do_nothing())

    async def by_token_hash(self, token_hash: str) -> Owner | None:
        row = await self._found(sa.select(owners).where(owners.c.token_hash == token_hash))
        return None if row is None else _owner(row)

    async def all(self) -> tuple[Owner, ...]:
        return await self._all(sa.select(owners).order_by(owners.c.created_at, owners.c.id), _owner)

    async def lock(self, owner_id: OwnerId) -> None:
        # Key-share compatible lock: rows that refer to the owner can still be written.
        await self._connection.execute(
            sa.select(owners.c.id).where(owners.c.id == owner_id).with_for_update(key_share=True)
        )

    async def set_token(self, owner_id: OwnerId, token_hash: str) -> bool:
        return await self._changes_one(
            sa.update(owners)
            .where(owners.c.id == owner_id, owners.c.token_hash.is_(None))
            .values(token_hash=token_hash)
        )

    async def remove(self, owner_id: OwnerId) -> bool:
        return await self._changes_one(
            sa.update(owners)
            .where(owners.c.id == owner_id, owners.c.token_hash.is_not(None))
            .values(token_hash=None)
        )


_owner = reader_of(Owner, owners)
