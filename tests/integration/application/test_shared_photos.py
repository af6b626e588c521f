"""Products of one photo that several servers open and delete at the same time.

SQLite has one writer, so that nothing can happen in between.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from stillroom.domain.ports import UnitOfWork
from stillroom.storage.database import Database
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.concurrency import lock_watch, sessions_in
from tests.integration.application.conftest import HandMovedClock, WatchedBlobs
from tests.integration.storage.rows import ANNA, a_session, stored_session

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("database_kind", ["postgresql"])]


@dataclass
class LateCommits:
    """Transactions after which something is awaited before they commit."""

    transactions: SqlTransactions
    before_commit: Callable[[], Awaitable[object]]

    @asynccontextmanager
    async def __call__(
        self, *, read_only: bool = False, uses_reserve: bool = False
    ) -> AsyncIterator[UnitOfWork]:
        async with self.transactions(read_only=read_only, uses_reserve=uses_reserve) as tx:
            yield tx
            await self.before_commit()

    async def erase_traces(self) -> None:
        await self.transactions.erase_traces()


async def test_photo_goes_with_the_last_of_two_products_that_are_deleted_at_once(
    database: Database, transactions: SqlTransactions, blobs: WatchedBlobs, clock: HandMovedClock
) -> None:
    one = await stored_session(transactions)
    async with transactions() as tx:
        photo = await tx.assets.get(one.asset_id, ANNA)
        other = a_session(photo)
        await tx.sessions.add(other)
    await blobs.put(photo.blob_key, b"a photo", "image/jpeg")
    done = 0
    async with lock_watch(database) as is_waiting:

        async def meet() -> None:
            """Commit when the other deletion is done too, or waits for this one."""
            nonlocal done
            done += 1
            while done < 2 and not await is_waiting():
                pass

        sessions = sessions_in(LateCommits(transactions, meet), blobs, clock)
        await asyncio.gather(*(sessions.delete(session.id, ANNA) for session in (one, other)))
    async with transactions(read_only=True) as tx:
        assert await tx.assets.several([photo.id]) == {}
    assert await blobs.keys() == set()


async def test_photo_stays_for_a_product_that_is_opened_while_another_one_is_deleted(
    database: Database, transactions: SqlTransactions, blobs: WatchedBlobs, clock: HandMovedClock
) -> None:
    deleted = await stored_session(transactions)
    async with transactions(read_only=True) as tx:
        photo = await tx.assets.get(deleted.asset_id, ANNA)
    opened = a_session(photo)
    sessions = sessions_in(transactions, blobs, clock)
    async with lock_watch(database) as is_waiting:
        async with transactions() as tx:
            await tx.sessions.add(opened)
            deleting = asyncio.create_task(sessions.delete(deleted.id, ANNA))
            while not await is_waiting():
                pass
        await deleting
    async with transactions(read_only=True) as tx:
        assert await tx.assets.get(photo.id, ANNA) == photo
        assert (await tx.sessions.get(opened.id, ANNA)).asset_id == photo.id
