"""Photo intake: sanitise uploads and store each photo once per owner."""

import unicodedata
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import Protocol

import anyio
import anyio.to_thread

from stillroom.application.limits.fair_semaphore import FairSemaphore
from stillroom.application.limits.limits import limit_refused
from stillroom.domain.assets import Asset
from stillroom.domain.errors import InputUnsupported, LimitReached
from stillroom.domain.ids import IdFactory, OwnerId
from stillroom.domain.ports import Blobs, Clock, UnitOfWork, UnitOfWorkFactory
from stillroom.imaging.io.decoding import Opened, Sanitised
from stillroom.imaging.io.decoding_cost import estimate

MAX_NAME_CHARACTERS = 120

MAX_BACKDROPS = 200
"""Own backdrops per owner; unlike photos they do not expire."""

MAX_BACKDROP_RATIO = 10
"""Longer side of an own backdrop per shorter side. A longer one is stored with less than 410 pixels across,
which a canvas of 2048 shows five times as large, as a blur."""

SMALL_BYTES = 160 << 20
"""Memory in bytes kept for small pictures, so that a phone photo can start beside the largest picture."""

MAX_WAITING = 100
"""Photos that may wait for a decoder; they wait in temporary files of at most 30 MB each."""

Read = Callable[[], Awaitable[bytes]]
"""Reads all bytes of a file at each call, so that waiting photos use no memory."""


class Sanitise(Protocol):
    """Turns untrusted bytes into a sanitised picture with bounded time and memory."""

    def __call__(
        self, read: Read, *, declared_type: str | None, file_name: str, owner_id: OwnerId
    ) -> Awaitable[Sanitised]:
        """Raises InputTooLarge, InputUnsupported, InputCorrupt, RateLimited."""


class Decoders:
    """Runs decoders with fair admission; waiting photos are not held in memory."""

    def __init__(
        self,
        sanitise: Callable[..., Sanitised],
        open_picture: Callable[[bytes], Opened],
        count: int,
        budget_bytes: int,
    ) -> None:
        """Run the blocking functions, at most `count` at once, with `budget_bytes` of memory in total."""
        self._sanitise, self._open_picture = sanitise, open_picture
        # Admission happens before a thread is taken, because all other requests need threads too.
        self._admission = FairSemaphore(count, budget_bytes, SMALL_BYTES)
        self._measuring = anyio.Lock()
        self._admitted, self._most = 0, count + MAX_WAITING

    async def __call__(
        self, read: Read, *, declared_type: str | None, file_name: str, owner_id: OwnerId
    ) -> Sanitised:
        """Read and sanitise a photo when it is admitted.

        Raises RateLimited while MAX_WAITING photos wait, and what the decoder raises.
        """
        if self._admitted >= self._most:
            raise limit_refused(f"{MAX_WAITING} photos are waiting already.", "uploads", MAX_WAITING)
        self._admitted += 1
        try:
            # The file is read twice instead of being held; the lock keeps one file in memory.
            async with self._measuring:
                need_bytes = estimate(await read())
            async with self._admission.of(owner_id, need_bytes):
                data = await read()
                work = partial(self._sanitise, data, declared_type=declared_type, file_name=file_name)
                return await anyio.to_thread.run_sync(work)
        finally:
            self._admitted -= 1

    async def open(self, data: bytes, owner_id: OwnerId) -> Opened:
        """Decode a picture at full size when it is admitted; the file waits in memory.

        Raises what the decoder raises.
        """
        async with self.turn(owner_id, estimate(data, at_full_size=True)):
            return await anyio.to_thread.run_sync(self._open_picture, data)

    def turn(self, owner_id: OwnerId, need_bytes: int) -> AbstractAsyncContextManager[None]:
        """Return a context that waits for admission, and counts the memory of a decode while it is open."""
        return self._admission.of(owner_id, need_bytes)


@dataclass(frozen=True, slots=True)
class UploadResult:
    """Stored photo; `first_frame_only` is true when the file was an animation."""

    asset: Asset
    first_frame_only: bool


@dataclass(frozen=True)
class Intake:
    """Stores uploaded photos."""

    _unit_of_work: UnitOfWorkFactory
    _blobs: Blobs
    _sanitise: Sanitise
    _ids: IdFactory
    _clock: Clock

    async def upload(
        self,
        read: Read,
        *,
        file_name: str,
        declared_type: str | None,
        owner_id: OwnerId,
        is_backdrop: bool = False,
    ) -> UploadResult:
        """Sanitise and store a photo or an own backdrop; equal bytes of one owner are stored once.

        Raises what `Sanitise` raises, LimitReached at MAX_BACKDROPS, and InputUnsupported for a backdrop over
        MAX_BACKDROP_RATIO.
        """
        name = safe_name(file_name)
        if is_backdrop:
            async with self._unit_of_work(read_only=True) as tx:
                await _check_library(tx, owner_id)
        clean = await self._sanitise(read, declared_type=declared_type, file_name=name, owner_id=owner_id)
        if is_backdrop:
            _check_ratio(clean.width, clean.height)
        asset_id, now = self._ids.asset(), self._clock()
        asset = Asset(
            id=asset_id,
            owner_id=owner_id,
            sha256=clean.sha256,
            width=clean.width,
            height=clean.height,
            format=clean.format,
            bytes=len(clean.picture),
            blob_key=f"assets/{asset_id}.{clean.format}",
            thumb_key=f"assets/{asset_id}.thumb.webp",
            original_name=name,
            created_at=now,
            backdrop_at=now if is_backdrop else None,
        )
        await self._blobs.put(asset.blob_key, clean.picture, f"image/{clean.format}")
        await self._blobs.put(asset.thumb_key, clean.thumbnail, "image/webp")
        try:
            stored = await self._add(asset)
        except LimitReached:
            await self._delete_files(asset)
            raise
        if stored.id != asset.id:
            await self._delete_files(asset)
        return UploadResult(stored, clean.first_frame_only)

    async def _add(self, asset: Asset) -> Asset:
        async with self._unit_of_work() as tx:
            if asset.backdrop_at is not None:
                # Locked, so that concurrent uploads cannot exceed the limit.
                await tx.owners.lock(asset.owner_id)
                await _check_library(tx, asset.owner_id)
            return await tx.assets.add(asset)

    async def _delete_files(self, asset: Asset) -> None:
        await self._blobs.delete([asset.blob_key, asset.thumb_key])


async def _check_library(tx: UnitOfWork, owner_id: OwnerId) -> None:
    if await tx.assets.count_backdrops(owner_id) >= MAX_BACKDROPS:
        raise LimitReached("backdrops", MAX_BACKDROPS)


def _check_ratio(width: int, height: int) -> None:
    ratio = max(width, height) / min(width, height)
    if ratio > MAX_BACKDROP_RATIO:
        raise InputUnsupported(
            text="long_backdrop",
            what="side",
            ratio=MAX_BACKDROP_RATIO,
            found=round(ratio, 1),
        )


def safe_name(file_name: str) -> str:
    """Return the base name without control characters, at most MAX_NAME_CHARACTERS long."""
    last = PurePosixPath(file_name.replace("\\", "/")).name
    plain = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()
    if len(plain) > MAX_NAME_CHARACTERS:
        stem, dot, extension = plain.rpartition(".")
        short = stem[: MAX_NAME_CHARACTERS - len(extension) - 1]
        plain = f"{short}{dot}{extension}" if stem and len(extension) < 10 else plain[:MAX_NAME_CHARACTERS]
    return plain or "photo"
