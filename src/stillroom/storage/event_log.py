"""Job event log: events as rows, numbered per job without gaps."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from stillroom.domain.errors import NotFound
from stillroom.domain.ids import JobId
from stillroom.domain.jobs.events import JobEvent, StoredEvent
from stillroom.domain.jobs.job import JobStatus, LeaseLost
from stillroom.storage.repositories.base import Repository, reader_of
from stillroom.storage.tables.work import job_events, jobs

# Built once, because these statements run several times per job.
_COUNT = (
    sa.update(jobs)
    .where(jobs.c.id == sa.bindparam("job"))
    .values(last_seq=jobs.c.last_seq + 1)
    .returning(jobs.c.last_seq)
)
_COUNT_HELD = _COUNT.where(
    jobs.c.lease_token == sa.bindparam("token"), jobs.c.status == JobStatus.RUNNING.value
)
WRITE = sa.insert(job_events)
"""Insert one event or a list of events made by `event_row`."""


def event_row(job_id: JobId, seq: int, event: JobEvent, at: datetime) -> dict[str, Any]:
    """Return the columns of an event with an assigned number."""
    return {
        "job_id": job_id,
        "seq": seq,
        "type": event.type,
        "data": event.model_dump(mode="json"),
        "at": at,
    }


class SqlEventLog(Repository):
    async def append(
        self, job_id: JobId, event: JobEvent, at: datetime, lease_token: str | None = None
    ) -> int:
        # The counter update locks the job's row: numbers become visible in order, a rollback leaves no gap.
        # A transition out of `running` ends the lease; its event needs no token, because the transition has
        # checked it in the same transaction and the row is still locked.
        if lease_token is None:
            seq = await self._connection.scalar(_COUNT, {"job": job_id})
            if seq is None:
                raise NotFound(f"No job {job_id}.")
        else:
            seq = await self._connection.scalar(_COUNT_HELD, {"job": job_id, "token": lease_token})
            if seq is None:
                raise LeaseLost(job_id)
        await self._connection.execute(WRITE, event_row(job_id, seq, event, at))
        return int(seq)

    async def after(self, job_id: JobId, seq: int, limit: int) -> tuple[StoredEvent, ...]:
        later = sa.select(job_events).where(job_events.c.job_id == job_id, job_events.c.seq > seq)
        return await self._all(later.order_by(job_events.c.seq).limit(limit), _event)

    async def latest(self, job_ids: Sequence[JobId]) -> Mapping[JobId, int]:
        return await self._latest_numbers(jobs, job_ids)


_event = reader_of(StoredEvent, job_events)
