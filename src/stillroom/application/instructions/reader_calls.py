"""Calls of the reader model: rate limit, budget, pause after failures, record and cache."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

import structlog

from stillroom.application.limits.budget import budget_of
from stillroom.domain.errors import ContentRefused, StillroomError
from stillroom.domain.ids import IdFactory, OwnerId
from stillroom.domain.ports import (
    Clock,
    ProviderCall,
    RateLimiter,
    Reader,
    ReaderAnswer,
    ReaderQuestion,
    UnitOfWorkFactory,
)
from stillroom.domain.providers.usage import CallOutcome

READER = "reader"
"""Provider name of reader calls in usage and logs, and the prefix of their rate limit."""

OPERATION = "read"

PAUSE_SECONDS = 30.0
"""Pause after a failed call, so that an outage does not cost every instruction the deadline."""

KEPT = 256
"""Answers kept in memory: the preview of an instruction and its job ask the same question."""

log = structlog.get_logger(__name__)


class ReaderCalls:
    """Asks the reader model; every failure means that there is no answer."""

    def __init__(
        self,
        reader: Reader,
        unit_of_work: UnitOfWorkFactory,
        limiter: RateLimiter,
        ids: IdFactory,
        clock: Clock,
        daily_budget_micro_usd: int | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Without a budget every call is allowed."""
        self._reader = reader
        self._unit_of_work = unit_of_work
        self._limiter = limiter
        self._ids = ids
        self._clock = clock
        self._budget = daily_budget_micro_usd
        self._monotonic = monotonic
        self._paused_until = float("-inf")
        self._answers: OrderedDict[str, ReaderAnswer] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[ReaderAnswer | None]] = {}

    def price(self, question: ReaderQuestion) -> int:
        """Return an upper estimate of a call's price in millionths of a US dollar."""
        return self._reader.expected_micro_usd(question)

    async def ask(self, question: ReaderQuestion, owner_id: OwnerId) -> ReaderAnswer | None:
        """Return the reader's answer; None if it must not be asked now or did not answer."""
        key = f"{owner_id}\0{question!r}"
        if (known := self._answers.get(key)) is not None:
            return known
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._answer(key, question, owner_id))
            self._under_way[key] = task
            task.add_done_callback(lambda _: self._under_way.pop(key, None))
        # A caller that gives up does not interrupt the call, which is paid for and whose answer is kept.
        return await asyncio.shield(task)

    async def _answer(self, key: str, question: ReaderQuestion, owner_id: OwnerId) -> ReaderAnswer | None:
        if self._monotonic() < self._paused_until:
            return None
        if not (await self._limiter.take(f"{READER}:{owner_id}")).is_granted:
            return None
        call = await self._begin(question, owner_id)
        if call is None:
            return None
        begun = self._monotonic()
        try:
            answer = await self._reader.read(question)
        except StillroomError as error:
            outcome: CallOutcome = "refused" if isinstance(error, ContentRefused) else "failed"
            reason = str(error.params.get("reason", error.code))
            await self._end(
                replace(
                    call,
                    outcome=outcome,
                    reason=reason,
                    cost_micro_usd=error.params.get("cost_micro_usd", 0),
                    provider_request_id=error.params.get("provider_request_id"),
                ),
                begun,
            )
            if outcome == "failed":
                wait = float(error.params.get("retry_after_seconds") or PAUSE_SECONDS)
                self._paused_until = self._monotonic() + wait
            return None
        await self._end(
            replace(
                call,
                outcome="ok",
                cost_micro_usd=answer.cost_micro_usd,
                provider_request_id=answer.provider_request_id,
            ),
            begun,
        )
        self._answers[key] = answer
        if len(self._answers) > KEPT:
            self._answers.popitem(last=False)
        return answer

    async def _begin(self, question: ReaderQuestion, owner_id: OwnerId) -> ProviderCall | None:
        """Record a call at its highest price before it is sent; None if the budget does not allow it."""
        price = self._reader.expected_micro_usd(question)
        call = ProviderCall(
            id=self._ids.provider_call(),
            job_id=None,
            owner_id=owner_id,
            provider=READER,
            model=self._reader.model,
            operation=OPERATION,
            started_at=self._clock(),
            cost_micro_usd=price,
        )
        async with self._unit_of_work() as tx:
            if self._budget is not None and price:
                await tx.owners.hold(owner_id)
                if not (await budget_of(tx, owner_id, self._clock(), self._budget)).allows(price):
                    return None
            await tx.provider_calls.add(call)
        return call

    async def _end(self, call: ProviderCall, begun: float) -> None:
        latency_ms = round((self._monotonic() - begun) * 1000)
        done = replace(call, latency_ms=latency_ms, finished_at=self._clock())
        log.info(
            "provider_call",
            job_id=None,
            session_id=None,
            provider=done.provider,
            model_name=done.model,
            operation=done.operation,
            outcome=done.outcome,
            reason=done.reason,
            latency_ms=latency_ms,
            cost_usd=done.cost_micro_usd / 1e6,
        )
        async with self._unit_of_work() as tx:
            await tx.provider_calls.complete(done)
