"""Empty jobs claimed and finished per second by whole workers, beside other queues, in one run.

Run with `python -m tests.bench.job_queue [jobs]`. PostgreSQL runs with its durability on. The other queues
are installed into a folder of their own at the first run. Beside the rate stands what a job takes of the
processors, in the workers and in the server's processes: on a machine that does other things too, rates say
little and this is what can be compared.

What a finished job is to each of them:

- Stillroom: state and event are on disk. Owners take turns and are bounded, and watchers are told.
- PgQueuer: the row is deleted and a line of its log is on disk, a batch at a time; until then it would be
  done again. Its bound on jobs at once must be twice its batch: ten at once are batches of five. By its
  defaults batches are of ten and nothing bounds jobs at once: like that is Stillroom with fifty places.
- Procrastinate: state and event are on disk, job by job.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
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
MANY_SLOTS = 50
NO_BOUND = 0
ROUNDS = 3
POLL_SECONDS = 0.01
MAX_SECONDS = 120.0


@dataclass(frozen=True)
class ComparedQueue:
    """A queue: how it is started, and how one sees that all is done."""

    name: str
    command: Sequence[str]
    left: str
    slots: int = SLOTS


@dataclass(frozen=True)
class Figures:
    """Result of a round: jobs per second, and microseconds of processor time per job."""

    rate: float
    worker_us: float
    server_us: float


def main() -> None:
    """Print the median of several interleaved rounds per queue and number of processes."""
    jobs = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    peers = str(_peers())
    stillroom = ComparedQueue(
        "stillroom",
        [sys.executable, "-m", "tests.bench.peers.stillroom_worker"],
        "SELECT EXISTS (SELECT FROM jobs WHERE status = 'queued')"
        " OR EXISTS (SELECT FROM jobs WHERE status = 'running')",
    )
    pgqueuer = ComparedQueue(
        "pgqueuer",
        [peers, str(HERE / "peers/pgqueuer_worker.py")],
        "SELECT EXISTS (SELECT FROM pgqueuer)",
    )
    contenders = [
        stillroom,
        replace(stillroom, name=f"stillroom, {MANY_SLOTS} places", slots=MANY_SLOTS),
        pgqueuer,
        replace(pgqueuer, name="pgqueuer unbounded", slots=NO_BOUND),
        ComparedQueue(
            "procrastinate",
            [peers, str(HERE / "peers/procrastinate_worker.py")],
            "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing'))",
        ),
    ]
    rounds: dict[tuple[str, int], list[Figures]] = {}
    with PostgresServer(durable=True) as server:
        for _ in range(ROUNDS):
            for processes in PROCESSES:
                for contender in contenders:
                    url = server.create_database()
                    figures = asyncio.run(_round(contender, url, jobs, processes))
                    rounds.setdefault((contender.name, processes), []).append(figures)
                    server.drop_database(url)
    _print(rounds, f"{jobs} empty jobs, {SLOTS} slots")


def _print(rounds: Mapping[tuple[str, int], Sequence[Figures]], title: str) -> None:
    table = Table("queue", *(f"{p} processes" for p in PROCESSES), title=title)
    middle = {key: _middle(found) for key, found in rounds.items()}
    names = list(dict.fromkeys(name for name, _ in rounds))
    for name in names:
        table.add_row(name, *(_words(middle[name, p]) for p in PROCESSES))
    for ours, theirs in ((0, 2), (1, 3), (0, 4)):
        pairs = [(middle[names[ours], p], middle[names[theirs], p]) for p in PROCESSES]
        table.add_row(
            f"{names[ours]} to {names[theirs]}", *(f"{one.rate / other.rate:.2f}" for one, other in pairs)
        )
    Console().print(table, f"load {os.getloadavg()[0]:.1f}; µs of processor time per job: worker + server")


def _middle(found: Sequence[Figures]) -> Figures:
    return Figures(*(statistics.median(values) for values in zip(*map(astuple, found), strict=True)))


def _words(figures: Figures) -> str:
    return f"{figures.rate:.0f}/s  {figures.worker_us:.0f} + {figures.server_us:.0f} µs"


def _peers() -> Path:
    """The Python that has the other queues."""
    python = PEERS / "bin" / "python"
    if not python.exists():
        venv.create(PEERS, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


async def _round(contender: ComparedQueue, url: str, jobs: int, processes: int) -> Figures:
    async with asyncio.timeout(MAX_SECONDS):
        filling = await asyncio.create_subprocess_exec(*contender.command, "fill", url, str(jobs))
        assert await filling.wait() == 0, contender.name
        watcher = await asyncpg.connect(url)
        await watcher.execute("VACUUM ANALYZE")
        server = _parent(await watcher.fetchval("SELECT pg_backend_pid()"))
        workers = [await _worker(contender, url) for _ in range(processes)]
        try:
            for worker in workers:
                assert worker.stdout is not None, "it is a pipe"
                assert (await worker.stdout.readline()).strip() == b"ready", contender.name
            begun = time.perf_counter(), _workers_seconds(workers), _server_seconds(server)
            for worker in workers:
                assert worker.stdin is not None, "it is a pipe"
                worker.stdin.write(b"\n")
            while await watcher.fetchval(contender.left):  # noqa: ASYNC110 - there is no event to wait for
                await asyncio.sleep(POLL_SECONDS)
            ended = time.perf_counter(), _workers_seconds(workers), _server_seconds(server)
            took, worker_seconds, server_seconds = (b - a for a, b in zip(begun, ended, strict=True))
            return Figures(jobs / took, worker_seconds / jobs * 1e6, server_seconds / jobs * 1e6)
        finally:
            # Whatever happened: one that is left behind looks for its server for ever.
            for worker in workers:
                if worker.returncode is None:
                    worker.kill()
                await worker.wait()
            await watcher.close()


def _workers_seconds(workers: Sequence[asyncio.subprocess.Process]) -> float:
    return sum(sum(_seconds(worker.pid)[:2]) for worker in workers)


def _server_seconds(server: int) -> float:
    """Return the processor time of a server and all its processes, also of those that have ended."""
    running = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return sum(_seconds(server)) + sum(sum(_seconds(int(pid))[:2]) for pid in running)


def _seconds(pid: int) -> list[float]:
    """Processor time of a process, its own and the system's for it, then both of its children that ended."""
    try:
        fields = _stat(pid)
    except FileNotFoundError:
        # It has just ended.
        return [0.0]
    return [int(ticks) / os.sysconf("SC_CLK_TCK") for ticks in fields[11:15]]


def _parent(pid: int) -> int:
    return int(_stat(pid)[1])


def _stat(pid: int) -> list[str]:
    """Fields of `proc_pid_stat(5)`, from the state on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


async def _worker(contender: ComparedQueue, url: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *contender.command,
        *("work", url, str(contender.slots)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )


if __name__ == "__main__":
    main()
