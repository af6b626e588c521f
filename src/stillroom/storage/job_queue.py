"""The job queue: add, claim, renew, complete and recover jobs. The only writer of `jobs.status`."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from stillroom.domain.errors import Conflict, NotFound
from stillroom.domain.ids import JobId, OwnerId, SessionId
from stillroom.domain.jobs.events import JobRunning, JobSucceeded
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
    LeaseLost,
    QueuedJob,
    Trigger,
    exports_per_owner,
    sources,
    target,
)
from stillroom.domain.ports import Page
from stillroom.storage.event_log import WRITE, event_row
from stillroom.storage.job_rows import any_job_of, claimed_job_of, job_of, row_of
from stillroom.storage.job_statements import (
    CLAIM,
    CLAIM_DELIVERIES,
    COMPLETE,
    IS_EDIT,
    LOCK_CLAIMS,
    LOCK_JOBS,
    QUEUED,
    RUNNING,
    VARIANT_IDS,
    current_round,
    is_known,
    is_picture_work,
    next_round,
)
from stillroom.storage.repositories.base import Repository
from stillroom.storage.tables.work import jobs


class SqlJobQueue(Repository):
    async def add(self, job: AnyJob) -> None:
        await self._write(sa.insert(jobs).values(**row_of(job), turn=next_round(job)))

    async def get(self, job_id: JobId, owner_id: OwnerId) -> Job:
        query = sa.select(jobs).where(jobs.c.id == job_id, jobs.c.owner_id == owner_id, IS_EDIT)
        return job_of(await self._one(query, f"No job {job_id}."))

    async def list(
        self,
        owner_id: OwnerId,
        session_id: SessionId | None,
        status: JobStatus | None,
        cursor: str | None,
        limit: int,
    ) -> Page[Job]:
        query = sa.select(jobs).where(jobs.c.owner_id == owner_id, IS_EDIT)
        if session_id is not None:
            query = query.where(jobs.c.session_id == session_id)
        if status is not None:
            query = query.where(jobs.c.status == status.value)
        return await self._page(query, jobs.c.created_at, cursor, limit, job_of)

    async def of_session(self, session_id: SessionId) -> tuple[Job, ...]:
        return await self.of_sessions([session_id])

    async def of_sessions(self, session_ids: Collection[SessionId]) -> tuple[Job, ...]:
        query = sa.select(jobs).where(jobs.c.session_id.in_(session_ids), IS_EDIT)
        return await self._all(query.order_by(jobs.c.created_at, jobs.c.id), job_of)

    async def lock_session(self, session_id: SessionId) -> None:
        query = sa.select(jobs.c.id).where(jobs.c.session_id == session_id)
        await self._connection.execute(query.order_by(jobs.c.id).with_for_update())

    async def number(self, job: Job) -> int:
        return await self._count(jobs.c.session_id == job.session_id, jobs.c.id <= job.id, IS_EDIT)

    async def position(self, job: QueuedJob) -> int | None:
        if job.status is not JobStatus.QUEUED:
            return None
        this = jobs.alias("this")
        up_to_this = sa.tuple_(jobs.c.is_batch, jobs.c.turn, jobs.c.run_after, jobs.c.id) <= sa.tuple_(
            this.c.is_batch, this.c.turn, this.c.run_after, this.c.id
        )
        query = sa.select(sa.func.count()).where(
            this.c.id == job.id, jobs.c.status == QUEUED, is_picture_work(jobs), up_to_this
        )
        return await self._connection.scalar(query) or None

    async def count(self, owner_id: OwnerId | None, status: JobStatus) -> int:
        in_state = jobs.c.status == sa.literal_column(f"'{status.value}'")
        owned = () if owner_id is None else (jobs.c.owner_id == owner_id, sa.not_(jobs.c.is_batch))
        return await self._count(in_state, IS_EDIT, *owned)

    async def is_stalled(self, since: datetime) -> bool:
        due = sa.exists().where(jobs.c.status == QUEUED, jobs.c.run_after <= since)
        worked_on = sa.exists().where(jobs.c.status == RUNNING)
        return bool(await self._connection.scalar(sa.select(due & ~worked_on)))

    async def claim(
        self,
        worker_id: str,
        lease_token: str,
        now: datetime,
        lease_until: datetime,
        running_per_owner: int,
        limits: ClaimLimits,
    ) -> tuple[AnyClaimedJob, ...]:
        if self._connection.dialect.name == "postgresql":
            # A separate statement: the claim's snapshot must include what earlier claims have committed.
            await self._connection.execute(LOCK_CLAIMS)
        values = {
            "now": now,
            "running_per_owner": running_per_owner,
            "exports_per_owner": exports_per_owner(running_per_owner),
            "at_most": limits.jobs,
            "at_most_of_batches": limits.of_batches,
            "new_worker_id": worker_id,
            "new_lease_token": lease_token,
            "new_lease_expires_at": lease_until,
        }
        rows = [*await self._connection.execute(CLAIM, values)] if limits.jobs else []
        if limits.deliveries:
            beside = {**values, "at_most": limits.deliveries}
            rows += await self._connection.execute(CLAIM_DELIVERIES, beside)
        claimed = tuple(map(claimed_job_of, rows))
        if claimed:
            events = [
                event_row(job.id, job.last_seq, JobRunning(attempt=job.attempts), now) for job in claimed
            ]
            await self._connection.execute(WRITE, events)
        return claimed

    async def complete(self, held: Sequence[ClaimedJob], at: datetime) -> tuple[Job, ...]:
        await self._lock([job.id for job in held])
        leases = [(job.id, job.lease_token) for job in held]
        rows = await self._connection.execute(COMPLETE, {"leases": leases, "ended_at": at})
        ended = tuple(map(job_of, rows))
        if ended:
            found: defaultdict[str, list[str]] = defaultdict(list)
            for row in await self._connection.execute(VARIANT_IDS, {"job_ids": [job.id for job in ended]}):
                found[row.job_id].append(row.id)
            events = [event_row(job.id, job.last_seq, _success(job, found[job.id]), at) for job in ended]
            await self._connection.execute(WRITE, events)
        return ended

    async def renew(self, leases: Mapping[JobId, str], lease_until: datetime) -> frozenset[JobId]:
        await self._lock(list(leases))
        held = sa.tuple_(jobs.c.id, jobs.c.lease_token).in_(list(leases.items()))
        expires = jobs.c.lease_expires_at
        rows = await self._connection.execute(
            sa.update(jobs)
            .where(held, jobs.c.status == RUNNING)
            .values(lease_expires_at=sa.case((expires > lease_until, expires), else_=lease_until))
            .returning(jobs.c.id)
        )
        return frozenset(JobId(row.id) for row in rows)

    async def move(
        self,
        job_id: JobId,
        trigger: Trigger,
        changes: JobChanges,
        lease_token: str | None = None,
        *,
        overdue_at: datetime | None = None,
    ) -> QueuedJob:
        if trigger is Trigger.CLAIM:
            raise ValueError("A job starts running by a claim alone")
        held = [jobs.c.id == job_id, jobs.c.status.in_(sources(trigger))]
        if lease_token is not None:
            held.append(jobs.c.lease_token == lease_token)
        if overdue_at is not None:
            held.append(jobs.c.lease_expires_at <= overdue_at)
        moved = sa.update(jobs).where(*held)
        if target(trigger) is JobStatus.QUEUED:
            # A job that returns to the queue keeps its place instead of waiting for another round.
            moved = moved.values(turn=sa.func.coalesce(current_round(jobs.c.is_batch), jobs.c.turn))
        if trigger is Trigger.RELEASE:
            moved = moved.values(attempts=jobs.c.attempts - 1)
        moved = moved.values(status=target(trigger), lease_token=None, lease_expires_at=None, **changes)
        row = await self._found(moved.returning(*jobs.c))
        if row is None:
            if overdue_at is not None:
                raise LeaseLost(job_id)
            raise await self._refusal(job_id, lease_token)
        return any_job_of(row)

    async def remove(
        self, job: ClaimedExportJob | ClaimedDeliveryJob, *, overdue_at: datetime | None = None
    ) -> None:
        held = [jobs.c.id == job.id, jobs.c.lease_token == job.lease_token, jobs.c.status == RUNNING]
        if overdue_at is not None:
            held.append(jobs.c.lease_expires_at <= overdue_at)
        if not await self._changes_one(sa.delete(jobs).where(*held)):
            raise LeaseLost(job.id)

    async def update_claimed(self, job_id: JobId, lease_token: str, changes: JobChanges) -> None:
        held = (jobs.c.id == job_id, jobs.c.lease_token == lease_token, jobs.c.status == RUNNING)
        if not await self._changes_one(sa.update(jobs).where(*held).values(**changes)):
            raise LeaseLost(job_id)

    async def check_lease(self, job_id: JobId, lease_token: str) -> None:
        held = (jobs.c.id == job_id, jobs.c.lease_token == lease_token, jobs.c.status == RUNNING)
        if await self._found(sa.select(jobs.c.id).where(*held).with_for_update(key_share=True)) is None:
            raise LeaseLost(job_id)

    async def overdue(self, now: datetime, limit: int) -> tuple[AnyClaimedJob, ...]:
        # Longest expired first. Job types of newer releases are left to their workers.
        overdue = (jobs.c.status == RUNNING, jobs.c.lease_expires_at <= now, is_known(jobs))
        oldest = sa.select(jobs).where(*overdue).order_by(jobs.c.lease_expires_at, jobs.c.id).limit(limit)
        return await self._all(oldest, claimed_job_of)

    async def claimed_by(self, worker_id_prefix: str) -> tuple[AnyClaimedJob, ...]:
        # Not LIKE, where "_" matches any character and SQLite ignores case.
        start = sa.func.substr(jobs.c.worker_id, 1, len(worker_id_prefix))
        held = (jobs.c.status == RUNNING, start == worker_id_prefix, is_known(jobs))
        return await self._all(sa.select(jobs).where(*held).order_by(jobs.c.id), claimed_job_of)

    async def _lock(self, job_ids: Sequence[JobId]) -> None:
        if len(job_ids) > 1:
            await self._connection.execute(LOCK_JOBS, {"job_ids": job_ids})

    async def _refusal(self, job_id: JobId, lease_token: str | None) -> Exception:
        """Return the error that explains why a transition updated no row."""
        row = await self._found(sa.select(jobs.c.status, jobs.c.lease_token).where(jobs.c.id == job_id))
        if lease_token is not None and (row is None or row.lease_token != lease_token):
            return LeaseLost(job_id)
        if row is None:
            return NotFound(f"No job {job_id}.")
        return Conflict(text="job_state", status=row.status)


def _success(job: Job, variant_ids: Sequence[str]) -> JobSucceeded:
    return JobSucceeded(
        variant_ids=tuple(variant_ids),
        model_used=job.model_used,
        fallbacks=tuple(fallback.params for fallback in job.fallbacks),
        latency_ms=job.latency_ms or 0,
        first_image_ms=job.first_image_ms,
    )
