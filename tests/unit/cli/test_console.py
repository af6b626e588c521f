"""Commands that are ended by a signal."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import typer

from stillroom.cli import console
from stillroom.cli.console import EXIT_TERMINATED, quiet_command


@pytest.fixture
def terminable() -> Iterator[None]:
    """An unhandled SIGTERM fails the test instead of ending its process."""

    def fail(*_: object) -> None:
        raise AssertionError("SIGTERM is not handled")

    before = signal.signal(signal.SIGTERM, fail)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.usefixtures("terminable")
def test_terminated_command_removes_its_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The log of this process is the tests'.
    monkeypatch.setattr(console, "set_up_logging", lambda **_: None)

    @quiet_command
    async def command() -> int:
        with TemporaryDirectory(dir=tmp_path):
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.Event().wait()
        return 0

    with pytest.raises(typer.Exit) as ended:
        command()
    assert ended.value.exit_code == EXIT_TERMINATED == 143
    assert list(tmp_path.iterdir()) == []
