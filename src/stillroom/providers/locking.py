"""File lock between the processes of one machine."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LOOK_AGAIN_SECONDS = 0.2  # poll interval for the lock and for cancellation

_NEVER_GIVEN_UP = threading.Event()


@contextmanager
def locked(path: Path, given_up: threading.Event = _NEVER_GIVEN_UP) -> Iterator[bool]:
    """Wait until no other process or thread holds the lock; the lock of a dead process is released.

    Args:
        path: The lock file; created if missing and never removed.
        given_up: Event that another thread sets to end the wait.

    Yields:
        Whether the lock is held; False if the wait was cancelled.

    Raises:
        OSError: The file cannot be created.
    """
    with path.open("a+b") as handle:
        while not (is_held := _lock(handle)):
            if given_up.wait(LOOK_AGAIN_SECONDS):
                break
        yield is_held


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: IO[bytes]) -> bool:
        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(handle: IO[bytes]) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
