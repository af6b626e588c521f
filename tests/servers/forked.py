"""Runs `stillroom` commands in processes forked from one that has loaded it: a start costs no imports.

Each has its own arguments, environment, folder and output, as from a shell. The browser tests, `tests/deploy`
and the tests of `stillroom watch` and `stillroom mcp` start from nothing, as users do.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["tests.servers.preloaded"])


class Forked:
    """A running command, with the methods of `subprocess.Popen` that tests use."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str],
        cwd: Path,
        stdout: Path,
        stderr: Path | None = None,
    ) -> None:
        """Start it; output is appended to the files, that of errors to `stdout` too unless it has its own."""
        self._process: ForkServerProcess = context.Process(
            target=_be, args=(list(arguments), dict(environment), cwd, stdout, stderr or stdout)
        )
        self._process.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process.pid is not None, "it was started"
        return self._process.pid

    def poll(self) -> int | None:
        """Its exit status, or None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return its exit status."""
        self._process.join(timeout)
        status = self._process.exitcode
        if status is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return status

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it."""
        self._process.kill()


def run(
    arguments: Sequence[str], environment: Mapping[str, str], cwd: Path
) -> subprocess.CompletedProcess[str]:
    """Result of a command, as `subprocess.run` returns it."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        command = Forked(arguments, environment=environment, cwd=cwd, stdout=out, stderr=err)
        status = command.wait()
        told = (file.read_text("utf-8", "surrogateescape") for file in (out, err))
        return subprocess.CompletedProcess(list(arguments), status, *told)


def _be(arguments: list[str], environment: dict[str, str], cwd: Path, stdout: Path, stderr: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    for stream, file in ((1, stdout), (2, stderr)):
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(descriptor, stream)
        os.close(descriptor)
    sys.argv = ["stillroom", *arguments]
    from stillroom.cli.app import main

    main()
