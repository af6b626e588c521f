"""Runs each integration test on every database and every blob store that the product supports."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.postgresql import PostgresServer


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A new, empty database for each test, as STILLROOM_DATABASE_URL would name it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'stillroom.sqlite3'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create_database()
    yield url
    server.drop_database(url)


@pytest.fixture(params=["disk", "s3"])
def storage_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new, empty blob store for each test, as STILLROOM_STORAGE_URL would name it."""
    if request.param == "disk":
        return (tmp_path / "blobs").as_uri()
    return f"{request.getfixturevalue('s3_url')}/{tmp_path.name}"
