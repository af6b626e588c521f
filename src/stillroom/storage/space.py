"""Free disk space: how much is left, and a reserve file that lets deletions work on a full disk."""

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from stillroom.domain.errors import FULL, READ_ONLY, StorageUnavailable
from stillroom.storage.faults import storage_failed

RESERVE_BYTES = 8 * 1024 * 1024
"""SQLite copies the log of its writes back after 4 MB (1,000 pages); the rest is for one more transaction."""

RESERVE_SHARE = 8
"""Of a small disk, at most this part of it: 1/8."""

_PIECE_BYTES = 1024 * 1024


def free_bytes(folders: Mapping[str, Path]) -> dict[str, int]:
    """Free bytes on each folder's disk, by the name it is given; what cannot be asked is left out."""
    free = {}
    for name, folder in folders.items():
        with suppress(OSError):
            free[name] = shutil.disk_usage(folder).free
    return free


def check_room(folder: Path, size: int) -> None:
    """Make sure that a file leaves room for the database beside it, which deletions write to.

    Raises:
        StorageUnavailable: The disk would be fuller than `SpaceReserve` needs it to be.
    """
    usage = shutil.disk_usage(folder)
    if usage.free < size + 2 * _reserve_size(usage.total):
        raise StorageUnavailable("The disk is full.", reason=FULL)


def check_folder(folder: Path, setting: str) -> None:
    """Make sure that files can be created in a folder; a full disk passes, because reading still works.

    A new folder is accessible to its owner alone; an existing one keeps its access.

    Raises:
        StorageUnavailable: The folder cannot be made or written, in words for the operator.
    """
    probe = folder / f".probe-{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = storage_failed("", error).params.get("reason")
        if reason == FULL:
            return
        remedy = f"Name another folder with {setting}."
        if reason == READ_ONLY:
            remedy = (
                "The data folder must be writable: give it to the user that runs Stillroom (chown), mount it "
                f"read-write, or name another folder with {setting}."
            )
        raise StorageUnavailable(f"{folder}: {error.strerror}. {remedy}", reason=reason) from error


class SpaceReserve:
    """A file of a few megabytes beside the database, given up when a deletion finds the disk full.

    Deleting rows makes SQLite's write-ahead log longer before anything becomes shorter. Until the file is
    back, ordinary writes are refused, so that they do not use up what deletions need.
    """

    def __init__(self, path: Path) -> None:
        """Nothing is written before `keep`."""
        self._path = path

    def is_kept(self) -> bool:
        """Whether the file is there."""
        return self._path.exists()

    def keep(self) -> None:
        """Create the file if it is missing. Raises StorageUnavailable when the disk has no room for it."""
        if self.is_kept():
            return
        try:
            usage = shutil.disk_usage(self._path.parent)
            size = _reserve_size(usage.total)
            # Twice, so that a disk that stays almost full does not make and drop it in turn.
            if usage.free < 2 * size:
                raise StorageUnavailable("The disk is full.", reason=FULL)
            self._write(size)
        except OSError as error:
            raise storage_failed("The disk takes no reserve.", error) from error

    def release(self) -> None:
        """Delete the file if less than its size is free besides."""
        with suppress(OSError):
            if shutil.disk_usage(self._path.parent).free < self._path.stat().st_size:
                self._path.unlink()

    def _write(self, size: int) -> None:
        scratch = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            with scratch.open("wb") as file:
                for start in range(0, size, _PIECE_BYTES):
                    # Random, because some file systems store zeros in no space at all.
                    file.write(os.urandom(min(_PIECE_BYTES, size - start)))
                file.flush()
                os.fsync(file.fileno())
            scratch.replace(self._path)
        except OSError:
            scratch.unlink(missing_ok=True)
            raise


def _reserve_size(total: int) -> int:
    """Bytes of the reserve on a disk of so many."""
    return min(RESERVE_BYTES, total // RESERVE_SHARE)
