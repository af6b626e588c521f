"""Mattes: their owners, the correction in force, and how many are kept."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

import cv2
import pytest

from stillroom.application.housekeeping import Housekeeping
from stillroom.application.jobs.handlers import WorkerSlot
from stillroom.application.limits.superseding_semaphore import Superseded
from stillroom.application.photos.mattes import Mattes
from stillroom.application.photos.selection import Selection
from stillroom.domain.errors import Conflict, NotFound, ValidationFailed
from stillroom.domain.ids import IdFactory, OwnerId
from stillroom.domain.jobs.job import LeaseLost
from stillroom.domain.mattes import (
    MAX_CORRECTIONS,
    NO_HINTS,
    Correction,
    FoundMatte,
    MatteBox,
    MattePoint,
    PhotoHints,
    Stroke,
    Subject,
    Subjects,
    notices_on,
)
from stillroom.domain.providers.requests import GenerationRequest, Journal, ProviderEvent, SubjectFound
from stillroom.domain.sessions import Session
from stillroom.imaging.cutout.photo_masks import cover_in
from stillroom.providers.cutouts.cache import Cutouts
from stillroom.storage.unit_of_work import SqlTransactions
from stillroom.web.schemas.mattes import matte_answer
from tests.integration.application.conftest import NO_CUTOUTS, HandMovedClock, WatchedBlobs
from tests.integration.application.orange_finder import (
    DOT,
    PHOTO,
    SIDE,
    OrangeFinder,
    found_in,
)
from tests.integration.application.turns import Turns
from tests.integration.storage.rows import BORIS, an_edit, room

pytestmark = pytest.mark.anyio

PATIENCE_SECONDS = 60


@pytest.fixture
def finder() -> OrangeFinder:
    """Stands for the network."""
    return OrangeFinder()


@pytest.fixture
def mattes(
    transactions: SqlTransactions, blobs: WatchedBlobs, finder: OrangeFinder, clock: HandMovedClock
) -> Mattes:
    """The service."""

    def ticking() -> datetime:
        clock.move(seconds=1)
        return clock.now

    return Mattes(transactions, blobs, finder, IdFactory(), ticking)


async def test_product_is_segmented_once(mattes: Mattes, session: Session, finder: OrangeFinder) -> None:
    first = await mattes.current(session.id, session.owner_id)
    assert await mattes.current(session.id, session.owner_id) == first
    assert finder.asked == [None]
    assert cover_in(await mattes.file_of(first.matte)).shape == (SIDE, SIDE)


async def test_a_correction_counts_although_the_clock_was_set_back_since_the_last_one(
    mattes: Mattes, session: Session, clock: HandMovedClock
) -> None:
    await mattes.correct(session.id, session.owner_id, DOT)
    await mattes.undo(session.id, session.owner_id)
    for grow in (1.0, 2.0):
        clock.move(hours=-1)
        await mattes.correct(session.id, session.owner_id, Correction(grow=grow))
        matte = await mattes.correction_of(session.id)
        assert matte is not None
        assert matte.correction == Correction(grow=grow)


async def test_opening_a_matte_prepares_the_prompt_network_for_its_photo(
    mattes: Mattes, session: Session, finder: OrangeFinder, blobs: WatchedBlobs
) -> None:
    view = await mattes.current(session.id, session.owner_id)
    await mattes.expect_points(view)
    assert finder.expected == [view.asset.sha256]
    await blobs.put(view.asset.blob_key, b"no photo", "image/png")
    await mattes.expect_points(view)  # the point itself will say what is wrong


async def test_concurrent_job_and_eager_cut_out_store_one_matte(mattes: Mattes, session: Session) -> None:
    found = [mattes.store_found(session.id, session.owner_id, found_in(PHOTO, "orange")) for _ in range(2)]
    one, other = await asyncio.gather(*found)
    assert one == other


async def test_two_processes_that_find_the_same_matte_store_one(
    mattes: Mattes, session: Session, blobs: WatchedBlobs
) -> None:
    both_look = threading.Barrier(2)
    orange = found_in(PHOTO, "orange")

    def cover() -> bytes:
        both_look.wait(PATIENCE_SECONDS)
        return orange.cover()

    found = replace(orange, cover=cover)
    one, other = await asyncio.gather(
        *(process.store_found(session.id, session.owner_id, found) for process in (mattes, replace(mattes)))
    )
    assert one == other
    assert {key for key in await blobs.keys() if key.startswith("mattes/")} == {one.blob_key}


class LateFinder:
    """Finds the product after something else has happened."""

    def __init__(self, meanwhile: Callable[[], Awaitable[object]]) -> None:
        self._meanwhile = meanwhile

    async def generate(self, request: GenerationRequest, journal: Journal) -> AsyncGenerator[ProviderEvent]:
        del request, journal
        await self._meanwhile()
        yield SubjectFound(found_in(PHOTO, "orange"))


async def test_worker_without_its_lease_stores_no_matte(turns: Turns, transactions: SqlTransactions) -> None:
    await turns.submit("white")
    lifecycle = turns.studio.work.lifecycle
    [job] = map(an_edit, await lifecycle.claim("w1", room()))
    finder = LateFinder(partial(lifecycle.release, job))
    with pytest.raises(LeaseLost):
        await replace(turns.generation, _maker=finder).run(job, WorkerSlot())
    async with transactions(read_only=True) as tx:
        assert await tx.mattes.of_session(job.session_id) == ()
    assert [one async for page in turns.blobs.list("mattes") for one in page] == []


async def test_matte_of_another_network_replaces_the_automatic_one(mattes: Mattes, session: Session) -> None:
    old = await mattes.current(session.id, session.owner_id)
    same = await mattes.store_found(session.id, session.owner_id, found_in(PHOTO, "orange"))
    assert same == old.matte
    better = await mattes.store_found(session.id, session.owner_id, found_in(PHOTO, "better"))
    assert (await mattes.current(session.id, session.owner_id)).matte == better


async def test_matte_after_a_second_opinion_replaces_the_first_one(mattes: Mattes, session: Session) -> None:
    first = await mattes.store_found(session.id, session.owner_id, found_in(PHOTO, "orange"))
    second = replace(found_in(PHOTO, "orange"), edge_confidence=0.6)
    assert await mattes.store_found(session.id, session.owner_id, second) != first
    assert (await mattes.current(session.id, session.owner_id)).matte.edge_confidence == 0.6


async def test_correction_starts_from_the_automatic_matte(mattes: Mattes, session: Session) -> None:
    await mattes.correct(session.id, session.owner_id, DOT)
    plain = await mattes.correct(session.id, session.owner_id, Correction())
    found = await mattes.undo(session.id, session.owner_id)
    assert (
        cv2.norm(cover_in(await mattes.file_of(plain.matte)), cover_in(await mattes.file_of(found.matte)))
        == 0
    )


async def test_undo_removes_every_correction_and_later_ones_apply_again(
    mattes: Mattes, session: Session
) -> None:
    for _ in range(2):
        await mattes.correct(session.id, session.owner_id, DOT)
    assert (await mattes.undo(session.id, session.owner_id)).matte.correction is None
    assert await mattes.correction_of(session.id) is None
    latest = await mattes.correct(session.id, session.owner_id, DOT)
    assert await mattes.correction_of(session.id) == latest.matte


async def test_only_the_latest_corrections_are_kept(
    mattes: Mattes, session: Session, blobs: WatchedBlobs, transactions: SqlTransactions
) -> None:
    for _ in range(MAX_CORRECTIONS + 2):
        latest = await mattes.correct(session.id, session.owner_id, DOT)
    async with transactions(read_only=True) as tx:
        kept = await tx.mattes.of_session(session.id)
    assert len(kept) == MAX_CORRECTIONS + 1, "and what was found"
    assert kept[0] == latest.matte
    assert {key for key in await blobs.keys() if key.startswith("mattes/")} == {one.blob_key for one in kept}


async def test_box_is_passed_to_the_matting(mattes: Mattes, session: Session, finder: OrangeFinder) -> None:
    box = MatteBox(x=0.1, y=0.1, w=0.8, h=0.8)
    await mattes.correct(session.id, session.owner_id, Correction(box=box))
    assert finder.asked == [None, box]


@pytest.mark.parametrize("stranger", [BORIS, OwnerId("own_nobody")])
async def test_cut_out_of_another_owner_is_not_found(
    mattes: Mattes,
    session: Session,
    stranger: OwnerId,
    transactions: SqlTransactions,
    blobs: WatchedBlobs,
    clock: HandMovedClock,
) -> None:
    own = await mattes.correct(session.id, session.owner_id, DOT)
    attempts: list[Callable[[], Awaitable[object]]] = [
        lambda: mattes.current(session.id, stranger),
        lambda: mattes.preview(session.id, stranger, DOT),
        lambda: mattes.correct(session.id, stranger, DOT),
        lambda: mattes.undo(session.id, stranger),
        lambda: Selection(transactions, blobs, clock).find_matte(own.matte.id, stranger),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            await attempt()
    assert (await mattes.current(session.id, session.owner_id)).matte == own.matte


async def test_matte_files_are_not_swept_as_orphans(
    mattes: Mattes,
    session: Session,
    transactions: SqlTransactions,
    blobs: WatchedBlobs,
    clock: HandMovedClock,
) -> None:
    view = await mattes.correct(session.id, session.owner_id, DOT)
    await blobs.put("mattes/mat_of_nobody.png", b"left behind", "image/png")
    clock.now = clock.now.replace(year=2099)
    await Housekeeping(transactions, blobs, clock, Cutouts(NO_CUTOUTS)).sweep_orphans()
    keys = await blobs.keys()
    assert view.matte.blob_key in keys
    assert "mattes/mat_of_nobody.png" not in keys


@pytest.mark.parametrize("correction", [None, Correction(box=MatteBox(x=0.2, y=0.2, w=0.6, h=0.6))])
async def test_a_matte_of_a_session_that_is_deleted_meanwhile_leaves_no_file(
    mattes: Mattes,
    session: Session,
    transactions: SqlTransactions,
    blobs: WatchedBlobs,
    clock: HandMovedClock,
    correction: Correction | None,
) -> None:
    class SlowFinder(OrangeFinder):
        async def find(self, photo: bytes, sha256: str, hints: PhotoHints = NO_HINTS) -> FoundMatte:
            async with transactions() as tx:
                await tx.sessions.remove(session.id)
            return await super().find(photo, sha256, hints)

    slow = Mattes(transactions, blobs, SlowFinder(), IdFactory(), clock)
    if correction is not None:
        await mattes.current(session.id, session.owner_id)
    before = await blobs.keys()
    attempt = slow.current if correction is None else partial(slow.correct, correction=correction)
    with pytest.raises((Conflict, NotFound)):
        await attempt(session.id, session.owner_id)
    assert await blobs.keys() == before


async def test_newer_preview_of_a_session_ends_the_one_before_it(
    mattes: Mattes, session: Session, finder: OrangeFinder
) -> None:
    points = [MattePoint(x=0.5, y=0.5, mode="remove")]
    finder.waits_until_given_up = True
    first = asyncio.create_task(mattes.preview(session.id, session.owner_id, Correction(points=points)))
    await finder.is_waiting.wait()
    newer = await mattes.preview(session.id, session.owner_id, Correction(points=[*points, *points]))
    assert newer.file
    with pytest.raises(Superseded):
        await first


async def test_chosen_subjects_are_passed_on_and_unknown_ones_are_refused(
    transactions: SqlTransactions, blobs: WatchedBlobs, session: Session, clock: HandMovedClock
) -> None:
    two = Subjects(items=(subject("s1", chosen=True), subject("s2", chosen=False)), certain=False)

    class TwoFinder(OrangeFinder):
        async def find(self, photo: bytes, sha256: str, hints: PhotoHints = NO_HINTS) -> FoundMatte:
            return replace(await super().find(photo, sha256, hints), subjects=two)

    finder = TwoFinder()
    mattes = Mattes(transactions, blobs, finder, IdFactory(), clock)
    found = matte_answer(await mattes.current(session.id, session.owner_id))
    assert not found.certain
    assert [one.chosen for one in found.subjects] == [True, False]
    assert found.subjects[1].outline_url == f"/image/{found.id}?subject=s2"
    clock.move(seconds=1)
    await mattes.correct(session.id, session.owner_id, Correction(subjects=["s2"]))
    assert finder.named == [["s2"]]
    stored = matte_answer(await mattes.current(session.id, session.owner_id))
    assert stored.certain
    assert [one.chosen for one in stored.subjects] == [False, True]
    with pytest.raises(ValidationFailed):
        await mattes.preview(session.id, session.owner_id, Correction(subjects=["s3"]))
    selection = Selection(transactions, blobs, clock)
    assert await selection.outline(found.id, "s2", session.owner_id) == b"outline of s2"
    for subject_id, owner in (("s3", session.owner_id), ("s2", BORIS)):
        with pytest.raises(NotFound):
            await selection.outline(found.id, subject_id, owner)


def subject(subject_id: str, *, chosen: bool) -> Subject:
    box = MatteBox(x=0.1, y=0.1, w=0.3, h=0.3)
    outline = f"outline of {subject_id}".encode()
    return Subject(id=subject_id, box=box, share=0.09, score=0.5, chosen=chosen, outline=outline)


async def test_correction_that_removes_everything_reports_a_missing_product(
    mattes: Mattes, session: Session
) -> None:
    everything = Stroke(mode="remove", radius=0.25, points=[[0.5, 0.5], [0.3, 0.3], [0.7, 0.7]])
    nothing = Correction(strokes=[everything])
    preview = await mattes.preview(session.id, session.owner_id, nothing)
    assert notices_on(preview.edge_confidence) == ("NO_PRODUCT_FOUND",)
    view = await mattes.correct(session.id, session.owner_id, nothing)
    assert matte_answer(view).notices == ("NO_PRODUCT_FOUND",)
    assert matte_answer(await mattes.undo(session.id, session.owner_id)).notices == ()
