"""Redo: a corrected cut-out and the job that uses it are stored in one transaction."""

import asyncio
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from stillroom.application.jobs.redo import Redo
from stillroom.application.jobs.views import Submission
from stillroom.application.photos.mattes import Mattes, MatteView
from stillroom.domain.errors import IdempotencyMismatch, NotFound, RateLimited
from stillroom.domain.ids import IdFactory, VariantId
from stillroom.domain.jobs.job import Job
from stillroom.domain.mattes import Correction
from stillroom.domain.providers.requests import Operation
from stillroom.domain.sessions import Session
from stillroom.domain.variants import Variant
from tests.integration.application.conftest import WatchedBlobs
from tests.integration.application.job_services import JobServices, now, open_job_services
from tests.integration.application.orange_finder import DOT, PHOTO, OrangeFinder
from tests.integration.storage.rows import ANNA, BORIS, a_job, a_variant, later, stored_session

pytestmark = pytest.mark.anyio


@pytest.fixture
def finder() -> OrangeFinder:
    """The computation of cut-outs."""
    return OrangeFinder()


@pytest.fixture
def mattes(services: JobServices, blobs: WatchedBlobs, finder: OrangeFinder) -> Mattes:
    """The service of cut-outs."""
    return Mattes(services.transactions, blobs, finder, IdFactory(), now)


@pytest.fixture
def redo(services: JobServices, mattes: Mattes) -> Redo:
    """The service under test."""
    return Redo(services.jobs, mattes)


@pytest.fixture
async def session(services: JobServices, blobs: WatchedBlobs) -> Session:
    """Anna's, with its photo in the store."""
    session = await stored_session(services.transactions)
    async with services.transactions(read_only=True) as tx:
        asset = await tx.assets.get(session.asset_id, ANNA)
    await blobs.put(asset.blob_key, PHOTO, "image/png")
    return session


async def stored(services: JobServices, job: Job, ordinals: tuple[int, ...]) -> list[Variant]:
    made = [a_variant(job, ordinal) for ordinal in ordinals]
    async with services.transactions() as tx:
        await tx.jobs.add(job)
        for variant in made:
            await tx.variants.add(variant)
    return made


async def redone(redo: Redo, session: Session, variant: Variant | None = None, key: str | None = None) -> Job:
    made = await redo.correct(session.id, ANNA, DOT, variant.id if variant else None, key=key)
    assert isinstance(made, Submission)
    return made.view.job


async def test_the_newest_picture_is_made_again_as_it_was_asked_for(
    services: JobServices, redo: Redo, mattes: Mattes, session: Session
) -> None:
    (first,) = await stored(services, a_job(session), (1,))
    refined = replace(
        a_job(session, later(5), prompt="背景深一点"),
        type=Operation.REFINE,
        base_variant_id=first.id,
        provider="local",
    )
    await stored(services, refined, (1,))
    job = await redone(redo, session)
    assert (job.type, job.prompt, job.base_variant_id) == (Operation.REFINE, "背景深一点", first.id)
    assert (job.provider, job.wanted_ordinals, job.candidates) == ("local", (1,), 1)
    assert job.retry_of == refined.id
    correction = await mattes.correction_of(session.id)
    assert correction is not None
    assert correction.correction == DOT


async def test_adopted_candidate_is_the_one_made_again(
    services: JobServices, redo: Redo, session: Session
) -> None:
    made = await stored(services, a_job(session), (1, 2, 3))
    assert (await redone(redo, session)).wanted_ordinals == (1,)
    async with services.transactions() as tx:
        await tx.variants.adopt(made[1].id, later(9))
    assert (await redone(redo, session)).wanted_ordinals == (2,)
    async with services.transactions() as tx:
        await tx.variants.adopt(made[0].id, later(10))
        await tx.variants.adopt(made[1].id, later(11))
        assert [one.ordinal for one in await tx.variants.of_job(made[0].job_id) if one.adopted_at] == [2]
    assert (await redone(redo, session)).wanted_ordinals == (2,)
    assert (await redone(redo, session, made[2])).wanted_ordinals == (3,)


async def test_a_picture_beyond_those_asked_for_is_made_again_as_the_first(
    services: JobServices, redo: Redo, session: Session
) -> None:
    *_, spare = await stored(services, a_job(session), (1, 2, 3, 4))
    assert (await redone(redo, session, spare)).wanted_ordinals == (1,)


async def test_without_a_picture_the_correction_alone_is_stored(
    redo: Redo, mattes: Mattes, session: Session
) -> None:
    view = await redo.correct(session.id, ANNA, DOT, None)
    assert isinstance(view, MatteView)
    assert await mattes.correction_of(session.id) == view.matte


async def test_returning_to_the_automatic_cut_out_makes_the_picture_again(
    services: JobServices, redo: Redo, mattes: Mattes, session: Session
) -> None:
    await stored(services, a_job(session), (1,))
    await redone(redo, session)
    assert isinstance(await redo.correct(session.id, ANNA, None, None), Submission)
    assert await mattes.correction_of(session.id) is None


async def test_one_key_makes_one_job_and_computes_one_correction(
    services: JobServices, redo: Redo, finder: OrangeFinder, session: Session
) -> None:
    await stored(services, a_job(session), (1,))
    jobs = await asyncio.gather(*(redone(redo, session, key="press") for _ in range(5)))
    assert len({job.id for job in jobs}) == 1
    async with services.transactions(read_only=True) as tx:
        assert len([one for one in await tx.mattes.of_session(session.id) if one.correction]) == 1
    with pytest.raises(IdempotencyMismatch):
        await redo.correct(session.id, ANNA, Correction(grow=1.0), None, key="press")
    assert len(finder.named) == 1


async def test_a_key_from_before_an_update_is_recognised(
    services: JobServices, redo: Redo, session: Session
) -> None:
    job = a_job(session)
    await stored(services, job, (1,))
    asked = json.dumps({"redo": [session.id, None, DOT.model_dump(mode="json")]})
    async with services.transactions() as tx:
        earlier = hashlib.sha256(asked.encode()).hexdigest()
        await tx.idempotency.reserve(ANNA, "press", earlier, job.id, job.created_at)
    assert (await redone(redo, session, key="press")).id == job.id


async def test_a_refused_job_leaves_the_cutout_as_it_was(
    services: JobServices, redo: Redo, mattes: Mattes, finder: OrangeFinder, session: Session
) -> None:
    await stored(services, a_job(session), (1,))
    for _ in range(19):
        await redone(redo, session)
    before = await mattes.correction_of(session.id)
    with pytest.raises(RateLimited):
        await redo.correct(session.id, ANNA, Correction(grow=1.0), None)
    assert await mattes.correction_of(session.id) == before
    assert len(finder.named) == 19, "nothing is computed for a refused request"


async def test_no_correction_is_computed_for_a_job_beyond_the_rate(
    services: JobServices,
    mattes: Mattes,
    finder: OrangeFinder,
    session: Session,
    database_url: str,
    tmp_path: Path,
) -> None:
    await stored(services, a_job(session), (1,))
    async with open_job_services(database_url, tmp_path, per_minute=1) as limited:
        redo = Redo(limited.jobs, mattes)
        await redone(redo, session)
        with pytest.raises(RateLimited):
            await redo.correct(session.id, ANNA, DOT, None)
    assert len(finder.named) == 1


async def test_session_of_another_owner_or_picture_of_another_session_cannot_be_redone(
    services: JobServices, redo: Redo, mattes: Mattes, finder: OrangeFinder, session: Session
) -> None:
    (elsewhere,) = await stored(services, a_job(await stored_session(services.transactions, BORIS)), (1,))
    with pytest.raises(NotFound):
        await redo.correct(session.id, ANNA, DOT, elsewhere.id)
    with pytest.raises(NotFound):
        await redo.correct(elsewhere.session_id, BORIS, DOT, VariantId("var_none"))
    with pytest.raises(NotFound):
        await redo.correct(session.id, BORIS, DOT, None)
    assert await mattes.correction_of(session.id) is None
    assert finder.named == []
