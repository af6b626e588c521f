"""Runs each integration test on every database and every blob store that the product supports."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from stillroom.storage.database import Database
from stillroom.storage.migrations import migrate
from stillroom.storage.unit_of_work import SqlTransactions
from tests.servers.file_server import FileServer
from tests.servers.postgresql import PostgresServer


@pytest.fixture(scope="module")
def file_server() -> Iterator[FileServer]:
    """Serves files on this machine, as the sources of weights do."""
    with FileServer() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Kind of the database that a test runs on."""
    return str(request.param)


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database with all tables and no rows for each test, as STILLROOM_DATABASE_URL would name it.

    To migrate takes longer than most tests: SQLite's is a copy, and PostgreSQL's is emptied between tests.
    """
    if database_kind == "sqlite":
        file = tmp_path / "stillroom.sqlite3"
        shutil.copyfile(request.getfixturevalue("migrated_file"), file)
        return f"sqlite:///{file}"
    databases: MigratedDatabases = request.getfixturevalue("migrated_databases")
    return databases.empty()


@pytest.fixture
def empty_database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A new database without any table."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create_database()
    yield url
    server.drop_database(url)


class MigratedDatabases:
    """A PostgreSQL database with all tables and no rows, made anew after a test that changed its tables."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._url = ""

    def empty(self) -> str:
        """URL of a database without rows and connections."""
        if not self._url or not self._server.empty_database(self._url):
            self._url = self._server.create_database()
            asyncio.run(migrate(self._url))
            self._server.empty_database(self._url)
        return self._url


@pytest.fixture(scope="session")
def migrated_databases(postgres_server: PostgresServer) -> MigratedDatabases:
    """Migrated PostgreSQL database that the tests of a process share one after the other."""
    return MigratedDatabases(postgres_server)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with all tables and no rows."""
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def transactions(database: Database) -> SqlTransactions:
    """Units of work on the database."""
    return SqlTransactions(database)


@pytest.fixture
def storage_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new, empty blob store for each test, as STILLROOM_STORAGE_URL would name it.

    A folder beside SQLite, S3 beside PostgreSQL: no code knows both, so two pairs of four are enough.
    """
    if database_kind == "sqlite":
        return (tmp_path / "blobs").as_uri()
    return f"{request.getfixturevalue('s3_url')}/{tmp_path.name}"
