"""Read-only inspection of a studio's stores; creates and changes nothing."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from stillroom.domain.batches.recipes import MAX_RECIPES, Recipe
from stillroom.domain.errors import Conflict, NotFound, StorageUnavailable
from stillroom.domain.ids import LOCAL_OWNER
from stillroom.domain.ports import Blobs, Catalogue, UnitOfWork
from stillroom.domain.sessions import Owner
from stillroom.storage.database import Database
from stillroom.storage.migrations import SchemaState, schema_state
from stillroom.storage.unit_of_work import SqlTransactions


@dataclass(frozen=True, slots=True)
class Stores:
    """State of a studio's stores.

    Attributes:
        tables: State of the database schema.
        storage: Whether blobs can be written and read.
        config_faults: Error of each refused operator file, by file name.
    """

    tables: SchemaState
    storage: bool
    config_faults: Mapping[str, str]


async def inspect(database_url: str, blobs: Blobs, catalogue: Catalogue) -> Stores:
    """Inspect database, blob store and catalogue.

    Raises:
        StorageUnavailable: The database is unreachable or read-only.
        Conflict: A later release has changed the schema.
    """
    tables, works = await schema_state(database_url), True
    try:
        await blobs.check()
    except StorageUnavailable:
        works = False
    return Stores(tables, works, catalogue.errors())


async def all_owners(database_url: str) -> Sequence[Owner]:
    """Return every owner, oldest first; empty before the first start.

    Raises:
        StorageUnavailable: The database is unreachable.
        Conflict: The schema is older than this release and needs a migration, or belongs to a later release.
    """
    async with _reading(database_url) as tx:
        return await tx.owners.all() if tx else ()


async def recipes_of(database_url: str, owner: str | None) -> Sequence[Recipe]:
    """Return the recipes of an owner, newest first; empty before the first start.

    Raises:
        NotFound: There is no such owner.
        StorageUnavailable: The database is unreachable.
        Conflict: The schema is older than this release and needs a migration, or belongs to a later release.
    """
    async with _reading(database_url) as tx:
        if tx is None:
            return ()
        ids = [LOCAL_OWNER] if owner is None else [o.id for o in await tx.owners.all() if o.name == owner]
        if not ids:
            raise NotFound(f"There is no owner {owner}.")
        return (await tx.recipes.list(ids[0], None, MAX_RECIPES)).items


@asynccontextmanager
async def _reading(database_url: str) -> AsyncIterator[UnitOfWork | None]:
    """Open a read-only transaction; None before the first start."""
    tables = await schema_state(database_url)
    if tables == "behind":
        raise Conflict("The database needs: stillroom migrate. Before that: stillroom backup FOLDER.")
    if tables == "none":
        yield None
        return
    database = Database(database_url)
    try:
        async with SqlTransactions(database)(read_only=True) as tx:
            yield tx
    finally:
        await database.close()
