"""Unit of work: all repositories over one transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from stillroom.domain.ports import UnitOfWork
from stillroom.storage.database import Database
from stillroom.storage.event_log import SqlEventLog
from stillroom.storage.job_queue import SqlJobQueue
from stillroom.storage.repositories.assets import SqlAssets
from stillroom.storage.repositories.batch_items import SqlBatchItems
from stillroom.storage.repositories.batches import SqlBatches
from stillroom.storage.repositories.blob_names import SqlBlobNames
from stillroom.storage.repositories.exports import SqlExports
from stillroom.storage.repositories.golden_votes import SqlGoldenVotes
from stillroom.storage.repositories.idempotency import SqlIdempotencyKeys
from stillroom.storage.repositories.mattes import SqlMattes
from stillroom.storage.repositories.owners import SqlOwners
from stillroom.storage.repositories.provider_calls import SqlProviderCalls
from stillroom.storage.repositories.provider_state import SqlProviderStates
from stillroom.storage.repositories.recipes import SqlRecipes
from stillroom.storage.repositories.sessions import SqlSessions
from stillroom.storage.repositories.sign_ins import SqlSignIns
from stillroom.storage.repositories.variants import SqlVariants
from stillroom.storage.repositories.webhooks import SqlDeliveries, SqlWebhooks


def _repositories_on(connection: AsyncConnection) -> UnitOfWork:
    """Return all repositories on one open transaction."""
    return UnitOfWork(
        owners=SqlOwners(connection),
        sign_ins=SqlSignIns(connection),
        assets=SqlAssets(connection),
        sessions=SqlSessions(connection),
        jobs=SqlJobQueue(connection),
        events=SqlEventLog(connection),
        variants=SqlVariants(connection),
        mattes=SqlMattes(connection),
        exports=SqlExports(connection),
        provider_calls=SqlProviderCalls(connection),
        provider_states=SqlProviderStates(connection),
        idempotency=SqlIdempotencyKeys(connection),
        golden_votes=SqlGoldenVotes(connection),
        blob_names=SqlBlobNames(connection),
        recipes=SqlRecipes(connection),
        batches=SqlBatches(connection),
        batch_items=SqlBatchItems(connection),
        webhooks=SqlWebhooks(connection),
        deliveries=SqlDeliveries(connection),
    )


@dataclass(frozen=True)
class SqlTransactions:
    """Factory of units of work on one database."""

    _database: Database

    @asynccontextmanager
    async def __call__(
        self, *, read_only: bool = False, uses_reserve: bool = False
    ) -> AsyncIterator[UnitOfWork]:
        async with self._database.begin(read_only=read_only, uses_reserve=uses_reserve) as connection:
            yield _repositories_on(connection)

    async def erase_traces(self) -> None:
        await self._database.erase_traces()
