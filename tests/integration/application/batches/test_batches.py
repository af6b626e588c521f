"""Batches from their request to their files, on both databases."""

import asyncio
import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from stillroom.application.batches.stream import BatchEvents
from stillroom.application.jobs.handlers import WorkerSlot
from stillroom.application.jobs.journal import JobJournal
from stillroom.application.jobs.orders import Order
from stillroom.domain.batches.batches import BatchEventType, BatchStatus, BatchView, ItemStatus
from stillroom.domain.errors import (
    Conflict,
    ContentRefused,
    NotFound,
    PromptInvalid,
)
from stillroom.domain.ids import VariantId
from stillroom.domain.jobs.events import JobLogged
from stillroom.domain.jobs.job import ClaimedJob, Job, JobStatus
from stillroom.domain.measures import Measures
from stillroom.domain.providers.requests import CallEnd, Operation
from stillroom.storage.database import Database
from stillroom.storage.tables import batches as tables
from tests.integration.application.batch_services import GOOD, POOR, BatchServices, counts, joined
from tests.integration.storage.rows import ANNA, BORIS

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("NOT_POSSIBLE", "needs_review"),
        ("RATIO_NEEDS_BACKGROUND", "needs_review"),
        ("SCENE_FLAT", "succeeded"),
    ],
)
async def test_picture_without_a_part_of_what_was_asked_for_needs_a_review(
    services: BatchServices, code: str, status: str
) -> None:
    view = await services.create(await services.photos(1))
    await services.runner.step()
    [job] = await services.claim()
    async with services.transactions() as tx:
        notice = JobLogged(level="warning", code=code, message="Told.")
        await tx.events.append(job.id, notice, services.clock(), job.lease_token)
    await services.do(job)
    await services.work()
    [item] = await services.all_items(view)
    assert (item.status.value, "not_understood" in item.warnings) == (status, status == "needs_review")


async def test_every_item_of_a_batch_gets_a_product_a_picture_and_its_files(services: BatchServices) -> None:
    view = await services.create(await services.photos(3), presets=["web-1080"])
    await services.work()
    view = await services.batches.view(view.batch.id, ANNA)
    assert (view.batch.status, counts(view)) == (BatchStatus.FINISHED, {"succeeded": 3})
    assert view.batch.finished_at is not None
    items = await services.all_items(view)
    assert len({item.session_id for item in items}) == 3
    assert all(item.variant_id and item.quality == 0.95 and not item.warnings for item in items)
    archive = zipfile.ZipFile(io.BytesIO(await joined(await services.files.archive(view.batch.id, ANNA))))
    assert sorted(archive.namelist()) == sorted(
        f"SKU-{number}_web-1080.{form}" for number in (1, 2, 3) for form in ("jpg", "webp")
    )
    assert archive.testzip() is None


async def test_an_owner_with_many_batches_does_not_delay_another_owners(services: BatchServices) -> None:
    for item in await services.photos(30):
        await services.create([item])
    later = await services.create(await services.photos(1, BORIS), BORIS)
    async with services.transactions(read_only=True) as tx:
        owners = [owner_id for _, owner_id in await tx.batches.due()]
    assert owners[:3] == [ANNA, BORIS, ANNA]
    await services.runner.step()
    assert counts(await services.batches.view(later.batch.id, BORIS)) == {"running": 1}


async def test_a_batch_that_cannot_be_read_does_not_stop_the_others(
    services: BatchServices, database_url: str
) -> None:
    items = await services.photos(2)
    unreadable, good = await services.create(items[:1]), await services.create(items[1:])
    database = Database(database_url)
    async with database.begin() as connection:
        await connection.execute(
            sa.update(tables.batches)
            .where(tables.batches.c.id == unreadable.batch.id)
            .values(choices=sa.type_coerce({"operation": "of another release"}, sa.JSON()))
        )
    await database.close()
    await services.runner.step()
    assert counts(await services.batches.view(good.batch.id, ANNA)) == {"running": 1}


async def test_picture_below_the_threshold_needs_review(services: BatchServices) -> None:
    view = await services.create(await services.photos(1), presets=["web-1080"])
    await services.work(POOR)
    view = await services.batches.view(view.batch.id, ANNA)
    assert (view.batch.status, counts(view)) == (BatchStatus.FINISHED, {"needs_review": 1})
    [item] = await services.all_items(view)
    assert item.warnings == ("below_quality", "below_confidence")
    with pytest.raises(Conflict, match="No item of this batch is approved"):
        await services.files.archive(view.batch.id, ANNA)

    approved = await services.control.decide(view.batch.id, item.id, ANNA, ItemStatus.APPROVED, None)
    assert approved.status is ItemStatus.APPROVED
    await services.work()
    assert await joined(await services.files.archive(view.batch.id, ANNA))
    async with services.transactions(read_only=True) as tx:
        assert (await tx.variants.get(VariantId(item.variant_id or ""), ANNA)).adopted_at is not None

    await services.control.decide(view.batch.id, item.id, ANNA, ItemStatus.REJECTED, None)
    with pytest.raises(Conflict):
        await services.files.archive(view.batch.id, ANNA)
    taken_back = await services.control.decide(view.batch.id, item.id, ANNA, ItemStatus.NEEDS_REVIEW, None)
    assert taken_back.status is ItemStatus.NEEDS_REVIEW


async def test_a_decision_on_a_passed_picture_can_be_taken_back(services: BatchServices) -> None:
    view = await services.create(await services.photos(1))
    await services.work()
    [item] = await services.all_items(view)
    await services.control.decide(view.batch.id, item.id, ANNA, ItemStatus.REJECTED, None)
    taken_back = await services.control.decide(view.batch.id, item.id, ANNA, ItemStatus.NEEDS_REVIEW, None)
    assert taken_back.status is ItemStatus.SUCCEEDED


async def test_another_picture_of_a_job_that_left_out_a_part_needs_a_review_too(
    services: BatchServices,
) -> None:
    view = await services.create(await services.photos(1), candidates=2)
    await services.runner.step()
    [job] = await services.claim()
    async with services.transactions() as tx:
        notice = JobLogged(level="warning", code="NOT_POSSIBLE", message="Told.")
        await tx.events.append(job.id, notice, services.clock(), job.lease_token)
    await services.do(job)
    await services.work()
    [item] = await services.all_items(view)
    async with services.transactions(read_only=True) as tx:
        _, other = await tx.variants.of_job(job.id)
    await services.control.decide(view.batch.id, item.id, ANNA, ItemStatus.APPROVED, other.id)
    taken_back = await services.control.decide(view.batch.id, item.id, ANNA, ItemStatus.NEEDS_REVIEW, None)
    assert (taken_back.variant_id, taken_back.status) == (other.id, ItemStatus.NEEDS_REVIEW)
    assert taken_back.warnings == ("not_understood",)


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
async def test_doubtful_picture_never_passes_automatically(
    services: BatchServices, measures: Measures
) -> None:
    view = await services.create(await services.photos(1))
    await services.work(measures)
    assert counts(await services.batches.view(view.batch.id, ANNA)) == {"needs_review": 1}


async def test_the_best_candidate_stands_for_its_item(services: BatchServices) -> None:
    view = await services.create(await services.photos(1), candidates=2)
    await services.runner.step()
    [job] = await services.claim()
    await services.do(job, replace(GOOD, quality=0.91))
    async with services.transactions(read_only=True) as tx:
        first, _ = await tx.variants.of_job(job.id)
    await services.runner.step()
    [item] = await services.all_items(view)
    assert item.variant_id == first.id, "of equally good ones the first"


async def test_failed_item_states_its_reason_and_can_be_retried(services: BatchServices) -> None:
    view = await services.create(await services.photos(2))
    await services.runner.step()
    good, bad = await services.claim_in_order()
    await services.do(good)
    await services.fail(bad, ContentRefused("No."))
    await services.runner.step()
    view = await services.batches.view(view.batch.id, ANNA)
    assert (view.batch.status, counts(view)) == (BatchStatus.FINISHED, {"succeeded": 1, "failed": 1})
    failed = next(item for item in await services.all_items(view) if item.status is ItemStatus.FAILED)
    assert failed.error is not None
    assert failed.error["code"] == ContentRefused.code

    view = await services.control.retry(view.batch.id, ANNA)
    assert (view.batch.status, counts(view)) == (BatchStatus.RUNNING, {"succeeded": 1, "waiting": 1})
    await services.work()
    view = await services.batches.view(view.batch.id, ANNA)
    assert (view.batch.status, counts(view)) == (BatchStatus.FINISHED, {"succeeded": 2})
    assert len(await services.sessions()) == 2, "the second attempt uses the same product"
    with pytest.raises(Conflict):
        await services.control.retry(view.batch.id, ANNA)


async def test_changed_instruction_makes_only_its_item_again(services: BatchServices) -> None:
    view = await services.create(await services.photos(2))
    await services.work()
    kept, item = await services.all_items(view)
    with pytest.raises(PromptInvalid):
        await services.control.reword(view.batch.id, item.id, ANNA, "qqq zzz xxx")

    reworded = await services.control.reword(view.batch.id, item.id, ANNA, " a bit warmer ")
    assert (reworded.status, reworded.prompt) == (ItemStatus.WAITING, "a bit warmer")
    assert (await services.batches.view(view.batch.id, ANNA)).batch.status is BatchStatus.RUNNING
    await services.runner.step()
    [job] = await services.claim()
    async with services.transactions(read_only=True) as tx:
        assert (await tx.jobs.get(job.id, ANNA)).prompt == "a bit warmer"
    with pytest.raises(Conflict):
        await services.control.reword(view.batch.id, item.id, ANNA, "cooler")
    await services.do(job)
    await services.work()
    same, made = await services.all_items(view)
    assert (same, made.status) == (kept, ItemStatus.SUCCEEDED)
    assert made.variant_id not in (None, item.variant_id)
    back = await services.control.reword(view.batch.id, item.id, ANNA, "")
    assert back.prompt is None, "the recipe's words again"


async def test_a_paused_batch_starts_nothing_until_it_is_resumed(services: BatchServices) -> None:
    view = await services.create(await services.photos(6))
    await services.runner.step()
    assert counts(await services.batches.view(view.batch.id, ANNA)) == {"waiting": 2, "running": 4}
    await services.control.pause(view.batch.id, ANNA)
    await services.work()
    paused = await services.batches.view(view.batch.id, ANNA)
    assert (paused.batch.status, counts(paused)) == (BatchStatus.PAUSED, {"waiting": 2, "succeeded": 4})
    await services.control.resume(view.batch.id, ANNA)
    await services.work()
    done = await services.batches.view(view.batch.id, ANNA)
    assert (done.batch.status, counts(done)) == (BatchStatus.FINISHED, {"succeeded": 6})


async def told(services: BatchServices, view: BatchView) -> dict[int, str]:
    """Return the status of each item by its place, as the events of the batch tell it."""
    async with services.transactions(read_only=True) as tx:
        events = await tx.batches.events_after(view.batch.id, 0, 1000)
    assert [event.seq for event, _ in events] == list(range(1, len(events) + 1))
    return {item.place: event.data["status"] for event, item in events if item is not None}


async def test_a_canceled_batch_ends_its_jobs_and_items(services: BatchServices) -> None:
    view = await services.create(await services.photos(6))
    await services.runner.step()
    running = (await services.claim(1))[0]
    ended: list[Job] = []
    services.lifecycle.on_ended = ended.append
    _, stopped = await services.control.cancel(view.batch.id, ANNA)
    assert len(stopped) == 4
    assert ended == [*stopped], "each is counted once"
    await services.runner.step()
    view = await services.batches.view(view.batch.id, ANNA)
    assert (view.batch.status, counts(view)) == (BatchStatus.CANCELED, {"canceled": 6})
    assert view.batch.finished_at is not None
    assert await told(services, view) == dict.fromkeys(range(1, 7), "canceled")
    assert (await services.lifecycle.reload(running)).status is JobStatus.CANCELED
    assert await services.claim() == ()
    assert await services.control.cancel(view.batch.id, ANNA) == (view, ()), "once more, it stays as it is"
    with pytest.raises(Conflict):
        await services.batches.add(view.batch.id, ANNA, await services.photos(1), "h")


async def test_a_batch_can_be_retried_right_after_it_was_canceled(services: BatchServices) -> None:
    view = await services.create(await services.photos(6))
    await services.runner.step()
    await services.claim(1)
    await services.control.cancel(view.batch.id, ANNA)
    view = await services.control.retry(view.batch.id, ANNA)
    assert (view.batch.status, counts(view)) == (BatchStatus.RUNNING, {"waiting": 6})
    assert await told(services, view) == dict.fromkeys(range(1, 7), "waiting")
    await services.work()
    view = await services.batches.view(view.batch.id, ANNA)
    assert (view.batch.status, counts(view)) == (BatchStatus.FINISHED, {"succeeded": 6})


async def test_an_item_can_be_reworded_right_after_its_job_was_canceled(services: BatchServices) -> None:
    view = await services.create(await services.photos(1))
    await services.runner.step()
    [item] = await services.all_items(view)
    assert item.job_id is not None
    await services.jobs.cancel(item.job_id, ANNA)
    reworded = await services.control.reword(view.batch.id, item.id, ANNA, "warmer")
    assert reworded.status is ItemStatus.WAITING


async def test_picture_finished_during_the_cancel_is_kept(services: BatchServices) -> None:
    view = await services.create(await services.photos(6))
    await services.runner.step()
    await services.do((await services.claim(1))[0])
    await services.control.cancel(view.batch.id, ANNA)
    await services.runner.step()
    view = await services.batches.view(view.batch.id, ANNA)
    assert (view.batch.status, counts(view)) == (BatchStatus.CANCELED, {"succeeded": 1, "canceled": 5})


async def test_concurrent_processes_may_advance_a_batch(services: BatchServices) -> None:
    view = await services.create(await services.photos(3), presets=["web-1080"])
    for _ in range(40):
        await asyncio.gather(*(services.runner.step() for _ in range(3)))
        for job in await services.claim():
            await services.do(job)
        if (await services.batches.view(view.batch.id, ANNA)).batch.finished_at:
            break
    assert counts(await services.batches.view(view.batch.id, ANNA)) == {"succeeded": 3}
    async with services.transactions(read_only=True) as tx:
        events = [event for event, _ in await tx.batches.events_after(view.batch.id, 0, 1000)]
        files = (await tx.exports.list(ANNA, None, services.clock(), None, 100)).items
        assert len(files) == 6, "a JPEG and a WebP of every picture, each made once"
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    ends = [event for event in events if event.data["status"] == "succeeded"]
    assert len(ends) == 3, "every item ends once"
    assert [event.type for event in events].count(BatchEventType.FINISHED) == 1
    assert len(await services.sessions()) == 3


async def test_deleting_a_product_removes_its_item_and_the_batch_still_ends(services: BatchServices) -> None:
    view = await services.create(await services.photos(2))
    await services.runner.step()
    first, second = await services.claim()
    await services.do(first)
    async with services.transactions() as tx:
        await tx.sessions.remove(second.session_id)
    await services.runner.step()
    view = await services.batches.view(view.batch.id, ANNA)
    assert (view.batch.status, counts(view)) == (BatchStatus.FINISHED, {"succeeded": 1})
    async with services.transactions() as tx:
        await tx.sessions.remove(first.session_id)
        services.clock.move(hours=1)
        assert await tx.batches.remove_empty(services.clock(), 10) == 1
    with pytest.raises(NotFound):
        await services.batches.view(view.batch.id, ANNA)


async def test_photo_of_an_open_batch_is_not_swept(services: BatchServices) -> None:
    items = await services.photos(2)
    await services.create(items[:1])
    services.clock.move(hours=48)
    async with services.transactions() as tx:
        assert not await tx.assets.remove_unused(items[0].image_id)
        assert [one.id for one in await tx.assets.delete_unused(services.clock(), 10)] == [items[1].image_id]


async def test_stream_delivers_every_event_once_and_ends(services: BatchServices) -> None:
    view = await services.create(await services.photos(3))

    async def watch(seq: int) -> list[Any]:
        return [shown async for shown in services.events.follow(view.batch.id, seq)]

    watching = asyncio.create_task(watch(0))
    await services.work()
    shown = await asyncio.wait_for(watching, 10)
    assert [one.seq for one in shown] == list(range(1, len(shown) + 1))
    assert shown[-1].type is BatchEventType.FINISHED
    assert [one.seq for one in await watch(4)] == [one.seq for one in shown[4:]]
    assert await services.events.has_ended(view.batch.id, ANNA, shown[-1].seq)
    with pytest.raises(NotFound):
        await services.events.has_ended(view.batch.id, BORIS, 0)


async def test_stream_of_an_ended_batch_delivers_a_later_decision_and_ends(services: BatchServices) -> None:
    view = await services.create(await services.photos(1))
    await services.work()
    ended = (await services.batches.view(view.batch.id, ANNA)).batch.last_seq
    [item] = await services.all_items(view)
    await services.control.decide(view.batch.id, item.id, ANNA, ItemStatus.REJECTED, None)
    async with asyncio.timeout(10):
        told = [event async for event in services.events.follow(view.batch.id, ended)]
    assert [event.type for event in told] == [BatchEventType.ITEM, BatchEventType.PROGRESS]
    assert told[0].item is not None
    assert told[0].item.status is ItemStatus.REJECTED


async def test_streams_of_batches_wake_on_a_notification_and_end_with_the_batch(
    services: BatchServices,
) -> None:
    views = [await services.create(await services.photos(1)) for _ in range(3)]
    events = BatchEvents(services.transactions, services.notifier, poll_seconds=60)

    async def watch(view: BatchView) -> BatchEventType:
        return [event async for event in events.follow(view.batch.id, 0)][-1].type

    watching = [asyncio.create_task(watch(view)) for view in views]
    await services.work()
    async with asyncio.timeout(10):
        assert set(await asyncio.gather(*watching)) == {BatchEventType.FINISHED}


async def test_single_jobs_precede_batch_jobs_and_have_their_own_quota(
    services: BatchServices,
) -> None:
    view = await services.create(await services.photos(1) * 500)
    await services.runner.step()
    await services.runner.step()
    assert counts(await services.batches.view(view.batch.id, ANNA)) == {"waiting": 496, "running": 4}
    session = (await services.sessions())[0]
    submitted = await services.jobs.submit(Order(session, Operation.OPTIMIZE, "", 1), ANNA)
    assert submitted.view.position == 1
    assert submitted.quota.waiting == 1
    [first] = await services.claim(1)
    assert first.id == submitted.view.job.id


async def test_a_batch_leaves_a_slot_to_other_jobs(services: BatchServices) -> None:
    await services.create(await services.photos(10))
    await services.runner.step()
    assert len(await services.claim(4, of_batches=1)) == 1
    assert await services.claim(4, of_batches=0) == ()


async def test_no_call_exceeds_the_budget_of_its_batch(services: BatchServices) -> None:
    view = await services.create(await services.photos(4), budget_micro_usd=100_000)
    await services.runner.step()
    journals = []
    for job in await services.claim():
        assert isinstance(job, ClaimedJob)
        assert job.batch_id == view.batch.id
        journals.append(
            JobJournal(
                job,
                WorkerSlot(),
                services.transactions,
                services.notifier,
                services.ids,
                services.clock,
            )
        )
    asking = [journal for journal in journals for _ in range(2)]
    assert await journals[0].begin("sora", "sora/own", None) is None, "its price is not known"
    begun = await asyncio.gather(*(journal.begin("gemini", "gemini/banana", 39_000) for journal in asking))
    assert sum(call is not None for call in begun) == 2
    assert (await services.batches.view(view.batch.id, ANNA)).cost_micro_usd == 78_000
    journal, call = next((journal, call) for journal, call in zip(asking, begun, strict=True) if call)
    await journal.end(call, CallEnd("failed", "timeout", 0, 10, None))
    assert (await services.batches.view(view.batch.id, ANNA)).cost_micro_usd == 39_000
