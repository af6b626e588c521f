"""Schema migrations with Alembic, serialised across processes by a lock."""

import os
from pathlib import Path
from typing import Final, Literal

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from stillroom.domain.errors import Conflict, StorageUnavailable
from stillroom.storage.database import Database, target_of

SchemaState = Literal["none", "behind", "present"]
"""State of a database schema: not created yet, of an earlier release, or of this release."""

_MIGRATION_LOCK: Final = 4_118_204_936_527_305_117
"""Key of PostgreSQL's advisory lock for migrations: an arbitrary constant that nothing else uses."""

# Two statements: a changed statement timeout applies only from the next statement on.
_WITHOUT_HURRY = sa.select(
    sa.func.set_config("lock_timeout", "0", sa.true()),
    sa.func.set_config("statement_timeout", "0", sa.true()),
    sa.func.set_config("idle_in_transaction_session_timeout", "0", sa.true()),
)
_STAND_IN_LINE = sa.select(sa.func.pg_advisory_xact_lock(sa.literal(_MIGRATION_LOCK, sa.BigInteger)))


async def migrate(database_url: str, revision: str = "head") -> None:
    """Create or migrate the schema, in one transaction; no effect if it is up to date.

    Raises StorageUnavailable, and Conflict if a later release has changed the schema.
    """
    # SQLite rebuilds a table to add a constraint. Dropping the old table must not delete the rows that refer
    # to it (https://sqlite.org/lang_altertable.html, section 7).
    # A statement may rewrite or index a large table, or wait for the migration of another process.
    database = Database(database_url, enforces_foreign_keys=False, reply_seconds=None)
    try:
        async with database.begin(uses_reserve=True) as connection:
            if connection.dialect.name == "postgresql":
                await connection.execute(_WITHOUT_HURRY)
                await connection.execute(_STAND_IN_LINE)
            await connection.run_sync(_upgrade, revision)
            if connection.dialect.name == "sqlite":
                dangling = (await connection.execute(sa.text("PRAGMA foreign_key_check"))).first()
                if dangling is not None:
                    raise RuntimeError(f"The migration left a row of {dangling[0]} that refers to nothing.")
    finally:
        await database.close()


async def schema_state(database_url: str) -> SchemaState:
    """Return the state of the schema; creates nothing, not even SQLite's file.

    Raises StorageUnavailable, also for a read-only database, and Conflict as `migrate` does.
    """
    file = file_of(database_url)
    if file is not None and not file.exists():
        folder = next(parent for parent in file.absolute().parents if parent.exists())
        if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
            raise StorageUnavailable(f"The database's file cannot be made in {file.parent}.")
        return "none"
    database = Database(database_url)
    try:
        # A write transaction, so that a read-only file is reported here and not at the first upload.
        async with database.begin() as connection:
            found = await connection.run_sync(revision_of)
    finally:
        await database.close()
    if found is None:
        return "none"
    return "present" if found == ScriptDirectory.from_config(_config()).get_current_head() else "behind"


def file_of(database_url: str) -> Path | None:
    """Return SQLite's file; None for PostgreSQL."""
    target = target_of(database_url)
    return Path(target.database or "") if target.get_backend_name() == "sqlite" else None


def revision_of(connection: sa.Connection) -> str | None:
    """Return the schema revision; None before the first one. Raises Conflict if it is of a later release."""
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and not knows(found):
        raise Conflict(f"The database was brought up to date by a later release (revision {found}).")
    return found


def knows(revision: str) -> bool:
    """Return whether this release has the revision; one of a later release is unknown."""
    revisions = ScriptDirectory.from_config(_config()).walk_revisions()
    return any(script.revision == revision for script in revisions)


def _upgrade(connection: sa.Connection, revision: str) -> None:
    # Raises Conflict before anything is changed.
    revision_of(connection)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
