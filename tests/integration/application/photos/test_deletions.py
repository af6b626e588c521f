"""Products that are deleted while their cut-out is changed.

SQLite has one writer, so that nothing can happen in between.
"""

import asyncio
from dataclasses import replace

import pytest

from stillroom.application.jobs.redo import Redo
from stillroom.application.photos.mattes import Mattes
from stillroom.domain.ids import IdFactory
from stillroom.domain.sessions import Session
from stillroom.storage.database import Database
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.concurrency import Interrupted, lock_watch, sessions_in
from tests.integration.application.conftest import HandMovedClock, WatchedBlobs
from tests.integration.application.job_services import JobServices
from tests.integration.application.orange_finder import DOT, OrangeFinder
from tests.integration.storage.rows import ANNA, a_job, a_variant

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("database_kind", ["postgresql"])]


async def test_product_can_be_deleted_while_it_returns_to_the_cut_out_that_was_found(
    database: Database,
    transactions: SqlTransactions,
    blobs: WatchedBlobs,
    clock: HandMovedClock,
    services: JobServices,
    session: Session,
) -> None:
    mattes = Mattes(transactions, blobs, OrangeFinder(), IdFactory(), clock)
    await mattes.correct(session.id, ANNA, DOT)
    job = a_job(session)
    async with transactions() as tx:
        await tx.jobs.add(job)
        await tx.variants.add(a_variant(job))
    sessions = sessions_in(transactions, blobs, clock)
    deleting: list[asyncio.Task[None]] = []
    async with lock_watch(database) as is_waiting:

        async def delete() -> None:
            """Begin the deletion, and go on when it waits for the other transaction."""
            if not deleting:
                deleting.append(asyncio.create_task(sessions.delete(session.id, ANNA)))
                while not await is_waiting():
                    pass

        late = Interrupted(transactions, "jobs", "add", delete)
        await Redo(replace(services.jobs, _unit_of_work=late), mattes).correct(session.id, ANNA, None, None)
        await deleting[0]
    async with transactions(read_only=True) as tx:
        assert await tx.jobs.of_session(session.id) == ()
