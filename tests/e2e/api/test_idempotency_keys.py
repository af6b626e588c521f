"""A hundred equal requests with one key at once: one thing is made, whichever server is asked."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.chaos.clients import Clients, ObservedJob
from tests.chaos.process_group import ProcessGroup

TOGETHER = 100


class Seller:
    """Somebody with a session and a finished picture in it."""

    def __init__(self, group: ProcessGroup) -> None:
        """Have the picture made."""
        self._urls = [server.url for server in group.servers]
        clients = Clients(self._urls[:1], at_once=1)
        self.session_id = clients.open_session()
        observed = ObservedJob(clients.ask(self.session_id))
        clients.watch(observed)
        job = httpx.get(f"{self._urls[0]}/job/{observed.job_id}", timeout=60).json()
        self.variant_id = job["variants"][0]["id"]

    def post_at_once(self, path: str, body: dict[str, Any], key: str) -> list[httpx.Response]:
        """The same request again and again, at all servers."""

        def post(number: int) -> httpx.Response:
            url = self._urls[number % len(self._urls)]
            return httpx.post(f"{url}{path}", json=body, headers={"Idempotency-Key": key}, timeout=120)

        with ThreadPoolExecutor(TOGETHER) as pool:
            return list(pool.map(post, range(TOGETHER)))

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Answer to one request without a key."""
        answer: dict[str, Any] = httpx.post(f"{self._urls[0]}{path}", json=body, timeout=60).json()
        return answer

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """All that is stored."""
        answer: dict[str, Any] = httpx.get(f"{self._urls[0]}{path}", params=query, timeout=60).json()
        return answer


@pytest.fixture(scope="module", params=["embedded", "scaled_out"])
def seller(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seller]:
    """A seller at one server over SQLite and a folder, or at two over PostgreSQL and an S3 store."""
    folder = tmp_path_factory.mktemp("house")
    if request.param == "embedded":
        with ProcessGroup(folder, {}, servers=1, workers=0, embedded=True) as group:
            yield Seller(group)
        return
    postgres, s3 = (request.getfixturevalue(name) for name in ("postgres_server", "s3_server"))
    url = postgres.create_database()
    s3.create_bucket("same-key")
    shared = {
        **s3.environment,
        "STILLROOM_DATABASE_URL": url,
        "STILLROOM_STORAGE_URL": "s3://same-key/studio",
    }
    with ProcessGroup(folder, shared, servers=2, workers=2) as group:
        yield Seller(group)
    postgres.drop_database(url)


@pytest.mark.parametrize("path", ["/edit", "/refine"])
def test_a_hundred_equal_requests_make_one_job(seller: Seller, path: str) -> None:
    asked = {
        "/edit": {"operation": "optimize"},
        "/refine": {"variant_id": seller.variant_id, "prompt": "光再柔一点"},
    }
    body = {"session_id": seller.session_id, "candidates": 1, **asked[path]}
    before = {job["id"] for job in seller.get("/job", session_id=seller.session_id)["items"]}
    answers = seller.post_at_once(path, body, f"press{path}")
    assert {answer.status_code for answer in answers} == {202}
    made = {answer.json()["id"] for answer in answers}
    assert len(made) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    after = {job["id"] for job in seller.get("/job", session_id=seller.session_id)["items"]}
    assert after - before == made


def test_a_hundred_equal_retries_make_one_job(seller: Seller) -> None:
    body = {"session_id": seller.session_id, "operation": "optimize", "candidates": 4}
    asked = seller.post("/edit", body)["id"]
    assert seller.post(f"/job/{asked}/cancel", {})["status"] == "canceled"
    answers = seller.post_at_once(f"/job/{asked}/retry", {}, "again")
    assert {answer.status_code for answer in answers} == {202}
    assert {answer.json()["retry_of"] for answer in answers} == {asked}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1


def test_a_hundred_equal_requests_make_one_set_of_exports(seller: Seller) -> None:
    body = {"variant_ids": [seller.variant_id], "presets": ["web-1080"]}
    answers = seller.post_at_once("/export", body, "files")
    assert {answer.status_code for answer in answers} == {201}
    assert len({tuple(export["id"] for export in answer.json()["exports"]) for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    listed = seller.get("/export", variant_id=seller.variant_id)["items"]
    assert len(listed) == len(answers[0].json()["exports"])


@pytest.mark.parametrize("path", ["/edit", "/refine", "/export"])
def test_the_same_key_for_another_request_is_refused(seller: Seller, path: str) -> None:
    one: dict[str, dict[str, Any]] = {
        "/edit": {"session_id": seller.session_id, "operation": "optimize"},
        "/refine": {"session_id": seller.session_id, "variant_id": seller.variant_id, "prompt": "暖一点"},
        "/export": {"variant_ids": [seller.variant_id], "presets": ["web-1080"]},
    }
    others: dict[str, tuple[str, Any]] = {
        "/edit": ("candidates", 2),
        "/refine": ("prompt", "冷一点"),
        "/export": ("presets", ["web-1500"]),
    }
    field, value = others[path]
    key = f"once{path}"
    first, *_ = seller.post_at_once(path, one[path], key)
    assert first.is_success
    answers = seller.post_at_once(path, {**one[path], field: value}, key)
    assert {(a.status_code, a.json()["code"]) for a in answers} == {(422, "E_IDEMPOTENCY_MISMATCH")}
