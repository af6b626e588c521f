"""Transactions: what is kept, what is not, and what a failure looks like."""

import asyncio
import socket
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import anyio
import pytest
import sqlalchemy as sa

from stillroom.domain.errors import Conflict, StorageUnavailable
from stillroom.storage.database import Database
from stillroom.storage.migrations import migrate
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.storage.rows import ANNA, NOW, a_session, an_asset, an_owner, stored_session
from tests.servers.ports import free_ports

pytestmark = pytest.mark.anyio


async def test_timestamp_is_returned_with_time_zone_and_microseconds(transactions: SqlTransactions) -> None:
    beijing = NOW.astimezone(timezone(timedelta(hours=8)))
    async with transactions() as tx:
        await tx.owners.add(an_owner(ANNA, token_hash="a"))
        await tx.assets.add(an_asset(ANNA))
    async with transactions(read_only=True) as tx:
        (owner,) = await tx.owners.all()
    assert owner.created_at == NOW == beijing
    assert owner.created_at.utcoffset() == timedelta(0)


async def test_timestamp_without_a_time_zone_is_refused(transactions: SqlTransactions) -> None:
    naive = datetime(2026, 3, 14, 15, 9)  # noqa: DTZ001
    with pytest.raises(sa.exc.StatementError, match="must be aware"):
        async with transactions() as tx:
            await tx.exports.delete_expired(naive, 1)


async def test_exception_rolls_back_the_transaction(transactions: SqlTransactions) -> None:
    async def broken() -> None:
        async with transactions() as tx:
            await tx.owners.add(an_owner(ANNA))
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        await broken()
    async with transactions(read_only=True) as tx:
        assert await tx.owners.all() == ()


async def test_cancelled_task_rolls_back_and_releases_its_locks(
    transactions: SqlTransactions,
) -> None:
    inside = asyncio.Event()

    async def halfway() -> None:
        async with transactions() as tx:
            await tx.owners.add(an_owner(ANNA))
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(halfway())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(5), transactions() as tx:
        assert await tx.owners.all() == ()
        await tx.owners.add(an_owner(ANNA))


@pytest.mark.parametrize("read_only", [True, False])
async def test_a_canceled_scope_leaves_every_connection_usable(
    transactions: SqlTransactions, read_only: bool
) -> None:
    # More often than there are connections in the pool.
    for _ in range(25):
        with anyio.move_on_after(0.005):
            while True:
                async with transactions(read_only=read_only) as tx:
                    await tx.owners.all()
    async with asyncio.timeout(5), transactions() as tx:
        await tx.owners.add(an_owner(ANNA))


async def test_read_only_transaction_sees_one_snapshot(
    transactions: SqlTransactions, neighbour: Database
) -> None:
    async with transactions(read_only=True) as tx:
        before = await tx.owners.all()
        async with SqlTransactions(neighbour)() as other:
            await other.owners.add(an_owner(ANNA))
        assert await tx.owners.all() == before == ()
    async with transactions(read_only=True) as tx:
        assert len(await tx.owners.all()) == 1


async def test_many_transactions_at_once_all_commit(
    transactions: SqlTransactions, neighbour: Database
) -> None:
    session = await stored_session(transactions)
    places = [transactions, SqlTransactions(neighbour)]

    async def one(number: int) -> None:
        async with places[number % 2]() as tx:
            asset = await tx.assets.add(an_asset(ANNA, sha256=f"{number:064x}"))
            await tx.sessions.add(a_session(asset))

    await asyncio.gather(*(one(number) for number in range(40)))
    async with transactions(read_only=True) as tx:
        assert len((await tx.sessions.list(session.owner_id, None, 100)).items) == 41


async def test_foreign_key_violation_is_a_conflict(transactions: SqlTransactions) -> None:
    with pytest.raises(Conflict):
        async with transactions() as tx:
            await tx.assets.add(an_asset(ANNA))


async def test_unreachable_server_is_storage_unavailable() -> None:
    (port,) = free_ports(1)
    database = Database(f"postgresql://nobody@127.0.0.1:{port}/nothing")
    with pytest.raises(StorageUnavailable):
        async with database.begin(read_only=True):
            pass
    await database.close()


async def test_lost_connection_is_storage_unavailable_and_the_next_call_works(
    postgres_url: str,
) -> None:
    database = Database(postgres_url)
    try:
        with pytest.raises(StorageUnavailable):
            async with database.begin() as connection:
                await connection.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))
        async with database.begin() as connection:
            assert await connection.scalar(sa.text("SELECT 1")) == 1
    finally:
        await database.close()


async def test_connections_that_died_while_idle_fail_no_call(postgres_url: str) -> None:
    database = Database(postgres_url)
    assassin = Database(postgres_url)
    try:
        async with database.begin() as connection:
            mine = await connection.scalar(sa.text("SELECT pg_backend_pid()"))
        async with assassin.begin() as connection:
            # With a time to wait, it comes back when the other one is gone.
            gone = sa.text("SELECT pg_terminate_backend(:pid, 10000)")
            assert await connection.scalar(gone, {"pid": mine})
        async with database.begin() as connection:
            assert await connection.scalar(sa.text("SELECT pg_backend_pid()")) != mine
    finally:
        await database.close()
        await assassin.close()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems lack the option")
async def test_connection_is_closed_soon_after_the_network_drops_its_packets(postgres_url: str) -> None:
    database = Database(postgres_url)
    try:
        async with database.begin() as connection:
            raw: Any = (await connection.get_raw_connection()).driver_connection
            # Asked of the system, because dropping packets needs root.
            connected = raw._transport.get_extra_info("socket")
            assert connected.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            assert 0 < connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) <= 10_000
    finally:
        await database.close()


async def test_a_server_that_became_a_standby_is_storage_unavailable_and_left(postgres_url: str) -> None:
    database = Database(postgres_url)
    write = sa.text("CREATE TABLE kept ()")
    try:
        async with database.begin() as connection:
            # For all later transactions of this connection, as at a server that was demoted under it.
            await connection.execute(sa.text("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"))
        with pytest.raises(StorageUnavailable):
            async with database.begin() as connection:
                await connection.execute(write)
        async with database.begin() as connection:
            await connection.execute(write)
    finally:
        await database.close()


async def test_lock_timeout_is_storage_unavailable(postgres_url: str) -> None:
    database = Database(postgres_url)
    lock = sa.text("SELECT pg_advisory_xact_lock(1)")

    async def wait_for_it() -> None:
        async with database.begin() as waiter:
            await waiter.execute(sa.text("SET LOCAL lock_timeout = '50ms'"))
            await waiter.execute(lock)

    try:
        async with database.begin() as holder:
            await holder.execute(lock)
            with pytest.raises(StorageUnavailable):
                await wait_for_it()
    finally:
        await database.close()


async def test_a_full_disk_is_storage_unavailable_and_loses_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'stillroom.sqlite3'}"
    await migrate(url)
    database = Database(url)

    async def overfill() -> None:
        async with database.begin() as connection:
            pages = await connection.scalar(sa.text("PRAGMA page_count"))
            await connection.execute(sa.text(f"PRAGMA max_page_count = {pages + 5}"))
            await connection.execute(sa.text("INSERT INTO heap VALUES (zeroblob(1000000))"))

    try:
        async with database.begin() as connection:
            await connection.execute(sa.text("CREATE TABLE heap (bytes BLOB)"))
            await connection.execute(sa.text("INSERT INTO heap VALUES (zeroblob(1000))"))
        with pytest.raises(StorageUnavailable):
            await overfill()
        async with database.begin(read_only=True) as connection:
            assert await connection.scalar(sa.text("SELECT count(*) FROM heap")) == 1
    finally:
        await database.close()


async def test_path_that_is_no_folder_is_storage_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageUnavailable):
        Database(str(tmp_path / "file" / "stillroom.sqlite3"))


@pytest.mark.parametrize("url", ["mysql://host/db", "oracle://host/db"])
async def test_unknown_kind_of_database_is_refused_with_a_message(url: str) -> None:
    with pytest.raises(ValueError, match="sqlite:/// or postgresql://"):
        Database(url)
