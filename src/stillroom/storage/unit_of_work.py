"""Unit of work: all repositories over one transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from stillroom.domain.ports import (
    AssetRepository,
    BatchItemRepository,
    BatchRepository,
    BlobNames,
    DeliveryRepository,
    EventLog,
    ExportRepository,
    GoldenVoteRepository,
    IdempotencyRepository,
    JobQueue,
    MatteRepository,
    OwnerRepository,
    ProviderCallRepository,
    ProviderStateRepository,
    RecipeRepository,
    SessionRepository,
    SignInRepository,
    UnitOfWork,
    VariantRepository,
    WebhookRepository,
)
from stillroom.storage.database import Database
from stillroom.storage.event_log import SqlEventLog
from stillroom.storage.job_queue import SqlJobQueue
from stillroom.storage.repositories.assets import Assets
from stillroom.storage.repositories.batch_items import BatchItems
from stillroom.storage.repositories.batches import Batches
from stillroom.storage.repositories.blob_names import NamedBlobs
from stillroom.storage.repositories.exports import Exports
from stillroom.storage.repositories.golden_votes import GoldenVotes
from stillroom.storage.repositories.idempotency import IdempotencyKeys
from stillroom.storage.repositories.mattes import Mattes
from stillroom.storage.repositories.owners import Owners
from stillroom.storage.repositories.provider_calls import ProviderCalls
from stillroom.storage.repositories.provider_state import ProviderStates
from stillroom.storage.repositories.recipes import Recipes
from stillroom.storage.repositories.sessions import Sessions
from stillroom.storage.repositories.sign_ins import SignIns
from stillroom.storage.repositories.variants import Variants
from stillroom.storage.repositories.webhooks import Deliveries, Webhooks


class SqlUnitOfWork:
    """Repositories of one open transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.owners: OwnerRepository = Owners(connection)
        self.sign_ins: SignInRepository = SignIns(connection)
        self.assets: AssetRepository = Assets(connection)
        self.sessions: SessionRepository = Sessions(connection)
        self.jobs: JobQueue = SqlJobQueue(connection)
        self.events: EventLog = SqlEventLog(connection)
        self.variants: VariantRepository = Variants(connection)
        self.mattes: MatteRepository = Mattes(connection)
        self.exports: ExportRepository = Exports(connection)
        self.provider_calls: ProviderCallRepository = ProviderCalls(connection)
        self.provider_states: ProviderStateRepository = ProviderStates(connection)
        self.idempotency: IdempotencyRepository = IdempotencyKeys(connection)
        self.golden_votes: GoldenVoteRepository = GoldenVotes(connection)
        self.blob_names: BlobNames = NamedBlobs(connection)
        self.recipes: RecipeRepository = Recipes(connection)
        self.batches: BatchRepository = Batches(connection)
        self.batch_items: BatchItemRepository = BatchItems(connection)
        self.webhooks: WebhookRepository = Webhooks(connection)
        self.deliveries: DeliveryRepository = Deliveries(connection)


class SqlTransactions:
    """Factory of units of work on one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def __call__(
        self, *, read_only: bool = False, uses_reserve: bool = False
    ) -> AsyncIterator[UnitOfWork]:
        """Open a transaction; commit on a clean exit, roll back on an exception.

        Raises:
            StorageUnavailable: The database is unreachable, locked for too long, or full.
            Conflict: A referenced row has been deleted concurrently (foreign key).
        """
        async with self._database.begin(read_only=read_only, uses_reserve=uses_reserve) as connection:
            yield SqlUnitOfWork(connection)

    async def erase_traces(self) -> None:
        await self._database.erase_traces()
