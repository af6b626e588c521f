"""Photos in files of the user's machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stillroom.domain.assets import PHOTO_SUFFIXES
from stillroom.domain.errors import InputTooLarge, NotFound


def is_photo_name(name: str) -> bool:
    """Return whether a file is called like a photo; hidden ones, such as `._mug.jpg` of macOS, are none."""
    return not name.startswith(".") and Path(name).suffix.lower() in PHOTO_SUFFIXES


def name_of(path: Path) -> str:
    """Return a file's name with U+FFFD for bytes that are not UTF-8, which cannot be stored as text."""
    return path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def photos_in(folder: Path) -> list[Path]:
    """Return the photos directly in a folder, by name. Raises OSError."""
    # A link that leads nowhere counts: reading it tells that a photo is missing.
    return sorted(file for file in folder.iterdir() if is_photo_name(file.name) and not file.is_dir())


def check_file(path: Path) -> None:
    """Check that there is a file. Raises NotFound, also for devices and pipes, which may have no end."""
    if not path.is_file():
        raise NotFound(f"There is no file {path}.")


def read_photo(path: Path, max_bytes: int) -> bytes:
    """Read a photo.

    Raises:
        NotFound: It is not a file, or cannot be read.
        InputTooLarge: It has more than `max_bytes`.
    """
    with read_errors(path):
        check_file(path)
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise too_large(max_bytes)
    return data


@contextmanager
def read_errors(path: Path) -> Iterator[None]:
    """Translate OS errors, such as a name that is too long. Raises NotFound."""
    try:
        yield
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}.") from error


def too_large(max_bytes: int) -> InputTooLarge:
    return InputTooLarge(
        f"A photo of at most {max_bytes // 1024**2} MB is accepted.", what="bytes", limit=max_bytes
    )
