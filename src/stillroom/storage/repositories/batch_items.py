"""Repository of batch items."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from stillroom.domain.batches.batches import EXPORTED, BatchItem, ItemStatus
from stillroom.domain.exports.presets import ExportStatus
from stillroom.domain.ids import BatchId, BatchItemId, OwnerId
from stillroom.domain.jobs.job import FINAL
from stillroom.domain.ports import Page
from stillroom.storage.cursors import unknown_cursor
from stillroom.storage.repositories.base import Repository, columns_of, reader_of
from stillroom.storage.tables.batches import batch_items
from stillroom.storage.tables.work import exports, jobs

_MAX_CURSOR_DIGITS = 9

_ROWS_PER_INSERT = 500
"""Rows per statement; below the parameter limit of both databases."""


class SqlBatchItems(Repository):
    async def add(self, items: Sequence[BatchItem]) -> None:
        for start in range(0, len(items), _ROWS_PER_INSERT):
            rows = [columns_of(item, batch_items) for item in items[start : start + _ROWS_PER_INSERT]]
            await self._connection.execute(sa.insert(batch_items), rows)

    async def get(self, item_id: BatchItemId, batch_id: BatchId, owner_id: OwnerId) -> BatchItem:
        row = await self._one(
            sa.select(batch_items).where(
                batch_items.c.id == item_id,
                batch_items.c.batch_id == batch_id,
                batch_items.c.owner_id == owner_id,
            ),
            f"No item {item_id} in this batch.",
        )
        return item_of(row)

    async def list(
        self, batch_id: BatchId, status: ItemStatus | None, cursor: str | None, limit: int
    ) -> Page[BatchItem]:
        conditions = [] if status is None else [batch_items.c.status == status]
        if cursor is not None:
            conditions.append(batch_items.c.place > _place_of(cursor))
        found = await self._in_order(batch_id, *conditions, limit=limit + 1)
        shown = found[:limit]
        return Page(shown, str(shown[-1].place) if len(found) > limit else None)

    async def with_status(
        self, batch_id: BatchId, statuses: Collection[ItemStatus], limit: int
    ) -> tuple[BatchItem, ...]:
        return await self._in_order(batch_id, _is_one_of(statuses), limit=limit)

    async def settled(self, batch_id: BatchId, limit: int) -> tuple[BatchItem, ...]:
        ended = jobs.c.id.is_(None) | jobs.c.status.in_([status.value for status in FINAL])
        running = sa.select(batch_items).where(
            batch_items.c.batch_id == batch_id, _is_one_of([ItemStatus.RUNNING])
        )
        settled = running.outerjoin(jobs, jobs.c.id == batch_items.c.job_id).where(ended)
        return await self._all(settled.order_by(batch_items.c.place).limit(limit), item_of)

    async def to_export(self, batch_id: BatchId, limit: int) -> tuple[BatchItem, ...]:
        return await self._in_order(batch_id, *_WANTS_FILES, limit=limit)

    async def with_failed_files(self, batch_id: BatchId) -> tuple[BatchItem, ...]:
        failed = sa.exists().where(
            exports.c.variant_id == batch_items.c.variant_id,
            exports.c.batch_id == batch_id,
            exports.c.status == ExportStatus.FAILED,
        )
        has_ordered_files = batch_items.c.exported_variant_id == batch_items.c.variant_id
        return await self._in_order(batch_id, _is_one_of(EXPORTED), has_ordered_files, failed)

    async def last_place(self, batch_id: BatchId) -> int:
        query = sa.select(sa.func.max(batch_items.c.place)).where(batch_items.c.batch_id == batch_id)
        return await self._connection.scalar(query) or 0

    async def number_of_photo(self, item: BatchItem) -> int:
        if item.sku is None:
            return 1
        of_product = (batch_items.c.batch_id == item.batch_id, batch_items.c.sku == item.sku)
        return 1 + await self._count(*of_product, batch_items.c.place < item.place)

    async def running(self, owner_id: OwnerId) -> int:
        # A literal: the planner uses the partial index only if it sees the value.
        is_running = batch_items.c.status == sa.literal_column("'running'")
        return await self._count(batch_items.c.owner_id == owner_id, is_running)

    async def replace(self, item: BatchItem, expected: ItemStatus) -> bool:
        return await self._changes_one(
            sa.update(batch_items)
            .where(batch_items.c.id == item.id, batch_items.c.status == expected)
            .values(**columns_of(item, batch_items))
        )

    async def order_exports(self, item: BatchItem) -> bool:
        return await self._changes_one(
            sa.update(batch_items)
            .where(batch_items.c.id == item.id, batch_items.c.variant_id == item.variant_id, *_WANTS_FILES)
            .values(exported_variant_id=item.variant_id)
        )

    async def forget_exports(self, item_ids: Collection[BatchItemId]) -> None:
        await self._connection.execute(
            sa.update(batch_items).where(batch_items.c.id.in_(item_ids)).values(exported_variant_id=None)
        )

    async def move_all(
        self,
        batch_id: BatchId,
        sources: Collection[ItemStatus],
        target: ItemStatus,
        except_ids: Collection[BatchItemId] = (),
    ) -> tuple[BatchItemId, ...]:
        rows = await self._connection.execute(
            sa.update(batch_items)
            .where(
                batch_items.c.batch_id == batch_id,
                _is_one_of(sources),
                batch_items.c.id.not_in(except_ids),
            )
            .values(status=target, error=None, warnings=())
            .returning(batch_items.c.id, batch_items.c.place)
        )
        return tuple(BatchItemId(row.id) for row in sorted(rows, key=lambda row: row.place))

    async def _in_order(
        self, batch_id: BatchId, *conditions: sa.ColumnElement[bool], limit: int | None = None
    ) -> tuple[BatchItem, ...]:
        query = sa.select(batch_items).where(batch_items.c.batch_id == batch_id, *conditions)
        return await self._all(query.order_by(batch_items.c.place).limit(limit), item_of)


def _is_one_of(statuses: Collection[ItemStatus]) -> sa.ColumnElement[bool]:
    return batch_items.c.status.in_(list(statuses))


_WANTS_FILES = (
    _is_one_of(sorted(EXPORTED)),
    batch_items.c.variant_id.is_not(None),
    batch_items.c.exported_variant_id.is_distinct_from(batch_items.c.variant_id),
)


def _place_of(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= _MAX_CURSOR_DIGITS):
        raise unknown_cursor()
    return int(cursor)


item_of = reader_of(BatchItem, batch_items)
