"""Empty jobs claimed and finished per second, with their events, on both databases.

Run with `python -m tests.bench.job_queue [jobs]`. PostgreSQL runs with its durability on.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from stillroom.domain.events import JobSucceeded
from stillroom.domain.ids import OwnerId
from stillroom.domain.jobs import Trigger
from stillroom.storage.database import Database
from stillroom.storage.migrations import migrate
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.storage.rows import a_job, ids, moved_in
from tests.servers.postgresql import PostgresServer

OWNERS = 20
SLOTS = (1, 4, 16)
ROUNDS = 3


@dataclass(frozen=True)
class Figures:
    """One round: jobs per second, and the milliseconds a slot spends on claiming."""

    per_second: float
    claim_p50_ms: float
    claim_p95_ms: float


def main() -> None:
    """Print the median of several rounds per database and number of slots."""
    jobs = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    table = Table("database", "slots", "jobs/s", "claim p50 ms", "claim p95 ms", title=f"{jobs} empty jobs")
    with _urls() as urls:
        for name, url in urls.items():
            for slots in SLOTS:
                rounds = [asyncio.run(_round(url, jobs, slots)) for _ in range(ROUNDS)]
                middle = sorted(rounds, key=lambda figures: figures.per_second)[ROUNDS // 2]
                table.add_row(
                    name,
                    str(slots),
                    f"{middle.per_second:.0f}",
                    f"{middle.claim_p50_ms:.1f}",
                    f"{middle.claim_p95_ms:.1f}",
                )
    Console().print(table)


@contextmanager
def _urls() -> Iterator[dict[str, str]]:
    with PostgresServer(durable=True) as server, tempfile.TemporaryDirectory() as folder:
        yield {
            "SQLite": f"sqlite:///{Path(folder) / 'bench.sqlite3'}",
            "PostgreSQL": server.create_database(),
        }


async def _round(url: str, jobs: int, slots: int) -> Figures:
    await migrate(url)
    database = Database(url)
    transactions = SqlTransactions(database)
    await _fill(transactions, jobs)
    waits: list[float] = []
    start = time.perf_counter()
    await asyncio.gather(*(_slot(transactions, slot, waits) for slot in range(slots)))
    seconds = time.perf_counter() - start
    await database.close()
    return Figures(
        jobs / seconds, statistics.median(waits) * 1000, statistics.quantiles(waits, n=20)[-1] * 1000
    )


async def _fill(transactions: SqlTransactions, jobs: int) -> None:
    due = datetime.now(UTC) - timedelta(hours=1)
    run = ids.request()
    sessions = [await moved_in(transactions, OwnerId(f"own_{run}_{number}")) for number in range(OWNERS)]
    async with transactions() as tx:
        for number in range(jobs):
            await tx.jobs.add(replace(a_job(sessions[number % OWNERS]), run_after=due))


async def _slot(transactions: SqlTransactions, slot: int, waits: list[float]) -> None:
    while True:
        begin = time.perf_counter()
        now = datetime.now(UTC)
        async with transactions() as tx:
            jobs = await tx.jobs.claim(
                f"slot{slot}", ids.lease_token(), now, now + timedelta(seconds=15), running_per_owner=2
            )
        if not jobs:
            return
        (job,) = jobs
        waits.append(time.perf_counter() - begin)
        async with transactions() as tx:
            await tx.jobs.move(
                job.id,
                Trigger.SUCCEED,
                {"finished_at": now},
                job.lease_token,
                told_by=lambda _: _success(),
                at=now,
            )


def _success() -> JobSucceeded:
    return JobSucceeded(variant_ids=(), model_used=None, fallbacks=(), latency_ms=0, first_image_ms=None)


if __name__ == "__main__":
    main()
