"""Work that an idempotency key asks for is done once, however many ask for it at the same time."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import anyio

from stillroom.domain.errors import Conflict, IdempotencyMismatch
from stillroom.domain.ids import OwnerId
from stillroom.domain.ports import Clock, KeptAnswer, UnitOfWork, UnitOfWorkFactory

PENDING_SECONDS = 120
"""Whoever has said nothing for so long is dead: far above what the slowest piece of a request may take."""

FIRST_LOOK_SECONDS, SLOWEST_LOOK_SECONDS = 0.05, 0.5
"""How often those who wait look whether it is done."""

_PENDING = "pending:"


@dataclass(frozen=True, slots=True)
class Turn:
    """What a key gives to one of those who brought it.

    Attributes:
        result: What was made for the key already; None makes it this one's turn to do the work.
    """

    owner_id: OwnerId
    key: str
    pending_id: str
    result: str | None

    async def go_on(self, tx: UnitOfWork, now: datetime) -> None:
        """Say that the work goes on. Raises Conflict when someone else has the turn now."""
        if not await tx.idempotency.renew(self.owner_id, self.key, self.pending_id, now):
            raise taken_over()

    async def settle(self, tx: UnitOfWork, result: str) -> None:
        """Keep the result with the rows it names. Raises Conflict when someone else has the turn now."""
        if not await tx.idempotency.settle(self.owner_id, self.key, self.pending_id, result):
            raise taken_over()


def taken_over() -> Conflict:
    """Another request does the work now."""
    return Conflict("This took so long that another request with the same key took over.")


class Once:
    """Gives out turns."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, clock: Clock) -> None:
        """Take what it works with."""
        self._unit_of_work = unit_of_work
        self._clock = clock

    @asynccontextmanager
    async def turn(self, owner_id: OwnerId, key: str, request_hash: str) -> AsyncIterator[Turn]:
        """Wait until the work is done or is ours to do; a turn that ends in an error is free again.

        Raises:
            IdempotencyMismatch: The key was used for another request.
        """
        pending_id = f"{_PENDING}{secrets.token_hex(8)}"
        turn = await self._wait(owner_id, key, request_hash, pending_id)
        try:
            yield turn
        except BaseException:
            if turn.result is None:
                with anyio.CancelScope(shield=True):
                    await self._drop(owner_id, key, pending_id)
            raise

    async def forget(self, turn: Turn) -> None:
        """Make the key free again, because what was made for it is gone."""
        assert turn.result is not None, "only what is done can be gone"
        await self._drop(turn.owner_id, turn.key, turn.result)

    async def _wait(self, owner_id: OwnerId, key: str, request_hash: str, pending_id: str) -> Turn:
        pause = FIRST_LOOK_SECONDS
        kept: KeptAnswer | None = None
        while True:
            now = self._clock()
            if kept is None:
                async with self._unit_of_work() as tx:
                    kept = await tx.idempotency.reserve(owner_id, key, request_hash, pending_id, now)
            if kept.request_hash != request_hash:
                raise IdempotencyMismatch()
            if kept.job_id == pending_id:
                return Turn(owner_id, key, pending_id, None)
            if not kept.job_id.startswith(_PENDING):
                return Turn(owner_id, key, pending_id, kept.job_id)
            if kept.kept_at < now - timedelta(seconds=PENDING_SECONDS):
                await self._drop(owner_id, key, kept.job_id)
            else:
                await asyncio.sleep(pause)
                pause = min(SLOWEST_LOOK_SECONDS, 2 * pause)
            async with self._unit_of_work(read_only=True) as tx:
                kept = await tx.idempotency.find(owner_id, key)

    async def _drop(self, owner_id: OwnerId, key: str, pending_id: str) -> None:
        async with self._unit_of_work() as tx:
            await tx.idempotency.drop(owner_id, key, pending_id)
