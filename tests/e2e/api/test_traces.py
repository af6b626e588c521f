"""Traces of a walk: one id that ties everything together, audit lines, counts; and no secret."""

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.accounts import Accounts
from tests.fakes.providers.gemini import FakeGemini
from tests.fakes.providers.server import KEY, Fault
from tests.servers.studio_process import StudioProcess, parsed
from tests.smoke.test_failover import painter_for

PROMPT = "白底软阴影 canary-words-7391"
WRONG = "st_canary-guess-5512"
REQUEST_ID = "walk-4711.a_b"
TRACE, CALLERS_SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"

METRICS = {
    "job_latency_ms_bucket": {"model", "type", "le"},
    "first_image_ms_bucket": {"type", "le"},
    "model_error_total": {"reason"},
    "model_fallback_total": {"from", "to", "reason"},
    "jobs_total": {"type", "status"},
    "jobs_queued": set(),
    "jobs_running": set(),
    "uploads_total": {"outcome"},
    "stream_clients": set(),
    "storage_free_bytes": {"folder"},
    "http_request_ms_bucket": {"route", "method", "status", "le"},
    "provider_cost_usd_total": {"model"},
}
"""As dashboards and alert rules name them."""


@dataclass
class Walk:
    """A walk with a cloud that fails the first time, and everything that was said about it."""

    studio: StudioProcess
    gemini: FakeGemini
    job: dict[str, Any] = field(default_factory=dict)
    report: str = ""
    metrics: str = ""
    problems: list[httpx.Response] = field(default_factory=list)
    secrets: list[str] = field(default_factory=lambda: [KEY, PROMPT, "canary-words-7391", WRONG])
    ids: dict[str, str] = field(default_factory=dict)
    config: str = ""

    @property
    def log(self) -> list[dict[str, Any]]:
        """Every line of the server's log."""
        return [json.loads(line) for line in self.studio.log_file.read_text("utf-8").splitlines()]

    def audits(self, operation: str) -> list[dict[str, Any]]:
        """The audit lines of one operation."""
        lines = [line for line in self.log if line["event"] == "audit"]
        return [line for line in lines if line["operation"] == operation]


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory, weights_folder: Path, golden: Path) -> Iterator[Walk]:
    settings = {"GEMINI_API_KEY": KEY, "STILLROOM_AUTH": "token"}
    with FakeGemini(painter_for(golden)) as gemini:
        settings["GEMINI_BASE_URL"] = gemini.address
        folder = tmp_path_factory.mktemp("walk")
        with StudioProcess(folder, weights_folder, **settings) as studio, Accounts(studio) as accounts:
            walk = Walk(studio, gemini)
            go(walk, accounts, golden / "mug_kitchen.jpg")
            yield walk


def go(walk: Walk, accounts: Accounts, photo: Path) -> None:
    token = accounts.create("anna")
    browser = accounts.browser(token)
    walk.secrets += [token, browser.cookies["stillroom"]]
    walk.problems.append(accounts.browser().post("/login", json={"token": WRONG}))
    walk.problems.append(accounts.client(WRONG).get("/session"))
    upload = {"file": ("mug.jpg", photo.read_bytes(), "image/jpeg")}
    image = browser.post("/upload", files=upload).json()
    session = browser.post("/session", json={"image_id": image["id"]}).json()
    # A vendor that gives back what it was sent must not make us tell it.
    said = {"error": {"code": 500, "message": f"{KEY} {PROMPT}", "status": "INTERNAL"}}
    walk.gemini.fail(Fault(500, said, times=1))
    wish = {"session_id": session["id"], "operation": "bg_replace", "prompt": PROMPT, "candidates": 1}
    known_by = {"x-request-id": REQUEST_ID, "traceparent": f"00-{TRACE}-{CALLERS_SPAN}-01"}
    job = browser.post("/edit", json=wish, headers=known_by)
    assert job.headers["x-request-id"] == REQUEST_ID
    with browser.stream("GET", job.json()["stream_url"], timeout=120) as stream:
        *_, last = parsed(stream.iter_lines())
    assert last["event"] == "succeeded"
    # Without the fault, so that a call is paid.
    second = browser.post("/edit", json=wish).json()
    with browser.stream("GET", second["stream_url"], timeout=120) as stream:
        list(parsed(stream.iter_lines()))
    walk.job = browser.get(f"/job/{job.json()['id']}").json()
    body = {"variant_ids": [walk.job["variants"][0]["id"]], "presets": ["web-1080"]}
    made = browser.post("/export", json=body).json()
    for wrong in (
        {**wish, "prompt": PROMPT * 1000},
        {**wish, "session_id": "ses_none"},
        {**wish, "operation": PROMPT},
        {**wish, "candidates": 99},
        {**wish, "prompt": [PROMPT]},
    ):
        walk.problems.append(browser.post("/edit", json=wrong))
    broken = {"Content-Type": "application/json"}
    walk.problems.append(browser.post("/edit", content='{"prompt": "' + PROMPT, headers=broken))
    walk.report = browser.get(f"/job/{walk.job['id']}/report").text
    walk.metrics = browser.get("/metrics").text
    walk.config = browser.get("/config").text
    walk.ids = {
        "image": image["id"],
        "session": session["id"],
        "job": walk.job["id"],
        "export": made["exports"][0]["id"],
    }
    browser.post("/logout")


def test_one_id_ties_request_log_job_provider_call_and_report(walk: Walk) -> None:
    events = {line["event"] for line in walk.log if line.get("request_id") == REQUEST_ID}
    assert {"request_answered", "audit"} <= events
    assert any(
        line.get("job_id") == walk.job["id"] for line in walk.log if line.get("request_id") == REQUEST_ID
    )
    with sqlite3.connect(walk.studio.data_dir / "stillroom.db", timeout=30) as database:
        query = "SELECT request_id FROM jobs WHERE id = ?"
        assert database.execute(query, (walk.job["id"],)).fetchone() == (REQUEST_ID,)
    heard = [{name.lower(): value for name, value in asked.headers.items()} for asked in walk.gemini.asked]
    assert REQUEST_ID in {headers.get("x-request-id") for headers in heard}
    assert REQUEST_ID in walk.report


def test_malformed_request_id_is_replaced(walk: Walk) -> None:
    for offered in ("", "x" * 65, "a b", "a;b", "a/b"):
        answer = walk.studio.client.get("/version", headers={"x-request-id": offered})
        assert answer.headers["x-request-id"].startswith("req_")


def test_the_trace_of_a_caller_goes_from_the_request_over_the_job_to_the_provider(walk: Walk) -> None:
    ours = [line for line in walk.log if line.get("trace_id") == TRACE]
    assert {"request_answered", "audit", "attempt_ended"} <= {line["event"] for line in ours}
    assert {line["request_id"] for line in ours} == {REQUEST_ID}
    heard = [{name.lower(): value for name, value in asked.headers.items()} for asked in walk.gemini.asked]
    sent = {headers["traceparent"] for headers in heard if headers.get("x-request-id") == REQUEST_ID}
    (traceparent,) = sent
    version, trace, span, flags = traceparent.split("-")
    assert (version, trace, flags) == ("00", TRACE, "01")
    assert span != CALLERS_SPAN, "what a provider does hangs below this studio, not below its caller"
    assert TRACE in walk.report


def test_a_request_without_a_usable_trace_begins_one(walk: Walk) -> None:
    wrong = (None, f"00-{'0' * 32}-{CALLERS_SPAN}-01", f"00-{TRACE}-{'0' * 16}-01", "x")
    for number, parent in enumerate(wrong):
        headers = {"x-request-id": f"traced-{number}", **({"traceparent": parent} if parent else {})}
        walk.studio.client.get("/version", headers=headers)
    lines = {line.get("request_id"): line.get("trace_id") for line in walk.log}
    begun = [lines[f"traced-{number}"] for number in range(len(wrong))]
    assert all(re.fullmatch("[0-9a-f]{32}", str(trace)) for trace in begun)
    assert len({*begun, TRACE}) == len(wrong) + 1


def test_every_change_has_a_log_line_with_actor_action_and_result(walk: Walk) -> None:
    with sqlite3.connect(walk.studio.data_dir / "stillroom.db", timeout=30) as database:
        (anna,) = database.execute("SELECT id FROM owners WHERE name = 'anna'").fetchone()
    for operation, thing in (("upload", "image"), ("open_session", "session"), ("edit", "job")):
        line = walk.audits(operation)[0]
        assert (line["owner_id"], line["outcome"], line["level"]) == (anna, "done", "info")
        assert line["things"] == [walk.ids[thing]]
        assert line["request_id"]
    assert walk.ids["export"] in walk.audits("make_exports")[0]["things"]
    assert {line["outcome"] for line in walk.audits("edit")} == {"done", "refused"}
    assert [line["owner_id"] for line in walk.audits("login")] == [anna, None]
    assert [line["status"] for line in walk.audits("login")] == [200, 401]
    assert walk.audits("logout")[0]["owner_id"] == anna
    unsafe = [line for line in walk.log if line.get("method") in ("POST", "PATCH", "PUT", "DELETE")]
    answered = [line["request_id"] for line in unsafe if line["event"] == "request_answered"]
    assert sorted(answered) == sorted(line["request_id"] for line in unsafe if line["event"] == "audit")


def test_every_provider_call_has_one_line_in_the_log(walk: Walk) -> None:
    lines = [line for line in walk.log if line["event"] == "provider_call"]
    # The first job met a fault of its cloud, the second did not.
    assert {line["outcome"] for line in lines if line["provider"] == "gemini"} == {"failed", "ok"}
    assert {(line["session_id"], line["operation"]) for line in lines} == {
        (walk.ids["session"], "bg_replace")
    }
    assert all(line["latency_ms"] >= 0 and line["cost_usd"] >= 0 and line["model_name"] for line in lines)


def test_logs_reports_and_errors_contain_no_secrets_and_no_instructions(walk: Walk) -> None:
    assert len(walk.problems) == 8
    said = {
        "log": walk.studio.log_file.read_text("utf-8"),
        "report": walk.report,
        "metrics": walk.metrics,
        "config": walk.config,
        **{f"problem {at}": answer.text for at, answer in enumerate(walk.problems)},
    }
    for answer in walk.problems:
        assert answer.headers["content-type"] == "application/problem+json", answer.text
    for where, text in said.items():
        for secret in walk.secrets:
            assert secret not in text, where
            assert json.dumps(secret)[1:-1] not in text, where


def test_no_line_of_the_log_holds_the_address_of_a_vendor(walk: Walk) -> None:
    assert walk.gemini.asked
    assert walk.gemini.address not in walk.studio.log_file.read_text("utf-8"), "it may hold a password"


def test_every_metric_of_the_dashboards_exists(walk: Walk) -> None:
    found: dict[str, set[str]] = {}
    for line in walk.metrics.splitlines():
        if not line.startswith("#"):
            name, _, labels = line.rpartition(" ")[0].partition("{")
            found[name] = {part.partition("=")[0] for part in labels.rstrip("}").split('",') if part}
    assert {name: found.get(name) for name in METRICS} == METRICS
    assert 'model_fallback_total{from="gemini"' in walk.metrics
    assert 'route="/job/{job_id}/report"' in walk.metrics, (
        "templates, not addresses: else every id is a series"
    )
    assert walk.ids["job"] not in walk.metrics
