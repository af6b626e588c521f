"""Work on a file that only one process of the machine does at a time."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LOOK_AGAIN_SECONDS = 0.2  # how soon it is seen that a lock is free, or that nobody waits any more

_NEVER_GIVEN_UP = threading.Event()


@contextmanager
def locked(path: Path, given_up: threading.Event = _NEVER_GIVEN_UP) -> Iterator[bool]:
    """Wait until no other process, nor thread, holds a lock; whoever dies lets go of it.

    Args:
        path: Of the lock's file, made if missing and left there.
        given_up: Set by another thread, it ends the waiting.

    Yields:
        Whether the lock is held now; not if it was given up.

    Raises:
        OSError: The file cannot be made.
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
