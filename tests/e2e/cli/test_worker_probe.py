"""The probe of a worker process."""

import asyncio
import os
import signal
import socket
import time
from pathlib import Path

import httpx
import pytest

from stillroom.observability import Metrics
from stillroom.worker.probe import probe
from tests.servers.forked import Forked, run
from tests.servers.ports import free_ports

START_SECONDS = 60


def test_a_worker_process_answers_health_and_metrics_and_ends_in_order(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    settings = {"STILLROOM_DATA_DIR": str(tmp_path), "STILLROOM_WORKER_PORT": str(port)}
    environment = {**os.environ, **settings}
    assert run(["migrate"], environment, tmp_path).returncode == 0
    log = tmp_path / "worker.log"
    worker = Forked(["worker"], environment=environment, cwd=tmp_path, stdout=log)
    try:
        health = first_answer(f"http://127.0.0.1:{port}/health", worker)
        assert (health.status_code, health.json()) == (200, {"worker": "ok"})
        metrics = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        assert "job_latency_ms" in metrics
        assert "jobs_queued" not in metrics, "only who asks the database may speak of the queue"
        assert httpx.get(f"http://127.0.0.1:{port}/anything").status_code == 404
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0


async def status_at(host: str, *, is_working: bool) -> int:
    """Status of the health check of a probe at this address."""
    with probe(host, 0, Metrics(), lambda: is_working) as port:
        url = httpx.URL(scheme="http", host=host, port=port, path="/health")
        async with httpx.AsyncClient() as client:
            return (await client.get(url)).status_code


@pytest.mark.parametrize(("is_working", "status"), [(True, 200), (False, 503)])
def test_worker_with_a_stopped_loop_is_unhealthy(is_working: bool, status: int) -> None:
    assert asyncio.run(status_at("127.0.0.1", is_working=is_working)) == status


def test_the_probe_listens_at_an_ipv6_address() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("This machine has no IPv6 address.")
    assert asyncio.run(status_at("::1", is_working=True)) == 200


def test_a_connection_that_sends_nothing_is_closed() -> None:
    async def read_to_the_end() -> bytes:
        with probe("127.0.0.1", 0, Metrics(), lambda: True, request_seconds=0.1) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            async with asyncio.timeout(30):
                said = await reader.read()
            writer.close()
            return said

    assert asyncio.run(read_to_the_end()) == b""


def first_answer(url: str, worker: Forked) -> httpx.Response:
    """Return its first answer."""
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        assert worker.poll() is None, "the worker ended"
        try:
            return httpx.get(url, timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("The worker does not answer")
