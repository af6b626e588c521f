"""A disk without a free byte, and one that is read-only: what is said, and what still works."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from stillroom.domain.errors import StorageUnavailable
from stillroom.storage.blobs import BlobStore
from stillroom.storage.database import Database
from stillroom.storage.migrations import migrate
from stillroom.storage.space import RESERVE_BYTES, SpaceReserve, check_file, check_folder, free_bytes
from tests.servers.small_disk import SmallDisk, small_disk

pytestmark = pytest.mark.anyio

ROWS = 60
MEGABYTES = 64


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", MEGABYTES) as disk:
        yield disk


def url_on(disk: SmallDisk) -> str:
    return f"sqlite:///{disk.folder / 'stillroom.db'}"


async def filled(disk: SmallDisk) -> Database:
    """A database with rows to delete, on a disk without a free byte."""
    await migrate(url_on(disk))
    database = Database(url_on(disk), keep_reserve=True)
    async with database.begin() as connection:
        await connection.execute(sa.text("CREATE TABLE heap (number INTEGER PRIMARY KEY, bytes BLOB)"))
        for _ in range(ROWS):
            await connection.execute(sa.text("INSERT INTO heap (bytes) VALUES (zeroblob(20000))"))
    disk.fill()
    return database


async def add_a_row(database: Database) -> None:
    async with database.begin() as connection:
        await connection.execute(sa.text("INSERT INTO heap (bytes) VALUES (zeroblob(200000))"))


async def fill_to_the_last_row(database: Database) -> StorageUnavailable:
    """Add rows until there is no room in the log either, and give back what was said."""
    try:
        while True:
            await add_a_row(database)
    except StorageUnavailable as refused:
        return refused


async def delete_rows(database: Database) -> None:
    async with database.begin(uses_reserve=True) as connection:
        await connection.execute(sa.text("DELETE FROM heap"))


async def count(database: Database) -> int:
    async with database.begin(read_only=True) as connection:
        found: int = await connection.scalar(sa.text("SELECT count(*) FROM heap"))
    return found


async def test_full_disk_is_reported_as_full(disk: SmallDisk) -> None:
    database = await filled(disk)
    refused = await fill_to_the_last_row(database)
    assert refused.params == {"reason": "full"}
    blobs = BlobStore(str(disk.folder / "blobs"))
    with pytest.raises(StorageUnavailable) as no_blob:
        await blobs.put("assets/one.png", bytes(100_000), "image/png")
    assert no_blob.value.params == {"reason": "full"}
    await database.close()


async def test_blobs_leave_room_for_the_database(disk: SmallDisk) -> None:
    blobs = BlobStore(str(disk.folder / "blobs"))
    stored = 0
    with suppress(StorageUnavailable):
        while True:
            await blobs.put(f"assets/{stored}.png", bytes(1024 * 1024), "image/png")
            stored += 1
    assert stored > MEGABYTES / 2
    assert free_bytes({"data": disk.folder})["data"] >= 2 * RESERVE_BYTES


async def test_rows_can_be_deleted_on_a_full_disk(disk: SmallDisk) -> None:
    database = await filled(disk)
    await fill_to_the_last_row(database)
    await delete_rows(database)
    assert await count(database) == 0
    await database.close()


async def test_reserved_space_is_used_only_for_deletions(disk: SmallDisk) -> None:
    database = await filled(disk)
    await fill_to_the_last_row(database)
    await delete_rows(database)
    disk.fill()
    with pytest.raises(StorageUnavailable, match="full"):
        await add_a_row(database)
    disk.make_room()
    await add_a_row(database)
    assert SpaceReserve(disk.folder / "stillroom.db.reserve").exists()
    await database.close()


async def test_a_studio_whose_disk_is_full_can_be_started_to_delete(disk: SmallDisk) -> None:
    database = await filled(disk)
    await fill_to_the_last_row(database)
    await database.close()
    disk.fill()
    await migrate(url_on(disk))
    started = Database(url_on(disk), keep_reserve=True)
    assert await count(started) >= ROWS
    await delete_rows(started)
    assert await count(started) == 0
    await started.close()


async def test_a_disk_that_has_no_room_for_the_reserve_takes_no_writes(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", MEGABYTES) as disk:
        disk.fill()
        reserve = SpaceReserve(disk.folder / "x.reserve")
        with pytest.raises(StorageUnavailable) as refused:
            reserve.create()
        assert refused.value.params == {"reason": "full"}
        assert not reserve.exists()


def test_the_free_space_of_each_folder_is_known(disk: SmallDisk) -> None:
    folders = {"data": disk.folder, "gone": disk.folder / "no" / "such"}
    assert 60_000_000 < free_bytes(folders)["data"] <= MEGABYTES * 1024 * 1024
    disk.fill()
    assert free_bytes(folders) == {"data": 0}


def test_unwritable_folder_is_reported_with_a_remedy(disk: SmallDisk) -> None:
    check_folder(disk.folder / "data", "STILLROOM_DATA_DIR")
    disk.make_read_only()
    with pytest.raises(StorageUnavailable) as refused:
        check_folder(disk.folder / "data", "STILLROOM_DATA_DIR")
    assert refused.value.params == {"reason": "read_only"}
    assert str(disk.folder / "data") in refused.value.detail
    assert "STILLROOM_DATA_DIR" in refused.value.detail
    assert "chown" in refused.value.detail


def test_unwritable_database_file_is_reported_by_name(disk: SmallDisk) -> None:
    file = disk.folder / "stillroom.db"
    check_file(file)
    file.touch()
    check_file(file)
    disk.make_read_only()
    with pytest.raises(StorageUnavailable, match=f"{file} must be writable.*chown") as refused:
        check_file(file)
    assert refused.value.params == {"reason": "read_only"}


def test_studio_starts_with_a_full_data_folder(disk: SmallDisk) -> None:
    disk.fill()
    check_folder(disk.folder, "STILLROOM_DATA_DIR")
