"""Calls of the reader model: rate limit, budget, pause after failures, record and cache."""

import asyncio
import time
from dataclasses import dataclass, replace
from functools import partial
from math import ceil
from typing import Any, TypeVar

from cachetools import FIFOCache

from stillroom.application.limits.budget import log_call, may_spend
from stillroom.domain.errors import ContentRefused, ProviderUnavailable, RateLimited, StillroomError
from stillroom.domain.ids import BatchId, IdFactory, JobId, OwnerId, SessionId
from stillroom.domain.ports import (
    Clock,
    ProviderCall,
    Question,
    RateLimiter,
    Reader,
    ReaderAnswer,
    UnitOfWorkFactory,
)
from stillroom.domain.providers.reasons import treatment_of

T = TypeVar("T")

READER = "reader"
"""Provider name of reader calls in usage and logs, and the prefix of their rate limits."""

PAUSE_SECONDS = 30.0
"""Pause of one kind of question after a failed call, so that an outage does not cost each the deadline."""

CACHE_SIZE = 256
"""Answers kept in memory: the preview of an instruction and its job ask the same question."""


class NoAnswer(Exception):
    """The reader did not answer; `error` says why."""

    def __init__(self, error: StillroomError) -> None:
        super().__init__(error.detail)
        self.error = error


class NotAsked(NoAnswer):
    """The reader must not be asked now, because of a pause, a rate limit or a budget."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """The owner and the work that a call is made for.

    Attributes:
        owner_id: Owner whose budget pays.
        session_id: The session that it is about, if any, for the log.
        job_id: The job that is being ordered, if any, for the log; it is not stored yet.
        batch_id: The batch whose budget pays as well, if any.
    """

    owner_id: OwnerId
    session_id: SessionId | None = None
    job_id: JobId | None = None
    batch_id: BatchId | None = None


@dataclass
class ReaderCalls:
    """Asks the reader model within its limits.

    Without a budget every call is allowed.
    """

    _reader: Reader
    _unit_of_work: UnitOfWorkFactory
    _limiter: RateLimiter
    _ids: IdFactory
    _clock: Clock
    _budget: int | None = None

    def __post_init__(self) -> None:
        self._paused_until: dict[str, float] = {}
        self._answers: FIFOCache[str, ReaderAnswer[Any]] = FIFOCache(CACHE_SIZE)
        self._under_way: dict[str, asyncio.Task[ReaderAnswer[Any]]] = {}

    @property
    def model(self) -> str:
        return self._reader.model

    def price(self, question: Question[T]) -> int:
        """Return an upper estimate of a call's price in millionths of a US dollar."""
        return self._reader.expected_micro_usd(question)

    async def ask(self, question: Question[T], purpose: Purpose) -> ReaderAnswer[T] | None:
        """Return the reader's answer; None if it must not be asked now or did not answer."""
        try:
            return await self.demand(question, purpose)
        except NoAnswer:
            return None

    async def demand(self, question: Question[T], purpose: Purpose) -> ReaderAnswer[T]:
        """Return the reader's answer, as `ask` does. Raises NoAnswer."""
        key = f"{purpose.owner_id}\0{question!r}"
        if (known := self._answers.get(key)) is not None:
            return known
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._answer(key, question, purpose))
            self._under_way[key] = task
            task.add_done_callback(partial(self._ended, key))
        # A caller that gives up does not interrupt the call, which is paid for and whose answer is kept.
        return await asyncio.shield(task)

    def _ended(self, key: str, task: asyncio.Task[ReaderAnswer[Any]]) -> None:
        self._under_way.pop(key, None)
        if not task.cancelled():
            task.exception()  # retrieved, because every caller may have given up

    async def _answer(self, key: str, question: Question[T], purpose: Purpose) -> ReaderAnswer[T]:
        await self._check_rate(question, purpose.owner_id)
        call = await self._begin(question, purpose)
        if call is None:
            raise NotAsked(ProviderUnavailable("The budget for models is used up.", reason="over_budget"))
        begun = time.monotonic()
        try:
            answer = await self._reader.ask(question)
        except StillroomError as error:
            failed = _failed(call, error)
            await self._end(failed, begun, purpose)
            if failed.outcome == "failed":
                wait = error.retry_after_seconds or PAUSE_SECONDS
                self._paused_until[question.action] = time.monotonic() + wait
            raise NoAnswer(error) from error
        answered = replace(
            call,
            outcome="ok",
            cost_micro_usd=answer.cost_micro_usd,
            provider_request_id=answer.provider_request_id,
        )
        await self._end(answered, begun, purpose)
        self._answers[key] = answer
        return answer

    async def _check_rate(self, question: Question[T], owner_id: OwnerId) -> None:
        """Raise NotAsked during a pause, and when the owner asks too often."""
        pause = self._paused_until.get(question.action, float("-inf")) - time.monotonic()
        if pause > 0:
            detail = "The reader model has just failed and is not asked for a while."
            raise NotAsked(
                ProviderUnavailable(detail, reason="breaker_open", retry_after_seconds=ceil(pause))
            )
        allowance = await self._limiter.consume(f"{READER}:{question.action}:{owner_id}")
        if not allowance.is_granted:
            detail = "The reader model is asked too often."
            seconds = ceil(allowance.retry_after_seconds)
            raise NotAsked(RateLimited(detail, retry_after_seconds=seconds))

    async def _begin(self, question: Question[T], purpose: Purpose) -> ProviderCall | None:
        """Record a call at its highest price before it is sent; None if a budget does not allow it."""
        call = ProviderCall(
            id=self._ids.provider_call(),
            job_id=None,
            owner_id=purpose.owner_id,
            provider=READER,
            model=self._reader.model,
            operation=question.action,
            started_at=self._clock(),
            cost_micro_usd=self.price(question),
            batch_id=purpose.batch_id,
        )
        async with self._unit_of_work() as tx:
            if not await may_spend(tx, call, call.started_at, self._budget):
                return None
            await tx.provider_calls.add(call)
        return call

    async def _end(self, call: ProviderCall, begun: float, purpose: Purpose) -> None:
        took = round((time.monotonic() - begun) * 1000)
        done = replace(call, latency_ms=took, finished_at=self._clock())
        log_call(done, purpose.job_id, purpose.session_id)
        async with self._unit_of_work() as tx:
            await tx.provider_calls.complete(done)


def _failed(call: ProviderCall, error: StillroomError) -> ProviderCall:
    """Return a failed call; without a stated cost, one that may be billed keeps the price it began with."""
    kept = call.cost_micro_usd if treatment_of(error.reason).may_be_billed else 0
    return replace(
        call,
        outcome="refused" if isinstance(error, ContentRefused) else "failed",
        reason=error.reason or error.code,
        cost_micro_usd=error.cost_micro_usd or kept,
        provider_request_id=error.provider_request_id,
    )
