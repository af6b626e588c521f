"""Following a job: what is in the log, then what comes, each event once."""

from collections.abc import AsyncIterator, Mapping

from stillroom.domain.events import StoredEvent
from stillroom.domain.ids import JobId, OwnerId, VariantId
from stillroom.domain.ports import Signals, UnitOfWorkFactory
from stillroom.domain.variants import Variant

LOOK_AGAIN_SECONDS = 1.0
"""A hint that was lost costs no more than this."""

BATCH = 200
"""Events read at once; bounds what one follower holds in memory."""


class Events:
    """Reads the event log for watchers."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, signals: Signals) -> None:
        """Take what the service works with."""
        self._unit_of_work = unit_of_work
        self._signals = signals

    async def has_ended(self, job_id: JobId, owner_id: OwnerId, seq: int) -> bool:
        """Whether the job has ended and nothing follows `seq`. Raises NotFound."""
        async with self._unit_of_work(read_only=True) as tx:
            job = await tx.jobs.get(job_id, owner_id)
            return job.status.is_final and seq >= job.last_seq

    async def follow(self, job_id: JobId, seq: int) -> AsyncIterator[StoredEvent]:
        """Every event after `seq`, in order, up to the terminal one; ends early if the job is deleted.

        The caller has checked whose job it is.
        """
        async with self._signals.job(job_id) as signal:
            while True:
                async with self._unit_of_work(read_only=True) as tx:
                    events = await tx.events.after(job_id, seq, BATCH)
                    gone = not events and not await tx.events.exists(job_id)
                for event in events:
                    seq = event.seq
                    yield event
                    if event.is_terminal:
                        return
                if gone:
                    return
                if len(events) < BATCH:
                    await signal.wait(LOOK_AGAIN_SECONDS)

    async def variants(self, job_id: JobId) -> Mapping[VariantId, Variant]:
        """The pictures that a job's events speak of."""
        async with self._unit_of_work(read_only=True) as tx:
            return {variant.id: variant for variant in await tx.variants.of_job(job_id)}
