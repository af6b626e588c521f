"""Services on a migrated database, with a maker of jobs that does nothing by itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from stillroom.application.jobs import Jobs
from stillroom.application.lifecycle import Lifecycle
from stillroom.application.limits import Limits
from stillroom.domain.ids import IdFactory
from stillroom.storage.catalog import FileCatalogue
from stillroom.storage.database import Database
from stillroom.storage.migrations import migrate
from stillroom.storage.rate_limits import TokenBuckets
from stillroom.storage.signals import LocalSignals
from stillroom.storage.unit_of_work import SqlTransactions


class Desk:
    """What a process of the studio knows, but for pictures."""

    def __init__(
        self, url: str, folder: Path, limits: Limits, per_minute: int, clouds: tuple[str, ...] = ()
    ) -> None:
        self.database = Database(url)
        self.transactions = SqlTransactions(self.database)
        self.signals = LocalSignals()
        self.ids = IdFactory()
        self.jobs = Jobs(
            self.transactions,
            FileCatalogue(folder / "config"),
            self.signals,
            TokenBuckets(per_minute, None),
            self.ids,
            now,
            limits,
            lambda _, provider: bool(clouds) and provider in (None, *clouds),
        )
        self.lifecycle = Lifecycle(self.transactions, self.signals, self.ids, now, limits)


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def open_desk(database_url: str, folder: Path, clouds: tuple[str, ...] = ()) -> AsyncIterator[Desk]:
    """One process, and the clouds that it can ask."""
    await migrate(database_url)
    desk = Desk(database_url, folder, Limits(), per_minute=30, clouds=clouds)
    yield desk
    await desk.database.close()
