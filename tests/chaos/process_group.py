"""A group of API and worker processes that can be killed, held and started again one by one."""

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

CONCURRENCY = 3
"""Jobs that a worker takes at once."""

START_SECONDS = 180
"""Time to load everything on a machine that is shared with others."""

UNBOUNDED = {
    "STILLROOM_USER_RUNNING": "8",
    "STILLROOM_USER_QUEUED": "10000",
    "STILLROOM_USER_PER_MINUTE": "100000",
    "STILLROOM_USER_STREAMS": "10000",
    "STILLROOM_WORKER_CONCURRENCY": str(CONCURRENCY),
    "STILLROOM_LEASE_SECONDS": str(LEASE_SECONDS),
}


class ManagedProcess:
    """One process."""

    def __init__(self, command: str, settings: Mapping[str, str], folder: Path, name: str) -> None:
        """Store the settings; `start` starts the process."""
        self.command = command
        self._settings = settings
        self._log = folder / f"{name}.log"
        self._process: ForkServerProcess | None = None
        self.url = f"http://127.0.0.1:{settings['STILLROOM_PORT']}"

    @property
    def was_started(self) -> bool:
        """Whether `start` was called."""
        return self._process is not None

    @property
    def is_running(self) -> bool:
        """Whether the process is running."""
        return self._process is not None and self._process.is_alive()

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None, "it was started"
        assert self._process.pid is not None, "it was started"
        return self._process.pid

    def start(self) -> None:
        """Start the process."""
        self._process = context.Process(
            target=quick_studio.run, args=(self.command, self._settings, self._log)
        )
        self._process.start()

    def wait_until_up(self) -> None:
        """Wait until a server responds. A worker has no address."""
        give_up = time.monotonic() + START_SECONDS
        while self.command == "serve":
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/version", timeout=2).status_code == 200:
                    return
            assert self.is_running, self._log.read_text()[-3000:]
            assert time.monotonic() < give_up, self._log.read_text()[-3000:]
            time.sleep(0.05)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """Send SIGKILL and wait for the end."""
        assert self._process is not None, "it was started"
        self._process.kill()
        self._process.join()

    def stop(self) -> float:
        """Send SIGTERM and return the seconds until the process has ended."""
        assert self._process is not None, "it was started"
        started = time.monotonic()
        if self._process.is_alive():
            self.send(signal.SIGCONT)
            self.send(signal.SIGTERM)
        self._process.join(20)
        assert not self._process.is_alive(), self._log.read_text()[-3000:]
        return time.monotonic() - started


class ProcessGroup:
    """Some servers and some workers over one database and one store."""

    def __init__(
        self, folder: Path, shared: Mapping[str, str], *, servers: int, workers: int, embedded: bool = False
    ) -> None:
        """Create the processes; the context starts them."""
        self.servers: list[ManagedProcess] = []
        self.workers: list[ManagedProcess] = []
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
            command, kept = ("serve", self.servers) if is_server else ("work", self.workers)
            kept.append(ManagedProcess(command, settings, folder, f"{command}-{number}"))

    def __enter__(self) -> Self:
        """Start all processes, or none if one fails. The first one migrates the database."""
        first, *others = self.processes
        try:
            first.start()
            first.wait_until_up()
            for process in others:
                process.start()
            for process in others:
                process.wait_until_up()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill all processes."""
        self._end()

    def _end(self) -> None:
        for process in self.processes:
            if process.was_started:
                process.kill()

    @property
    def processes(self) -> list[ManagedProcess]:
        """Servers and workers."""
        return [*self.servers, *self.workers]

    def kill_random_process(self, chance: random.Random) -> None:
        """Kill a random process and start it again at once."""
        victim = chance.choice(self.processes)
        victim.kill()
        victim.start()
