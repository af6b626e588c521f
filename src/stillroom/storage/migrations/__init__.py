"""Brings a database to the present tables; safe to run from several processes at once."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from stillroom.storage.database import Database


async def migrate(database_url: str) -> None:
    """Create or change the tables as far as that has not been done.

    Raises:
        StorageUnavailable: The database does not answer, is locked too long, or is full.
    """
    database = Database(database_url)
    try:
        async with database.begin() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await database.close()


def _upgrade(connection: sa.Connection) -> None:
    command.upgrade(configuration(connection), "head")


def configuration(connection: sa.Connection) -> Config:
    """Alembic's view of this folder, bound to an open transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config
