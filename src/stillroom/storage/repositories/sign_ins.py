"""Repository of signed-in browsers."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from stillroom.domain.ids import OwnerId
from stillroom.domain.sign_ins import SignIn
from stillroom.storage.tables import owners, sign_ins


class SignIns:
    """Sign-ins within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, sign_in: SignIn) -> None:
        await self._connection.execute(
            sa.insert(sign_ins).values(
                secret_hash=sign_in.secret_hash,
                owner_id=sign_in.owner_id,
                token_hash=sign_in.token_hash,
                created_at=sign_in.created_at,
                expires_at=sign_in.expires_at,
            )
        )

    async def get(self, secret_hash: str, now: datetime) -> SignIn | None:
        query = (
            sa.select(sign_ins)
            .join(
                owners,
                sa.and_(owners.c.id == sign_ins.c.owner_id, owners.c.token_hash == sign_ins.c.token_hash),
            )
            .where(sign_ins.c.secret_hash == secret_hash, sign_ins.c.expires_at > now)
        )
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            return None
        return SignIn(row.secret_hash, OwnerId(row.owner_id), row.token_hash, row.created_at, row.expires_at)

    async def put_off(self, secret_hash: str, expires_at: datetime) -> None:
        await self._connection.execute(
            sa.update(sign_ins).where(sign_ins.c.secret_hash == secret_hash).values(expires_at=expires_at)
        )

    async def remove(self, secret_hash: str) -> None:
        await self._connection.execute(sa.delete(sign_ins).where(sign_ins.c.secret_hash == secret_hash))

    async def forget(self, before: datetime) -> int:
        return (
            await self._connection.execute(sa.delete(sign_ins).where(sign_ins.c.expires_at < before))
        ).rowcount
