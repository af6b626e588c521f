"""Unit of work: all repositories over one transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from stillroom.domain.ports import UnitOfWork
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


def _all_over(connection: AsyncConnection) -> UnitOfWork:
    """Return the repositories of one open transaction."""
    return UnitOfWork(
        owners=Owners(connection),
        sign_ins=SignIns(connection),
        assets=Assets(connection),
        sessions=Sessions(connection),
        jobs=SqlJobQueue(connection),
        events=SqlEventLog(connection),
        variants=Variants(connection),
        mattes=Mattes(connection),
        exports=Exports(connection),
        provider_calls=ProviderCalls(connection),
        provider_states=ProviderStates(connection),
        idempotency=IdempotencyKeys(connection),
        golden_votes=GoldenVotes(connection),
        blob_names=NamedBlobs(connection),
        recipes=Recipes(connection),
        batches=Batches(connection),
        batch_items=BatchItems(connection),
        webhooks=Webhooks(connection),
        deliveries=Deliveries(connection),
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
            yield _all_over(connection)

    async def erase_traces(self) -> None:
        await self._database.erase_traces()
