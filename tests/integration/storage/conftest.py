"""A second process on the database of a test."""

from collections.abc import AsyncIterator

import pytest

from stillroom.storage.database import Database


@pytest.fixture
async def neighbour(database_url: str) -> AsyncIterator[Database]:
    """The same database as another process has it, with connections and a writers' line of its own."""
    neighbour = Database(database_url)
    yield neighbour
    await neighbour.close()
