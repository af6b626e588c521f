"""Translate database driver errors into Stillroom errors."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import sqlalchemy as sa

from stillroom.domain.errors import ERRNO_REASONS, FULL, READ_ONLY, Conflict, StorageUnavailable

_SQLITE_CODES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)

_POSTGRESQL_CLASSES = frozenset({"08", "40", "53", "55", "57", "58"})
"""SQLSTATE classes: connection, serialisation and deadlock, resources and disk, lock timeout, operator
intervention and statement timeout, system error (PostgreSQL manual, appendix A)."""

STANDBY = "25006"
"""SQLSTATE `read_only_sql_transaction`: the server has become a standby."""

_DISK_FULL = "53100"
"""SQLSTATE `disk_full`."""

_SQLITE_REASONS = {
    sqlite3.SQLITE_FULL: FULL,
    # SQLite extends the index of the write-ahead log before it writes anything else.
    sqlite3.SQLITE_IOERR_SHMSIZE: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
}

_DETAILS = {FULL: "The disk is full.", READ_ONLY: "The folder or disk is read-only."}

_CLIENT_ERRORS = (asyncpg.InterfaceError, asyncpg.InternalClientError)
"""Errors of the driver itself; the second if the server closes the connection while a statement is sent."""

_FOREIGN_KEY = frozenset({"23001", "23503"})
"""SQLSTATEs `restrict_violation` and `foreign_key_violation`."""

_SYSTEM_ERROR = re.compile(r"\(os error (\d+)\)")
"""Pattern of the OS error number in obstore's messages, the only place where obstore reports it."""


def storage_failed(detail: str, cause: BaseException | None) -> StorageUnavailable:
    """Return the error for a cause, with a reason if the storage is full or read-only."""
    reason = _reason_of(cause)
    if reason is None:
        return StorageUnavailable(detail)
    return StorageUnavailable(_DETAILS[reason], reason=reason)


def _reason_of(cause: BaseException | None) -> str | None:
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0)
        return _SQLITE_REASONS.get(code) or _SQLITE_REASONS.get(code & 0xFF)
    if isinstance(cause, OSError) and cause.errno is not None:
        return ERRNO_REASONS.get(cause.errno)
    if getattr(cause, "sqlstate", None) == _DISK_FULL:
        return FULL
    match = _SYSTEM_ERROR.search(str(cause))
    return ERRNO_REASONS.get(int(match[1])) if match else None


@contextmanager
def translate_connect_errors() -> Iterator[None]:
    """Translate any error while connecting. Raises StorageUnavailable."""
    try:
        yield
    # asyncpg's own errors are not wrapped by SQLAlchemy here.
    except (OSError, *_CLIENT_ERRORS, asyncpg.PostgresError, sa.exc.DBAPIError) as error:
        cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        raise storage_failed("The database did not accept a connection.", cause) from error
    except sa.exc.TimeoutError as error:
        raise StorageUnavailable("All connections to the database are in use.") from error


@contextmanager
def translate_driver_errors() -> Iterator[None]:
    """Translate driver errors during a statement; programming errors pass unchanged, as do violated checks.

    Raises:
        StorageUnavailable: The database is unreachable, locked for too long, or full.
        Conflict: A referenced row does not exist (foreign key).
    """
    try:
        yield
    except sa.exc.IntegrityError as error:
        if not _is_foreign_key(error.orig):
            raise
        raise Conflict(text="reference_deleted") from error
    except sa.exc.DBAPIError as error:
        if error.connection_invalidated or _means_unavailable(error.orig):
            raise storage_failed("The database stopped answering.", error.orig) from error
        raise
    # Unwrapped driver errors, from a reconnect within the pool.
    except asyncpg.PostgresError as error:
        if _means_unavailable(error):
            raise storage_failed("The database stopped answering.", error) from error
        raise
    except _CLIENT_ERRORS as error:
        raise StorageUnavailable("The database stopped answering.") from error
    except TimeoutError as error:
        raise StorageUnavailable("The database did not answer in time.") from error
    except ConnectionError as error:
        raise StorageUnavailable("The database closed the connection.") from error


def _is_foreign_key(cause: BaseException | None) -> bool:
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
    return getattr(cause, "sqlstate", None) in _FOREIGN_KEY


def _means_unavailable(cause: BaseException | None) -> bool:
    if isinstance(cause, sqlite3.Error):
        # The low byte is the primary result code; the higher bytes extend it.
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _SQLITE_CODES
    state = str(getattr(cause, "sqlstate", "") or "")
    return state == STANDBY or state[:2] in _POSTGRESQL_CLASSES
