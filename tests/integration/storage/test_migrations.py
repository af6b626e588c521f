"""Bringing a database to the present tables."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from stillroom.storage import migrations
from stillroom.storage.database import Database
from stillroom.storage.migrations import migrate
from stillroom.storage.tables import metadata
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.storage.rows import ANNA, moved_in

pytestmark = pytest.mark.anyio


async def test_three_migrations_at_once_all_succeed(database_url: str) -> None:
    await asyncio.gather(*(migrate(database_url) for _ in range(3)))
    assert await _versions(database_url) == [(_newest(),)]


async def test_three_processes_that_start_at_once_all_succeed(database_url: str) -> None:
    code = (
        "import asyncio, sys; from stillroom.storage.migrations import migrate;"
        " asyncio.run(migrate(sys.argv[1]))"
    )
    started = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", code, database_url) for _ in range(3)
    ]
    assert [await process.wait() for process in started] == [0, 0, 0]
    assert await _versions(database_url) == [(_newest(),)]


def _newest() -> str:
    folder = Path(migrations.__file__).parent / "versions"
    return max(path.name for path in folder.glob("r*.py"))[1:5]


async def _versions(database_url: str) -> list[Any]:
    database = Database(database_url)
    async with database.begin(read_only=True) as connection:
        versions = (await connection.execute(sa.text("SELECT version_num FROM alembic_version"))).all()
    await database.close()
    return list(versions)


async def test_a_second_migration_keeps_the_rows(database_url: str, transactions: SqlTransactions) -> None:
    session = await moved_in(transactions)
    await migrate(database_url)
    async with transactions(read_only=True) as tx:
        assert await tx.sessions.get(session.id, ANNA) == session


async def test_the_tables_are_what_the_code_says(database: Database) -> None:
    def differences(connection: sa.Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    async with database.begin() as connection:
        assert await connection.run_sync(differences) == []
        partial = await connection.run_sync(_partial_indexes)
    assert partial == {"ix_jobs_lines", "ix_jobs_queued", "ix_jobs_running"}


def _partial_indexes(connection: sa.Connection) -> set[str | None]:
    indexes = sa.inspect(connection).get_indexes("jobs")
    return {
        index["name"]
        for index in indexes
        if any(option.endswith("_where") for option in index.get("dialect_options", {}))
    }
