"""Statements that PostgreSQL's driver runs by itself, for what happens so often that every layer counts."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import anyio
import asyncpg
import sqlalchemy as sa
from anyio.lowlevel import checkpoint_if_cancelled
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from stillroom.storage.database import Database
from stillroom.storage.faults import faults_while_opening, faults_while_using

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

    async def rows(
        self, connection: "asyncpg.Connection[asyncpg.Record]", **values: object
    ) -> list[asyncpg.Record]:
        """Run it, and give back all rows."""
        rows: list[asyncpg.Record] = await connection.fetch(
            self._text, *(values.get(name, usual) for name, usual in self._values)
        )
        return rows


@asynccontextmanager
async def driver_of(database: Database) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A bare connection from the pool, on which every statement is a transaction unless it is told otherwise.

    A canceled anyio scope takes effect before or after, a canceled task at once. Whatever goes wrong costs
    the connection, and with it ends what was begun.

    Raises:
        StorageUnavailable: The database does not answer, is locked too long, or is full.
        Conflict: A row that a written one refers to is not there.
    """
    await checkpoint_if_cancelled()
    with anyio.CancelScope(shield=True), faults_while_using():
        with faults_while_opening():
            connection = await database.engine.connect()
        try:
            bare = (await connection.get_raw_connection()).driver_connection
            assert bare is not None, "it is taken from the pool"
            try:
                yield bare
            except BaseException:
                bare.terminate()
                raise
        finally:
            await connection.close()
