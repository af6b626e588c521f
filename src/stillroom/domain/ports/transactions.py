"""One transaction over everything that is kept in rows."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from stillroom.domain.ports.calls import ProviderCallRepository, ProviderStateRepository
from stillroom.domain.ports.mattes import MatteRepository
from stillroom.domain.ports.queue import EventLog, JobQueue
from stillroom.domain.ports.repositories import (
    AssetRepository,
    BlobNames,
    ExportRepository,
    GoldenVoteRepository,
    IdempotencyRepository,
    OwnerRepository,
    SessionRepository,
    SignInRepository,
    VariantRepository,
)


class UnitOfWork(Protocol):
    """All repositories over one transaction."""

    owners: OwnerRepository
    sign_ins: SignInRepository
    assets: AssetRepository
    sessions: SessionRepository
    jobs: JobQueue
    events: EventLog
    variants: VariantRepository
    mattes: MatteRepository
    exports: ExportRepository
    provider_calls: ProviderCallRepository
    provider_states: ProviderStateRepository
    idempotency: IdempotencyRepository
    golden_votes: GoldenVoteRepository
    blob_names: BlobNames


class UnitOfWorkFactory(Protocol):
    """Opens transactions."""

    def __call__(
        self, *, read_only: bool = False, uses_reserve: bool = False
    ) -> AbstractAsyncContextManager[UnitOfWork]:
        """Commit on a clean exit, roll back on an exception.

        Args:
            read_only: Nothing may be written.
            uses_reserve: The write is to work on a full disk, because it deletes or is needed to start.

        Raises:
            StorageUnavailable: The database does not answer, is locked too long, or is full.
        """
        ...


class ErasingTransactions(UnitOfWorkFactory, Protocol):
    """The same, for whoever deletes what people want gone."""

    async def erase_traces(self) -> None:
        """Remove the database's own copies of deleted rows, unless a long reader needs them now."""
        ...
