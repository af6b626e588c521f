"""Free disk space: measurement, write checks, and a reserve file that lets deletions work on a full disk."""

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from stillroom.domain.errors import FULL, READ_ONLY, StorageUnavailable
from stillroom.storage.driver_errors import storage_failed

RESERVE_BYTES = 8 * 1024 * 1024
"""Size of the reserve in bytes: SQLite checkpoints after 4 MB of log (1,000 pages), plus one more
transaction.
"""

RESERVE_SHARE = 8
"""Upper bound of the reserve on small disks: 1/8 of the disk."""

_PIECE_BYTES = 1024 * 1024


def free_bytes(folders: Mapping[str, Path]) -> dict[str, int]:
    """Return the free bytes of each folder's disk, by name; folders that cannot be queried are left out."""
    free = {}
    for name, folder in folders.items():
        with suppress(OSError):
            free[name] = shutil.disk_usage(folder).free
    return free


def check_room(folder: Path, size: int) -> None:
    """Check that a new file leaves enough room for the database, which deletions write to.

    Raises StorageUnavailable if less than `SpaceReserve` requires would be left.
    """
    usage = shutil.disk_usage(folder)
    if usage.free < size + 2 * _reserve_size(usage.total):
        raise StorageUnavailable("The disk is full.", reason=FULL)


def check_folder(folder: Path, setting: str) -> None:
    """Check that files can be created in a folder; a full disk passes, because reading still works.

    A new folder is readable by its owner only; an existing folder keeps its permissions. The message of
    StorageUnavailable is for the operator.
    """
    probe = folder / f".probe-{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = storage_failed("", error).reason
        if reason == FULL:
            return
        remedy = f"Name another folder with {setting}."
        if reason == READ_ONLY:
            remedy = (
                "The data folder must be writable: give it to the user that runs Stillroom (chown), mount it "
                f"read-write, or name another folder with {setting}."
            )
        raise StorageUnavailable(f"{folder}: {error.strerror}. {remedy}", reason=reason) from error


def check_file(file: Path) -> None:
    """Check that an existing file can be written; the message of StorageUnavailable is for the operator."""
    if file.exists() and not os.access(file, os.W_OK):
        raise StorageUnavailable(
            f"{file} must be writable: give it to the user that runs Stillroom (chown), or mount its disk "
            "read-write.",
            reason=READ_ONLY,
        )


class SpaceReserve:
    """Reserve file beside the database, deleted when a deletion finds the disk full.

    Deleting rows first extends SQLite's write-ahead log. Until the file is restored, ordinary writes are
    refused, so that they do not use the space that deletions need.
    """

    def __init__(self, path: Path) -> None:
        """Configure the path; `create` creates the file."""
        self._path = path

    def exists(self) -> bool:
        """Return whether the file exists."""
        return self._path.exists()

    def create(self) -> None:
        """Create the file if it is missing. Raises StorageUnavailable if the disk has no room for it."""
        if self.exists():
            return
        try:
            usage = shutil.disk_usage(self._path.parent)
            size = _reserve_size(usage.total)
            # Twice the size as hysteresis, so that an almost full disk does not create and delete it in turn.
            if usage.free < 2 * size:
                raise StorageUnavailable("The disk is full.", reason=FULL)
            self._write(size)
        except OSError as error:
            raise storage_failed("The reserve file could not be written.", error) from error

    def release(self) -> None:
        """Delete the file if the rest of the disk has less than its size free."""
        with suppress(OSError):
            if shutil.disk_usage(self._path.parent).free < self._path.stat().st_size:
                self._path.unlink()

    def _write(self, size: int) -> None:
        scratch = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            with scratch.open("wb") as file:
                for start in range(0, size, _PIECE_BYTES):
                    # Random bytes, because some file systems store zeros sparsely.
                    file.write(os.urandom(min(_PIECE_BYTES, size - start)))
                file.flush()
                os.fsync(file.fileno())
            scratch.replace(self._path)
        except OSError:
            scratch.unlink(missing_ok=True)
            raise


def _reserve_size(total: int) -> int:
    """Return the size of the reserve in bytes on a disk of `total` bytes."""
    return min(RESERVE_BYTES, total // RESERVE_SHARE)
