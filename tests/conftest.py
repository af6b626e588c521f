"""Fixtures every test can ask for: a clean environment, photos, a studio, and real servers on demand."""

import asyncio
import gc
import itertools
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import structlog
from hypothesis import settings

from stillroom.storage.migrations import migrate
from tests.servers.postgresql import PostgresServer
from tests.servers.s3 import S3Server
from tests.servers.studio_process import StudioProcess
from tests.servers.valkey import valkey_server

SETTING_PREFIXES = ("STILLROOM_", "AI_", "GEMINI_", "OPENAI_", "SORA_", "ARK_", "DASHSCOPE_", "AWS_", "HF_")
ROOT = Path(__file__).parents[1]
WEIGHTS = ROOT / "data" / "weights"

# Where CI is set, Hypothesis' own profile for it is what these two start from: a fixed seed.
settings.register_profile("long", deadline=None, max_examples=200)
settings.register_profile("short", deadline=None, max_examples=30)
settings.load_profile("short")

# Tracebacks as Python prints them: structlog's own, with all local variables in boxes, take seconds each.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)


def pytest_collection_finish() -> None:
    """Spare the garbage collector the modules and tests that last as long as the process."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, as the product does."""
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def clean_environment() -> Iterator[None]:
    """Settings and keys of the person who runs the tests must not change what the tests prove."""
    kept = {"STILLROOM_POSTGRES_BIN", "STILLROOM_CHROMIUM"}
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(SETTING_PREFIXES) and name not in kept:
                patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def weights_folder() -> Path:
    """The weights that `make` fetched; tests that need a network share them instead of fetching again."""
    assert WEIGHTS.is_dir(), "No weights yet: run .venv/bin/stillroom models fetch"
    return WEIGHTS


@pytest.fixture(scope="session", autouse=True)
def cutouts_of_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Studios that tests start hand their cut-outs on, also to those of the processes beside this one."""
    folder = tmp_path_factory.getbasetemp()
    StudioProcess.cutouts_of_run = (
        folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    ) / "cutouts"


@pytest.fixture(scope="session")
def golden() -> Path:
    """The folder of the golden photos."""
    return ROOT / "golden" / "images"


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory, weights_folder: Path) -> Iterator[StudioProcess]:
    """One running studio for the whole session, with the small network and no rate limit in the way.

    Tests that kill it, fill its queue or need other settings start one of their own.
    """
    folder = tmp_path_factory.mktemp("studio")
    with StudioProcess(folder, weights_folder, STILLROOM_USER_PER_MINUTE="10000") as running:
        yield running


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL for the whole session, started by the first test that needs it."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="module")
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A new, empty PostgreSQL database for the module: postgresql://postgres@127.0.0.1:PORT/NAME."""
    url = postgres_server.create_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with all tables, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "stillroom.sqlite3"
    asyncio.run(migrate(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """One S3 store for the whole session, started by the first test that needs it."""
    with S3Server() as server:
        yield server


@pytest.fixture(scope="session")
def bucket_names() -> Iterator[str]:
    """Names that no other test of the session has used."""
    return (f"bucket-{number}" for number in itertools.count(1))


@pytest.fixture(scope="module")
def s3_url(s3_server: S3Server, bucket_names: Iterator[str]) -> Iterator[str]:
    """A new, empty place for the module: s3://BUCKET/PREFIX, with the AWS variables that lead to it set."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in s3_server.environment.items():
            patch.setenv(name, value)
        bucket = next(bucket_names)
        s3_server.create_bucket(bucket)
        yield f"s3://{bucket}/test"


@pytest.fixture(scope="session")
def valkey_server_url() -> Iterator[str]:
    """One Valkey for the whole session, started by the first test that needs it."""
    with valkey_server() as url:
        yield url


@pytest.fixture(scope="module")
def valkey_url(valkey_server_url: str) -> str:
    """An empty Valkey for the module: redis://127.0.0.1:PORT/0."""
    address = urlsplit(valkey_server_url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=5) as connection:
        connection.sendall(b"FLUSHALL\r\n")
        assert connection.recv(16) == b"+OK\r\n"
    return f"{valkey_server_url}/0"
