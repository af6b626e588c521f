"""Job and the one state machine that every change of a job's status goes through."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from stillroom.domain.ids import ExportId, JobId, OwnerId, SessionId, VariantId
from stillroom.domain.providers.requests import Mark, Operation
from stillroom.domain.traces import trace_id_of

MAX_ATTEMPTS = 3
"""Claims after which a job that still has no end is given up."""

MAX_CANDIDATES = 4
MAX_PROMPT_CHARACTERS = 500


class JobStatus(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def is_final(self) -> bool:
        """Whether nothing can follow."""
        return self in FINAL


class Trigger(StrEnum):
    """What moves a job on."""

    CLAIM = "claim"
    SUCCEED = "succeed"
    FAIL = "fail"
    RETRY = "retry"
    CANCEL = "cancel"
    LOSE_LEASE = "lose_lease"
    RELEASE = "release"


_S, _T = JobStatus, Trigger

FINAL = frozenset({_S.SUCCEEDED, _S.FAILED, _S.CANCELED})

TRANSITIONS: Mapping[tuple[JobStatus, Trigger], JobStatus] = MappingProxyType(
    {
        (_S.QUEUED, _T.CLAIM): _S.RUNNING,
        (_S.QUEUED, _T.CANCEL): _S.CANCELED,
        (_S.RUNNING, _T.SUCCEED): _S.SUCCEEDED,
        (_S.RUNNING, _T.FAIL): _S.FAILED,
        (_S.RUNNING, _T.RETRY): _S.QUEUED,
        (_S.RUNNING, _T.CANCEL): _S.CANCELED,
        (_S.RUNNING, _T.LOSE_LEASE): _S.QUEUED,
        (_S.RUNNING, _T.RELEASE): _S.QUEUED,
    }
)


def sources(trigger: Trigger) -> frozenset[JobStatus]:
    """The states that a trigger may be pulled in."""
    return frozenset(status for status, pulled in TRANSITIONS if pulled is trigger)


def target(trigger: Trigger) -> JobStatus:
    """The state that a trigger leads to; every trigger leads to one alone."""
    return next(after for (_, pulled), after in TRANSITIONS.items() if pulled is trigger)


class LeaseLost(Exception):
    """The worker no longer holds the job it writes for; it must write nothing more of it."""


@dataclass(frozen=True, slots=True)
class Fallback:
    """A provider was passed over for another."""

    source: str
    target: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedJob:
    """What the queue knows of a job of any kind.

    Attributes:
        last_error: The problem object of the last failed attempt, or None.
        last_seq: The number of the latest event.
        traceparent: The trace of the request that made the job; None where no request did.
    """

    id: JobId
    owner_id: OwnerId
    session_id: SessionId
    status: JobStatus
    run_after: datetime
    created_at: datetime
    attempts: int = 0
    max_attempts: int = MAX_ATTEMPTS
    last_error: Mapping[str, Any] | None = None
    lease_expires_at: datetime | None = None
    worker_id: str | None = None
    last_seq: int = 0
    request_id: str | None = None
    traceparent: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def trace_id(self) -> str | None:
        """What other systems call the trace that the job belongs to."""
        return trace_id_of(self.traceparent) if self.traceparent else None

    @property
    def latency_ms(self) -> int | None:
        """From creation to the end."""
        return _milliseconds(self.created_at, self.finished_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(QueuedJob):
    """One request for pictures.

    Attributes:
        prompt: What the user said; empty for the one-click operations.
        template: A prompt template's id, or None for the operation's own.
        base_variant_id: The picture that a refinement starts from; None starts from the photo.
        provider: The only cloud to ask; None leaves the choice to the strategy.
        restore: What alone to bring back in that picture, instead of words.
        ordinals: Which candidates are wanted; empty means all from 1 to `candidates`.
        retry_of: The job that this one repeats, or None.
        usage: Every provider call, made or skipped, JSON-ready.
    """

    type: Operation
    prompt: str
    candidates: int
    template: str | None = None
    base_variant_id: VariantId | None = None
    provider: str | None = None
    restore: Mark | None = None
    ordinals: tuple[int, ...] = ()
    retry_of: JobId | None = None
    model_used: str | None = None
    usage: tuple[Mapping[str, Any], ...] = ()
    fallbacks: tuple[Fallback, ...] = ()
    first_image_at: datetime | None = None

    @property
    def wanted_ordinals(self) -> tuple[int, ...]:
        """The places of the candidates that the job is to make."""
        return self.ordinals or tuple(range(1, self.candidates + 1))

    @property
    def cost_micro_usd(self) -> int:
        """What all calls of this job cost, in millionths of a US dollar."""
        return sum(int(call.get("cost_micro_usd", 0)) for call in self.usage)

    @property
    def first_image_ms(self) -> int | None:
        """From creation to the first stored picture."""
        return _milliseconds(self.created_at, self.first_image_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedJob(Job):
    """A running job in the hands of the worker that claimed it.

    Attributes:
        lease_token: The fencing token: every write of the worker names it, and a newer claim has another.
    """

    lease_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportJob(QueuedJob):
    """Makes one file of an export request; clients see the export, never this job.

    It belongs to the session of the export's variant, and its row is deleted when it ends.
    """

    export_id: ExportId


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedExportJob(ExportJob):
    """A running export job in the hands of the worker that claimed it."""

    lease_token: str


AnyClaimedJob = ClaimedJob | ClaimedExportJob

EXPORT = "export"
"""The type of an export job; the other types are the operations."""


def exports_per_owner(running_per_owner: int) -> int:
    """Return how many export jobs of an owner may run at once.

    They are counted apart from the owner's other jobs, so that an export never uses up the limit on those.
    """
    return max(1, running_per_owner // 2)


def _milliseconds(start: datetime, end: datetime | None) -> int | None:
    """Not negative: the moments may come from two processes, or from a clock that was set back."""
    return None if end is None else max(0, round((end - start).total_seconds() * 1000))
