"""The real processes of a scaled-out studio, and what each of them weighs while it works."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.servers.ports import free_ports

START_SECONDS = 90
STOP_SECONDS = 30


@dataclass
class Member:
    """One process: a server or a worker.

    Attributes:
        weights_mb: Its resident memory, a reading at a time, with the seconds since the start.
    """

    name: str
    url: str
    process: subprocess.Popen[bytes]
    log: Path
    weights_mb: list[tuple[float, float]] = field(default_factory=list)

    def weigh(self, at: float) -> None:
        """Read how much memory it holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        self.weights_mb.append((at, int(status.partition("VmRSS:")[2].split()[0]) / 1024))


@contextmanager
def crew(folder: Path, settings: Mapping[str, str], *, servers: int, workers: int) -> Iterator[list[Member]]:
    """Start servers and workers, and end them in order.

    Args:
        folder: For logs, and for the data folders, one each as on machines of their own.
        settings: What they share.
        servers: How many `stillroom serve`, each without a worker inside.
        workers: How many `stillroom worker`.
    """
    ports = free_ports(servers + workers)
    members = []
    try:
        for number, port in enumerate(ports):
            door = "serve" if number < servers else "worker"
            members.append(_started(f"{door} {number + 1}", door, port, folder, settings))
            if number == 0:
                # The first one brings the database up to date.
                _wait_for(members[0], "/version")
        for member in members:
            _wait_for(member, "/version" if member.name.startswith("serve") else "/health")
        yield members
    finally:
        for member in members:
            member.process.send_signal(signal.SIGTERM)
        for member in members:
            member.process.wait(STOP_SECONDS)


@contextmanager
def weighed(members: list[Member], every_seconds: float) -> Iterator[None]:
    """Sample the memory of all processes while the context is open."""
    over = threading.Event()
    started = time.monotonic()

    def look() -> None:
        while not over.wait(every_seconds):
            for member in members:
                member.weigh(time.monotonic() - started)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _started(name: str, door: str, port: int, folder: Path, settings: Mapping[str, str]) -> Member:
    data = folder / f"data-{port}"
    data.mkdir()
    (data / "weights").symlink_to(Path(__file__).parents[2] / "data" / "weights")
    environment = {
        **os.environ,
        "STILLROOM_DATA_DIR": str(data),
        "STILLROOM_EMBEDDED_WORKER": "false",
        "STILLROOM_PORT": str(port),
        "STILLROOM_WORKER_PORT": str(port),
        **settings,
    }
    log = folder / f"{name.replace(' ', '-')}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "stillroom", door], env=environment, cwd=data, stdout=out, stderr=out
        )
    return Member(name, f"http://127.0.0.1:{port}", process, log)


def _wait_for(member: Member, path: str) -> None:
    give_up = time.monotonic() + START_SECONDS
    while True:
        try:
            if httpx.get(f"{member.url}{path}", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
        assert member.process.poll() is None, member.log.read_text()[-3000:]
        assert time.monotonic() < give_up, member.log.read_text()[-3000:]
