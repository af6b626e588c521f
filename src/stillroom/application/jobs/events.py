"""Event streams of jobs: replay from the log, then live events, with one shared poll per process."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from stillroom.domain.errors import StorageUnavailable
from stillroom.domain.ids import JobId, OwnerId, VariantId
from stillroom.domain.jobs.events import StoredEvent
from stillroom.domain.ports import Notifier, UnitOfWork, UnitOfWorkFactory
from stillroom.domain.variants import Variant

LOOK_AGAIN_SECONDS = 1.0
"""Polling interval in seconds; bounds the delay after a lost notification."""

TRY_AGAIN_SECONDS = 0.5
"""Pause in seconds before a read is retried while storage is unavailable."""

BATCH = 200
"""Maximum events per read; bounds the memory of one follower."""

TAIL = 64
"""Latest events cached per job for all followers; a follower that is further behind reads the table."""


@dataclass(frozen=True, slots=True)
class ShownEvent(StoredEvent):
    """Event with the pictures it names; all followers receive the same object.

    Attributes:
        variants: By id; empty when the event names none.
        renderings: Cache of serialised forms, filled by the web layer and shared by all followers.
    """

    variants: Mapping[VariantId, Variant] = field(default_factory=dict)
    renderings: dict[str, bytes] = field(default_factory=dict)


class _Watched:
    """Shared state of one followed job."""

    def __init__(self) -> None:
        self.followers = 0
        self.latest: int | None = None
        self.known = 0
        self.is_gone = False
        self.tail: deque[ShownEvent] = deque(maxlen=TAIL)
        self._news = asyncio.Event()

    @property
    def news(self) -> asyncio.Event:
        """Event that is set at the next change; get it before reading the state."""
        return self._news

    def announce(self) -> None:
        """Wake all followers."""
        news, self._news = self._news, asyncio.Event()
        news.set()

    def add(self, events: Sequence[ShownEvent]) -> None:
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

    def after(self, seq: int) -> Sequence[ShownEvent] | None:
        """Return the cached events after `seq`; None when the table must be read."""
        if self.latest is None or self.latest < max(seq, self.known):
            return None
        if self.latest == seq:
            return ()
        if not self.tail or self.tail[0].seq > seq + 1:
            return None
        return [event for event in self.tail if event.seq > seq]


class Events:
    """Event streams of jobs; one task polls the log on behalf of all followers in the process."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        notifier: Notifier,
        *,
        look_again_seconds: float = LOOK_AGAIN_SECONDS,
        try_again_seconds: float = TRY_AGAIN_SECONDS,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._notifier = notifier
        self._look_again_seconds = look_again_seconds
        self._try_again_seconds = try_again_seconds
        self._watched: dict[JobId, _Watched] = {}
        self._looking: asyncio.Task[None] | None = None

    async def has_ended(self, job_id: JobId, owner_id: OwnerId, seq: int) -> bool:
        """Return whether the job has ended with event `seq`. Raises NotFound."""
        async with self._unit_of_work(read_only=True) as tx:
            job = await tx.jobs.get(job_id, owner_id)
            return job.status.is_final and seq == job.last_seq

    async def follow(self, job_id: JobId, seq: int) -> AsyncIterator[ShownEvent]:
        """Yield every event after `seq` in order, up to the terminal one; ends early if the job is deleted.

        The caller checks who owns the job. While storage is unavailable, the stream waits. A `seq` above the
        log, possible after a restore from backup, is answered with the latest event.
        """
        watched = self._join(job_id)
        try:
            while not watched.is_gone:
                news = watched.news
                events = watched.after(seq)
                if events is None:
                    events, latest = await self._read(job_id, seq)
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
            self._leave(job_id, watched)

    def _join(self, job_id: JobId) -> _Watched:
        watched = self._watched.setdefault(job_id, _Watched())
        watched.followers += 1
        return watched

    def _leave(self, job_id: JobId, watched: _Watched) -> None:
        watched.followers -= 1
        if not watched.followers and self._watched.get(job_id) is watched:
            del self._watched[job_id]

    async def _wait(self, news: asyncio.Event) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        looking = self._looking
        await news.wait()
        if looking.done() and not looking.cancelled():
            # The task runs while there are followers, so it has failed: raise its error.
            looking.result()

    async def _read(self, job_id: JobId, seq: int) -> tuple[Sequence[ShownEvent], int | None]:
        """Return the stored events after `seq` and the latest number; None as number when the job is gone."""
        while True:
            try:
                async with self._unit_of_work(read_only=True) as tx:
                    if events := await _shown(tx, job_id, seq):
                        return events, events[-1].seq
                    return events, (await tx.events.latest([job_id])).get(job_id)
            except StorageUnavailable:
                await asyncio.sleep(self._try_again_seconds)

    async def _look(self) -> None:
        """Poll jobs that were notified, and all followed jobs once per interval; returns without followers.

        It is never cancelled, because cancelling a running statement closes its connection.
        """
        try:
            async with self._notifier.jobs() as subscription:
                looked_at_all = 0.0
                while self._watched:
                    due = looked_at_all + self._look_again_seconds - time.monotonic()
                    notified = await subscription.wait(due) if due > 0 else frozenset()
                    if time.monotonic() >= looked_at_all + self._look_again_seconds:
                        looked_at_all = time.monotonic()
                        await self._look_after(list(self._watched))
                    else:
                        await self._look_after([job_id for job_id in self._watched if job_id in notified])
        finally:
            for watched in self._watched.values():
                watched.announce()

    async def _look_after(self, job_ids: Sequence[JobId]) -> None:
        if not job_ids:
            return
        try:
            async with self._unit_of_work(read_only=True) as tx:
                latest = await tx.events.latest(job_ids)
                for job_id in job_ids:
                    await self._catch_up(tx, job_id, latest.get(job_id))
        except StorageUnavailable:
            await asyncio.sleep(self._try_again_seconds)

    async def _catch_up(self, tx: UnitOfWork, job_id: JobId, latest: int | None) -> None:
        watched = self._watched.get(job_id)
        if watched is None:
            return
        if latest is None:
            watched.is_gone = True
        elif latest == watched.latest:
            return
        else:
            watched.known = latest
            if watched.latest is not None:
                watched.add(await _shown(tx, job_id, watched.latest))
        watched.announce()


async def _shown(tx: UnitOfWork, job_id: JobId, seq: int) -> Sequence[ShownEvent]:
    events = await tx.events.after(job_id, seq, BATCH)
    names_pictures = any(event.data.get("variant_id") or event.data.get("variant_ids") for event in events)
    variants = {v.id: v for v in await tx.variants.of_job(job_id)} if names_pictures else {}
    return [
        ShownEvent(event.job_id, event.seq, event.type, event.data, event.at, variants) for event in events
    ]
