"""Opens what the settings name on disk and elsewhere: data folder, database, blobs, golden-set runs."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

from stillroom.domain.ports import Blobs
from stillroom.evaluation.golden.run_folder import GoldenRunFolder
from stillroom.settings import Settings, alias_of
from stillroom.storage import space, worker_names
from stillroom.storage.blobs import BlobStore, folder_of
from stillroom.storage.faulty_blobs import FaultyBlobs
from stillroom.storage.migrations import file_of, migrate


def make_data_folder(settings: Settings) -> None:
    """Create the data folder for its owner alone, or check that it is writable. Raises StorageUnavailable."""
    space.check_folder(settings.data_dir, alias_of("data_dir"))


async def migrate_schema(settings: Settings) -> None:
    """Run the database's migrations. Raises StorageUnavailable."""
    make_data_folder(settings)
    if (file := file_of(settings.database)) is not None:
        space.check_file(file)
    await migrate(settings.database)


def disk_folders(settings: Settings) -> Mapping[str, Path]:
    """Return the folders whose disks may fill up; remote stores and databases have none here."""
    known = {"data": settings.data_dir, "blobs": folder_of(settings.storage), "database": None}
    if (file := file_of(settings.database)) is not None:
        known["database"] = file.parent
    return {name: folder for name, folder in known.items() if folder is not None}


def database_remedy(settings: Settings) -> str:
    """Return instructions for diagnosing an unreachable database."""
    if (file := file_of(settings.database)) is not None:
        return f"Check that the disk has room and that the file may be written: ls -l {file}"
    url = urlsplit(settings.database)
    return f"Check that it runs: pg_isready -h {url.hostname} -p {url.port or 5432}; then user and password."


def storage_remedy(settings: Settings) -> str:
    """Return instructions for diagnosing a blob store that cannot be written."""
    if (folder := folder_of(settings.storage)) is not None:
        return f"Check that the disk has room and that the folder may be written: ls -ld {folder}"
    return "Check STILLROOM_STORAGE_URL, AWS_ENDPOINT_URL and the keys."


def open_blobs(settings: Settings) -> Blobs:
    """Open the blob store, with the injected faults of the settings."""
    blobs = BlobStore(settings.storage)
    faults = [fault for fault in settings.injected_faults if fault.target.startswith("storage.")]
    return FaultyBlobs(blobs, faults) if faults else blobs


def worker_name(settings: Settings) -> AbstractContextManager[str]:
    """Reserve a worker name that is unique among living processes and stable across restarts."""
    return worker_names.worker_name(settings.data_dir / "workers")


def golden_runs(settings: Settings) -> GoldenRunFolder:
    """Return the golden-set runs made on this machine."""
    return GoldenRunFolder(settings.data_dir / "golden")
