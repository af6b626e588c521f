"""Blob store: bytes by key, in a local folder or an S3 bucket selected by URL."""

import asyncio
import os
import secrets
import stat
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, S3Store

from stillroom.domain.errors import NotFound, StorageUnavailable
from stillroom.domain.ports import OpenBlob, StoredBlob
from stillroom.storage.driver_errors import storage_failed
from stillroom.storage.space import check_room

if TYPE_CHECKING:
    # Exists only in the type stubs.
    from obstore import GetResult

_PIECE_BYTES = 256 * 1024
"""Chunk size for reading a local file, in bytes; a thousand concurrent slow readers must fit into memory."""

_RANGE_BYTES = 1024 * 1024
"""Chunk size for reading from a bucket, in bytes; each chunk is one ranged request."""

_LISTED_AT_ONCE = 1000
"""Keys per page of a listing; S3 returns at most 1,000."""

HALF_WRITTEN = "#"
"""Marks temporary files of unfinished writes (the convention of obstore's local store); valid keys never
contain it.
"""

PROBE_FOLDER = "probe"
"""Folder of the blobs that `check` writes; one remains there only if a check is interrupted."""

_CONNECT_TIMEOUT = timedelta(seconds=3)
"""Includes one repetition of a lost packet, which systems send after a second."""

_REQUEST_TIMEOUT = timedelta(seconds=60)
_RETRIES = 5
_RETRY_TIMEOUT = timedelta(seconds=10)
"""Time from the start of a request after which it is not retried. Five retries of errors that come at once
take about a second, so this bounds the wait for a store that cannot be reached.
"""


class BlobStore:
    """Blob store over a local folder or an S3 bucket."""

    def __init__(self, url: str) -> None:
        """Open the store at `s3://bucket/prefix` (with `AWS_*` variables), `file:///folder` or a plain path.

        Raises ValueError for another kind of URL, StorageUnavailable if the folder cannot be created.
        """
        self._folder = folder_of(url)
        self._store: LocalStore | S3Store
        if self._folder is None:
            self._store = _bucket(url)
        else:
            with _translate_errors():
                self._store = LocalStore(self._folder, mkdir=True)

    async def put(self, key: str, data: bytes, media_type: str) -> None:
        # The bytes are flushed to disk before this returns, so rows that name them can be committed. Local
        # files have no media type; the rows hold it.
        attributes = {"Content-Type": media_type} if self._folder is None else None
        with _translate_errors(), suppress(AlreadyExistsError):
            if self._folder is not None:
                check_room(self._folder, len(data))
            await self._store.put_async(key, data, mode="create", attributes=attributes)
            if self._folder is not None:
                await asyncio.to_thread(_flush, self._folder / key)

    async def get(self, key: str) -> bytes:
        with _translate_errors(key):
            return (await (await self._store.get_async(key)).bytes_async()).to_bytes()

    async def open(self, key: str) -> OpenBlob:
        with _translate_errors(key):
            if self._folder is None:
                size = int((await self._store.head_async(key))["size"])
                return OpenBlob(size, self._ranges(key, size))
            found = await self._store.get_async(key)
        return OpenBlob(int(found.meta["size"]), _pieces(found, key))

    async def _ranges(self, key: str, size: int) -> AsyncIterator[bytes]:
        # One ranged request per chunk: a single S3 response would time out on a slow reader.
        for start in range(0, size, _RANGE_BYTES):
            with _translate_errors(key):
                piece = await self._store.get_range_async(
                    key, start=start, end=min(start + _RANGE_BYTES, size)
                )
            yield bytes(piece)

    async def delete(self, keys: Sequence[str]) -> None:
        with _translate_errors():
            await asyncio.gather(*(self._delete(key) for key in keys))

    async def list(self, folder: str | None = None) -> AsyncIterator[Sequence[StoredBlob]]:
        with _translate_errors():
            if self._folder is not None:
                listed = await asyncio.to_thread(_files, self._folder, folder or "")
                for start in range(0, len(listed), _LISTED_AT_ONCE):
                    yield listed[start : start + _LISTED_AT_ONCE]
                return
            async for piece in self._store.list(folder, chunk_size=_LISTED_AT_ONCE):
                yield [StoredBlob(entry["path"], entry["last_modified"], entry["size"]) for entry in piece]

    async def check(self) -> None:
        key, probe = f"{PROBE_FOLDER}/{secrets.token_hex(8)}", secrets.token_bytes(16)
        try:
            await self.put(key, probe, "application/octet-stream")
            if await self.get(key) != probe:
                raise StorageUnavailable("The blob store gave back other bytes than were stored.")
            await self.delete([key])
        except NotFound as error:
            raise StorageUnavailable("The blob store forgot what was just stored.") from error

    async def _delete(self, key: str) -> None:
        with suppress(FileNotFoundError):
            if self._folder is not None and HALF_WRITTEN in key:
                # obstore hides its own temporary files and rejects their names.
                await asyncio.to_thread((self._folder / key).unlink)
            else:
                await self._store.delete_async(key)


async def _pieces(found: "GetResult", key: str) -> AsyncIterator[bytes]:
    with _translate_errors(key):
        async for piece in found.stream(min_chunk_size=_PIECE_BYTES):
            yield bytes(piece)


def folder_of(url: str) -> Path | None:
    """Return the folder of a URL, or None for a bucket."""
    if "://" not in url:
        return Path(url).absolute()
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def _bucket(url: str) -> S3Store:
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.netloc:
        raise ValueError("The storage URL must be s3://bucket/prefix, file:///folder or a path")
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        client_options={
            # Permits an http AWS_ENDPOINT_URL; without that variable S3 is reached over https.
            "allow_http": True,
            "connect_timeout": _CONNECT_TIMEOUT,
            "timeout": _REQUEST_TIMEOUT,
        },
        retry_config={"max_retries": _RETRIES, "retry_timeout": _RETRY_TIMEOUT},
    )


@contextmanager
def _translate_errors(key: str | None = None) -> Iterator[None]:
    """Translate store errors into Stillroom errors; a missing object is NotFound if `key` is given."""
    try:
        yield
    except FileNotFoundError as error:
        if key is not None:
            raise NotFound(f"No blob {key}.") from error
        raise StorageUnavailable("The blob store is not there.") from error
    except AlreadyExistsError:
        raise
    except (BaseError, OSError) as error:
        raise storage_failed("The blob store did not answer.", error) from error


def _files(folder: Path, below: str) -> list[StoredBlob]:
    """List all files below a folder, including unfinished writes."""
    found = []
    for path in (folder / below).rglob("*"):
        with suppress(FileNotFoundError):
            status = path.stat()
            if stat.S_ISREG(status.st_mode):
                since = datetime.fromtimestamp(status.st_mtime, UTC)
                found.append(StoredBlob(path.relative_to(folder).as_posix(), since, status.st_size))
    return found


def _flush(path: Path) -> None:
    """Fsync a file and its directory entry, which obstore does not do."""
    for target in (path, path.parent):
        descriptor = os.open(target, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
