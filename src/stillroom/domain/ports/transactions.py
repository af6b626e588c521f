"""Unit of work: one transaction over all repositories."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from stillroom.domain.ports.batches import BatchItemRepository, BatchRepository, RecipeRepository
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
from stillroom.domain.ports.webhooks import DeliveryRepository, WebhookRepository


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """All repositories in one transaction."""

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
    recipes: RecipeRepository
    batches: BatchRepository
    batch_items: BatchItemRepository
    webhooks: WebhookRepository
    deliveries: DeliveryRepository


class UnitOfWorkFactory(Protocol):
    """Opens transactions."""

    def __call__(
        self, *, read_only: bool = False, uses_reserve: bool = False
    ) -> AbstractAsyncContextManager[UnitOfWork]:
        """Commit on a clean exit, roll back on an exception.

        Args:
            read_only: Whether writes are forbidden.
            uses_reserve: Whether the write may use the reserved disk space, for deletions and for startup.

        Raises:
            StorageUnavailable: The database does not respond, is locked for too long, or is full.
            Conflict: A row that a written one refers to was deleted meanwhile.
        """


class ErasingTransactions(UnitOfWorkFactory, Protocol):
    """A UnitOfWorkFactory that can also erase deleted data."""

    async def erase_traces(self) -> None:
        """Remove the database's own copies of deleted rows, unless a long-running reader still needs them."""
