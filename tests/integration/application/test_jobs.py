"""Asking for work: once per key, within limits, and again for what is missing."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from stillroom.application.jobs.orders import Order
from stillroom.domain.errors import IdempotencyMismatch, NotFound, PromptInvalid, RateLimited
from stillroom.domain.ids import JobId, VariantId
from stillroom.domain.jobs.events import EventType
from stillroom.domain.jobs.job import JobStatus, LeaseLost
from stillroom.domain.providers.requests import Operation
from stillroom.domain.sessions import Session
from tests.integration.application.desk import Desk, open_desk
from tests.integration.storage.rows import ANNA, BORIS, a_variant, an_edit, moved_in

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """One process."""
    async with open_desk(database_url, tmp_path) as desk:
        yield desk


@pytest.fixture
async def other_desk(desk: Desk, database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:  # noqa: ARG001
    """Another process on the same database."""
    async with open_desk(database_url, tmp_path) as other:
        yield other


def an_order(session: Session, candidates: int = 3) -> Order:
    return Order(session.id, Operation.OPTIMIZE, "", candidates)


async def test_hundred_concurrent_requests_with_one_key_make_one_job(desk: Desk, other_desk: Desk) -> None:
    session = await moved_in(desk.transactions)
    submissions = await asyncio.gather(
        *(
            (desk, other_desk)[number % 2].jobs.submit(an_order(session), ANNA, key="press")
            for number in range(100)
        )
    )
    assert len({submission.view.job.id for submission in submissions}) == 1
    assert sum(not submission.replayed for submission in submissions) == 1
    assert {submission.quota.allowance.remaining for submission in submissions} <= {29, 30}
    async with desk.transactions(read_only=True) as tx:
        (job,) = await tx.jobs.of_session(session.id)
        (event,) = await tx.events.after(job.id, 0, 10)
    assert event.type is EventType.QUEUED


async def test_the_same_key_for_another_request_is_refused(desk: Desk) -> None:
    session = await moved_in(desk.transactions)
    await desk.jobs.submit(an_order(session), ANNA, key="press")
    with pytest.raises(IdempotencyMismatch):
        await desk.jobs.submit(an_order(session, candidates=2), ANNA, key="press")


async def test_concurrent_requests_respect_the_owners_queue_limit(desk: Desk, other_desk: Desk) -> None:
    session = await moved_in(desk.transactions)
    asked = await asyncio.gather(
        *((desk, other_desk)[number % 2].jobs.submit(an_order(session), ANNA) for number in range(40)),
        return_exceptions=True,
    )
    refused = [answer for answer in asked if isinstance(answer, RateLimited)]
    assert len(asked) - len(refused) == 20
    assert {error.params["policy"] for error in refused} == {"waiting"}
    async with desk.transactions(read_only=True) as tx:
        assert await tx.jobs.count(ANNA, JobStatus.QUEUED) == 20


async def test_refused_request_consumes_no_quota_and_frees_its_key(desk: Desk) -> None:
    session = await moved_in(desk.transactions)
    for _ in range(20):
        await desk.jobs.submit(an_order(session), ANNA)
    with pytest.raises(RateLimited):
        await desk.jobs.submit(an_order(session), ANNA, key="press")
    await desk.lifecycle.claim("w1", 2)
    accepted = await desk.jobs.submit(an_order(session), ANNA, key="press")
    assert not accepted.replayed
    assert accepted.quota.waiting == 19


NOTHING_UNDERSTOOD = [
    (Operation.OPTIMIZE, "独角兽", "not_understood"),
    (Operation.BG_REPLACE, "wibble wobble", "not_understood"),
    (Operation.REFINE, "add a plant", "not_possible"),
    (Operation.REFINE, "换个背景", "ambiguous"),
]


@pytest.mark.parametrize(("operation", "prompt", "reason"), NOTHING_UNDERSTOOD)
async def test_unreadable_instruction_makes_no_job_and_costs_nothing(
    desk: Desk, operation: Operation, prompt: str, reason: str
) -> None:
    session = await moved_in(desk.transactions)
    order = Order(session.id, operation, prompt, 1)
    with pytest.raises(PromptInvalid) as refused:
        await desk.jobs.submit(order, ANNA, key="press")
    (told,) = refused.value.params["told_back"]
    assert (told["text"], told["reason"]) == (prompt, reason)
    assert told["suggestion"]
    assert prompt in refused.value.detail
    async with desk.transactions(read_only=True) as tx:
        assert not await tx.jobs.of_session(session.id)
    accepted = await desk.jobs.submit(replace(order, prompt="暖一点"), ANNA, key="press")
    assert not accepted.replayed
    assert accepted.quota.allowance.remaining == 29


@pytest.mark.parametrize(
    ("operation", "prompt", "template"),
    [
        (Operation.OPTIMIZE, "独角兽，暖一点", None),
        (Operation.BG_REPLACE, "独角兽", "bg_replace.transparent"),
        (Operation.BG_REPLACE, "换个背景", None),
        (Operation.OPTIMIZE, "一键优化", None),
        (Operation.REFINE, "保留文字", None),
    ],
)
async def test_request_with_any_change_makes_a_job(
    desk: Desk, operation: Operation, prompt: str, template: str | None
) -> None:
    session = await moved_in(desk.transactions)
    order = Order(session.id, operation, prompt, 1, template=template)
    assert (await desk.jobs.submit(order, ANNA)).view.job.prompt == prompt


async def test_instruction_for_a_generative_model_makes_a_job(database_url: str, tmp_path: Path) -> None:
    async with open_desk(database_url, tmp_path, clouds=("gemini",)) as desk:
        session = await moved_in(desk.transactions)
        order = Order(session.id, Operation.REFINE, "独角兽", 1)
        assert (await desk.jobs.submit(order, ANNA)).view.job.prompt == "独角兽"
        with pytest.raises(PromptInvalid):
            await desk.jobs.submit(replace(order, provider="local"), ANNA)


async def test_instruction_for_a_missing_picture_is_not_read(desk: Desk) -> None:
    session = await moved_in(desk.transactions)
    order = Order(session.id, Operation.REFINE, "独角兽", 1, variant_id=VariantId("var_none"))
    with pytest.raises(NotFound):
        await desk.jobs.submit(order, ANNA)


async def test_the_single_job_of_one_owner_is_not_stuck_behind_fifty_of_another(desk: Desk) -> None:
    anna, boris = await moved_in(desk.transactions, ANNA), await moved_in(desk.transactions, BORIS)
    async with desk.transactions() as tx:
        for _ in range(50):
            await tx.jobs.add(desk.jobs._new_job(an_order(anna), "", ANNA, None, None))
    await desk.lifecycle.claim("w1", 9)
    single = await desk.jobs.submit(an_order(boris), BORIS)
    assert single.view.position is not None
    assert single.view.position <= 2
    claimed = await desk.lifecycle.claim("w2", 1)
    assert [job.owner_id for job in claimed] == [BORIS]


async def test_a_retry_asks_for_exactly_the_missing_candidates(desk: Desk) -> None:
    session = await moved_in(desk.transactions)
    await desk.jobs.submit(an_order(session, candidates=4), ANNA)
    [job] = map(an_edit, await desk.lifecycle.claim("w1", 1))
    async with desk.transactions() as tx:
        for ordinal in (1, 3):
            await tx.variants.add(a_variant(job, ordinal))
    await desk.jobs.cancel(job.id, ANNA)
    again = (await desk.jobs.retry(job.id, ANNA)).view.job
    assert (again.retry_of, again.candidates, again.wanted_ordinals) == (job.id, 2, (2, 4))
    assert (await desk.jobs.view(again.id, ANNA)).job.wanted_ordinals == (2, 4)


async def a_stopped_job(desk: Desk, session: Session) -> JobId:
    job_id = (await desk.jobs.submit(an_order(session), ANNA)).view.job.id
    await desk.jobs.cancel(job_id, ANNA)
    return job_id


@pytest.mark.parametrize("key", ["press", None])
async def test_a_hundred_retries_at_once_make_one_job(desk: Desk, other_desk: Desk, key: str | None) -> None:
    session = await moved_in(desk.transactions)
    stopped = await a_stopped_job(desk, session)
    submissions = await asyncio.gather(
        *((desk, other_desk)[number % 2].jobs.retry(stopped, ANNA, key=key) for number in range(100))
    )
    assert len({submission.view.job.id for submission in submissions}) == 1
    assert sum(not submission.replayed for submission in submissions) == 1
    async with desk.transactions(read_only=True) as tx:
        assert await tx.jobs.count(ANNA, JobStatus.QUEUED) == 1


async def test_failed_retry_can_be_retried_unless_it_is_the_same_request(desk: Desk) -> None:
    stopped = await a_stopped_job(desk, await moved_in(desk.transactions))
    first = (await desk.jobs.retry(stopped, ANNA, key="press")).view.job
    [running] = map(an_edit, await desk.lifecycle.claim("w1", 1))
    assert (await desk.jobs.retry(stopped, ANNA)).view.job.id == running.id == first.id
    await desk.jobs.cancel(first.id, ANNA)
    same = await desk.jobs.retry(stopped, ANNA, key="press")
    assert (same.view.job.id, same.replayed) == (first.id, True)
    again = await desk.jobs.retry(stopped, ANNA)
    assert (again.view.job.id != first.id, again.replayed) == (True, False)


async def test_a_key_of_another_request_does_not_retry(desk: Desk) -> None:
    session = await moved_in(desk.transactions)
    stopped, other = await a_stopped_job(desk, session), await a_stopped_job(desk, session)
    await desk.jobs.submit(an_order(session), ANNA, key="submitted")
    await desk.jobs.retry(other, ANNA, key="retried")
    for key in ("submitted", "retried"):
        with pytest.raises(IdempotencyMismatch):
            await desk.jobs.retry(stopped, ANNA, key=key)


async def test_a_canceled_job_is_not_written_to_any_more(desk: Desk) -> None:
    session = await moved_in(desk.transactions)
    await desk.jobs.submit(an_order(session), ANNA)
    [job] = map(an_edit, await desk.lifecycle.claim("w1", 1))
    await desk.jobs.cancel(job.id, ANNA)
    with pytest.raises(LeaseLost):
        await desk.lifecycle.succeed(job)
    assert await desk.lifecycle.keep([job]) == frozenset()
    assert (await desk.jobs.view(job.id, ANNA)).job.status is JobStatus.CANCELED
