"""Ports for the job queue, the event log and notifications."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from stillroom.domain.ids import BatchId, JobId, OwnerId, SessionId
from stillroom.domain.jobs.events import JobEvent, StoredEvent
from stillroom.domain.jobs.job import (
    AnyClaimedJob,
    AnyJob,
    ClaimedDeliveryJob,
    ClaimedExportJob,
    ClaimedJob,
    ClaimLimits,
    Job,
    JobChanges,
    JobStatus,
    QueuedJob,
    Trigger,
)
from stillroom.domain.ports.pages import Page


class JobQueue(Protocol):
    """Jobs and their leases; the only writer of a job's status."""

    async def add(self, job: AnyJob) -> None:
        """Insert a queued job."""

    async def get(self, job_id: JobId, owner_id: OwnerId) -> Job:
        """Return a job. Raises NotFound."""

    async def list(
        self,
        owner_id: OwnerId,
        session_id: SessionId | None,
        status: JobStatus | None,
        cursor: str | None,
        limit: int,
    ) -> Page[Job]:
        """Return a page of jobs, newest first."""

    async def of_session(self, session_id: SessionId) -> tuple[Job, ...]:
        """Return a session's jobs, oldest first."""

    async def of_sessions(self, session_ids: Collection[SessionId]) -> tuple[Job, ...]:
        """Return the jobs of several sessions, oldest first."""

    async def lock_session(self, session_id: SessionId) -> None:
        """Lock all jobs of a session, exports and deliveries too, until the transaction ends.

        Locks are taken in the order of ids, as always for several jobs. Otherwise two transactions could wait
        for each other.
        """

    async def number(self, job: Job) -> int:
        """Return the number of a job among those of its session, from 1."""

    async def position(self, job: QueuedJob) -> int | None:
        """Return the position among queued jobs but deliveries, from 1; None if the job is not queued."""

    async def count(self, owner_id: OwnerId | None, status: JobStatus) -> int:
        """Count the single jobs of an owner (None: all jobs of all owners) in a state."""

    async def is_stalled(self, since: datetime) -> bool:
        """Whether a job is due since that time and no job is running."""

    async def claim(
        self,
        worker_id: str,
        lease_token: str,
        now: datetime,
        lease_until: datetime,
        running_per_owner: int,
        limits: ClaimLimits,
    ) -> tuple[AnyClaimedJob, ...]:
        """Claim due jobs, round-robin over owners and oldest first; each gets its `JobRunning` event.

        Jobs of batches come after all others.

        The transaction must do nothing else: on PostgreSQL claims are serialised, and the commit of a claim
        is not flushed to disk. Raises StorageUnavailable if another claim takes too long.
        """

    async def complete(self, held: Sequence[ClaimedJob], at: datetime) -> tuple[Job, ...]:
        """Complete running jobs as succeeded, each with its `JobSucceeded` event.

        Returns them, without those whose lease is lost.
        """

    async def renew(self, leases: Mapping[JobId, str], lease_until: datetime) -> frozenset[JobId]:
        """Renew leases, given as job id and fencing token; return the ids still held.

        A renewal that arrives late shortens no lease.
        """

    async def move(
        self,
        job_id: JobId,
        trigger: Trigger,
        changes: JobChanges,
        lease_token: str | None = None,
        *,
        overdue_at: datetime | None = None,
    ) -> QueuedJob:
        """Apply a trigger of the state machine and write changed fields of Job.

        Every transition ends the lease; the caller appends its event in the same transaction. `RELEASE` does
        not count the attempt.

        Args:
            trigger: Any but `CLAIM`.
            lease_token: Fencing token that must match; None skips the check.
            overdue_at: The lease must have expired by then; None skips the check.

        Raises:
            LeaseLost: The fencing token does not match, the job is gone, or the lease was renewed.
            Conflict: The trigger is not allowed in the job's state.
            NotFound: The job does not exist.
        """

    async def remove(
        self, job: ClaimedExportJob | ClaimedDeliveryJob, *, overdue_at: datetime | None = None
    ) -> None:
        """Delete a job that has ended; its result is in the row of the export or the delivery.

        Args:
            overdue_at: The lease must have expired by then; None checks the fencing token only.

        Raises:
            LeaseLost: The fencing token does not match, or the lease was renewed.
        """

    async def update_claimed(self, job_id: JobId, lease_token: str, changes: JobChanges) -> None:
        """Write changed fields without changing the state. Raises LeaseLost."""

    async def check_lease(self, job_id: JobId, lease_token: str) -> None:
        """Check that a claim still holds the job, and lock its row. Raises LeaseLost."""

    async def overdue(self, now: datetime, limit: int) -> tuple[AnyClaimedJob, ...]:
        """Return running jobs whose lease has expired."""

    async def claimed_by(self, worker_id_prefix: str) -> tuple[AnyClaimedJob, ...]:
        """Return running jobs of workers whose id has this prefix."""


class EventLog(Protocol):
    """Events of jobs, numbered per job without gaps."""

    async def append(
        self, job_id: JobId, event: JobEvent, at: datetime, lease_token: str | None = None
    ) -> int:
        """Append an event and return its sequence number.

        Raises:
            LeaseLost: A token was given and does not match.
            NotFound: No token was given and the job does not exist.
        """

    async def after(self, job_id: JobId, seq: int, limit: int) -> tuple[StoredEvent, ...]:
        """Return up to `limit` events with a larger sequence number, in order."""

    async def latest(self, job_ids: Sequence[JobId]) -> Mapping[JobId, int]:
        """Return the latest sequence number of each job; deleted jobs are left out."""


class Subscription(Protocol):
    """A subscription to notifications."""

    async def wait(self, timeout_seconds: float) -> frozenset[str]:
        """Wait for the next notification or the timeout.

        Returns the payloads since the last wait, such as job ids. Empty after a timeout.
        """


class Notifier(Protocol):
    """Notifications that prompt readers to query again; the tables stay authoritative."""

    def job_queued(self) -> None:
        """Notify that a job is due."""

    def job_changed(self, job_id: JobId | BatchId) -> None:
        """Notify that a job or a batch has a new event."""

    def queue(self) -> AbstractAsyncContextManager[Subscription]:
        """Subscribe to notifications about due jobs."""

    def jobs(self) -> AbstractAsyncContextManager[Subscription]:
        """Subscribe to notifications about job events."""
