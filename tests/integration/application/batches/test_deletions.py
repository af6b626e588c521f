"""Products that are deleted while items of them are added or worked on.

SQLite has one writer, so that nothing can happen in between.
"""

import asyncio
from dataclasses import replace

import pytest

from stillroom.application.batches.requests import CreatedBatch
from stillroom.domain.batches.batches import BatchEventType, BatchStatus
from stillroom.domain.errors import NotFound
from stillroom.domain.ids import WebhookId
from stillroom.domain.webhooks import Webhook, WebhookEvent
from stillroom.storage.database import Database
from tests.integration.application.batch_services import GOOD, POOR, BatchServices, counts
from tests.integration.application.concurrency import Interrupted, lock_watch, sessions_in
from tests.integration.storage.rows import ANNA

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("database_kind", ["postgresql"])]


@pytest.mark.parametrize("step", [("exports", "add"), ("webhooks", "active")])
async def test_product_can_be_deleted_while_its_item_is_judged_or_its_files_are_ordered(
    services: BatchServices, database: Database, step: tuple[str, str]
) -> None:
    webhook = Webhook(
        id=WebhookId("hook_1"),
        owner_id=ANNA,
        url="https://shop.example/hook",
        events=(WebhookEvent.ITEM_NEEDS_REVIEW,),
        secret="whsec_1",
        created_at=services.clock(),
    )
    view = await services.create(await services.photos(1), presets=["web-1080"])
    async with services.transactions() as tx:
        await tx.webhooks.add(webhook)
    await services.runner.step()
    [job] = await services.claim()
    await services.do(job, GOOD if step == ("exports", "add") else POOR)
    sessions = sessions_in(services.transactions, services.blobs, services.clock)
    deleting: list[asyncio.Task[None]] = []
    async with lock_watch(database) as is_waiting:

        async def delete() -> None:
            """Begin the deletion, and go on when it waits for the runner."""
            if not deleting:
                deleting.append(asyncio.create_task(sessions.delete(job.session_id, ANNA)))
                while not await is_waiting():
                    pass

        await replace(services.runner, _unit_of_work=Interrupted(services.transactions, *step, delete)).step()
        await deleting[0]
    await services.work()
    done = await services.batches.view(view.batch.id, ANNA)
    assert (done.batch.status, counts(done)) == (BatchStatus.FINISHED, {})


@pytest.mark.parametrize("is_open", [False, True])
async def test_product_can_be_deleted_while_a_batch_of_it_is_requested(
    services: BatchServices, database: Database, is_open: bool
) -> None:
    [other, photo] = await services.photos(2)
    session = sessions_in(services.transactions, services.blobs, services.clock)
    product = (await session.open(photo.image_id, ANNA, None, None)).session.id
    item = replace(photo, session_id=product)
    batch_id = (await services.create([other])).batch.id
    requested: list[asyncio.Task[CreatedBatch]] = []
    async with lock_watch(database) as is_waiting:

        async def request() -> None:
            """Request the batch, and go on when it waits for the deletion."""
            if not requested:
                asked = (
                    services.batches.add(batch_id, ANNA, [item], "hash")
                    if is_open
                    else services.batches.create(services.new_batch([item]), ANNA)
                )
                requested.append(asyncio.create_task(asked))
                while not await is_waiting():
                    pass

        late = Interrupted(services.transactions, "assets", "several", request)
        await sessions_in(late, services.blobs, services.clock).delete(product, ANNA)
        with pytest.raises(NotFound):
            await requested[0]


async def test_stream_of_a_batch_counts_its_items_anew_when_a_product_is_deleted(
    services: BatchServices,
) -> None:
    view = await services.create(await services.photos(2))
    await services.work()
    [item, _] = await services.all_items(view)
    ended = await services.batches.view(view.batch.id, ANNA)
    assert item.session_id is not None
    await sessions_in(services.transactions, services.blobs, services.clock).delete(item.session_id, ANNA)
    async with services.transactions(read_only=True) as tx:
        [(event, _)] = await tx.batches.events_after(view.batch.id, ended.batch.last_seq, 10)
    assert event.is_terminal
    assert event.type is BatchEventType.PROGRESS
    assert (event.data["status"], event.data["counts"]["succeeded"]) == ("finished", 1)
