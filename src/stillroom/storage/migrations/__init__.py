"""Brings a database to the present tables; safe to run from several processes at once."""

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from stillroom.storage.database import Database

_MIGRATION_LOCK: Final = 4_118_204_936_527_305_117
"""Key of the advisory lock that migrations stand in line at; any number that nobody else uses."""

# Two statements: the clock of the second starts with what the first has set.
_WITHOUT_HURRY = sa.select(
    sa.func.set_config("lock_timeout", "0", sa.true()),
    sa.func.set_config("statement_timeout", "0", sa.true()),
)
_STAND_IN_LINE = sa.select(sa.func.pg_advisory_xact_lock(sa.literal(_MIGRATION_LOCK, sa.BigInteger)))


async def migrate(database_url: str) -> None:
    """Create or change the tables as far as that has not been done; all of it or nothing.

    Raises:
        StorageUnavailable: The database does not answer, is locked too long, or is full.
    """
    database = Database(database_url)
    try:
        async with database.begin() as connection:
            if connection.dialect.name == "postgresql":
                await connection.execute(_WITHOUT_HURRY)
                await connection.execute(_STAND_IN_LINE)
            await connection.run_sync(_upgrade)
    finally:
        await database.close()


def _upgrade(connection: sa.Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
