"""Previews: only the owner can ask for them, they follow prompt and changes, and nothing is stored."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from stillroom.application.limits.superseding_semaphore import USER_WAITING, Superseded, SupersedingSemaphore
from stillroom.application.previews import PreviewOrder, Previews
from stillroom.domain.errors import NotFound, PromptInvalid, RateLimited, ValidationFailed
from stillroom.domain.ids import SessionId
from stillroom.domain.plans.plan import CarriedOutPlan
from stillroom.domain.ports import PreviewRequest
from stillroom.storage.tables import metadata
from tests.integration.application.conftest import HandMovedClock, WatchedBlobs
from tests.integration.application.job_services import JobServices
from tests.integration.storage.rows import ANNA, BORIS, a_job, a_variant, stored_session

pytestmark = pytest.mark.anyio


class Engine:
    """Makes previews after a signal, and records its requests."""

    def __init__(self) -> None:
        self.asked: list[PreviewRequest] = []
        self.has_begun, self.may_end = asyncio.Event(), asyncio.Event()

    async def preview(self, request: PreviewRequest) -> bytes:
        self.asked.append(request)
        self.has_begun.set()
        await self.may_end.wait()
        return b"webp"


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def previews(services: JobServices, engine: Engine, blobs: WatchedBlobs, clock: HandMovedClock) -> Previews:
    return Previews(services.transactions, blobs, engine, clock, SupersedingSemaphore(1))


async def rows(services: JobServices) -> dict[str, int]:
    async with services.database.begin(read_only=True) as connection:
        return {
            table.name: (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()
            for table in metadata.sorted_tables
        }


def order(session_id: SessionId, **more: Any) -> PreviewOrder:
    return PreviewOrder(session_id, **more)


async def test_a_preview_shows_prompt_and_changes_and_stores_nothing(
    services: JobServices, previews: Previews, engine: Engine, blobs: WatchedBlobs
) -> None:
    session = await stored_session(services.transactions)
    engine.may_end.set()
    before = await rows(services)
    changes = {"framing": {"aspect": "3:4", "x": 0.4}}
    asked = order(session.id, prompt="大理石台面，放右边", changes=changes, side=512)
    assert await previews.make(asked, ANNA) == b"webp"
    (request,) = engine.asked
    assert (request.plan.backdrop.scene, request.side) == ("marble_white", 512)
    assert (request.plan.framing.aspect, request.plan.framing.x) == ("3:4", 0.4)
    assert await rows(services) == before
    assert await blobs.keys() == set()


async def test_session_of_another_owner_cannot_be_previewed(
    services: JobServices, previews: Previews, engine: Engine
) -> None:
    session = await stored_session(services.transactions)
    engine.may_end.set()
    await previews.make(order(session.id), ANNA)
    with pytest.raises(NotFound):
        await previews.make(order(session.id), BORIS)
    assert len(engine.asked) == 1


async def test_an_unusable_change_or_prompt_is_refused_as_by_a_job(
    services: JobServices, previews: Previews, engine: Engine
) -> None:
    session = await stored_session(services.transactions)
    with pytest.raises(ValidationFailed):
        await previews.make(order(session.id, changes={"framing": {"fill": 3}}), ANNA)
    with pytest.raises(NotFound, match="kind=backdrop"):
        await previews.make(order(session.id, changes={"backdrop": {"image_id": "ast_none"}}), ANNA)
    with pytest.raises(PromptInvalid):
        await previews.make(order(session.id, prompt="独角兽"), ANNA)
    assert engine.asked == []


async def test_a_prompt_that_the_picture_already_fulfils_previews_that_picture(
    services: JobServices, previews: Previews, engine: Engine
) -> None:
    session = await stored_session(services.transactions)
    job = a_job(session)
    white = CarriedOutPlan(product_transform=(1.0, 0.0, 5.0, 0.0, 1.0, 6.0))
    picture = replace(a_variant(job), plan=white)
    async with services.transactions() as tx:
        await tx.jobs.add(job)
        await tx.variants.add(picture)
    engine.may_end.set()
    assert await previews.make(order(session.id, variant_id=picture.id, prompt="白底"), ANNA) == b"webp"
    assert engine.asked[0].plan.backdrop == white.backdrop


async def test_only_the_newest_preview_of_a_session_and_size_waits() -> None:
    turns = SupersedingSemaphore(1)
    done: list[str] = []
    waiting: list[str] = []
    begun, all_wait, may_end = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work(name: str, kind: str) -> None:
        waiting.append(name)
        if len(waiting) == 4:
            all_wait.set()
        async with turns.of(ANNA, kind):
            begun.set()
            await may_end.wait()
            done.append(name)

    first = asyncio.create_task(work("first", "drag"))
    await begun.wait()
    others = [asyncio.create_task(work(name, "drag")) for name in ("second", "third")]
    small = asyncio.create_task(work("small", "strip"))
    await all_wait.wait()
    may_end.set()
    found = await asyncio.gather(first, *others, small, return_exceptions=True)
    assert [type(one) for one in found] == [type(None), Superseded, type(None), type(None)]
    assert sorted(done) == ["first", "small", "third"]


async def test_too_many_previews_get_retry_after() -> None:
    turns = SupersedingSemaphore(1)
    may_end = asyncio.Event()

    async def work(kind: int) -> None:
        async with turns.of(ANNA, kind):
            await may_end.wait()

    tasks = [asyncio.create_task(work(kind)) for kind in range(USER_WAITING + 2)]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    refused = [task for task in tasks if task.done()]
    assert len(refused) == 1
    assert isinstance(error := refused[0].exception(), RateLimited)
    assert error.params["retry_after_seconds"] == 1
    may_end.set()
    await asyncio.gather(*tasks, return_exceptions=True)
