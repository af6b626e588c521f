"""Files of batches: manifest, archive, and files that could not be made, on both databases."""

import asyncio
import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace

import anyio.lowlevel
import pytest

from stillroom.application.exports.ordering import ExportOrder, ExportOrders, FileWords
from stillroom.domain.batches.batches import BatchStatus, BatchView, ItemStatus
from stillroom.domain.batches.review import EXPORT_FAILED
from stillroom.domain.descriptions import Description, Title
from stillroom.domain.errors import (
    Conflict,
    ContentRefused,
    InputCorrupt,
)
from stillroom.domain.ids import OwnerId, VariantId
from stillroom.domain.variants import Variant
from stillroom.storage.catalog import FileCatalogue
from tests.integration.application.batch_services import BatchServices, counts, joined
from tests.integration.storage.rows import ANNA, an_export

pytestmark = pytest.mark.anyio


async def test_manifest_has_one_row_per_file_and_no_formulas(services: BatchServices) -> None:
    items = await services.photos(2)
    items[0] = replace(items[0], sku="=HYPERLINK(1)", title="马克杯")
    view = await services.create(items, presets=["web-1080"])
    await services.runner.step()
    good, bad = await services.claim_in_order()
    await services.do(good)
    await services.fail(bad, ContentRefused("Refused."))
    await services.work()
    data = await joined(await services.files.manifest(view.batch.id, ANNA))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert list(rows[0]) == [
        *("sku", "title", "photo", "file", "preset", "verdicts", "quality", "model", "cost", "error")
    ]
    assert [row["sku"] for row in rows] == ["'=HYPERLINK(1)", "'=HYPERLINK(1)", "SKU-2"]
    assert rows[0]["title"] == "马克杯"
    assert {row["file"].rpartition(".")[2] for row in rows[:2]} == {"jpg", "webp"}
    assert rows[0]["quality"] == "0.950"
    assert rows[2]["error"] == "E_AI_CONTENT_REFUSED: Refused."
    async with services.transactions() as tx:
        [item] = [
            one
            for one in await tx.batch_items.with_status(view.batch.id, tuple(ItemStatus), 9)
            if one.variant_id
        ]
        await tx.variants.describe(VariantId(item.variant_id or ""), Description(title=Title(en="Mug")))
    data = await joined(await services.files.manifest(view.batch.id, ANNA))
    described = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["listing_title_en"] for row in described] == ["Mug", "Mug", ""]


async def test_items_of_all_batches_start_before_files_are_measured(services: BatchServices) -> None:
    first = await services.create(await services.photos(1), presets=["web-1080"])
    await services.runner.step()
    for job in await services.claim():
        await services.do(job)
    second = await services.create(await services.photos(1))
    started: list[dict[str, int]] = []

    class ObservedOrders(ExportOrders):
        """Orders that note, while the files of the first batch are measured, what became of the second."""

        async def plan(
            self, variant: Variant, preset_ids: Sequence[str], owner_id: OwnerId, words: FileWords
        ) -> tuple[ExportOrder, ...]:
            started.append(counts(await services.batches.view(second.batch.id, ANNA)))
            return await super().plan(variant, preset_ids, owner_id, words)

    orders = ObservedOrders(services.blobs, FileCatalogue(), services.ids, services.clock, services.limits)
    await replace(services.runner, _orders=orders).step()
    assert started == [{"running": 1}]
    assert counts(await services.batches.view(first.batch.id, ANNA)) == {"succeeded": 1}


async def test_failed_file_is_reported_and_can_be_made_again(services: BatchServices) -> None:
    view = await services.create(await services.photos(2), presets=["web-1080"])
    await services.runner.step()
    for picture in await services.claim():
        await services.do(picture)
    await services.runner.step()
    bad, *others = await services.claim()
    await services.fail(bad, InputCorrupt())
    for file in others:
        await services.do(file)
    await services.work()
    done = await services.batches.view(view.batch.id, ANNA)
    assert (done.batch.status, counts(done)) == (BatchStatus.FINISHED, {"succeeded": 2})
    items = await services.all_items(view)
    assert sorted(item.warnings for item in items) == [(), (EXPORT_FAILED,)]
    pictures = [VariantId(item.variant_id or "") for item in items]
    async with services.transactions(read_only=True) as tx:
        before = {one.id for one in await tx.exports.of_batch(view.batch.id, pictures, services.clock())}

    again = await services.control.retry(view.batch.id, ANNA)
    assert again.batch.status is BatchStatus.RUNNING
    await services.work()
    done = await services.batches.view(view.batch.id, ANNA)
    assert (done.batch.status, counts(done)) == (BatchStatus.FINISHED, {"succeeded": 2})
    assert not any(item.warnings for item in await services.all_items(view))
    table = (await joined(await services.files.manifest(view.batch.id, ANNA))).decode("utf-8-sig")
    assert [bool(row["file"]) for row in csv.DictReader(io.StringIO(table))] == [True] * 4
    async with services.transactions(read_only=True) as tx:
        after = {one.id for one in await tx.exports.of_batch(view.batch.id, pictures, services.clock())}
    assert (len(before & after), len(after)) == (3, 4), "only the failed file is made again"
    with pytest.raises(Conflict):
        await services.control.retry(view.batch.id, ANNA)


async def test_batch_ends_even_if_a_picture_file_is_missing(services: BatchServices) -> None:
    view = await services.create(await services.photos(1), presets=["web-1080"])
    await services.runner.step()
    for picture in await services.claim():
        await services.do(picture)
    await services.blobs.delete(sorted(await services.blobs.keys()))
    await services.work()
    (item,) = await services.all_items(view)
    assert item.warnings == (EXPORT_FAILED,)
    assert (await services.batches.view(view.batch.id, ANNA)).batch.status is BatchStatus.FINISHED


async def test_another_picture_than_the_one_without_files_has_no_error(services: BatchServices) -> None:
    view = await services.create(await services.photos(1), presets=["web-1080"], candidates=2)
    await services.runner.step()
    [job] = await services.claim()
    await services.do(job)
    async with services.transactions(read_only=True) as tx:
        first, second = await tx.variants.of_job(job.id)
    await services.blobs.delete([first.blob_key])
    await services.work()
    [item] = await services.all_items(view)
    assert (item.variant_id, item.error is None) == (first.id, False)

    await services.control.decide(view.batch.id, item.id, ANNA, ItemStatus.APPROVED, second.id)
    await services.work()
    [item] = await services.all_items(view)
    assert (item.variant_id, item.error, item.warnings) == (second.id, None, ())
    services.clock.move(hours=25)
    assert len(await names_in_archive_once_made(services, view)) == 2


async def test_expired_files_are_made_again_for_the_archive(services: BatchServices) -> None:
    view = await services.create(await services.photos(1), presets=["web-1080"])
    await services.work()
    services.clock.move(hours=25)
    assert len(await names_in_archive_once_made(services, view)) == 2


async def names_in_archive_once_made(services: BatchServices, view: BatchView) -> list[str]:
    """Names of the files in the archive, of which some must be made first."""
    asked = asyncio.create_task(services.files.archive(view.batch.id, ANNA))
    while not asked.done():
        await services.work()
        await anyio.lowlevel.checkpoint()
    return zipfile.ZipFile(io.BytesIO(await joined(asked.result()))).namelist()


async def names_in_archive(services: BatchServices, view: BatchView) -> list[str]:
    data = await joined(await services.files.archive(view.batch.id, ANNA))
    return zipfile.ZipFile(io.BytesIO(data)).namelist()


async def test_files_of_an_item_expire_together_also_if_one_was_made_later(services: BatchServices) -> None:
    view = await services.create(await services.photos(1), presets=["web-1080"])
    await services.runner.step()
    for picture in await services.claim():
        await services.do(picture)
    await services.runner.step()
    bad, good = await services.claim()
    await services.fail(bad, InputCorrupt())
    await services.do(good)
    await services.work()
    services.clock.move(hours=20)
    await services.control.retry(view.batch.id, ANNA)
    await services.work()
    services.clock.move(hours=5)
    assert sorted(await names_in_archive(services, view)) == ["SKU-1_web-1080.jpg", "SKU-1_web-1080.webp"]


async def test_a_file_made_by_hand_is_no_file_of_the_batch(services: BatchServices) -> None:
    view = await services.create(await services.photos(1), presets=["web-1080"])
    await services.work()
    [item] = await services.all_items(view)
    services.clock.move(seconds=1)
    async with services.transactions() as tx:
        variant = await tx.variants.get(VariantId(item.variant_id or ""), ANNA)
        by_hand = replace(an_export(variant, ANNA, services.clock()), preset="web-1080", name="by hand.jpg")
        await tx.exports.add(by_hand)
    assert sorted(await names_in_archive(services, view)) == ["SKU-1_web-1080.jpg", "SKU-1_web-1080.webp"]
    table = await joined(await services.files.manifest(view.batch.id, ANNA))
    assert "by hand" not in table.decode()


async def test_names_in_the_manifest_are_those_in_the_archive_also_for_several_photos_of_one_product(
    services: BatchServices,
) -> None:
    first, second, other = await services.photos(3)
    items = [replace(first, sku="A1"), replace(second, sku="A1"), replace(other, sku="A_1", title="A1")]
    view = await services.create(items, presets=["amazon-main"], file_name="{sku}.MAIN")
    await services.work()
    archive = zipfile.ZipFile(
        io.BytesIO(await joined(await services.files.archive(view.batch.id, ANNA)))
    ).namelist()
    table = (await joined(await services.files.manifest(view.batch.id, ANNA))).decode("utf-8-sig")
    assert [row["file"] for row in csv.DictReader(io.StringIO(table))] == archive
    assert archive == ["A1.MAIN.jpg", "A1.MAIN_2.jpg", "A1.MAIN_3.jpg"]


async def test_further_photos_of_one_product_get_the_names_of_further_pictures(
    services: BatchServices,
) -> None:
    items = [
        replace(item, sku=sku) for item, sku in zip(await services.photos(3), ("A", "B", "A"), strict=True)
    ]
    view = await services.create(items, presets=["amazon-main"])
    await services.work()
    table = (await joined(await services.files.manifest(view.batch.id, ANNA))).decode("utf-8-sig")
    assert [row["file"] for row in csv.DictReader(io.StringIO(table))] == [
        *("A.MAIN.jpg", "B.MAIN.jpg", "A.PT01.jpg")
    ]


async def test_earlier_picture_of_an_item_that_failed_again_can_be_approved(services: BatchServices) -> None:
    view = await services.create(await services.photos(1), presets=["web-1080"])
    await services.work()
    [made] = await services.all_items(view)
    await services.control.reword(view.batch.id, made.id, ANNA, "warmer")
    await services.runner.step()
    [job] = await services.claim()
    await services.fail(job, ContentRefused())
    await services.runner.step()
    approved = ItemStatus.APPROVED
    with pytest.raises(Conflict):
        await services.control.decide(view.batch.id, made.id, ANNA, approved, None)
    item = await services.control.decide(view.batch.id, made.id, ANNA, approved, made.variant_id)
    assert (item.status, item.variant_id, item.error) == (approved, made.variant_id, None)
    await services.work()
    archive = zipfile.ZipFile(io.BytesIO(await joined(await services.files.archive(view.batch.id, ANNA))))
    assert sorted(archive.namelist()) == ["SKU-1_web-1080.jpg", "SKU-1_web-1080.webp"]
