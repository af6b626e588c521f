"""The servers that the other integration tests use are real, empty and separate."""

import socket
from urllib.parse import urlsplit

import asyncpg
import obstore
import pytest
from obstore.store import S3Store

from tests.servers.postgresql import PostgresServer

pytestmark = pytest.mark.anyio


async def test_postgresql_answers_and_its_database_is_empty(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    try:
        assert await connection.fetchval("SHOW server_version_num") >= "170000"
        assert await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    finally:
        await connection.close()


async def test_a_database_made_from_a_template_starts_as_its_copy(postgres_server: PostgresServer) -> None:
    template = postgres_server.create_database()
    connection = await asyncpg.connect(template)
    await connection.execute("CREATE TABLE shelf (jar text)")
    await connection.close()
    copy = postgres_server.create_database(template=template.rpartition("/")[2])
    connection = await asyncpg.connect(copy)
    try:
        assert await connection.fetchval("SELECT to_regclass('shelf')::text") == "shelf"
    finally:
        await connection.close()
        postgres_server.drop_database(copy)
        postgres_server.drop_database(template)


async def test_s3_store_returns_the_stored_bytes(s3_url: str) -> None:
    place = urlsplit(s3_url)
    store = S3Store(place.netloc, prefix=place.path.strip("/"), client_options={"allow_http": True})
    assert [meta async for batch in obstore.list(store) for meta in batch] == []
    await obstore.put_async(store, "jar", b"plum")
    assert bytes(await (await obstore.get_async(store, "jar")).bytes_async()) == b"plum"


async def test_the_s3_store_refuses_a_wrong_secret(s3_url: str) -> None:
    store = S3Store(urlsplit(s3_url).netloc, secret_access_key="wrong", client_options={"allow_http": True})
    with pytest.raises(obstore.exceptions.PermissionDeniedError):
        await obstore.put_async(store, "jar", b"plum")


def test_valkey_answers_and_is_empty(valkey_url: str) -> None:
    address = urlsplit(valkey_url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=5) as connection:
        connection.sendall(b"DBSIZE\r\n")
        assert connection.recv(16) == b":0\r\n"
        connection.sendall(b"SET jar plum\r\nGET jar\r\n")
        assert b"plum" in connection.recv(64)


def test_each_test_gets_a_database_of_its_own(database_url: str) -> None:
    assert urlsplit(database_url).scheme in {"sqlite", "postgresql"}


def test_each_test_gets_a_blob_store_of_its_own(storage_url: str) -> None:
    assert urlsplit(storage_url).scheme in {"file", "s3"}
