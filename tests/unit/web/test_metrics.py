"""`/metrics` and `/health` while a database is away or a disk fills up."""

from datetime import date
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from stillroom.application.status import HealthReport, ModelShutdown
from stillroom.domain.errors import StorageUnavailable
from stillroom.observability import Metrics
from stillroom.web.routes import meta


class Status:
    """Knows the queue unless the database is away."""

    is_away = False

    async def queue(self) -> tuple[int, int]:
        """Two wait, one runs."""
        if self.is_away:
            raise StorageUnavailable
        return 2, 1

    async def shutdowns(self) -> tuple[ModelShutdown, ...]:
        """One model ends in 24 days, another ended 3 days ago."""
        return (
            ModelShutdown("chatgpt/gpt-image-1.5", date(2026, 12, 20), 24),
            ModelShutdown("sora/sora-2", date(2026, 11, 23), -3),
        )

    async def health(self, *, own_worker: bool) -> HealthReport:
        """All works, on a disk that is nearly full."""
        ends = (ModelShutdown("chatgpt/gpt-image-1.5", date(2026, 12, 20), 24),)
        return HealthReport(True, True, own_worker, True, {}, nearly_full=True, shutdowns=ends)


class Limiter:
    """Counts for this process alone, as nothing else was asked of it."""

    async def is_shared(self) -> bool:
        """Yes."""
        return True


@pytest.fixture
def status() -> Status:
    return Status()


@pytest.fixture
def client(status: Status) -> TestClient:
    app = FastAPI()
    app.state.studio = SimpleNamespace(
        about=SimpleNamespace(status=status),
        access=SimpleNamespace(streams=SimpleNamespace(held=3), limiter=Limiter()),
        metrics=Metrics(),
        worker_is_alive=lambda: True,
    )
    app.include_router(meta.router)
    return TestClient(app)


def test_queue_metrics_are_absent_during_a_database_outage(client: TestClient, status: Status) -> None:
    assert "jobs_queued 2.0" in client.get("/metrics").text
    status.is_away = True
    away = client.get("/metrics")
    assert away.status_code == 200
    assert "jobs_queued" not in away.text
    assert "stream_clients 3.0" in away.text
    status.is_away = False
    assert "jobs_running 1.0" in client.get("/metrics").text


def test_free_space_is_read_on_each_scrape() -> None:
    metrics, free = Metrics(), {"data": 5}
    metrics.watch_space(lambda: free)
    assert 'storage_free_bytes{folder="data"} 5.0' in metrics.exposition().decode()
    free["data"] = 4
    assert 'storage_free_bytes{folder="data"} 4.0' in metrics.exposition().decode()


def test_health_names_a_full_disk_and_a_model_that_ends_and_stays_at_200(client: TestClient) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["degraded"]) == (200, ["disk_space", "model_shutdown"])
    ends = {"model": "chatgpt/gpt-image-1.5", "last_day": "2026-12-20", "days": 24}
    assert answer.json()["shutdowns"] == [ends]


def test_days_until_model_shutdown_are_a_gauge(client: TestClient) -> None:
    text = client.get("/metrics").text
    assert 'provider_model_shutdown_days{model="chatgpt/gpt-image-1.5"} 24.0' in text
    assert 'provider_model_shutdown_days{model="sora/sora-2"} -3.0' in text
