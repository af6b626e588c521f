"""Which failures of the databases' drivers mean that storage cannot be reached."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import sqlalchemy as sa

from stillroom.domain.errors import Conflict, StorageUnavailable

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

READ_ONLY = "25006"
"""SQLSTATE of a write where none may be, such as on a server that has become a standby."""


@contextmanager
def faults_while_opening() -> Iterator[None]:
    """Whatever keeps us from getting a connection. Raises StorageUnavailable."""
    try:
        yield
    # The driver's own errors come through bare here.
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, sa.exc.DBAPIError) as error:
        raise StorageUnavailable("The database did not accept a connection.") from error
    except sa.exc.TimeoutError as error:
        raise StorageUnavailable("All connections to the database are in use.") from error


@contextmanager
def faults_while_using() -> Iterator[None]:
    """Turn a driver's failure into an error of ours; faults in our own SQL pass unchanged.

    Raises:
        StorageUnavailable: The database stopped answering, is locked too long, or is full.
        Conflict: A row that a written one refers to is not there.
    """
    try:
        yield
    except sa.exc.IntegrityError as error:
        raise Conflict("What this belongs to has been removed meanwhile.") from error
    except sa.exc.DBAPIError as error:
        if error.connection_invalidated or _means_unavailable(error.orig):
            raise StorageUnavailable("The database stopped answering.") from error
        raise
    # Bare, where a statement goes to the driver past everything else.
    except asyncpg.IntegrityConstraintViolationError as error:
        raise Conflict("What this belongs to has been removed meanwhile.") from error
    except asyncpg.PostgresError as error:
        if _means_unavailable(error):
            raise StorageUnavailable("The database stopped answering.") from error
        raise
    # The second when the server hangs up while a statement is sent: the driver loses count of its own state.
    except (asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        raise StorageUnavailable("The database stopped answering.") from error
    except TimeoutError as error:
        raise StorageUnavailable("The database did not answer in time.") from error
    except ConnectionError as error:
        raise StorageUnavailable("The database has hung up.") from error


def _means_unavailable(cause: BaseException | None) -> bool:
    if isinstance(cause, sqlite3.Error):
        # The low byte is the code; the rest says more about it.
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _SQLITE_CODES
    state = str(getattr(cause, "sqlstate", "") or "")
    return state == READ_ONLY or state[:2] in _POSTGRESQL_CLASSES
