"""Several servers and workers over one PostgreSQL, one S3 store and one Valkey."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.chaos.clients import CANDIDATES, Clients, ObservedJob
from tests.chaos.process_group import START_SECONDS, ProcessGroup
from tests.servers.postgresql import PostgresServer
from tests.servers.s3 import S3Server

PER_MINUTE = 200
DELETED = 5


@pytest.fixture(scope="module")
def group(
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: PostgresServer,
    s3_server: S3Server,
    valkey_url: str,
) -> Iterator[ProcessGroup]:
    """Two servers, two workers, three things they share."""
    url = postgres_server.create_database()
    s3_server.create_bucket("scaled-out")
    shared = {
        **s3_server.environment,
        "STILLROOM_DATABASE_URL": url,
        "STILLROOM_STORAGE_URL": "s3://scaled-out/studio",
        "STILLROOM_VALKEY_URL": valkey_url,
        "STILLROOM_USER_PER_MINUTE": str(PER_MINUTE),
    }
    with ProcessGroup(tmp_path_factory.mktemp("house"), shared, servers=2, workers=2) as group:
        yield group
    postgres_server.drop_database(url)


def test_job_of_one_server_is_visible_on_another_and_run_by_any_worker(group: ProcessGroup) -> None:
    one, other = (server.url for server in group.servers)
    clients = Clients([one], at_once=1)
    session_id = clients.open_session()
    observed = ObservedJob(clients.ask(session_id))
    Clients([other], at_once=1).watch(observed)
    assert observed.end == "succeeded"
    assert observed.numbers == list(range(1, len(observed.numbers) + 1))
    job = httpx.get(f"{other}/job/{observed.job_id}").json()
    for variant in job["variants"]:
        assert httpx.get(f"{one}{variant['image']['url']}").content.startswith(b"\x89PNG")


def test_stream_continued_on_another_server_delivers_each_event_once(group: ProcessGroup) -> None:
    clients = Clients([server.url for server in group.servers], at_once=1)
    session_id = clients.open_session()
    observed = ObservedJob(clients.ask(session_id))
    chance = random.Random(3)
    while not observed.events or observed.end != "succeeded":
        last = str(observed.numbers[-1]) if observed.events else "0"
        with httpx.stream(
            "GET",
            f"{chance.choice(group.servers).url}/stream/{observed.job_id}",
            headers={"Last-Event-ID": last},
            timeout=20,
        ) as stream:
            fields: dict[str, str] = {}
            for line in stream.iter_lines():
                name, _, value = line.partition(": ")
                fields[name] = value
                if not line and "id" in fields:
                    observed.events.append(fields)
                    break
    assert observed.numbers == list(range(1, len(observed.numbers) + 1))
    assert [event["event"] for event in observed.events].count("progress") > CANDIDATES


def test_servers_share_the_limit_of_an_owner(group: ProcessGroup) -> None:
    clients = Clients([group.servers[0].url], at_once=1)
    body = {"session_id": clients.open_session(), "operation": "optimize", "candidates": 1}
    started, left = time.monotonic(), PER_MINUTE
    for number in range(6):
        answer = httpx.post(f"{group.servers[number % 2].url}/edit", json=body, timeout=20)
        assert answer.status_code == 202
        left = int(answer.headers["RateLimit"].split("r=")[1].split(";")[0])
    # On a slow machine the bucket is refilled meanwhile.
    refilled = (time.monotonic() - started) * PER_MINUTE / 60
    assert left <= PER_MINUTE - 6 + refilled, "one bucket, whichever server is asked"


def test_each_end_of_a_job_is_counted_once_over_all_processes(group: ProcessGroup) -> None:
    clients = Clients([server.url for server in group.servers], at_once=3)
    session_id, deleted_id = clients.open_session(), clients.open_session()
    clients.start(session_id)
    with httpx.Client(base_url=group.servers[0].url, timeout=20) as client:
        canceled = 0
        while canceled < 3:
            # Some have ended before they can be stopped.
            canceled += client.post(f"/job/{clients.ask(session_id)}/cancel").status_code == 200
        clients.observed_jobs()
        for _ in range(DELETED):
            clients.ask(deleted_id)
        assert client.delete(f"/session/{deleted_id}").status_code == 204
        # A job is counted just after its end can be read.
        give_up = time.monotonic() + START_SECONDS
        while True:
            listed = Counter(job["status"] for job in all_jobs(client))
            counted = sum((jobs_counted(process.url) for process in group.processes), Counter[str]())
            if not listed - counted and (counted - listed).total() == DELETED:
                break
            assert time.monotonic() < give_up, f"counted {counted}; listed {listed}, and {DELETED} deleted"
            time.sleep(0.1)
    assert listed["canceled"] >= 3


def all_jobs(client: httpx.Client) -> Iterator[dict[str, Any]]:
    """Page after page."""
    cursor: dict[str, str] = {}
    while True:
        page = client.get("/job", params={"limit": 100, **cursor}).json()
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        cursor = {"cursor": page["next_cursor"]}


def jobs_counted(url: str) -> Counter[str]:
    """Number of ended jobs by outcome, in the metrics of this process."""
    counted: Counter[str] = Counter()
    for family in text_string_to_metric_families(httpx.get(f"{url}/metrics", timeout=20).text):
        for sample in family.samples:
            if sample.name == "jobs_total":
                counted[sample.labels["status"]] += int(sample.value)
    return counted


def test_a_server_that_stops_ends_its_streams_and_the_other_goes_on(group: ProcessGroup) -> None:
    one, other = group.servers
    clients = Clients([one.url], at_once=1)
    session_id = clients.open_session()
    started = time.monotonic()
    one.stop()
    assert time.monotonic() - started < 10
    observed = ObservedJob(Clients([other.url], at_once=1).ask(session_id))
    Clients([other.url], at_once=1).watch(observed)
    assert observed.end == "succeeded"
    one.start()
    one.wait_until_up()
