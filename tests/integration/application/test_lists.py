"""Lists of products, however many a seller has."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.application.limits.limits import Limits
from stillroom.application.sessions import Sessions
from stillroom.domain.ids import IdFactory
from stillroom.domain.jobs.job import JobStatus
from stillroom.domain.sessions import Session
from stillroom.domain.variants import VariantRole
from stillroom.providers.cutouts.cache import Cutouts
from stillroom.storage.catalog import FileCatalogue
from stillroom.storage.database import Database
from stillroom.storage.local_notifier import LocalNotifier
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.conftest import NO_CUTOUTS, HandMovedClock, WatchedBlobs
from tests.integration.storage.rows import ANNA, a_job, a_session, a_variant, an_asset, an_owner

pytestmark = pytest.mark.anyio


async def _products(transactions: SqlTransactions, count: int) -> list[Session]:
    sessions = []
    async with transactions() as tx:
        await tx.owners.add(an_owner(ANNA))
        for number in range(count):
            asset = an_asset(ANNA, sha256=f"{number:064x}")
            session = a_session(asset)
            await tx.assets.add(asset)
            await tx.sessions.add(session)
            sessions.append(session)
            for _ in range(2):
                job = replace(a_job(session), status=JobStatus.SUCCEEDED)
                await tx.jobs.add(job)
                await tx.variants.add(a_variant(job, 2))
                await tx.variants.add(a_variant(job, 1))
                await tx.variants.add(a_variant(job, 1, VariantRole.PREVIEW))
    return sessions


async def test_product_list_matches_single_reads_with_a_constant_number_of_queries(
    database_url: str, blobs: WatchedBlobs, clock: HandMovedClock
) -> None:
    database = Database(database_url)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    try:
        transactions = SqlTransactions(database)
        opened = await _products(transactions, 5)
        lifecycle = Lifecycle(transactions, LocalNotifier(), IdFactory(), clock, Limits())
        service = Sessions(
            transactions, blobs, FileCatalogue(), lifecycle, IdFactory(), clock, Cutouts(NO_CUTOUTS)
        )
        alone = {session.id: await service.view(session.id, ANNA) for session in opened}
        sa.event.listen(database.engine.sync_engine, "before_cursor_execute", note)
        one = (await service.list(ANNA, None, 1)).items
        for_one = len(asked)
        asked.clear()
        everything = (await service.list(ANNA, None, 10)).items
    finally:
        await database.close()
    assert len(one) == 1
    assert len(asked) == for_one
    assert {view.session.id: view for view in everything} == alone
    for view in everything:
        assert len(view.variants) == 6
        assert [[(one.role, one.ordinal) for one in job.variants] for job in view.jobs] == [
            [(VariantRole.PREVIEW, 1), (VariantRole.CANDIDATE, 1), (VariantRole.CANDIDATE, 2)]
        ] * 2
