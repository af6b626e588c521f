"""What services need from outside, as protocols; adapters keep them, tests may fake them."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from stillroom.domain.assets import Asset
from stillroom.domain.capabilities import ProviderCard
from stillroom.domain.evaluation import CaseResult, GoldenVote, Run
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
        """Write `adopted_at`, role and ordinal, the things that change."""
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

    async def waiting(self, owner_id: OwnerId) -> int:
        """How many jobs of the owner wait; nobody else adds one of theirs until the transaction ends."""
        ...

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
        ...

    async def extend(self, leases: Mapping[JobId, str], lease_until: datetime) -> frozenset[JobId]:
        """Renew the leases, each job's named by its token; gives back those that are still held."""
        ...

    async def move(
        self,
        job_id: JobId,
        trigger: Trigger,
        changes: Mapping[str, Any],
        lease_token: str | None = None,
        *,
        told_by: Callable[[Job], JobEvent] | None = None,
        at: datetime | None = None,
    ) -> Job:
        """Pull a trigger of the state machine; write changed fields of Job and the event that tells of it.

        Args:
            job_id: Which job.
            trigger: Any but `CLAIM`.
            changes: Fields of Job that change with it.
            lease_token: Only if the job is held with it; None asks for no lease.
            told_by: Given the job as it then is, the event to write; None writes none.
            at: When; required for an event.

        Raises:
            LeaseLost: A lease token was given and the job is no longer held with it.
            Conflict: The trigger cannot be pulled in the job's state.
            NotFound: There is no such job.
        """
        ...

    async def succeed(
        self, leases: Mapping[JobId, str], told_by: Callable[[Job], JobEvent], at: datetime
    ) -> tuple[Job, ...]:
        """End running jobs well, with the event that tells of it; those whose lease is lost are left out."""
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

    async def latest(self, job_ids: Sequence[JobId]) -> Mapping[JobId, int]:
        """The number of each job's latest event; jobs that were deleted are left out."""
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
    kept_at: datetime


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

    async def settle(self, owner_id: OwnerId, key: str, pending_id: str, result_id: str) -> bool:
        """Put a result in the place of a pending one; False when someone else has taken the key over."""
        ...

    async def drop(self, owner_id: OwnerId, key: str, pending_id: str) -> None:
        """Forget a pending one, because its request was refused or its maker is dead."""
        ...

    async def forget(self, before: datetime) -> int:
        """Delete keys kept before that moment."""
        ...


class BlobNames(Protocol):
    """Which blobs belong to rows."""

    async def among(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of the keys that belong to some row, and those of an unknown kind."""
        ...


class GoldenVoteRepository(Protocol):
    """What people chose among runs of the golden set."""

    async def save(self, votes: Sequence[GoldenVote]) -> None:
        """Write them; one that was given before for the same run and case is changed."""
        ...

    async def of_runs(self, runs: Sequence[str]) -> tuple[GoldenVote, ...]:
        """Everybody's votes on these runs, oldest first."""
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
    provider_states: ProviderStateRepository
    idempotency: IdempotencyRepository
    golden_votes: GoldenVoteRepository
    blob_names: BlobNames


class UnitOfWorkFactory(Protocol):
    """Opens transactions."""

    def __call__(self, *, read_only: bool = False) -> AbstractAsyncContextManager[UnitOfWork]:
        """Commit on a clean exit, roll back on an exception.

        Raises:
            StorageUnavailable: The database does not answer, is locked too long, or is full.
        """
        ...


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """A blob that is there, and since when."""

    key: str
    stored_at: datetime


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

    def list(self) -> AsyncIterator[Sequence[StoredBlob]]:
        """Everything there is, some at a time, in no order."""
        ...

    async def check(self) -> None:
        """Write, read and delete a probe. Raises StorageUnavailable."""
        ...


class Signal(Protocol):
    """A place to wait for a hint that something has changed."""

    async def wait(self, timeout_seconds: float) -> frozenset[str]:
        """Return at the next hint, or when the time is up.

        Returns:
            What was hinted at since the last wait, such as the ids of jobs; empty when the time is up.
        """
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

    def jobs(self) -> AbstractAsyncContextManager[Signal]:
        """Hints about what jobs tell, while the context is open."""
        ...


@dataclass(frozen=True, slots=True)
class Allowance:
    """How an owner stands with a rate limit.

    Attributes:
        is_granted: Whether one more is allowed now.
        limit: How many are allowed in a window when none were used before.
        window_seconds: Length of the window.
        remaining: How many are left now.
        full_after_seconds: When all are there again, if none are used until then.
        retry_after_seconds: When one will be allowed; 0 if one is.
    """

    is_granted: bool
    limit: int
    window_seconds: int
    remaining: int
    full_after_seconds: float
    retry_after_seconds: float


class RateLimiter(Protocol):
    """How often an owner may ask for work."""

    async def take(self, owner_id: OwnerId) -> Allowance:
        """Use one of the owner's chances, if there is one."""
        ...

    async def look(self, owner_id: OwnerId) -> Allowance:
        """What `take` would find, without using one."""
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


class GoldenRuns(Protocol):
    """Runs of the golden set that were made on this machine."""

    def latest(self, limit: int) -> tuple[Run, ...]:
        """Finished ones, newest first."""
        ...

    def get(self, run_id: str) -> Run:
        """One that is finished. Raises NotFound."""
        ...

    def picture(self, run_id: str, name: str) -> bytes:
        """A WebP picture of a run by its name, such as `mug_kitchen.source`. Raises NotFound."""
        ...


class GoldenLog(Protocol):
    """A run while it is made; what was added is there after a crash."""

    @property
    def results(self) -> tuple[CaseResult, ...]:
        """What was added so far, also before an interruption."""
        ...

    def add(self, result: CaseResult) -> None:
        """Keep a result."""
        ...

    def keep_picture(self, name: str, data: bytes) -> None:
        """Keep a WebP picture under a name such as `mug_kitchen.source`."""
        ...
