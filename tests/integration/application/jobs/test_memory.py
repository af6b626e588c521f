"""Standing wishes over turns and branches, on a real database."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from stillroom.application.instructions.phrases import direct_changes
from stillroom.application.jobs.orders import Order
from stillroom.application.sessions import WishList
from stillroom.domain.errors import Conflict, IdempotencyMismatch, NotFound, PromptInvalid, ValidationFailed
from stillroom.domain.ids import BatchId, VariantId
from stillroom.domain.jobs.job import LeaseLost
from stillroom.domain.language.merging import is_replaced
from stillroom.domain.language.reading import read_once
from stillroom.domain.measures import Measures
from stillroom.domain.plans.wishes import BY_HAND, MAX_WISHES, PRODUCT_STAYS, Wish, WishEdit
from stillroom.domain.ports import UnitOfWork
from stillroom.domain.providers.requests import (
    Mark,
    Operation,
)
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.application.turns import Turns
from tests.integration.storage.rows import ANNA, BORIS, a_job, room

pytestmark = pytest.mark.anyio

LOCKED = PRODUCT_STAYS.text


def lines(wishes: tuple[Wish, ...]) -> list[WishEdit]:
    return [WishEdit(wish.id, wish.text, wish.turn) for wish in wishes]


async def test_turn_adds_its_wishes_and_reports_those_it_replaces(turns: Turns) -> None:
    first = await turns.turn("大理石台面，暖一点")
    second = await turns.turn("光从左边来", first)
    third = await turns.turn("深色背景", second)
    assert await turns.wishes() == [LOCKED, "暖一点", "光从左边来", "深色背景"]
    assert [wish.turn for wish in await turns.list_of()] == [BY_HAND, 1, 2, 3]
    replaced = {"new_zh": "深色背景", "new_en": "深色背景", "old_zh": "大理石台面", "old_en": "大理石台面"}
    assert await turns.notices(third) == [("WISH_REPLACED", replaced)]
    assert third.plan.tone.mired == 25.0
    assert third.plan.light.azimuth_deg == -60.0
    assert (third.plan.backdrop.kind, third.plan.asked) == ("color", ("backdrop",))


async def test_each_rejected_part_is_reported_with_its_own_suggestion(turns: Turns) -> None:
    job = await turns.turn("add a green leaf, marble table, rotate 90 degrees")
    told = [params for code, params in await turns.notices(job) if code == "NOT_POSSIBLE"]
    assert [params["words"] for params in told] == [["add a green leaf"], ["rotate 90 degrees"]]
    assert "in a garden" in told[0]["suggestion"]
    assert "in a garden" not in told[1]["suggestion"]


async def test_next_picture_drops_removed_wishes_and_applies_edited_ones(turns: Turns) -> None:
    first = await turns.turn("大理石台面，暖一点")
    second = await turns.turn("光从左边来", first)
    standing = await turns.list_of(second)
    kept = [line for line in lines(standing) if line.text != "大理石台面"]
    kept = [WishEdit(line.id, "光从右边来", line.turn) if "左" in line.text else line for line in kept]
    await turns.edit(*kept, WishEdit(None, "阴影淡一点"), of=second, seen=frozenset(w.id for w in standing))
    assert await turns.wishes() == [LOCKED, "暖一点", "光从右边来", "阴影淡一点"]
    third = await turns.turn("锐化", second)
    assert third.plan.backdrop.kind == "white"
    assert third.plan.light.azimuth_deg == 60.0
    assert third.plan.tone.mired == 25.0
    assert third.plan.shadow.strength < 1
    assert third.plan.asked == ("backdrop", "shadow", "light", "detail")
    asked = turns.maker.asked[-1]
    assert "光从右边来; 阴影淡一点; 锐化" in asked.instruction
    assert "take back what is seen of them: 大理石台面; 光从左边来." in asked.instruction
    assert "still hold, the later before the earlier: 暖一点." in asked.instruction


async def test_follow_ups_are_of_the_turn_before_and_reach_a_model_with_its_wishes(turns: Turns) -> None:
    first = await turns.turn("大理石台面")
    warm = await turns.turn("暖一点，对比强一点", first)
    more = await turns.turn("再来一点", warm)
    assert (more.plan.tone.mired, more.plan.tone.contrast) == (50.0, 0.5)
    assert await turns.wishes() == [LOCKED, "大理石台面", "暖一点", "对比强一点", "暖一点", "对比度高一点"]
    assert "再来一点 (暖一点; 对比强一点)" in turns.maker.asked[-1].instruction
    less = await turns.turn("过了", more)
    assert (less.plan.tone.mired, less.plan.tone.contrast) == (37.5, 0.375)
    assert less.plan.asked == ("tone",)
    half = await turns.turn("still too much", less)
    assert half.plan.tone.mired == 31.25
    assert len(await turns.wishes()) == 6
    with pytest.raises(PromptInvalid):
        await turns.submit("过了", first)


async def test_a_corrected_wish_no_longer_stands_and_a_model_gets_both(turns: Turns) -> None:
    first = await turns.turn("大理石台面")
    left = await turns.turn("左移10%，暖一点", first)
    right = await turns.turn("说错了，是右", left)
    assert right.plan.framing.x == pytest.approx(0.6)
    assert right.plan.tone.mired == 25.0
    assert await turns.wishes() == [LOCKED, "大理石台面", "暖一点", "右移10%"]
    assert "说错了，是右 (左移10%; 暖一点)" in turns.maker.asked[-1].instruction
    alone = await turns.turn("对比度加10%，打错了，20%", right)
    assert alone.plan.tone.contrast == pytest.approx(0.2)
    assert "(右移10%)" not in turns.maker.asked[-1].instruction


async def test_a_model_that_takes_only_a_scene_gets_the_look_with_the_words(turns: Turns) -> None:
    await turns.turn("暖一点", template="bg_replace.marble")
    assert turns.maker.asked[-1].prompt == "white marble background; 暖一点"
    await turns.turn("", template="bg_replace.marble")
    assert turns.maker.asked[-1].prompt == "white marble background"


async def test_branch_has_only_the_wishes_of_its_own_ancestors(turns: Turns) -> None:
    first = await turns.turn("大理石台面")
    await turns.turn("光从左边来", first)
    other = await turns.turn("暖一点", first)
    assert await turns.wishes(other) == [LOCKED, "大理石台面", "暖一点"]
    anew = await turns.turn("木纹背景")
    assert await turns.wishes(anew) == await turns.wishes() == [LOCKED, "木纹背景"]
    assert anew.plan.light.azimuth_deg is None


async def test_manually_added_wish_applies_to_every_branch(turns: Turns) -> None:
    first = await turns.turn("大理石台面")
    await turns.edit(*lines(await turns.list_of()), WishEdit(None, "暖一点"))
    assert await turns.wishes(first) == [LOCKED, "大理石台面", "暖一点"]
    anew = await turns.turn("木纹背景")
    assert anew.plan.tone.mired == 25.0
    assert await turns.wishes(anew) == [LOCKED, "暖一点", "木纹背景"]


async def test_removed_wish_can_be_restored_at_its_position_on_all_branches(turns: Turns) -> None:
    first = await turns.turn("大理石台面")
    second = await turns.turn("暖一点", first)
    before = await turns.list_of(second)
    await turns.edit(*[line for line in lines(before) if line.text != "大理石台面"], of=second)
    assert await turns.wishes(first) == [LOCKED]
    left = frozenset(wish.id for wish in await turns.list_of(second))
    await turns.edit(*lines(before), of=second, seen=left)
    assert await turns.list_of(second) == await turns.list_of() == before
    assert await turns.wishes(first) == [LOCKED, "大理石台面"]


async def test_a_wish_removed_while_a_turn_runs_does_not_come_back_with_its_picture(turns: Turns) -> None:
    first = await turns.turn("大理石台面")
    turns.maker.may_end.clear()
    turns.maker.has_begun.clear()
    await turns.submit("暖一点", first)
    running = asyncio.create_task(turns.work())
    await turns.maker.has_begun.wait()
    await turns.edit(WishEdit(PRODUCT_STAYS.id, LOCKED), of=first)
    turns.maker.may_end.set()
    second = await running
    assert await turns.wishes(second) == [LOCKED, "暖一点"]


async def test_an_edit_of_a_list_that_has_changed_meanwhile_is_refused(turns: Turns) -> None:
    first = await turns.turn("大理石台面")
    seen = await turns.list_of()
    await turns.turn("暖一点", first)
    with pytest.raises(Conflict):
        await turns.edit(*lines(seen), seen=frozenset(wish.id for wish in seen))
    with pytest.raises(Conflict):
        await turns.edit(*lines(seen), WishEdit("wsh_gone", "龙"))
    assert await turns.wishes() == [LOCKED, "大理石台面", "暖一点"]


@pytest.mark.parametrize(
    ("edited", "reason"),
    [
        ([], "locked"),
        ([WishEdit(PRODUCT_STAYS.id, "change the product")], "locked"),
        ([WishEdit(PRODUCT_STAYS.id, LOCKED)] * 2, "twice"),
        ([WishEdit(PRODUCT_STAYS.id, LOCKED), *[WishEdit(None, "warmer")] * 30], "too_many"),
    ],
)
async def test_a_list_that_cannot_be_kept_is_refused_with_the_reason(
    turns: Turns, edited: list[WishEdit], reason: str
) -> None:
    await turns.turn("大理石台面")
    with pytest.raises(ValidationFailed) as refused:
        await turns.edit(*edited)
    (error,) = refused.value.params["fields"]
    assert (error["field"], error["reason"]) == ("context.wishes", reason)
    assert await turns.wishes() == [LOCKED, "大理石台面"]


async def test_a_list_that_turns_have_made_too_long_can_be_shortened_and_reworded(
    turns: Turns, transactions: SqlTransactions
) -> None:
    wishes = tuple(Wish(id=f"wsh_{number:02}", text="warmer", turn=1) for number in range(1, MAX_WISHES + 6))
    context = turns.session.context.model_copy(update={"wishes": (PRODUCT_STAYS, *wishes)})
    async with transactions() as tx:
        await tx.sessions.save(replace(turns.session, context=context))
    locked, removed, reworded, *others = lines(await turns.list_of())
    seen = frozenset(wish.id for wish in await turns.list_of())
    await turns.edit(locked, replace(reworded, text="cooler"), *others)
    assert await turns.wishes() == [LOCKED, "cooler", *["warmer"] * len(others)]
    await turns.edit(locked, removed, reworded, *others, seen=seen - {removed.id or ""})
    assert await turns.wishes() == [LOCKED, *["warmer"] * len(wishes)], "the removal can be undone"


async def test_words_of_a_wish_are_checked_like_those_of_an_instruction(turns: Turns) -> None:
    await turns.turn("大理石台面")
    with pytest.raises(PromptInvalid):
        await turns.edit(*lines(await turns.list_of()), WishEdit(None, "?!"))
    await turns.edit(*lines(await turns.list_of()), WishEdit(None, " warm\x00er "))
    assert (await turns.wishes())[-1] == "warm er"


async def test_wishes_of_another_owner_cannot_be_edited(turns: Turns) -> None:
    first = await turns.turn("大理石台面")
    with pytest.raises(NotFound):
        await turns.studio.sessions.change(turns.session.id, BORIS, {"wishes": WishList(())})
    with pytest.raises(NotFound):
        await turns.studio.sessions.change(
            turns.session.id, ANNA, {"wishes": WishList((), VariantId("var_elsewhere"))}
        )
    assert await turns.wishes(first) == [LOCKED, "大理石台面"]


async def test_a_job_that_made_nothing_leaves_no_wish(turns: Turns) -> None:
    await turns.submit("大理石台面")
    (job,) = await turns.studio.work.lifecycle.claim("w1", room())
    await turns.studio.jobs.cancel(job.id, ANNA)
    first = await turns.turn("暖一点")
    assert await turns.wishes(first) == [LOCKED, "暖一点"]
    assert [wish.turn for wish in await turns.list_of(first)] == [BY_HAND, 2]


async def test_restoring_a_property_is_a_local_turn_without_an_instruction(turns: Turns) -> None:
    first = await turns.turn("大理石台面")
    back = await turns.turn("", first, restore=Mark.LIGHT, provider="local")
    asked = turns.maker.asked[-1]
    assert (asked.restore, asked.provider, asked.prompt) == (Mark.LIGHT, "local", "")
    assert back.parent_id == first.id
    assert back.plan == first.plan.model_copy(update={"asked": ()})
    assert await turns.list_of(back) == await turns.list_of(first)
    assert (await turns.studio.jobs.view(back.job_id, ANNA)).job.restore is Mark.LIGHT


async def test_idempotency_key_cannot_be_reused_for_another_restoration(turns: Turns) -> None:
    first = await turns.turn("大理石台面")
    order = Order(turns.session.id, Operation.REFINE, "", 1, variant_id=first.id, restore=Mark.TONE)
    made = await turns.studio.jobs.submit(order, ANNA, key="press")
    again = await turns.studio.jobs.submit(order, ANNA, key="press")
    assert again.view.job.id == made.view.job.id
    with pytest.raises(IdempotencyMismatch):
        await turns.studio.jobs.submit(replace(order, restore=Mark.LOGO), ANNA, key="press")


async def test_a_picture_of_a_recipe_is_made_again_by_the_cloud_that_may_make_it(
    turns: Turns, transactions: SqlTransactions
) -> None:
    changes = {"backdrop": {"kind": "white"}}
    of_batch = replace(
        a_job(turns.session, prompt=""), candidates=1, changes=changes, batch_id=BatchId("bat_1")
    )
    async with transactions() as tx:
        await tx.jobs.add(of_batch)
    picture = await turns.work()
    assert not turns.maker.asked[-1].is_exact

    async def keep_all(*_: UnitOfWork) -> None:
        """Nothing is prepared, and nothing else changes."""

    for _ in range(2):
        await turns.studio.jobs.make_again(
            turns.session.id, picture.id, ANNA, request_hash="hash", prepare=keep_all, change=keep_all
        )
        picture = await turns.work()
        assert not turns.maker.asked[-1].is_exact


async def test_manual_placement_is_a_turn_without_an_instruction(turns: Turns) -> None:
    first = await turns.turn("大理石台面，放左边")
    changes = {"framing": {"x": 0.6, "fill": 0.8}, "shadow": {}}
    moved = await turns.turn("", first, changes=changes)
    assert turns.maker.asked[-1].is_exact
    assert (moved.plan.framing.x, moved.plan.framing.fill, moved.plan.asked) == (0.6, 0.8, ("framing",))
    assert moved.plan.backdrop == first.plan.backdrop
    assert moved.parent_id == first.id
    assert await turns.wishes(moved) == [LOCKED, "大理石台面"]
    job = (await turns.studio.jobs.view(moved.job_id, ANNA)).job
    assert [label.en for label in direct_changes(job)] == [
        "Product: larger (80 %)",
        "Position: further right (60 %)",
    ]
    warmer = await turns.turn("暖一点", moved)
    assert not turns.maker.asked[-1].is_exact
    assert (warmer.plan.framing.x, warmer.plan.framing.fill) == (0.6, 0.8)
    sibling = await turns.turn("", first, changes={"shadow": {"kind": "none"}})
    assert sibling.plan.framing == first.plan.framing


async def test_placement_that_the_picture_shows_already_makes_no_version(turns: Turns) -> None:
    first = await turns.turn("大理石台面，放左边")
    shown = {"framing": {"x": first.plan.framing.x}, "backdrop": {"scene": "marble_white"}}
    for prompt in ("", "keep the background"):
        with pytest.raises(PromptInvalid):
            await turns.submit(prompt, first, changes=shown)
    await turns.turn("暖一点", first, changes=shown)


async def test_changes_of_several_backdrop_fields_are_listed_once(turns: Turns) -> None:
    spot = {"backdrop": {"kind": "gradient", "color": "#ff0000", "shape": "spot"}}
    made = await turns.turn("", changes=spot)
    job = (await turns.studio.jobs.view(made.job_id, ANNA)).job
    assert len(direct_changes(job)) == 1


async def test_idempotency_key_cannot_be_reused_for_another_placement(turns: Turns) -> None:
    first = await turns.turn("大理石台面")
    order = Order(turns.session.id, Operation.REFINE, "", 1, variant_id=first.id)
    with pytest.raises(PromptInvalid):
        await turns.studio.jobs.submit(replace(order, changes={"framing": {}}), ANNA)
    left, right = ({"framing": {"x": x}} for x in (0.3, 0.7))
    made = await turns.studio.jobs.submit(replace(order, changes=left), ANNA, key="drag")
    again = await turns.studio.jobs.submit(replace(order, changes=left), ANNA, key="drag")
    assert again.view.job.id == made.view.job.id
    with pytest.raises(IdempotencyMismatch):
        await turns.studio.jobs.submit(replace(order, changes=right), ANNA, key="drag")
    with pytest.raises(ValidationFailed, match="scene"):
        await turns.studio.jobs.submit(replace(order, changes={"backdrop": {"scene": "moon"}}), ANNA)


async def test_undetected_product_can_only_be_restored_as_a_whole(turns: Turns) -> None:
    turns.maker.measures = Measures(verified=False)
    first = await turns.turn("大理石台面")
    with pytest.raises(Conflict):
        await turns.submit("", first, restore=Mark.LIGHT)
    await turns.submit("", first, restore=Mark.PRODUCT)


async def test_a_picture_that_is_ready_after_its_session_was_deleted_leaves_no_file(
    turns: Turns, tmp_path: Path
) -> None:
    async def delete() -> None:
        await turns.studio.sessions.delete(turns.session.id, ANNA)

    turns.maker.before_picture = delete
    await turns.submit("白底")
    with pytest.raises(LeaseLost):
        await turns.work()
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []


async def test_all_files_of_a_picture_are_deleted_with_its_session(turns: Turns) -> None:
    made = await turns.turn("白底")
    stored = {blob.key async for blobs in turns.blobs.list() for blob in blobs}
    assert made.white_key is not None
    assert stored >= set(made.blob_keys)
    await turns.studio.sessions.delete(turns.session.id, ANNA)
    left = {blob.key async for blobs in turns.blobs.list() for blob in blobs}
    assert left.isdisjoint(made.blob_keys)


LONG = "，".join(f"亮{percent}%" for percent in range(1, 50))
"""Many wishes: reading them takes a tenth of a second."""


@contextmanager
def nothing_is_read_here() -> Iterator[None]:
    """Fail if this thread, which runs the event loop, reads a text that is not in the cache."""
    texts: list[str] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code is read_once.__wrapped__.__code__:
            texts.append(frame.f_locals["text"])

    read_once.cache_clear()
    is_replaced.cache_clear()
    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)
    assert read_once.cache_info().misses > 0, "something was read"
    assert texts == []


async def test_instructions_are_never_read_on_the_event_loop(turns: Turns) -> None:
    with nothing_is_read_here():
        await turns.submit(LONG)
    with nothing_is_read_here():
        await turns.work()
    with nothing_is_read_here():
        await turns.studio.sessions.view(turns.session.id, ANNA)


async def test_a_wish_that_is_taken_back_by_its_name_stands_no_longer(turns: Turns) -> None:
    first = await turns.turn("裁成4:5，暖一点")
    assert first.plan.framing.aspect == "4:5"
    second = await turns.turn("取消裁剪，亮一点", first)
    assert await turns.wishes() == [LOCKED, "暖一点", "亮一点"]
    assert await turns.notices(second) == [("WISH_WITHDRAWN", {"zh": "裁成4:5", "en": "裁成4:5"})]
    assert second.plan.tone.mired == 25.0
    assert second.plan.framing.aspect == "1:1"
