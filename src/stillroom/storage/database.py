"""Database engine and transactions for SQLite and PostgreSQL, and the UTC timestamp type."""

import asyncio
import inspect
import json
import socket
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

from stillroom.storage.driver_errors import STANDBY, translate_connect_errors, translate_driver_errors
from stillroom.storage.space import SpaceReserve

_SQLITE_BUSY_MS = 10_000
"""Busy timeout in milliseconds: how long to wait for another process that holds SQLite's writer lock."""

_SQLITE_POLL_MS = 20

_SQLITE_TRUNCATE_MS = 100
"""Time limit in milliseconds for truncating the write-ahead log; writers wait meanwhile."""

_SQLITE_JOURNAL_BYTES = 64 * 1024 * 1024
"""Size limit in bytes of the write-ahead log after a checkpoint, so that a burst of writes does not keep the
disk.
"""

_SQLITE_PRAGMAS = (
    f"PRAGMA busy_timeout={_SQLITE_BUSY_MS}",
    "PRAGMA synchronous=NORMAL",
    # Overwrite deleted rows with zeros.
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
    # Below the lock timeout: a process that is suspended within a transaction delays those that wait for its
    # locks, and fails none of them.
    "idle_in_transaction_session_timeout": "8s",
    # JIT compilation costs more than it saves on short statements.
    "jit": "off",
}
_POSTGRESQL_OPTIONS = frozenset(
    {*inspect.signature(asyncpg.connect).parameters, "prepared_statement_cache_size"}
)
_POSTGRESQL_CONNECT_SECONDS = 10
_PING_AFTER_IDLE_SECONDS = 30.0
_IDLE_SINCE = "stillroom_idle_since"
_POSTGRESQL_REPLY_SECONDS = 35
"""Client-side timeout in seconds, above the server's own statement timeout; it fires only when the server is
suspended.
"""
_TCP_OPTIONS: Final = (
    ("TCP_KEEPIDLE", 10),
    ("TCP_KEEPINTVL", 4),
    ("TCP_KEEPCNT", 2),
    ("TCP_USER_TIMEOUT", 8_000),
)
"""Socket options, in seconds and the last one in milliseconds: a connection whose packets the network drops
is closed eight seconds after the first unacknowledged one. Systems lack some of them.
"""


class UtcDateTime(sa.TypeDecorator[datetime]):
    """Timezone-aware timestamp, stored in UTC because SQLite drops time zones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Reject naive datetimes and convert to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A stored time must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Restore the time zone (UTC)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """Engine for one SQLite or PostgreSQL database; bound to one event loop."""

    def __init__(
        self,
        url: str,
        *,
        keep_reserve: bool = False,
        enforces_foreign_keys: bool = True,
        reply_seconds: float | None = _POSTGRESQL_REPLY_SECONDS,
    ) -> None:
        """Configure the engine; connections open at first use.

        Args:
            url: `sqlite:///path`, a plain path, or `postgresql://user:pass@host/name`.
            keep_reserve: Keep a reserve file beside SQLite's file, for `begin(uses_reserve=True)`.
            enforces_foreign_keys: False lets SQLite rebuild a table without deleting rows that refer to it.
            reply_seconds: Time limit of the PostgreSQL driver for one statement; None waits without a limit.

        Raises:
            ValueError: The URL names another kind of database.
            StorageUnavailable: The folder for the file cannot be created.
        """
        target = target_of(url)
        self._writer: AbstractAsyncContextManager[None]
        self._keeps_reserve = keep_reserve
        self._reserve: SpaceReserve | None = None
        if target.get_backend_name() == "sqlite":
            # SQLite's lock is polled and unfair; this lock queues the writers of one process.
            self._writer = asyncio.Lock()
            self.engine = _sqlite(target, enforces_foreign_keys)
            self._reserve = SpaceReserve(Path(f"{target.database}.reserve"))
            self._reading = self.engine.execution_options(stillroom_read_only=True)
        else:
            self._writer = nullcontext()
            self.engine = _postgresql(target, reply_seconds)
            # Repeatable read gives all statements of a transaction one snapshot, as SQLite does by default.
            self._reading = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @asynccontextmanager
    async def begin(
        self, *, read_only: bool = False, uses_reserve: bool = False
    ) -> AsyncIterator[AsyncConnection]:
        """Open a transaction; commit on a clean exit, roll back on an exception.

        Cancellation of an anyio scope is deferred until the transaction ends; cancellation of a task acts at
        once. Options and errors are those of `UnitOfWorkFactory`; a read-only transaction sees one snapshot.
        """
        await checkpoint_if_cancelled()
        # Shielded, because cancelling a statement breaks its connection; transactions are short.
        with anyio.CancelScope(shield=True), translate_driver_errors():
            async with AsyncExitStack() as stack:
                if not read_only:
                    await stack.enter_async_context(self._writer)
                    await self._manage_reserve(uses_reserve=uses_reserve)
                engine = self._reading if read_only else self.engine
                with translate_connect_errors():
                    connection = await stack.enter_async_context(engine.begin())
                yield connection

    async def _manage_reserve(self, *, uses_reserve: bool) -> None:
        if self._reserve is None:
            return
        if uses_reserve:
            self._reserve.release()
        elif self._keeps_reserve and not self._reserve.exists():
            await asyncio.to_thread(self._reserve.create)

    async def erase_traces(self) -> None:
        """Truncate SQLite's write-ahead log, which holds deleted rows until it is overwritten.

        No effect while a long reader needs the log, nor on PostgreSQL, where the log is the operator's
        concern.
        """
        if self.engine.dialect.name != "sqlite":
            return
        with anyio.CancelScope(shield=True), suppress(sqlite3.OperationalError, sa.exc.SQLAlchemyError):
            async with self._writer, self.engine.connect() as connection:
                # Bypass the engine, which would begin a transaction; SQLite cannot checkpoint inside one.
                driver: Any = (await connection.get_raw_connection()).driver_connection
                try:
                    await driver.execute_fetchall(f"PRAGMA busy_timeout={_SQLITE_TRUNCATE_MS}")
                    await driver.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
                finally:
                    await driver.execute_fetchall(f"PRAGMA busy_timeout={_SQLITE_BUSY_MS}")

    async def close(self) -> None:
        await self.engine.dispose()


def target_of(url: str) -> sa.URL:
    """Return the SQLAlchemy URL, with driver, for a database URL.

    Raises:
        ValueError: The URL names another kind of database or cannot be parsed.
    """
    if "://" not in url:
        return sa.URL.create("sqlite+aiosqlite", database=url)
    try:
        target = sa.make_url(url)
    except (ValueError, sa.exc.ArgumentError) as error:
        # Do not include the driver's message, which may contain the password.
        raise ValueError("The database URL cannot be read") from error
    drivers = {
        "sqlite": "sqlite+aiosqlite",
        "postgresql": "postgresql+asyncpg",
        "postgres": "postgresql+asyncpg",
    }
    kind = target.drivername.partition("+")[0]
    if kind not in drivers:
        raise ValueError("The database URL must start with sqlite:/// or postgresql://")
    if kind == "sqlite" and target.database in (None, "", ":memory:"):
        raise ValueError("The database URL must name a file, as in sqlite:////srv/stillroom.db")
    if sslmode := target.query.get("sslmode"):
        # libpq calls this parameter `sslmode`; asyncpg takes the same values as `ssl`.
        target = target.difference_update_query(["sslmode"]).update_query_dict({"ssl": sslmode})
    target = target.set(drivername=drivers[kind])
    if target.get_backend_name() == "postgresql":
        unknown = sorted(set(target.query) - _POSTGRESQL_OPTIONS)
        if unknown:
            raise ValueError(f"The database URL has an option that the driver does not know: {unknown[0]}")
    return target


_JSON: Final = {
    "json_serializer": partial(json.dumps, ensure_ascii=False, separators=(",", ":"), allow_nan=False),
    # Takes a fifth of the standard library's time; a claimed job has four JSON columns.
    "json_deserializer": from_json,
}


def _sqlite(url: sa.URL, enforces_foreign_keys: bool) -> AsyncEngine:
    with translate_connect_errors():
        Path(url.database or "").parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_async_engine(url, **_JSON, **_SQLITE_POOL)

    @sa.event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver would begin transactions too late; they are begun explicitly below.
        connection.isolation_level = None
        connection.run_async(partial(_prepare, enforces_foreign_keys=enforces_foreign_keys))

    @sa.event.listens_for(engine.sync_engine, "begin")
    def begin(connection: sa.Connection) -> None:
        reading = connection.get_execution_options().get("stillroom_read_only", False)
        # IMMEDIATE, because upgrading a read lock to a write lock can fail at once, regardless of the busy
        # timeout.
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


async def _prepare(connection: aiosqlite.Connection, *, enforces_foreign_keys: bool) -> None:
    for pragma in (*_SQLITE_PRAGMAS, f"PRAGMA foreign_keys={'ON' if enforces_foreign_keys else 'OFF'}"):
        await connection.execute(pragma)
    for _ in range(_SQLITE_BUSY_MS // _SQLITE_POLL_MS):
        # Two processes may switch a new file to WAL at the same time, and SQLite does not wait here.
        with suppress(sqlite3.OperationalError):
            await connection.execute("PRAGMA journal_mode=WAL")
            return
        await asyncio.sleep(_SQLITE_POLL_MS / 1000)
    await connection.execute("PRAGMA journal_mode=WAL")


def _postgresql(url: sa.URL, reply_seconds: float | None) -> AsyncEngine:
    engine = create_async_engine(
        url,
        **_JSON,
        connect_args={
            "timeout": _POSTGRESQL_CONNECT_SECONDS,
            "command_timeout": reply_seconds,
            "server_settings": _POSTGRESQL_SESSION,
        },
        **_POSTGRESQL_POOL,
    )

    @sa.event.listens_for(engine.sync_engine, "connect")
    def detect_dropped_packets(connection: Any, _record: Any) -> None:
        # asyncpg has no options for its socket.
        _set_tcp_options(connection.driver_connection._transport.get_extra_info("socket"))

    @sa.event.listens_for(engine.sync_engine, "checkin")
    def record_checkin(_connection: Any, record: Any) -> None:
        record.info[_IDLE_SINCE] = time.monotonic()

    @sa.event.listens_for(engine.sync_engine, "checkout")
    def check_connection(connection: Any, record: Any, _proxy: Any) -> None:
        # Pool pre-ping only for idle connections: a closed connection is detected without a query, and only
        # one that was idle long enough for a network to drop it is queried.
        idle_seconds = time.monotonic() - record.info.get(_IDLE_SINCE, time.monotonic())
        if connection.driver_connection.is_closed() or (
            idle_seconds > _PING_AFTER_IDLE_SECONDS and not engine.dialect.do_ping(connection)
        ):
            raise sa.exc.DisconnectionError("The server has closed the connection.")

    @sa.event.listens_for(engine.sync_engine, "handle_error")
    def disconnect_from_standby(context: sa.ExceptionContext) -> None:
        # Discard connections to a server that has become a standby; new ones reach the new primary.
        if getattr(context.original_exception, "sqlstate", None) == STANDBY:
            context.is_disconnect = True

    return engine


def _set_tcp_options(connected: socket.socket) -> None:
    if connected.family == socket.AF_UNIX:
        return
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _TCP_OPTIONS:
        if hasattr(socket, name):
            connected.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
