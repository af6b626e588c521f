"""Contract of every blob store: a folder and an S3 store."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stillroom.domain.errors import NotFound, StorageUnavailable
from stillroom.storage.blobs import BlobStore
from tests.servers.ports import free_ports

pytestmark = pytest.mark.anyio

PNG = "image/png"


@pytest.fixture(params=["disk", "s3"])
def storage_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place that nothing has been put into."""
    if request.param == "disk":
        return (tmp_path / "new folder" / "图片").as_uri()
    return f"{request.getfixturevalue('s3_url')}/{tmp_path.name}"


@pytest.fixture
def blobs(storage_url: str) -> BlobStore:
    """An empty store."""
    return BlobStore(storage_url)


async def test_stored_bytes_are_returned_unchanged(blobs: BlobStore) -> None:
    everything = bytes(range(256)) * 40
    await blobs.put("assets/ast_1.png", everything, PNG)
    await blobs.put("assets/empty.png", b"", PNG)
    assert await blobs.get("assets/ast_1.png") == everything
    assert await blobs.get("assets/empty.png") == b""


async def test_second_put_of_a_key_keeps_the_first_bytes(blobs: BlobStore) -> None:
    await blobs.put("variants/var_1.png", b"first", PNG)
    await blobs.put("variants/var_1.png", b"second", PNG)
    assert await blobs.get("variants/var_1.png") == b"first"


async def test_concurrent_puts_of_one_key_keep_one_complete_blob(blobs: BlobStore) -> None:
    offers = [bytes([number]) * 50_000 for number in range(8)]
    await asyncio.gather(*(blobs.put("variants/var_2.png", offer, PNG) for offer in offers))
    assert await blobs.get("variants/var_2.png") in offers


async def test_large_blob_is_streamed_in_chunks(blobs: BlobStore) -> None:
    data = bytes(range(256)) * 8_000
    await blobs.put("variants/var_3.png", data, PNG)
    opened = await blobs.open("variants/var_3.png")
    pieces = [piece async for piece in opened.pieces]
    assert b"".join(pieces) == data
    assert opened.size == len(data)
    assert len(pieces) > 1


async def test_empty_blob_is_streamed_without_chunks(blobs: BlobStore) -> None:
    await blobs.put("variants/var_4.png", b"", PNG)
    opened = await blobs.open("variants/var_4.png")
    assert (opened.size, b"".join([piece async for piece in opened.pieces])) == (0, b"")


async def test_missing_key_is_not_found(blobs: BlobStore) -> None:
    with pytest.raises(NotFound):
        await blobs.get("variants/none.png")
    with pytest.raises(NotFound):
        await blobs.open("variants/none.png")


async def test_delete_removes_only_the_given_keys(blobs: BlobStore) -> None:
    for name in ("a", "b", "c"):
        await blobs.put(f"exports/{name}.jpg", name.encode(), "image/jpeg")
    await blobs.delete(["exports/a.jpg", "exports/never-there.jpg", "exports/c.jpg"])
    await blobs.delete([])
    assert await blobs.get("exports/b.jpg") == b"b"
    for name in ("a", "c"):
        with pytest.raises(NotFound):
            await blobs.get(f"exports/{name}.jpg")


async def test_list_returns_every_blob_with_its_age(blobs: BlobStore) -> None:
    assert [piece async for piece in blobs.list() if piece] == []
    keys = {f"exports/list/{number}.jpg" for number in range(12)} | {"assets/ast_9.png"}
    before = datetime.now(UTC)
    for key in keys:
        await blobs.put(key, b"x", "image/jpeg")
    listed = [blob async for piece in blobs.list() for blob in piece]
    assert {blob.key for blob in listed} == keys
    assert all(abs(blob.stored_at - before) < timedelta(minutes=1) for blob in listed)


async def test_list_can_be_limited_to_a_prefix(blobs: BlobStore) -> None:
    assert [blob async for some in blobs.list("exports") for blob in some] == []
    for key in ("exports/a.jpg", "exports2/b.jpg", "assets/c.png"):
        await blobs.put(key, b"bytes", PNG)
    assert [blob.key async for some in blobs.list("exports") for blob in some] == ["exports/a.jpg"]


async def test_stored_blob_is_visible_to_another_process(blobs: BlobStore, storage_url: str) -> None:
    await blobs.put("assets/ast_2.png", b"bytes", PNG)
    assert await BlobStore(storage_url).get("assets/ast_2.png") == b"bytes"


async def test_check_of_a_working_store_passes_and_leaves_no_blob(blobs: BlobStore) -> None:
    await blobs.check()
    await blobs.check()


@pytest.mark.parametrize("key", ["../outside.png", "a//b.png", "a/./b.png", "a/\0b.png"])
async def test_key_cannot_escape_the_store(blobs: BlobStore, key: str) -> None:
    with pytest.raises(ValueError, match="path"):
        await blobs.put(key, b"x", PNG)


async def test_plain_path_is_a_folder_store_that_ignores_partial_files(tmp_path: Path) -> None:
    blobs = BlobStore(str(tmp_path / "blobs"))
    await blobs.put("assets/ast_3.png", b"whole", PNG)
    (tmp_path / "blobs/assets/ast_4.png#1").write_bytes(b"hal")
    assert (tmp_path / "blobs/assets/ast_3.png").read_bytes() == b"whole"
    with pytest.raises(NotFound):
        await blobs.get("assets/ast_4.png")
    await blobs.put("assets/ast_4.png", b"whole", PNG)
    assert await blobs.get("assets/ast_4.png") == b"whole"


async def test_s3_object_has_a_content_type(s3_url: str) -> None:
    from obstore.store import S3Store

    await BlobStore(f"{s3_url}/typed").put("variants/var_1.png", b"png", PNG)
    bucket, _, prefix = s3_url.removeprefix("s3://").partition("/")
    raw = S3Store(bucket, prefix=f"{prefix}/typed", client_options={"allow_http": True})
    assert (await raw.get_async("variants/var_1.png")).attributes["Content-Type"] == PNG


def a_file_in_the_way(folder: Path) -> str:
    (folder / "blobs").mkdir()
    (folder / "blobs/assets").write_text("in the way")
    return str(folder / "blobs")


def a_server_that_is_not_there(_: Path) -> str:
    return "s3://bucket/prefix"


@pytest.mark.parametrize("broken", [a_file_in_the_way, a_server_that_is_not_there])
async def test_write_error_of_the_store_is_storage_unavailable(
    broken: Callable[[Path], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (port,) = free_ports(1)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    blobs = BlobStore(broken(tmp_path))
    async with asyncio.timeout(20):
        with pytest.raises(StorageUnavailable):
            await blobs.put("assets/ast_5.png", b"bytes", PNG)


async def test_a_folder_that_cannot_be_made_is_storage_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageUnavailable):
        BlobStore(str(tmp_path / "file" / "blobs"))


@pytest.mark.parametrize("url", ["gs://bucket/prefix", "s3:///prefix", "http://host/bucket"])
async def test_unknown_kind_of_store_is_refused_with_a_message(url: str) -> None:
    with pytest.raises(ValueError, match="s3://bucket/prefix"):
        BlobStore(url)
