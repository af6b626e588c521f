"""Jobs, the story of each, and the hints that tell of something new."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol

from stillroom.domain.ids import JobId, OwnerId, SessionId
from stillroom.domain.jobs.events import JobEvent, StoredEvent
from stillroom.domain.jobs.job import (
    AnyClaimedJob,
    ClaimedExportJob,
    ClaimedJob,
    ExportJob,
    Job,
    JobStatus,
    QueuedJob,
    Trigger,
)
from stillroom.domain.ports.pages import Page


class JobQueue(Protocol):
    """Jobs and their leases: the only writer of a job's status."""

    async def add(self, job: Job | ExportJob) -> None:
        """Store a new queued job."""
        ...

    async def get(self, job_id: JobId, owner_id: OwnerId) -> Job:
        """Raises NotFound."""
        ...

    async def list(
        self,
        owner_id: OwnerId,
        session_id: SessionId | None,
        status: JobStatus | None,
        cursor: str | None,
        limit: int,
    ) -> Page[Job]:
        """Newest first."""
        ...

    async def of_session(self, session_id: SessionId) -> tuple[Job, ...]:
        """Oldest first."""
        ...

    async def of_sessions(self, session_ids: Collection[SessionId]) -> tuple[Job, ...]:
        """Those of all of them, oldest first."""
        ...

    async def position(self, job: QueuedJob) -> int | None:
        """Place among all waiting jobs, from 1; None when it does not wait."""
        ...

    async def count(self, owner_id: OwnerId | None, status: JobStatus) -> int:
        """How many jobs of the owner (None: of all) are in that state."""
        ...

    async def are_left_lying(self, since: datetime) -> bool:
        """Whether a job could have been begun since then, and nobody works on any."""
        ...

    async def waiting(self, owner_id: OwnerId) -> int:
        """How many jobs of the owner wait; nobody else adds one of theirs until the transaction ends."""
        ...

    async def claim(
        self,
        worker_id: str,
        lease_token: str,
        now: datetime,
        lease_until: datetime,
        running_per_owner: int,
        at_most: int = 1,
    ) -> tuple[AnyClaimedJob, ...]:
        """Claim due jobs, owners taking turns and the oldest first; each gets its `JobRunning` event.

        The transaction must do nothing else: on PostgreSQL claims are serialised, and the commit of a claim
        is not flushed to disk.

        Raises:
            StorageUnavailable: Another claim takes too long.
        """
        ...

    async def complete(self, held: Sequence[ClaimedJob], at: datetime) -> tuple[Job, ...]:
        """End running jobs as succeeded, each with its `JobSucceeded` event.

        Returns:
            The jobs as they now are; those whose lease is lost are left out.
        """
        ...

    async def extend(self, leases: Mapping[JobId, str], lease_until: datetime) -> frozenset[JobId]:
        """Renew the leases, each job's named by its token; gives back those that are still held."""
        ...

    async def move(
        self,
        job_id: JobId,
        trigger: Trigger,
        changes: Mapping[str, Any],
        lease_token: str | None = None,
        *,
        overdue_at: datetime | None = None,
        event: JobEvent | None = None,
        at: datetime | None = None,
    ) -> QueuedJob:
        """Pull a trigger of the state machine; write changed fields of Job and the event that tells of it.

        Args:
            job_id: Which job.
            trigger: Any but `CLAIM`.
            changes: Fields of Job that change with it.
            lease_token: Only if the job is held with it; None asks for no lease.
            overdue_at: Only if the lease has expired by then; None asks for no more than the token.
            event: Written with the change; None writes none.
            at: The moment of the event; required with one.

        Raises:
            LeaseLost: A lease token was given and the job is no longer held with it; or its lease has been
                renewed.
            Conflict: The trigger cannot be pulled in the job's state.
            NotFound: There is no such job.
        """
        ...

    async def remove(self, job: ClaimedExportJob, *, overdue_at: datetime | None = None) -> None:
        """Delete an export job that has ended; what came of it is in the export's row.

        Args:
            job: As it was claimed.
            overdue_at: Only if the lease has expired by then; None asks for no more than the token.

        Raises:
            LeaseLost: The job is no longer held with its token; or its lease has been renewed.
        """
        ...

    async def note(self, job_id: JobId, lease_token: str, changes: Mapping[str, Any]) -> None:
        """Write changed fields without changing the state. Raises LeaseLost."""
        ...

    async def overdue(self, now: datetime, limit: int) -> tuple[AnyClaimedJob, ...]:
        """Running jobs whose lease has expired."""
        ...

    async def held_by(self, worker_id_prefix: str) -> tuple[AnyClaimedJob, ...]:
        """Running jobs of workers whose id starts like this."""
        ...


class EventLog(Protocol):
    """What jobs tell, numbered per job without gaps."""

    async def append(
        self, job_id: JobId, event: JobEvent, at: datetime, lease_token: str | None = None
    ) -> int:
        """Write the next event and give back its number. Raises LeaseLost when the token is not held."""
        ...

    async def after(self, job_id: JobId, seq: int, limit: int) -> tuple[StoredEvent, ...]:
        """Events with a larger number, in order."""
        ...

    async def latest(self, job_ids: Sequence[JobId]) -> Mapping[JobId, int]:
        """The number of each job's latest event; jobs that were deleted are left out."""
        ...


class Signal(Protocol):
    """A place to wait for a hint that something has changed."""

    async def wait(self, timeout_seconds: float) -> frozenset[str]:
        """Return at the next hint, or when the time is up.

        Returns:
            What was hinted at since the last wait, such as the ids of jobs; empty when the time is up.
        """
        ...


class Signals(Protocol):
    """Hints that say "look again"; the tables are the truth."""

    def job_queued(self) -> None:
        """A job is due."""
        ...

    def job_changed(self, job_id: JobId) -> None:
        """A job has a new event."""
        ...

    def queue(self) -> AbstractAsyncContextManager[Signal]:
        """Hints about due jobs, while the context is open."""
        ...

    def jobs(self) -> AbstractAsyncContextManager[Signal]:
        """Hints about what jobs tell, while the context is open."""
        ...
