"""Idempotency guard: concurrent requests with the same key do the work once and share its result."""

import asyncio
import hashlib
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import anyio

from stillroom.domain.errors import Conflict, IdempotencyMismatch
from stillroom.domain.ids import OwnerId
from stillroom.domain.ports import Clock, ReservedKey, UnitOfWork, UnitOfWorkFactory

PENDING_SECONDS = 120
"""A holder that has been silent for this long is considered dead. No single step takes nearly as long."""

MIN_POLL_SECONDS, MAX_POLL_SECONDS = 0.05, 0.5
"""Polling interval of waiting requests; it doubles from the first value to the second."""

_PENDING = "pending:"


@dataclass(frozen=True, slots=True)
class KeyLease:
    """One request's lease of an idempotency key.

    Attributes:
        result: The result that was stored for the key; None means that this request does the work.
    """

    owner_id: OwnerId
    key: str
    pending_id: str
    result: str | None

    async def renew(self, tx: UnitOfWork, now: datetime) -> None:
        """Prove that the holder is alive. Raises Conflict when another request has taken over."""
        if not await tx.idempotency.renew(self.owner_id, self.key, self.pending_id, now):
            raise taken_over()

    async def settle(self, tx: UnitOfWork, result: str) -> None:
        """Store the result in the transaction of the rows it names. Raises Conflict when taken over."""
        if not await tx.idempotency.settle(self.owner_id, self.key, self.pending_id, result):
            raise taken_over()


def hash_of_request(asked: object, *, sort_keys: bool = True) -> str:
    """Return the hash of a request in JSON types; equal requests have equal hashes, also after an update."""
    return hashlib.sha256(json.dumps(asked, sort_keys=sort_keys).encode()).hexdigest()


def taken_over() -> Conflict:
    """Build the error for a holder that was considered dead."""
    return Conflict("This took so long that another request with the same key took over.")


async def reserve(
    tx: UnitOfWork, owner_id: OwnerId, key: str | None, request_hash: str, result_id: str, now: datetime
) -> str | None:
    """Reserve a key for a result that the same transaction stores, or return the result that holds it.

    Without a key, nothing is reserved. Raises IdempotencyMismatch.
    """
    if key is None:
        return None
    kept = await tx.idempotency.reserve(owner_id, key, request_hash, result_id, now)
    if kept.request_hash != request_hash:
        raise IdempotencyMismatch()
    return None if kept.job_id == result_id else kept.job_id


async def result_of(tx: UnitOfWork, owner_id: OwnerId, key: str | None, request_hash: str) -> str | None:
    """Return the result that holds a key, without reserving it. Raises IdempotencyMismatch."""
    kept = None if key is None else await tx.idempotency.find(owner_id, key)
    if kept is not None and kept.request_hash != request_hash:
        raise IdempotencyMismatch()
    return None if kept is None else kept.job_id


class KeyLocks:
    """One lock per owner and key, kept while it is held or awaited; belongs to one event loop.

    Concurrent requests with the same key wait for the first one's result, so that only it takes a token of
    the rate limit. Between processes the reserved row decides.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[tuple[OwnerId, str], asyncio.Lock] = WeakValueDictionary()

    def of(self, owner_id: OwnerId, key: str | None) -> asyncio.Lock:
        """Return the lock of a key; without a key, a lock of its own."""
        lock = asyncio.Lock()
        return lock if key is None else self._locks.setdefault((owner_id, key), lock)


@dataclass(frozen=True)
class IdempotencyGuard:
    """Gives the lease on a key to one request at a time."""

    _unit_of_work: UnitOfWorkFactory
    _clock: Clock

    @asynccontextmanager
    async def lease(self, owner_id: OwnerId, key: str, request_hash: str) -> AsyncIterator[KeyLease]:
        """Wait until the result exists or the work falls to this request; an error releases the key.

        Raises IdempotencyMismatch.
        """
        pending_id = f"{_PENDING}{secrets.token_hex(8)}"
        lease = await self._wait(owner_id, key, request_hash, pending_id)
        try:
            yield lease
        except BaseException:
            if lease.result is None:
                with anyio.CancelScope(shield=True):
                    await self._release(owner_id, key, pending_id)
            raise

    async def forget(self, lease: KeyLease) -> None:
        """Release the key, because its result no longer exists."""
        assert lease.result is not None, "only a stored result can be gone"
        await self._release(lease.owner_id, lease.key, lease.result)

    async def _wait(self, owner_id: OwnerId, key: str, request_hash: str, pending_id: str) -> KeyLease:
        pause = MIN_POLL_SECONDS
        kept: ReservedKey | None = None
        while True:
            now = self._clock()
            if kept is None:
                async with self._unit_of_work() as tx:
                    kept = await tx.idempotency.reserve(owner_id, key, request_hash, pending_id, now)
            if kept.request_hash != request_hash:
                raise IdempotencyMismatch()
            if kept.job_id == pending_id:
                return KeyLease(owner_id, key, pending_id, None)
            if not kept.job_id.startswith(_PENDING):
                return KeyLease(owner_id, key, pending_id, kept.job_id)
            if kept.kept_at < now - timedelta(seconds=PENDING_SECONDS):
                await self._release(owner_id, key, kept.job_id)
            else:
                await asyncio.sleep(pause)
                pause = min(MAX_POLL_SECONDS, 2 * pause)
            async with self._unit_of_work(read_only=True) as tx:
                kept = await tx.idempotency.find(owner_id, key)

    async def _release(self, owner_id: OwnerId, key: str, pending_id: str) -> None:
        async with self._unit_of_work() as tx:
            await tx.idempotency.drop(owner_id, key, pending_id)
