"""Products that are deleted while their pictures are exported.

SQLite has one writer, so that nothing can happen in between.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from stillroom.application.exports.options import ExportWaits
from stillroom.application.limits.limits import Limits
from stillroom.domain.errors import NotFound
from stillroom.storage.database import Database
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.concurrency import Interrupted, lock_watch, sessions_in
from tests.integration.application.conftest import HandMovedClock, WatchedBlobs
from tests.integration.application.export_services import ExportServices
from tests.integration.storage.rows import ANNA

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("database_kind", ["postgresql"])]


async def test_product_can_be_deleted_while_the_order_of_its_file_is_stored(
    database: Database, transactions: SqlTransactions, blobs: WatchedBlobs, clock: HandMovedClock
) -> None:
    services = ExportServices(transactions, blobs, clock, ExportWaits(request=0.0, download=0.0))
    [variant_id] = await services.variants(1)
    async with transactions(read_only=True) as tx:
        session_id = (await tx.variants.get(variant_id, ANNA)).session_id
    sessions = sessions_in(transactions, blobs, clock)
    deleting: list[asyncio.Task[None]] = []
    async with lock_watch(database) as is_waiting:

        async def delete() -> None:
            """Begin the deletion, and go on when it waits for the other transaction."""
            if not deleting:
                deleting.append(asyncio.create_task(sessions.delete(session_id, ANNA)))
                while not await is_waiting():
                    pass

        late = Interrupted(transactions, "jobs", "add", delete)
        exports = replace(services.exports, _unit_of_work=late, limits=Limits())
        # Its row may be gone when the answer is read again.
        with suppress(NotFound):
            await exports.make([variant_id], ["web-avif"], ANNA, wait=False)
        await deleting[0]
    assert await blobs.keys() == set()
