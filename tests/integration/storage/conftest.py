"""A migrated database for each test, and transactions on it."""

from collections.abc import AsyncIterator

import pytest

from stillroom.storage.database import Database
from stillroom.storage.unit_of_work import SqlTransactions


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with all tables and no rows."""
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
async def neighbour(database_url: str) -> AsyncIterator[Database]:
    """The same database as another process has it, with connections and a writers' line of its own."""
    neighbour = Database(database_url)
    yield neighbour
    await neighbour.close()


@pytest.fixture
def transactions(database: Database) -> SqlTransactions:
    """Units of work on the database."""
    return SqlTransactions(database)
