"""Mixed load on PostgreSQL, S3 and Valkey: 2 servers, 3 workers, faulty clouds, 8 sellers. `make load`.

Uploads, edits, refinements, streams, exports and downloads for `--minutes`; then every job is looked at in
the database. Prints what each kind of request took, how memory went, and whether anything was lost.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from stillroom.domain.ids import JobId
from stillroom.domain.variants import VariantRole
from stillroom.storage.database import Database
from stillroom.storage.unit_of_work import SqlTransactions
from tests.bench.failover import GEMINI_FAULTS, OPENAI_FAULTS
from tests.chaos.audit import LOCAL
from tests.chaos.clients import facts_of
from tests.fakes.providers.gemini import FakeGemini
from tests.fakes.providers.openai_images import FakeOpenAI
from tests.fakes.providers.painters import plain
from tests.fakes.providers.server import KEY, FakeVendor
from tests.load.cluster import ClusterProcess, cluster, memory_sampled
from tests.load.sellers import LoadResults, Seller
from tests.servers.postgresql import PostgresServer
from tests.servers.s3 import S3Server
from tests.servers.valkey import valkey_server

SERVERS, WORKERS, SELLERS = 2, 3, 8
WEIGH_SECONDS = 5.0
CLOUD_SECONDS = 1.0
FAULT_EVERY_SECONDS = 4.0
PHOTOS = sorted((Path(__file__).parents[2] / "golden" / "images").glob("*.jpg"))[::3]

console = Console()


def main() -> int:
    """Load the studio; 0 if nothing was lost and no more than one answer in a hundred was an error."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--minutes", type=float, default=30.0)
    minutes: float = arguments.parse_args().minutes
    ledger = LoadResults()
    with (
        tempfile.TemporaryDirectory() as folder,
        PostgresServer(durable=True) as postgres,
        S3Server() as s3,
        valkey_server() as valkey,
        FakeGemini(plain) as gemini,
        FakeOpenAI(plain) as openai,
    ):
        s3.create_bucket("load")
        database = postgres.create_database()
        settings = {
            **s3.environment,
            "STILLROOM_DATABASE_URL": database,
            "STILLROOM_STORAGE_URL": "s3://load/studio",
            "STILLROOM_VALKEY_URL": f"{valkey}/0",
            "STILLROOM_USER_RUNNING": "8",
            "STILLROOM_USER_PER_MINUTE": "600",
            "GEMINI_API_KEY": KEY,
            "GEMINI_BASE_URL": gemini.address,
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": f"{openai.address}/v1",
        }
        gemini.delay_seconds = openai.delay_seconds = CLOUD_SECONDS
        with (
            cluster(Path(folder), settings, servers=SERVERS, workers=WORKERS) as processes,
            memory_sampled(processes, WEIGH_SECONDS),
        ):
            urls = [process.url for process in processes if process.name.startswith("serve")]
            _work(urls, ledger, (gemini, openai), minutes)
        lost = asyncio.run(_lost(database, ledger))
    _print(ledger, processes, minutes, lost)
    requests = sum(len(took) for took in ledger.took_ms.values())
    return 1 if lost or len(ledger.broken) > requests / 100 else 0


def _work(urls: Sequence[str], ledger: LoadResults, clouds: Sequence[FakeVendor], minutes: float) -> None:
    over = threading.Event()
    sellers = [Seller(urls, PHOTOS, ledger, seed) for seed in range(SELLERS)]
    threads = [threading.Thread(target=seller.work_until, args=(over,)) for seller in sellers]
    for thread in threads:
        thread.start()
    chance = random.Random(3)
    for _ in range(round(minutes * 60 / FAULT_EVERY_SECONDS)):
        over.wait(FAULT_EVERY_SECONDS)
        for cloud, faults in zip(clouds, (GEMINI_FAULTS, OPENAI_FAULTS), strict=True):
            # Only what is still to come; this process would otherwise grow with every picture sent to it.
            cloud.asked.clear()
            cloud.fail(chance.choice(faults))
    over.set()
    for thread in threads:
        thread.join()


async def _lost(url: str, ledger: LoadResults) -> list[str]:
    """Compare the database with the stories that sellers saw."""
    found = []
    database = Database(url)
    try:
        async with SqlTransactions(database)(read_only=True) as tx:
            for story in ledger.observed_jobs:
                job = await tx.jobs.get(JobId(story.job_id), LOCAL)
                pictures = [
                    variant.ordinal
                    for variant in await tx.variants.of_job(job.id)
                    if variant.role is VariantRole.CANDIDATE
                ]
                if not job.status.is_final:
                    found.append(f"{job.id} is {job.status}")
                if story.numbers != list(range(1, job.last_seq + 1)):
                    found.append(f"{job.id}: a gap or a repeat in {story.numbers}, of {job.last_seq}")
                if len(pictures) != len(set(pictures)):
                    found.append(f"{job.id} has a picture twice")
                if job.status == "succeeded" and len(pictures) != job.candidates:
                    found.append(f"{job.id} has {len(pictures)} of {job.candidates} pictures")
    finally:
        await database.close()
    return found


def _print(
    ledger: LoadResults, processes: Sequence[ClusterProcess], minutes: float, lost: Sequence[str]
) -> None:
    requests = Table("request", "count", "p50 ms", "p95 ms", "p99 ms", title=f"{minutes:g} minutes")
    for kind, took in sorted(ledger.took_ms.items()):
        cuts = statistics.quantiles(took, n=100) if len(took) > 1 else took * 99
        requests.add_row(kind, str(len(took)), *(f"{cuts[share - 1]:.0f}" for share in (50, 95, 99)))
    console.print(requests)
    memory = Table("process", "first MB", "last MB", "most MB", "MB an hour, second half")
    for process in processes:
        sizes = [size for _, size in process.memory_mb]
        half = process.memory_mb[len(sizes) // 2 :]
        slope = statistics.linear_regression(*zip(*half, strict=True)).slope * 3600
        memory.add_row(
            process.name, *(f"{size:.0f}" for size in (sizes[0], sizes[-1], max(sizes))), f"{slope:+.0f}"
        )
    console.print(memory)
    ends = Counter(story.end for story in ledger.observed_jobs if story.events)
    failed = [story for story in ledger.observed_jobs if story.events and story.end == "failed"]
    reasons = Counter(facts_of(story.events[-1])["error"]["code"] for story in failed)
    console.print("jobs:", dict(ends), dict(reasons), " told to come again later:", ledger.refused)
    console.print("answers that were errors:", dict(Counter(ledger.broken)) or "none")
    console.print("lost, doubled or torn:", list(lost) or "nothing")


if __name__ == "__main__":
    sys.exit(main())
