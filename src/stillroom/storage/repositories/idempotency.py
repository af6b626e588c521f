"""Repository of idempotency keys."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from stillroom.domain.ids import OwnerId
from stillroom.domain.ports import ReservedKey
from stillroom.storage.repositories.base import Repository, reader_of
from stillroom.storage.tables.work import idempotency_keys


class SqlIdempotencyKeys(Repository):
    async def find(self, owner_id: OwnerId, key: str) -> ReservedKey | None:
        query = sa.select(idempotency_keys).where(
            idempotency_keys.c.owner_id == owner_id, idempotency_keys.c.key == key
        )
        row = await self._found(query)
        return None if row is None else _reserved(row)

    async def reserve(
        self, owner_id: OwnerId, key: str, request_hash: str, result_id: str, now: datetime
    ) -> ReservedKey:
        # Concurrent requests with the same key block here until the first has committed or rolled back.
        new = insert(idempotency_keys).values(
            owner_id=owner_id, key=key, request_hash=request_hash, job_id=result_id, created_at=now
        )
        # A no-op update, because RETURNING yields only inserted or updated rows.
        kept = new.on_conflict_do_update(index_elements=["owner_id", "key"], set_={"key": new.excluded.key})
        return _reserved((await self._connection.execute(kept.returning(idempotency_keys))).one())

    async def drop(self, owner_id: OwnerId, key: str, result_id: str) -> None:
        await self._connection.execute(
            sa.delete(idempotency_keys).where(
                idempotency_keys.c.owner_id == owner_id,
                idempotency_keys.c.key == key,
                idempotency_keys.c.job_id == result_id,
            )
        )

    async def forget(self, before: datetime) -> int:
        return await self._write(sa.delete(idempotency_keys).where(idempotency_keys.c.created_at < before))

    async def forget_results(self, owner_id: OwnerId, results: Collection[str]) -> None:
        kept = await self._connection.execute(
            sa.select(idempotency_keys.c.key, idempotency_keys.c.job_id).where(
                idempotency_keys.c.owner_id == owner_id
            )
        )
        # The ids of several files of one request are stored comma-separated.
        named = [key for key, result in kept if not set(results).isdisjoint(result.split(","))]
        await self._connection.execute(
            sa.delete(idempotency_keys).where(
                idempotency_keys.c.owner_id == owner_id, idempotency_keys.c.key.in_(named)
            )
        )


_reserved = reader_of(ReservedKey, idempotency_keys)
