"""Maintenance: backups and inspection, for commands that open no studio."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stillroom.bootstrap.foundation import VERSION
from stillroom.bootstrap.stores import make_data_folder, open_blobs
from stillroom.domain.batches.recipes import MAX_RECIPES, Recipe
from stillroom.domain.errors import Conflict, NotFound, StorageUnavailable
from stillroom.domain.ids import LOCAL_OWNER
from stillroom.domain.ports import UnitOfWork
from stillroom.domain.sessions import Owner
from stillroom.settings import Settings
from stillroom.storage import backups
from stillroom.storage.backups import OnProgress
from stillroom.storage.blobs import BlobStore
from stillroom.storage.catalog import FileCatalogue
from stillroom.storage.database import Database
from stillroom.storage.migrations import SchemaState, schema_state
from stillroom.storage.unit_of_work import SqlTransactions


@dataclass(frozen=True, slots=True)
class Stores:
    """State of a studio's stores; `config_faults` are the errors of refused operator files, by name."""

    tables: SchemaState
    storage: bool
    config_faults: Mapping[str, str]


async def inspect_stores(settings: Settings) -> Stores:
    """Inspect database, blob store and `config/`; a probe is written to the blob store and deleted.

    Raises what `schema_state` raises.
    """
    tables, works = await schema_state(settings.database), True
    try:
        await open_blobs(settings).check()
    except StorageUnavailable:
        works = False
    return Stores(tables, works, FileCatalogue(settings.data_dir / "config").errors())


async def stored_owners(settings: Settings) -> Sequence[Owner]:
    """Return every owner, oldest first; empty before the first start.

    Raises StorageUnavailable, and Conflict if the schema is of another release.
    """
    async with _reading(settings) as tx:
        return await tx.owners.all() if tx else ()


async def stored_recipes(settings: Settings, owner: str | None) -> Sequence[Recipe]:
    """Return the recipes of an owner, newest first. Raises NotFound and what `stored_owners` raises."""
    async with _reading(settings) as tx:
        if tx is None:
            return ()
        ids = [LOCAL_OWNER] if owner is None else [o.id for o in await tx.owners.all() if o.name == owner]
        if not ids:
            raise NotFound(f"There is no owner {owner}.")
        return (await tx.recipes.list(ids[0], None, MAX_RECIPES)).items


@asynccontextmanager
async def _reading(settings: Settings) -> AsyncIterator[UnitOfWork | None]:
    """Open a read-only transaction without migrating; None before the first start."""
    tables = await schema_state(settings.database)
    if tables == "behind":
        raise Conflict("The database needs: stillroom migrate. Before that: stillroom backup FOLDER.")
    if tables == "none":
        yield None
        return
    database = Database(settings.database)
    try:
        async with SqlTransactions(database)(read_only=True) as tx:
            yield tx
    finally:
        await database.close()


def how_to_empty(settings: Settings) -> str:
    """Return instructions for emptying the database, which a restore requires."""
    return backups.how_to_empty(settings.database)


async def back_up(settings: Settings, folder: Path, on_progress: OnProgress) -> Mapping[str, Any]:
    """Back up rows and blobs to a folder; see `storage.backups`. Raises StorageUnavailable, OSError."""
    database = Database(settings.database)
    try:
        return await backups.back_up(database, BlobStore(settings.storage), folder, VERSION, on_progress)
    finally:
        await database.close()


async def restore(settings: Settings, folder: Path, on_progress: OnProgress) -> Mapping[str, Any]:
    """Restore a backup into an empty studio; raises what `storage.backups` raises."""
    make_data_folder(settings)
    return await backups.restore(settings.database, BlobStore(settings.storage), folder, on_progress)
