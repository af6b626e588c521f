"""All repositories over one transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from stillroom.domain.ports import (
    AssetRepository,
    BlobNames,
    EventLog,
    ExportRepository,
    GoldenVoteRepository,
    IdempotencyRepository,
    JobQueue,
    MatteRepository,
    OwnerRepository,
    ProviderCallRepository,
    ProviderStateRepository,
    SessionRepository,
    SignInRepository,
    UnitOfWork,
    VariantRepository,
)
from stillroom.storage.database import Database
from stillroom.storage.event_log import SqlEventLog
from stillroom.storage.job_queue import SqlJobQueue
from stillroom.storage.repositories.assets import Assets
from stillroom.storage.repositories.blob_names import NamedBlobs
from stillroom.storage.repositories.exports import Exports
from stillroom.storage.repositories.golden_votes import GoldenVotes
from stillroom.storage.repositories.idempotency import IdempotencyKeys
from stillroom.storage.repositories.mattes import Mattes
from stillroom.storage.repositories.owners import Owners
from stillroom.storage.repositories.provider_calls import ProviderCalls
from stillroom.storage.repositories.provider_state import ProviderStates
from stillroom.storage.repositories.sessions import Sessions
from stillroom.storage.repositories.sign_ins import SignIns
from stillroom.storage.repositories.variants import Variants


class SqlUnitOfWork:
    """The repositories of one open transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Give each repository the connection."""
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


class SqlTransactions:
    """Opens units of work on one database."""

    def __init__(self, database: Database) -> None:
        """Take the database that all of them work on."""
        self._database = database

    @asynccontextmanager
    async def __call__(
        self, *, read_only: bool = False, uses_reserve: bool = False
    ) -> AsyncIterator[UnitOfWork]:
        """Commit on a clean exit, roll back on an exception.

        Args:
            read_only: Nothing may be written.
            uses_reserve: The write is to work on a full disk, because it deletes or is needed to start.

        Raises:
            StorageUnavailable: The database does not answer, is locked too long, or is full.
            Conflict: A row that a written one refers to has been removed meanwhile.
        """
        async with self._database.begin(read_only=read_only, uses_reserve=uses_reserve) as connection:
            yield SqlUnitOfWork(connection)

    async def erase_traces(self) -> None:
        """Remove the database's own copies of deleted rows, unless a long reader needs them now."""
        await self._database.erase_traces()
