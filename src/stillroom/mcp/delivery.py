"""Delivery of results: addresses on this server, or files in a folder of the user's machine."""

import asyncio
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urljoin

from stillroom.application.exports.archives import free_name
from stillroom.application.exports.result_files import result_folder, write_complete
from stillroom.domain.errors import StorageUnavailable


@dataclass(frozen=True, slots=True)
class Delivered:
    """Address of a result for the client.

    Attributes:
        url: Address, or `file:` URI.
        file: Path on this machine; None if it is behind an address.
    """

    url: str
    file: str | None = None


class Delivery(Protocol):
    """Hands results to the client."""

    @property
    def writes_files(self) -> bool:
        """Whether results become files, so that callers must pass their bytes."""

    async def deliver(self, path: str, name: str, data: bytes, folder: str | None = None) -> Delivered:
        """Hand over one result.

        Args:
            path: Its path on a server, such as `/image/var_1`.
            data: Its bytes; ignored unless `writes_files`.
            folder: Folder of the user's choice.

        Raises:
            StorageUnavailable: The file cannot be written.
            Conflict: The folder is a file.
        """


@dataclass(frozen=True, slots=True)
class Addresses:
    """Results stay on the server; the client fetches them with its token."""

    base_url: str
    writes_files: bool = False

    async def deliver(self, path: str, name: str, data: bytes, folder: str | None = None) -> Delivered:  # noqa: ARG002
        return Delivered(urljoin(self.base_url, path))


@dataclass(slots=True)
class Folder:
    """Results are written to a folder, each once; existing files are never overwritten.

    Attributes:
        usual: Folder of calls that name none.
    """

    usual: Path
    writes_files: bool = True
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _written: dict[tuple[str, Path, str], Path] = field(default_factory=dict)

    async def deliver(self, path: str, name: str, data: bytes, folder: str | None = None) -> Delivered:
        """Write the file, unless this call's result lies there already."""
        target = Path(folder) if folder else self.usual
        key = (path, target, hashlib.sha256(data).hexdigest())
        # One at a time, because names are made unique.
        async with self._turn:
            written = self._written.get(key)
            if written is None or not await asyncio.to_thread(written.exists):
                written = self._written[key] = await asyncio.to_thread(_write, target, name, data)
        return Delivered(written.as_uri(), str(written))


def _write(folder: Path, name: str, data: bytes) -> Path:
    try:
        folder = result_folder(folder)
        path = folder / free_name(name, {file.name.casefold() for file in folder.iterdir()})
        write_complete(path, data)
    except OSError as error:
        raise StorageUnavailable(f"{folder}: {error.strerror or error}.") from error
    return path
