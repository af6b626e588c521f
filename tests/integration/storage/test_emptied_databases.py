"""PostgreSQL tests share a database one after the other; nothing of one reaches the next."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import asyncpg
import pytest
from anyio.to_thread import run_sync

from tests.integration.conftest import MigratedDatabases
from tests.servers.postgresql import PostgresServer

pytestmark = pytest.mark.anyio

Connect = Callable[[str], Awaitable[asyncpg.Connection]]
ADD_OWNER = "INSERT INTO owners (id, name, created_at) VALUES ($1, $1, now())"
LOCK = "SELECT pg_try_advisory_lock(42)"


@pytest.fixture
def databases(postgres_server: PostgresServer) -> MigratedDatabases:
    """Apart from those that other tests share."""
    return MigratedDatabases(postgres_server)


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Opens connections, as tests do that leave them open."""
    async with AsyncExitStack() as left_open:

        async def opened(url: str) -> asyncpg.Connection:
            connection = await asyncpg.connect(url)
            left_open.callback(connection.terminate)
            return connection

        yield opened


async def test_rows_locks_and_open_transactions_of_one_test_do_not_reach_the_next(
    databases: MigratedDatabases, connect: Connect
) -> None:
    url = await run_sync(databases.empty)
    earlier, writing = await connect(url), await connect(url)
    await earlier.execute(ADD_OWNER, "own_kept")
    assert await earlier.fetchval(LOCK)
    await writing.execute("BEGIN")
    await writing.execute(ADD_OWNER, "own_open")

    assert await run_sync(databases.empty) == url
    later = await connect(url)
    assert await later.fetchval("SELECT count(*) FROM owners") == 0
    assert await later.fetchval(LOCK)
    # It would wait for the end of the open transaction.
    await later.execute(ADD_OWNER, "own_open", timeout=5)
    for gone in (earlier, writing):
        with pytest.raises(
            (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.AdminShutdownError)
        ):
            await gone.fetchval("SELECT 1")


async def test_a_sequence_that_a_test_made_does_not_reach_the_next(
    databases: MigratedDatabases, connect: Connect
) -> None:
    url = await run_sync(databases.empty)
    await (await connect(url)).execute("CREATE SEQUENCE numbers; SELECT nextval('numbers')")
    later = await connect(await run_sync(databases.empty))
    assert await later.fetchval("SELECT count(*) FROM pg_class WHERE relkind = 'S'") == 0
    assert await later.fetchval("SELECT count(*) FROM alembic_version") == 1
