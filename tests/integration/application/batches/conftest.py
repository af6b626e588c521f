"""The services of batches for the tests of this folder."""

import pytest

from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.batch_services import BatchServices
from tests.integration.application.conftest import HandMovedClock, WatchedBlobs


@pytest.fixture
def services(transactions: SqlTransactions, blobs: WatchedBlobs, clock: HandMovedClock) -> BatchServices:
    return BatchServices(transactions, blobs, clock)
