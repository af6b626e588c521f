"""Semaphore for previews: a waiting request is superseded by a newer one of the same kind."""

import os
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager

from stillroom.application.limits.fair_semaphore import FairSemaphore
from stillroom.application.limits.limits import limit_refused
from stillroom.domain.errors import Conflict
from stillroom.domain.ids import OwnerId

USER_WAITING, ALL_WAITING = 12, 48
"""Waiting previews of one owner and of all; a browser sends six requests at once."""


class Superseded(Conflict):
    """A newer preview of the same session and size was asked for, so this one was not made."""


class SupersedingSemaphore:
    """Fair semaphore in which a newer request of the same kind replaces an older one that waits."""

    def __init__(self, count: int | None = None) -> None:
        """Allow `count` pieces of work at once; by default half the cores, and at least one."""
        self._permits = FairSemaphore(count or max(1, (os.cpu_count() or 2) // 2))
        self._newest: dict[tuple[OwnerId, Hashable], object] = {}

    @asynccontextmanager
    async def of(self, owner_id: OwnerId, kind: Hashable) -> AsyncIterator[None]:
        """Wait for a permit and hold it while the context is open.

        Raises Superseded if a newer request of this kind arrived, RateLimited if too many wait.
        """
        if self._permits.waiting_of(owner_id) >= USER_WAITING or self._permits.waiting >= ALL_WAITING:
            raise limit_refused("Too many previews are waiting.", "previews", USER_WAITING)
        key, ticket = (owner_id, kind), object()
        self._newest[key] = ticket
        try:
            async with self._permits.of(owner_id):
                if self._newest.get(key) is not ticket:
                    raise Superseded("A newer preview replaced this one.", reason="superseded")
                yield
        finally:
            if self._newest.get(key) is ticket:
                del self._newest[key]
