"""Results as files in a folder of the user's machine."""

import secrets
import tempfile
from pathlib import Path

from stillroom.domain.errors import Conflict


def result_folder(folder: Path) -> Path:
    """Create a folder if it is missing, and return its real path. Raises OSError, and Conflict for a file."""
    if folder.exists() and not folder.is_dir():
        raise Conflict(f"{folder} is a file; the results need a folder.")
    folder.mkdir(parents=True, exist_ok=True)
    # Check write access now instead of after minutes of work.
    tempfile.TemporaryFile(dir=folder).close()
    return folder.resolve()


def write_complete(path: Path, data: bytes) -> None:
    """Write or replace a file, which never holds a part of the bytes. Raises OSError."""
    # A short name, because that of the file may have the maximum length.
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
