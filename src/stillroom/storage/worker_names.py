"""Stable worker names: a name is held by an advisory file lock (`flock`) in the data folder."""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_TOKEN_CHARACTERS = 16

try:
    import fcntl
except ImportError:  # pragma: no cover - a system without such locks
    fcntl = None  # type: ignore[assignment]

_MOST = 64
"""Maximum number of locked names per data folder; further workers get a random name."""


@contextmanager
def worker_name(folder: Path) -> Iterator[str]:
    """Acquire a worker name for the context; the system releases its lock when the process dies.

    A reused name proves that its previous holder is dead, so the new holder may recover that worker's jobs at
    once.
    """
    acquired = _free_name(folder)
    if acquired is None:
        yield _of_this_machine(secrets.token_hex(_TOKEN_CHARACTERS // 2))
        return
    descriptor, token = acquired
    try:
        yield _of_this_machine(token)
    finally:
        os.close(descriptor)


def _free_name(folder: Path) -> tuple[int, str] | None:
    if fcntl is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(_MOST):
        descriptor = os.open(folder / f"{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor, _token(descriptor)
        os.close(descriptor)
    return None


def _token(descriptor: int) -> str:
    """Read the token in the lock file; the first holder writes it."""
    known = os.pread(descriptor, 64, 0).decode(errors="replace")
    if len(known) == _TOKEN_CHARACTERS and known.isalnum():
        return known
    token = secrets.token_hex(_TOKEN_CHARACTERS // 2)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, token.encode(), 0)
    return token


def _of_this_machine(token: str) -> str:
    # Includes the host name, because a folder may be copied to another machine.
    return f"{socket.gethostname()}-{token}:"
