"""Idempotency keys: requests with the same key do the work once and share its result."""

import asyncio
import hashlib
import json
from datetime import datetime
from weakref import WeakValueDictionary

from stillroom.domain.errors import IdempotencyMismatch
from stillroom.domain.ids import OwnerId
from stillroom.domain.ports import UnitOfWork


def hash_of_request(asked: object, *, sort_keys: bool = True) -> str:
    """Return the hash of a request in JSON types; equal requests have equal hashes, also after an update."""
    return hashlib.sha256(json.dumps(asked, sort_keys=sort_keys).encode()).hexdigest()


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
