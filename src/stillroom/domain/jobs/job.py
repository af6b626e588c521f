"""Job, and the state machine for all changes of its status."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypedDict

from stillroom.domain.errors import StoredError
from stillroom.domain.ids import BatchId, ExportId, JobId, OwnerId, SessionId, VariantId, WebhookId
from stillroom.domain.plans.read_as import ReadAs
from stillroom.domain.providers.capabilities import LOCAL
from stillroom.domain.providers.requests import Mark, Operation
from stillroom.domain.providers.usage import UsageRecord
from stillroom.domain.traces import trace_id_of

MAX_ATTEMPTS = 3
"""Claims after which an unfinished job fails."""

MAX_CANDIDATES = 4
MAX_PROMPT_CHARACTERS = 500


class JobStatus(StrEnum):
    """Status of a job."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def is_final(self) -> bool:
        """Whether the status is terminal."""
        return self in FINAL


class Trigger(StrEnum):
    """Triggers of the state machine."""

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
    """Return the states in which a trigger is allowed."""
    return frozenset(status for status, pulled in TRANSITIONS if pulled is trigger)


def target(trigger: Trigger) -> JobStatus:
    """Return the state that a trigger leads to; each trigger has exactly one."""
    return next(after for (_, pulled), after in TRANSITIONS.items() if pulled is trigger)


class LeaseLost(Exception):
    """The lease is lost: another worker holds the job, or it was cancelled or deleted.

    The worker must not write to it any more.
    """


@dataclass(frozen=True, slots=True)
class Fallback:
    """The router fell back from one provider to another."""

    source: str
    target: str
    reason: str

    @property
    def params(self) -> dict[str, str]:
        """Serialise for events."""
        return {"from": self.source, "to": self.target, "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedJob:
    """Fields common to jobs of all types.

    Attributes:
        traceparent: W3C trace context of the request that created the job; None if no request did.
        batch_id: The batch that the job belongs to; None for a single job. Jobs of batches have low priority.
    """

    id: JobId
    owner_id: OwnerId
    status: JobStatus
    run_after: datetime
    created_at: datetime
    attempts: int = 0
    max_attempts: int = MAX_ATTEMPTS
    last_error: StoredError | None = None
    lease_expires_at: datetime | None = None
    worker_id: str | None = None
    last_seq: int = 0
    request_id: str | None = None
    traceparent: str | None = None
    batch_id: BatchId | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def trace_id(self) -> str | None:
        """Trace id of the job in distributed tracing."""
        return trace_id_of(self.traceparent) if self.traceparent else None

    @property
    def latency_ms(self) -> int | None:
        """Milliseconds from creation to the end."""
        return _milliseconds(self.created_at, self.finished_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(QueuedJob):
    """A request for pictures.

    Attributes:
        prompt: The user's instruction; empty for one-click operations.
        template: Id of a prompt template; None takes the operation's default.
        base_variant_id: The variant that a refinement starts from; None starts from the photo.
        provider: The only cloud that may be called; None leaves the choice to the strategy.
        restore: The single measure to restore in the base variant, instead of an instruction.
        read_as: Clauses of the prompt that a reader model read, because the rules did not understand them.
        ordinals: The wanted candidates; empty means all from 1 to `candidates`.
        changes: Fields of the plan that are set directly, by part; JSON-ready.
        before: The parts that `changes` speaks of, as they were; None stands for those of the starting plan.
        repeats_recipe: Whether it is a single job that repeats one of a batch.
    """

    session_id: SessionId
    type: Operation
    prompt: str
    candidates: int
    template: str | None = None
    base_variant_id: VariantId | None = None
    provider: str | None = None
    restore: Mark | None = None
    read_as: tuple[ReadAs, ...] = ()
    ordinals: tuple[int, ...] = ()
    retry_of: JobId | None = None
    changes: Mapping[str, Mapping[str, Any]] | None = None
    before: Mapping[str, Mapping[str, Any]] | None = None
    repeats_recipe: bool = False
    model_used: str | None = None
    usage: tuple[UsageRecord, ...] = ()
    fallbacks: tuple[Fallback, ...] = ()
    first_image_at: datetime | None = None

    @property
    def wanted_ordinals(self) -> tuple[int, ...]:
        return self.ordinals or tuple(range(1, self.candidates + 1))

    @property
    def follows_recipe(self) -> bool:
        """Whether the order is that of a recipe, not of a user at a picture."""
        return self.batch_id is not None or self.repeats_recipe

    @property
    def is_exact(self) -> bool:
        """Whether it only sets fields of the plan: no words, no template, no chosen cloud, and no recipe."""
        says_more = self.prompt or self.template or self.provider or self.follows_recipe
        return bool(self.changes) and not says_more

    @property
    def interrupted_provider(self) -> str | None:
        """Provider of a cloud call that was sent and whose end is unknown; it may have been charged."""
        unknown = (call.provider for call in self.usage if call.outcome == "unknown")
        return next((provider for provider in unknown if provider != LOCAL), None)

    @property
    def cost_micro_usd(self) -> int:
        """Cost of all calls of this job, in millionths of a US dollar."""
        return sum(call.cost_micro_usd for call in self.usage)

    @property
    def first_image_ms(self) -> int | None:
        """Milliseconds from creation to the first stored picture."""
        return _milliseconds(self.created_at, self.first_image_at)


class JobChanges(TypedDict, total=False):
    """Fields of a job that may change after it was claimed."""

    run_after: datetime
    model_used: str | None
    usage: tuple[UsageRecord, ...]
    fallbacks: tuple[Fallback, ...]
    first_image_at: datetime | None
    finished_at: datetime | None
    last_error: StoredError | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedJob(Job):
    """A running job of the worker that claimed it; each of its writes must match the fencing token."""

    lease_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportJob(QueuedJob):
    """Makes one file of an export request; clients see the export, not this job.

    It belongs to the session of the export's variant, and its row is deleted when it ends.
    """

    session_id: SessionId
    export_id: ExportId


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedExportJob(ExportJob):
    """A running export job, as returned to the worker that claimed it."""

    lease_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryJob(QueuedJob):
    """Sends one delivery of a webhook; clients see the delivery, not this job.

    Its row is deleted when it ends.

    Attributes:
        session_id: The session of the delivery's event; deleting it deletes the job. None for a batch.
    """

    session_id: SessionId | None
    webhook_id: WebhookId
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedDeliveryJob(DeliveryJob):
    """A running delivery job, as returned to the worker that claimed it."""

    lease_token: str


AnyJob = Job | ExportJob | DeliveryJob
AnyClaimedJob = ClaimedJob | ClaimedExportJob | ClaimedDeliveryJob

EXPORT = "export"
"""Type of export jobs."""

DELIVERY = "webhook"
"""Type of delivery jobs. The type of any other job is its operation."""

DELIVERIES_PER_OWNER = 4
"""Deliveries of one owner that are sent at once; they count against no other limit."""


@dataclass(frozen=True, slots=True)
class ClaimLimits:
    """Numbers of jobs that a worker has room for.

    Attributes:
        jobs: Jobs that take a worker slot.
        of_batches: Of these, jobs of batches.
        deliveries: Deliveries, beside the others.
    """

    jobs: int
    of_batches: int
    deliveries: int


def exports_per_owner(running_per_owner: int) -> int:
    """Return how many export jobs of an owner may run at once.

    The limit is separate from that of other jobs, so exports never block them.
    """
    return max(1, running_per_owner // 2)


def batch_slots(slots: int) -> int:
    """Return how many slots of a worker jobs of batches may occupy: all but one, for other jobs."""
    return max(1, slots - 1)


def _milliseconds(start: datetime, end: datetime | None) -> int | None:
    """Milliseconds between two times, at least 0: clocks of two processes may differ."""
    return None if end is None else max(0, round((end - start).total_seconds() * 1000))
