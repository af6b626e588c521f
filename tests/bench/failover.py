"""Cost and reach of failover: run `python -m tests.bench.failover`, a few minutes.

Prints the time that a rate limit adds to a job, the success of many jobs under faults of all kinds with the
time to their first picture, and what happens while all clouds are down and after.
"""

import itertools
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from tests.fakes.providers.gemini import FakeGemini, error
from tests.fakes.providers.openai_images import FakeOpenAI
from tests.fakes.providers.openai_images import error as openai_error
from tests.fakes.providers.painters import plain
from tests.fakes.providers.server import KEY, FakeVendor, Fault
from tests.servers.studio_process import StudioProcess

console = Console()
ROOT = Path(__file__).parents[2]
PHOTO = ROOT / "golden" / "images" / "mug_kitchen.jpg"
PAIRS = 12
JOBS = 200
OUTAGE_SECONDS = 60.0
WAIT = {"retry-after-ms": "2500"}
"""Just above what is waited out in place, so that the breaker is soon closed again."""

GEMINI_FAULTS = [
    Fault(429, error(429, "RESOURCE_EXHAUSTED", "").body, headers=WAIT),
    Fault(400, error(400, "INVALID_ARGUMENT", "Aspect ratio").body),
    Fault(500, error(500, "INTERNAL", "").body),
    Fault(502, "<html>", content_type="text/html"),
    Fault(503, error(503, "UNAVAILABLE", "").body),
    Fault(504, error(504, "DEADLINE_EXCEEDED", "").body),
    Fault(act="drop"),
    Fault(act="cut"),
    Fault(change=lambda _: {}),
    Fault(200, '{"candidates": [{'),
    Fault(200, "All good!", content_type="text/plain"),
    Fault(change=lambda answer: {**answer, "candidates": [{"index": 0, "finishReason": "SAFETY"}]}),
    Fault(change=lambda answer: {**answer, "candidates": [{"index": 0, "finishReason": "NO_IMAGE"}]}),
]
OPENAI_FAULTS = [
    Fault(429, openai_error(429, "requests", "rate_limit_exceeded", "").body, headers=WAIT),
    Fault(400, openai_error(400, "image_generation_user_error", "moderation_blocked", "").body),
    Fault(500, openai_error(500, "server_error", None, "").body),
    Fault(503, openai_error(503, "service_unavailable_error", None, "").body),
    Fault(act="drop"),
    Fault(change=lambda answer: {**answer, "data": []}),
]


@contextmanager
def running() -> Iterator[tuple[StudioProcess, FakeGemini, FakeOpenAI]]:
    """A studio and its two clouds."""
    with (
        tempfile.TemporaryDirectory() as folder,
        FakeGemini(plain) as gemini,
        FakeOpenAI(plain) as openai,
        StudioProcess(
            Path(folder) / "data",
            ROOT / "data" / "weights",
            GEMINI_API_KEY=KEY,
            GEMINI_BASE_URL=gemini.address,
            OPENAI_API_KEY=KEY,
            OPENAI_BASE_URL=f"{openai.address}/v1",
            STILLROOM_USER_PER_MINUTE="100000",
        ) as studio,
    ):
        yield studio, gemini, openai


def edit(studio: StudioProcess, session: str, **more: Any) -> dict[str, Any]:
    """One background replaced."""
    body = {"session_id": session, "operation": "bg_replace", "prompt": "木纹", "candidates": 1, **more}
    return studio.finished(studio.submit("/edit", **body)["id"])


def added_by_a_rate_limit(
    studio: StudioProcess, gemini: FakeGemini, openai: FakeOpenAI, session: str
) -> None:
    """From the call that is answered 429 to the call of the next, as the vendors see them come in.

    Without the fault the second call would have been sent when the first was.
    """
    edit(studio, session)
    edit(studio, session, provider="chatgpt")
    gaps = []
    for _ in range(PAIRS):
        gemini.fail(GEMINI_FAULTS[0])
        job = edit(studio, session)
        assert job["fallbacks"], job
        gaps.append(round((openai.asked[-1].at - gemini.asked[-1].at) * 1000))
        time.sleep(2.6)
    console.print(f"a 429 adds {statistics.median(gaps):.0f} ms, median of {PAIRS}: {sorted(gaps)}")


def under_faults(studio: StudioProcess, gemini: FakeGemini, openai: FakeOpenAI, session: str) -> None:
    """Many jobs, nearly each of which meets a fault."""
    jobs = []
    kinds = zip(itertools.cycle(GEMINI_FAULTS), itertools.cycle(OPENAI_FAULTS), strict=False)
    for number, (one, other) in zip(range(JOBS), kinds, strict=False):
        gemini.fail(one)
        if number % 2:
            openai.fail(other)
        jobs.append(edit(studio, session))
        gemini.heal()
        openai.heal()
    good = sum(job["status"] == "succeeded" for job in jobs)
    first = sorted(job["first_image_ms"] for job in jobs)
    p50, p95 = first[len(first) // 2], first[int(len(first) * 0.95)]
    fell_back = sum(bool(job["fallbacks"]) for job in jobs)
    console.print(f"{JOBS} jobs under faults: {good} succeeded, {fell_back} with a fallback", end=", ")
    console.print(f"first picture p50 {p50} ms, p95 {p95} ms")


def through_an_outage(studio: StudioProcess, fakes: tuple[FakeVendor, ...], session: str) -> None:
    """Measure throughput during and after an outage."""
    for fake in fakes:
        fake.heal()
        fake.asked.clear()
        fake.fail(Fault(503, {}, times=float("inf")))
    jobs: list[dict[str, Any]] = []
    stop = time.monotonic() + OUTAGE_SECONDS

    def load() -> None:
        while time.monotonic() < stop:
            jobs.append(edit(studio, session))

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failed = sum(job["status"] != "succeeded" for job in jobs)
    console.print(f"all clouds down {OUTAGE_SECONDS:.0f} s: {len(jobs)} jobs, {failed} failed", end=", ")
    console.print(f"calls to each broken cloud {[fake.calls for fake in fakes]}")
    for fake in fakes:
        fake.heal()
    started = time.monotonic()
    while not edit(studio, session)["model_used"].startswith("gemini/"):
        time.sleep(1)
    console.print(f"back at the first cloud {time.monotonic() - started:.0f} s after it was well again")


def main() -> None:
    """Run all of it."""
    with running() as (studio, gemini, openai):
        session = studio.open_session(PHOTO)["id"]
        added_by_a_rate_limit(studio, gemini, openai, session)
        under_faults(studio, gemini, openai, session)
        through_an_outage(studio, (gemini, openai), session)


if __name__ == "__main__":
    main()
