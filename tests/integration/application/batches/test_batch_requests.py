"""Requests for batches: checks, limits and idempotency keys."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from stillroom.application.sessions import new_session
from stillroom.domain.batches.batches import MAX_OPEN, BatchStatus, ItemStatus, NewItem
from stillroom.domain.errors import (
    Conflict,
    IdempotencyMismatch,
    LimitReached,
    NotFound,
    PromptInvalid,
    ValidationFailed,
)
from stillroom.domain.ids import AssetId, SessionId
from stillroom.domain.jobs.job import MAX_PROMPT_CHARACTERS
from stillroom.storage.database import Database
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.batch_services import BatchServices, counts
from tests.integration.application.conftest import HandMovedClock, WatchedBlobs
from tests.integration.application.job_services import WritingLimiter
from tests.integration.storage.rows import ANNA, BORIS

pytestmark = pytest.mark.anyio


async def test_items_can_be_added_while_the_batch_is_open(services: BatchServices) -> None:
    view = await services.create(await services.photos(1))
    more = await services.photos(2)
    for replayed in (False, True):
        assert (await services.batches.add(view.batch.id, ANNA, more, "h", key="k")).replayed is replayed
    with pytest.raises(IdempotencyMismatch):
        await services.batches.add(view.batch.id, ANNA, more, "other", key="k")
    await services.work()
    assert [item.place for item in await services.all_items(view)] == [1, 2, 3]
    with pytest.raises(Conflict):
        await services.batches.add(view.batch.id, ANNA, await services.photos(1), "h")


@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"changes": {"backdrop": {"kind": "white"}}},
        {"operation": "bg_replace", "template": "bg_replace.wood"},
    ],
)
async def test_unreadable_instruction_fails_only_its_item(
    services: BatchServices, choices: dict[str, Any]
) -> None:
    items = await services.photos(2)
    view = await services.create([replace(items[0], prompt="qqq zzz xxx"), items[1]], **choices)
    await services.work()
    view = await services.batches.view(view.batch.id, ANNA)
    assert counts(view) == {"failed": 1, "succeeded": 1}
    failed = (await services.all_items(view))[0]
    assert failed.error is not None
    assert failed.error["code"] == PromptInvalid.code
    with pytest.raises(Conflict):
        await services.control.retry(view.batch.id, ANNA)


async def test_estimate_names_the_words_that_no_picture_would_carry_out(services: BatchServices) -> None:
    items = await services.photos(4)
    items[1] = replace(items[1], prompt="warmer")
    items[2] = replace(items[2], prompt="qqq zzz xxx")
    new = services.new_batch(items, prompt="brighter, add a cat")
    partly, wholly = (await services.batches.estimate(new, ANNA)).not_carried_out
    assert (partly.items, partly.fails) == ([0, 3], False)
    assert [told.text for told in partly.told_back] == ["add a cat"]
    assert (wholly.items, wholly.fails) == ([2], True)


async def test_estimate_does_not_read_an_instruction_that_is_too_long(services: BatchServices) -> None:
    items = await services.photos(1)
    new = services.new_batch([replace(items[0], prompt="add a cat, " * MAX_PROMPT_CHARACTERS)])
    [too_long] = (await services.batches.estimate(new, ANNA)).not_carried_out
    assert (too_long.fails, too_long.told_back) == (True, ())


async def test_recipe_that_sets_fields_may_have_words_that_are_not_understood(
    services: BatchServices,
) -> None:
    changes = {"backdrop": {"kind": "white"}}
    await services.create(await services.photos(1), prompt="qqq zzz xxx", changes=changes)


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
    services: BatchServices, choices: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await services.create(await services.photos(1), **choices)


async def test_existing_product_is_used_for_its_item(services: BatchServices) -> None:
    first, second = await services.photos(2)
    async with services.transactions() as tx:
        photo = await tx.assets.get(first.image_id, ANNA)
        product = new_session(services.ids.session(), photo, None, "Mug", services.clock())
        await tx.sessions.add(product)
    view = await services.create([replace(first, session_id=product.id)])
    await services.work()
    assert [item.session_id for item in await services.all_items(view)] == [product.id]
    wrong = [replace(second, session_id=product.id), second, replace(first, session_id=SessionId("ses_none"))]
    with pytest.raises(NotFound) as refused:
        await services.create(wrong)
    named = [field["field"] for field in refused.value.params["fields"]]
    assert named == ["items.0.session_id", "items.2.session_id"]


async def test_photos_of_another_owner_cannot_be_used(services: BatchServices) -> None:
    theirs = await services.photos(1, BORIS)
    mine = await services.photos(1)
    with pytest.raises(NotFound) as refused:
        await services.create([*mine, *theirs, NewItem(AssetId("ast_none"))])
    fields = [field["field"] for field in refused.value.params["fields"]]
    assert fields == ["items.1.image_id", "items.2.image_id"], "all of them are named"


async def test_the_same_key_makes_one_batch(services: BatchServices) -> None:
    items = await services.photos(2)
    made = await asyncio.gather(*(services.create(items, key="k1") for _ in range(4)))
    assert len({view.batch.id for view in made}) == 1
    assert len((await services.batches.list(ANNA, None, 10)).items) == 1
    async with services.transactions() as tx:
        await tx.idempotency.reserve(ANNA, "k2", "another request", "bat_1", services.clock())
    with pytest.raises(IdempotencyMismatch):
        await services.create(items, key="k2")


async def test_no_transaction_is_open_while_the_rate_limit_is_asked(
    transactions: SqlTransactions,
    blobs: WatchedBlobs,
    clock: HandMovedClock,
    database_url: str,
) -> None:
    database = Database(database_url)
    limiter = WritingLimiter(30, SqlTransactions(database))
    services = BatchServices(transactions, blobs, clock, limiter=limiter)
    items = await services.photos(2)
    view = await services.create(items[:1], key="press")
    assert not (await services.batches.add(view.batch.id, ANNA, items[1:], "hash of more")).replayed
    await database.close()


async def test_an_ended_batch_is_opened_again_only_within_the_limit_of_open_ones(
    services: BatchServices,
) -> None:
    view = await services.create(await services.photos(1))
    [item] = await services.all_items(view)
    await services.control.cancel(view.batch.id, ANNA)
    others = [await services.create(await services.photos(1)) for _ in range(MAX_OPEN)]
    with pytest.raises(LimitReached):
        await services.control.retry(view.batch.id, ANNA)
    with pytest.raises(LimitReached):
        await services.control.reword(view.batch.id, item.id, ANNA, "warmer")
    assert (await services.batches.view(view.batch.id, ANNA)).batch.status is BatchStatus.CANCELED
    await services.control.cancel(others[0].batch.id, ANNA)
    assert (await services.control.retry(view.batch.id, ANNA)).batch.status is BatchStatus.RUNNING
    reworded = await services.control.reword(view.batch.id, item.id, ANNA, "warmer")
    assert reworded.status is ItemStatus.WAITING, "an open batch may change at the limit"
