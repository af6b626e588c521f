"""Job requests: idempotency keys, limits, cancellation and retries."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from stillroom.application.jobs.orders import Order
from stillroom.domain.errors import IdempotencyMismatch, NotFound, PromptInvalid, RateLimited
from stillroom.domain.ids import JobId, VariantId
from stillroom.domain.jobs.events import EventType
from stillroom.domain.jobs.job import Job, JobStatus, LeaseLost
from stillroom.domain.providers.requests import Operation
from stillroom.domain.sessions import Session
from tests.integration.application.job_services import JobServices, WritingLimiter, open_job_services
from tests.integration.storage.rows import ANNA, BORIS, a_variant, an_edit, queued_jobs, room, stored_session

pytestmark = pytest.mark.anyio


def an_order(session: Session, candidates: int = 3) -> Order:
    return Order(session.id, Operation.OPTIMIZE, "", candidates)


async def test_hundred_concurrent_requests_with_one_key_make_one_job(
    services: JobServices, elsewhere: JobServices
) -> None:
    session = await stored_session(services.transactions)
    submissions = await asyncio.gather(
        *(
            (services, elsewhere)[number % 2].jobs.submit(an_order(session), ANNA, key="press")
            for number in range(100)
        )
    )
    assert len({submission.view.job.id for submission in submissions}) == 1
    assert sum(not submission.replayed for submission in submissions) == 1
    assert {submission.quota.allowance.remaining for submission in submissions} <= {29, 30}
    async with services.transactions(read_only=True) as tx:
        (job,) = await tx.jobs.of_session(session.id)
        (event,) = await tx.events.after(job.id, 0, 10)
    assert event.type is EventType.QUEUED


async def test_repeated_request_is_recognised_although_its_changes_are_stored_in_another_spelling(
    services: JobServices,
) -> None:
    session = await stored_session(services.transactions)
    changes = {"backdrop": {"kind": "color", "color": "#FFAA00"}, "tone": {}}
    order = Order(session.id, Operation.BG_REPLACE, "", 1, changes=changes)
    first = await services.jobs.submit(order, ANNA, key="press")
    second = await services.jobs.submit(order, ANNA, key="press")
    assert first.view.job.changes == {"backdrop": {"kind": "color", "color": "#ffaa00"}}
    assert (second.view.job.id, second.replayed) == (first.view.job.id, True)


async def test_the_same_key_for_another_request_is_refused(services: JobServices) -> None:
    session = await stored_session(services.transactions)
    await services.jobs.submit(an_order(session), ANNA, key="press")
    with pytest.raises(IdempotencyMismatch):
        await services.jobs.submit(an_order(session, candidates=2), ANNA, key="press")


async def test_concurrent_requests_respect_the_owners_queue_limit(
    services: JobServices, elsewhere: JobServices
) -> None:
    session = await stored_session(services.transactions)
    asked = await asyncio.gather(
        *((services, elsewhere)[number % 2].jobs.submit(an_order(session), ANNA) for number in range(40)),
        return_exceptions=True,
    )
    refused = [answer for answer in asked if isinstance(answer, RateLimited)]
    assert len(asked) - len(refused) == 20
    assert {error.params["policy"] for error in refused} == {"waiting"}
    async with services.transactions(read_only=True) as tx:
        assert await tx.jobs.count(ANNA, JobStatus.QUEUED) == 20


async def test_refused_request_consumes_no_quota_and_frees_its_key(services: JobServices) -> None:
    session = await stored_session(services.transactions)
    for _ in range(20):
        await services.jobs.submit(an_order(session), ANNA)
    with pytest.raises(RateLimited):
        await services.jobs.submit(an_order(session), ANNA, key="press")
    await services.lifecycle.claim("w1", room(2))
    accepted = await services.jobs.submit(an_order(session), ANNA, key="press")
    assert not accepted.replayed
    assert accepted.quota.waiting == 19


async def test_no_transaction_is_open_while_the_rate_limit_is_asked(
    services: JobServices, database_url: str, tmp_path: Path
) -> None:
    session = await stored_session(services.transactions)
    limiter = WritingLimiter(30, services.transactions)
    async with open_job_services(database_url, tmp_path, limiter=limiter) as limited:
        job = (await limited.jobs.submit(an_order(session), ANNA, key="press")).view.job
        await limited.jobs.cancel(job.id, ANNA)
        assert not (await limited.jobs.retry(job.id, ANNA)).replayed


async def test_request_over_the_rate_limit_makes_no_job_and_frees_its_key(
    database_url: str, tmp_path: Path
) -> None:
    async with open_job_services(database_url, tmp_path, per_minute=1) as services:
        session = await stored_session(services.transactions)
        await services.jobs.submit(an_order(session), ANNA)
        with pytest.raises(RateLimited) as refused:
            await services.jobs.submit(an_order(session), ANNA, key="press")
        assert refused.value.params["policy"] == "jobs"
        async with services.transactions(read_only=True) as tx:
            assert len(await tx.jobs.of_session(session.id)) == 1
            assert await tx.idempotency.find(ANNA, "press") is None


NOTHING_UNDERSTOOD = [
    (Operation.OPTIMIZE, "独角兽", "not_understood"),
    (Operation.BG_REPLACE, "wibble wobble", "not_understood"),
    (Operation.REFINE, "add a plant", "not_possible"),
    (Operation.REFINE, "换个背景", "ambiguous"),
]


@pytest.mark.parametrize(("operation", "prompt", "reason"), NOTHING_UNDERSTOOD)
async def test_unreadable_instruction_makes_no_job_and_costs_nothing(
    services: JobServices, operation: Operation, prompt: str, reason: str
) -> None:
    session = await stored_session(services.transactions)
    order = Order(session.id, operation, prompt, 1)
    with pytest.raises(PromptInvalid) as refused:
        await services.jobs.submit(order, ANNA, key="press")
    (told,) = refused.value.params["told_back"]
    assert (told["text"], told["reason"]) == (prompt, reason)
    assert told["suggestion"]
    assert prompt in refused.value.detail
    async with services.transactions(read_only=True) as tx:
        assert not await tx.jobs.of_session(session.id)
    accepted = await services.jobs.submit(replace(order, prompt="暖一点"), ANNA, key="press")
    assert not accepted.replayed
    assert accepted.quota.allowance.remaining == 29


@pytest.mark.parametrize(
    ("operation", "prompt", "template"),
    [
        (Operation.OPTIMIZE, "独角兽，暖一点", None),
        (Operation.BG_REPLACE, "独角兽", "bg_replace.transparent"),
        (Operation.BG_REPLACE, "换个背景", None),
        (Operation.OPTIMIZE, "一键优化", None),
    ],
)
async def test_request_with_any_change_makes_a_job(
    services: JobServices, operation: Operation, prompt: str, template: str | None
) -> None:
    session = await stored_session(services.transactions)
    order = Order(session.id, operation, prompt, 1, template=template)
    assert (await services.jobs.submit(order, ANNA)).view.job.prompt == prompt


@pytest.mark.parametrize(
    ("operation", "prompt"),
    [
        *((Operation.REFINE, prompt) for prompt in ("保留文字", "保持现在这样", "keep the background", "no")),
        *((Operation.BG_REPLACE, prompt) for prompt in ("你好", "hello", "thanks!", "好的", "别动", "no")),
        *((Operation.OPTIMIZE, prompt) for prompt in ("谢谢", "ok", "keep everything as it is")),
    ],
)
@pytest.mark.parametrize("clouds", [(), ("gemini",)])
async def test_prompt_that_asks_for_no_change_makes_no_job(
    database_url: str, tmp_path: Path, operation: Operation, prompt: str, clouds: tuple[str, ...]
) -> None:
    async with open_job_services(database_url, tmp_path, clouds=clouds) as services:
        session = await stored_session(services.transactions)
        with pytest.raises(PromptInvalid) as refused:
            await services.jobs.submit(Order(session.id, operation, prompt, 1), ANNA)
    assert refused.value.params["reason"] == "refused"
    assert refused.value.params["told_back"][0]["suggestion"]


async def test_instruction_for_a_generative_model_makes_a_job(database_url: str, tmp_path: Path) -> None:
    async with open_job_services(database_url, tmp_path, clouds=("gemini",)) as services:
        session = await stored_session(services.transactions)
        order = Order(session.id, Operation.REFINE, "独角兽", 1)
        assert (await services.jobs.submit(order, ANNA)).view.job.prompt == "独角兽"
        with pytest.raises(PromptInvalid):
            await services.jobs.submit(replace(order, provider="local"), ANNA)


async def test_instruction_for_a_missing_picture_is_not_read(services: JobServices) -> None:
    session = await stored_session(services.transactions)
    order = Order(session.id, Operation.REFINE, "独角兽", 1, variant_id=VariantId("var_none"))
    with pytest.raises(NotFound):
        await services.jobs.submit(order, ANNA)


async def test_the_single_job_of_one_owner_is_not_stuck_behind_fifty_of_another(
    services: JobServices,
) -> None:
    anna, boris = (
        await stored_session(services.transactions, ANNA),
        await stored_session(services.transactions, BORIS),
    )
    await queued_jobs(services.transactions, anna, *(0,) * 50)
    await services.lifecycle.claim("w1", room(9))
    single = await services.jobs.submit(an_order(boris), BORIS)
    assert single.view.position is not None
    assert single.view.position <= 2
    claimed = await services.lifecycle.claim("w2", room())
    assert [job.owner_id for job in claimed] == [BORIS]


async def test_a_retry_asks_for_exactly_the_missing_candidates(services: JobServices) -> None:
    session = await stored_session(services.transactions)
    await services.jobs.submit(an_order(session, candidates=4), ANNA)
    [job] = map(an_edit, await services.lifecycle.claim("w1", room()))
    async with services.transactions() as tx:
        for ordinal in (1, 3):
            await tx.variants.add(a_variant(job, ordinal))
    await services.jobs.cancel(job.id, ANNA)
    again = (await services.jobs.retry(job.id, ANNA)).view.job
    assert (again.retry_of, again.candidates, again.wanted_ordinals) == (job.id, 2, (2, 4))
    assert (await services.jobs.view(again.id, ANNA)).job.wanted_ordinals == (2, 4)


async def a_stopped_job(services: JobServices, session: Session) -> JobId:
    job_id = (await services.jobs.submit(an_order(session), ANNA)).view.job.id
    await services.jobs.cancel(job_id, ANNA)
    return job_id


@pytest.mark.parametrize("key", ["press", None])
async def test_a_hundred_retries_at_once_make_one_job(
    services: JobServices, elsewhere: JobServices, key: str | None
) -> None:
    session = await stored_session(services.transactions)
    stopped = await a_stopped_job(services, session)
    submissions = await asyncio.gather(
        *((services, elsewhere)[number % 2].jobs.retry(stopped, ANNA, key=key) for number in range(100))
    )
    assert len({submission.view.job.id for submission in submissions}) == 1
    assert sum(not submission.replayed for submission in submissions) == 1
    async with services.transactions(read_only=True) as tx:
        assert await tx.jobs.count(ANNA, JobStatus.QUEUED) == 1


async def test_failed_retry_can_be_retried_unless_it_is_the_same_request(services: JobServices) -> None:
    stopped = await a_stopped_job(services, await stored_session(services.transactions))
    first = (await services.jobs.retry(stopped, ANNA, key="press")).view.job
    [running] = map(an_edit, await services.lifecycle.claim("w1", room()))
    assert (await services.jobs.retry(stopped, ANNA)).view.job.id == running.id == first.id
    await services.jobs.cancel(first.id, ANNA)
    same = await services.jobs.retry(stopped, ANNA, key="press")
    assert (same.view.job.id, same.replayed) == (first.id, True)
    again = await services.jobs.retry(stopped, ANNA)
    assert (again.view.job.id != first.id, again.replayed) == (True, False)


async def test_a_key_of_another_request_does_not_retry(services: JobServices) -> None:
    session = await stored_session(services.transactions)
    stopped, other = await a_stopped_job(services, session), await a_stopped_job(services, session)
    await services.jobs.submit(an_order(session), ANNA, key="submitted")
    await services.jobs.retry(other, ANNA, key="retried")
    for key in ("submitted", "retried"):
        with pytest.raises(IdempotencyMismatch):
            await services.jobs.retry(stopped, ANNA, key=key)


async def test_a_job_canceled_many_times_at_once_is_canceled_once(
    services: JobServices, elsewhere: JobServices
) -> None:
    job_id = (
        await services.jobs.submit(an_order(await stored_session(services.transactions)), ANNA)
    ).view.job.id
    ended: list[Job] = []
    services.lifecycle.on_ended = elsewhere.lifecycle.on_ended = ended.append
    views = await asyncio.gather(
        *((services, elsewhere)[number % 2].jobs.cancel(job_id, ANNA) for number in range(6))
    )
    assert {view.job.status for view in views} == {JobStatus.CANCELED}
    assert len({view.job.finished_at for view in views}) == len(ended) == 1
    async with services.transactions(read_only=True) as tx:
        events = await tx.events.after(job_id, 0, 10)
    assert [event.type for event in events] == [EventType.QUEUED, EventType.CANCELED]


async def test_a_canceled_job_is_not_written_to_any_more(services: JobServices) -> None:
    session = await stored_session(services.transactions)
    await services.jobs.submit(an_order(session), ANNA)
    [job] = map(an_edit, await services.lifecycle.claim("w1", room()))
    canceled = (await services.jobs.cancel(job.id, ANNA)).job
    with pytest.raises(LeaseLost):
        await services.lifecycle.succeed(job)
    assert await services.lifecycle.renew([job]) == frozenset()
    async with services.transactions(read_only=True) as tx:
        events = await tx.events.after(job.id, 0, 10)
    assert events[-1].type is EventType.CANCELED
    assert canceled.last_seq == events[-1].seq == len(events)
    assert (await services.jobs.view(job.id, ANNA)).job.status is JobStatus.CANCELED
