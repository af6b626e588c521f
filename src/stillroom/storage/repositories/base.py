"""Base class of the repositories, and the conversion between rows and entities."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from stillroom.domain.errors import NotFound
from stillroom.domain.ids import OwnerId
from stillroom.domain.ports import Page
from stillroom.storage.cursors import opened, sealed
from stillroom.storage.database import UtcDateTime

Key = TypeVar("Key")
Entity = TypeVar("Entity")
LogId = TypeVar("LogId", bound=str)

_AT_ONCE = 1000
"""Ids per statement; below the parameter limit of both databases."""


def columns_of(entity: Any, table: sa.Table) -> dict[str, Any]:
    """Return the fields of a dataclass that have a column with this key."""
    return {one.name: getattr(entity, one.name) for one in fields(entity) if one.name in table.c}


def entity_of(kind: type[Entity], row: sa.Row[Any], table: sa.Table, **others: Any) -> Entity:
    """Build a dataclass from a row: from the columns with the keys of its fields, and from `others`."""
    names = {one.name for one in fields(kind)} - others.keys()  # type: ignore[arg-type]
    return kind(**{name: row._mapping[table.c[name]] for name in names if name in table.c}, **others)


def reader_of(kind: type[Entity], table: sa.Table) -> Callable[[sa.Row[Any]], Entity]:
    """Return a function that builds a dataclass from a row of all columns of a table."""
    return partial(entity_of, kind, table=table)


class Repository:
    """Queries and writes within one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def _found(self, query: sa.Executable) -> sa.Row[Any] | None:
        """Return the only row of a statement, if there is one."""
        return (await self._connection.execute(query)).one_or_none()

    async def _one(self, query: sa.Executable, missing: str) -> sa.Row[Any]:
        """Return the only row of a statement. Raises NotFound with the text `missing`."""
        row = await self._found(query)
        if row is None:
            raise NotFound(missing)
        return row

    async def _all(self, query: sa.Executable, read: Callable[[sa.Row[Any]], Entity]) -> tuple[Entity, ...]:
        """Return what `read` makes of each row of a statement."""
        return tuple(map(read, await self._connection.execute(query)))

    async def _latest_numbers(self, table: sa.Table, log_ids: Sequence[LogId]) -> Mapping[LogId, int]:
        """Return the number of each log's latest event by the id of its row; missing rows are left out."""
        numbers: dict[str, int] = {}
        for start in range(0, len(log_ids), _AT_ONCE):
            asked = table.c.id.in_(log_ids[start : start + _AT_ONCE])
            rows = await self._connection.execute(sa.select(table.c.id, table.c.last_seq).where(asked))
            numbers |= {row.id: row.last_seq for row in rows}
        return {log_id: numbers[log_id] for log_id in log_ids if log_id in numbers}

    async def _count(self, *conditions: sa.ColumnElement[bool]) -> int:
        """Return the number of rows of the table that the conditions are about."""
        return await self._connection.scalar(sa.select(sa.func.count()).where(*conditions)) or 0

    async def _page(
        self,
        query: sa.Select[Any],
        at: sa.Column[Any],
        cursor: str | None,
        limit: int,
        item: Callable[[sa.Row[Any]], Entity],
        row_id: str = "id",
    ) -> Page[Entity]:
        """Return one page of a query that selects whole rows, newest first by `at`, then by `row_id`.

        Raises ValidationFailed for an invalid cursor.
        """
        last = at.table.c[row_id]
        if cursor is not None:
            moment, last_id = opened(cursor)
            query = query.where(sa.tuple_(at, last) < sa.tuple_(sa.literal(moment, UtcDateTime), last_id))
        query = query.order_by(at.desc(), last.desc()).limit(limit + 1)
        rows = (await self._connection.execute(query)).all()
        shown = rows[:limit]
        more = len(rows) > limit
        next_cursor = sealed(shown[-1]._mapping[at], shown[-1]._mapping[last]) if more else None
        return Page(tuple(map(item, shown)), next_cursor)

    async def _changes_one(self, statement: sa.Executable) -> bool:
        """Execute an INSERT, UPDATE or DELETE; return whether it has changed its one row."""
        return await self._write(statement) == 1

    async def _write(self, statement: sa.Executable) -> int:
        """Execute an INSERT, UPDATE or DELETE; return the number of rows that it has changed."""
        return (await self._connection.execute(statement)).rowcount


class OwnedRows(Repository, Generic[Key, Entity]):
    """Rows of a table that belong to an owner.

    Attributes:
        _name: What an entity is called in errors.
        _sorted_by: Column by which lists are ordered, newest first.
        _initial: Values of a new row that are no fields of the entity.
    """

    _table: ClassVar[sa.Table]
    _kind: type[Entity]
    _name: ClassVar[str]
    _sorted_by: ClassVar[str] = "created_at"
    _initial: ClassVar[Mapping[str, Any]] = {}

    async def add(self, entity: Entity) -> None:
        values = {**columns_of(entity, self._table), **self._initial}
        await self._write(sa.insert(self._table).values(**values))

    async def get(self, entity_id: Key, owner_id: OwnerId) -> Entity:
        return await self._get(self._of(owner_id), entity_id)

    async def list(self, owner_id: OwnerId, cursor: str | None, limit: int) -> Page[Entity]:
        at = self._table.c[self._sorted_by]
        return await self._page(self._of(owner_id), at, cursor, limit, self._read)

    async def count(self, owner_id: OwnerId) -> int:
        return await self._count(self._table.c.owner_id == owner_id)

    async def _get(self, query: sa.Select[Any], entity_id: Key) -> Entity:
        wanted = query.where(self._table.c.id == entity_id)
        return self._read(await self._one(wanted, f"No {self._name} {entity_id}."))

    def _of(self, owner_id: OwnerId) -> sa.Select[Any]:
        return sa.select(self._table).where(self._table.c.owner_id == owner_id)

    def _read(self, row: sa.Row[Any]) -> Entity:
        return entity_of(self._kind, row, self._table)
