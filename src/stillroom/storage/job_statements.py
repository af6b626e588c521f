"""SQL statements of the job queue, the same for SQLite and PostgreSQL; frequent ones are built once."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningUpdate

from stillroom.domain.jobs.job import (
    DELIVERIES_PER_OWNER,
    DELIVERY,
    EXPORT,
    AnyJob,
    DeliveryJob,
    ExportJob,
    JobStatus,
    Trigger,
    target,
)
from stillroom.domain.providers.requests import Operation
from stillroom.domain.variants import VariantRole
from stillroom.storage.database import UtcDateTime
from stillroom.storage.tables.work import jobs, variants

_CLAIM_LOCK_KEY = 7_305_808_868_233_669_733
"""Key of PostgreSQL's advisory lock for claims: an arbitrary constant that nothing else uses."""

_CLAIM_LOCK_TIMEOUT = "5s"
"""Lock timeout of a claim. The worker retries after a timeout."""

_CLAIM_IDLE_TIMEOUT = "2s"
"""`idle_in_transaction_session_timeout` of a claim, so that a suspended process blocks no other."""

_SCAN_PER_LINE = 4
"""The claim scans this many times the requested jobs, because some owners may reach their limit within it."""

_SPARE = 3
"""Extra rows to scan, because rows that are being cancelled or deleted are locked and skipped."""

# Literals instead of bound parameters: the planner uses a partial index only if it sees the value.
QUEUED: sa.ColumnElement[str] = sa.literal_column(f"'{JobStatus.QUEUED.value}'")
RUNNING: sa.ColumnElement[str] = sa.literal_column(f"'{JobStatus.RUNNING.value}'")

_EXPORT: sa.ColumnElement[str] = sa.literal_column(f"'{EXPORT}'")
_DELIVERY: sa.ColumnElement[str] = sa.literal_column(f"'{DELIVERY}'")
_EDITS: list[sa.ColumnElement[str]] = [sa.literal_column(f"'{operation.value}'") for operation in Operation]

IS_EDIT = jobs.c.type.in_(_EDITS)
"""Excludes jobs that clients do not see, and types that a newer release has added."""


def is_known(job: sa.FromClause) -> sa.ColumnElement[bool]:
    """Return whether this release supports the job's type; a newer release beside it may have added types."""
    return job.c.type.in_([*_EDITS, _EXPORT, _DELIVERY])


def _is_export(job: sa.FromClause) -> sa.ColumnElement[bool]:
    return job.c.type == _EXPORT


def _is_delivery(job: sa.FromClause) -> sa.ColumnElement[bool]:
    return job.c.type == _DELIVERY


def is_picture_work(job: sa.FromClause) -> sa.ColumnElement[bool]:
    """Return whether a job needs a worker slot: all but deliveries, in the words of the partial index."""
    return job.c.type != _DELIVERY


def _line(job: sa.FromClause) -> sa.ColumnElement[str]:
    """Return the key of a job's queue line; an owner has up to four: batches, exports, deliveries, others."""
    return job.c.owner_id + sa.case(
        (job.c.is_batch, sa.literal_column("'/batch'")),
        (_is_export(job), sa.literal_column("'/export'")),
        (_is_delivery(job), sa.literal_column("'/delivery'")),
        else_=sa.literal_column("''"),
    )


def next_round(job: AnyJob) -> sa.ColumnElement[int]:
    """Return the round (start tag of fair queueing) of a new job.

    It is one after the last waiting job of the same line; the first job of a line joins the current round.

    Source:
        P. Goyal, H. M. Vin, H. Cheng, "Start-time Fair Queueing", SIGCOMM 1996: the start tag, with equal
        weights.
    """
    waiting = jobs.alias("waiting")
    own = sa.select(sa.func.max(waiting.c.turn) + 1).where(
        waiting.c.owner_id == job.owner_id, _line(waiting) == _line_of(job), waiting.c.status == QUEUED
    )
    is_batch = sa.literal(job.batch_id is not None)
    return sa.func.coalesce(own.scalar_subquery(), current_round(is_batch), sa.literal_column("0"))


def current_round(is_batch: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    """Return the current round of jobs of batches, or of all others; the two are ordered separately.

    Deliveries do not count: one that waits for hours until its next try would hold the round back.
    """
    waiting = jobs.alias("waiting")
    return (
        sa.select(sa.func.min(waiting.c.turn))
        .where(waiting.c.status == QUEUED, waiting.c.is_batch == is_batch, is_picture_work(waiting))
        .scalar_subquery()
    )


def _line_of(job: AnyJob) -> str:
    """Return the key of a job's queue line, as the statements compute it."""
    if job.batch_id is not None:
        return f"{job.owner_id}/batch"
    if isinstance(job, ExportJob):
        return f"{job.owner_id}/export"
    return f"{job.owner_id}/delivery" if isinstance(job, DeliveryJob) else job.owner_id


LOCK_CLAIMS = sa.select(
    sa.func.set_config("lock_timeout", _CLAIM_LOCK_TIMEOUT, sa.true()),
    sa.func.set_config("idle_in_transaction_session_timeout", _CLAIM_IDLE_TIMEOUT, sa.true()),
    sa.func.set_config("synchronous_commit", "off", sa.true()),
    sa.func.pg_advisory_xact_lock(sa.literal(_CLAIM_LOCK_KEY, sa.BigInteger)),
)
"""PostgreSQL only: serialise claims with an advisory lock until the transaction ends; commit without a flush.

Without the lock, two concurrent claims could exceed an owner's limit. If a crash loses a claim, the job is
still queued, so the commit need not wait for the disk. `tests.bench.job_queue` measured 1,500 jobs/s with
this and 920 without (two processes, two short runs each, load 6).
"""


def _room(job: sa.FromClause) -> sa.ColumnElement[int]:
    """Return the concurrency limit of a job's line.

    An owner's batches have a line of their own with the same limit, so they never block other jobs.
    """
    running_per_owner = sa.bindparam("running_per_owner", type_=sa.Integer)
    return sa.case(
        (job.c.is_batch, running_per_owner),
        (_is_export(job), sa.bindparam("exports_per_owner", type_=sa.Integer)),
        (_is_delivery(job), sa.literal_column(str(DELIVERIES_PER_OWNER))),
        else_=running_per_owner,
    )


_NOW = sa.bindparam("now", type_=UtcDateTime)
_AT_MOST = sa.bindparam("at_most", type_=sa.Integer)
_AT_MOST_OF_BATCHES = sa.bindparam("at_most_of_batches", type_=sa.Integer)


def _in_order(job: sa.FromClause) -> tuple[sa.ColumnElement[Any], ...]:
    """Return the columns that order jobs of one kind: by round, then by the time they are due."""
    return job.c.turn, job.c.run_after, job.c.id


def _running_jobs() -> sa.CTE:
    """Number of running jobs per line, with the line's concurrency limit."""
    busy = jobs.alias("busy")
    return (
        sa.select(_line(busy).label("line"), _room(busy).label("room"), sa.func.count().label("jobs"))
        .where(busy.c.status == RUNNING)
        .group_by(sa.literal_column("line"), sa.literal_column("room"))
        .cte("running")
    )


def _front(kinds: Callable[[sa.FromClause], sa.ColumnElement[bool]], running: sa.CTE) -> sa.Subquery:
    """First waiting jobs of all lines that are below their limit."""
    waiting = jobs.alias("waiting")
    full = sa.select(running.c.line).where(running.c.jobs >= running.c.room)
    return (
        sa.select(
            *(waiting.c.id, waiting.c.is_batch, waiting.c.turn, waiting.c.run_after),
            *(_line(waiting).label("line"), _room(waiting).label("room")),
        )
        .where(
            *(waiting.c.status == QUEUED, waiting.c.run_after <= _NOW, is_known(waiting), kinds(waiting)),
            _line(waiting).not_in(full),
            sa.not_(waiting.c.is_batch) | (_AT_MOST_OF_BATCHES > 0),
        )
        .order_by(waiting.c.is_batch, *_in_order(waiting))
        .limit(_AT_MOST * _SCAN_PER_LINE)
        .subquery("front")
    )


def _within_limits(front: sa.Subquery, running: sa.CTE) -> sa.Subquery:
    """Select the first jobs that fit into the limit of their line."""
    place_in_line = sa.func.row_number().over(partition_by=front.c.line, order_by=_in_order(front))
    placed = sa.select(front, place_in_line.label("place")).subquery("placed")
    return (
        sa.select(placed.c.id, placed.c.is_batch, placed.c.turn, placed.c.run_after)
        .outerjoin(running, running.c.line == placed.c.line)
        .where(placed.c.place <= placed.c.room - sa.func.coalesce(running.c.jobs, 0))
        .subquery("possible")
    )


def _candidates(possible: sa.Subquery) -> sa.Subquery:
    """Jobs to lock, single ones first, and no more of batches than there are slots for them."""
    rank = sa.func.row_number().over(partition_by=possible.c.is_batch, order_by=_in_order(possible))
    ranked = sa.select(possible, rank.label("rank")).subquery("ranked")
    return (
        sa.select(ranked.c.id, ranked.c.is_batch, ranked.c.turn, ranked.c.run_after)
        .where(sa.not_(ranked.c.is_batch) | (ranked.c.rank <= _AT_MOST_OF_BATCHES))
        .order_by(ranked.c.is_batch, *_in_order(ranked))
        .limit(_AT_MOST + _SPARE)
        .subquery("candidates")
    )


def _locked(candidates: sa.Subquery) -> sa.CTE:
    """Lock candidates; a CTE, because a plan may execute a subquery with LIMIT more than once."""
    due = jobs.alias("due")
    return (
        sa.select(due.c.id)
        .join(candidates, candidates.c.id == due.c.id)
        # Check the state again: a job that was cancelled after the scan is skipped once its lock is released.
        .where(due.c.status == QUEUED)
        .order_by(candidates.c.is_batch, *_in_order(candidates))
        .limit(_AT_MOST)
        .with_for_update(of=due, skip_locked=True)
        .cte("chosen")
    )


def _claim(kinds: Callable[[sa.FromClause], sa.ColumnElement[bool]]) -> ReturningUpdate[Any]:
    running = _running_jobs()
    chosen = _locked(_candidates(_within_limits(_front(kinds, running), running)))
    return (
        sa.update(jobs)
        .where(jobs.c.id.in_(sa.select(chosen.c.id)))
        .values(
            status=target(Trigger.CLAIM).value,
            attempts=jobs.c.attempts + 1,
            lease_token=sa.bindparam("new_lease_token"),
            lease_expires_at=sa.bindparam("new_lease_expires_at"),
            worker_id=sa.bindparam("new_worker_id"),
            started_at=sa.func.coalesce(jobs.c.started_at, _NOW),
            last_seq=jobs.c.last_seq + 1,
        )
        .returning(*jobs.c)
    )


CLAIM = _claim(is_picture_work)
"""Claim up to `at_most` due jobs, no deliveries, and increment their event counters."""

CLAIM_DELIVERIES = _claim(_is_delivery)
"""The same for deliveries, which need no worker slot and take none from other jobs."""


LOCK_JOBS = (
    sa.select(jobs.c.id)
    .where(jobs.c.id.in_(sa.bindparam("job_ids", expanding=True)))
    .order_by(jobs.c.id)
    .with_for_update()
)
"""Lock several jobs in the order of their ids, as every transaction does that changes more than one.

An UPDATE of several rows locks them in the order of its plan: it and a cancellation of the same jobs would
wait for each other.
"""

COMPLETE = (
    sa.update(jobs)
    .where(
        sa.tuple_(jobs.c.id, jobs.c.lease_token).in_(sa.bindparam("leases", expanding=True)),
        jobs.c.status == RUNNING,
    )
    .values(
        status=target(Trigger.SUCCEED).value,
        lease_token=None,
        lease_expires_at=None,
        last_seq=jobs.c.last_seq + 1,
        finished_at=sa.bindparam("ended_at", type_=UtcDateTime),
    )
    .returning(*jobs.c)
)
"""Complete running jobs, each identified by id and lease token, and increment their event counters."""

VARIANT_IDS = (
    sa.select(variants.c.job_id, variants.c.id)
    .where(variants.c.job_id.in_(sa.bindparam("job_ids", expanding=True)))
    .order_by(variants.c.role != VariantRole.PREVIEW.value, variants.c.ordinal)
)
"""Select the ids of jobs' variants, previews first, then by ordinal."""
