"""Starts a server process with its output in a log file, waits for it, and stops it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


class ServerProcess:
    """One running server: fails with its log instead of leaving a test to hang."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        cwd: Path,
        environment: Mapping[str, str] | None = None,
        user: int | None = None,
    ) -> None:
        """Start it.

        Args:
            command: Program and arguments.
            cwd: Where it runs and its log lies.
            environment: Instead of the present one.
            user: Drop to this user id and its group, without further groups.
        """
        self._name = Path(command[0]).name
        self._log = cwd / f"{self._name}.log"
        # A file, not a pipe: nobody reads while tests run, and a full pipe would stop the server.
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(part) for part in command],
                cwd=cwd,
                env=dict(environment if environment is not None else os.environ),
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                # Ctrl-C in the terminal must reach pytest alone; its fixtures then stop the server.
                start_new_session=True,
                user=user,
                group=user,
                extra_groups=None if user is None else [],
            )

    def wait_until(self, ready: Callable[[], bool], *, seconds: float = 30.0) -> None:
        """Wait for the server to answer.

        Raises:
            RuntimeError: It ended, or did not answer in time; the text has the tail of its log.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            if self._process.poll() is not None:
                raise RuntimeError(f"{self._name} ended with {self._process.returncode}:\n{self._tail()}")
            if time.monotonic() > deadline:
                self.stop(signal.SIGKILL)
                raise RuntimeError(f"{self._name} did not answer within {seconds} s:\n{self._tail()}")
            time.sleep(0.02)

    def stop(self, by: signal.Signals) -> None:
        """End the server; kill it when the signal is not obeyed within 10 s."""
        self._process.send_signal(by)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _tail(self) -> str:
        return self._log.read_text(errors="replace")[-4_000:]
