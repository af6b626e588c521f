"""Fault injection for blob stores, to test that storage errors lose no data."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from stillroom.domain.errors import StorageUnavailable
from stillroom.domain.faults import Fault
from stillroom.domain.ports import Blobs, OpenBlob, StoredBlob


@dataclass(frozen=True)
class FaultyBlobs:
    """Blob store wrapper that injects the faults of `storage.put`, `storage.get` and `storage.delete`."""

    _blobs: Blobs
    _faults: Sequence[Fault]

    async def put(self, key: str, data: bytes, media_type: str) -> None:
        await self._strike("storage.put")
        await self._blobs.put(key, data, media_type)

    async def get(self, key: str) -> bytes:
        await self._strike("storage.get")
        return await self._blobs.get(key)

    async def open(self, key: str) -> OpenBlob:
        await self._strike("storage.get")
        return await self._blobs.open(key)

    async def delete(self, keys: Sequence[str]) -> None:
        await self._strike("storage.delete")
        await self._blobs.delete(keys)

    async def list(self, folder: str | None = None) -> AsyncIterator[Sequence[StoredBlob]]:
        async for some in self._blobs.list(folder):
            yield some

    async def check(self) -> None:
        await self._blobs.check()

    async def _strike(self, target: str) -> None:
        for fault in self._faults:
            if fault.target != target or not fault.strikes():
                continue
            if fault.kind == "slow":
                await asyncio.sleep(fault.value or 0)
            else:
                raise StorageUnavailable("A fault was injected.")
