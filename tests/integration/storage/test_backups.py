"""Backups: everything is in them, and any studio can be filled from them."""

import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from stillroom.domain.errors import Conflict, NotFound, ValidationFailed
from stillroom.domain.ids import LOCAL_OWNER
from stillroom.domain.ports import ProviderCall, ProviderState, StoredBlob
from stillroom.domain.sessions import Owner
from stillroom.storage.backups import back_up, restore
from stillroom.storage.blobs import BlobStore
from stillroom.storage.database import Database
from stillroom.storage.migrations import migrate
from stillroom.storage.tables import metadata
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.storage.rows import (
    ANNA,
    NOW,
    a_variant,
    an_export,
    an_owner,
    later,
    queued_jobs,
    stored_session,
)
from tests.servers.postgresql import PostgresServer

pytestmark = pytest.mark.anyio

PICTURE = b"not a picture, but bytes all the same"


@pytest.fixture
def other_url(database_kind: str, postgres_server: PostgresServer, tmp_path: Path) -> Iterator[str]:
    """An empty database of the other kind."""
    if database_kind == "postgresql":
        yield f"sqlite:///{tmp_path / 'other.sqlite3'}"
        return
    url = postgres_server.create_database()
    yield url
    postgres_server.drop_database(url)


def nobody_listens(_what: str, _count: int) -> None:
    """No progress is shown."""


async def rows_of(database_url: str) -> dict[str, list[dict[str, object]]]:
    database = Database(database_url)
    async with database.begin(read_only=True) as connection:
        found = {
            table.name: [
                dict(row)
                for row in (
                    await connection.execute(sa.select(table).order_by(*table.primary_key))
                ).mappings()
            ]
            for table in metadata.sorted_tables
        }
    await database.close()
    return found


async def test_a_studio_moves_to_another_database_and_another_store(
    database: Database,
    database_url: str,
    other_url: str,
    storage_url: str,
    transactions: SqlTransactions,
    tmp_path: Path,
) -> None:
    session = await stored_session(transactions)
    async with transactions() as tx:
        state = ProviderState("gemini", "g-1", NOW, shuts_down_on=date(2026, 12, 20))
        await tx.provider_states.save(state)
        call = ProviderCall("call_1", None, ANNA, "gemini", "g-1", "optimize", NOW, provider_request_id="r1")
        await tx.provider_calls.add(call)
    store = BlobStore(storage_url)
    await store.put("assets/one.jpg", PICTURE, "image/jpeg")
    manifest = await back_up(database, store, tmp_path / "backup", "1.2.3", nobody_listens)
    assert manifest["rows"]["sessions"] == 1
    assert manifest["blobs"] == 1

    elsewhere = BlobStore((tmp_path / "elsewhere").as_uri())
    await restore(other_url, elsewhere, tmp_path / "backup", nobody_listens)
    assert await rows_of(other_url) == await rows_of(database_url)
    assert await elsewhere.get("assets/one.jpg") == PICTURE
    other = Database(other_url)
    async with SqlTransactions(other)(read_only=True) as tx:
        assert await tx.sessions.get(session.id, ANNA) == session
    await other.close()


async def test_a_refined_picture_whose_id_precedes_that_of_its_parent_is_restored(
    database: Database, database_url: str, other_url: str, transactions: SqlTransactions, tmp_path: Path
) -> None:
    [job] = await queued_jobs(transactions, await stored_session(transactions), 0)
    # As after the clock was set back: ids are ordered by time.
    child, parent = sorted([a_variant(job, 1), a_variant(job, 2)], key=lambda one: one.id)
    async with transactions() as tx:
        await tx.variants.add(parent)
        await tx.variants.add(replace(child, parent_id=parent.id))
    store = BlobStore((tmp_path / "blobs").as_uri())
    await back_up(database, store, tmp_path / "backup", "1", nobody_listens)
    await restore(other_url, store, tmp_path / "backup", nobody_listens)
    rows = await rows_of(other_url)
    assert [row["parent_id"] for row in rows["variants"]] == [parent.id, None]
    assert rows == await rows_of(database_url)


async def test_later_backup_into_the_same_folder_adds_new_blobs(
    database: Database, transactions: SqlTransactions, tmp_path: Path
) -> None:
    store, folder = BlobStore((tmp_path / "blobs").as_uri()), tmp_path / "backup"
    await store.put("assets/one.jpg", PICTURE, "image/jpeg")
    await back_up(database, store, folder, "1", nobody_listens)
    first = (folder / "blobs/assets/one.jpg").stat()
    await stored_session(transactions)
    await store.put("assets/two.jpg", PICTURE, "image/jpeg")
    manifest = await back_up(database, store, folder, "1", nobody_listens)
    assert manifest["rows"]["sessions"] == 1
    assert manifest["blobs"] == 2
    assert (folder / "blobs/assets/one.jpg").stat().st_mtime_ns == first.st_mtime_ns


async def test_later_backup_into_the_same_folder_replaces_blobs_that_were_cut_off(
    database: Database, tmp_path: Path
) -> None:
    store, folder = BlobStore((tmp_path / "blobs").as_uri()), tmp_path / "backup"
    await store.put("assets/one.jpg", PICTURE, "image/jpeg")
    await back_up(database, store, folder, "1", nobody_listens)
    cut_off(folder / "blobs/assets/one.jpg")
    manifest = await back_up(database, store, folder, "1", nobody_listens)
    assert (folder / "blobs/assets/one.jpg").read_bytes() == PICTURE
    assert (manifest["blobs"], manifest["blob_bytes"]) == (1, len(PICTURE))


async def test_later_backup_into_the_same_folder_drops_deleted_blobs(
    database: Database, transactions: SqlTransactions, tmp_path: Path
) -> None:
    store, folder = BlobStore((tmp_path / "blobs").as_uri()), tmp_path / "backup"
    session = await stored_session(transactions)
    async with transactions(read_only=True) as tx:
        asset = await tx.assets.get(session.asset_id, ANNA)
    keys = [asset.blob_key, "assets/ast_of_nobody.jpg"]
    for key in keys:
        await store.put(key, PICTURE, "image/jpeg")
    await back_up(database, store, folder, "1", nobody_listens)
    assert all((folder / "blobs" / key).exists() for key in keys)
    await store.delete(keys[1:])
    await back_up(database, store, folder, "1", nobody_listens)
    assert [(folder / "blobs" / key).exists() for key in keys] == [True, False]


async def test_nothing_is_restored_over_rows_that_are_there(
    database: Database, database_url: str, transactions: SqlTransactions, tmp_path: Path
) -> None:
    await stored_session(transactions)
    store = BlobStore((tmp_path / "blobs").as_uri())
    await back_up(database, store, tmp_path / "backup", "1", nobody_listens)
    before = await rows_of(database_url)
    with pytest.raises(Conflict, match="not empty"):
        await restore(database_url, store, tmp_path / "backup", nobody_listens)
    assert await rows_of(database_url) == before


async def started(database_url: str, seconds: float = 0) -> None:
    """Tables of a database after a first start."""
    await migrate(database_url)
    database = Database(database_url)
    async with SqlTransactions(database)() as tx:
        await tx.owners.add(Owner(LOCAL_OWNER, "local", None, later(seconds)))
    await database.close()


async def test_restore_replaces_the_default_owner_of_an_empty_studio(
    database: Database, database_url: str, other_url: str, transactions: SqlTransactions, tmp_path: Path
) -> None:
    await started(database_url)
    await stored_session(transactions)
    store = BlobStore((tmp_path / "blobs").as_uri())
    await back_up(database, store, tmp_path / "backup", "1", nobody_listens)
    await started(other_url, seconds=60)
    await restore(other_url, store, tmp_path / "backup", nobody_listens)
    rows = await rows_of(other_url)
    assert rows == await rows_of(database_url)
    assert [row["created_at"] for row in rows["owners"] if row["id"] == LOCAL_OWNER] == [NOW]


@pytest.mark.parametrize("owner", [Owner(LOCAL_OWNER, "local", "5f" * 32, NOW), an_owner(ANNA)])
async def test_restore_never_overwrites_a_created_owner(
    database_url: str, transactions: SqlTransactions, tmp_path: Path, owner: Owner
) -> None:
    backup = written(tmp_path / "backup", "0001", owners=[])
    async with transactions() as tx:
        await tx.owners.add(owner)
    with pytest.raises(Conflict, match="not empty"):
        await restore(database_url, BlobStore(str(tmp_path / "blobs")), backup, nobody_listens)
    assert [row["id"] for row in (await rows_of(database_url))["owners"]] == [owner.id]


async def test_refused_restore_explains_how_to_get_an_empty_database(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    backup = written(tmp_path / "backup", "0001", owners=[])
    async with database.begin() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    way_out = "move .*stillroom.sqlite3 away" if database_url.startswith("sqlite") else "Make a new database"
    with pytest.raises(Conflict, match=f"later release.*9999.*{way_out}"):
        await restore(database_url, BlobStore(str(tmp_path / "blobs")), backup, nobody_listens)
    async with database.begin() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '0009'"))
        await connection.execute(sa.insert(metadata.tables["owners"]).values(ANNAS_ROW | {"created_at": NOW}))
    with pytest.raises(Conflict, match=f"not empty.*{way_out}"):
        await restore(database_url, BlobStore(str(tmp_path / "blobs")), backup, nobody_listens)


async def test_interrupted_backup_is_invalid(empty_database_url: str, tmp_path: Path) -> None:
    (tmp_path / "backup" / "rows").mkdir(parents=True)
    with pytest.raises(NotFound, match="no complete backup"):
        await restore(
            empty_database_url, BlobStore(str(tmp_path / "blobs")), tmp_path / "backup", nobody_listens
        )


ANNAS_ROW: dict[str, object] = {
    "id": ANNA,
    "name": "Anna",
    "token_hash": None,
    "created_at": "2026-03-14T15:09:26+00:00",
}


def written(folder: Path, revision: str, **tables: list[dict[str, object]]) -> Path:
    """A backup with these rows and one blob."""
    for name in ("rows", "blobs/assets"):
        (folder / name).mkdir(parents=True)
    (folder / "blobs/assets/one.jpg").write_bytes(PICTURE)
    for name, rows in tables.items():
        (folder / "rows" / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    counts = {name: len(rows) for name, rows in tables.items()}
    manifest = {"format": 1, "version": "0", "revision": revision, "rows": counts}
    manifest |= {"blobs": 1, "blob_bytes": len(PICTURE)}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


async def test_backup_of_the_first_schema_is_migrated(empty_database_url: str, tmp_path: Path) -> None:
    backup = written(tmp_path / "backup", "0001", owners=[ANNAS_ROW])
    await restore(empty_database_url, BlobStore(str(tmp_path / "blobs")), backup, nobody_listens)
    rows = await rows_of(empty_database_url)
    assert [row["name"] for row in rows["owners"]] == ["Anna"]


async def exported(transactions: SqlTransactions) -> None:
    """A studio in which a file is missing."""
    session = await stored_session(transactions)
    (job,) = await queued_jobs(transactions, session, 0)
    variant = a_variant(job)
    async with transactions() as tx:
        await tx.variants.add(variant)
        await tx.exports.add(an_export(variant, ANNA))


async def made_older(folder: Path, revision: str, scratch: str) -> None:
    """Leave in a backup only what the tables of that revision have."""
    await migrate(scratch, revision)
    database = Database(scratch)
    async with database.begin(read_only=True) as connection:
        known = await connection.run_sync(
            lambda sync: {
                table: {column["name"] for column in columns}
                for (_, table), columns in sa.inspect(sync).get_multi_columns().items()
            }
        )
    await database.close()
    for file in (folder / "rows").iterdir():
        rows = [json.loads(line) for line in file.read_text().splitlines()]
        kept = [{name: row[name] for name in row if name in known.get(file.stem, ())} for row in rows]
        file.write_text("".join(json.dumps(row) + "\n" for row in kept))
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"revision": revision}))


async def test_rows_of_an_earlier_release_are_migrated_even_into_existing_tables(
    database: Database, other_url: str, transactions: SqlTransactions, tmp_path: Path
) -> None:
    await exported(transactions)
    store = BlobStore((tmp_path / "blobs").as_uri())
    await back_up(database, store, tmp_path / "backup", "1", nobody_listens)
    await made_older(tmp_path / "backup", "0003", f"sqlite:///{tmp_path / 'scratch.db'}")
    await started(other_url)
    await restore(other_url, store, tmp_path / "backup", nobody_listens)
    # Given by revision 0004 to files that were made before it.
    assert [row["name"] for row in (await rows_of(other_url))["exports"]] == ["amazon-main.jpg"]


async def test_tables_of_an_earlier_release_are_backed_up_as_they_are(
    empty_database_url: str, other_url: str, tmp_path: Path
) -> None:
    await migrate(empty_database_url, "0001")
    database, store = Database(empty_database_url), BlobStore((tmp_path / "blobs").as_uri())
    async with database.begin() as connection:
        await connection.execute(sa.insert(metadata.tables["owners"]).values(ANNAS_ROW | {"created_at": NOW}))
    manifest = await back_up(database, store, tmp_path / "backup", "1", nobody_listens)
    assert (manifest["revision"], manifest["rows"]["owners"]) == ("0001", 1)
    await database.close()
    await restore(other_url, store, tmp_path / "backup", nobody_listens)
    assert [row["name"] for row in (await rows_of(other_url))["owners"]] == ["Anna"]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "later release"),
        ("DELETE FROM alembic_version", "no tables yet"),
    ],
)
async def test_failed_backup_keeps_the_earlier_one(
    database: Database, tmp_path: Path, change: str, refusal: str
) -> None:
    store = BlobStore((tmp_path / "blobs").as_uri())
    await back_up(database, store, tmp_path / "backup", "1", nobody_listens)
    async with database.begin() as connection:
        await connection.execute(sa.text(change))
    with pytest.raises((Conflict, NotFound), match=refusal):
        await back_up(database, store, tmp_path / "backup", "2", nobody_listens)
    assert json.loads((tmp_path / "backup" / "manifest.json").read_text())["version"] == "1"


async def test_a_backup_of_a_later_release_is_refused_before_anything_is_changed(
    empty_database_url: str, tmp_path: Path
) -> None:
    backup = written(tmp_path / "backup", "9999")
    with pytest.raises(ValidationFailed, match="later release"):
        await restore(empty_database_url, BlobStore(str(tmp_path / "blobs")), backup, nobody_listens)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])


@pytest.mark.parametrize(
    ("file", "damage", "refusal"),
    [
        ("manifest.json", cut_off, "not the manifest"),
        ("rows/owners.jsonl", cut_off, "0 of 1 rows"),
        ("rows/owners.jsonl", Path.unlink, "0 of 1 rows"),
        ("blobs/assets/one.jpg", Path.unlink, "0 of 1 files"),
        ("blobs/assets/one.jpg", cut_off, f"{len(PICTURE) - 3} of {len(PICTURE)} bytes"),
    ],
)
async def test_a_damaged_backup_is_refused_before_anything_is_stored(
    empty_database_url: str, tmp_path: Path, file: str, damage: Callable[[Path], None], refusal: str
) -> None:
    backup = written(tmp_path / "backup", "0001", owners=[ANNAS_ROW])
    damage(backup / file)
    with pytest.raises(ValidationFailed, match=refusal):
        await restore(empty_database_url, BlobStore(str(tmp_path / "blobs")), backup, nobody_listens)
    assert list((tmp_path / "blobs").iterdir()) == []


async def test_files_that_are_still_being_written_are_no_part_of_a_backup(
    database: Database, tmp_path: Path
) -> None:
    store, folder = BlobStore((tmp_path / "blobs").as_uri()), tmp_path / "backup"
    await store.put("assets/one.jpg", PICTURE, "image/jpeg")
    (tmp_path / "blobs/assets/two.jpg#1").write_bytes(PICTURE[:5])
    manifest = await back_up(database, store, folder, "1", nobody_listens)
    assert manifest["blobs"] == 1
    assert [path.name for path in (folder / "blobs/assets").iterdir()] == ["one.jpg"]


async def test_blob_deleted_during_the_copy_does_not_fail_the_backup(
    database: Database, tmp_path: Path
) -> None:
    class Forgetful(BlobStore):
        """Deletes each blob once it has been listed, but for one."""

        async def list(self, folder: str | None = None) -> AsyncIterator[Sequence[StoredBlob]]:
            async for piece in super().list(folder):
                await self.delete([blob.key for blob in piece if "one" not in blob.key])
                yield piece

    store = Forgetful((tmp_path / "blobs").as_uri())
    for name in ("one", "two"):
        await store.put(f"assets/{name}.jpg", PICTURE, "image/jpeg")
    manifest = await back_up(database, store, tmp_path / "backup", "1", nobody_listens)
    assert manifest["blobs"] == 1
