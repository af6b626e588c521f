"""Deletions of products that meet other transactions on PostgreSQL."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import sqlalchemy as sa

from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.application.limits.limits import Limits
from stillroom.application.sessions import Sessions
from stillroom.domain.ids import IdFactory
from stillroom.domain.ports import ErasingTransactions
from stillroom.providers.cutouts.cache import Cutouts
from stillroom.storage.catalog import FileCatalogue
from stillroom.storage.database import Database
from stillroom.storage.local_notifier import LocalNotifier
from tests.integration.application.conftest import NO_CUTOUTS, HandMovedClock, WatchedBlobs

_WAITING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


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
