"""Event streams of jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stillroom.application.follower import BATCH, Follower
from stillroom.domain.ids import JobId, OwnerId, VariantId
from stillroom.domain.jobs.events import StoredEvent
from stillroom.domain.ports import UnitOfWork
from stillroom.domain.variants import Variant


@dataclass(frozen=True, slots=True)
class ShownEvent(StoredEvent):
    """Event with the pictures it names.

    Attributes:
        variants: By id; empty when the event names none.
        renderings: Cache of serialised forms, filled by the web layer and shared by all followers.
    """

    variants: Mapping[VariantId, Variant] = field(default_factory=dict)
    renderings: dict[str, bytes] = field(default_factory=dict)


class Events(Follower[JobId, ShownEvent]):
    """Follows the events of jobs."""

    async def has_ended(self, log_id: JobId, owner_id: OwnerId, seq: int) -> bool:
        async with self._unit_of_work(read_only=True) as tx:
            job = await tx.jobs.get(log_id, owner_id)
            return job.status.is_final and seq == job.last_seq

    async def latest(self, tx: UnitOfWork, log_ids: Sequence[JobId]) -> Mapping[JobId, int]:
        return await tx.events.latest(log_ids)

    async def read(self, tx: UnitOfWork, log_id: JobId, seq: int) -> Sequence[ShownEvent]:
        events = await tx.events.after(log_id, seq, BATCH)
        names_pictures = any(
            event.data.get("variant_id") or event.data.get("variant_ids") for event in events
        )
        variants = {v.id: v for v in await tx.variants.of_job(log_id)} if names_pictures else {}
        return [
            ShownEvent(event.job_id, event.seq, event.type, event.data, event.at, variants)
            for event in events
        ]
