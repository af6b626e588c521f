"""People who ask for pictures and watch them being made, whatever happens to the servers."""

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

from tests.e2e.studio_process import parsed
from tests.pictures import png, scene

CANDIDATES = 2
FINAL = {"succeeded", "failed", "canceled"}
PATIENCE_SECONDS = 120.0


@dataclass
class Story:
    """What one watcher saw of one job."""

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


class People:
    """Several at once, each with one request and its story after the other."""

    def __init__(self, urls: Sequence[str], *, at_once: int, seed: int = 7) -> None:
        """Know where the servers are."""
        self._urls = urls
        self._chance = random.Random(seed)
        self._pool = ThreadPoolExecutor(at_once)
        self._at_once = at_once
        self.enough = threading.Event()

    def open_session(self) -> str:
        """One product to work on."""
        with httpx.Client(base_url=self._urls[0], timeout=20) as client:
            image = client.post("/upload", files={"file": ("a.png", png(scene(400, 300)), "image/png")})
            assert image.status_code == 201, image.text
            session = client.post("/session", json={"image_id": image.json()["id"]})
            assert session.status_code == 201, session.text
            return str(session.json()["id"])

    def go_on(self, session_id: str) -> "list[Any]":
        """Begin; `stories` ends it."""
        self._working = [self._pool.submit(self._live, session_id) for _ in range(self._at_once)]
        return self._working

    def stories(self) -> list[Story]:
        """Ask for nothing more, and give back every story once it has ended."""
        self.enough.set()
        return [story for person in self._working for story in person.result(PATIENCE_SECONDS)]

    def _live(self, session_id: str) -> list[Story]:
        told = []
        while not self.enough.is_set():
            story = Story(self.ask(session_id))
            self.watch(story)
            told.append(story)
        return told

    def ask(self, session_id: str, key: str | None = None) -> str:
        """Ask for a job until somebody takes it; the key makes that safe."""
        body = {"session_id": session_id, "operation": "optimize", "candidates": CANDIDATES}
        headers = {"Idempotency-Key": key or secrets.token_hex(8)}
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = httpx.post(f"{self._somewhere()}/edit", json=body, headers=headers, timeout=20)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == 202:
                return str(answer.json()["id"])
            assert answer is None or answer.status_code in (429, 503), answer.text
            assert time.monotonic() < give_up, "nobody took the job"
            time.sleep(0.1)

    def watch(self, story: Story) -> None:
        """Follow a job to its end over as many connections as that takes."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not story.events or story.end not in FINAL:
            assert time.monotonic() < give_up, f"{story.job_id} does not end: {story.events[-3:]}"
            last = str(story.numbers[-1]) if story.events else "0"
            story.connections += 1
            try:
                with httpx.stream(
                    "GET",
                    f"{self._somewhere()}/stream/{story.job_id}",
                    headers={"Last-Event-ID": last},
                    timeout=15,
                ) as stream:
                    if stream.status_code == 200:
                        story.events.extend(parsed(stream.iter_lines()))
                        continue
                    assert stream.status_code == 503, stream.status_code
            except httpx.TransportError:
                pass
            time.sleep(0.05)

    def _somewhere(self) -> str:
        return self._chance.choice(self._urls)


def facts_of(event: dict[str, Any]) -> dict[str, Any]:
    """An event's data."""
    facts: dict[str, Any] = json.loads(event["data"])
    return facts
