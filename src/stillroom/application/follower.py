"""Event streams: replay from a log, then live events, with one shared poll per process."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from stillroom.domain.errors import StorageUnavailable
from stillroom.domain.ids import OwnerId
from stillroom.domain.ports import Notifier, UnitOfWork, UnitOfWorkFactory

POLL_SECONDS = 1.0
"""Polling interval in seconds; bounds the delay after a lost notification."""

RETRY_SECONDS = 0.5
"""Pause in seconds before a read is retried while storage is unavailable."""

BATCH = 200
"""Maximum events per read; bounds the memory of one follower."""

TAIL = 64
"""Latest events cached per log for all followers; a follower that is further behind reads the table."""


class Numbered(Protocol):
    """Event of a log, numbered from 1 without gaps."""

    @property
    def seq(self) -> int:
        """Number within the log."""

    @property
    def is_terminal(self) -> bool:
        """Whether the log ends with it."""


LogId = TypeVar("LogId", bound=str)
Shown = TypeVar("Shown", bound=Numbered)


class _Watched(Generic[Shown]):
    """Shared state of one followed log."""

    def __init__(self) -> None:
        self.followers = 0
        self.latest: int | None = None
        self.known = 0
        self.is_gone = False
        self.tail: deque[Shown] = deque(maxlen=TAIL)
        self._news = asyncio.Event()

    @property
    def news(self) -> asyncio.Event:
        """Event that is set at the next change; get it before reading the state."""
        return self._news

    def announce(self) -> None:
        """Wake all followers."""
        news, self._news = self._news, asyncio.Event()
        news.set()

    def add(self, events: Sequence[Shown]) -> None:
        """Append events after the latest one and wake the followers; a gap clears the tail."""
        before = self.latest
        for event in events:
            if self.latest is not None and event.seq <= self.latest:
                continue
            if event.seq != (self.latest or 0) + 1:
                self.tail.clear()
            self.latest = event.seq
            self.tail.append(event)
        if self.latest != before:
            self.announce()

    def after(self, seq: int) -> Sequence[Shown] | None:
        """Return the cached events after `seq`; None when the table must be read."""
        if self.latest is None or self.latest < max(seq, self.known):
            return None
        if self.latest == seq:
            return ()
        if not self.tail or self.tail[0].seq > seq + 1:
            return None
        return [event for event in self.tail if event.seq > seq]


class Follower(ABC, Generic[LogId, Shown]):
    """Follows logs of one kind; one task polls them on behalf of all followers in the process."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        notifier: Notifier,
        *,
        poll_seconds: float = POLL_SECONDS,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._notifier = notifier
        self._poll_seconds = poll_seconds
        self._retry_seconds = retry_seconds
        self._watched: dict[LogId, _Watched[Shown]] = {}
        self._polling: asyncio.Task[None] | None = None

    @abstractmethod
    async def read(self, tx: UnitOfWork, log_id: LogId, seq: int) -> Sequence[Shown]:
        """Return at most BATCH events after `seq`, in order; all followers receive the same objects."""

    @abstractmethod
    async def latest(self, tx: UnitOfWork, log_ids: Sequence[LogId]) -> Mapping[LogId, int]:
        """Return the latest number of each log; logs that are deleted are left out."""

    @abstractmethod
    async def has_ended(self, log_id: LogId, owner_id: OwnerId, seq: int) -> bool:
        """Return whether the log has ended with event `seq`. Raises NotFound."""

    async def follow(self, log_id: LogId, seq: int) -> AsyncIterator[Shown]:
        """Yield every event after `seq` in order, up to the terminal one; ends early on deletion.

        The caller checks who owns the log, and that `seq` is not its end. While storage is unavailable, the
        stream waits. A `seq` above the log, possible after a restore from backup, is answered with the latest
        event.
        """
        watched = self._join(log_id)
        try:
            while not watched.is_gone:
                news = watched.news
                events = watched.after(seq)
                if events is None:
                    events, latest = await self._read(log_id, seq)
                    if latest is None:
                        return
                    if seq > latest:
                        seq = latest - 1
                        continue
                    if len(events) < BATCH:
                        watched.add(events)
                    if watched.latest is None and not events:
                        # The polling task compares the log with this number.
                        watched.latest = seq
                for event in events:
                    seq = event.seq
                    yield event
                    if event.is_terminal:
                        return
                if not events:
                    await self._wait(news)
        finally:
            self._leave(log_id, watched)

    def _join(self, log_id: LogId) -> _Watched[Shown]:
        watched = self._watched.setdefault(log_id, _Watched[Shown]())
        watched.followers += 1
        return watched

    def _leave(self, log_id: LogId, watched: _Watched[Shown]) -> None:
        watched.followers -= 1
        if not watched.followers and self._watched.get(log_id) is watched:
            del self._watched[log_id]

    async def _wait(self, news: asyncio.Event) -> None:
        if self._polling is None or self._polling.done():
            self._polling = asyncio.create_task(self._poll())
        polling = self._polling
        await news.wait()
        if polling.done() and not polling.cancelled():
            # The task runs while there are followers, so it has failed: raise its error.
            polling.result()

    async def _read(self, log_id: LogId, seq: int) -> tuple[Sequence[Shown], int | None]:
        """Return the stored events after `seq` and the latest number; None as number when the log is gone."""
        while True:
            try:
                async with self._unit_of_work(read_only=True) as tx:
                    if events := await self.read(tx, log_id, seq):
                        return events, events[-1].seq
                    return events, (await self.latest(tx, [log_id])).get(log_id)
            except StorageUnavailable:
                await asyncio.sleep(self._retry_seconds)

    async def _poll(self) -> None:
        """Poll logs that were notified, and all followed logs once per interval; returns without followers.

        It is never cancelled, because cancelling a running statement closes its connection.
        """
        try:
            async with self._notifier.jobs() as subscription:
                polled_all_at = 0.0
                while self._watched:
                    due = polled_all_at + self._poll_seconds - time.monotonic()
                    notified = await subscription.wait(due) if due > 0 else frozenset()
                    if time.monotonic() >= polled_all_at + self._poll_seconds:
                        polled_all_at = time.monotonic()
                        await self._poll_logs(list(self._watched))
                    else:
                        await self._poll_logs([log_id for log_id in self._watched if log_id in notified])
        finally:
            for watched in self._watched.values():
                watched.announce()

    async def _poll_logs(self, log_ids: Sequence[LogId]) -> None:
        if not log_ids:
            return
        try:
            async with self._unit_of_work(read_only=True) as tx:
                latest = await self.latest(tx, log_ids)
                for log_id in log_ids:
                    await self._catch_up(tx, log_id, latest.get(log_id))
        except StorageUnavailable:
            await asyncio.sleep(self._retry_seconds)

    async def _catch_up(self, tx: UnitOfWork, log_id: LogId, latest: int | None) -> None:
        watched = self._watched.get(log_id)
        if watched is None:
            return
        if latest is None:
            watched.is_gone = True
        elif latest == watched.latest:
            return
        else:
            watched.known = latest
            if watched.latest is not None:
                watched.add(await self.read(tx, log_id, watched.latest))
        watched.announce()
