"""Eager cut-outs: when they run, give way, go on and are cancelled."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import anyio.lowlevel
import pytest

from stillroom.application.photos.eager import EagerCutouts
from stillroom.application.photos.mattes import Mattes
from stillroom.domain.errors import StorageUnavailable
from stillroom.domain.ids import IdFactory
from stillroom.domain.jobs.job import Trigger
from stillroom.domain.mattes import (
    NO_HINTS,
    FoundMatte,
    PhotoHints,
)
from stillroom.domain.ports import UnitOfWork
from stillroom.domain.sessions import Session
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.conftest import HandMovedClock, WatchedBlobs
from tests.integration.application.orange_finder import OrangeFinder
from tests.integration.storage.rows import a_job

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def running_for(eager: EagerCutouts, session: Session) -> AsyncIterator[None]:
    """Run eager cut-outs with a session added, until the block ends."""
    running = asyncio.create_task(eager.run())
    # Scheduled after the task, so the queue is open by then.
    asyncio.get_running_loop().call_soon(eager.add, session.id, session.owner_id)
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_new_session_is_cut_out_eagerly(
    session: Session, transactions: SqlTransactions, blobs: WatchedBlobs, clock: HandMovedClock
) -> None:
    finder = OrangeFinder()
    mattes = Mattes(transactions, blobs, finder, IdFactory(), clock)
    eager = EagerCutouts(mattes, transactions)
    await eager.cut_out(session.id, session.owner_id)
    found = await mattes.current(session.id, session.owner_id)
    await eager.cut_out(session.id, session.owner_id)
    assert found.matte.model == "orange"
    assert finder.asked == [None]


async def test_an_eager_cut_out_waits_until_no_job_waits_or_runs(
    session: Session, transactions: SqlTransactions, blobs: WatchedBlobs, clock: HandMovedClock
) -> None:
    class HeardFinder(OrangeFinder):
        async def find_eagerly(
            self, photo: bytes, sha256: str, cancelled: threading.Event, hints: PhotoHints = NO_HINTS
        ) -> FoundMatte | None:
            asked.set()
            return await super().find_eagerly(photo, sha256, cancelled, hints)

    class SignallingTransactions:
        @asynccontextmanager
        async def __call__(
            self, *, read_only: bool = False, uses_reserve: bool = False
        ) -> AsyncIterator[UnitOfWork]:
            async with transactions(read_only=read_only, uses_reserve=uses_reserve) as tx:
                yield tx
            has_counted.set()

        async def erase_traces(self) -> None:
            """Nothing is erased here."""

    asked, has_counted = asyncio.Event(), asyncio.Event()
    job = a_job(session)
    async with transactions() as tx:
        await tx.jobs.add(job)
    mattes = Mattes(transactions, blobs, HeardFinder(), IdFactory(), clock)
    eager = EagerCutouts(mattes, SignallingTransactions(), busy_seconds=0.01)
    async with running_for(eager, session):
        for _ in range(3):
            has_counted.clear()
            await asyncio.wait_for(has_counted.wait(), timeout=10)
        assert not asked.is_set()
        async with transactions() as tx:
            await tx.jobs.move(job.id, Trigger.CANCEL, {"finished_at": clock()})
        await asyncio.wait_for(asked.wait(), timeout=10)


async def test_an_eager_cut_out_that_gave_way_is_made_again(
    session: Session, transactions: SqlTransactions, blobs: WatchedBlobs, clock: HandMovedClock
) -> None:
    class GivingWay(OrangeFinder):
        async def find_eagerly(
            self, photo: bytes, sha256: str, cancelled: threading.Event, hints: PhotoHints = NO_HINTS
        ) -> FoundMatte | None:
            asked.put_nowait(sha256)
            if asked.qsize() < 2:
                return None
            found = await super().find_eagerly(photo, sha256, cancelled, hints)
            again.set()
            return found

    asked: asyncio.Queue[str] = asyncio.Queue()
    again = asyncio.Event()
    eager = EagerCutouts(Mattes(transactions, blobs, GivingWay(), IdFactory(), clock), transactions)
    async with running_for(eager, session):
        await asyncio.wait_for(again.wait(), timeout=10)
    assert asked.qsize() == 2


async def test_eager_cut_out_is_cancelled_with_its_session_and_the_next_one_runs(
    session: Session, transactions: SqlTransactions, blobs: WatchedBlobs, clock: HandMovedClock
) -> None:
    class SlowFinder(OrangeFinder):
        async def find_eagerly(
            self, photo: bytes, sha256: str, cancelled: threading.Event, hints: PhotoHints = NO_HINTS
        ) -> FoundMatte | None:
            asked.put_nowait(cancelled)
            await released.wait()
            return await super().find_eagerly(photo, sha256, cancelled, hints)

    asked: asyncio.Queue[threading.Event] = asyncio.Queue()
    released = asyncio.Event()
    eager = EagerCutouts(Mattes(transactions, blobs, SlowFinder(), IdFactory(), clock), transactions)
    eager.add(session.id, session.owner_id)  # nobody runs it yet, so it is not kept
    async with running_for(eager, session):
        cancelled = await asked.get()
        eager.drop(session.id)
        assert cancelled.is_set()
        eager.add(session.id, session.owner_id)
        released.set()
        second = await asked.get()
        assert not second.is_set()
    assert second.is_set()
    assert asked.empty()


async def test_an_eager_cut_out_pauses_while_the_database_is_away(
    session: Session, transactions: SqlTransactions, blobs: WatchedBlobs, clock: HandMovedClock
) -> None:
    class MissingDatabase:
        tries = 0

        @asynccontextmanager
        async def __call__(
            self, *, read_only: bool = False, uses_reserve: bool = False
        ) -> AsyncIterator[UnitOfWork]:
            del read_only, uses_reserve
            self.tries += 1
            tried.set()
            await anyio.lowlevel.checkpoint()
            raise StorageUnavailable
            yield

    tried, database = asyncio.Event(), MissingDatabase()
    mattes = Mattes(transactions, blobs, OrangeFinder(), IdFactory(), clock)
    async with running_for(EagerCutouts(mattes, database, busy_seconds=60), session):
        async with asyncio.timeout(10):
            await tried.wait()
            await anyio.wait_all_tasks_blocked()
        assert database.tries == 1


async def test_eager_cut_outs_go_on_after_a_network_has_failed(
    session: Session, transactions: SqlTransactions, blobs: WatchedBlobs, clock: HandMovedClock
) -> None:
    class FailingFinder(OrangeFinder):
        async def find_eagerly(
            self, photo: bytes, sha256: str, cancelled: threading.Event, hints: PhotoHints = NO_HINTS
        ) -> FoundMatte | None:
            del photo, cancelled, hints
            asked.put_nowait(sha256)
            raise RuntimeError("The network does not run.")

    asked: asyncio.Queue[str] = asyncio.Queue()
    mattes = Mattes(transactions, blobs, FailingFinder(), IdFactory(), clock)
    eager = EagerCutouts(mattes, transactions, busy_seconds=0.01)
    running = asyncio.create_task(eager.run())
    for _ in range(2):
        asyncio.get_running_loop().call_soon(eager.add, session.id, session.owner_id)
        await asyncio.wait_for(asked.get(), timeout=10)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
