"""What a studio keeps, for commands that only look: no table, row or setting is made or changed by it."""

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
    """How they are found.

    Attributes:
        tables: How far those of the database are.
        storage: Whether blobs can be written and read.
        config_faults: Files of the operator's that were refused, and why.
    """

    tables: SchemaState
    storage: bool
    config_faults: Mapping[str, str]


async def look(database_url: str, blobs: Blobs, catalogue: Catalogue) -> Stores:
    """Try all three.

    Raises:
        StorageUnavailable: The database does not answer, or may not be written.
        Conflict: A later release has changed the tables.
    """
    tables, works = await schema_state(database_url), True
    try:
        await blobs.check()
    except StorageUnavailable:
        works = False
    return Stores(tables, works, catalogue.faults())


async def all_owners(database_url: str) -> Sequence[Owner]:
    """Every owner, oldest first; nobody before the first start.

    Raises:
        StorageUnavailable: The database does not answer.
        Conflict: The tables are of an earlier release, which only a migration makes ours, or of a later one.
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
