"""Statements that PostgreSQL's driver runs by itself, for what happens so often that every layer counts."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from stillroom.storage.database import Database
from stillroom.storage.faults import faults_while_opening, faults_while_using

Bare: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_RESTED_SECONDS = 10.0

_DIALECT: Final = PGDialect_asyncpg()  # type: ignore[no-untyped-call]


class DriverStatement:
    """A statement built like any other, and put into words once."""

    def __init__(self, statement: sa.ClauseElement) -> None:
        """Take the statement; whatever it writes into JSON columns is given as text."""
        compiled = statement.compile(dialect=_DIALECT)
        assert isinstance(compiled, sa.Compiled)
        self._text = str(compiled)
        names: Sequence[str] = getattr(compiled, "positiontup")  # noqa: B009 - known to the SQL compiler alone
        known: Mapping[str, Any] = compiled.params
        self._values = [(name, known[name]) for name in names]

    async def rows(self, connection: Bare, **values: object) -> list[asyncpg.Record]:
        """Run it, and give back all rows."""
        rows: list[asyncpg.Record] = await connection.fetch(
            self._text, *(values.get(name, usual) for name, usual in self._values)
        )
        return rows


class DriverConnections:
    """Bare connections, lent by the pool and kept at hand: taking one costs nothing.

    Every statement on them is a transaction unless it is told otherwise.
    """

    def __init__(self, database: Database) -> None:
        """Take the database; it gives them back when it is closed."""
        self._engine = database.engine
        self._idle: list[tuple[float, AsyncConnection, Bare]] = []
        database.before_close(self._let_go)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Bare]:
        """A connection of one's own. Whatever goes wrong costs it, and with it ends what was begun.

        Raises:
            StorageUnavailable: The database does not answer, is locked too long, or is full.
            Conflict: A row that a written one refers to is not there.
        """
        with faults_while_using():
            lent, bare = await self._take()
            try:
                yield bare
            except BaseException:
                bare.terminate()
                await lent.close()
                raise
            self._idle.append((time.monotonic(), lent, bare))

    async def _take(self) -> tuple[AsyncConnection, Bare]:
        while self._idle:
            since, lent, bare = self._idle.pop()
            if not bare.is_closed() and time.monotonic() - since < _RESTED_SECONDS:
                return lent, bare
            # The pool asks those that have rested, and replaces the dead.
            await lent.close()
        with faults_while_opening():
            lent = await self._engine.connect()
            bare = (await lent.get_raw_connection()).driver_connection
        assert bare is not None, "the pool has just given it"
        return lent, bare

    async def _let_go(self) -> None:
        while self._idle:
            await self._idle.pop()[1].close()
