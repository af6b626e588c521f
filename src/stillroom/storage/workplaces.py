"""Names for workers that no other living process has, held by a lock on a file in the data folder."""

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
"""Workers that share one data folder; those beyond have a name of their own and inherit nothing."""


@contextmanager
def workplace(folder: Path) -> Iterator[str]:
    """A place of work, while the context is open; the system gives it up when the process dies.

    Whoever gets a place that was used before knows that its user is dead, and may take over at once what
    that one held.

    Args:
        folder: Where the places of one data folder are kept.
    """
    place = _free_place(folder)
    if place is None:
        yield _of_this_machine(secrets.token_hex(_TOKEN_CHARACTERS // 2))
        return
    descriptor, token = place
    try:
        yield _of_this_machine(token)
    finally:
        os.close(descriptor)


def _free_place(folder: Path) -> tuple[int, str] | None:
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
    """What the file says, which is written by whoever comes first."""
    known = os.pread(descriptor, 64, 0).decode(errors="replace")
    if len(known) == _TOKEN_CHARACTERS and known.isalnum():
        return known
    token = secrets.token_hex(_TOKEN_CHARACTERS // 2)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, token.encode(), 0)
    return token


def _of_this_machine(token: str) -> str:
    # A folder may be copied to another machine, where it is another place.
    return f"{socket.gethostname()}-{token}:"
