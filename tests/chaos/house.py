"""A house of API and worker processes that can be killed, held and started again one by one."""

import contextlib
import os
import random
import signal
import time
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from tests.chaos import quick_studio
from tests.servers.forked import context
from tests.servers.ports import free_ports

LEASE_SECONDS = int(os.environ.get("CHAOS_LEASE_SECONDS", "2"))
"""Longer where the machine is so busy that a heartbeat may stall for two seconds."""

START_SECONDS = 180
"""Time to load everything on a machine that is shared with others."""

UNBOUNDED = {
    "STILLROOM_USER_RUNNING": "8",
    "STILLROOM_USER_QUEUED": "10000",
    "STILLROOM_USER_PER_MINUTE": "100000",
    "STILLROOM_USER_STREAMS": "10000",
    "STILLROOM_WORKER_CONCURRENCY": "3",
    "STILLROOM_LEASE_SECONDS": str(LEASE_SECONDS),
}


class Inmate:
    """One process."""

    def __init__(self, door: str, settings: Mapping[str, str], folder: Path, name: str) -> None:
        """Prepare it; nothing runs before `start`."""
        self.door = door
        self._settings = settings
        self._log = folder / f"{name}.log"
        self._process: ForkServerProcess | None = None
        self.url = f"http://127.0.0.1:{settings['STILLROOM_PORT']}"

    @property
    def was_started(self) -> bool:
        """Whether there is anything to end."""
        return self._process is not None

    @property
    def is_running(self) -> bool:
        """Whether it lives."""
        return self._process is not None and self._process.is_alive()

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None, "it was started"
        assert self._process.pid is not None, "it was started"
        return self._process.pid

    def start(self) -> None:
        """Let it run."""
        self._process = context.Process(target=quick_studio.run, args=(self.door, self._settings, self._log))
        self._process.start()

    def wait_until_up(self) -> None:
        """Wait for a server to answer; a worker needs no waiting for."""
        give_up = time.monotonic() + START_SECONDS
        while self.door == "serve":
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/version", timeout=2).status_code == 200:
                    return
            assert self.is_running, self._log.read_text()[-3000:]
            assert time.monotonic() < give_up, self._log.read_text()[-3000:]
            time.sleep(0.05)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None, "it was started"
        self._process.kill()
        self._process.join()

    def stop(self) -> float:
        """Ask it to end, and give back the seconds that took."""
        assert self._process is not None, "it was started"
        started = time.monotonic()
        if self._process.is_alive():
            self.send(signal.SIGCONT)
            self.send(signal.SIGTERM)
        self._process.join(20)
        assert not self._process.is_alive(), self._log.read_text()[-3000:]
        return time.monotonic() - started


class House:
    """Some servers and some workers over one database and one store."""

    def __init__(
        self, folder: Path, shared: Mapping[str, str], *, servers: int, workers: int, embedded: bool = False
    ) -> None:
        """Prepare them; they start with the context."""
        self.servers: list[Inmate] = []
        self.workers: list[Inmate] = []
        ports = free_ports(servers + workers)
        for number, port in enumerate(ports):
            is_server = number < servers
            settings = {
                **UNBOUNDED,
                "STILLROOM_DATA_DIR": str(folder / "data"),
                "STILLROOM_EMBEDDED_WORKER": str(embedded).lower(),
                "STILLROOM_PORT": str(port),
                "STILLROOM_WORKER_PORT": str(port),
                **shared,
            }
            door, kept = ("serve", self.servers) if is_server else ("work", self.workers)
            kept.append(Inmate(door, settings, folder, f"{door}-{number}"))

    def __enter__(self) -> Self:
        """Start everybody, or nobody; the first one brings the database up to date."""
        first, *others = self.inmates
        try:
            first.start()
            first.wait_until_up()
            for inmate in others:
                inmate.start()
            for inmate in others:
                inmate.wait_until_up()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End everybody."""
        self._end()

    def _end(self) -> None:
        for inmate in self.inmates:
            if inmate.was_started:
                inmate.kill()

    @property
    def inmates(self) -> list[Inmate]:
        """Everybody."""
        return [*self.servers, *self.workers]

    def kill_somebody(self, chance: random.Random) -> None:
        """Kill a random process and start it again at once."""
        victim = chance.choice(self.inmates)
        victim.kill()
        victim.start()
