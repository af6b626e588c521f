"""Read-only inspection of a studio's stores; creates and changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stillroom.domain.errors import Conflict, StorageUnavailable
from stillroom.domain.ports import Blobs, Catalogue
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


async def look(database_url: str, blobs: Blobs, catalogue: Catalogue) -> Stores:
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
    return Stores(tables, works, catalogue.faults())


async def all_owners(database_url: str) -> Sequence[Owner]:
    """Return every owner, oldest first; empty before the first start.

    Raises:
        StorageUnavailable: The database is unreachable.
        Conflict: The schema is older than this release and needs a migration, or belongs to a later release.
    """
    tables = await schema_state(database_url)
    if tables == "behind":
        raise Conflict("The database needs: stillroom migrate. Before that: stillroom backup FOLDER.")
    if tables == "none":
        return ()
    database = Database(database_url)
    try:
        async with SqlTransactions(database)(read_only=True) as tx:
            return await tx.owners.all()
    finally:
        await database.close()
