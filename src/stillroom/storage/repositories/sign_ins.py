"""Repository of signed-in browsers."""

from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from stillroom.domain.sign_ins import SignIn
from stillroom.storage.repositories.base import Repository, entity_of
from stillroom.storage.tables.work import owners, sign_ins


class SqlSignIns(Repository):
    async def add(self, sign_in: SignIn) -> None:
        await self._write(sa.insert(sign_ins).values(**asdict(sign_in)))

    async def get(self, secret_hash: str, now: datetime) -> SignIn | None:
        query = (
            sa.select(sign_ins)
            .join(
                owners,
                sa.and_(owners.c.id == sign_ins.c.owner_id, owners.c.token_hash == sign_ins.c.token_hash),
            )
            .where(sign_ins.c.secret_hash == secret_hash, sign_ins.c.expires_at > now)
        )
        row = await self._found(query)
        return None if row is None else entity_of(SignIn, row, sign_ins)

    async def extend(self, secret_hash: str, expires_at: datetime) -> None:
        await self._connection.execute(
            sa.update(sign_ins).where(sign_ins.c.secret_hash == secret_hash).values(expires_at=expires_at)
        )

    async def remove(self, secret_hash: str) -> None:
        await self._connection.execute(sa.delete(sign_ins).where(sign_ins.c.secret_hash == secret_hash))

    async def forget(self, before: datetime) -> int:
        return await self._write(sa.delete(sign_ins).where(sign_ins.c.expires_at < before))
