"""Several files as one zip, with one piece of one file in memory at a time."""

import io
import zipfile
from collections.abc import AsyncIterator, Iterator

from stillroom.domain.ports import OpenBlob


async def zipped(files: AsyncIterator[tuple[str, OpenBlob]]) -> AsyncIterator[bytes]:
    """The archive of named files, each stored as it is: pictures are compressed already."""
    buffer = _Outbox()
    taken: set[str] = set()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        async for name, blob in files:
            entry = zipfile.ZipInfo(free_name(name, taken))
            entry.file_size = blob.size
            with archive.open(entry, "w") as file:
                async for piece in blob.pieces:
                    file.write(piece)
                    yield buffer.take()
    yield buffer.take()


def free_name(name: str, taken: set[str]) -> str:
    """The name, or the first numbered one that is not taken yet, which then is; systems differ about case."""
    stem, _, extension = name.rpartition(".")
    free = next(name for name in _numbered(stem, extension) if name.casefold() not in taken)
    taken.add(free.casefold())
    return free


def _numbered(stem: str, extension: str) -> Iterator[str]:
    yield f"{stem}.{extension}"
    number = 2
    while True:
        yield f"{stem}_{number}.{extension}"
        number += 1


class _Outbox(io.RawIOBase):
    """A write-only file whose content is taken away piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        """Keep a piece until it is taken."""
        self._pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """All that was written since the last time."""
        taken, self._pieces = b"".join(self._pieces), []
        return taken
