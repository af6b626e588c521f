"""Empty jobs claimed and finished per second by whole workers, beside other queues, in one run.

Run with `python -m tests.bench.job_queue [jobs]`. PostgreSQL runs with its durability on. The other queues
are installed into a folder of their own at the first run.

What a finished job is to each of them:

- Stillroom: state and event are on disk. Owners take turns and are bounded, and watchers are told.
- PgQueuer: the row is deleted and a line of its log is on disk, a batch at a time; until then it would be
  done again. Its bound on jobs at once must be twice its batch: ten at once are batches of five. By its
  defaults batches are of ten, and nothing bounds jobs at once.
- Procrastinate: state and event are on disk, job by job.
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

PROCESSES = (1, 2)
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
    is_bounded: bool = True


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
            "pgqueuer",
            [peers, str(HERE / "peers/pgqueuer_worker.py")],
            "SELECT count(*) FROM pgqueuer",
        ),
        Contender(
            "pgqueuer unbounded",
            [peers, str(HERE / "peers/pgqueuer_worker.py")],
            "SELECT count(*) FROM pgqueuer",
            is_bounded=False,
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
    for peer in contenders[1:]:
        times = [middle["stillroom", p] / middle[peer.name, p] for p in PROCESSES]
        table.add_row(f"times {peer.name}", *(f"{ratio:.2f}" for ratio in times))
    Console().print(table, f"load {os.getloadavg()[0]:.1f}")


def _peers() -> Path:
    """The Python that has the other queues."""
    python = PEERS / "bin" / "python"
    if not python.exists():
        venv.create(PEERS, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


async def _round(contender: Contender, url: str, jobs: int, processes: int) -> float:
    async with asyncio.timeout(MOST_SECONDS):
        filling = await asyncio.create_subprocess_exec(*contender.command, "fill", url, str(jobs))
        assert await filling.wait() == 0, contender.name
        watcher = await asyncpg.connect(url)
        await watcher.execute("VACUUM ANALYZE")
        workers = [await _worker(contender, url) for _ in range(processes)]
        try:
            for worker in workers:
                assert worker.stdout is not None, "it is a pipe"
                assert (await worker.stdout.readline()).strip() == b"ready", contender.name
            start = time.perf_counter()
            for worker in workers:
                assert worker.stdin is not None, "it is a pipe"
                worker.stdin.write(b"\n")
            while await watcher.fetchval(contender.left):  # noqa: ASYNC110 - there is no event to wait for
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
            return jobs / (time.perf_counter() - start)
        finally:
            # Whatever happened: one that is left behind looks for its server for ever.
            for worker in workers:
                if worker.returncode is None:
                    worker.kill()
                await worker.wait()
            await watcher.close()


async def _worker(contender: Contender, url: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *contender.command,
        *("work", url, str(SLOTS if contender.is_bounded else 0)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )


if __name__ == "__main__":
    main()
