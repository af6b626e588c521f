"""A studio that is stopped and started again in the middle of its work."""

import signal
import socket
import sqlite3
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from tests.servers.studio_process import StudioProcess


def test_a_stopped_studio_hands_its_job_back_without_spending_an_attempt(
    tmp_path: Path, weights_folder: Path, golden: Path
) -> None:
    with StudioProcess(tmp_path / "data", weights_folder) as studio:
        studio.cutouts_of_run = None
        session = studio.open_session(golden / "mug_kitchen.jpg")
        jobs = [
            studio.submit("/edit", session_id=session["id"], operation="optimize", candidates=4)["id"]
            for _ in range(4)
        ]
        studio.stop()
        studio.start()
        finished = [studio.finished(job) for job in jobs]
        assert [job["status"] for job in finished] == ["succeeded"] * 4
        assert [job["attempts"] for job in finished] == [1] * 4


def test_stopping_studio_starts_no_job_while_an_upload_finishes(
    tmp_path: Path, weights_folder: Path, golden: Path
) -> None:
    settings = {"STILLROOM_WORKER_CONCURRENCY": "1", "STILLROOM_USER_RUNNING": "1"}
    with StudioProcess(tmp_path / "data", weights_folder, **settings) as studio:
        session = studio.open_session(golden / "mug_kitchen.jpg")

        def submit() -> str:
            job = studio.submit("/edit", session_id=session["id"], operation="optimize", candidates=1)
            return str(job["id"])

        # The cut-out is kept, so that those that follow take no more than a moment.
        studio.finished(submit())
        first, *_ = [submit() for _ in range(15)]
        for event in studio.events(first):
            if event["event"] == "running":
                break
        with socket.create_connection(("127.0.0.1", studio.port)) as upload:
            upload.sendall(
                b"POST /upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n"
                b"Content-Type: multipart/form-data; boundary=x\r\nExpect: 100-continue\r\n\r\n"
            )
            upload.settimeout(10)
            assert b"100 Continue" in upload.recv(100), "it is being taken in"
            upload.sendall(b"--x")
            told_at = datetime.now(UTC)
            assert studio.stop() in (0, -signal.SIGTERM)
    with sqlite3.connect(tmp_path / "data" / "stillroom.db") as database:
        begun = [
            datetime.fromisoformat(at).replace(tzinfo=UTC)
            for (at,) in database.execute("SELECT created_at FROM job_events WHERE type = 'running'")
        ]
    assert begun
    assert max(begun) < told_at + timedelta(seconds=1), "one may have been begun in the very moment"


def test_open_streams_do_not_hold_up_a_stop(tmp_path: Path, weights_folder: Path, golden: Path) -> None:
    with StudioProcess(tmp_path / "data", weights_folder, STILLROOM_EMBEDDED_WORKER="false") as studio:
        session = studio.open_session(golden / "mug_kitchen.jpg")
        job = studio.submit("/edit", session_id=session["id"], operation="optimize")
        opened = threading.Event()

        def watch() -> None:
            try:
                for _ in studio.events(job["id"]):
                    opened.set()
            except httpx.TransportError:
                return

        watching = threading.Thread(target=watch)
        watching.start()
        assert opened.wait(10)
        started = time.monotonic()
        studio.stop()
        watching.join(10)
        assert time.monotonic() - started < 10
