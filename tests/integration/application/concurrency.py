"""Transactions that meet others on PostgreSQL."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.application.limits.limits import Limits
from stillroom.application.sessions import Sessions
from stillroom.domain.ids import IdFactory
from stillroom.domain.ports import ErasingTransactions, UnitOfWork
from stillroom.providers.cutouts.cache import Cutouts
from stillroom.storage.catalog import FileCatalogue
from stillroom.storage.database import Database
from stillroom.storage.local_notifier import LocalNotifier
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.conftest import NO_CUTOUTS, HandMovedClock, WatchedBlobs

_WAITING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@dataclass
class Interrupted:
    """Transactions in which something happens once, before a method of a repository is called."""

    transactions: SqlTransactions
    repository: str
    method: str
    meanwhile: Callable[[], Awaitable[None]]

    @asynccontextmanager
    async def __call__(
        self, *, read_only: bool = False, uses_reserve: bool = False
    ) -> AsyncIterator[UnitOfWork]:
        async with self.transactions(read_only=read_only, uses_reserve=uses_reserve) as tx:
            repository = getattr(tx, self.repository)
            call = getattr(repository, self.method)

            async def call_late(*given: Any, **named: Any) -> Any:
                await self.meanwhile()
                return await call(*given, **named)

            setattr(repository, self.method, call_late)
            yield tx

    async def erase_traces(self) -> None:
        await self.transactions.erase_traces()


def sessions_in(transactions: ErasingTransactions, blobs: WatchedBlobs, clock: HandMovedClock) -> Sessions:
    lifecycle = Lifecycle(transactions, LocalNotifier(), IdFactory(), clock, Limits())
    return Sessions(transactions, blobs, FileCatalogue(), lifecycle, IdFactory(), clock, Cutouts(NO_CUTOUTS))


@asynccontextmanager
async def lock_watch(database: Database) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """Yield a function that returns whether a transaction waits for a lock."""
    async with database.engine.connect() as connection:
        watcher = await connection.execution_options(isolation_level="AUTOCOMMIT")

        async def is_waiting() -> bool:
            return bool(await watcher.scalar(_WAITING))

        yield is_waiting
