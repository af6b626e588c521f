"""The statements of the queue that run for every job, built once and the same for both databases."""

from functools import cache
from typing import Any

import sqlalchemy as sa

from stillroom.domain.jobs import JobStatus, Trigger, sources, target
from stillroom.storage.database import UtcDateTime
from stillroom.storage.tables import jobs

_CLAIM_LOCK = 7_305_808_868_233_669_733
"""Key of the advisory lock that claims stand in line at; any number that nobody else uses."""

_CLAIM_LOCK_TIMEOUT = "2s"
"""A claim waits no longer for another; the worker comes again anyway."""

# Written out, not bound: a planner uses a partial index only where it sees the value.
QUEUED: sa.ColumnElement[str] = sa.literal_column(f"'{JobStatus.QUEUED.value}'")
RUNNING: sa.ColumnElement[str] = sa.literal_column(f"'{JobStatus.RUNNING.value}'")


def last_claim_of(owner_id: sa.ColumnElement[Any]) -> sa.ScalarSelect[Any]:
    """When a worker last took a job of that owner."""
    earlier = jobs.alias("earlier")
    return (
        sa.select(sa.func.max(earlier.c.claimed_at)).where(earlier.c.owner_id == owner_id).scalar_subquery()
    )


def _claim() -> sa.UpdateBase:
    now = sa.bindparam("now", type_=UtcDateTime)
    busy, waiting, due = jobs.alias("busy"), jobs.alias("waiting"), jobs.alias("due")
    running = (
        sa.select(busy.c.owner_id, sa.func.count().label("jobs"))
        .where(busy.c.status == RUNNING)
        .group_by(busy.c.owner_id)
        .subquery("running")
    )
    in_own_line = sa.func.row_number().over(
        partition_by=waiting.c.owner_id, order_by=(waiting.c.run_after, waiting.c.id)
    )
    line = (
        sa.select(waiting.c.id, waiting.c.owner_id, in_own_line.label("turn"))
        .where(waiting.c.status == QUEUED, waiting.c.run_after <= now)
        .subquery("line")
    )
    room = sa.bindparam("running_per_owner", type_=sa.Integer) - sa.func.coalesce(running.c.jobs, 0)
    # A common table, because a plan may run a subquery with a limit more than once.
    chosen = (
        sa.select(due.c.id)
        .join(line, line.c.id == due.c.id)
        .outerjoin(running, running.c.owner_id == line.c.owner_id)
        # The state once more: a job that was canceled a moment ago is passed over when its lock is free.
        .where(due.c.status == QUEUED, line.c.turn <= room)
        .order_by(line.c.turn, last_claim_of(line.c.owner_id).nulls_first(), due.c.run_after, due.c.id)
        .limit(sa.bindparam("at_most", type_=sa.Integer))
        .with_for_update(of=due, skip_locked=True)
        .cte("chosen")
    )
    return (
        sa.update(jobs)
        .where(jobs.c.id.in_(sa.select(chosen.c.id)))
        .values(
            status=target(Trigger.CLAIM).value,
            attempts=jobs.c.attempts + 1,
            lease_token=sa.bindparam("new_lease_token"),
            lease_expires_at=sa.bindparam("new_lease_expires_at"),
            worker_id=sa.bindparam("new_worker_id"),
            claimed_at=now,
            started_at=sa.func.coalesce(jobs.c.started_at, now),
            last_seq=jobs.c.last_seq + 1,
        )
        .returning(*jobs.c)
    )


CLAIM = _claim()

STAND_IN_LINE = sa.select(
    sa.func.set_config("lock_timeout", _CLAIM_LOCK_TIMEOUT, sa.true()),
    # A claim that a crash forgets leaves the job queued, so it need not wait for the disk.
    sa.func.set_config("synchronous_commit", "off", sa.true()),
    sa.func.pg_advisory_xact_lock(sa.literal(_CLAIM_LOCK, sa.BigInteger)),
)


@cache
def move_statement(
    trigger: Trigger, changed: frozenset[str], *, fenced: bool, told: bool
) -> sa.UpdateBase:
    """Pull a trigger; the parameters are `moved_id`, `held_token` and `new_` with each changed column.

    Args:
        trigger: Any but `CLAIM`.
        changed: Columns to write beside those that every move writes.
        fenced: Only for whoever holds the lease.
        told: Whether an event follows, so that it has to be counted.
    """
    moved = sa.update(jobs).where(
        jobs.c.id == sa.bindparam("moved_id"),
        jobs.c.status.in_([sa.literal_column(f"'{status.value}'") for status in sorted(sources(trigger))]),
    )
    if fenced:
        moved = moved.where(jobs.c.lease_token == sa.bindparam("held_token"))
    given_back = 1 if trigger is Trigger.RELEASE else 0
    return moved.values(
        status=target(trigger).value,
        attempts=jobs.c.attempts - given_back,
        lease_token=None,
        lease_expires_at=None,
        last_seq=jobs.c.last_seq + int(told),
        **{name: sa.bindparam(f"new_{name}", type_=jobs.c[name].type) for name in changed},
    ).returning(*jobs.c)
