"""Sellers who do what sellers do, and write down how long each thing took and how it ended."""

import random
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.chaos.clients import FINAL, ObservedJob
from tests.servers.studio_process import parsed

PATIENCE_SECONDS = 300.0
WISHES = ("暖一点", "softer shadow", "放大一点", "light from the left", "木纹背景")
PRESETS = (["web-1080"], ["amazon-main"], ["web-1500", "taobao-main"])


@dataclass
class LoadResults:
    """Observations of all sellers.

    Attributes:
        took_ms: By kind of request, of those that were answered well.
        refused: How often a request was told to come again later (429).
        broken: Every answer that no seller should see, in words.
        observed_jobs: Every job and its events.
        lock: Many write at once.
    """

    took_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: int = 0
    broken: list[str] = field(default_factory=list)
    observed_jobs: list[ObservedJob] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Seller:
    """One person at one of the servers after the other."""

    def __init__(self, urls: Sequence[str], photos: Sequence[Path], ledger: LoadResults, seed: int) -> None:
        self._chance = random.Random(seed)
        self._urls = urls
        self._photos = photos
        self._ledger = ledger
        self._client = httpx.Client(timeout=60)

    def work_until(self, over: threading.Event) -> None:
        """One product after the other."""
        with self._client:
            while not over.is_set():
                self._one_product(over)

    def _one_product(self, over: threading.Event) -> None:
        photo = self._chance.choice(self._photos)
        image = self._call(
            "upload", "POST", "/upload", files={"file": (photo.name, photo.read_bytes(), "image/jpeg")}
        )
        session = image and self._call("session", "POST", "/session", json={"image_id": image["id"]})
        if not session:
            return
        operation = self._chance.choice(["optimize", "bg_replace"])
        picture = self._make("/edit", session, operation=operation, candidates=self._chance.randint(1, 3))
        for wish in self._chance.sample(WISHES, self._chance.randint(0, 2)):
            if picture is None or over.is_set():
                break
            self._call("adopt", "POST", f"/variant/{picture}/adopt")
            picture = self._make("/refine", session, variant_id=picture, prompt=wish, candidates=1)
        if picture is not None:
            body = {"variant_ids": [picture], "presets": self._chance.choice(PRESETS)}
            order = self._call("export", "POST", "/export", json=body)
            for file in order["exports"] if order else []:
                self._call("download", "GET", file["url"])

    def _make(self, path: str, session: dict[str, Any], **body: Any) -> str | None:
        """Ask for a job, follow it to its end, and give back one of its pictures."""
        started = time.monotonic()
        headers = {"Idempotency-Key": secrets.token_hex(8)}
        body = {"session_id": session["id"], **body}
        job = self._call(path.strip("/"), "POST", path, json=body, headers=headers)
        if not job:
            return None
        observed = ObservedJob(job["id"])
        self._follow(observed)
        with self._ledger.lock:
            self._ledger.observed_jobs.append(observed)
            if observed.events and observed.end == "succeeded":
                self._ledger.took_ms[f"whole job, {path.strip('/')}"].append(_ms_since(started))
        shown = self._call("job", "GET", f"/job/{job['id']}")
        pictures = [variant["id"] for variant in shown["variants"]] if shown else []
        return self._chance.choice(pictures) if pictures else None

    def _follow(self, observed: ObservedJob) -> None:
        give_up = time.monotonic() + PATIENCE_SECONDS
        while (not observed.events or observed.end not in FINAL) and time.monotonic() < give_up:
            last = str(observed.numbers[-1]) if observed.events else "0"
            observed.connections += 1
            address = f"{self._chance.choice(self._urls)}/stream/{observed.job_id}"
            try:
                with self._client.stream("GET", address, headers={"Last-Event-ID": last}) as stream:
                    if stream.status_code == 200:
                        observed.events.extend(parsed(stream.iter_lines()))
                    else:
                        self._note(f"stream: {stream.status_code}")
            except httpx.TransportError as error:
                self._note(f"stream: {type(error).__name__}")

    def _call(self, kind: str, method: str, path: str, **request: Any) -> Any:
        """The answer's JSON (or True for files); None when there is no good answer."""
        return self._until_taken(
            kind, lambda: self._client.request(method, self._chance.choice(self._urls) + path, **request)
        )

    def _until_taken(self, kind: str, send: Callable[[], httpx.Response]) -> Any:
        give_up = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up:
            started = time.monotonic()
            try:
                answer = send()
            except httpx.TransportError as error:
                self._note(f"{kind}: {type(error).__name__}")
                return None
            if answer.status_code == 429:
                with self._ledger.lock:
                    self._ledger.refused += 1
                time.sleep(min(5.0, float(answer.headers.get("Retry-After", "1"))))
                continue
            if answer.is_success:
                with self._ledger.lock:
                    self._ledger.took_ms[kind].append(_ms_since(started))
                is_json = answer.headers["content-type"].startswith("application/json")
                return answer.json() if is_json else True
            self._note(f"{kind}: {answer.status_code} {answer.text[:200]}")
            return None
        return None

    def _note(self, trouble: str) -> None:
        with self._ledger.lock:
            self._ledger.broken.append(trouble)


def _ms_since(started: float) -> float:
    return (time.monotonic() - started) * 1000
