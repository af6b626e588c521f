"""Jobs and their leases: claim, heartbeat, finish, rescue. The only writer of a job's status."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from stillroom.domain.errors import Conflict, NotFound
from stillroom.domain.generation import Operation
from stillroom.domain.ids import JobId, OwnerId, SessionId
from stillroom.domain.jobs import Fallback, Job, JobStatus, LeaseLost, Trigger, sources, target
from stillroom.domain.ports import Page
from stillroom.storage.cursors import newest_first
from stillroom.storage.database import UtcDateTime
from stillroom.storage.tables import jobs

_CLAIM_LOCK = 7_305_808_868_233_669_733
"""Key of the advisory lock that claims stand in line at; any number that nobody else uses."""

_CLAIM_LOCK_TIMEOUT = "2s"
"""A claim waits no longer for another; the worker comes again anyway."""

# Written out, not bound: a planner uses a partial index only where it sees the value.
_QUEUED: sa.ColumnElement[str] = sa.literal_column(f"'{JobStatus.QUEUED.value}'")
_RUNNING: sa.ColumnElement[str] = sa.literal_column(f"'{JobStatus.RUNNING.value}'")


def _last_claim_of(owner_id: sa.ColumnElement[Any]) -> sa.ScalarSelect[Any]:
    earlier = jobs.alias("earlier")
    return (
        sa.select(sa.func.max(earlier.c.claimed_at)).where(earlier.c.owner_id == owner_id).scalar_subquery()
    )


def _claim() -> sa.UpdateBase:
    now = sa.bindparam("now", type_=UtcDateTime)
    busy, due = jobs.alias("busy"), jobs.alias("due")
    at_limit = (
        sa.select(busy.c.owner_id)
        .where(busy.c.status == _RUNNING)
        .group_by(busy.c.owner_id)
        .having(sa.func.count() >= sa.bindparam("running_per_owner", type_=sa.Integer))
    )
    first = (
        sa.select(due.c.id)
        .where(due.c.status == _QUEUED, due.c.run_after <= now, due.c.owner_id.not_in(at_limit))
        .order_by(_last_claim_of(due.c.owner_id).nulls_first(), due.c.run_after, due.c.id)
        .limit(1)
        .with_for_update(of=due, skip_locked=True)
    )
    return (
        sa.update(jobs)
        .where(jobs.c.id == first.scalar_subquery())
        .values(
            status=target(Trigger.CLAIM).value,
            attempts=jobs.c.attempts + 1,
            lease_token=sa.bindparam("new_lease_token"),
            lease_expires_at=sa.bindparam("new_lease_expires_at"),
            worker_id=sa.bindparam("new_worker_id"),
            claimed_at=now,
            started_at=sa.func.coalesce(jobs.c.started_at, now),
        )
        .returning(*jobs.c)
    )


_CLAIM = _claim()

_STAND_IN_LINE = sa.select(
    sa.func.set_config("lock_timeout", _CLAIM_LOCK_TIMEOUT, sa.true()),
    # A claim that a crash forgets leaves the job queued, so it need not wait for the disk.
    sa.func.set_config("synchronous_commit", "off", sa.true()),
    sa.func.pg_advisory_xact_lock(sa.literal(_CLAIM_LOCK, sa.BigInteger)),
)


class SqlJobQueue:
    """The queue over one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Work within the connection's transaction."""
        self._connection = connection

    async def add(self, job: Job) -> None:
        """Store a new queued job."""
        await self._connection.execute(sa.insert(jobs).values(**_values(job)))

    async def get(self, job_id: JobId, owner_id: OwnerId) -> Job:
        """Raises NotFound."""
        row = (
            await self._connection.execute(
                sa.select(jobs).where(jobs.c.id == job_id, jobs.c.owner_id == owner_id)
            )
        ).one_or_none()
        if row is None:
            raise NotFound(f"No job {job_id}.")
        return _job(row)

    async def list(
        self,
        owner_id: OwnerId,
        session_id: SessionId | None,
        status: JobStatus | None,
        cursor: str | None,
        limit: int,
    ) -> Page[Job]:
        """Newest first. Raises ValidationFailed for a cursor that is not ours."""
        query = sa.select(jobs).where(jobs.c.owner_id == owner_id)
        if session_id is not None:
            query = query.where(jobs.c.session_id == session_id)
        if status is not None:
            query = query.where(jobs.c.status == status.value)
        return await newest_first(self._connection, query, jobs.c.created_at, jobs.c.id, cursor, limit, _job)

    async def of_session(self, session_id: SessionId) -> tuple[Job, ...]:
        """Oldest first."""
        return await self._all(
            sa.select(jobs).where(jobs.c.session_id == session_id).order_by(jobs.c.created_at, jobs.c.id)
        )

    async def position(self, job: Job) -> int | None:
        """Place among all waiting jobs, from 1, owners taking turns; None when it does not wait."""
        if job.status is not JobStatus.QUEUED:
            return None
        in_own_line = sa.func.row_number().over(
            partition_by=jobs.c.owner_id, order_by=(jobs.c.run_after, jobs.c.id)
        )
        waiting = (
            sa.select(
                jobs.c.id,
                jobs.c.run_after,
                in_own_line.label("turn"),
                _last_claim_of(jobs.c.owner_id).label("last_claim"),
            )
            .where(jobs.c.status == _QUEUED)
            .subquery()
        )
        order = (waiting.c.turn, waiting.c.last_claim.nulls_first(), waiting.c.run_after, waiting.c.id)
        line = sa.select(waiting.c.id, sa.func.row_number().over(order_by=order).label("place")).subquery()
        return await self._connection.scalar(sa.select(line.c.place).where(line.c.id == job.id))

    async def count(self, owner_id: OwnerId | None, status: JobStatus) -> int:
        """How many jobs of the owner (None: of all) are in that state."""
        in_state = jobs.c.status == sa.literal_column(f"'{status.value}'")
        query = sa.select(sa.func.count()).select_from(jobs).where(in_state)
        if owner_id is not None:
            query = query.where(jobs.c.owner_id == owner_id)
        return await self._connection.scalar(query) or 0

    async def claim(
        self, worker_id: str, lease_token: str, now: datetime, lease_until: datetime, running_per_owner: int
    ) -> Job | None:
        """Take the oldest due job of the owner whose turn it is; None when there is none.

        Claims go one at a time, or two workers that look at once would both see room for one more job of an
        owner; SQLite has one writer anyway. On PostgreSQL the transaction's commit is not flushed to disk:
        nothing but the claim and its event belongs in it.
        """
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(_STAND_IN_LINE)
        row = (
            await self._connection.execute(
                _CLAIM,
                {
                    "now": now,
                    "running_per_owner": running_per_owner,
                    "new_worker_id": worker_id,
                    "new_lease_token": lease_token,
                    "new_lease_expires_at": lease_until,
                },
            )
        ).one_or_none()
        return None if row is None else _job(row)

    async def extend(self, job_id: JobId, lease_token: str, lease_until: datetime) -> bool:
        """Renew a lease; False when it is no longer held."""
        return await self._write_held(job_id, lease_token, {"lease_expires_at": lease_until})

    async def move(
        self, job_id: JobId, trigger: Trigger, changes: Mapping[str, Any], lease_token: str | None = None
    ) -> Job:
        """Pull a trigger of the state machine and write changed fields of Job with it.

        Whatever the trigger, the lease ends. `RELEASE` gives the attempt back.

        Raises:
            LeaseLost: A lease token was given and the job is no longer held with it, or is gone.
            Conflict: The trigger cannot be pulled in the job's state.
            NotFound: There is no such job.
        """
        if trigger is Trigger.CLAIM:
            raise ValueError("A job starts running by a claim alone")
        allowed = [status.value for status in sources(trigger)]
        moved = sa.update(jobs).where(jobs.c.id == job_id, jobs.c.status.in_(allowed))
        if lease_token is not None:
            moved = moved.where(jobs.c.lease_token == lease_token)
        given_back = 1 if trigger is Trigger.RELEASE else 0
        moved = moved.values(
            status=target(trigger).value,
            attempts=jobs.c.attempts - given_back,
            lease_token=None,
            lease_expires_at=None,
            **_changed(changes),
        )
        row = (await self._connection.execute(moved.returning(*jobs.c))).one_or_none()
        if row is None:
            raise await self._refusal(job_id, lease_token)
        return _job(row)

    async def note(self, job_id: JobId, lease_token: str, changes: Mapping[str, Any]) -> None:
        """Write changed fields without changing the state. Raises LeaseLost."""
        if not await self._write_held(job_id, lease_token, _changed(changes)):
            raise LeaseLost(job_id)

    async def overdue(self, now: datetime, limit: int) -> tuple[Job, ...]:
        """Running jobs whose lease has expired, longest first."""
        return await self._all(
            sa.select(jobs)
            .where(jobs.c.status == _RUNNING, jobs.c.lease_expires_at <= now)
            .order_by(jobs.c.lease_expires_at, jobs.c.id)
            .limit(limit)
        )

    async def held_by(self, worker_id_prefix: str) -> tuple[Job, ...]:
        """Running jobs of workers whose id starts like this."""
        # Not LIKE, which takes "_" for any character and on SQLite overlooks case.
        start = sa.func.substr(jobs.c.worker_id, 1, len(worker_id_prefix))
        return await self._all(
            sa.select(jobs).where(jobs.c.status == _RUNNING, start == worker_id_prefix).order_by(jobs.c.id)
        )

    async def _all(self, query: sa.Select[Any]) -> tuple[Job, ...]:
        return tuple(_job(row) for row in await self._connection.execute(query))

    async def _write_held(self, job_id: JobId, lease_token: str, values: Mapping[str, Any]) -> bool:
        held = (jobs.c.id == job_id, jobs.c.lease_token == lease_token, jobs.c.status == _RUNNING)
        written = await self._connection.execute(sa.update(jobs).where(*held).values(**values))
        return written.rowcount == 1

    async def _refusal(self, job_id: JobId, lease_token: str | None) -> Exception:
        """Why a move wrote nothing."""
        row = (
            await self._connection.execute(
                sa.select(jobs.c.status, jobs.c.lease_token).where(jobs.c.id == job_id)
            )
        ).one_or_none()
        if lease_token is not None and (row is None or row.lease_token != lease_token):
            return LeaseLost(job_id)
        if row is None:
            return NotFound(f"No job {job_id}.")
        return Conflict(f"A {row.status} job cannot be changed this way.", status=row.status)


def _changed(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Columns for those fields of Job that may change after a claim."""
    columns = {name: value for name, value in changes.items() if name in _PLAIN_CHANGES}
    if "last_error" in changes:
        columns["last_error"] = None if changes["last_error"] is None else dict(changes["last_error"])
    if "usage" in changes:
        columns["usage_model"] = [dict(call) for call in changes["usage"]]
    if "fallbacks" in changes:
        columns["fallbacks_json"] = [asdict(fallback) for fallback in changes["fallbacks"]]
    if unknown := changes.keys() - _PLAIN_CHANGES - {"last_error", "usage", "fallbacks"}:
        raise ValueError(f"Not to be changed on a job: {', '.join(sorted(unknown))}")
    return columns


_PLAIN_CHANGES = frozenset({"run_after", "model_used", "first_image_at", "finished_at"})


def _values(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "owner_id": job.owner_id,
        "session_id": job.session_id,
        "type": job.type.value,
        "status": job.status.value,
        "params_json": {
            "prompt": job.prompt,
            "template": job.template,
            "base_variant_id": job.base_variant_id,
            "provider": job.provider,
        },
        "candidates": job.candidates,
        "attempts": job.attempts,
        "max_attempts": job.max_attempts,
        "lease_token": job.lease_token,
        "lease_expires_at": job.lease_expires_at,
        "worker_id": job.worker_id,
        "last_seq": job.last_seq,
        "request_id": job.request_id,
        "retry_of": job.retry_of,
        "created_at": job.created_at,
        "started_at": job.started_at,
        **_changed(
            {
                "run_after": job.run_after,
                "model_used": job.model_used,
                "first_image_at": job.first_image_at,
                "finished_at": job.finished_at,
                "last_error": job.last_error,
                "usage": job.usage,
                "fallbacks": job.fallbacks,
            }
        ),
    }


def _job(row: sa.Row[Any]) -> Job:
    return Job(
        id=JobId(row.id),
        owner_id=OwnerId(row.owner_id),
        session_id=SessionId(row.session_id),
        type=Operation(row.type),
        status=JobStatus(row.status),
        prompt=row.params_json["prompt"],
        candidates=row.candidates,
        run_after=row.run_after,
        created_at=row.created_at,
        template=row.params_json["template"],
        base_variant_id=row.params_json["base_variant_id"],
        provider=row.params_json.get("provider"),
        retry_of=row.retry_of,
        attempts=row.attempts,
        max_attempts=row.max_attempts,
        last_error=row.last_error,
        lease_token=row.lease_token,
        lease_expires_at=row.lease_expires_at,
        worker_id=row.worker_id,
        model_used=row.model_used,
        usage=tuple(row.usage_model),
        fallbacks=tuple(Fallback(**fallback) for fallback in row.fallbacks_json),
        last_seq=row.last_seq,
        request_id=row.request_id,
        started_at=row.started_at,
        first_image_at=row.first_image_at,
        finished_at=row.finished_at,
    )
