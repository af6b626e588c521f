"""The first picture of a turn, made from a provisional cut-out, and the candidate that follows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from stillroom.domain.errors import StorageUnavailable
from stillroom.domain.ids import JobId
from stillroom.domain.measures import Measures
from stillroom.domain.ports import UnitOfWork
from stillroom.domain.variants import Variant, VariantRole
from stillroom.storage.database import Database
from stillroom.storage.unit_of_work import SqlTransactions
from stillroom.web.schemas.events import ProgressEvent, event_answer
from tests.integration.application.concurrency import Interrupted, lock_watch
from tests.integration.application.turns import SHADE, Turns
from tests.integration.storage.rows import ANNA

pytestmark = pytest.mark.anyio


async def shown(turns: Turns) -> list[tuple[VariantRole, int]]:
    view = await turns.studio.sessions.view(turns.session.id, ANNA)
    return [(variant.role, variant.ordinal) for variant in view.variants]


async def replaced_by_events(turns: Turns, job_id: JobId) -> list[str | None]:
    """The preview that each picture's event replaces, as clients see it."""
    events = [event_answer(event, "en") async for event in turns.studio.events.follow(job_id, 0)]
    return [one.replaces for one in events if isinstance(one, ProgressEvent) and one.stage == "store"]


def seen_before_the_candidate(turns: Turns) -> list[Variant]:
    """A list that receives the pictures of the session just before the first candidate is made."""
    early: list[Variant] = []

    async def look() -> None:
        early.extend((await turns.studio.sessions.view(turns.session.id, ANNA)).variants)

    turns.maker.before_picture = look
    return early


async def test_candidate_replaces_the_provisional_picture(turns: Turns) -> None:
    turns.maker.shade_of_preview = 2 * SHADE
    early = seen_before_the_candidate(turns)
    made = await turns.turn("白色背景")
    assert [one.role for one in early] == [VariantRole.PREVIEW], "there is a picture before the candidate"
    assert await shown(turns) == [(VariantRole.CANDIDATE, 1)]
    events = [event async for event in turns.studio.events.follow(made.job_id, 0)]
    named = [key for event in events for key in event.data.get("variant_ids", ()) if key in event.variants]
    assert named == [made.id], "the end of the job names its candidates"
    stages = [event.data["stage"] for event in events if event.data.get("variant_id")]
    assert stages == ["prepare", "store"], "work on the candidate goes on after the preview"
    assert await replaced_by_events(turns, made.job_id) == [early[0].id]


async def test_provisional_picture_becomes_the_candidate_if_it_is_the_same(turns: Turns) -> None:
    turns.maker.shade_of_preview = SHADE
    turns.maker.measures = Measures(edge_confidence=0.97)
    early = seen_before_the_candidate(turns)
    made = await turns.turn("白色背景")
    assert [made.id] == [preview.id for preview in early]
    assert (made.role, made.ordinal) == (VariantRole.CANDIDATE, 1)
    assert made.measures.edge_confidence == 0.97, "measured once the cut-out was complete"
    assert await shown(turns) == [(VariantRole.CANDIDATE, 1)]


async def test_provisional_picture_that_the_user_chose_stays(turns: Turns) -> None:
    turns.maker.shade_of_preview = 2 * SHADE

    async def choose() -> None:
        [early] = (await turns.studio.sessions.view(turns.session.id, ANNA)).variants
        await turns.studio.photos.selection.adopt(early.id, ANNA)

    turns.maker.before_picture = choose
    made = await turns.turn("白色背景")
    assert await shown(turns) == [(VariantRole.PREVIEW, 0), (VariantRole.CANDIDATE, 1)]
    assert await replaced_by_events(turns, made.job_id) == [None]


@pytest.mark.parametrize("database_kind", ["postgresql"])
async def test_provisional_picture_can_be_adopted_while_its_candidate_is_stored(
    turns: Turns, transactions: SqlTransactions, database: Database
) -> None:
    turns.maker.shade_of_preview = 2 * SHADE
    begun, adopting, failed = asyncio.Event(), list[asyncio.Task[Variant]](), list[StorageUnavailable]()

    @asynccontextmanager
    async def noting(*, read_only: bool = False, uses_reserve: bool = False) -> AsyncIterator[UnitOfWork]:
        try:
            async with transactions(read_only=read_only, uses_reserve=uses_reserve) as tx:
                yield tx
        except StorageUnavailable as error:
            failed.append(error)
            raise

    async with lock_watch(database) as is_waiting:

        async def wait_for_the_candidate() -> None:
            begun.set()
            while not await is_waiting():
                pass

        async def choose() -> None:
            [early] = (await turns.studio.sessions.view(turns.session.id, ANNA)).variants
            late = Interrupted(transactions, "variants", "adopt", wait_for_the_candidate)
            selection = replace(turns.studio.photos.selection, _unit_of_work=late)
            adopting.append(asyncio.create_task(selection.adopt(early.id, ANNA)))
            await begun.wait()

        turns.maker.before_picture = choose
        turns.generation = replace(turns.generation, _unit_of_work=noting)
        await turns.turn("白色背景")
        await adopting[0]
    assert failed == []
    assert await shown(turns) == [(VariantRole.PREVIEW, 0), (VariantRole.CANDIDATE, 1)]


async def test_deleted_session_leaves_no_file_of_a_replaced_picture(turns: Turns) -> None:
    turns.maker.shade_of_preview = 2 * SHADE
    early = seen_before_the_candidate(turns)
    await turns.turn("白色背景")
    await turns.studio.sessions.delete(turns.session.id, ANNA)
    left = {blob.key async for blobs in turns.blobs.list() for blob in blobs}
    assert early[0].blob_key not in left
