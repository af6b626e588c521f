"""Statements that PostgreSQL's driver runs by itself, for what happens so often that every layer counts."""

import time
from collections.abc import AsyncIterator, Sequence
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
_KNOWS_FUNCTIONS = "stillroom_knows_functions"

_DIALECT: Final = PGDialect_asyncpg()  # type: ignore[no-untyped-call]


class ServerFunction:
    """A statement and what is to happen before it, kept by the server as a function of each connection.

    One round trip for both; the statement sees everything that was there when it began, not the call.
    """

    def __init__(self, name: str, before: str, statement: sa.Select[Any]) -> None:
        """Take the function's name, what comes first in PL/pgSQL, and the statement that gives the rows."""
        compiled = statement.compile(dialect=_DIALECT)
        names: Sequence[str] = getattr(compiled, "positiontup")  # noqa: B009 - known to the SQL compiler alone
        self._values = [(name, compiled.params[name]) for name in names]
        takes = ", ".join(compiled.binds[name].type.compile(_DIALECT) for name in names)
        gives = ", ".join(
            f"{column.name} {column.type.compile(_DIALECT)}" for column in statement.selected_columns
        )
        self.definition = f"""
            CREATE OR REPLACE FUNCTION pg_temp.{name}({takes}) RETURNS TABLE ({gives}) LANGUAGE plpgsql AS $$
            #variable_conflict use_column
            BEGIN
                {before}
                RETURN QUERY {compiled};
            END $$;
        """
        numbers = ", ".join(f"${number}" for number in range(1, len(names) + 1))
        self._call = f"SELECT * FROM pg_temp.{name}({numbers})"  # noqa: S608 - both are ours

    async def rows(self, connection: Bare, **values: object) -> list[asyncpg.Record]:
        """Call it, and give back all rows."""
        rows: list[asyncpg.Record] = await connection.fetch(
            self._call, *(values.get(name, usual) for name, usual in self._values)
        )
        return rows


class DriverConnections:
    """Bare connections, lent by the pool and kept at hand: taking one costs nothing.

    Every statement on them is a transaction unless it is told otherwise.
    """

    def __init__(self, database: Database, functions: Sequence[ServerFunction]) -> None:
        """Take the database, which gives them back when it is closed, and what each of them has to know."""
        self._engine = database.engine
        self._definitions = "".join(function.definition for function in functions)
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
            try:
                raw = await lent.get_raw_connection()
                bare = raw.driver_connection
                assert bare is not None, "the pool has just given it"
                if not raw.info.get(_KNOWS_FUNCTIONS):
                    await bare.execute(self._definitions)
                    raw.info[_KNOWS_FUNCTIONS] = True
            except BaseException:
                await lent.close()
                raise
        return lent, bare

    async def _let_go(self) -> None:
        while self._idle:
            await self._idle.pop()[1].close()
