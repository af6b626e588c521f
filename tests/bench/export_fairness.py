"""Time of one seller's export while another has asked for twelve times 26 presets.

    .venv/bin/python -m tests.bench.export_fairness

Prints the seconds of one export of one preset, alone and under the other's requests. On two cores with a load
of 10 to 19: 1.2 s alone; else 6.2 s (worst 25 s) in the order of requests, 2.2 s (worst 2.7 s) with turns.
"""

import statistics
import tempfile
import threading
import time
from pathlib import Path

import httpx
from rich.console import Console

from tests.conftest import ROOT, WEIGHTS
from tests.e2e.accounts import Accounts
from tests.servers.studio_process import StudioProcess

REQUESTS, PRESETS = 12, 26
TIMES = 5
HEAD_START_SECONDS = 2.0


def main() -> None:
    """Measure and print."""
    with (
        tempfile.TemporaryDirectory() as folder,
        StudioProcess(Path(folder), WEIGHTS, STILLROOM_AUTH="token") as studio,
        Accounts(studio) as accounts,
    ):
        many, few = (accounts.client(accounts.create(name)) for name in ("many", "few"))
        picture_of_many, picture_of_few = _picture(many, 0), _picture(few, 1)
        presets = [preset["id"] for preset in few.get("/config").json()["export_presets"]][:PRESETS]
        _report("alone", [_seconds(few, picture_of_few, presets[0]) for _ in range(TIMES)])
        asking = [
            threading.Thread(target=_ask, args=(many, picture_of_many, presets), daemon=True)
            for _ in range(REQUESTS)
        ]
        for thread in asking:
            thread.start()
        time.sleep(HEAD_START_SECONDS)
        _report("under load", [_seconds(few, picture_of_few, presets[0]) for _ in range(TIMES)])
        Console().print(f"still under way: {sum(thread.is_alive() for thread in asking)} of {REQUESTS}")
        studio.kill()


def _picture(client: httpx.Client, number: int) -> str:
    photo = sorted((ROOT / "golden" / "images").glob("*.jpg"))[number]
    image = client.post("/upload", files={"file": (photo.name, photo.read_bytes(), "image/jpeg")}).json()
    session = client.post("/session", json={"image_id": image["id"]}).json()
    job = client.post("/edit", json={"session_id": session["id"], "operation": "optimize"}).json()
    while job["status"] in ("queued", "running"):
        time.sleep(0.2)
        job = client.get(f"/job/{job['id']}").json()
    assert job["status"] == "succeeded", job
    variant: str = job["variants"][-1]["id"]
    return variant


def _ask(client: httpx.Client, variant_id: str, presets: list[str]) -> None:
    try:
        client.post("/export", json={"variant_ids": [variant_id], "presets": presets}, timeout=600)
    except httpx.TransportError:
        # The studio was ended: it was measured by then.
        return


def _seconds(client: httpx.Client, variant_id: str, preset: str) -> float:
    started = time.monotonic()
    answer = client.post("/export", json={"variant_ids": [variant_id], "presets": [preset]}, timeout=600)
    assert answer.status_code == 201, answer.text
    return time.monotonic() - started


def _report(when: str, seconds: list[float]) -> None:
    Console().print(f"{when}: median {statistics.median(seconds):.2f} s, worst {max(seconds):.2f} s")


if __name__ == "__main__":
    main()
