"""A batch whose servers and workers are killed while it runs.

`BATCH_ITEMS` is the number of photos, `CHAOS_KILLS` that of kills, `BATCH_WORKERS` that of workers.
"""

import json
import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from stillroom.domain.batches.batches import BatchEventType
from stillroom.domain.batches.review import EXPORT_FAILED
from stillroom.domain.exports.presets import ExportStatus
from stillroom.domain.ids import BatchId, OwnerId
from stillroom.storage.database import Database
from stillroom.storage.tables import work as tables
from stillroom.storage.unit_of_work import SqlTransactions
from tests.chaos import quick_studio
from tests.chaos.process_group import ProcessGroup
from tests.pictures import png, scene
from tests.servers.postgresql import PostgresServer
from tests.servers.studio_process import parsed

pytestmark = pytest.mark.anyio

KILLS = int(os.environ.get("CHAOS_KILLS", "8"))
ITEMS = max(int(os.environ.get("BATCH_ITEMS", "24")), KILLS)
WORKERS = int(os.environ.get("BATCH_WORKERS", "2"))
CANDIDATES = 2
PRICE_MICRO_USD = 10_000
PATIENCE_SECONDS = 180.0 + 20.0 * ITEMS
ENDED = ("succeeded", "failed")


def ask(group: ProcessGroup, method: str, path: str, **options: Any) -> Any:
    """Ask any server until one answers."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        server = random.choice(group.servers)
        try:
            answer = httpx.request(method, server.url + path, timeout=20, **options)
        except httpx.TransportError:
            server.wait_until_up()
            continue
        if answer.status_code not in (429, 503):
            assert answer.is_success, answer.text
            return answer.json()
        assert time.monotonic() < give_up


def kill_while_it_runs(group: ProcessGroup, batch_id: str) -> None:
    """Follow a batch to its end over new connections, and kill a process every few items.

    Half-way it is paused, and goes on once the pause is told.
    """
    paused = False
    chance = random.Random(KILLS)
    last = ended = killed = 0
    give_up = time.monotonic() + PATIENCE_SECONDS + KILLS
    while time.monotonic() < give_up:
        server = chance.choice(group.servers)
        headers = {"Last-Event-ID": str(last)}
        try:
            with httpx.stream(
                "GET", f"{server.url}/stream/batch/{batch_id}", headers=headers, timeout=20
            ) as stream:
                for event in parsed(stream.iter_lines()):
                    if event["event"] == "finished":
                        assert (killed, paused) == (KILLS, True)
                        return
                    last = int(event["id"])
                    told = json.loads(event["data"])["status"]
                    ended += event["event"] == "item" and told in ENDED
                    if ended >= ITEMS // 2 and not paused:
                        ask(group, "POST", f"/batch/{batch_id}/pause")
                        paused = True
                    if told == "paused":
                        ask(group, "POST", f"/batch/{batch_id}/resume")
                    if killed < ended // (ITEMS // KILLS) and killed < KILLS:
                        group.kill_random_process(chance)
                        killed += 1
        except httpx.TransportError:
            server.wait_until_up()
    raise AssertionError(f"{ended} of {ITEMS} items ended")


def created(group: ProcessGroup) -> str:
    images = [
        ask(group, "POST", "/upload", files={"file": ("a.png", png(scene(400 + n, 300)), "image/png")})["id"]
        for n in range(ITEMS)
    ]
    recipe = {
        "operation": "optimize",
        "approve_from": 0,
        "presets": ["ebay-main"],
        "candidates": CANDIDATES,
    }
    body = {"name": "storm", "recipe": recipe, "items": [{"image_id": image} for image in images]}
    batch = ask(group, "POST", "/batch", json=body, headers={"Idempotency-Key": "storm"})
    assert ask(group, "POST", "/batch", json=body, headers={"Idempotency-Key": "storm"})["id"] == batch["id"]
    return str(batch["id"])


@pytest.fixture(params=["postgresql", "sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/batch.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    made = server.create_database()
    yield made
    server.drop_database(made)


async def test_kills_neither_lose_nor_duplicate_batch_items(tmp_path: Path, url: str) -> None:
    shared = {"STILLROOM_DATABASE_URL": url, quick_studio.PRICE_MICRO_USD: str(PRICE_MICRO_USD)}
    with ProcessGroup(tmp_path, shared, servers=2, workers=WORKERS) as group:
        started = time.monotonic()
        batch_id = created(group)
        kill_while_it_runs(group, batch_id)
        batch = ask(group, "GET", f"/batch/{batch_id}")
        took = time.monotonic() - started
        sys.stdout.write(f"\n{ITEMS} items, {KILLS} kills: {took:.0f} s, {batch['counts']}, ")
        assert batch["counts"]["succeeded"] + batch["counts"]["failed"] == ITEMS
        calls = await audit(url, batch_id)
        sys.stdout.write(f"{batch['cost_usd']:.2f} USD for {calls} calls\n")
    assert round(batch["cost_usd"] * 1e6) == calls * PRICE_MICRO_USD, "every call is billed once"
    assert calls >= CANDIDATES * batch["counts"]["succeeded"]


async def audit(url: str, batch_id: str) -> int:
    """Every item ended once, with one product, one job's pictures and one file; return how many calls."""
    database = Database(url)
    async with SqlTransactions(database)(read_only=True) as tx:
        batch = await tx.batches.get(BatchId(batch_id), OwnerId("own_local"))
        told = await tx.batches.events_after(batch.id, 0, 10_000)
        items = (await tx.batch_items.list(batch.id, None, None, 1000)).items
        assert [event.seq for event, _ in told] == list(range(1, batch.last_seq + 1)), "no gap"
        ends = [item.id for event, item in told if item and event.data["status"] in ENDED]
        # An item of which a file could not be made is told once more, with the warning.
        again = [item.id for item in items if EXPORT_FAILED in item.warnings]
        assert sorted(ends) == sorted([*(item.id for item in items), *again]), "every item ended once"
        kinds = [event.type for event, _ in told]
        assert kinds.count(BatchEventType.FINISHED) == 1
        assert kinds[-1] is BatchEventType.FINISHED
        assert len({item.session_id for item in items}) == ITEMS, "a product each"
        for item in items:
            assert item.session_id is not None
            jobs = await tx.jobs.of_session(item.session_id)
            assert [job.id for job in jobs] == [item.job_id], "one job each"
            files = await tx.exports.of_session(item.session_id)
            assert len(files) == (item.variant_id is not None), "one file for each picture"
            is_told = EXPORT_FAILED in item.warnings
            assert all((file.status is ExportStatus.READY) != is_told for file in files), "made, or told"
    async with database.engine.connect() as connection:

        async def count(table: sa.Table) -> int:
            return await connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0

        assert [await count(table) for table in (tables.sessions, tables.jobs)] == [ITEMS, ITEMS], "no orphan"
        assert await count(tables.exports) == sum(item.variant_id is not None for item in items)
        calls = await count(tables.provider_calls)
    await database.close()
    return calls
