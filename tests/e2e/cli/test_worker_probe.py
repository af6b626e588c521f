"""The probe of a worker process."""

import asyncio
import os
import signal
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


@pytest.mark.parametrize(("is_working", "status"), [(True, 200), (False, 503)])
def test_worker_with_a_stopped_loop_is_unhealthy(is_working: bool, status: int) -> None:
    async def ask() -> int:
        with probe("127.0.0.1", 0, Metrics(), lambda: is_working) as port:
            async with httpx.AsyncClient() as client:
                return (await client.get(f"http://127.0.0.1:{port}/health")).status_code

    assert asyncio.run(ask()) == status


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
