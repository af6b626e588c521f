"""Brings a database to the present tables; safe to run from several processes at once."""

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from stillroom.domain.errors import Conflict
from stillroom.storage.database import Database

_MIGRATION_LOCK: Final = 4_118_204_936_527_305_117
"""Key of the advisory lock that migrations stand in line at; any number that nobody else uses."""

# Two statements: the clock of the second starts with what the first has set.
_WITHOUT_HURRY = sa.select(
    sa.func.set_config("lock_timeout", "0", sa.true()),
    sa.func.set_config("statement_timeout", "0", sa.true()),
)
_STAND_IN_LINE = sa.select(sa.func.pg_advisory_xact_lock(sa.literal(_MIGRATION_LOCK, sa.BigInteger)))


async def migrate(database_url: str, revision: str = "head") -> None:
    """Create or change the tables as far as that has not been done; all of it or nothing.

    Args:
        database_url: SQLite or PostgreSQL.
        revision: How far; by default all the way.

    Raises:
        StorageUnavailable: The database does not answer, is locked too long, or is full.
        Conflict: A later release has changed the tables already.
    """
    database = Database(database_url)
    try:
        async with database.begin() as connection:
            if connection.dialect.name == "postgresql":
                await connection.execute(_WITHOUT_HURRY)
                await connection.execute(_STAND_IN_LINE)
            await connection.run_sync(_upgrade, revision)
    finally:
        await database.close()


def revision_of(connection: sa.Connection) -> str | None:
    """How far the tables are; None before the first migration."""
    return MigrationContext.configure(connection).get_current_revision()


def knows(revision: str) -> bool:
    """Whether it is one of ours; that of a later release is not."""
    revisions = ScriptDirectory.from_config(_config()).walk_revisions()
    return any(script.revision == revision for script in revisions)


def _upgrade(connection: sa.Connection, revision: str) -> None:
    found = revision_of(connection)
    if found is not None and not knows(found):
        raise Conflict(f"The database was brought up to date by a later release (revision {found}).")
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
