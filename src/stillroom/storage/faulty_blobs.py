"""A blob store that fails on purpose, to see that nothing is lost when storage stumbles."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from stillroom.domain.errors import StorageUnavailable
from stillroom.domain.faults import Fault
from stillroom.domain.ports import Blobs, OpenBlob, StoredBlob


class FaultyBlobs:
    """Another store with faults injected before what it does."""

    def __init__(self, blobs: Blobs, faults: Sequence[Fault]) -> None:
        """Take the store, and faults whose targets are `storage.put`, `storage.get` and `storage.delete`."""
        self._blobs = blobs
        self._faults = faults

    async def put(self, key: str, data: bytes, media_type: str) -> None:
        """Store bytes under a new key. Raises StorageUnavailable."""
        await self._strike("storage.put")
        await self._blobs.put(key, data, media_type)

    async def get(self, key: str) -> bytes:
        """Raises NotFound, StorageUnavailable."""
        await self._strike("storage.get")
        return await self._blobs.get(key)

    async def open(self, key: str) -> OpenBlob:
        """The same in pieces. Raises NotFound, StorageUnavailable."""
        await self._strike("storage.get")
        return await self._blobs.open(key)

    async def delete(self, keys: Sequence[str]) -> None:
        """Delete; keys that are not there are not an error."""
        await self._strike("storage.delete")
        await self._blobs.delete(keys)

    async def list(self, folder: str | None = None) -> AsyncIterator[Sequence[StoredBlob]]:
        """Everything there is, or what is in a folder, some at a time, in no order."""
        async for some in self._blobs.list(folder):
            yield some

    async def check(self) -> None:
        """Write, read and delete a probe. Raises StorageUnavailable."""
        await self._blobs.check()

    async def _strike(self, target: str) -> None:
        for fault in self._faults:
            if fault.target != target or not fault.strikes():
                continue
            if fault.kind == "slow":
                await asyncio.sleep(fault.value or 0)
            else:
                raise StorageUnavailable("A fault was injected.")
