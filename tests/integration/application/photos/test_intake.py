"""Photo intake: each photo is stored once per owner, and own backdrops are limited."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import anyio
import pytest

from stillroom.application.photos.backdrops import Backdrops, own_backdrop
from stillroom.application.photos.intake import MAX_BACKDROP_RATIO, MAX_BACKDROPS, Intake, Read
from stillroom.domain.assets import Asset
from stillroom.domain.errors import InputUnsupported, LimitReached, NotFound
from stillroom.domain.ids import IdFactory, OwnerId
from stillroom.domain.plans.plan import Plan, changed
from stillroom.imaging.io.decoding import Limits, Sanitised, sanitise
from stillroom.storage.unit_of_work import SqlTransactions
from tests import pictures
from tests.integration.application.conftest import HandMovedClock, WatchedBlobs
from tests.integration.storage.rows import ANNA, BORIS, NOW, an_asset, an_owner

pytestmark = pytest.mark.anyio

PHOTO = pictures.jpeg(pictures.scene())


async def here(read: Read, *, declared_type: str | None, file_name: str, **_: OwnerId) -> Sanitised:
    """Sanitise in a thread instead of a child process; uploads overlap all the same."""
    limits = Limits(20_000_000, 100, 1024)
    data = await read()
    return await anyio.to_thread.run_sync(
        lambda: sanitise(data, declared_type=declared_type, file_name=file_name, limits=limits)
    )


@pytest.fixture
async def intake(transactions: SqlTransactions, blobs: WatchedBlobs, clock: HandMovedClock) -> Intake:
    async with transactions() as tx:
        await tx.owners.add(an_owner(ANNA))
        await tx.owners.add(an_owner(BORIS, token_hash="5f" * 32))
    return Intake(transactions, blobs, here, IdFactory(), clock)


async def upload(
    intake: Intake, owner_id: OwnerId, data: bytes = PHOTO, *, is_backdrop: bool = False
) -> Asset:
    async def read() -> bytes:
        return data

    stored = await intake.upload(
        read, file_name="a.jpg", declared_type=None, owner_id=owner_id, is_backdrop=is_backdrop
    )
    return stored.asset


async def test_the_same_bytes_of_one_owner_are_stored_once(intake: Intake, blobs: WatchedBlobs) -> None:
    first, second = await upload(intake, ANNA), await upload(intake, ANNA)
    assert first == second
    assert await blobs.keys() == {first.blob_key, first.thumb_key}


async def test_the_same_bytes_of_two_owners_are_stored_twice(intake: Intake, blobs: WatchedBlobs) -> None:
    anna, boris = await upload(intake, ANNA), await upload(intake, BORIS)
    assert anna.id != boris.id
    assert await blobs.keys() == {anna.blob_key, anna.thumb_key, boris.blob_key, boris.thumb_key}


async def test_other_bytes_of_the_same_picture_are_another_photo(intake: Intake, blobs: WatchedBlobs) -> None:
    first, second = await upload(intake, ANNA), await upload(intake, ANNA, PHOTO + b"\0")
    assert first.id != second.id
    assert len(await blobs.keys()) == 4


async def test_concurrent_equal_uploads_are_stored_once_and_all_succeed(
    intake: Intake, blobs: WatchedBlobs
) -> None:
    stored_assets: list[Asset] = []

    async def upload_once_more(owner_id: OwnerId) -> None:
        stored_assets.append(await upload(intake, owner_id))

    async with anyio.create_task_group() as uploads:
        for _ in range(6):
            uploads.start_soon(upload_once_more, ANNA)
            uploads.start_soon(upload_once_more, BORIS)
    assert len(stored_assets) == 12
    stored = {asset.id: asset for asset in stored_assets}
    assert len(stored) == 2
    kept = {key for asset in stored.values() for key in (asset.blob_key, asset.thumb_key)}
    assert await blobs.keys() == kept
    for asset in stored.values():
        assert len(await blobs.get(asset.blob_key)) == asset.bytes


def on(image_id: str | None) -> Plan:
    return changed(Plan(), "backdrop", kind="picture", image_id=image_id)


async def test_custom_backdrop_is_visible_only_to_its_owner(
    intake: Intake, transactions: SqlTransactions, blobs: WatchedBlobs
) -> None:
    library = Backdrops(transactions, blobs)
    await upload(intake, BORIS)
    mine = await upload(intake, ANNA, is_backdrop=True)
    assert (await library.list(ANNA, None, 24)).items == (mine,)
    assert (await library.list(BORIS, None, 24)).items == ()
    async with transactions() as tx:
        assert await own_backdrop(tx, on(mine.id), ANNA) == mine
        assert await own_backdrop(tx, Plan(), ANNA) is None
        for plan, owner in ((on(mine.id), BORIS), (on("ast_nowhere"), ANNA)):
            with pytest.raises(NotFound):
                await own_backdrop(tx, plan, owner)
    with pytest.raises(NotFound):
        await library.remove(mine.id, BORIS)


async def test_concurrent_uploads_respect_the_limit_of_backdrops(
    intake: Intake, transactions: SqlTransactions, blobs: WatchedBlobs
) -> None:
    async with transactions() as tx:
        for number in range(MAX_BACKDROPS - 1):
            await tx.assets.add(replace(an_asset(ANNA, f"{number:064}"), backdrop_at=NOW))
    all_are_decoded = anyio.Event()

    async def decode(read: Read, **given: Any) -> Sanitised:
        clean = await here(read, **given)
        decoded.append(clean.sha256)
        if len(decoded) == 3:
            all_are_decoded.set()
        await all_are_decoded.wait()
        return clean

    decoded: list[str] = []
    results: list[str] = []

    async def upload_backdrop(data: bytes) -> None:
        try:
            results.append((await upload(together, ANNA, data, is_backdrop=True)).sha256)
        except LimitReached as error:
            results.append(f"limit {error.params['limit']}")

    together = replace(intake, _sanitise=decode)
    async with anyio.create_task_group() as uploads:
        for number in range(3):
            uploads.start_soon(upload_backdrop, PHOTO + bytes(number))
    assert sorted(results)[1:] == 2 * [f"limit {MAX_BACKDROPS}"]
    assert len(await blobs.keys()) == 2, "refused uploads leave no files"


@pytest.mark.parametrize(("width", "height"), [(256 * 11, 256), (256, 256 * 11)])
async def test_a_backdrop_is_refused_if_it_is_too_long_to_be_recognised(
    intake: Intake, blobs: WatchedBlobs, width: int, height: int
) -> None:
    strip = pictures.jpeg(pictures.scene(width, height))
    with pytest.raises(InputUnsupported) as refused:
        await upload(intake, ANNA, strip, is_backdrop=True)
    assert (
        refused.value.params.items() >= {"what": "side", "ratio": MAX_BACKDROP_RATIO, "found": 11.0}.items()
    )
    assert await blobs.keys() == set()
    assert (await upload(intake, ANNA, strip)).backdrop_at is None, "as a photo it is kept"


async def test_a_backdrop_does_not_expire_and_is_deleted_with_its_files(
    intake: Intake, transactions: SqlTransactions, blobs: WatchedBlobs, clock: HandMovedClock
) -> None:
    library = Backdrops(transactions, blobs)
    mine = await upload(intake, ANNA, is_backdrop=True)
    # Uploaded once more as a photo, it stays a backdrop.
    assert (await upload(intake, ANNA)).backdrop_at == mine.backdrop_at
    async with transactions() as tx:
        assert await tx.assets.delete_unused(clock() + timedelta(days=900), 10) == ()
    await library.remove(mine.id, ANNA)
    assert await blobs.keys() == set()
    with pytest.raises(NotFound):
        await library.remove(mine.id, ANNA)
