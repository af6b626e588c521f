"""Following jobs: what is in the log, then what comes, each event once, with one look for all who watch."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from stillroom.domain.errors import StorageUnavailable
from stillroom.domain.ids import JobId, OwnerId, VariantId
from stillroom.domain.jobs.events import StoredEvent
from stillroom.domain.ports import Signals, UnitOfWork, UnitOfWorkFactory
from stillroom.domain.variants import Variant

LOOK_AGAIN_SECONDS = 1.0
"""A hint that was lost costs no more than this."""

TRY_AGAIN_SECONDS = 0.5
"""Pause while storage does not answer; whoever watches waits meanwhile."""

BATCH = 200
"""Events read at once; bounds what one follower holds in memory."""

TAIL = 64
"""Latest events kept for all followers of a job together; one that is further behind reads the table."""


@dataclass(frozen=True, slots=True)
class ShownEvent(StoredEvent):
    """An event with the pictures that it speaks of; all followers are given the same object.

    Attributes:
        variants: By id; empty when the event names none.
        renderings: Where a door keeps what it made of the event, for the next follower.
    """

    variants: Mapping[VariantId, Variant] = field(default_factory=dict)
    renderings: dict[str, bytes] = field(default_factory=dict)


class _Watched:
    """A job that somebody follows."""

    def __init__(self) -> None:
        self.followers = 0
        self.latest: int | None = None
        self.known = 0
        self.is_gone = False
        self.tail: deque[ShownEvent] = deque(maxlen=TAIL)
        self._news = asyncio.Event()

    @property
    def news(self) -> asyncio.Event:
        """Set when there is something new; to be taken before looking."""
        return self._news

    def announce(self) -> None:
        """Wake all followers."""
        news, self._news = self._news, asyncio.Event()
        news.set()

    def add(self, events: Sequence[ShownEvent]) -> None:
        """Keep what comes after the latest, without a gap, and wake all followers if there is any."""
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
        """What the tail holds after a number; None when only the table can tell."""
        if self.latest is None or self.latest < max(seq, self.known):
            return None
        if self.latest == seq:
            return ()
        if not self.tail or self.tail[0].seq > seq + 1:
            return None
        return [event for event in self.tail if event.seq > seq]


class Events:
    """Reads the event log for watchers; one task looks on behalf of all followers in the process."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, signals: Signals) -> None:
        """Take what the service works with."""
        self._unit_of_work = unit_of_work
        self._signals = signals
        self._watched: dict[JobId, _Watched] = {}
        self._looking: asyncio.Task[None] | None = None

    async def has_ended(self, job_id: JobId, owner_id: OwnerId, seq: int) -> bool:
        """Whether the job has ended and `seq` is its end. Raises NotFound."""
        async with self._unit_of_work(read_only=True) as tx:
            job = await tx.jobs.get(job_id, owner_id)
            return job.status.is_final and seq == job.last_seq

    async def follow(self, job_id: JobId, seq: int) -> AsyncIterator[ShownEvent]:
        """Every event after `seq`, in order, up to the terminal one; ends early if the job is deleted.

        The caller has checked whose job it is. While storage does not answer, it waits. Whoever is beyond the
        log, because a backup was restored, is told the latest event, and with it where the log stands.
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
                        # By this number the look sees whether there is something new.
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
            # While anybody watches it goes on, so this raises what ended it.
            looking.result()

    async def _read(self, job_id: JobId, seq: int) -> tuple[Sequence[ShownEvent], int | None]:
        """What the table holds after a number, and the latest number; None when there is no such job."""
        while True:
            try:
                async with self._unit_of_work(read_only=True) as tx:
                    if events := await _shown(tx, job_id, seq):
                        return events, events[-1].seq
                    return events, (await tx.events.latest([job_id])).get(job_id)
            except StorageUnavailable:
                await asyncio.sleep(TRY_AGAIN_SECONDS)

    async def _look(self) -> None:
        """Look after jobs that were hinted at, and after all when a while has passed; ends with the last.

        It is not canceled for that: a statement that is broken off costs its connection.
        """
        try:
            async with self._signals.jobs() as signal:
                looked_at_all = 0.0
                while self._watched:
                    due = looked_at_all + LOOK_AGAIN_SECONDS - time.monotonic()
                    hinted = await signal.wait(due) if due > 0 else frozenset()
                    if time.monotonic() >= looked_at_all + LOOK_AGAIN_SECONDS:
                        looked_at_all = time.monotonic()
                        await self._look_after(list(self._watched))
                    else:
                        await self._look_after([job_id for job_id in self._watched if job_id in hinted])
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
            await asyncio.sleep(TRY_AGAIN_SECONDS)

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
