"""Streams and submissions: memory of idle streams, time from event to client, time of `POST /edit`.

Run with `python -m tests.bench.streams`. One server, PostgreSQL with its durability on; the events are
written by this process, as a worker elsewhere would.
"""

import asyncio
import os
import resource
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from rich.console import Console
from rich.table import Table

from stillroom.application.jobs.lifecycle import Lifecycle
from stillroom.application.limits.limits import Limits
from stillroom.domain.ids import IdFactory
from stillroom.domain.jobs.events import JobProgressed
from stillroom.domain.jobs.job import ClaimedJob
from stillroom.storage.database import Database
from stillroom.storage.notifications import open_notifier
from stillroom.storage.unit_of_work import SqlTransactions
from tests.chaos.clients import Clients
from tests.chaos.process_group import ProcessGroup
from tests.integration.storage.rows import an_edit, room
from tests.servers.postgresql import PostgresServer

STREAMS = 2000
JOBS = 20
BROADCASTS = 10
SPREAD_EVENTS = 300
EDITS, EDITS_PER_SECOND = 500, 50


def main() -> None:
    """Print one table."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16_384), hard))
    with PostgresServer(durable=True) as server, tempfile.TemporaryDirectory() as folder:
        url = server.create_database()
        with ProcessGroup(Path(folder), {"STILLROOM_DATABASE_URL": url}, servers=1, workers=0) as group:
            rows = asyncio.run(_measured(group, url))
    table = Table("what", "figure", "target", title=f"load {os.getloadavg()[0]:.1f}")
    for row in rows:
        table.add_row(*row)
    Console().print(table)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def _measured(group: ProcessGroup, url: str) -> Sequence[tuple[str, str, str]]:
    server = group.servers[0]
    session_id = await asyncio.to_thread(Clients([server.url], at_once=1).open_session)
    edits = await _edits(server.url, session_id)
    async with _worker(url) as lifecycle:
        jobs: list[ClaimedJob] = []
        while len(jobs) < JOBS:
            jobs += map(an_edit, await lifecycle.claim("bench", room(JOBS - len(jobs))))
        before = _megabytes(server.pid)
        async with _StreamClients(server.url) as audience:
            await audience.open([jobs[n % (JOBS - 1) + 1].id for n in range(STREAMS - 50)])
            await audience.open([jobs[0].id] * 50)
            await asyncio.sleep(3)
            idle = _megabytes(server.pid)
            spread = []
            for number in range(SPREAD_EVENTS):
                spread += await audience.tell(lifecycle, jobs[0], number, 50)
        async with _StreamClients(server.url) as audience:
            await audience.open([jobs[1].id] * STREAMS)
            # Until those of before are gone, who were hung up on all at once.
            await asyncio.sleep(5)
            broadcast = []
            for number in range(BROADCASTS):
                broadcast += await audience.tell(lifecycle, jobs[1], number, STREAMS)
                await asyncio.sleep(0.3)
    return [
        (f"server without streams, MB; with {STREAMS} idle ones", f"{before:.0f}; {idle:.0f}", "below 400"),
        (f"broadcast to {STREAMS} clients, p50 / p99 ms", _percentiles(broadcast), "p99 below 250"),
        ("event of another process to client, p50 / p99 ms", _percentiles(spread), "p99 below 150"),
        (f"POST /edit at {EDITS_PER_SECOND}/s, p50 / p99 ms", _percentiles(edits), "p99 below 60"),
    ]


@asynccontextmanager
async def _worker(url: str) -> AsyncIterator[Lifecycle]:
    database = Database(url)
    async with open_notifier(url) as notifier:
        yield Lifecycle(
            SqlTransactions(database),
            notifier,
            IdFactory(),
            lambda: datetime.now(UTC),
            Limits(user_running=JOBS, lease_seconds=3600),
        )
    await database.close()


async def _edits(url: str, session_id: str) -> list[float]:
    """Milliseconds of requests that come evenly, whether or not the last was answered."""
    took: list[float] = []
    body = {"session_id": session_id, "operation": "optimize", "candidates": 1}

    async def edit(client: httpx.AsyncClient) -> None:
        started = time.perf_counter()
        answer = await client.post("/edit", json=body)
        took.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 202, answer.text

    async with httpx.AsyncClient(base_url=url, timeout=30) as client, asyncio.TaskGroup() as group:
        for _ in range(EDITS):
            group.create_task(edit(client))
            await asyncio.sleep(1 / EDITS_PER_SECOND)
    return took[50:]


class _StreamClients:
    """Many clients of one server."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._host, self._port = address.hostname or "", address.port or 0
        self._readers: list[asyncio.Task[None]] = []
        self._heard: dict[bytes, list[float]] = {}
        self._ready = 0

    async def __aenter__(self) -> "_StreamClients":
        return self

    async def __aexit__(self, *_: Any) -> None:
        for reader in self._readers:
            reader.cancel()
        await asyncio.wait(self._readers)

    async def open(self, job_ids: Sequence[str]) -> None:
        """Watch jobs, one stream each."""
        for start in range(0, len(job_ids), 100):
            self._readers += [asyncio.create_task(self._listen(one)) for one in job_ids[start : start + 100]]
            wanted = self._ready_at(len(self._readers))
            async with asyncio.timeout(60):
                await wanted

    async def tell(self, lifecycle: Lifecycle, job: ClaimedJob, percent: int, listeners: int) -> list[float]:
        """Write an event, and give back after how many milliseconds each listener had it."""
        stage = f"s{time.monotonic_ns()}"
        heard = self._heard.setdefault(stage.encode(), [])
        started = time.perf_counter()
        await lifecycle.append_event(job, JobProgressed(stage=stage, percent=percent))
        async with asyncio.timeout(20):
            while len(heard) < listeners:  # noqa: ASYNC110 - filled by many tasks
                await asyncio.sleep(0.002)
        return [(moment - started) * 1000 for moment in heard]

    async def _ready_at(self, count: int) -> None:
        while self._ready < count:  # noqa: ASYNC110 - filled by many tasks
            await asyncio.sleep(0.01)

    async def _listen(self, job_id: str) -> None:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(f"GET /stream/{job_id} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n\r\n".encode())
            await reader.readuntil(b"event: running")
            self._ready += 1
            while line := await reader.readline():
                _, found, rest = line.partition(b'"stage":"')
                if found:
                    stage = rest.partition(b'"')[0]
                    if stage in self._heard:
                        self._heard[stage].append(time.perf_counter())
        finally:
            writer.close()


def _megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _percentiles(took: Sequence[float]) -> str:
    return f"{statistics.median(took):.0f} / {statistics.quantiles(took, n=100)[98]:.0f}"


if __name__ == "__main__":
    main()
