"""Exports from the variant to the sweep."""

import asyncio
import csv
import io
import zipfile
from dataclasses import replace

import pytest

from stillroom.application.exports.options import NO_OPTIONS
from stillroom.application.exports.ordering import MAX_FILES
from stillroom.application.exports.requests import AT_ONCE
from stillroom.application.limits.limits import Limits
from stillroom.application.readers.descriptions import Descriptions
from stillroom.domain.descriptions import AltText, Description, Title
from stillroom.domain.errors import (
    IdempotencyMismatch,
    NotFound,
    StorageUnavailable,
    ValidationFailed,
)
from stillroom.domain.ids import ExportId
from stillroom.domain.sessions import Session
from stillroom.storage.catalog import FileCatalogue
from stillroom.storage.unit_of_work import SqlTransactions
from tests import pictures
from tests.integration.application.conftest import HandMovedClock, WatchedBlobs
from tests.integration.application.export_services import ExportServices
from tests.integration.storage.rows import ANNA, BORIS

pytestmark = pytest.mark.anyio


@pytest.fixture
def services(transactions: SqlTransactions, blobs: WatchedBlobs, clock: HandMovedClock) -> ExportServices:
    return ExportServices(transactions, blobs, clock)


async def test_an_export_lives_for_exactly_a_day(services: ExportServices) -> None:
    variants = await services.variants(1)
    [export] = (await services.exports.make(variants, ["jd-main"], ANNA)).exports
    services.clock.move(hours=24, microseconds=-1)
    await services.housekeeping.sweep()
    assert (await services.exports.file(export.id, ANNA)).name == export.name
    assert export.blob_key in await services.blobs.keys()
    services.clock.move(microseconds=1)
    with pytest.raises(NotFound):
        await services.exports.file(export.id, ANNA)
    with pytest.raises(NotFound):
        await services.exports.archive([export.id], ANNA)
    assert (await services.exports.list(ANNA, None, None, 10)).items == ()
    assert export.blob_key in await services.blobs.keys(), "only the sweep deletes files"
    assert (await services.housekeeping.sweep()).exports == 1
    assert export.blob_key not in await services.blobs.keys()
    async with services.transactions() as tx:
        assert await tx.exports.delete_expired(services.clock.now, 10) == ()
    assert (await services.housekeeping.sweep()).exports == 0


async def test_white_files_of_glass_are_made_from_its_picture_on_white(services: ExportServices) -> None:
    glass, _ = pictures.product()
    glass[300:500, 350:450] = (255, 0, 0)
    variants = await services.variants(1, on_white=glass)
    made = (await services.exports.make(variants, ["taobao-white", "web-1500"], ANNA)).exports
    shown = {one.preset: pictures.decoded((await services.exports.file(one.id, ANNA)).data) for one in made}
    previews = [
        pictures.decoded(await services.exports.preview(variants[0], preset, ANNA, NO_OPTIONS))
        for preset in ("taobao-white", "web-1500")
    ]
    for white, other in ((shown["taobao-white"], shown["web-1500"]), previews):
        middles = [one[one.shape[0] // 2, one.shape[1] // 2] for one in (white, other)]
        assert [int(middle[0]) > 200 for middle in middles] == [True, False]


@pytest.mark.parametrize("is_preview", [True, False])
async def test_requests_that_wait_for_their_turn_hold_no_masters(
    services: ExportServices, storage_url: str, is_preview: bool
) -> None:
    [variant] = await services.variants(1)
    held = most = 0

    class CountedBlobs(WatchedBlobs):
        async def get(self, key: str) -> bytes:
            nonlocal held, most
            if not key.endswith(".matte.png"):
                held += 1
                most = max(most, held)
            return await super().get(key)

    exports = replace(services.exports, _blobs=CountedBlobs(storage_url), limits=Limits())

    async def ask() -> None:
        nonlocal held
        if is_preview:
            await exports.preview(variant, "jd-main", ANNA, NO_OPTIONS)
        else:
            await exports.make([variant], ["jd-main"], ANNA, dry_run=True)
        held -= 1

    await asyncio.gather(*(ask() for _ in range(3 * AT_ONCE)))
    assert most == AT_ONCE


async def test_the_sweep_leaves_masters_and_younger_exports_alone(services: ExportServices) -> None:
    variants = await services.variants(1)
    masters = await services.blobs.keys()
    await services.exports.make(variants, ["jd-main"], ANNA)
    services.clock.move(hours=12)
    [younger] = (await services.exports.make(variants, ["jd-main"], ANNA)).exports
    services.clock.move(hours=12)
    assert (await services.housekeeping.sweep()).exports == 1
    assert await services.blobs.keys() == masters | {younger.blob_key}


async def test_same_variant_gives_the_same_bytes_without_reading_an_earlier_export(
    services: ExportServices,
) -> None:
    variants = await services.variants(1)
    presets = ["taobao-white", "web-1080", "png-transparent", "web-avif"]
    first = (await services.exports.make(variants, presets, ANNA)).exports
    services.clock.move(hours=1)
    services.blobs.read.clear()
    second = (await services.exports.make(variants, presets, ANNA)).exports
    assert {key.partition("/")[0] for key in services.blobs.read} == {"variants"}
    assert len(first) == len(second) == 5
    for one, other in zip(first, second, strict=True):
        assert one.id != other.id
        assert await services.blobs.get(one.blob_key) == await services.blobs.get(other.blob_key)


async def test_idempotency_key_with_expired_files_makes_them_again(services: ExportServices) -> None:
    variants = await services.variants(1)
    first = await services.exports.make(variants, ["jd-main"], ANNA, key="again")
    replay = await services.exports.make(variants, ["jd-main"], ANNA, key="again")
    assert (replay.replayed, replay.exports) == (True, first.exports)
    services.clock.move(hours=24)
    anew = await services.exports.make(variants, ["jd-main"], ANNA, key="again")
    assert not anew.replayed
    assert (await services.exports.file(anew.exports[0].id, ANNA)).data
    assert (await services.exports.make(variants, ["jd-main"], ANNA, key="again")).exports == anew.exports


async def test_equal_requests_at_two_processes_store_one_set_of_exports(services: ExportServices) -> None:
    variants = await services.variants(1)
    processes = [services.exports, services.exports_with(None)]
    made = await asyncio.gather(
        *(one.make(variants, ["jd-main"], ANNA, key="press") for one in processes for _ in range(3))
    )
    [ids] = {tuple(export.id for export in one.exports) for one in made}
    assert sorted(one.replayed for one in made) == [False] + 5 * [True]
    stored = (await services.exports.list(ANNA, None, None, 10)).items
    assert {export.id for export in stored} == set(ids)
    files = {key for key in await services.blobs.keys() if key.startswith("exports/")}
    assert files == {export.blob_key for export in stored}


async def test_key_of_other_files_is_refused_before_any_is_made(services: ExportServices) -> None:
    variants = await services.variants(1)
    await services.exports.make(variants, ["jd-main"], ANNA, key="press")
    before = await services.blobs.keys()
    with pytest.raises(IdempotencyMismatch):
        await services.exports.make(variants, ["web-1080"], ANNA, key="press")
    assert await services.blobs.keys() == before


async def test_pictures_and_presets_that_are_named_twice_are_made_once(services: ExportServices) -> None:
    first, second = await services.variants(2)
    made = await services.exports.make([first, second, first], ["jd-main", "ebay-main", "jd-main"], ANNA)
    assert [(export.variant_id, export.preset) for export in made.exports] == [
        (first, "jd-main"),
        (first, "ebay-main"),
        (second, "jd-main"),
        (second, "ebay-main"),
    ]
    assert len((await services.exports.list(ANNA, None, None, 10)).items) == 4


async def test_request_for_too_many_files_is_refused_before_any_is_made(services: ExportServices) -> None:
    presets = FileCatalogue().exports().presets
    variants = await services.variants(1 + MAX_FILES // sum(len(preset.formats) for preset in presets))
    before = await services.blobs.keys()
    services.blobs.read.clear()
    with pytest.raises(ValidationFailed, match="fewer pictures or presets"):
        await services.exports.make(variants, [preset.id for preset in presets], ANNA)
    assert services.blobs.read == []
    assert await services.blobs.keys() == before


async def test_an_unknown_preset_is_named_by_the_field_of_its_request(services: ExportServices) -> None:
    [variant] = await services.variants(1)
    with pytest.raises(ValidationFailed) as of_files:
        await services.exports.make([variant], ["web-1080", "none"], ANNA)
    with pytest.raises(ValidationFailed) as of_preview:
        await services.exports.preview(variant, "none", ANNA, NO_OPTIONS)
    named = [refused.value.params["fields"][0]["field"] for refused in (of_files, of_preview)]
    assert named == ["presets.1", "preset"]


async def test_measuring_alone_stores_nothing(services: ExportServices) -> None:
    variants = await services.variants(1)
    before = await services.blobs.keys()
    made = await services.exports.make(variants, ["jd-main"], ANNA, dry_run=True)
    assert made.exports[0].checks
    assert await services.blobs.keys() == before
    assert (await services.exports.list(ANNA, None, None, 10)).items == ()


async def test_slot_names_are_used_for_single_files_and_in_the_archive(services: ExportServices) -> None:
    variants = await services.variants(3, title="B000-123456")
    exports = (await services.exports.make(variants, ["amazon-main", "jd-main"], ANNA)).exports
    names = [export.name for export in exports if export.preset == "amazon-main"]
    assert names == ["B000123456.MAIN.jpg", "B000123456.PT01.jpg", "B000123456.PT02.jpg"]
    assert [export.name for export in exports if export.preset == "jd-main"] == [
        "B000-123456_jd-main.jpg",
        "B000-123456_jd-main_2.jpg",
        "B000-123456_jd-main_3.jpg",
    ]
    alone = [(await services.exports.file(export.id, ANNA)).name for export in exports]
    assert alone == [export.name for export in exports]
    assert await _names_in_archive(services, [export.id for export in exports]) == alone


async def test_equal_file_names_are_numbered_in_the_archive(services: ExportServices) -> None:
    variants = await services.variants(1)
    first = (await services.exports.make(variants, ["jd-main"], ANNA)).exports
    second = (await services.exports.make(variants, ["jd-main"], ANNA)).exports
    names = await _names_in_archive(services, [first[0].id, second[0].id])
    assert names == ["马克杯_jd-main.jpg", "马克杯_jd-main_2.jpg"]


async def test_description_is_written_to_files_and_archive_manifest(
    services: ExportServices, transactions: SqlTransactions
) -> None:
    described, other = await services.variants(2)
    words = Description(
        title=Title(zh="白瓷马克杯", en="White mug"), alt_text=AltText(zh="木桌上的马克杯", en="=Mug on oak")
    )
    descriptions = Descriptions(transactions, services.blobs, None)
    await descriptions.save(described, ANNA, words)
    exports = (await services.exports.make([described, other], ["jd-main"], ANNA)).exports
    assert b">White mug</rdf:li>" in (await services.exports.file(exports[0].id, ANNA)).data
    assert b"dc:title" not in (await services.exports.file(exports[1].id, ANNA)).data
    archive = await _archive(services, [one.id for one in exports])
    assert archive.namelist() == ["马克杯_jd-main.jpg", "马克杯_jd-main_2.jpg", "manifest.csv"]
    table = archive.read("manifest.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert [row["file"] for row in rows] == archive.namelist()[:2]
    assert (rows[0]["listing_title_zh"], rows[0]["alt_text_zh"]) == ("白瓷马克杯", "木桌上的马克杯")
    assert rows[0]["alt_text_en"] == "'=Mug on oak"
    assert {rows[1][name] for name in ("listing_title_zh", "listing_title_en", "alt_text_en")} == {""}
    assert rows[0]["title"] == "马克杯"
    with pytest.raises(NotFound):
        await descriptions.save(described, BORIS, words)
    # Without words the archive is as before.
    await descriptions.save(described, ANNA, Description())
    assert "manifest.csv" not in await _names_in_archive(services, [one.id for one in exports])


async def _names_in_archive(services: ExportServices, ids: list[ExportId]) -> list[str]:
    return (await _archive(services, ids)).namelist()


async def _archive(services: ExportServices, ids: list[ExportId]) -> zipfile.ZipFile:
    data = b"".join([piece async for piece in await services.exports.archive(ids, ANNA)])
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    return archive


class FillingBlobs(WatchedBlobs):
    """A store that takes one more blob, and then nothing."""

    room: int | None = None

    async def put(self, key: str, data: bytes, media_type: str) -> None:
        if self.room is not None:
            self.room -= 1
            if self.room < 0:
                raise StorageUnavailable
        await super().put(key, data, media_type)


async def test_a_request_that_fails_half_way_leaves_no_files(
    transactions: SqlTransactions, storage_url: str, clock: HandMovedClock
) -> None:
    blobs = FillingBlobs(storage_url)
    services = ExportServices(transactions, blobs, clock)
    variants = await services.variants(1)
    before = await blobs.keys()
    blobs.room = 1
    with pytest.raises(StorageUnavailable):
        await services.exports.make(variants, ["jd-main", "web-1080"], ANNA)
    assert blobs.room < 0
    assert await blobs.keys() == before


class DeletingBlobs(WatchedBlobs):
    """A store in which a session is deleted after the first export is put."""

    session: Session | None = None
    transactions: SqlTransactions

    async def put(self, key: str, data: bytes, media_type: str) -> None:
        await super().put(key, data, media_type)
        if self.session is not None and key.startswith("exports/"):
            async with self.transactions() as tx:
                await tx.sessions.remove(self.session.id)
            self.session = None


async def test_pictures_that_are_deleted_while_they_are_exported_leave_no_files(
    transactions: SqlTransactions, storage_url: str, clock: HandMovedClock
) -> None:
    blobs = DeletingBlobs(storage_url)
    services = ExportServices(transactions, blobs, clock)
    [variant] = await services.variants(1)
    before = await blobs.keys()
    async with transactions(read_only=True) as tx:
        blobs.session = await tx.sessions.get((await tx.variants.get(variant, ANNA)).session_id, ANNA)
    blobs.transactions = transactions
    with pytest.raises(NotFound):
        await services.exports.make([variant], ["jd-main"], ANNA)
    assert await blobs.keys() == before
