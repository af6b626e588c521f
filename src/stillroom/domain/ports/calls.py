"""Ports for provider calls and for the circuit breaker state shared between processes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from stillroom.domain.ids import BatchId, JobId, OwnerId
from stillroom.domain.providers.usage import CallOutcome


@dataclass(frozen=True, slots=True)
class ProviderCall:
    """A provider call; written before it is sent and completed afterwards.

    Attributes:
        job_id: None for a call that belongs to no job, such as a reader's.
        outcome: `unknown` until completed, then `ok`, `failed` or `refused`.
        batch_id: The batch that pays for it; None for a single job.
    """

    id: str
    job_id: JobId | None
    owner_id: OwnerId
    provider: str
    model: str
    operation: str
    started_at: datetime
    outcome: CallOutcome = "unknown"
    reason: str | None = None
    latency_ms: int | None = None
    cost_micro_usd: int = 0
    provider_request_id: str | None = None
    finished_at: datetime | None = None
    batch_id: BatchId | None = None


@dataclass(frozen=True, slots=True)
class UsageRow:
    """Usage of one model by one owner in a period; `fallbacks` counts jobs that fell back from it."""

    provider: str
    model: str
    calls: int
    failed: int
    cost_micro_usd: int
    fallbacks: int = 0


class ProviderCallRepository(Protocol):
    """Records of all provider calls."""

    async def add(self, call: ProviderCall) -> None:
        """Insert a call that is about to be sent."""

    async def complete(self, call: ProviderCall) -> None:
        """Record the outcome of a call."""

    async def of_job(self, job_id: JobId) -> tuple[ProviderCall, ...]:
        """Return a job's calls in the order in which they were sent."""

    async def cost_of_batches(self, batch_ids: Collection[BatchId]) -> Mapping[BatchId, int]:
        """Return the cost of all calls of each batch, in millionths of a US dollar; 0 is left out."""

    async def cost_of_jobs(self, job_ids: Collection[JobId]) -> Mapping[JobId, int]:
        """Return the cost of all calls of each job, in millionths of a US dollar; 0 is left out."""

    async def usage(self, owner_id: OwnerId, start: datetime, end: datetime) -> tuple[UsageRow, ...]:
        """Return totals per provider and model over calls started, and jobs created, in [start, end)."""

    async def fallbacks(self, owner_id: OwnerId, start: datetime, end: datetime) -> int:
        """Return how many jobs created in [start, end) fell back from a provider."""


BreakerState = Literal["closed", "open", "half_open"]
"""`closed` admits calls, `open` rejects them, `half_open` waits for the result of one probe."""


@dataclass(frozen=True, slots=True)
class ProviderState:
    """Circuit breaker state of one model, shared by all processes.

    Attributes:
        open_until: When the next probe may be sent; aware UTC.
        failures: Consecutive failures that count.
        openings: Consecutive openings without a success between.
        latency_ms: Moving average of the call latency; None before the first success.
        configuration: Fingerprint of key and address; a different one resets the state.
        shuts_down_on: Last day of the model according to the vendor's list; None if it states none.
    """

    provider: str
    model: str
    updated_at: datetime
    breaker: BreakerState = "closed"
    open_until: datetime | None = None
    reason: str | None = None
    failures: int = 0
    openings: int = 0
    latency_ms: float | None = None
    configuration: str = ""
    shuts_down_on: date | None = None


class ProviderStateRepository(Protocol):
    """Circuit breaker state of all models."""

    async def all(self) -> tuple[ProviderState, ...]:
        """Return the state of every model that was ever called."""

    async def get(self, provider: str, model: str) -> ProviderState | None:
        """Return one state; in a writing transaction its row is locked until the end."""

    async def save(self, state: ProviderState) -> None:
        """Insert or update a state."""
