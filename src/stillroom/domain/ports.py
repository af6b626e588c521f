"""What services need from outside, as protocols; adapters keep them, tests may fake them."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from stillroom.domain.assets import Asset
from stillroom.domain.capabilities import ProviderCard
from stillroom.domain.events import JobEvent, StoredEvent
from stillroom.domain.exports import Export, ExportsConfig
from stillroom.domain.ids import AssetId, ExportId, JobId, OwnerId, SessionId, VariantId
from stillroom.domain.jobs import Job, JobStatus, Trigger
from stillroom.domain.platforms import Platform
from stillroom.domain.prompts import PromptChip, PromptTemplate
from stillroom.domain.sessions import Owner, Session
from stillroom.domain.variants import Variant

Clock = Callable[[], datetime]
"""Gives the present moment, aware, in UTC."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A stretch of a long list.

    Attributes:
        next_cursor: What to ask with for the following stretch; None at the end.
    """

    items: tuple[Item, ...]
    next_cursor: str | None


class OwnerRepository(Protocol):
    """Owners and their tokens."""

    async def add(self, owner: Owner) -> None:
        """Store a new owner; one that is there already stays as it is."""
        ...

    async def by_token_hash(self, token_hash: str) -> Owner | None:
        """Whose token it is."""
        ...

    async def all(self) -> tuple[Owner, ...]:
        """Every owner, oldest first."""
        ...

    async def remove(self, owner_id: OwnerId) -> bool:
        """Take the owner's token away; False when there was none."""
        ...


class AssetRepository(Protocol):
    """Uploaded photos; every method but `add` answers only for the owner's own."""

    async def add(self, asset: Asset) -> Asset:
        """Store it, or give back the owner's asset with the same `sha256`."""
        ...

    async def get(self, asset_id: AssetId, owner_id: OwnerId) -> Asset:
        """Raises NotFound."""
        ...

    async def is_used(self, asset_id: AssetId) -> bool:
        """Whether a session still names it."""
        ...

    async def remove(self, asset_id: AssetId) -> None:
        """Delete the row."""
        ...


class SessionRepository(Protocol):
    """Products being worked on; deleted ones are gone for every method."""

    async def add(self, session: Session) -> None:
        """Store a new session."""
        ...

    async def get(self, session_id: SessionId, owner_id: OwnerId) -> Session:
        """Raises NotFound."""
        ...

    async def save(self, session: Session) -> None:
        """Write title, platform, context and `updated_at`."""
        ...

    async def list(self, owner_id: OwnerId, cursor: str | None, limit: int) -> Page[Session]:
        """Latest change first. Raises ValidationFailed for a cursor that is not ours."""
        ...

    async def remove(self, session_id: SessionId) -> None:
        """Delete it with all its jobs, events, variants and exports."""
        ...


class VariantRepository(Protocol):
    """Pictures that jobs made."""

    async def add(self, variant: Variant) -> None:
        """Store a new variant; raises Conflict when the job has one of that role and ordinal."""
        ...

    async def get(self, variant_id: VariantId, owner_id: OwnerId) -> Variant:
        """Raises NotFound."""
        ...

    async def save(self, variant: Variant) -> None:
        """Write `adopted_at`, the one thing that changes."""
        ...

    async def of_job(self, job_id: JobId) -> tuple[Variant, ...]:
        """In the order of their ordinals, previews first."""
        ...

    async def of_jobs(self, job_ids: Sequence[JobId]) -> Mapping[JobId, tuple[Variant, ...]]:
        """The same for several jobs in one query."""
        ...

    async def of_session(self, session_id: SessionId) -> tuple[Variant, ...]:
        """Oldest first."""
        ...


class ExportRepository(Protocol):
    """Files made for marketplaces."""

    async def add(self, export: Export) -> None:
        """Store a new export."""
        ...

    async def get(self, export_id: ExportId, owner_id: OwnerId, now: datetime) -> Export:
        """Raises NotFound, also for one that has expired."""
        ...

    async def list(
        self, owner_id: OwnerId, variant_id: VariantId | None, now: datetime, cursor: str | None, limit: int
    ) -> Page[Export]:
        """Newest first, expired ones left out."""
        ...

    async def of_session(self, session_id: SessionId) -> tuple[Export, ...]:
        """All of them, expired ones too."""
        ...

    async def take_expired(self, now: datetime, limit: int) -> tuple[Export, ...]:
        """Delete expired rows and give them back, so that their blobs can follow."""
        ...


class JobQueue(Protocol):
    """Jobs and their leases: the only writer of a job's status."""

    async def add(self, job: Job) -> None:
        """Store a new queued job."""
        ...

    async def get(self, job_id: JobId, owner_id: OwnerId) -> Job:
        """Raises NotFound."""
        ...

    async def list(
        self,
        owner_id: OwnerId,
        session_id: SessionId | None,
        status: JobStatus | None,
        cursor: str | None,
        limit: int,
    ) -> Page[Job]:
        """Newest first."""
        ...

    async def of_session(self, session_id: SessionId) -> tuple[Job, ...]:
        """Oldest first."""
        ...

    async def position(self, job: Job) -> int | None:
        """Place among all waiting jobs, from 1; None when it does not wait."""
        ...

    async def count(self, owner_id: OwnerId | None, status: JobStatus) -> int:
        """How many jobs of the owner (None: of all) are in that state."""
        ...

    async def claim(
        self, worker_id: str, lease_token: str, now: datetime, lease_until: datetime, running_per_owner: int
    ) -> Job | None:
        """Take the oldest due job of the owner whose turn it is; None when there is none."""
        ...

    async def extend(self, job_id: JobId, lease_token: str, lease_until: datetime) -> bool:
        """Renew a lease; False when it is no longer held."""
        ...

    async def move(
        self, job_id: JobId, trigger: Trigger, changes: Mapping[str, Any], lease_token: str | None = None
    ) -> Job:
        """Pull a trigger of the state machine and write changed fields of Job with it.

        Raises:
            LeaseLost: A lease token was given and the job is no longer held with it.
            Conflict: The trigger cannot be pulled in the job's state.
            NotFound: There is no such job.
        """
        ...

    async def note(self, job_id: JobId, lease_token: str, changes: Mapping[str, Any]) -> None:
        """Write changed fields without changing the state. Raises LeaseLost."""
        ...

    async def overdue(self, now: datetime, limit: int) -> tuple[Job, ...]:
        """Running jobs whose lease has expired."""
        ...

    async def held_by(self, worker_id_prefix: str) -> tuple[Job, ...]:
        """Running jobs of workers whose id starts like this."""
        ...


class EventLog(Protocol):
    """What jobs tell, numbered per job without gaps."""

    async def append(
        self, job_id: JobId, event: JobEvent, at: datetime, lease_token: str | None = None
    ) -> int:
        """Write the next event and give back its number. Raises LeaseLost when the token is not held."""
        ...

    async def after(self, job_id: JobId, seq: int, limit: int) -> tuple[StoredEvent, ...]:
        """Events with a larger number, in order."""
        ...

    async def exists(self, job_id: JobId) -> bool:
        """Whether the job has any event at all; False once it was deleted."""
        ...


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
    """What one model did for one owner over a stretch of time."""

    provider: str
    model: str
    calls: int
    failed: int
    cost_micro_usd: int


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
        """Sums per provider and model over calls started in [start, end)."""
        ...

    async def fallbacks(self, owner_id: OwnerId, start: datetime, end: datetime) -> int:
        """How many jobs created in [start, end) passed a provider over."""
        ...


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What an idempotency key was first used for."""

    request_hash: str
    job_id: str


class IdempotencyRepository(Protocol):
    """Keys of requests that were accepted."""

    async def find(self, owner_id: OwnerId, key: str) -> KeptAnswer | None:
        """What the key was used for, if it was."""
        ...

    async def reserve(
        self, owner_id: OwnerId, key: str, request_hash: str, result_id: str, now: datetime
    ) -> KeptAnswer:
        """Keep the key, or give back what it was kept for first; the same statement for both."""
        ...

    async def forget(self, before: datetime) -> int:
        """Delete keys kept before that moment."""
        ...


class UnitOfWork(Protocol):
    """All repositories over one transaction."""

    owners: OwnerRepository
    assets: AssetRepository
    sessions: SessionRepository
    jobs: JobQueue
    events: EventLog
    variants: VariantRepository
    exports: ExportRepository
    provider_calls: ProviderCallRepository
    idempotency: IdempotencyRepository


class UnitOfWorkFactory(Protocol):
    """Opens transactions."""

    def __call__(self, *, read_only: bool = False) -> AbstractAsyncContextManager[UnitOfWork]:
        """Commit on a clean exit, roll back on an exception.

        Raises:
            StorageUnavailable: The database does not answer, is locked too long, or is full.
        """
        ...


class Blobs(Protocol):
    """Bytes by key; never overwritten."""

    async def put(self, key: str, data: bytes, media_type: str) -> None:
        """Store bytes under a new key; a key that is there already keeps what it has."""
        ...

    async def get(self, key: str) -> bytes:
        """Raises NotFound, StorageUnavailable."""
        ...

    def stream(self, key: str) -> AsyncIterator[bytes]:
        """The same in pieces."""
        ...

    async def delete(self, keys: Sequence[str]) -> None:
        """Delete; keys that are not there are not an error."""
        ...

    async def check(self) -> None:
        """Write, read and delete a probe. Raises StorageUnavailable."""
        ...


class Signal(Protocol):
    """A place to wait for a hint that something has changed."""

    async def wait(self, timeout_seconds: float) -> None:
        """Return at the next hint, or when the time is up."""
        ...


class Signals(Protocol):
    """Hints that say "look again"; the tables are the truth."""

    def job_queued(self) -> None:
        """A job is due."""
        ...

    def job_changed(self, job_id: JobId) -> None:
        """A job has a new event."""
        ...

    def queue(self) -> AbstractAsyncContextManager[Signal]:
        """Hints about due jobs, while the context is open."""
        ...

    def job(self, job_id: JobId) -> AbstractAsyncContextManager[Signal]:
        """Hints about one job, while the context is open."""
        ...


class Catalogue(Protocol):
    """The data that can be changed without a release; each call gives what is in force now."""

    def exports(self) -> ExportsConfig:
        """Export presets and the rules of marketplaces."""
        ...

    def platforms(self) -> tuple[Platform, ...]:
        """Places of sale, in their order."""
        ...

    def templates(self) -> tuple[PromptTemplate, ...]:
        """Prompt templates, in their order."""
        ...

    def chips(self) -> tuple[PromptChip, ...]:
        """Words that a click puts into the instruction box."""
        ...

    def providers(self) -> tuple[ProviderCard, ...]:
        """Providers and their models."""
        ...

    def faults(self) -> Mapping[str, str]:
        """Files that were refused, and why; the last good copy of each is in force."""
        ...
