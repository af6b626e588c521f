"""Clients that request pictures and follow the jobs, with retries while servers are down."""

import json
import random
import secrets
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.pictures import png, scene
from tests.servers.studio_process import parsed

CANDIDATES = 2
FINAL = {"succeeded", "failed", "canceled"}
PATIENCE_SECONDS = 120.0


@dataclass
class ObservedJob:
    """Events of one job, as one client received them."""

    job_id: str
    events: list[dict[str, Any]] = field(default_factory=list)
    connections: int = 0

    @property
    def numbers(self) -> list[int]:
        """The events' ids in the order they came."""
        return [int(event["id"]) for event in self.events]

    @property
    def end(self) -> str:
        """The last event's name."""
        return str(self.events[-1]["event"])


class Clients:
    """Concurrent clients. Each creates a job and follows it to its end, again and again."""

    def __init__(self, urls: Sequence[str], *, at_once: int, seed: int = 7) -> None:
        """Clients of the servers at these addresses; `at_once` of them run."""
        self._urls = urls
        self._chance = random.Random(seed)
        self._pool = ThreadPoolExecutor(at_once)
        self._at_once = at_once
        self.enough = threading.Event()

    def open_session(self) -> str:
        """Upload a photo and open a session."""
        with httpx.Client(base_url=self._urls[0], timeout=20) as client:
            image = client.post("/upload", files={"file": ("a.png", png(scene(400, 300)), "image/png")})
            assert image.status_code == 201, image.text
            session = client.post("/session", json={"image_id": image.json()["id"]})
            assert session.status_code == 201, session.text
            return str(session.json()["id"])

    def start(self, session_id: str) -> "list[Any]":
        """Start all clients; `observed_jobs` stops them."""
        self._working = [self._pool.submit(self._run, session_id) for _ in range(self._at_once)]
        return self._working

    def observed_jobs(self) -> list[ObservedJob]:
        """Stop creating jobs, and return all jobs once they have ended."""
        self.enough.set()
        return [observed for person in self._working for observed in person.result(PATIENCE_SECONDS)]

    def _run(self, session_id: str) -> list[ObservedJob]:
        told = []
        while not self.enough.is_set():
            observed = ObservedJob(self.ask(session_id))
            self.watch(observed)
            told.append(observed)
        return told

    def ask(self, session_id: str, key: str | None = None) -> str:
        """Create a job, with retries until a server accepts it. The idempotency key prevents a second job."""
        body = {"session_id": session_id, "operation": "optimize", "candidates": CANDIDATES}
        headers = {"Idempotency-Key": key or secrets.token_hex(8)}
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = httpx.post(f"{self._random_url()}/edit", json=body, headers=headers, timeout=20)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == 202:
                return str(answer.json()["id"])
            assert answer is None or answer.status_code in (429, 503), answer.text
            assert time.monotonic() < give_up, "nobody took the job"
            time.sleep(0.1)

    def watch(self, observed: ObservedJob) -> None:
        """Follow a job to its end over as many connections as that takes."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not observed.events or observed.end not in FINAL:
            assert time.monotonic() < give_up, f"{observed.job_id} does not end: {observed.events[-3:]}"
            last = str(observed.numbers[-1]) if observed.events else "0"
            observed.connections += 1
            try:
                with httpx.stream(
                    "GET",
                    f"{self._random_url()}/stream/{observed.job_id}",
                    headers={"Last-Event-ID": last},
                    timeout=15,
                ) as stream:
                    if stream.status_code == 200:
                        observed.events.extend(parsed(stream.iter_lines()))
                        continue
                    assert stream.status_code == 503, stream.status_code
            except httpx.TransportError:
                pass
            time.sleep(0.05)

    def _random_url(self) -> str:
        return self._chance.choice(self._urls)


def facts_of(event: dict[str, Any]) -> dict[str, Any]:
    """An event's data."""
    facts: dict[str, Any] = json.loads(event["data"])
    return facts
