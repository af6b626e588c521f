"""Processes of a scaled-out studio, and their memory under load."""

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
class ClusterProcess:
    """A server or worker process.

    Attributes:
        memory_mb: Samples of resident memory in MB, with the seconds since the start.
    """

    name: str
    url: str
    popen: subprocess.Popen[bytes]
    log: Path
    memory_mb: list[tuple[float, float]] = field(default_factory=list)

    def sample_memory(self, at: float) -> None:
        """Sample the resident memory."""
        status = Path(f"/proc/{self.popen.pid}/status").read_text()
        self.memory_mb.append((at, int(status.partition("VmRSS:")[2].split()[0]) / 1024))


@contextmanager
def cluster(
    folder: Path, settings: Mapping[str, str], *, servers: int, workers: int
) -> Iterator[list[ClusterProcess]]:
    """Start servers and workers, and stop them when the context ends.

    Args:
        folder: For logs, and for the data folders, one each as on machines of their own.
        settings: Environment of all processes.
        servers: How many `stillroom serve`, each without a worker inside.
        workers: How many `stillroom worker`.
    """
    ports = free_ports(servers + workers)
    processes = []
    try:
        for number, port in enumerate(ports):
            door = "serve" if number < servers else "worker"
            processes.append(_start_process(f"{door} {number + 1}", door, port, folder, settings))
            if number == 0:
                # The first one migrates the database.
                _wait_for(processes[0], "/version")
        for process in processes:
            _wait_for(process, "/version" if process.name.startswith("serve") else "/health")
        yield processes
    finally:
        for process in processes:
            process.popen.send_signal(signal.SIGTERM)
        for process in processes:
            process.popen.wait(STOP_SECONDS)


@contextmanager
def memory_sampled(processes: list[ClusterProcess], every_seconds: float) -> Iterator[None]:
    """Sample the memory of all processes while the context is open."""
    over = threading.Event()
    started = time.monotonic()

    def look() -> None:
        while not over.wait(every_seconds):
            for process in processes:
                process.sample_memory(time.monotonic() - started)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _start_process(
    name: str, door: str, port: int, folder: Path, settings: Mapping[str, str]
) -> ClusterProcess:
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
    return ClusterProcess(name, f"http://127.0.0.1:{port}", process, log)


def _wait_for(process: ClusterProcess, path: str) -> None:
    give_up = time.monotonic() + START_SECONDS
    while True:
        try:
            if httpx.get(f"{process.url}{path}", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
        assert process.popen.poll() is None, process.log.read_text()[-3000:]
        assert time.monotonic() < give_up, process.log.read_text()[-3000:]
