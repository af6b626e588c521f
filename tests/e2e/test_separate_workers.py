"""A server without its own worker: missing workers, open streams, event ids."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.fakes.providers.server import KEY
from tests.servers.studio_process import StudioProcess, parsed


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory, weights_folder: Path) -> Iterator[StudioProcess]:
    """A studio with Gemini's key and an order that leaves Gemini out."""
    with StudioProcess(
        tmp_path_factory.mktemp("apart"),
        weights_folder,
        STILLROOM_EMBEDDED_WORKER="false",
        GEMINI_API_KEY=KEY,
        AI_PROVIDER_ORDER="chatgpt,local",
    ) as studio:
        yield studio


@pytest.fixture(scope="module")
def waiting(apart: StudioProcess, golden: Path) -> str:
    """A job that no worker claims."""
    session = apart.open_session(golden / "mug_kitchen.jpg")["id"]
    job_id: str = apart.submit("/edit", session_id=session, operation="optimize")["id"]
    return job_id


def clients(studio: StudioProcess) -> float:
    lines = studio.client.get("/metrics").text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("stream_clients "))


def test_open_streams_are_counted(apart: StudioProcess, waiting: str) -> None:
    assert clients(apart) == 0
    with apart.client.stream("GET", f"/stream/{waiting}", timeout=20) as stream:
        events = parsed(stream.iter_lines())
        assert next(events)["event"] == "queued"
        assert clients(apart) == 1


def test_missing_worker_is_reported_while_the_server_keeps_serving(
    apart: StudioProcess, waiting: str
) -> None:
    assert apart.client.get("/health").json()["degraded"] == []
    with sqlite3.connect(apart.data_dir / "stillroom.db", timeout=20) as database:
        database.execute("UPDATE jobs SET run_after = '2026-01-01 00:00:00.000000' WHERE id = ?", [waiting])
    health = apart.client.get("/health")
    told = health.json()
    assert (health.status_code, told["status"], told["down"]) == (200, "ok", [])
    assert (told["worker"], told["degraded"]) == (False, ["worker"])


@pytest.mark.parametrize("number", ["9" * 19, "9" * 20, "-1", "1.0", "٣"])
def test_any_last_event_id_is_accepted(apart: StudioProcess, waiting: str, number: str) -> None:
    answer = apart.client.get(f"/stream/{waiting}", params={"last_event_id": number})
    assert (answer.status_code, answer.json()["code"]) == (422, "E_VALIDATION")


def test_provider_missing_from_the_order_is_not_called(apart: StudioProcess) -> None:
    config = apart.client.get("/config").json()
    states = {one["id"]: (one["state"], one["reason"]) for one in config["providers"]}
    assert states["gemini"] == ("not_configured", "not_chosen")
    assert states["chatgpt"] == ("not_configured", None)
    route = config["capability_map"]["bg_replace"]
    assert [one["provider"] for one in route][:1] == ["chatgpt"]
    assert [one["provider"] for one in route][-1:] == ["local"]
    assert all(one["limits"]["max_width"] > 0 for one in route)


def test_a_quoted_key_may_hold_spaces(apart: StudioProcess, waiting: str) -> None:
    session = apart.client.get(f"/job/{waiting}").json()["session_id"]
    answers: list[httpx.Response] = [
        apart.client.post(
            "/edit",
            json={"session_id": session, "operation": "optimize"},
            headers={"Idempotency-Key": '"of the first day"'},
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["id"] == answers[1].json()["id"]
