"""Where workers take jobs and hand them in: what every job goes through twice, in as few steps as can be."""

from collections import namedtuple
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from stillroom.domain.events import JobRunning
from stillroom.domain.ids import JobId, VariantId
from stillroom.domain.jobs import Job, JobStatus
from stillroom.domain.ports import ClaimDesk, Story
from stillroom.storage.database import Database
from stillroom.storage.driver import DriverConnections, DriverStatement
from stillroom.storage.event_log import WRITE, event_row
from stillroom.storage.job_rows import job_of
from stillroom.storage.job_statements import (
    CLAIM,
    CLAIM_AND_TELL,
    STAND_IN_LINE,
    STANDING,
    STANDING_OF_ARRAY,
    SUCCEED,
    SUCCEED_AND_TELL,
)
from stillroom.storage.tables import jobs


def claim_desk(database: Database) -> ClaimDesk:
    """The one that suits the database."""
    is_postgresql = database.engine.dialect.name == "postgresql"
    return PostgresClaimDesk(database) if is_postgresql else SqlClaimDesk(database)


class SqlClaimDesk:
    """Over transactions of any database with one writer at a time."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._database = database

    async def claim(
        self,
        worker_id: str,
        lease_token: str,
        now: datetime,
        lease_until: datetime,
        running_per_owner: int,
        at_most: int = 1,
    ) -> tuple[Job, ...]:
        """Take due jobs, owners taking turns and the oldest first, and write that they run."""
        values = _claim_values(worker_id, lease_token, now, lease_until, running_per_owner, at_most)
        async with self._database.begin() as connection:
            claimed = tuple(job_of(row) for row in await connection.execute(CLAIM, values))
            if claimed:
                told = [
                    event_row(job.id, job.last_seq, JobRunning(attempt=job.attempts), now) for job in claimed
                ]
                await connection.execute(WRITE, told)
        return claimed

    async def succeed(self, leases: Mapping[JobId, str], told_by: Story, at: datetime) -> tuple[Job, ...]:
        """End running jobs well, with the event that tells of it; those whose lease is lost are left out."""
        async with self._database.begin() as connection:
            rows = await connection.execute(STANDING, {"job_ids": list(leases)})
            standing = _with_pictures(rows)
            ended_rows = await connection.execute(SUCCEED, {"leases": [*leases.items()], "ended_at": at})
            ended = [
                (_ended(job, at, row.last_seq), made)
                for row in ended_rows
                for job, made in [standing[row.id]]
            ]
            if ended:
                told = [event_row(job.id, job.last_seq, told_by(job, made), at) for job, made in ended]
                await connection.execute(WRITE, told)
        return tuple(job for job, _ in ended)


class PostgresClaimDesk:
    """Over statements that PostgreSQL's driver runs by itself.

    Claims go one at a time, or two workers that look at once would both see room for one more job of an
    owner. Their commit is not flushed to disk; that of an end is.
    """

    _claim: Final = DriverStatement(CLAIM_AND_TELL)
    _standing: Final = DriverStatement(STANDING_OF_ARRAY)
    _succeed: Final = DriverStatement(SUCCEED_AND_TELL)

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._connections = DriverConnections(database)

    async def claim(
        self,
        worker_id: str,
        lease_token: str,
        now: datetime,
        lease_until: datetime,
        running_per_owner: int,
        at_most: int = 1,
    ) -> tuple[Job, ...]:
        """Take due jobs, owners taking turns and the oldest first, and write that they run."""
        values = _claim_values(worker_id, lease_token, now, lease_until, running_per_owner, at_most)
        async with self._connections.one() as connection:
            await connection.execute(STAND_IN_LINE)
            rows = await self._claim.rows(connection, **values)
            await connection.execute("COMMIT")
        return tuple(job_of(_row(row)) for row in rows)

    async def succeed(self, leases: Mapping[JobId, str], told_by: Story, at: datetime) -> tuple[Job, ...]:
        """End running jobs well, with the event that tells of it; those whose lease is lost are left out.

        What is read first stays true: whoever holds a job's lease alone changes it, and is done with it.
        """
        async with self._connections.one() as connection:
            rows = await self._standing.rows(connection, job_ids=list(leases))
            standing = _with_pictures(map(_row, rows))
            ending = {
                job_id: (_ended(job, at, job.last_seq + 1), made) for job_id, (job, made) in standing.items()
            }
            ended = await self._succeed.rows(
                connection,
                job_ids=list(ending),
                tokens=[leases[job_id] for job_id in ending],
                stories=[told_by(job, made).model_dump_json() for job, made in ending.values()],
                ended_at=at,
            )
        return tuple(ending[row["id"]][0] for row in ended)


def _claim_values(
    worker_id: str,
    lease_token: str,
    now: datetime,
    lease_until: datetime,
    running_per_owner: int,
    at_most: int,
) -> dict[str, Any]:
    return {
        "now": now,
        "running_per_owner": running_per_owner,
        "at_most": at_most,
        "new_worker_id": worker_id,
        "new_lease_token": lease_token,
        "new_lease_expires_at": lease_until,
    }


def _with_pictures(rows: Iterable[Any]) -> dict[JobId, tuple[Job, list[VariantId]]]:
    """Jobs and the ids of their pictures, from a row for each picture."""
    found: dict[JobId, tuple[Job, list[VariantId]]] = {}
    for row in rows:
        if row.id not in found:
            found[JobId(row.id)] = job_of(row), []
        if row.variant_id is not None:
            found[JobId(row.id)][1].append(VariantId(row.variant_id))
    return found


def _ended(job: Job, at: datetime, last_seq: int) -> Job:
    return replace(
        job,
        status=JobStatus.SUCCEEDED,
        lease_token=None,
        lease_expires_at=None,
        last_seq=last_seq,
        finished_at=at,
    )


_Row = namedtuple("_Row", [*jobs.c.keys(), "variant_id"], defaults=[None])  # type: ignore[misc]


def _row(record: Any) -> Any:
    """The driver's row with its columns as attributes, as SQLAlchemy gives them."""
    return _Row(*record.values())
