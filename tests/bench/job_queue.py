"""Empty jobs claimed and finished per second by whole workers, beside other queues, in one run.

Run with `python -m tests.bench.job_queue [jobs]`. PostgreSQL runs with its durability on. The other queues
are installed into a folder of their own at the first run.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from rich.console import Console
from rich.table import Table

from tests.servers.postgresql import PostgresServer

HERE = Path(__file__).parent
PEERS = Path(__file__).parents[2] / "data" / "bench-peers"
PACKAGES = ("pgqueuer==1.6.0", "procrastinate==3.10.0", "asyncpg", "psycopg[binary,pool]", "uvloop")

PROCESSES = (1, 2, 4)
SLOTS = 10
ROUNDS = 3
LOOK_AGAIN_SECONDS = 0.01
MOST_SECONDS = 120.0


@dataclass(frozen=True)
class Contender:
    """A queue: how it is started, and how one sees that all is done."""

    name: str
    command: Sequence[str]
    left: str


def main() -> None:
    """Print the median of several interleaved rounds per queue and number of processes."""
    jobs = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    peers = str(_peers())
    contenders = [
        Contender(
            "stillroom",
            [sys.executable, "-m", "tests.bench.queue_worker"],
            "SELECT count(*) FROM jobs WHERE status IN ('queued', 'running')",
        ),
        Contender(
            "pgqueuer", [peers, str(HERE / "peers/pgqueuer_worker.py")], "SELECT count(*) FROM pgqueuer"
        ),
        Contender(
            "procrastinate",
            [peers, str(HERE / "peers/procrastinate_worker.py")],
            "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')",
        ),
    ]
    rates: dict[tuple[str, int], list[float]] = {}
    with PostgresServer(durable=True) as server:
        for _ in range(ROUNDS):
            for processes in PROCESSES:
                for contender in contenders:
                    url = server.create_database()
                    rate = asyncio.run(_round(contender, url, jobs, processes))
                    rates.setdefault((contender.name, processes), []).append(rate)
                    server.drop_database(url)
    table = Table("queue", *(f"{p} processes" for p in PROCESSES), title=f"{jobs} empty jobs, {SLOTS} slots")
    middle = {key: statistics.median(found) for key, found in rates.items()}
    for contender in contenders:
        table.add_row(contender.name, *(f"{middle[contender.name, p]:.0f}/s" for p in PROCESSES))
    better = [max(middle["pgqueuer", p], middle["procrastinate", p]) for p in PROCESSES]
    times = [middle["stillroom", p] / best for p, best in zip(PROCESSES, better, strict=True)]
    table.add_row("times the better one", *(f"{ratio:.2f}" for ratio in times))
    Console().print(table, f"load {os.getloadavg()[0]:.1f}")


def _peers() -> Path:
    """The Python that has the other queues."""
    python = PEERS / "bin" / "python"
    if not python.exists():
        venv.create(PEERS, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


async def _round(contender: Contender, url: str, jobs: int, processes: int) -> float:
    filling = await asyncio.create_subprocess_exec(*contender.command, "fill", url, str(jobs))
    assert await filling.wait() == 0, contender.name
    watcher = await asyncpg.connect(url)
    await watcher.execute("VACUUM ANALYZE")
    workers = [await _started(contender, url) for _ in range(processes)]
    start = time.perf_counter()
    for worker in workers:
        assert worker.stdin is not None, "it is a pipe"
        worker.stdin.write(b"\n")
    async with asyncio.timeout(MOST_SECONDS):
        while await watcher.fetchval(contender.left):  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
    seconds = time.perf_counter() - start
    for worker in workers:
        worker.kill()
        await worker.wait()
    await watcher.close()
    return jobs / seconds


async def _started(contender: Contender, url: str) -> asyncio.subprocess.Process:
    worker = await asyncio.create_subprocess_exec(
        *contender.command,
        *("work", url, str(SLOTS)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert worker.stdout is not None, "it is a pipe"
    assert (await worker.stdout.readline()).strip() == b"ready", contender.name
    return worker


if __name__ == "__main__":
    main()
