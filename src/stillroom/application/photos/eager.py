"""Eager cut-outs: find the product of a newly opened session before its first job asks for it."""

import asyncio
import threading
from collections import OrderedDict
from dataclasses import dataclass

import structlog

from stillroom.application.photos.mattes import Mattes
from stillroom.domain.errors import StillroomError
from stillroom.domain.ids import OwnerId, SessionId
from stillroom.domain.jobs.job import JobStatus
from stillroom.domain.ports import UnitOfWorkFactory

MAX_WAITING = 4
"""Sessions that wait for their turn; older ones are dropped, because jobs find the product anyway."""

BUSY_SECONDS = 1.0
"""Pause in seconds while jobs wait or run, because jobs of other processes send no notification here.

It also follows a failure, so that an outage of the database does not become a busy loop.
"""

log = structlog.get_logger(__name__)


@dataclass(eq=False)
class EagerCutouts:
    """Cuts out the photos of new sessions one at a time, the newest first, while no job waits or runs."""

    _mattes: Mattes
    _unit_of_work: UnitOfWorkFactory
    busy_seconds: float = BUSY_SECONDS

    def __post_init__(self) -> None:
        # No LRU cache: the newest session leaves first, and one that gave way returns as the oldest.
        self._waiting: OrderedDict[SessionId, OwnerId] = OrderedDict()
        self._current: tuple[SessionId, threading.Event] | None = None
        self._is_open = False
        self._changed = asyncio.Event()

    def add(self, session_id: SessionId, owner_id: OwnerId) -> None:
        """Ask for the cut-out of a session; without `run`, nothing happens."""
        if not self._is_open:
            return
        self._waiting[session_id] = owner_id
        while len(self._waiting) > MAX_WAITING:
            self._waiting.popitem(last=False)
        self._changed.set()

    def drop(self, session_id: SessionId) -> None:
        """Cancel the cut-out of a session that is deleted."""
        self._waiting.pop(session_id, None)
        if self._current is not None and self._current[0] == session_id:
            self._current[1].set()

    async def run(self) -> None:
        """Cut out until cancelled; a cut-out under way ends after its current pass."""
        self._is_open = True
        try:
            while True:
                await self._changed.wait()
                self._changed.clear()
                while self._waiting:
                    try:
                        if await self._is_busy():
                            await asyncio.sleep(self.busy_seconds)
                        elif self._waiting:
                            await self.cut_out(*self._waiting.popitem())
                    except Exception as error:  # A failing network must not end the loop.
                        log.error("eager_cut_out_failed", exc_info=error)
                        await asyncio.sleep(self.busy_seconds)
        finally:
            self._is_open = False
            self._waiting.clear()

    async def cut_out(self, session_id: SessionId, owner_id: OwnerId) -> None:
        """Cut out the photo of a session now; failures are left to its first job.

        A cut-out that was interrupted for another photo is queued again.
        """
        cancelled = threading.Event()
        self._current = session_id, cancelled
        try:
            is_found = await self._mattes.find_eagerly(session_id, owner_id, cancelled)
            if self._is_open and not is_found and not cancelled.is_set():
                self._waiting.setdefault(session_id, owner_id)
                self._waiting.move_to_end(session_id, last=False)
        except StillroomError:
            # The session may be gone or its photo unreadable; a job would report it to the user.
            return
        finally:
            # After a cancellation, the thread that runs the network ends after its current pass.
            cancelled.set()
            self._current = None

    async def _is_busy(self) -> bool:
        async with self._unit_of_work(read_only=True) as tx:
            return any(
                [await tx.jobs.count(None, status) > 0 for status in (JobStatus.QUEUED, JobStatus.RUNNING)]
            )
