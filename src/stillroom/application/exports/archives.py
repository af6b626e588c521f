"""ZIP streaming: several files as one archive, with one chunk in memory at a time."""

import io
import zipfile
from collections.abc import AsyncIterator, Iterator

from stillroom.domain.ports import OpenBlob


async def zipped(files: AsyncIterator[tuple[str, OpenBlob]]) -> AsyncIterator[bytes]:
    """Stream a ZIP archive of named files, uncompressed because pictures are compressed already."""
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


def in_memory(data: bytes) -> OpenBlob:
    """Return bytes as an entry of an archive."""

    async def pieces() -> AsyncIterator[bytes]:
        yield data

    return OpenBlob(len(data), pieces())


def free_name(name: str, taken: set[str]) -> str:
    """Return a name that is not in `taken`, numbered if necessary, and add it.

    Names are compared without case, because some file systems ignore it.
    """
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
    """Write-only buffer that is drained chunk by chunk."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        """Append a chunk to the buffer."""
        self._pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """Return the buffered bytes and empty the buffer."""
        taken, self._pieces = b"".join(self._pieces), []
        return taken
