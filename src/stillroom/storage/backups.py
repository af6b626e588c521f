"""Back up and restore all rows and blobs, in a folder format independent of the database and blob store."""

import asyncio
import json
import mimetypes
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from stillroom.domain.errors import Conflict, NotFound, ValidationFailed
from stillroom.domain.ids import LOCAL_OWNER
from stillroom.domain.ports import Blobs
from stillroom.storage.blobs import HALF_WRITTEN, PROBE_FOLDER
from stillroom.storage.database import Database, UtcDateTime
from stillroom.storage.migrations import file_of, knows, migrate, revision_of
from stillroom.storage.repositories.blob_names import SqlBlobNames
from stillroom.storage.tables import metadata
from stillroom.storage.tables.columns import stored
from stillroom.storage.tables.work import owners

FORMAT = 1
"""Version of the folder format: `manifest.json`, `rows/TABLE.jsonl`, `blobs/KEY`."""

_ROWS_AT_ONCE = 500

_WITHOUT_IDLE_LIMIT = sa.select(sa.func.set_config("idle_in_transaction_session_timeout", "0", sa.true()))
"""PostgreSQL only: files are written and listed within the snapshot, which locks no rows."""

OnProgress = Callable[[str, int], None]
"""Progress callback: the name of what is copied (a table, or `blobs`) and how many are done."""


async def back_up(
    database: Database, blobs: Blobs, folder: Path, version: str, on_progress: OnProgress
) -> Mapping[str, Any]:
    """Copy all rows from one database snapshot, then all blobs; the studio may keep running.

    Incremental: blobs are immutable, so a folder with an earlier backup receives only those that are missing
    or, as after a power cut, have another size. Blobs in the folder that no row names and that the store no
    longer has are deleted from the backup. Blobs are read after the rows, because a blob is stored before the
    row that names it.

    Returns:
        The manifest: format, version, schema revision, time, row count per table, and the number and total
        size of the blobs.

    Raises:
        NotFound: The database has no tables yet.
        Conflict: A later release has changed the schema, so a backup by this release would be incomplete.
        StorageUnavailable: The database or the blob store is unreachable.
        OSError: The folder cannot be written.
    """
    rows = {}
    async with database.begin(read_only=True) as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(_WITHOUT_IDLE_LIMIT)
        revision = await connection.run_sync(revision_of)
        if revision is None:
            raise NotFound("The database has no tables yet, so there is nothing to back up.")
        _begin(folder)
        present = await connection.run_sync(_columns)
        # Before a migration the database has fewer tables and columns than this release knows.
        for table in (table for table in metadata.sorted_tables if table.name in present):
            columns = [stored(column) for column in table.c if column.name in present[table.name]]
            file = folder / "rows" / f"{table.name}.jsonl"
            rows[table.name] = await _write_rows(connection, table, columns, file)
            on_progress(table.name, rows[table.name])
        deleted = await _without_rows(connection, folder / "blobs")
    copied, copied_bytes = await _copy_blobs(blobs, folder / "blobs", deleted, on_progress)
    manifest = {
        "format": FORMAT,
        "version": version,
        "revision": revision,
        "made_at": datetime.now(UTC).isoformat(),
        "rows": rows,
        "blobs": copied,
        "blob_bytes": copied_bytes,
    }
    for key in deleted:
        (folder / "blobs" / key).unlink()
    _write_file(folder / "manifest.json", json.dumps(manifest, indent=2).encode() + b"\n")
    return manifest


async def restore(
    database_url: str, blobs: Blobs, folder: Path, on_progress: OnProgress
) -> Mapping[str, Any]:
    """Restore a backup into an empty database and a blob store, then migrate; return its manifest.

    A database that has only been started counts as empty: its local owner row is replaced by the backup's.
    It need not be of the kind that the backup was made from. Blobs that are already in the store are kept.

    Raises:
        NotFound: The folder holds no complete backup.
        ValidationFailed: The backup was made by a later release, or files of it are missing or cut off.
        Conflict: The database has rows, or the schema of a later release.
        StorageUnavailable: The database or the blob store is unreachable.
    """
    manifest, found = _manifest_of(folder), await asyncio.to_thread(_files, folder / "blobs")
    await asyncio.to_thread(_check_complete, folder, manifest, found)
    database = Database(database_url)
    try:
        async with database.begin() as connection:
            await _make_room(connection, manifest["revision"], database_url)
        await migrate(database_url, manifest["revision"])
        # Blobs before the rows that name them. Exports last, because the sweep removes unnamed exports
        # soonest.
        exports = [path for path in found if path.is_relative_to(folder / "blobs" / "exports")]
        in_order = [*(path for path in found if path not in set(exports)), *exports]
        for count, path in enumerate(in_order, start=1):
            key = path.relative_to(folder / "blobs").as_posix()
            media_type = mimetypes.guess_type(key)[0] or "application/octet-stream"
            await blobs.put(key, await asyncio.to_thread(path.read_bytes), media_type)
            on_progress("blobs", count)
        async with database.begin() as connection:
            await _check_empty(connection, database_url)
            await connection.execute(sa.delete(owners))
            for table in metadata.sorted_tables:
                await _insert_rows(connection, table, folder / "rows" / f"{table.name}.jsonl")
                on_progress(table.name, manifest["rows"].get(table.name, 0))
    finally:
        await database.close()
    await migrate(database_url)
    return manifest


def how_to_empty(database_url: str) -> str:
    """Return instructions for getting an empty database; a restore never deletes a user's rows."""
    file = file_of(database_url)
    if file is None:
        return "Make a new database on the server, and name it in STILLROOM_DATABASE_URL."
    return (
        f"Stop the studio and move {file} away, with {file.name}-wal and {file.name}-shm if they are there."
    )


def _manifest_of(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    if not path.is_file():
        raise NotFound(f"There is no complete backup in {folder}.")
    try:
        manifest: dict[str, Any] = json.loads(path.read_text("utf-8"))
        is_later = manifest["format"] != FORMAT or not knows(manifest["revision"])
    except (ValueError, KeyError, TypeError) as error:
        raise ValidationFailed(f"{path} is not the manifest of a backup.") from error
    if is_later:
        raise ValidationFailed("The backup was made by a later release.")
    return manifest


def _check_complete(folder: Path, manifest: Mapping[str, Any], blobs: Sequence[Path]) -> None:
    """Compare the files with the figures of the manifest. Raises ValidationFailed."""
    if len(blobs) < manifest["blobs"]:
        raise ValidationFailed(f"The backup is damaged: it holds {len(blobs)} of {manifest['blobs']} files.")
    # Backups of earlier releases do not state it.
    expected = manifest.get("blob_bytes", 0)
    held = sum(path.stat().st_size for path in blobs)
    if held < expected:
        raise ValidationFailed(f"The backup is damaged: its files hold {held} of {expected} bytes.")
    for table, rows in manifest["rows"].items():
        path = folder / "rows" / f"{table}.jsonl"
        complete = _complete_lines(path) if path.is_file() else 0
        if complete != rows:
            raise ValidationFailed(f"The backup is damaged: {path} holds {complete} of {rows} rows.")


def _complete_lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(line.endswith(b"\n") for line in file)


async def _make_room(connection: AsyncConnection, revision: str, database_url: str) -> None:
    """Drop tables of another revision than the backup's, so that migrations also convert its rows."""
    try:
        found = await connection.run_sync(revision_of)
    except Conflict as error:
        raise Conflict(f"{error.detail} {how_to_empty(database_url)}") from error
    await _check_empty(connection, database_url)
    if found not in (None, revision):
        await connection.run_sync(_drop_tables)


def _drop_tables(connection: sa.Connection) -> None:
    metadata.drop_all(connection)
    sa.Table("alembic_version", sa.MetaData()).drop(connection)


async def _check_empty(connection: AsyncConnection, database_url: str) -> None:
    present = await connection.run_sync(lambda sync: set(sa.inspect(sync).get_table_names()))
    for table in metadata.sorted_tables:
        rows = sa.select(sa.literal(1)).select_from(table).limit(1)
        if table is owners:
            # Every start creates the local owner row, so it does not show that the studio was used.
            rows = rows.where((owners.c.id != LOCAL_OWNER) | owners.c.token_hash.is_not(None))
        if table.name in present and await connection.scalar(rows):
            raise Conflict(
                "The database is not empty; a backup is restored into an empty one. "
                + how_to_empty(database_url)
            )


def _begin(folder: Path) -> None:
    """Remove the manifest and the old rows; a folder without a manifest is not a valid backup."""
    (folder / "manifest.json").unlink(missing_ok=True)
    (folder / "rows").mkdir(parents=True, exist_ok=True)
    for file in (folder / "rows").iterdir():
        file.unlink()


def _columns(connection: sa.Connection) -> dict[str, set[str]]:
    """Return the stored columns that exist in the database, by table name."""
    found = sa.inspect(connection).get_multi_columns()
    return {
        table: {column["name"] for column in columns if "computed" not in column}
        for (_, table), columns in found.items()
    }


async def _write_rows(
    connection: AsyncConnection, table: sa.Table, columns: list[sa.ColumnElement[Any]], path: Path
) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        async with connection.stream(sa.select(*columns).order_by(*table.primary_key)) as rows:
            async for row in rows.mappings():
                kept = {
                    name: value.isoformat() if isinstance(value, date) else value
                    for name, value in row.items()
                }
                file.write(json.dumps(kept, ensure_ascii=False) + "\n")
                count += 1
    return count


async def _insert_rows(connection: AsyncConnection, table: sa.Table, path: Path) -> None:
    kinds = {column.name: stored(column).type for column in table.c}
    own_keys = {key.parent.name for key in table.foreign_keys if key.column.table is table}
    async for rows in _read_rows(path, table):
        # Insert only the columns of the backup; newer columns get their server defaults.
        columns = [sa.column(name, kinds[name]) for name in rows[0]]
        values = [row | dict.fromkeys(own_keys & row.keys()) for row in rows]
        await connection.execute(sa.insert(sa.table(table.name, *columns)), values)
    # Foreign keys to the same table are set afterwards: ids follow the clock, which may have been set back,
    # so a row may precede the one that it refers to.
    for name in own_keys:
        update = sa.update(table).where(table.c.id == sa.bindparam("row"))
        update = update.values({name: sa.bindparam("target")})
        async for rows in _read_rows(path, table):
            if targets := [{"row": row["id"], "target": row[name]} for row in rows if row.get(name)]:
                await connection.execute(update, targets)


async def _read_rows(path: Path, table: sa.Table) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield rows in batches; nothing if the backup is older than the table."""
    if not await asyncio.to_thread(path.is_file):
        return
    moments = {column.name for column in table.c if isinstance(column.type, UtcDateTime)}
    days = {column.name for column in table.c if isinstance(column.type, sa.Date)}
    batch: list[dict[str, Any]] = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            for name in moments & row.keys():
                row[name] = row[name] and datetime.fromisoformat(row[name])
            for name in days & row.keys():
                row[name] = row[name] and date.fromisoformat(row[name])
            batch.append(row)
            if len(batch) == _ROWS_AT_ONCE:
                yield batch
                batch = []
    if batch:
        yield batch


async def _without_rows(connection: AsyncConnection, folder: Path) -> set[str]:
    """Return the keys of blobs in the backup folder that no row names any more."""
    keys = [path.relative_to(folder).as_posix() for path in await asyncio.to_thread(_files, folder)]
    unnamed: set[str] = set()
    for start in range(0, len(keys), _ROWS_AT_ONCE):
        piece = keys[start : start + _ROWS_AT_ONCE]
        unnamed |= set(piece) - await SqlBlobNames(connection).among(piece)
    return unnamed


async def _copy_blobs(
    blobs: Blobs, folder: Path, deleted: set[str], on_progress: OnProgress
) -> tuple[int, int]:
    """Copy missing blobs to the folder; remove keys that are still stored from `deleted`.

    Returns the number of blobs in the backup and their size in bytes.
    """
    count = size = 0
    async for piece in blobs.list():
        deleted.difference_update(blob.key for blob in piece)
        for blob in piece:
            target = folder / blob.key
            # No row names a probe or an unfinished write.
            if blob.key.startswith(f"{PROBE_FOLDER}/") or HALF_WRITTEN in blob.key:
                continue
            if not target.exists() or target.stat().st_size != blob.size:
                try:
                    data = await blobs.get(blob.key)
                except NotFound:
                    # Deleted together with its row since it was listed.
                    continue
                await asyncio.to_thread(_write_file, target, data)
            count += 1
            size += blob.size
        on_progress("blobs", count)
    return count, size


def _write_file(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.part")
    half.write_bytes(data)
    half.replace(path)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".part"))
