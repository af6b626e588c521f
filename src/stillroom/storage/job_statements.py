"""The statements of the queue that run for every job, built once.

Both databases take the same; PostgreSQL can write a move and its event in one statement, and takes arrays.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.dml import ReturningUpdate

from stillroom.domain.jobs.events import EventType
from stillroom.domain.jobs.job import JobStatus, Trigger, sources, target
from stillroom.domain.providers.requests import Operation
from stillroom.domain.variants import VariantRole
from stillroom.storage.database import UtcDateTime
from stillroom.storage.tables import job_events, jobs, variants

EVENT_COLUMNS = ("job_id", "seq", "type", "data_json", "created_at")

_CLAIM_LOCK = 7_305_808_868_233_669_733
"""Key of the advisory lock that claims stand in line at; any number that nobody else uses."""

_CLAIM_LOCK_TIMEOUT = "2s"
"""A claim waits no longer for another; the worker comes again anyway."""

_LOOK_AHEAD = 4
"""Times as many waiting jobs are looked at as are wanted; a worker with room left looks again anyway."""

_SPARE = 3
"""Jobs more than are wanted whose rows are looked up; those that are being canceled or deleted are locked."""

# Written out, not bound: a planner uses a partial index only where it sees the value.
QUEUED: sa.ColumnElement[str] = sa.literal_column(f"'{JobStatus.QUEUED.value}'")
RUNNING: sa.ColumnElement[str] = sa.literal_column(f"'{JobStatus.RUNNING.value}'")

_OUR_TYPES: list[sa.ColumnElement[str]] = [
    sa.literal_column(f"'{operation.value}'") for operation in Operation
]

NOTED = (
    *(jobs.c.model_used, jobs.c.usage_model, jobs.c.fallbacks_json),
    *(jobs.c.last_error, jobs.c.first_image_at),
)
"""What may have been written on a job since it was claimed."""


def is_ours(job: sa.FromClause) -> sa.ColumnElement[bool]:
    """Whether this release knows how to do the job; a newer one beside it may have made others."""
    return job.c.type.in_(_OUR_TYPES)


def _next_turn(owner_id: sa.ColumnElement[str]) -> sa.ColumnElement[int]:
    """The round in which a new job of an owner is served.

    One after the owner's last waiting job; whoever has none waiting joins the round that is being served.

    Source:
        P. Goyal, H. M. Vin, H. Cheng, "Start-time Fair Queueing", SIGCOMM 1996: the start tag, with jobs
        that all weigh the same.
    """
    waiting = jobs.alias("waiting")
    own = sa.select(sa.func.max(waiting.c.turn) + 1).where(
        waiting.c.owner_id == owner_id, waiting.c.status == QUEUED
    )
    return sa.func.coalesce(own.scalar_subquery(), _round_being_served(), sa.literal_column("0"))


def _round_being_served() -> sa.ScalarSelect[int]:
    waiting = jobs.alias("waiting")
    return sa.select(sa.func.min(waiting.c.turn)).where(waiting.c.status == QUEUED).scalar_subquery()


ADD = sa.insert(jobs).values(turn=_next_turn(sa.bindparam("line_of", type_=sa.Text)))
"""Stores a job from its row; `line_of` is its owner once more."""


def _claim() -> ReturningUpdate[Any]:
    now = sa.bindparam("now", type_=UtcDateTime)
    at_most = sa.bindparam("at_most", type_=sa.Integer)
    per_owner = sa.bindparam("running_per_owner", type_=sa.Integer)
    busy, waiting, due = jobs.alias("busy"), jobs.alias("waiting"), jobs.alias("due")
    running = (
        sa.select(busy.c.owner_id, sa.func.count().label("jobs"))
        .where(busy.c.status == RUNNING)
        .group_by(busy.c.owner_id)
        .cte("running")
    )
    at_limit = sa.select(running.c.owner_id).where(running.c.jobs >= per_owner)
    # Some more than are wanted, because one owner may have several of them and no room for all.
    front = (
        sa.select(waiting.c.id, waiting.c.owner_id, waiting.c.turn, waiting.c.run_after)
        .where(
            *(waiting.c.status == QUEUED, waiting.c.run_after <= now, is_ours(waiting)),
            waiting.c.owner_id.not_in(at_limit),
        )
        .order_by(waiting.c.turn, waiting.c.run_after, waiting.c.id)
        .limit(at_most * _LOOK_AHEAD)
        .subquery("front")
    )
    in_own_line = sa.func.row_number().over(
        partition_by=front.c.owner_id, order_by=(front.c.turn, front.c.run_after, front.c.id)
    )
    line = sa.select(front, in_own_line.label("place")).subquery("line")
    # Some more than are wanted, because others may have some of them in their hands.
    next_ones = (
        sa.select(line.c.id, line.c.turn, line.c.run_after)
        .outerjoin(running, running.c.owner_id == line.c.owner_id)
        .where(line.c.place <= per_owner - sa.func.coalesce(running.c.jobs, 0))
        .order_by(line.c.turn, line.c.run_after, line.c.id)
        .limit(at_most + _SPARE)
        .subquery("next_ones")
    )
    # A common table, because a plan may run a subquery with a limit more than once.
    chosen = (
        sa.select(due.c.id)
        .join(next_ones, next_ones.c.id == due.c.id)
        # The state once more: a job that was canceled a moment ago is passed over when its lock is free.
        .where(due.c.status == QUEUED)
        .order_by(next_ones.c.turn, next_ones.c.run_after, next_ones.c.id)
        .limit(at_most)
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


def _and_told(
    move: ReturningUpdate[Any], event: EventType, data: Callable[[sa.CTE], sa.ColumnElement[Any]], at: str
) -> sa.Select[Any]:
    """A move together with the event that tells of it; PostgreSQL alone can do both in one statement."""
    moved = move.cte("moved")
    moment = sa.bindparam(at, type_=UtcDateTime)
    told = sa.select(
        moved.c.id, moved.c.last_seq, sa.literal_column(f"'{event.value}'"), data(moved), moment
    ).select_from(moved)
    return sa.select(moved).add_cte(sa.insert(job_events).from_select(EVENT_COLUMNS, told).cte("told"))


CLAIM_AND_TELL = _and_told(
    CLAIM,
    EventType.RUNNING,
    # The fields of `JobRunning`, which nobody knows before the statement is done.
    lambda moved: sa.func.json_build_object("attempt", moved.c.attempts),
    "now",
)

_PLAN_ONCE = """set_config('plan_cache_mode', 'force_generic_plan', true),
    set_config('enable_seqscan', 'off', true)"""
"""One plan for all values, as to plan takes as long as to run; made for empty tables, it suits full ones."""

BEFORE_A_CLAIM = f"""PERFORM {_PLAN_ONCE},
    set_config('lock_timeout', '{_CLAIM_LOCK_TIMEOUT}', true),
    -- A claim that a crash forgets leaves the job queued, so it need not wait for the disk.
    set_config('synchronous_commit', 'off', true),
    pg_advisory_xact_lock({_CLAIM_LOCK});"""
"""Stands in line; a statement after it sees all earlier claims."""

BEFORE_AN_END = f"PERFORM {_PLAN_ONCE};"


@cache
def move_statement(
    trigger: Trigger, changed: frozenset[str], *, fenced: bool, overdue: bool, told: bool
) -> sa.UpdateBase:
    """Pull a trigger; the parameters are `moved_id`, `held_token`, `overdue_at` and `new_` with each column.

    Args:
        trigger: Any but `CLAIM`.
        changed: Columns to write beside those that every move writes.
        fenced: Only for whoever holds the lease.
        overdue: Only when the lease has expired.
        told: Whether an event follows, so that it has to be counted.
    """
    moved = sa.update(jobs).where(
        jobs.c.id == sa.bindparam("moved_id"),
        jobs.c.status.in_([sa.literal_column(f"'{status.value}'") for status in sorted(sources(trigger))]),
    )
    if fenced:
        moved = moved.where(jobs.c.lease_token == sa.bindparam("held_token"))
    if overdue:
        moved = moved.where(jobs.c.lease_expires_at <= sa.bindparam("overdue_at", type_=UtcDateTime))
    given_back = 1 if trigger is Trigger.RELEASE else 0
    if target(trigger) is JobStatus.QUEUED:
        # Whoever comes back does not wait for another turn.
        moved = moved.values(turn=sa.func.coalesce(_round_being_served(), jobs.c.turn))
    return moved.values(
        status=target(trigger).value,
        attempts=jobs.c.attempts - given_back,
        lease_token=None,
        lease_expires_at=None,
        last_seq=jobs.c.last_seq + int(told),
        **{name: sa.bindparam(f"new_{name}", type_=jobs.c[name].type) for name in changed},
    ).returning(*jobs.c)


def _success(held: sa.ColumnElement[bool]) -> ReturningUpdate[Any]:
    return (
        sa.update(jobs)
        # The state is bound, not written out: a planner would look for few jobs among all that run.
        .where(held, jobs.c.status == JobStatus.RUNNING.value)
        .values(
            status=target(Trigger.SUCCEED).value,
            lease_token=None,
            lease_expires_at=None,
            last_seq=jobs.c.last_seq + 1,
            finished_at=sa.bindparam("ended_at", type_=UtcDateTime),
        )
        .returning(jobs.c.id, jobs.c.last_seq, jobs.c.created_at, *NOTED)
    )


SUCCEED = _success(sa.tuple_(jobs.c.id, jobs.c.lease_token).in_(sa.bindparam("leases", expanding=True)))
"""Ends several jobs at once, each named by its id and lease token."""

_IN_ORDER = (variants.c.role != sa.literal_column(f"'{VariantRole.PREVIEW.value}'"), variants.c.ordinal)

PICTURES = (
    sa.select(variants.c.job_id, variants.c.id)
    .where(variants.c.job_id.in_(sa.bindparam("job_ids", expanding=True)))
    .order_by(*_IN_ORDER)
)
"""Pictures of jobs in the order of their ordinals, previews first."""


def _succeed_and_tell() -> sa.Select[Any]:
    held = (
        sa.func.unnest(
            sa.bindparam("job_ids", type_=postgresql.ARRAY(sa.Text)),
            sa.bindparam("tokens", type_=postgresql.ARRAY(sa.Text)),
        )
        .table_valued(sa.column("job_id", sa.Text), sa.column("token", sa.Text), name="held")
        .render_derived()
    )
    ended = _success(sa.and_(jobs.c.id == held.c.job_id, jobs.c.lease_token == held.c.token))
    return _and_told(ended, EventType.SUCCEEDED, _success_story, "ended_at")


def _success_story(ended: sa.CTE) -> sa.ColumnElement[Any]:
    """The fields of `JobSucceeded`."""
    pictures = (
        sa.select(sa.func.json_agg(postgresql.aggregate_order_by(variants.c.id, *_IN_ORDER)))
        .where(variants.c.job_id == ended.c.id)
        .scalar_subquery()
    )
    passed_over = (
        sa.func.json_array_elements(ended.c.fallbacks_json)
        .table_valued(sa.column("value", sa.JSON), with_ordinality="place", name="passed_over")
        .render_derived()
    )
    fallback = sa.func.json_build_object(
        *("from", _field(passed_over.c.value, "source")),
        *("to", _field(passed_over.c.value, "target")),
        *("reason", _field(passed_over.c.value, "reason")),
    )
    fallbacks = sa.select(
        sa.func.json_agg(postgresql.aggregate_order_by(fallback, passed_over.c.place))
    ).scalar_subquery()
    ended_at = sa.bindparam("ended_at", type_=UtcDateTime)
    return sa.func.json_build_object(
        *("variant_ids", _or_none(pictures)),
        *("model_used", ended.c.model_used),
        *("fallbacks", _or_none(fallbacks)),
        *("latency_ms", _milliseconds(ended.c.created_at, ended_at)),
        *("first_image_ms", _milliseconds(ended.c.created_at, ended.c.first_image_at)),
    )


def _field(value: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[Any]:
    return value.op("->")(sa.literal_column(f"'{name}'"))


def _or_none(found: sa.ScalarSelect[Any]) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(found, sa.literal_column("'[]'::json"))


def _milliseconds(start: sa.ColumnElement[Any], end: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    # A double is rounded as Python does it, halves to even.
    seconds = sa.cast(sa.extract("epoch", end - start), sa.Double)
    found = sa.cast(sa.func.round(seconds * sa.literal_column("1000")), sa.BigInteger)
    # As `domain/jobs/job.py` has it: a clock may have been set back. Where the end is null, so is this.
    return sa.case((found < sa.literal_column("0"), sa.literal_column("0")), else_=found)


SUCCEED_AND_TELL = _succeed_and_tell()
"""Ends jobs named by arrays of ids and lease tokens, and writes what is told of each."""
