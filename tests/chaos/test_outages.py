"""Outages: suspended workers, restarted database, failing blob store, full disk."""

import asyncio
import resource
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest

from stillroom.domain.errors import StorageUnavailable
from stillroom.domain.ids import SessionId
from stillroom.domain.jobs.job import JobStatus
from stillroom.storage.blobs import BlobStore
from stillroom.storage.database import Database
from stillroom.storage.migrations import migrate
from stillroom.storage.unit_of_work import SqlTransactions
from tests.chaos.audit import audit, check_observed
from tests.chaos.clients import Clients, ObservedJob, facts_of
from tests.chaos.process_group import CONCURRENCY, LEASE_SECONDS, ProcessGroup
from tests.pictures import png, scene
from tests.servers.postgresql import PostgresServer
from tests.servers.s3 import S3Server
from tests.servers.small_disk import small_disk
from tests.servers.studio_process import StudioProcess

pytestmark = pytest.mark.anyio

OUTAGE_SECONDS = 4.0
STORE_OUTAGE_SECONDS = 20.0
"""An outage that three attempts at a job are to outlive."""

LONG_STATEMENT_SECONDS = 36
"""More than the 35 s after which the driver gives up a statement of a request or a job."""

TOO_SMALL_BYTES = 8


async def let_it_run(seconds: float) -> None:
    await asyncio.sleep(seconds)


async def until_both_workers_run(url: str, session_id: str) -> None:
    """Wait until more jobs run than one worker takes at once."""
    database = Database(url)
    try:
        async with asyncio.timeout(OUTAGE_SECONDS * 10):
            running = 0
            while running <= CONCURRENCY:
                await asyncio.sleep(0.02)
                async with SqlTransactions(database)(read_only=True) as tx:
                    jobs = await tx.jobs.of_session(SessionId(session_id))
                running = sum(job.status is JobStatus.RUNNING for job in jobs)
    finally:
        await database.close()


async def test_worker_suspended_beyond_its_lease_writes_nothing_after_resuming(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    url = postgres_server.create_database()
    with ProcessGroup(tmp_path, {"STILLROOM_DATABASE_URL": url}, servers=1, workers=2) as group:
        clients = Clients([group.servers[0].url], at_once=6)
        session_id = clients.open_session()
        clients.start(session_id)
        for worker in group.workers:
            await until_both_workers_run(url, session_id)
            worker.send(signal.SIGSTOP)
            await let_it_run(LEASE_SECONDS * 2)
            worker.send(signal.SIGCONT)
        await let_it_run(1)
        found = await audit(url, session_id, clients.observed_jobs())
    assert found["succeeded"] == found["jobs"]
    assert found["interrupted"] > 0, "somebody had a job when it was held"
    postgres_server.drop_database(url)


async def test_database_restart_loses_no_job(tmp_path: Path) -> None:
    with PostgresServer() as server:
        url = server.create_database()
        with ProcessGroup(tmp_path, {"STILLROOM_DATABASE_URL": url}, servers=1, workers=2) as group:
            clients = Clients([group.servers[0].url], at_once=4)
            session_id = clients.open_session()
            clients.start(session_id)
            for _ in range(2):
                await let_it_run(2)
                server.restart()
            await let_it_run(2)
            found = await audit(url, session_id, clients.observed_jobs())
    assert found["succeeded"] == found["jobs"] > 0


async def test_migration_waits_longer_than_any_other_statement_may_take(
    postgres_server: PostgresServer,
) -> None:
    url = postgres_server.create_database()
    await migrate(url)
    is_held, is_released = asyncio.Event(), asyncio.Event()

    async def rewrite_a_large_table() -> None:
        connection = await asyncpg.connect(url)
        async with connection.transaction():
            await connection.execute("LOCK TABLE alembic_version")
            is_held.set()
            await connection.execute(f"SELECT pg_sleep({LONG_STATEMENT_SECONDS})")
            is_released.set()
        await connection.close()

    rewriting = asyncio.create_task(rewrite_a_large_table())
    await is_held.wait()
    await migrate(url)
    assert is_released.is_set()
    await rewriting
    postgres_server.drop_database(url)


async def test_blob_store_errors_for_twenty_seconds_lose_no_job(
    tmp_path: Path, postgres_server: PostgresServer, s3_server: S3Server
) -> None:
    url = postgres_server.create_database()
    s3_server.create_bucket("outage")
    async with gateway(s3_server.endpoint) as (address, broken):
        shared = {
            **s3_server.environment,
            "AWS_ENDPOINT_URL": address,
            "STILLROOM_DATABASE_URL": url,
            "STILLROOM_STORAGE_URL": "s3://outage/here",
        }
        group = await asyncio.to_thread(ProcessGroup(tmp_path, shared, servers=1, workers=2).__enter__)
        try:
            clients = Clients([group.servers[0].url], at_once=4)
            session_id = await asyncio.to_thread(clients.open_session)
            clients.start(session_id)
            await let_it_run(2)
            broken.set()
            uploading = asyncio.create_task(asyncio.to_thread(_upload, group.servers[0].url))
            await let_it_run(STORE_OUTAGE_SECONDS)
            refused = await uploading
            broken.clear()
            await let_it_run(1)
            observed_jobs = await asyncio.to_thread(clients.observed_jobs)
            found = await audit(url, session_id, observed_jobs)
        finally:
            await asyncio.to_thread(group.__exit__, None, None, None)
    assert (refused.status_code, refused.json()["code"]) == (503, "E_STORAGE_IO")
    assert found["succeeded"] == found["jobs"] > 0
    reasons = [
        facts_of(e)["reason"] for observed in observed_jobs for e in observed.events if e["event"] == "queued"
    ]
    assert "retry" in reasons, "a job waited for the store"
    postgres_server.drop_database(url)


def _upload(url: str) -> httpx.Response:
    files = {"file": ("b.png", png(scene(420, 300)), "image/png")}
    return httpx.post(f"{url}/upload", files=files, timeout=60)


async def test_a_bucket_behind_dropped_packets_is_reported_within_fifteen_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "REGION"):
        monkeypatch.setenv(f"AWS_{name}", "any")
    with ExitStack() as held:
        # The system drops the packets of further connections to a full queue.
        full = held.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):
            waiting = held.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{full.getsockname()[1]}")
        async with asyncio.timeout(15):
            with pytest.raises(StorageUnavailable):
                await BlobStore("s3://bucket/prefix").get("assets/any.png")


def test_failed_start_of_one_process_stops_all_others(tmp_path: Path) -> None:
    group = ProcessGroup(tmp_path, {}, servers=2, workers=1)
    address = ("127.0.0.1", urlsplit(group.servers[1].url).port or 0)
    with socket.create_server(address), pytest.raises(AssertionError, match="Address already in use"):
        group.__enter__()
    assert not any(process.is_running for process in group.processes)


def test_full_disk_is_reported_and_jobs_finish_once_space_is_free(tmp_path: Path) -> None:
    with ProcessGroup(tmp_path, {}, servers=1, workers=0, embedded=True) as group:
        server = group.servers[0]
        clients = Clients([server.url], at_once=1)
        session_id = clients.open_session()
        before = clients.ask(session_id)
        clients.watch(ObservedJob(before))
        _, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (TOO_SMALL_BYTES, hard))
        body = {"session_id": session_id, "operation": "optimize"}
        refused = httpx.post(f"{server.url}/edit", json=body, timeout=20)
        assert (refused.status_code, refused.json()["code"]) == (503, "E_STORAGE_IO")
        assert httpx.get(f"{server.url}/job/{before}", timeout=20).json()["status"] == "succeeded"
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (hard, hard))
        observed = ObservedJob(clients.ask(session_id))
        clients.watch(observed)
        check_observed(observed)
    assert observed.end == "succeeded"


def test_studio_reads_restarts_and_deletes_on_a_disk_without_free_space(
    tmp_path: Path, weights_folder: Path
) -> None:
    photo = png(scene(420, 300))
    with (
        small_disk(tmp_path / "disk", 120) as disk,
        StudioProcess(disk.folder / "data", weights_folder) as studio,
    ):
        file = {"file": ("a.png", photo, "image/png")}
        image = studio.client.post("/upload", files=file).json()
        session = studio.client.post("/session", json={"image_id": image["id"]}).json()
        disk.fill()
        larger = {"file": ("b.png", png(scene(1200, 900)), "image/png")}
        refused = studio.client.post("/upload", files=larger)
        assert (refused.status_code, refused.json()["params"]) == (503, {"reason": "full"})
        told = studio.client.get("/health")
        assert (told.status_code, told.json()["down"]) == (503, ["storage"])
        assert told.json()["degraded"] == ["disk_space"]
        studio.stop()
        disk.fill()
        studio.start()
        assert len(studio.client.get("/session").json()["items"]) == 1
        assert studio.client.delete(f"/session/{session['id']}").status_code == 204
        assert studio.client.get("/session").json()["items"] == []
        disk.make_room()
        assert studio.client.post("/upload", files=file).status_code == 201


async def test_disk_that_fills_up_during_a_job_loses_nothing(tmp_path: Path) -> None:
    with ProcessGroup(tmp_path, {}, servers=1, workers=0, embedded=True) as group:
        server = group.servers[0]
        clients = Clients([server.url], at_once=3)
        session_id = clients.open_session()
        clients.start(session_id)
        await let_it_run(1.5)
        _, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (TOO_SMALL_BYTES, hard))
        await let_it_run(OUTAGE_SECONDS)
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (hard, hard))
        await let_it_run(1)
        url = f"sqlite:///{tmp_path / 'data' / 'stillroom.db'}"
        found = await audit(url, session_id, clients.observed_jobs())
    assert found["succeeded"] == found["jobs"] > 0


async def test_stop_releases_jobs_within_ten_seconds_without_spending_an_attempt(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    url = postgres_server.create_database()
    # Long enough that a slow machine lets no lease run out: only the stop may take a job away.
    shared = {"STILLROOM_DATABASE_URL": url, "STILLROOM_LEASE_SECONDS": "30"}
    with ProcessGroup(tmp_path, shared, servers=1, workers=2) as group:
        clients = Clients([group.servers[0].url], at_once=6)
        session_id = clients.open_session()
        clients.start(session_id)
        for process in [*group.workers, *group.servers]:
            await let_it_run(1)
            started = time.monotonic()
            process.stop()
            assert time.monotonic() - started < 10
            process.start()
        await let_it_run(1)
        observed_jobs = clients.observed_jobs()
        found = await audit(url, session_id, observed_jobs)
    assert found["succeeded"] == found["jobs"]
    reasons = [
        facts_of(e)["reason"] for observed in observed_jobs for e in observed.events if e["event"] == "queued"
    ]
    assert set(reasons) <= {"new", "released"}, "nothing had to be recovered"
    attempts = [
        facts_of(e)["attempt"]
        for observed in observed_jobs
        for e in observed.events
        if e["event"] == "running"
    ]
    assert set(attempts) == {1}
    postgres_server.drop_database(url)


@asynccontextmanager
async def gateway(backend: str) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """An address that leads to a server, or answers 503 to everything while the event is set."""
    broken = asyncio.Event()
    target = urlsplit(backend)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if broken.is_set():
            await reader.read(1)
            writer.write(
                b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
            await writer.drain()
            writer.close()
            return
        there = await asyncio.open_connection(target.hostname, target.port)
        await asyncio.gather(pipe(reader, there[1], broken), pipe(there[0], writer, broken))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", broken
    finally:
        server.close()


async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, broken: asyncio.Event) -> None:
    try:
        while data := await reader.read(65_536):
            if broken.is_set():
                break
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()
