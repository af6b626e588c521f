"""Where workers take jobs and hand them in: what every job goes through twice, in as few steps as can be."""

from collections import defaultdict, namedtuple
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from stillroom.domain.ids import JobId, VariantId
from stillroom.domain.jobs.events import JobRunning, JobSucceeded
from stillroom.domain.jobs.job import Job, JobStatus
from stillroom.domain.ports import ClaimDesk
from stillroom.storage.database import Database
from stillroom.storage.driver import DriverConnections, ServerFunction
from stillroom.storage.event_log import WRITE, event_row
from stillroom.storage.job_rows import job_of, noted
from stillroom.storage.job_statements import (
    BEFORE_A_CLAIM,
    BEFORE_AN_END,
    CLAIM,
    CLAIM_AND_TELL,
    PICTURES,
    SUCCEED,
    SUCCEED_AND_TELL,
)


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

    async def succeed(self, held: Sequence[Job], at: datetime) -> tuple[Job, ...]:
        """End running jobs well, each with its event; those whose lease is lost are left out."""
        leases = [(job.id, job.lease_token) for job in held]
        async with self._database.begin() as connection:
            rows = await connection.execute(SUCCEED, {"leases": leases, "ended_at": at})
            ended = _ended(held, rows, at)
            if ended:
                pictures = await connection.execute(PICTURES, {"job_ids": [job.id for job in ended]})
                made = _by_job(pictures)
                told = [event_row(job.id, job.last_seq, _story(job, made[job.id]), at) for job in ended]
                await connection.execute(WRITE, told)
        return ended


class PostgresClaimDesk:
    """Over functions that PostgreSQL's driver calls by itself: a round trip for a claim, one for an end.

    Claims go one at a time, or two workers that look at once would both see room for one more job of an
    owner. Their commit is not flushed to disk; that of an end is.
    """

    _claim: Final = ServerFunction("claim", BEFORE_A_CLAIM, CLAIM_AND_TELL)
    _succeed: Final = ServerFunction("succeed", BEFORE_AN_END, SUCCEED_AND_TELL)

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._connections = DriverConnections(database, (self._claim, self._succeed))

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
            rows = await self._claim.rows(connection, **values)
        return tuple(job_of(_Claimed(*row.values())) for row in rows)

    async def succeed(self, held: Sequence[Job], at: datetime) -> tuple[Job, ...]:
        """End running jobs well, each with its event; those whose lease is lost are left out."""
        async with self._connections.one() as connection:
            rows = await self._succeed.rows(
                connection,
                job_ids=[job.id for job in held],
                tokens=[job.lease_token for job in held],
                ended_at=at,
            )
        return _ended(held, (_Ended(*row.values()) for row in rows), at)


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


def _ended(held: Sequence[Job], rows: Iterable[Any], at: datetime) -> tuple[Job, ...]:
    """The jobs of these rows, with what was noted on them since they were claimed."""
    by_id = {job.id: job for job in held}
    return tuple(
        replace(
            by_id[row.id],
            status=JobStatus.SUCCEEDED,
            lease_token=None,
            lease_expires_at=None,
            last_seq=row.last_seq,
            finished_at=at,
            **noted(row),
        )
        for row in rows
    )


def _by_job(pictures: Iterable[Any]) -> Mapping[JobId, list[VariantId]]:
    found: defaultdict[JobId, list[VariantId]] = defaultdict(list)
    for picture in pictures:
        found[JobId(picture.job_id)].append(VariantId(picture.id))
    return found


def _story(job: Job, made: Sequence[VariantId]) -> JobSucceeded:
    return JobSucceeded(
        variant_ids=tuple(made),
        model_used=job.model_used,
        fallbacks=tuple(
            {"from": fallback.source, "to": fallback.target, "reason": fallback.reason}
            for fallback in job.fallbacks
        ),
        latency_ms=job.latency_ms or 0,
        first_image_ms=job.first_image_ms,
    )


# The driver's rows with their columns as attributes, as SQLAlchemy gives them.
_Claimed = namedtuple("_Claimed", CLAIM_AND_TELL.selected_columns.keys())  # type: ignore[misc]
_Ended = namedtuple("_Ended", SUCCEED_AND_TELL.selected_columns.keys())  # type: ignore[misc]
