"""Services of jobs on a migrated database, without a worker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from stillroom.application.instructions.reading import Instructions
from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.application.jobs.requests import Jobs
from stillroom.application.limits.limits import Limits
from stillroom.application.readers.calls import ReaderCalls
from stillroom.domain.ids import IdFactory
from stillroom.domain.ports import Allowance, RateLimiter, Reader, Subscription
from stillroom.storage.catalog import FileCatalogue
from stillroom.storage.database import Database
from stillroom.storage.local_notifier import LocalNotifier
from stillroom.storage.rate_limits import TokenBuckets
from stillroom.storage.unit_of_work import SqlTransactions

PATIENCE_SECONDS = 10.0


class WatchedNotifier(LocalNotifier):
    """Notifier that signals when its subscriber has handled everything and waits again."""

    def __init__(self) -> None:
        super().__init__()
        self._rests = asyncio.Event()
        self._rests.set()

    @asynccontextmanager
    async def jobs(self) -> AsyncIterator[Subscription]:
        try:
            async with super().jobs() as subscription:
                yield _Watched(subscription, self._rests)
        finally:
            self._rests.set()

    async def rest(self) -> None:
        """Wait until that happens, from now on."""
        self._rests.clear()
        await self.settled()

    async def settled(self) -> None:
        """Wait until the subscriber is idle, because a connection in use cannot be closed."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._rests.wait()


class _Watched:
    def __init__(self, subscription: Subscription, rests: asyncio.Event) -> None:
        self._signal = subscription
        self._rests = rests

    async def wait(self, timeout_seconds: float) -> frozenset[str]:
        self._rests.set()
        try:
            return await self._signal.wait(timeout_seconds)
        finally:
            self._rests.clear()


class WritingLimiter(TokenBuckets):
    """Limiter that writes to the same database, which SQLite grants to one transaction at a time."""

    def __init__(self, per_minute: int, transactions: SqlTransactions) -> None:
        super().__init__(per_minute, None)
        self._transactions = transactions

    async def consume(self, who: str) -> Allowance:
        async with self._transactions():
            return await super().consume(who)


class JobServices:
    """Services of one process, without imaging."""

    def __init__(
        self,
        url: str,
        folder: Path,
        limits: Limits,
        per_minute: int = 30,
        clouds: tuple[str, ...] = (),
        reader: Reader | None = None,
        limiter: RateLimiter | None = None,
    ) -> None:
        self.database = Database(url)
        self.transactions = SqlTransactions(self.database)
        self.notifier = WatchedNotifier()
        self.ids = IdFactory()
        limiter = limiter or TokenBuckets(per_minute, None)
        calls = ReaderCalls(reader, self.transactions, limiter, self.ids, now, 1_000_000) if reader else None
        self.instructions = Instructions(self.transactions, calls)
        self.lifecycle = Lifecycle(self.transactions, self.notifier, self.ids, now, limits)
        self.jobs = Jobs(
            self.transactions,
            FileCatalogue(folder / "config"),
            self.notifier,
            limiter,
            self.ids,
            now,
            limits,
            self.instructions,
            self.lifecycle,
            lambda _, provider: bool(clouds) and provider in (None, *clouds),
        )


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def open_job_services(
    database_url: str,
    folder: Path,
    clouds: tuple[str, ...] = (),
    reader: Reader | None = None,
    per_minute: int = 30,
    limiter: RateLimiter | None = None,
) -> AsyncIterator[JobServices]:
    """One process, the clouds that it can ask, and the model that reads instructions."""
    services = JobServices(database_url, folder, Limits(), per_minute, clouds, reader, limiter)
    yield services
    await services.notifier.settled()
    await services.database.close()
