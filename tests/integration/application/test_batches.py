"""Batches from their request to their files, on both databases."""

import asyncio
import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from stillroom.application.batches.requests import MoreItems
from stillroom.application.jobs.handlers import WorkerSlot
from stillroom.application.jobs.journal import JobJournal
from stillroom.application.jobs.orders import Order
from stillroom.application.sessions import new_session
from stillroom.domain.batches.batches import BatchEventType, BatchStatus, ItemStatus, NewItem
from stillroom.domain.errors import (
    Conflict,
    ContentRefused,
    IdempotencyMismatch,
    NotFound,
    PromptInvalid,
    ValidationFailed,
)
from stillroom.domain.ids import AssetId, VariantId
from stillroom.domain.jobs.job import JobStatus
from stillroom.domain.measures import Measures
from stillroom.domain.providers.requests import CallEnd, Operation
from stillroom.storage import tables
from stillroom.storage.database import Database
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.batch_house import GOOD, POOR, BatchHouse, counts, joined
from tests.integration.application.conftest import HandMovedClock, WatchedBlobs
from tests.integration.storage.rows import ANNA, BORIS

pytestmark = pytest.mark.anyio


@pytest.fixture
def house(transactions: SqlTransactions, blobs: WatchedBlobs, clock: HandMovedClock) -> BatchHouse:
    return BatchHouse(transactions, blobs, clock)


async def test_every_item_of_a_batch_gets_a_product_a_picture_and_its_files(house: BatchHouse) -> None:
    view = await house.create(await house.photos(3), presets=["web-1080"])
    await house.work()
    view = await house.batches.view(view.batch.id, ANNA)
    assert (view.batch.status, counts(view)) == (BatchStatus.FINISHED, {"succeeded": 3})
    assert view.batch.finished_at is not None
    items = await house.all_items(view)
    assert len({item.session_id for item in items}) == 3
    assert all(item.variant_id and item.quality == 0.95 and not item.warnings for item in items)
    archive = zipfile.ZipFile(io.BytesIO(await joined(await house.files.archive(view.batch.id, ANNA))))
    assert sorted(archive.namelist()) == sorted(
        f"SKU-{number}_web-1080.{form}" for number in (1, 2, 3) for form in ("jpg", "webp")
    )
    assert archive.testzip() is None


async def test_an_owner_with_many_batches_does_not_delay_another_owners(house: BatchHouse) -> None:
    for item in await house.photos(30):
        await house.create([item])
    later = await house.create(await house.photos(1, BORIS), BORIS)
    async with house.transactions(read_only=True) as tx:
        owners = [owner_id for _, owner_id in await tx.batches.due()]
    assert owners[:3] == [ANNA, BORIS, ANNA]
    await house.runner.step()
    assert counts(await house.batches.view(later.batch.id, BORIS)) == {"running": 1}


async def test_a_batch_that_cannot_be_read_does_not_stop_the_others(
    house: BatchHouse, database_url: str
) -> None:
    items = await house.photos(2)
    unreadable, good = await house.create(items[:1]), await house.create(items[1:])
    database = Database(database_url)
    async with database.begin() as connection:
        await connection.execute(
            sa.update(tables.batches)
            .where(tables.batches.c.id == unreadable.batch.id)
            .values(choices_json={"operation": "of another release"})
        )
    await database.close()
    await house.runner.step()
    assert counts(await house.batches.view(good.batch.id, ANNA)) == {"running": 1}


async def test_picture_below_the_threshold_needs_review(house: BatchHouse) -> None:
    view = await house.create(await house.photos(1), presets=["web-1080"])
    await house.work(POOR)
    view = await house.batches.view(view.batch.id, ANNA)
    assert (view.batch.status, counts(view)) == (BatchStatus.FINISHED, {"needs_review": 1})
    [item] = await house.all_items(view)
    assert item.warnings == ("below_quality", "below_confidence")
    with pytest.raises(Conflict, match="No item of this batch is approved"):
        await house.files.archive(view.batch.id, ANNA)

    approved = await house.control.decide(view.batch.id, item.id, ANNA, ItemStatus.APPROVED, None)
    assert approved.status is ItemStatus.APPROVED
    await house.work()
    assert await joined(await house.files.archive(view.batch.id, ANNA))
    async with house.transactions(read_only=True) as tx:
        assert (await tx.variants.get(VariantId(item.variant_id or ""), ANNA)).adopted_at is not None

    await house.control.decide(view.batch.id, item.id, ANNA, ItemStatus.REJECTED, None)
    with pytest.raises(Conflict):
        await house.files.archive(view.batch.id, ANNA)
    taken_back = await house.control.decide(view.batch.id, item.id, ANNA, ItemStatus.NEEDS_REVIEW, None)
    assert taken_back.status is ItemStatus.NEEDS_REVIEW


async def test_a_decision_on_a_passed_picture_can_be_taken_back(house: BatchHouse) -> None:
    view = await house.create(await house.photos(1))
    await house.work()
    [item] = await house.all_items(view)
    await house.control.decide(view.batch.id, item.id, ANNA, ItemStatus.REJECTED, None)
    taken_back = await house.control.decide(view.batch.id, item.id, ANNA, ItemStatus.NEEDS_REVIEW, None)
    assert taken_back.status is ItemStatus.SUCCEEDED


@pytest.mark.parametrize(
    "measures",
    [
        replace(GOOD, matte_doubts=("holes",)),
        replace(GOOD, cut_sides=("left",)),
        replace(GOOD, verified=False),
        replace(GOOD, edge_confidence=0.4),
        Measures(edge_confidence=0.99),
    ],
)
async def test_doubtful_picture_never_passes_automatically(house: BatchHouse, measures: Measures) -> None:
    view = await house.create(await house.photos(1))
    await house.work(measures)
    assert counts(await house.batches.view(view.batch.id, ANNA)) == {"needs_review": 1}


async def test_the_best_candidate_stands_for_its_item(house: BatchHouse) -> None:
    view = await house.create(await house.photos(1), candidates=2)
    await house.runner.step()
    [job] = await house.claim()
    await house.do(job, replace(GOOD, quality=0.91))
    async with house.transactions(read_only=True) as tx:
        first, _ = await tx.variants.of_job(job.id)
    await house.runner.step()
    [item] = await house.all_items(view)
    assert item.variant_id == first.id, "of equally good ones the first"


async def test_failed_item_states_its_reason_and_can_be_retried(house: BatchHouse) -> None:
    view = await house.create(await house.photos(2))
    await house.runner.step()
    good, bad = await house.claim_in_order()
    await house.do(good)
    await house.fail(bad, ContentRefused("No."))
    await house.runner.step()
    view = await house.batches.view(view.batch.id, ANNA)
    assert (view.batch.status, counts(view)) == (BatchStatus.FINISHED, {"succeeded": 1, "failed": 1})
    failed = next(item for item in await house.all_items(view) if item.status is ItemStatus.FAILED)
    assert failed.error is not None
    assert failed.error["code"] == ContentRefused.code

    view = await house.control.retry(view.batch.id, ANNA)
    assert (view.batch.status, counts(view)) == (BatchStatus.RUNNING, {"succeeded": 1, "waiting": 1})
    await house.work()
    view = await house.batches.view(view.batch.id, ANNA)
    assert (view.batch.status, counts(view)) == (BatchStatus.FINISHED, {"succeeded": 2})
    assert len(await house.sessions()) == 2, "the second attempt uses the same product"
    with pytest.raises(Conflict):
        await house.control.retry(view.batch.id, ANNA)


async def test_changed_instruction_makes_only_its_item_again(house: BatchHouse) -> None:
    view = await house.create(await house.photos(2))
    await house.work()
    kept, item = await house.all_items(view)
    with pytest.raises(PromptInvalid):
        await house.control.reword(view.batch.id, item.id, ANNA, "qqq zzz xxx")

    reworded = await house.control.reword(view.batch.id, item.id, ANNA, " a bit warmer ")
    assert (reworded.status, reworded.prompt) == (ItemStatus.WAITING, "a bit warmer")
    assert (await house.batches.view(view.batch.id, ANNA)).batch.status is BatchStatus.RUNNING
    await house.runner.step()
    [job] = await house.claim()
    async with house.transactions(read_only=True) as tx:
        assert (await tx.jobs.get(job.id, ANNA)).prompt == "a bit warmer"
    with pytest.raises(Conflict):
        await house.control.reword(view.batch.id, item.id, ANNA, "cooler")
    await house.do(job)
    await house.work()
    same, made = await house.all_items(view)
    assert (same, made.status) == (kept, ItemStatus.SUCCEEDED)
    assert made.variant_id not in (None, item.variant_id)
    back = await house.control.reword(view.batch.id, item.id, ANNA, "")
    assert back.prompt is None, "the recipe's words again"


async def test_a_paused_batch_starts_nothing_until_it_is_resumed(house: BatchHouse) -> None:
    view = await house.create(await house.photos(6))
    await house.runner.step()
    assert counts(await house.batches.view(view.batch.id, ANNA)) == {"waiting": 2, "running": 4}
    await house.control.pause(view.batch.id, ANNA)
    await house.work()
    paused = await house.batches.view(view.batch.id, ANNA)
    assert (paused.batch.status, counts(paused)) == (BatchStatus.PAUSED, {"waiting": 2, "succeeded": 4})
    await house.control.resume(view.batch.id, ANNA)
    await house.work()
    done = await house.batches.view(view.batch.id, ANNA)
    assert (done.batch.status, counts(done)) == (BatchStatus.FINISHED, {"succeeded": 6})


async def test_a_canceled_batch_ends_its_jobs_and_items(house: BatchHouse) -> None:
    view = await house.create(await house.photos(6))
    await house.runner.step()
    running = (await house.claim(1))[0]
    _, stopped = await house.control.cancel(view.batch.id, ANNA)
    assert len(stopped) == 4
    await house.runner.step()
    view = await house.batches.view(view.batch.id, ANNA)
    assert (view.batch.status, counts(view)) == (BatchStatus.CANCELED, {"canceled": 6})
    assert view.batch.finished_at is not None
    assert (await house.lifecycle.look(running)).status is JobStatus.CANCELED
    assert await house.claim() == ()
    with pytest.raises(Conflict):
        await house.batches.add(view.batch.id, ANNA, MoreItems(tuple(await house.photos(1)), "h"))


async def test_picture_finished_during_the_cancel_is_kept(house: BatchHouse) -> None:
    view = await house.create(await house.photos(6))
    await house.runner.step()
    await house.do((await house.claim(1))[0])
    await house.control.cancel(view.batch.id, ANNA)
    await house.runner.step()
    view = await house.batches.view(view.batch.id, ANNA)
    assert (view.batch.status, counts(view)) == (BatchStatus.CANCELED, {"succeeded": 1, "canceled": 5})


async def test_items_can_be_added_while_the_batch_is_open(house: BatchHouse) -> None:
    view = await house.create(await house.photos(1))
    more = MoreItems(tuple(await house.photos(2)), "h")
    for replayed in (False, True):
        assert (await house.batches.add(view.batch.id, ANNA, more, key="k")).replayed is replayed
    with pytest.raises(IdempotencyMismatch):
        await house.batches.add(view.batch.id, ANNA, replace(more, request_hash="other"), key="k")
    await house.work()
    assert [item.place for item in await house.all_items(view)] == [1, 2, 3]
    with pytest.raises(Conflict):
        await house.batches.add(view.batch.id, ANNA, MoreItems(tuple(await house.photos(1)), "h"))


async def test_unreadable_instruction_fails_only_its_item(house: BatchHouse) -> None:
    items = await house.photos(2)
    view = await house.create([replace(items[0], prompt="qqq zzz xxx"), items[1]])
    await house.work()
    view = await house.batches.view(view.batch.id, ANNA)
    assert counts(view) == {"failed": 1, "succeeded": 1}
    failed = (await house.all_items(view))[0]
    assert failed.error is not None
    assert failed.error["code"] == PromptInvalid.code
    with pytest.raises(Conflict):
        await house.control.retry(view.batch.id, ANNA)


@pytest.mark.parametrize(
    ("choices", "error"),
    [
        ({"prompt": "qqq zzz xxx"}, PromptInvalid),
        ({"presets": ["nowhere-main"]}, ValidationFailed),
        ({"platform": "nowhere"}, ValidationFailed),
        ({"provider": "nobody"}, ValidationFailed),
        ({"template": "bg_replace.white"}, ValidationFailed),
    ],
)
async def test_impossible_recipe_is_refused(
    house: BatchHouse, choices: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await house.create(await house.photos(1), **choices)


async def test_existing_product_is_used_for_its_item(house: BatchHouse) -> None:
    first, second = await house.photos(2)
    async with house.transactions() as tx:
        photo = await tx.assets.get(first.image_id, ANNA)
        product = new_session(house.ids.session(), photo, None, "Mug", house.clock())
        await tx.sessions.add(product)
    view = await house.create([replace(first, session_id=product.id)])
    await house.work()
    assert [item.session_id for item in await house.all_items(view)] == [product.id]
    with pytest.raises(NotFound):
        await house.create([replace(second, session_id=product.id)])


async def test_photos_of_another_owner_cannot_be_used(house: BatchHouse) -> None:
    theirs = await house.photos(1, BORIS)
    mine = await house.photos(1)
    with pytest.raises(NotFound) as refused:
        await house.create([*mine, *theirs, NewItem(AssetId("ast_none"))])
    fields = [field["field"] for field in refused.value.params["fields"]]
    assert fields == ["items.1.image_id", "items.2.image_id"], "all of them are named"


async def test_the_same_key_makes_one_batch(house: BatchHouse) -> None:
    items = await house.photos(2)
    made = await asyncio.gather(*(house.create(items, key="k1") for _ in range(4)))
    assert len({view.batch.id for view in made}) == 1
    assert len((await house.batches.list(ANNA, None, 10)).items) == 1
    async with house.transactions() as tx:
        await tx.idempotency.reserve(ANNA, "k2", "another request", "bat_1", house.clock())
    with pytest.raises(IdempotencyMismatch):
        await house.create(items, key="k2")


async def test_concurrent_processes_may_advance_a_batch(house: BatchHouse) -> None:
    view = await house.create(await house.photos(3), presets=["ebay-main"])
    for _ in range(40):
        await asyncio.gather(*(house.runner.step() for _ in range(3)))
        for job in await house.claim():
            await house.do(job)
        if (await house.batches.view(view.batch.id, ANNA)).batch.finished_at:
            break
    assert counts(await house.batches.view(view.batch.id, ANNA)) == {"succeeded": 3}
    async with house.transactions(read_only=True) as tx:
        events = [event for event, _ in await tx.batches.events_after(view.batch.id, 0, 1000)]
        assert len((await tx.exports.list(ANNA, None, house.clock(), None, 100)).items) == 3
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    ends = [event for event in events if event.data["status"] == "succeeded"]
    assert len(ends) == 3, "every item ends once"
    assert [event.type for event in events].count(BatchEventType.FINISHED) == 1
    assert len(await house.sessions()) == 3


async def test_deleting_a_product_removes_its_item_and_the_batch_still_ends(house: BatchHouse) -> None:
    view = await house.create(await house.photos(2))
    await house.runner.step()
    first, second = await house.claim()
    await house.do(first)
    async with house.transactions() as tx:
        await tx.sessions.remove(second.session_id)
    await house.runner.step()
    view = await house.batches.view(view.batch.id, ANNA)
    assert (view.batch.status, counts(view)) == (BatchStatus.FINISHED, {"succeeded": 1})
    async with house.transactions() as tx:
        await tx.sessions.remove(first.session_id)
        house.clock.move(hours=1)
        assert await tx.batches.remove_empty(house.clock(), 10) == 1
    with pytest.raises(NotFound):
        await house.batches.view(view.batch.id, ANNA)


async def test_photo_of_an_open_batch_is_not_swept(house: BatchHouse) -> None:
    items = await house.photos(2)
    await house.create(items[:1])
    house.clock.move(hours=48)
    async with house.transactions() as tx:
        assert await tx.assets.is_used(items[0].image_id)
        assert [one.id for one in await tx.assets.take_unused(house.clock(), 10)] == [items[1].image_id]


async def test_stream_delivers_every_event_once_and_ends(house: BatchHouse) -> None:
    view = await house.create(await house.photos(3))

    async def watch(seq: int) -> list[Any]:
        return [shown async for shown in house.events.follow(view.batch.id, ANNA, seq)]

    watching = asyncio.create_task(watch(0))
    await house.work()
    shown = await asyncio.wait_for(watching, 10)
    assert [one.event.seq for one in shown] == list(range(1, len(shown) + 1))
    assert shown[-1].event.type is BatchEventType.FINISHED
    assert [one.event.seq for one in await watch(4)] == [one.event.seq for one in shown[4:]]
    assert await house.events.has_ended(view.batch.id, ANNA, shown[-1].event.seq)
    with pytest.raises(NotFound):
        await house.events.has_ended(view.batch.id, BORIS, 0)


async def test_single_jobs_precede_batch_jobs_and_have_their_own_quota(
    house: BatchHouse,
) -> None:

    view = await house.create(await house.photos(1) * 500)
    await house.runner.step()
    await house.runner.step()
    assert counts(await house.batches.view(view.batch.id, ANNA)) == {"waiting": 496, "running": 4}
    session = (await house.sessions())[0]
    submitted = await house.jobs.submit(Order(session, Operation.OPTIMIZE, "", 1), ANNA)
    assert submitted.view.position == 1
    assert submitted.quota.waiting == 1
    [first] = await house.claim(1)
    assert first.id == submitted.view.job.id


async def test_a_batch_leaves_a_slot_to_other_jobs(house: BatchHouse) -> None:
    await house.create(await house.photos(10))
    await house.runner.step()
    assert len(await house.claim(4, of_batches=1)) == 1
    assert await house.claim(4, of_batches=0) == ()


async def test_no_call_exceeds_the_budget_of_its_batch(house: BatchHouse) -> None:

    view = await house.create(await house.photos(4), budget_micro_usd=100_000)
    await house.runner.step()
    journals = []
    for job in await house.claim():
        assert job.batch_id == view.batch.id
        journals.append(
            JobJournal(
                job,  # type: ignore[arg-type]
                WorkerSlot(),
                house.transactions,
                house.notifier,
                house.ids,
                house.clock,
            )
        )
    begun = await asyncio.gather(
        *(journal.begin("gemini", "gemini/banana", 39_000) for journal in journals for _ in range(2))
    )
    assert sum(call is not None for call in begun) == 2
    assert (await house.batches.view(view.batch.id, ANNA)).cost_micro_usd == 78_000
    call = next(call for call in begun if call)
    owner = next(journal for journal in journals if call in journal._open)
    await owner.end(call, CallEnd("failed", "timeout", 0, 10, None))
    assert (await house.batches.view(view.batch.id, ANNA)).cost_micro_usd == 39_000
