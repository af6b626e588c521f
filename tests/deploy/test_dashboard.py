"""Every panel asked of a real Prometheus that watches a studio at work."""

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.deploy.tools import debian_tool
from tests.fakes.providers.gemini import FakeGemini
from tests.fakes.providers.openai_images import FakeOpenAI
from tests.fakes.providers.painters import plain
from tests.fakes.providers.server import KEY, Fault
from tests.servers.ports import free_ports
from tests.servers.process import ServerProcess
from tests.servers.studio_process import StudioProcess

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PHOTO = ROOT / "golden" / "images" / "bottle_gym.jpg"
PATIENCE_SECONDS = 60
INTERVAL = "15s"
"""Stands for Grafana's `$__rate_interval`; far above the interval of scrapes here."""


class Prometheus:
    """A Prometheus over one target, with the project's own rules."""

    def __init__(self, folder: Path, target: str) -> None:
        """Start it."""
        config = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
        config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
        config["rule_files"] = [str(DEPLOY / "prometheus" / "alerts.yml")]
        config["scrape_configs"] = [
            {"job_name": "stillroom-api", "static_configs": [{"targets": [target]}]},
        ]
        (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
        (port,) = free_ports(1)
        self._url = f"http://127.0.0.1:{port}"
        self._server = ServerProcess(
            [
                debian_tool("prometheus"),
                f"--config.file={folder}/prometheus.yml",
                f"--storage.tsdb.path={folder}/tsdb",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            cwd=folder,
        )
        self._server.wait_until(self._is_ready)

    def stop(self) -> None:
        """End it."""
        self._server.stop(signal.SIGTERM)

    def ask(self, expression: str) -> list[dict[str, Any]]:
        """The series that an expression gives now."""
        answer = httpx.get(f"{self._url}/api/v1/query", params={"query": expression}).json()
        assert answer["status"] == "success", answer
        series: list[dict[str, Any]] = answer["data"]["result"]
        return series

    def alerts(self) -> list[dict[str, Any]]:
        """Every rule with what it found."""
        answer = httpx.get(f"{self._url}/api/v1/rules").json()
        return [rule for group in answer["data"]["groups"] for rule in group["rules"]]

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self._url}/-/ready").status_code == 200
        except httpx.TransportError:
            return False


def panels() -> list[tuple[str, str]]:
    """Title and expression of everything that the dashboard draws."""
    dashboard = json.loads((DEPLOY / "grafana" / "dashboards" / "stillroom.json").read_text())
    return [
        (panel["title"], target["expr"].replace("$__rate_interval", INTERVAL))
        for panel in dashboard["panels"]
        for target in panel.get("targets", [])
    ]


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory, weights_folder: Path) -> Iterator[Prometheus]:
    """A studio that works and stumbles, and who watches it."""
    folder = tmp_path_factory.mktemp("watched")
    with (
        FakeGemini(plain) as gemini,
        FakeOpenAI(plain) as openai,
        StudioProcess(
            folder / "studio",
            weights_folder,
            STILLROOM_USER_PER_MINUTE="1000",
            GEMINI_API_KEY=KEY,
            GEMINI_BASE_URL=gemini.address,
            OPENAI_API_KEY=KEY,
            OPENAI_BASE_URL=f"{openai.address}/v1",
        ) as studio,
    ):
        gemini.fail(Fault(status=429, times=float("inf")))
        prometheus = Prometheus(folder, f"127.0.0.1:{studio.port}")
        try:
            session = studio.open_session(PHOTO)["id"]
            for number in range(2):
                job = studio.submit("/edit", session_id=session, operation="bg_replace", candidates=1)
                studio.finished(job["id"])
                broken = studio.client.post("/upload", files={"file": ("a.jpg", b"none", "image/jpeg")})
                assert broken.status_code >= 400
                studio.client.get(f"/job/{number}")
            yield prometheus
        finally:
            prometheus.stop()


@pytest.mark.parametrize(("title", "expression"), panels())
def test_each_panel_has_data(busy: Prometheus, title: str, expression: str) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not busy.ask(expression):
        assert time.monotonic() < give_up, title
        time.sleep(0.5)


def test_alert_rules_evaluate_and_stay_silent_for_a_healthy_studio(busy: Prometheus) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while any(rule["health"] == "unknown" for rule in busy.alerts()):
        assert time.monotonic() < give_up, busy.alerts()
        time.sleep(0.5)
    assert {rule["health"] for rule in busy.alerts()} == {"ok"}
    pages = [
        rule for rule in busy.alerts() if rule["state"] == "firing" and rule["labels"]["severity"] == "page"
    ]
    assert pages == []
