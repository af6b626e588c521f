"""Throughput of jobs that wait for a cloud, with 1, 2 and 4 workers on PostgreSQL, S3 and Valkey.

A fake cloud answers every call after `--seconds`. Each row starts a studio of its own, hands in
`--waves` times as many jobs as its workers may have in hand, and waits for all.

    python -m tests.load.scaling
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyvips
import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from stillroom.storage.database import Database
from stillroom.storage.tables.work import jobs
from stillroom.worker.loop import IN_FLIGHT_PER_SLOT
from tests.fakes.providers.gemini import FakeGemini
from tests.fakes.providers.painters import plain
from tests.fakes.providers.server import KEY, Asked
from tests.load.cluster import ClusterProcess, cluster
from tests.servers.postgresql import PostgresServer
from tests.servers.s3 import S3Server
from tests.servers.valkey import valkey_server

CROWDS = (1, 2, 4)
SLOTS = 1
"""Slots of each worker: one, because four workers would otherwise use more cores than the machine has."""

PHOTO = Path(__file__).parents[2] / "golden" / "images" / "mug_kitchen.jpg"
LONG_SIDE = 1024
"""To which the photo is made smaller, so that a job waits most of its time."""

POLL_SECONDS = 0.5
BUCKET = "scaling"

console = Console()


@dataclass(frozen=True)
class Row:
    """Result of a crowd of workers.

    Attributes:
        ends: How many jobs came to which end, with which model.
        seconds: From the first claim to the last end.
        cpu_seconds: That the workers used meanwhile.
    """

    workers: int
    ends: Counter[str]
    seconds: float
    cpu_seconds: float


def main() -> int:
    """Measure and print; 0 if the cloud made every picture."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=10.0)
    arguments.add_argument("--waves", type=int, default=5)
    given = arguments.parse_args()
    table = Table("workers", "jobs", "jobs/s", "CPU s per job", "ended as")
    rows = []
    with (
        PostgresServer(durable=True) as postgres,
        S3Server() as s3,
        valkey_server() as valkey,
        FakeGemini(_Once()) as gemini,
    ):
        s3.create_bucket(BUCKET)
        gemini.delay_seconds = given.seconds
        for number, workers in enumerate(CROWDS):
            settings = {
                **s3.environment,
                "STILLROOM_DATABASE_URL": postgres.create_database(),
                "STILLROOM_STORAGE_URL": f"s3://{BUCKET}/{number}",
                "STILLROOM_VALKEY_URL": f"{valkey}/{number}",
                "STILLROOM_WORKER_CONCURRENCY": str(SLOTS),
                "STILLROOM_USER_RUNNING": "100",
                "STILLROOM_USER_QUEUED": "1000",
                "STILLROOM_USER_PER_MINUTE": "100000",
                "GEMINI_API_KEY": KEY,
                "GEMINI_BASE_URL": gemini.address,
            }
            row = _measured(workers, given.waves, settings)
            gemini.asked.clear()
            count, cpu = row.ends.total(), row.cpu_seconds
            ends = ", ".join(f"{much} {end}" for end, much in row.ends.items())
            table.add_row(str(workers), str(count), f"{count / row.seconds:.2f}", f"{cpu / count:.2f}", ends)
            rows.append(row)
    console.print(table)
    return 0 if all(set(row.ends) == {"succeeded, gemini"} for row in rows) else 1


class _Once:
    """Paints one picture and gives it out for ever: the cloud's own work must not use our cores."""

    def __init__(self) -> None:
        self._made: list[bytes] = []

    def __call__(self, asked: Asked) -> list[bytes]:
        if not self._made:
            self._made = plain(asked)
        return self._made


def _measured(workers: int, waves: int, settings: Mapping[str, str]) -> Row:
    count = waves * workers * SLOTS * IN_FLIGHT_PER_SLOT
    with (
        tempfile.TemporaryDirectory() as folder,
        cluster(Path(folder), settings, servers=1, workers=workers) as (server, *crowd),
    ):
        before = _cpu_seconds(crowd)
        _hand_in(server.url, count)
        ends, seconds = asyncio.run(_over(settings["STILLROOM_DATABASE_URL"], count))
        return Row(workers, ends, seconds, _cpu_seconds(crowd) - before)


def _hand_in(url: str, count: int) -> None:
    with httpx.Client(base_url=url, timeout=60) as client:
        small = pyvips.Image.thumbnail(str(PHOTO), LONG_SIDE).write_to_buffer(".jpg")
        image = (
            client.post("/upload", files={"file": ("a.jpg", small, "image/jpeg")}).raise_for_status().json()
        )
        for _ in range(count):
            session = client.post("/session", json={"image_id": image["id"]}).raise_for_status().json()
            body = {"session_id": session["id"], "operation": "bg_replace", "candidates": 1}
            client.post("/edit", json=body).raise_for_status()


async def _over(url: str, count: int) -> tuple[Counter[str], float]:
    """Wait until all have ended; how they did, and the seconds between the first claim and the last end."""
    database = Database(url)
    provider = sa.func.split_part(jobs.c.model_used, "/", 1)
    asked = sa.select(jobs.c.status, provider, jobs.c.started_at, jobs.c.finished_at)
    try:
        while True:
            async with database.begin() as connection:
                rows = (await connection.execute(asked.where(jobs.c.finished_at.is_not(None)))).all()
            if len(rows) == count:
                break
            await asyncio.sleep(POLL_SECONDS)
    finally:
        await database.close()
    ends = Counter(f"{status}, {model}" for status, model, _, _ in rows)
    return ends, (max(row[3] for row in rows) - min(row[2] for row in rows)).total_seconds()


def _cpu_seconds(crowd: Sequence[ClusterProcess]) -> float:
    """User and system time that these processes have used."""
    ticks = 0
    for process in crowd:
        # The name in parentheses may hold spaces.
        fields = Path(f"/proc/{process.popen.pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
