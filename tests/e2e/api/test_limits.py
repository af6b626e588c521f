"""Limits of one owner, as clients see them."""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.servers.studio_process import StudioProcess, parsed

ITEM = re.compile(r'"(?P<name>[a-z]+)";(?P<first>[a-z])=(?P<value>\d+)(;(?P<second>[a-z])=(?P<other>\d+))?')


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory, weights_folder: Path) -> Iterator[StudioProcess]:
    """A studio that does no jobs, so that they wait, and takes few of them."""
    settings = {
        "STILLROOM_EMBEDDED_WORKER": "false",
        "STILLROOM_USER_PER_MINUTE": "6",
        "STILLROOM_USER_PIXELS_PER_MINUTE": "12",
        "STILLROOM_USER_QUEUED": "4",
        "STILLROOM_USER_STREAMS": "3",
    }
    with StudioProcess(tmp_path_factory.mktemp("strict"), weights_folder, **settings) as studio:
        yield studio


def limits(field: str) -> dict[str, tuple[int, int | None]]:
    """A RateLimit or RateLimit-Policy field by the names of its items."""
    return {
        item["name"]: (int(item["value"]), int(item["other"]) if item["other"] else None)
        for item in ITEM.finditer(field)
    }


def test_owner_over_the_job_limit_gets_retry_after(strict: StudioProcess, golden: Path) -> None:
    session = strict.open_session(golden / "mug_kitchen.jpg")
    body = {"session_id": session["id"], "operation": "optimize", "candidates": 1}
    jobs = []
    for number in range(4):
        answer = strict.client.post("/edit", json=body, headers={"Idempotency-Key": f"press-{number}"})
        assert answer.status_code == 202
        assert limits(answer.headers["RateLimit-Policy"]) == {"jobs": (6, 60), "waiting": (4, None)}
        left = limits(answer.headers["RateLimit"])
        assert (left["jobs"][0], left["waiting"][0]) == (5 - number, 3 - number)
        assert answer.json()["queue_position"] == number + 1
        jobs.append(answer.json()["id"])

    full = strict.client.post("/edit", json=body, headers={"Idempotency-Key": "one-more"})
    assert (full.status_code, full.json()["code"]) == (429, "E_RATE_LIMITED")
    assert int(full.headers["Retry-After"]) >= 1
    assert limits(full.headers["RateLimit-Policy"]) == {"waiting": (4, None)}
    assert limits(full.headers["RateLimit"])["waiting"][0] == 0

    again = strict.client.post("/edit", json=body, headers={"Idempotency-Key": "press-0"})
    assert (again.status_code, again.json()["id"]) == (202, jobs[0]), "a replay is no new job"
    assert again.headers["Idempotent-Replayed"] == "true"

    assert strict.client.post(f"/job/{jobs[0]}/cancel").json()["status"] == "canceled"
    assert strict.client.get(f"/job/{jobs[1]}").json()["queue_position"] == 1
    freed = strict.client.post("/edit", json=body, headers={"Idempotency-Key": "one-more"})
    assert freed.status_code == 202, "a refused request is not remembered"
    assert "Idempotent-Replayed" not in freed.headers

    for job in jobs[1:]:
        strict.client.post(f"/job/{job}/cancel")
    answers = [strict.client.post("/edit", json=body) for _ in range(3)]
    fast = next(answer for answer in answers if answer.status_code == 429)
    assert limits(fast.headers["RateLimit-Policy"]) == {"jobs": (6, 60)}
    assert 1 <= int(fast.headers["Retry-After"]) <= 10
    assert fast.json()["params"]["retry_after_seconds"] == int(fast.headers["Retry-After"])


def test_estimates_and_retries_of_batches_count_as_previews_of_instructions(
    strict: StudioProcess, golden: Path
) -> None:
    photo = strict.open_session(golden / "mug_kitchen.jpg")["image"]["id"]
    body = {
        "name": "Spring",
        "items": [{"image_id": photo, "prompt": "warmer"}],
        "recipe": {"name": "Mugs", "operation": "optimize"},
        "dry_run": True,
    }
    answers = [strict.client.post("/batch", json=body) for _ in range(13)]
    assert {answer.status_code for answer in answers[:12]} == {200}
    for refused in (answers[12], strict.client.post("/batch/bat_none/retry")):
        assert (refused.status_code, refused.json()["code"]) == (429, "E_RATE_LIMITED")
        assert limits(refused.headers["RateLimit-Policy"]) == {"instructions": (12, 60)}


def test_owner_over_the_stream_limit_gets_retry_after(strict: StudioProcess, golden: Path) -> None:
    session = strict.open_session(golden / "mug_kitchen.jpg")
    job = waiting_job(strict, session["id"])
    with ExitStack() as watching:
        streams = [watching.enter_context(strict.client.stream("GET", f"/stream/{job}")) for _ in range(3)]
        # Kept until the end: a reader that is thrown away hangs up.
        readers = [parsed(stream.iter_lines()) for stream in streams]
        assert [next(reader)["event"] for reader in readers] == ["queued"] * 3
        refused = strict.client.get(f"/stream/{job}")
        assert (refused.status_code, refused.json()["code"]) == (429, "E_RATE_LIMITED")
        assert int(refused.headers["Retry-After"]) >= 1
        assert limits(refused.headers["RateLimit-Policy"]) == {"streams": (3, None)}
    strict.client.post(f"/job/{job}/cancel")
    patience = time.monotonic() + 60
    # Who has hung up is counted no more once the server has noticed.
    while (again := strict.client.get(f"/stream/{job}")).status_code == 429:
        assert time.monotonic() < patience
        time.sleep(0.1)
    assert again.status_code == 200


def waiting_job(studio: StudioProcess, session_id: str) -> str:
    """A job that no worker claims."""
    body = {"session_id": session_id, "operation": "optimize", "candidates": 1}
    patience = time.monotonic() + 60
    while True:
        answer = studio.client.post("/edit", json=body)
        if answer.status_code == 202:
            return str(answer.json()["id"])
        assert answer.status_code == 429
        assert time.monotonic() < patience
        time.sleep(int(answer.headers["Retry-After"]))


@pytest.mark.parametrize("field", ["title", "image_id", "platform"])
@pytest.mark.parametrize("text", ["a\\u0000b", "\\ud800"])
def test_characters_that_no_database_takes_are_refused(strict: StudioProcess, field: str, text: str) -> None:
    values = {"image_id": '"ast_none"', field: f'"{text}"'}
    body = "{" + ",".join(f'"{name}": {value}' for name, value in values.items()) + "}"
    answer = strict.client.post("/session", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "E_VALIDATION")
    assert [fault["field"] for fault in answer.json()["params"]["fields"]] == [field]


@pytest.mark.parametrize(
    "address", ["/job?session_id=%00", "/export?variant_id=%00", "/job/%00", "/image/%00"]
)
def test_malformed_ids_are_not_found(strict: StudioProcess, address: str) -> None:
    assert strict.client.get(address).status_code in (404, 422)


def test_file_name_is_cleaned_of_invalid_characters(strict: StudioProcess, golden: Path) -> None:
    data = (golden / "mug_kitchen.jpg").read_bytes()
    boundary = "b" * 20
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="mug\0\x1f 1.jpg"\r\n'
    body = head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + data + f"\r\n--{boundary}--\r\n".encode()
    answer = strict.client.post(
        "/upload", content=body, headers={"Content-Type": f"multipart/form-data; boundary={boundary}"}
    )
    assert answer.status_code in (201, 400)
    if answer.status_code == 201:
        session = strict.client.post("/session", json={"image_id": answer.json()["id"]}).json()
        assert session["title"].isprintable()
