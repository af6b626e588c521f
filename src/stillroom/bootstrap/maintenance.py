"""Maintenance: backups and inspection, for commands that open no studio."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stillroom.bootstrap.foundation import VERSION
from stillroom.bootstrap.stores import make_data_folder, open_blobs
from stillroom.domain.batches.recipes import Recipe
from stillroom.domain.sessions import Owner
from stillroom.settings import Settings
from stillroom.storage import backups, inspection
from stillroom.storage.backups import OnProgress
from stillroom.storage.blobs import BlobStore
from stillroom.storage.catalog import FileCatalogue
from stillroom.storage.database import Database


async def inspect_stores(settings: Settings) -> inspection.Stores:
    """Inspect database, blob store and `config/` read-only. Raises StorageUnavailable, Conflict."""
    catalogue = FileCatalogue(settings.data_dir / "config")
    return await inspection.inspect(settings.database, open_blobs(settings), catalogue)


async def stored_owners(settings: Settings) -> Sequence[Owner]:
    """List all owners read-only, without migrating. Raises StorageUnavailable, Conflict."""
    return await inspection.all_owners(settings.database)


async def stored_recipes(settings: Settings, owner: str | None) -> Sequence[Recipe]:
    """List an owner's recipes read-only. Raises NotFound, StorageUnavailable, Conflict."""
    return await inspection.recipes_of(settings.database, owner)


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
    """Restore a backup into an empty studio.

    Raises:
        NotFound: The folder contains no complete backup.
        ValidationFailed: The backup was made by a later release.
        Conflict: The studio is not empty.
        StorageUnavailable: The database or the blob store cannot be reached.
    """
    make_data_folder(settings)
    return await backups.restore(settings.database, BlobStore(settings.storage), folder, on_progress)
