"""A studio in a process of its own, as a seller would start it."""

import contextlib
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from tests.servers.forked import Forked
from tests.servers.ports import free_ports

START_SECONDS = 60
STOP_SECONDS = 30


class StudioProcess:
    """`stillroom serve` on a port and a data folder of its own; can be killed and started again.

    Attributes:
        cutouts_of_run: Folder of cut-outs that studios of one test run hand on to each other, because a
            cut-out takes most of a first job's time; None outside a run, and for a studio whose first job
            shall take its time.
    """

    cutouts_of_run: Path | None = None

    def __init__(self, data_dir: Path, weights: Path, **settings: str) -> None:
        """Prepare it; nothing runs before `start`."""
        data_dir.mkdir(parents=True, exist_ok=True)
        link = data_dir / "weights"
        if not link.exists():
            link.symlink_to(weights)
        self.data_dir = data_dir
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self._settings: Mapping[str, str] = {
            "STILLROOM_DATA_DIR": str(data_dir),
            "STILLROOM_PORT": str(self.port),
            "STILLROOM_LEASE_SECONDS": "3",
            # Enough for whatever is not about cutting out well.
            "STILLROOM_MATTE_QUALITY": "fast",
            **settings,
        }
        self._process: Forked | None = None
        self.client = httpx.Client(base_url=self.url, timeout=60)

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self.client.close()
        self.stop()

    @property
    def log_file(self) -> Path:
        """File of its log lines."""
        return self.data_dir / "server.log"

    @property
    def pid(self) -> int:
        """Process id of the server."""
        assert self._process is not None, "it was started"
        return self._process.pid

    def start(self) -> None:
        """Start, and wait until it answers."""
        environment = {**os.environ, **self._settings}
        self._process = Forked(["serve"], environment=environment, cwd=self.data_dir, stdout=self.log_file)
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up:
            assert self._process.poll() is None, self.log_file.read_text()[-4000:]
            with contextlib.suppress(httpx.TransportError):
                if self.client.get("/version").status_code == 200:
                    return
            time.sleep(0.1)
        raise AssertionError(f"The studio did not start.\n{self.log_file.read_text()[-4000:]}")

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None, "it was started"
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """Ask it to end, and give back its exit status."""
        assert self._process is not None, "it was started"
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return self._process.wait(STOP_SECONDS)

    def upload(self, photo: Path) -> dict[str, Any]:
        """Upload a photo and give back the image."""
        answer = self.client.post("/upload", files={"file": (photo.name, photo.read_bytes(), "image/jpeg")})
        assert answer.status_code == 201, answer.text
        image: dict[str, Any] = answer.json()
        # Not earlier: a studio that starts deletes cut-outs of photos that it does not have.
        if self.cutouts_of_run:
            _copy_cutouts(self.cutouts_of_run, self.data_dir / "cutouts")
        return image

    def open_session(self, photo: Path) -> dict[str, Any]:
        """Upload a photo and open a session on it."""
        answer = self.client.post("/session", json={"image_id": self.upload(photo)["id"]})
        assert answer.status_code == 201, answer.text
        session: dict[str, Any] = answer.json()
        return session

    def submit(self, path: str, **body: Any) -> dict[str, Any]:
        """Submit a job and give it back."""
        answer = self.client.post(path, json=body)
        assert answer.status_code == 202, answer.text
        job: dict[str, Any] = answer.json()
        return job

    def events(self, job_id: str, last_event_id: int = 0) -> Iterator[dict[str, Any]]:
        """The job's events from the stream, each with `id` and `event`, until the server closes it."""
        headers = {"Last-Event-ID": str(last_event_id)} if last_event_id else {}
        with self.client.stream("GET", f"/stream/{job_id}", headers=headers, timeout=120) as stream:
            assert stream.status_code == 200, stream.status_code
            yield from parsed(stream.iter_lines())

    def finished(self, job_id: str) -> dict[str, Any]:
        """The job once its stream has ended."""
        for _ in self.events(job_id):
            pass
        if self.cutouts_of_run:
            _copy_cutouts(self.data_dir / "cutouts", self.cutouts_of_run)
        job: dict[str, Any] = self.client.get(f"/job/{job_id}").json()
        return job


def _copy_cutouts(source: Path, target: Path) -> None:
    """Copy cut-outs that are missing; another process may do the same, or delete some of them."""
    target.mkdir(parents=True, exist_ok=True)
    for file in source.glob("*.npz"):
        if (target / file.name).exists():
            continue
        with tempfile.TemporaryDirectory(dir=target) as scratch, contextlib.suppress(FileNotFoundError):
            Path(shutil.copy(file, scratch)).replace(target / file.name)


def parsed(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """Server-sent events from their lines; comments and pings are left out."""
    fields: dict[str, str] = {}
    for line in lines:
        if line.startswith(":"):
            continue
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        elif fields:
            if fields.get("event", "ping") != "ping":
                yield dict(fields)
            fields = {}


def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Poll a server until it reaches a state that it sends no event for."""
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "it never came true"
        time.sleep(0.1)
