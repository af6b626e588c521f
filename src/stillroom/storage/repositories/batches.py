"""Repository of batches and their events."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa

from stillroom.domain.batches.batches import (
    OPEN,
    Batch,
    BatchEventType,
    BatchItem,
    Counts,
    ItemStatus,
    StoredBatchEvent,
)
from stillroom.domain.errors import NotFound
from stillroom.domain.ids import BatchId, BatchItemId, OwnerId, SessionId
from stillroom.domain.jobs.job import EXPORT
from stillroom.storage.repositories.base import OwnedRows, entity_of
from stillroom.storage.repositories.batch_items import item_of
from stillroom.storage.tables.batches import batch_events, batch_items, batches
from stillroom.storage.tables.work import jobs


class SqlBatches(OwnedRows[BatchId, Batch]):
    _table, _kind, _name = batches, Batch, "batch"
    _initial: ClassVar = {"is_due": True}

    async def lock(self, batch_id: BatchId, *, skip_locked: bool = False) -> Batch | None:
        # Key-share compatible lock: rows that refer to the batch can still be written.
        wanted = sa.select(batches).where(batches.c.id == batch_id)
        held = wanted.with_for_update(key_share=True, skip_locked=skip_locked)
        row = await self._found(held)
        return None if row is None else self._read(row)

    async def lock_of_session(self, session_id: SessionId) -> tuple[Batch, ...]:
        concerned = sa.select(batch_items.c.batch_id).where(batch_items.c.session_id == session_id)
        query = sa.select(batches).where(batches.c.id.in_(concerned)).order_by(batches.c.id)
        return await self._all(query.with_for_update(key_share=True), self._read)

    async def save(self, batch: Batch, *, is_due: bool = True) -> None:
        await self._write(
            sa.update(batches)
            .where(batches.c.id == batch.id)
            .values(
                status=batch.status,
                finished_at=batch.finished_at,
                estimate_micro_usd=batch.estimate_micro_usd,
                is_due=is_due,
            )
        )

    async def count_open(self, owner_id: OwnerId) -> int:
        is_open = batches.c.status.in_(OPEN)
        return await self._count(batches.c.owner_id == owner_id, is_open)

    async def due(self) -> tuple[tuple[BatchId, OwnerId], ...]:
        age = (batches.c.created_at, batches.c.id)
        place = sa.func.row_number().over(partition_by=batches.c.owner_id, order_by=age)
        rows = await self._connection.execute(
            sa.select(batches.c.id, batches.c.owner_id).where(batches.c.is_due).order_by(place, *age)
        )
        return tuple((BatchId(row.id), OwnerId(row.owner_id)) for row in rows)

    async def counts(self, batch_ids: Collection[BatchId]) -> Mapping[BatchId, Counts]:
        rows = await self._connection.execute(
            sa.select(batch_items.c.batch_id, batch_items.c.status, sa.func.count().label("items"))
            .where(batch_items.c.batch_id.in_(batch_ids))
            .group_by(batch_items.c.batch_id, batch_items.c.status)
        )
        found: defaultdict[str, dict[ItemStatus, int]] = defaultdict(dict)
        for row in rows:
            found[row.batch_id][row.status] = row.items
        return {each: {one: found[each].get(one, 0) for one in ItemStatus} for each in batch_ids}

    async def has_pending_exports(self, batch_id: BatchId) -> bool:
        # Export jobs are deleted when they end.
        pending = sa.exists().where(
            jobs.c.session_id == batch_items.c.session_id,
            jobs.c.type == EXPORT,
            jobs.c.is_batch,
        )
        query = sa.select(sa.exists().where(batch_items.c.batch_id == batch_id, pending))
        return bool(await self._connection.scalar(query))

    async def append(
        self,
        batch_id: BatchId,
        kind: BatchEventType,
        data: Mapping[str, Any],
        at: datetime,
        item_ids: Sequence[BatchItemId | None] = (None,),
    ) -> None:
        last = await self._connection.scalar(
            sa.update(batches)
            .where(batches.c.id == batch_id)
            .values(last_seq=batches.c.last_seq + len(item_ids))
            .returning(batches.c.last_seq)
        )
        if last is None:
            raise NotFound(f"No batch {batch_id}.")
        first = int(last) - len(item_ids) + 1
        common = {"batch_id": batch_id, "type": kind, "data": dict(data), "at": at}
        rows = [{**common, "seq": seq, "item_id": item_id} for seq, item_id in enumerate(item_ids, first)]
        await self._connection.execute(sa.insert(batch_events), rows)

    async def latest(self, batch_ids: Sequence[BatchId]) -> Mapping[BatchId, int]:
        return await self._latest_numbers(batches, batch_ids)

    async def events_after(
        self, batch_id: BatchId, seq: int, limit: int
    ) -> tuple[tuple[StoredBatchEvent, BatchItem | None], ...]:
        is_terminal = sa.and_(batches.c.finished_at.is_not(None), batches.c.last_seq == batch_events.c.seq)
        rows = (
            await self._connection.execute(
                sa.select(batch_events, is_terminal.label("is_terminal"))
                .join(batches, batches.c.id == batch_events.c.batch_id)
                .where(batch_events.c.batch_id == batch_id, batch_events.c.seq > seq)
                .order_by(batch_events.c.seq)
                .limit(limit)
            )
        ).all()
        named = {row.item_id for row in rows if row.item_id is not None}
        found = await self._connection.execute(sa.select(batch_items).where(batch_items.c.id.in_(named)))
        items = {row.id: item_of(row) for row in found}
        return tuple((_event(row), items.get(row.item_id)) for row in rows)

    async def remove_empty(self, before: datetime, limit: int) -> int:
        empty = (
            sa.select(batches.c.id)
            .where(
                batches.c.status.not_in(OPEN),
                batches.c.created_at < before,
                ~sa.exists().where(batch_items.c.batch_id == batches.c.id),
            )
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return await self._write(sa.delete(batches).where(batches.c.id.in_(empty)))


def _event(row: sa.Row[Any]) -> StoredBatchEvent:
    return entity_of(StoredBatchEvent, row, batch_events, is_terminal=bool(row.is_terminal))
