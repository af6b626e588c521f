"""Standing wishes over turns and branches, on a real database."""

import asyncio
import io
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from PIL import Image

from stillroom.application.jobs.by_hand import direct_changes
from stillroom.application.jobs.generation import Generation
from stillroom.application.jobs.handlers import WorkerSlot
from stillroom.application.jobs.orders import Order
from stillroom.application.sessions import WishList
from stillroom.bootstrap import Studio, open_studio
from stillroom.domain.errors import Conflict, IdempotencyMismatch, NotFound, PromptInvalid, ValidationFailed
from stillroom.domain.ids import IdFactory, VariantId
from stillroom.domain.jobs.job import LeaseLost
from stillroom.domain.language.merging import is_replaced
from stillroom.domain.language.reader import read_once
from stillroom.domain.measures import Measures
from stillroom.domain.plans.plan import CarriedOutPlan
from stillroom.domain.plans.wishes import BY_HAND, PRODUCT_STAYS, Wish, WishEdit
from stillroom.domain.providers.requests import (
    CallEnd,
    GeneratedPicture,
    GenerationRequest,
    Journal,
    Mark,
    Operation,
    ProviderEvent,
)
from stillroom.domain.sessions import Session
from stillroom.domain.variants import Variant
from stillroom.observability import Metrics
from stillroom.settings import load
from stillroom.storage.blobs import BlobStore
from stillroom.storage.unit_of_work import SqlTransactions
from tests.integration.storage.rows import ANNA, BORIS, an_edit, stored_session

pytestmark = pytest.mark.anyio

LOCKED = PRODUCT_STAYS.text


async def _nothing() -> None:
    """Happens before most pictures."""


class PlainMaker:
    """Makes a tiny picture of every plan after a signal, and records its requests."""

    def __init__(self) -> None:
        self.measures = Measures()
        self.asked: list[GenerationRequest] = []
        self.has_begun, self.may_end = asyncio.Event(), asyncio.Event()
        self.may_end.set()
        self.before_picture: Callable[[], Awaitable[None]] = _nothing

    async def generate(
        self,
        request: GenerationRequest,
        journal: Journal,
    ) -> AsyncGenerator[ProviderEvent]:
        """One after the other."""
        self.asked.append(request)
        self.has_begun.set()
        await self.may_end.wait()
        for wanted in request.wanted:
            call = await journal.begin("plain", "plain/plain", 0)
            assert call is not None, "nothing has a price here"
            picture = io.BytesIO()
            Image.new("RGB", (64, 64), (40 * wanted.ordinal, 90, 120)).save(picture, "PNG")
            data = picture.getvalue()
            await self.before_picture()
            yield GeneratedPicture(
                wanted.ordinal,
                data,
                None,
                64,
                64,
                CarriedOutPlan.of(wanted.plan),
                self.measures,
                "plain/plain",
            )
            await journal.end(call, CallEnd("ok"))


class Work:
    """A session of Anna's, and a studio whose jobs are done when the test says so."""

    def __init__(self, studio: Studio, generation: Generation, session: Session, maker: PlainMaker) -> None:
        self.studio = studio
        self.generation = generation
        self.session = session
        self.maker = maker

    async def turn(self, prompt: str, base: Variant | None = None, **more: Any) -> Variant:
        """Submit, do the work, and give back the first picture."""
        await self.submit(prompt, base, **more)
        return await self.work()

    async def submit(self, prompt: str, base: Variant | None = None, **more: Any) -> None:
        operation = Operation.BG_REPLACE if base is None else Operation.REFINE
        order = Order(self.session.id, operation, prompt, 1, variant_id=base.id if base else None)
        await self.studio.jobs.submit(Order(**{**_fields(order), **more}), ANNA)

    async def work(self) -> Variant:
        [job] = map(an_edit, await self.studio.work.lifecycle.claim("w1", 1))
        await self.generation.run(job, WorkerSlot())
        return (await self.studio.jobs.view(job.id, ANNA)).variants[0]

    async def wishes(self, of: Variant | None = None) -> list[str]:
        return [wish.text for wish in await self.list_of(of)]

    async def list_of(self, of: Variant | None = None) -> tuple[Wish, ...]:
        context = (await self.studio.sessions.view(self.session.id, ANNA)).session.context
        return context.wishes if of is None else context.paths[of.job_id]

    async def edit(
        self, *lines: WishEdit, of: Variant | None = None, seen: frozenset[str] | None = None
    ) -> None:
        edited = WishList(lines, None if of is None else of.id, seen)
        await self.studio.sessions.change(self.session.id, ANNA, {"wishes": edited})

    async def remarks(self, variant: Variant) -> list[tuple[str, dict[str, Any]]]:
        events = [event async for event in self.studio.events.follow(variant.job_id, 0)]
        return [(event.data["code"], event.data["params"]) for event in events if event.type == "log"]


def _fields(order: Order) -> dict[str, Any]:
    return {name: getattr(order, name) for name in Order.__slots__}


def lines(wishes: tuple[Wish, ...]) -> list[WishEdit]:
    return [WishEdit(wish.id, wish.text, wish.turn) for wish in wishes]


@pytest.fixture
async def work(
    database_url: str, tmp_path: Path, transactions: SqlTransactions, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Work]:
    """Everything in place, nothing said yet."""
    session = await stored_session(transactions)
    blobs = BlobStore((tmp_path / "blobs").as_uri())
    async with transactions(read_only=True) as tx:
        asset = await tx.assets.get(session.asset_id, ANNA)
    await blobs.put(asset.blob_key, b"a photo", "image/jpeg")
    environment = {
        "STILLROOM_DATA_DIR": str(tmp_path),
        "STILLROOM_DATABASE_URL": database_url,
        "STILLROOM_STORAGE_URL": f"{tmp_path}/blobs",
        "STILLROOM_USER_PER_MINUTE": "1000",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    async with open_studio(load(), Metrics()) as studio:
        maker = PlainMaker()
        generation = Generation(
            transactions,
            blobs,
            maker,
            studio.catalogue,
            studio.work.lifecycle,
            studio.photos.mattes,
            studio.notifier,
            IdFactory(),
            studio.clock,
        )
        yield Work(studio, generation, session, maker)


async def test_turn_adds_its_wishes_and_reports_those_it_replaces(work: Work) -> None:
    first = await work.turn("大理石台面，暖一点")
    second = await work.turn("光从左边来", first)
    third = await work.turn("深色背景", second)
    assert await work.wishes() == [LOCKED, "暖一点", "光从左边来", "深色背景"]
    assert [wish.turn for wish in await work.list_of()] == [BY_HAND, 1, 2, 3]
    replaced = {"new_zh": "深色背景", "new_en": "深色背景", "old_zh": "大理石台面", "old_en": "大理石台面"}
    assert await work.remarks(third) == [("WISH_REPLACED", replaced)]
    assert third.plan.tone.mired == 25.0
    assert third.plan.light.azimuth_deg == -60.0
    assert (third.plan.backdrop.kind, third.plan.asked) == ("color", ("backdrop",))


async def test_each_rejected_part_is_reported_with_its_own_suggestion(work: Work) -> None:
    job = await work.turn("add a green leaf, marble table, rotate 90 degrees")
    told = [params for code, params in await work.remarks(job) if code == "NOT_POSSIBLE"]
    assert [params["words"] for params in told] == [["add a green leaf"], ["rotate 90 degrees"]]
    assert "in a garden" in told[0]["suggestion"]
    assert "in a garden" not in told[1]["suggestion"]


async def test_next_picture_drops_removed_wishes_and_applies_edited_ones(work: Work) -> None:
    first = await work.turn("大理石台面，暖一点")
    second = await work.turn("光从左边来", first)
    standing = await work.list_of(second)
    kept = [line for line in lines(standing) if line.text != "大理石台面"]
    kept = [WishEdit(line.id, "光从右边来", line.turn) if "左" in line.text else line for line in kept]
    await work.edit(*kept, WishEdit(None, "阴影淡一点"), of=second, seen=frozenset(w.id for w in standing))
    assert await work.wishes() == [LOCKED, "暖一点", "光从右边来", "阴影淡一点"]
    third = await work.turn("锐化", second)
    assert third.plan.backdrop.kind == "white"
    assert third.plan.light.azimuth_deg == 60.0
    assert third.plan.tone.mired == 25.0
    assert third.plan.shadow.strength < 1
    assert third.plan.asked == ("backdrop", "shadow", "light", "detail")
    asked = work.maker.asked[-1]
    assert "光从右边来; 阴影淡一点; 锐化" in asked.instruction
    assert "take back what is seen of them: 大理石台面; 光从左边来." in asked.instruction
    assert "still hold, the later before the earlier: 暖一点." in asked.instruction


async def test_branch_has_only_the_wishes_of_its_own_ancestors(work: Work) -> None:
    first = await work.turn("大理石台面")
    await work.turn("光从左边来", first)
    other = await work.turn("暖一点", first)
    assert await work.wishes(other) == [LOCKED, "大理石台面", "暖一点"]
    anew = await work.turn("木纹背景")
    assert await work.wishes(anew) == await work.wishes() == [LOCKED, "木纹背景"]
    assert anew.plan.light.azimuth_deg is None


async def test_manually_added_wish_applies_to_every_branch(work: Work) -> None:
    first = await work.turn("大理石台面")
    await work.edit(*lines(await work.list_of()), WishEdit(None, "暖一点"))
    assert await work.wishes(first) == [LOCKED, "大理石台面", "暖一点"]
    anew = await work.turn("木纹背景")
    assert anew.plan.tone.mired == 25.0
    assert await work.wishes(anew) == [LOCKED, "暖一点", "木纹背景"]


async def test_removed_wish_can_be_restored_at_its_position_on_all_branches(work: Work) -> None:
    first = await work.turn("大理石台面")
    second = await work.turn("暖一点", first)
    before = await work.list_of(second)
    await work.edit(*[line for line in lines(before) if line.text != "大理石台面"], of=second)
    assert await work.wishes(first) == [LOCKED]
    left = frozenset(wish.id for wish in await work.list_of(second))
    await work.edit(*lines(before), of=second, seen=left)
    assert await work.list_of(second) == await work.list_of() == before
    assert await work.wishes(first) == [LOCKED, "大理石台面"]


async def test_a_wish_removed_while_a_turn_runs_does_not_come_back_with_its_picture(work: Work) -> None:
    first = await work.turn("大理石台面")
    work.maker.may_end.clear()
    work.maker.has_begun.clear()
    await work.submit("暖一点", first)
    running = asyncio.create_task(work.work())
    await work.maker.has_begun.wait()
    await work.edit(WishEdit(PRODUCT_STAYS.id, LOCKED), of=first)
    work.maker.may_end.set()
    second = await running
    assert await work.wishes(second) == [LOCKED, "暖一点"]


async def test_an_edit_of_a_list_that_has_changed_meanwhile_is_refused(work: Work) -> None:
    first = await work.turn("大理石台面")
    seen = await work.list_of()
    await work.turn("暖一点", first)
    with pytest.raises(Conflict):
        await work.edit(*lines(seen), seen=frozenset(wish.id for wish in seen))
    with pytest.raises(Conflict):
        await work.edit(*lines(seen), WishEdit("wsh_gone", "龙"))
    assert await work.wishes() == [LOCKED, "大理石台面", "暖一点"]


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
    work: Work, edited: list[WishEdit], reason: str
) -> None:
    await work.turn("大理石台面")
    with pytest.raises(ValidationFailed) as refused:
        await work.edit(*edited)
    assert refused.value.params["fields"] == [{"field": "context.wishes", "reason": reason}]
    assert await work.wishes() == [LOCKED, "大理石台面"]


async def test_words_of_a_wish_are_checked_like_those_of_an_instruction(work: Work) -> None:
    await work.turn("大理石台面")
    with pytest.raises(PromptInvalid):
        await work.edit(*lines(await work.list_of()), WishEdit(None, "?!"))
    await work.edit(*lines(await work.list_of()), WishEdit(None, " warm\x00er "))
    assert (await work.wishes())[-1] == "warm er"


async def test_wishes_of_another_owner_cannot_be_edited(work: Work) -> None:
    first = await work.turn("大理石台面")
    with pytest.raises(NotFound):
        await work.studio.sessions.change(work.session.id, BORIS, {"wishes": WishList(())})
    with pytest.raises(NotFound):
        await work.studio.sessions.change(
            work.session.id, ANNA, {"wishes": WishList((), VariantId("var_elsewhere"))}
        )
    assert await work.wishes(first) == [LOCKED, "大理石台面"]


async def test_a_job_that_made_nothing_leaves_no_wish(work: Work) -> None:
    await work.submit("大理石台面")
    (job,) = await work.studio.work.lifecycle.claim("w1", 1)
    await work.studio.jobs.cancel(job.id, ANNA)
    first = await work.turn("暖一点")
    assert await work.wishes(first) == [LOCKED, "暖一点"]
    assert [wish.turn for wish in await work.list_of(first)] == [BY_HAND, 2]


async def test_restoring_a_property_is_a_local_turn_without_an_instruction(work: Work) -> None:
    first = await work.turn("大理石台面")
    back = await work.turn("", first, restore=Mark.LIGHT, provider="local")
    asked = work.maker.asked[-1]
    assert (asked.restore, asked.provider, asked.prompt) == (Mark.LIGHT, "local", "")
    assert back.parent_id == first.id
    assert back.plan == first.plan.model_copy(update={"asked": ()})
    assert await work.list_of(back) == await work.list_of(first)
    assert (await work.studio.jobs.view(back.job_id, ANNA)).job.restore is Mark.LIGHT


async def test_idempotency_key_cannot_be_reused_for_another_restoration(work: Work) -> None:
    first = await work.turn("大理石台面")
    order = Order(work.session.id, Operation.REFINE, "", 1, variant_id=first.id, restore=Mark.TONE)
    made = await work.studio.jobs.submit(order, ANNA, key="press")
    again = await work.studio.jobs.submit(order, ANNA, key="press")
    assert again.view.job.id == made.view.job.id
    with pytest.raises(IdempotencyMismatch):
        await work.studio.jobs.submit(replace(order, restore=Mark.LOGO), ANNA, key="press")


async def test_manual_placement_is_a_turn_without_an_instruction(work: Work) -> None:
    first = await work.turn("大理石台面，放左边")
    changes = {"framing": {"x": 0.6, "fill": 0.8}, "shadow": {}}
    moved = await work.turn("", first, changes=changes)
    assert work.maker.asked[-1].is_exact
    assert (moved.plan.framing.x, moved.plan.framing.fill, moved.plan.asked) == (0.6, 0.8, ("framing",))
    assert moved.plan.backdrop == first.plan.backdrop
    assert moved.parent_id == first.id
    assert await work.wishes(moved) == [LOCKED, "大理石台面"]
    job = (await work.studio.jobs.view(moved.job_id, ANNA)).job
    assert [one.label.en for one in direct_changes(job)] == [
        "Product: larger (80 %)",
        "Position: further right (60 %)",
    ]
    warmer = await work.turn("暖一点", moved)
    assert not work.maker.asked[-1].is_exact
    assert (warmer.plan.framing.x, warmer.plan.framing.fill) == (0.6, 0.8)
    sibling = await work.turn("", first, changes={"shadow": {"kind": "none"}})
    assert sibling.plan.framing == first.plan.framing


async def test_idempotency_key_cannot_be_reused_for_another_placement(work: Work) -> None:
    first = await work.turn("大理石台面")
    order = Order(work.session.id, Operation.REFINE, "", 1, variant_id=first.id)
    with pytest.raises(PromptInvalid):
        await work.studio.jobs.submit(replace(order, changes={"framing": {}}), ANNA)
    left, right = ({"framing": {"x": x}} for x in (0.3, 0.7))
    made = await work.studio.jobs.submit(replace(order, changes=left), ANNA, key="drag")
    again = await work.studio.jobs.submit(replace(order, changes=left), ANNA, key="drag")
    assert again.view.job.id == made.view.job.id
    with pytest.raises(IdempotencyMismatch):
        await work.studio.jobs.submit(replace(order, changes=right), ANNA, key="drag")
    with pytest.raises(ValidationFailed, match="scene"):
        await work.studio.jobs.submit(replace(order, changes={"backdrop": {"scene": "moon"}}), ANNA)


async def test_undetected_product_can_only_be_restored_as_a_whole(work: Work) -> None:
    work.maker.measures = Measures(verified=False)
    first = await work.turn("大理石台面")
    with pytest.raises(Conflict):
        await work.submit("", first, restore=Mark.LIGHT)
    await work.submit("", first, restore=Mark.PRODUCT)


async def test_a_picture_that_is_ready_after_its_session_was_deleted_leaves_no_file(
    work: Work, tmp_path: Path
) -> None:
    async def delete() -> None:
        await work.studio.sessions.delete(work.session.id, ANNA)

    work.maker.before_picture = delete
    await work.submit("白底")
    with pytest.raises(LeaseLost):
        await work.work()
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []


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


async def test_instructions_are_never_read_on_the_event_loop(work: Work) -> None:
    with nothing_is_read_here():
        await work.submit(LONG)
    with nothing_is_read_here():
        await work.work()
    with nothing_is_read_here():
        await work.studio.sessions.view(work.session.id, ANNA)
