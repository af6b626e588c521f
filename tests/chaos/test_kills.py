"""Processes that are killed under load, on both databases."""

import os
import random
import sys
import time
from pathlib import Path

import pytest

from tests.chaos.audit import audit
from tests.chaos.clients import Clients
from tests.chaos.process_group import LEASE_SECONDS, ProcessGroup
from tests.servers.postgresql import PostgresServer

pytestmark = pytest.mark.anyio

KILLS = int(os.environ.get("CHAOS_KILLS", "10"))
PAUSE_SECONDS = (0.1 * LEASE_SECONDS, 0.4 * LEASE_SECONDS)
"""A busy machine needs longer ones too, or no process is ever up."""


async def storm(group: ProcessGroup, kills: int, database_url: str) -> None:
    chance = random.Random(kills)
    clients = Clients([server.url for server in group.servers], at_once=4)
    session_id = clients.open_session()
    clients.start(session_id)
    for _ in range(kills):
        time.sleep(chance.uniform(*PAUSE_SECONDS))  # noqa: ASYNC251 - nothing else runs in this loop
        group.kill_random_process(chance)
        if len(group.processes) == 1:
            group.servers[0].wait_until_up()
    found = await audit(database_url, session_id, clients.observed_jobs())
    sys.stdout.write(f"\n{kills} kills: {dict(found)}\n")
    assert found["interrupted"] + found["reconnected"] > 0, "the kills were felt"


async def test_killed_servers_and_workers_neither_lose_nor_duplicate_jobs_on_postgresql(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    url = postgres_server.create_database()
    shared = {"STILLROOM_DATABASE_URL": url}
    with ProcessGroup(tmp_path, shared, servers=2, workers=3) as group:
        await storm(group, KILLS, url)
    postgres_server.drop_database(url)


async def test_killed_server_neither_loses_nor_duplicates_jobs_on_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'data' / 'stillroom.db'}"
    with ProcessGroup(tmp_path, {}, servers=1, workers=0, embedded=True) as group:
        await storm(group, max(5, KILLS // 4), url)
