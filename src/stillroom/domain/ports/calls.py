"""Paid calls and the state of the models they went to, shared between processes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from stillroom.domain.ids import JobId, OwnerId


@dataclass(frozen=True, slots=True)
class ProviderCall:
    """One call of a provider, written before it is sent and completed after.

    Attributes:
        outcome: `unknown` until completed, then `ok`, `failed` or `refused`.
        reason: Why it failed, a code; None when it did not.
    """

    id: str
    job_id: JobId
    owner_id: OwnerId
    provider: str
    model: str
    operation: str
    started_at: datetime
    outcome: str = "unknown"
    reason: str | None = None
    latency_ms: int | None = None
    cost_micro_usd: int = 0
    upstream_id: str | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UsageRow:
    """What one model did for one owner over a stretch of time.

    Attributes:
        fallbacks: How many jobs went on to another provider after a call of this model.
    """

    provider: str
    model: str
    calls: int
    failed: int
    cost_micro_usd: int
    fallbacks: int = 0


class ProviderCallRepository(Protocol):
    """The record of every provider call."""

    async def add(self, call: ProviderCall) -> None:
        """Write a call that is about to be sent."""
        ...

    async def complete(self, call: ProviderCall) -> None:
        """Write how it ended."""
        ...

    async def of_job(self, job_id: JobId) -> tuple[ProviderCall, ...]:
        """In the order they were sent."""
        ...

    async def usage(self, owner_id: OwnerId, start: datetime, end: datetime) -> tuple[UsageRow, ...]:
        """Sums per provider and model over calls started, and jobs created, in [start, end)."""
        ...

    async def fallbacks(self, owner_id: OwnerId, start: datetime, end: datetime) -> int:
        """How many jobs created in [start, end) passed a provider over."""
        ...


@dataclass(frozen=True, slots=True)
class ProviderState:
    """How one model at one provider has done of late; all processes share it.

    Attributes:
        breaker: `closed` lets calls through, `open` none, `half_open` waits for one probe to tell.
        open_until: When the next probe may be sent.
        reason: Why it opened, or what the last failure was.
        failures: In a row, of those that count.
        openings: In a row, without a success between.
        latency_ms: Moving average of what a call takes; None until one has succeeded.
        configuration: Stands for key and address; another one starts afresh.
    """

    provider: str
    model: str
    updated_at: datetime
    breaker: str = "closed"
    open_until: datetime | None = None
    reason: str | None = None
    failures: int = 0
    openings: int = 0
    latency_ms: float | None = None
    configuration: str = ""


class ProviderStateRepository(Protocol):
    """What processes tell each other about providers."""

    async def all(self) -> tuple[ProviderState, ...]:
        """Every model that was ever asked."""
        ...

    async def get(self, provider: str, model: str) -> ProviderState | None:
        """One of them; in a transaction that writes, nobody else writes it until the end."""
        ...

    async def save(self, state: ProviderState) -> None:
        """Write it, new or not."""
        ...
