"""The engine and its transactions from one URL, and how a moment is kept in a column."""

import asyncio
import inspect
import json
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import aiosqlite
import anyio
import asyncpg
import sqlalchemy as sa
from anyio.lowlevel import checkpoint_if_cancelled
from pydantic_core import from_json
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from stillroom.storage.faults import STANDBY, faults_while_opening, faults_while_using
from stillroom.storage.space import SpaceReserve

_SQLITE_BUSY_MS = 10_000
"""How long another process may hold SQLite's one writer lock before we give up."""

_SQLITE_LOOK_AGAIN_MS = 20

_SQLITE_TRUNCATE_MS = 100
"""How long emptying the log may hold up writers while readers of other processes still need it."""

_SQLITE_JOURNAL_BYTES = 64 * 1024 * 1024
"""The write-ahead log is cut back to this after a checkpoint, so that one burst does not keep the disk."""

_SQLITE_PRAGMAS = (
    f"PRAGMA busy_timeout={_SQLITE_BUSY_MS}",
    "PRAGMA synchronous=NORMAL",
    # Deleted rows are overwritten with zeros.
    "PRAGMA secure_delete=ON",
    f"PRAGMA journal_size_limit={_SQLITE_JOURNAL_BYTES}",
)

_SQLITE_POOL: Final = {"pool_size": 8, "max_overflow": 8, "pool_timeout": 10}
_POSTGRESQL_POOL: Final = {
    "pool_size": 10,
    "max_overflow": 10,
    "pool_timeout": 10,
}
_POSTGRESQL_SESSION: Final = {
    "application_name": "stillroom",
    "lock_timeout": "10s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
    # All statements are short; compiling them costs more than it saves.
    "jit": "off",
}
_POSTGRESQL_OPTIONS = frozenset(
    {*inspect.signature(asyncpg.connect).parameters, "prepared_statement_cache_size"}
)
_POSTGRESQL_CONNECT_SECONDS = 10
_ASK_AFTER_REST_SECONDS = 30.0
_RESTS_SINCE = "stillroom_rests_since"
_POSTGRESQL_REPLY_SECONDS = 35
"""Above the server's own limit: only a network that swallows packets gets here."""


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A moment; SQLite drops time zones, so it is kept in UTC and given back aware."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse naive times, which could mean anything."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A stored time must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Give the time zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """One database, SQLite or PostgreSQL; belongs to one event loop."""

    def __init__(self, url: str, *, keep_reserve: bool = False, enforces_foreign_keys: bool = True) -> None:
        """Connect at first use.

        Args:
            url: `sqlite:///path`, a plain path, or `postgresql://user:pass@host/name`.
            keep_reserve: Hold disk space back beside SQLite's file, for `begin(uses_reserve=True)`.
            enforces_foreign_keys: False lets SQLite rebuild a table and keep the rows that refer to it.

        Raises:
            ValueError: The URL names another kind of database.
            StorageUnavailable: The folder for the file cannot be made.
        """
        target = target_of(url)
        self._writer: AbstractAsyncContextManager[None]
        self._keeps_reserve = keep_reserve
        self._reserve: SpaceReserve | None = None
        if target.get_backend_name() == "sqlite":
            # SQLite's own lock is polled and unfair; within a process writers stand in line instead.
            self._writer = asyncio.Lock()
            self.engine = _sqlite(target, enforces_foreign_keys)
            self._reserve = SpaceReserve(Path(f"{target.database}.reserve"))
            self._reading = self.engine.execution_options(stillroom_read_only=True)
        else:
            self._writer = nullcontext()
            self.engine = _postgresql(target)
            # One snapshot for all statements of a transaction, as SQLite gives it anyway.
            self._reading = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @asynccontextmanager
    async def begin(
        self, *, read_only: bool = False, uses_reserve: bool = False
    ) -> AsyncIterator[AsyncConnection]:
        """Open a transaction; commit on a clean exit, roll back on an exception.

        A canceled anyio scope takes effect before or after the transaction, a canceled task at once.

        Args:
            read_only: Nothing may be written; all statements see the same moment.
            uses_reserve: The write is to work on a full disk, because it deletes or is needed to start.

        Raises:
            StorageUnavailable: The database does not answer, is locked too long, or is full.
            Conflict: A row that this one refers to has been removed meanwhile.
        """
        await checkpoint_if_cancelled()
        # Shielded, because a statement that is broken off costs its connection; transactions are short.
        with anyio.CancelScope(shield=True), faults_while_using():
            async with AsyncExitStack() as open_things:
                if not read_only:
                    await open_things.enter_async_context(self._writer)
                    await self._mind_reserve(uses_reserve=uses_reserve)
                engine = self._reading if read_only else self.engine
                with faults_while_opening():
                    connection = await open_things.enter_async_context(engine.begin())
                yield connection

    async def _mind_reserve(self, *, uses_reserve: bool) -> None:
        if self._reserve is None:
            return
        if uses_reserve:
            self._reserve.release()
        elif self._keeps_reserve and not self._reserve.is_kept():
            await asyncio.to_thread(self._reserve.keep)

    async def check(self) -> None:
        """Read from a table. Raises StorageUnavailable."""
        async with self.begin(read_only=True) as connection:
            await connection.execute(sa.text("SELECT version_num FROM alembic_version"))

    async def erase_traces(self) -> None:
        """Empty SQLite's write-ahead log, which holds deleted rows until it is overwritten.

        Nothing happens while a long reader needs the log, nor on PostgreSQL, whose log is its operator's.
        """
        if self.engine.dialect.name != "sqlite":
            return
        with anyio.CancelScope(shield=True), suppress(sqlite3.OperationalError, sa.exc.SQLAlchemyError):
            async with self._writer, self.engine.connect() as connection:
                # Not through the engine: it would begin a transaction, in which there is no checkpoint.
                driver: Any = (await connection.get_raw_connection()).driver_connection
                try:
                    await driver.execute_fetchall(f"PRAGMA busy_timeout={_SQLITE_TRUNCATE_MS}")
                    await driver.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
                finally:
                    await driver.execute_fetchall(f"PRAGMA busy_timeout={_SQLITE_BUSY_MS}")

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def target_of(url: str) -> sa.URL:
    """What a URL leads to, and by which driver.

    Raises:
        ValueError: It names another kind of database, or cannot be read.
    """
    if "://" not in url:
        return sa.URL.create("sqlite+aiosqlite", database=url)
    try:
        target = sa.make_url(url)
    except (ValueError, sa.exc.ArgumentError) as error:
        # Not in the driver's words, which may hold the password.
        raise ValueError("The database URL cannot be read") from error
    drivers = {
        "sqlite": "sqlite+aiosqlite",
        "postgresql": "postgresql+asyncpg",
        "postgres": "postgresql+asyncpg",
    }
    kind = target.drivername.partition("+")[0]
    if kind not in drivers:
        raise ValueError("The database URL must start with sqlite:/// or postgresql://")
    if sslmode := target.query.get("sslmode"):
        # libpq's word for it; the driver takes the same values under another.
        target = target.difference_update_query(["sslmode"]).update_query_dict({"ssl": sslmode})
    target = target.set(drivername=drivers[kind])
    if target.get_backend_name() == "postgresql":
        unknown = sorted(set(target.query) - _POSTGRESQL_OPTIONS)
        if unknown:
            raise ValueError(f"The database URL has an option that the driver does not know: {unknown[0]}")
    return target


_JSON: Final = {
    "json_serializer": partial(json.dumps, ensure_ascii=False, separators=(",", ":"), allow_nan=False),
    # A fifth of the time that the standard library takes; a job that is claimed has four such columns.
    "json_deserializer": from_json,
}


def _sqlite(url: sa.URL, enforces_foreign_keys: bool) -> AsyncEngine:
    with faults_while_opening():
        Path(url.database or "").parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_async_engine(url, **_JSON, **_SQLITE_POOL)

    @sa.event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver's own transactions start too late; ours start below.
        connection.isolation_level = None
        connection.run_async(partial(_prepare, enforces_foreign_keys=enforces_foreign_keys))

    @sa.event.listens_for(engine.sync_engine, "begin")
    def begin(connection: sa.Connection) -> None:
        reading = connection.get_execution_options().get("stillroom_read_only", False)
        # A transaction that reads first and writes later can fail at once, whatever the timeout.
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


async def _prepare(connection: aiosqlite.Connection, *, enforces_foreign_keys: bool) -> None:
    for pragma in (*_SQLITE_PRAGMAS, f"PRAGMA foreign_keys={'ON' if enforces_foreign_keys else 'OFF'}"):
        await connection.execute(pragma)
    for _ in range(_SQLITE_BUSY_MS // _SQLITE_LOOK_AGAIN_MS):
        # Two processes that open a new file at once both want to switch it, and SQLite does not wait here.
        with suppress(sqlite3.OperationalError):
            await connection.execute("PRAGMA journal_mode=WAL")
            return
        await asyncio.sleep(_SQLITE_LOOK_AGAIN_MS / 1000)
    await connection.execute("PRAGMA journal_mode=WAL")


def _postgresql(url: sa.URL) -> AsyncEngine:
    engine = create_async_engine(
        url,
        **_JSON,
        connect_args={
            "timeout": _POSTGRESQL_CONNECT_SECONDS,
            "command_timeout": _POSTGRESQL_REPLY_SECONDS,
            "server_settings": _POSTGRESQL_SESSION,
        },
        **_POSTGRESQL_POOL,
    )

    @sa.event.listens_for(engine.sync_engine, "checkin")
    def note_rest(_connection: Any, record: Any) -> None:
        record.info[_RESTS_SINCE] = time.monotonic()

    @sa.event.listens_for(engine.sync_engine, "checkout")
    def refuse_dead(connection: Any, record: Any, _proxy: Any) -> None:
        # A restarted server must not cost a request. Its hang-up is known here already; only a connection
        # that has rested long enough for a network to forget it is asked.
        rested = time.monotonic() - record.info.get(_RESTS_SINCE, time.monotonic())
        if connection.driver_connection.is_closed() or (
            rested > _ASK_AFTER_REST_SECONDS and not engine.dialect.do_ping(connection)
        ):
            raise sa.exc.DisconnectionError("The server has hung up.")

    @sa.event.listens_for(engine.sync_engine, "handle_error")
    def leave_standby(context: sa.ExceptionContext) -> None:
        # Connections to a server that has become a standby are given up; new ones find its successor.
        if getattr(context.original_exception, "sqlstate", None) == STANDBY:
            context.is_disconnect = True

    return engine
