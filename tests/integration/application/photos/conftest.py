"""A session with a photo."""

import pytest

from stillroom.domain.sessions import Session
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.conftest import WatchedBlobs
from tests.integration.application.orange_finder import session_with_photo


@pytest.fixture
async def session(transactions: SqlTransactions, blobs: WatchedBlobs) -> Session:
    """Anna's, with its photo in the store."""
    return await session_with_photo(transactions, blobs)
