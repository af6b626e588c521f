"""The studio's own worker with an empty job: `fill URL COUNT` or `work URL SLOTS`."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import uvloop

from stillroom.application.jobs.handlers import WorkerSlot
from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.application.limits.limits import Limits
from stillroom.domain.ids import IdFactory, OwnerId
from stillroom.domain.jobs.job import ClaimedDeliveryJob, ClaimedExportJob, ClaimedJob, Job
from stillroom.domain.ports import Notifier
from stillroom.observability import set_up_logging
from stillroom.storage.database import Database
from stillroom.storage.local_notifier import LocalNotifier
from stillroom.storage.migrations import migrate
from stillroom.storage.notifications import open_notifier
from stillroom.storage.unit_of_work import SqlTransactions
from stillroom.worker.heartbeat import Heartbeat
from stillroom.worker.loop import Worker
from tests.integration.storage.rows import a_job, ids, room, stored_session

OWNERS = 100


async def no_exports(job: ClaimedExportJob | ClaimedDeliveryJob) -> None:
    """Fail: there are no exports and deliveries here."""
    raise AssertionError(job.id)


LIMITS = Limits()


async def fill(url: str, count: int) -> None:
    """Make the tables and that many jobs, of many owners."""
    await migrate(url)
    database = Database(url)
    transactions = SqlTransactions(database)
    due = datetime.now(UTC) - timedelta(hours=1)
    sessions = [await stored_session(transactions, OwnerId(f"own_{number}")) for number in range(OWNERS)]
    async with transactions() as tx:
        for number in range(count):
            job = replace(a_job(sessions[number % OWNERS]), id=ids.job(), run_after=due)
            await tx.jobs.add(job)
    await database.close()


async def work(url: str, slots: int) -> None:
    """Report readiness, and start on a signal."""
    async with open_notifier(url) as notifier, _lifecycle(url, notifier) as lifecycle:

        async def nothing(job: ClaimedJob, _: WorkerSlot) -> Job:
            return await lifecycle.succeed(job)

        # As in a worker process: notifications have one connection, and a heartbeat sends none.
        with Heartbeat(partial(_lifecycle, url, LocalNotifier()), LIMITS.lease_seconds) as heartbeat:
            worker = Worker("bench:", lifecycle, nothing, no_exports, no_exports, notifier, heartbeat, slots)
            # Connected before it says so, as the other queues are.
            await lifecycle.claim("bench:", room(0))
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            await asyncio.to_thread(sys.stdin.readline)
            await worker.run()


@asynccontextmanager
async def _lifecycle(url: str, notifier: Notifier) -> AsyncIterator[Lifecycle]:
    database = Database(url)
    try:
        yield Lifecycle(SqlTransactions(database), notifier, IdFactory(), lambda: datetime.now(UTC), LIMITS)
    finally:
        await database.close()


if __name__ == "__main__":
    # To standard error, as everywhere: standard output says when the worker is ready.
    set_up_logging(as_json=True)
    uvloop.run({"fill": fill, "work": work}[sys.argv[1]](sys.argv[2], int(sys.argv[3])))
