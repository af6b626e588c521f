"""Provider router: calls providers in order, retries, and falls back to the next one."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

import structlog

from stillroom.domain.errors import (
    ContentRefused,
    InputCorrupt,
    InternalError,
    ProviderTimeout,
    StillroomError,
)
from stillroom.domain.providers.reasons import INTERRUPTED, REFUSED, RETIRED, page_code_for
from stillroom.domain.providers.requests import (
    PREVIEW_ORDINAL,
    GeneratedPicture,
    GenerationRequest,
    Journal,
    Notice,
    ProviderEvent,
    StageReached,
    SubjectFound,
    Wanted,
)
from stillroom.providers.availability import FirstCheck
from stillroom.providers.capability_map import CallableModel, CapabilityMap, Route, Skipped
from stillroom.providers.circuit_breaker import Admission, CircuitBreakers
from stillroom.providers.outcomes import TIMEOUTS, Call, CallTimeouts, batches, reported_failure, retry_delay

_WHY_NOT = {Admission.REFUSED: "breaker_open", Admission.GONE: RETIRED}
"""Skip reasons for providers that the circuit breaker does not admit."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Router:
    """Calls providers in their order until every wanted candidate is made.

    Attributes:
        _refusal_fallback: Fallback after a content refusal: the local provider or the next cloud.
        first_check: Check of the vendors' model lists that the first call to a cloud waits for.
    """

    _capabilities: CapabilityMap
    _breakers: CircuitBreakers
    _refusal_fallback: Literal["local", "next"] = "local"
    _timeouts: CallTimeouts = TIMEOUTS
    first_check: FirstCheck | None = None

    async def generate(self, request: GenerationRequest, journal: Journal) -> AsyncGenerator[ProviderEvent]:
        """Generate the wanted candidates; those that one provider does not make go to the next.

        Yields the events of all providers in the order in which they occur. A picture counts as stored once
        the caller requests the next event. If some candidates could not be made, raises the StillroomError
        that the user can act on.
        """
        run = _Run(request, journal, self._breakers, self._refusal_fallback, self._timeouts)
        calling = asyncio.create_task(
            run.call_all(await self._route(request), partial(self._checked, request))
        )
        try:
            while (delivery := await run.deliveries.get()) is not None:
                yield delivery.event
                delivery.consumed.set()
            await calling
        finally:
            # Cancel every provider before returning, so that no work outlives the job.
            await _stopped([calling])

    async def _route(self, request: GenerationRequest) -> Route:
        route = self._capabilities.route(request, await self._breakers.states())
        if request.interrupted is None:
            return route
        return [_without_call(one) for one in route if one.name != request.interrupted]

    async def _checked(self, request: GenerationRequest) -> Route:
        """Return the route once the vendors' model lists have been read."""
        if self.first_check is not None:
            await self.first_check.wait()
        return await self._route(request)


@dataclass
class _Delivery:
    """An event in the queue to the caller."""

    event: ProviderEvent
    consumed: asyncio.Event = field(default_factory=asyncio.Event)


class _OverBudget(Exception):
    """The daily budget does not allow the call."""


@dataclass(eq=False, repr=False)
class _Run:
    """State of one request while its candidates are made."""

    _request: GenerationRequest
    _journal: Journal
    _breakers: CircuitBreakers
    _refusal_fallback: Literal["local", "next"]
    _timeouts: CallTimeouts

    def __post_init__(self) -> None:
        request = self._request
        self.deliveries: asyncio.Queue[_Delivery | None] = asyncio.Queue()
        self._missing = {one.ordinal: one for one in request.wanted}
        self._spare = request.spare_ordinal
        self._preview: GeneratedPicture | None = None
        self._previewed = PREVIEW_ORDINAL
        self._passed_over = [(request.interrupted, INTERRUPTED)] if request.interrupted else []
        self._failures: list[tuple[str, StillroomError]] = []
        self._calls: dict[asyncio.Task[StillroomError | None], Call] = {}
        self._at_work: set[Call] = set()

    async def call_all(self, route: Route, checked: Callable[[], Awaitable[Route]]) -> None:
        """Call the providers of the route until no candidate is missing. Raises StillroomError.

        Args:
            checked: Returns the route after the first check of the models, which no preview waits for.
        """
        local = next((one for one in route if isinstance(one, CallableModel) and one.is_local), None)
        previewing = None
        try:
            if any(isinstance(one, CallableModel) and not one.is_local for one in route):
                if local is not None and self._request.wants_preview:
                    previewing = asyncio.create_task(self._make_preview(local))
                route = await checked()
            for skipped in (one for one in route if isinstance(one, Skipped)):
                await self._journal.skip(skipped.name, skipped.reason)
            await self._call_clouds(route)
            if previewing is not None:
                await previewing
            if self._missing and local is not None:
                await self._last_resort(local)
            await self._wait_for_late_ones()
            if self._missing:
                raise reported_failure(self._failures)
        finally:
            await _stopped([*self._calls, *([previewing] if previewing else [])])
            self.deliveries.put_nowait(None)

    async def _call_clouds(self, route: Route) -> None:
        is_refused = False
        for one in route:
            if not self._missing:
                return
            if isinstance(one, Skipped):
                self._passed_over += [(one.name, one.reason)] if one.is_reported and not is_refused else []
            elif not one.is_local and is_refused:
                await self._journal.skip(one.name, REFUSED)
            elif not one.is_local:
                is_refused = not await self._call_cloud(one)

    async def _make_preview(self, local: CallableModel) -> None:
        """Generate the local preview. Raises InputCorrupt; any other failure leaves the job without one."""
        first = next(iter(self._missing.values()))
        self._previewed = first.ordinal
        error = await self._send(Call(local, (replace(first, ordinal=PREVIEW_ORDINAL),)))
        if isinstance(error, InputCorrupt):
            raise error

    async def _call_cloud(self, cloud: CallableModel) -> bool:
        """Ask one cloud for all missing candidates; return False if no other cloud shall be called."""
        while self._missing:
            admission = await self._breakers.admit(
                cloud.name, cloud.card.id, cloud.configuration, cloud.card.ceiling_seconds
            )
            if (why := _WHY_NOT.get(admission)) is not None:
                await self._journal.skip(cloud.name, why)
                self._passed_over.append((cloud.name, why))
                return True
            calls = batches(self._missing.values(), cloud.card.limits.candidates_per_call)
            if admission is Admission.CAREFUL:
                calls = calls[:1]
            await self._record_fallbacks(cloud)
            errors, is_over_budget = await self._call_in_parallel(cloud, calls)
            refusal = next((error for error in errors if isinstance(error, ContentRefused)), None)
            unpaid = "price_unknown" if cloud.card.cost_micro_usd is None else "over_budget"
            if is_over_budget:
                await self._journal.skip(cloud.name, unpaid)
                await self._breakers.unsent(cloud.name, cloud.card.id, cloud.configuration)
            if errors or is_over_budget:
                reason = page_code_for(refusal or errors[0]) if errors else unpaid
                self._passed_over.append((cloud.name, reason))
                return refusal is None or self._refusal_fallback == "next"
        return True

    async def _call_in_parallel(
        self, cloud: CallableModel, parts: list[tuple[Wanted, ...]]
    ) -> tuple[list[StillroomError], bool]:
        """Send calls in parallel; overdue ones continue in the background. Raises InputCorrupt.

        Returns the errors, and whether the budget stopped a call.
        """
        overdue_seconds = max(self._timeouts.floor_seconds, self._timeouts.factor * cloud.expected_seconds)
        if cloud.offer.long_wait:
            overdue_seconds = float("inf")
        calls = [Call(cloud, part, overdue_seconds=overdue_seconds) for part in parts]
        tasks = {asyncio.create_task(self._send(call)): call for call in calls}
        self._calls |= tasks
        await asyncio.gather(*(call.ended_or_overdue(task) for task, call in tasks.items()))
        ended = [task for task in tasks if task.done()]
        unsent = [task for task in ended if isinstance(task.exception(), _OverBudget)]
        errors = [error for task in ended if task not in unsent and (error := task.result()) is not None]
        errors += [ProviderTimeout(reason="slow") for task in tasks if not task.done()]
        self._failures += [(cloud.name, error) for error in errors]
        damaged = next((error for error in errors if isinstance(error, InputCorrupt)), None)
        if damaged is not None:
            raise damaged
        return errors, bool(unsent)

    async def _last_resort(self, local: CallableModel) -> None:
        """Make the missing candidates locally; promote the preview if it shows one of them."""
        await self._record_fallbacks(local)
        if self._preview is not None and self._previewed in self._missing:
            await self._deliver(replace(self._preview, ordinal=self._previewed))
        if not self._missing:
            return
        error = await self._send(Call(local, tuple(self._missing.values())))
        if error is not None:
            self._failures.append((local.name, error))

    async def _send(self, call: Call) -> StillroomError | None:
        """Send a call, retry it once if that is promising, and record the result.

        Returns the reason why it delivered too little; None if it is complete. Raises _OverBudget if it
        was not sent.
        """
        error = await self._attempt(call)
        if error is not None and (wait := retry_delay(error)) is not None:
            await asyncio.sleep(wait)
            with suppress(_OverBudget):  # The first error is still reported.
                error = await self._attempt(call)
        if error is not None and not call.model.is_local:
            await self._breakers.failed(call.model.name, call.model.card.id, call.model.configuration, error)
        return error

    async def _attempt(self, call: Call) -> StillroomError | None:
        called = call.model
        call_id = await self._journal.begin(
            called.name, called.provider.model_in_use, call.expected_micro_usd
        )
        if call_id is None:
            raise _OverBudget
        call.begun(call_id)
        self._at_work.add(call)
        self._report_waiting()
        receiving = asyncio.create_task(self._receive(call))
        try:
            await asyncio.wait([receiving])
        finally:
            if not receiving.done():
                await _stopped([receiving])
            self._at_work.discard(call)
            self._report_waiting()
        error = self._error_of(call, receiving)
        await self._journal.end(call.id, call.end(error))
        call.is_open = False
        if call.delivered and not called.is_local:
            await self._breakers.succeeded(called.name, called.card.id, called.configuration, call.latency_ms)
        return error

    def _error_of(self, call: Call, receiving: asyncio.Task[None]) -> StillroomError | None:
        """Return the error of a finished call; an adapter's internal error counts as a provider failure."""
        error = receiving.exception()
        if error is None:
            return call.shortfall()
        if isinstance(error, StillroomError):
            return error
        if not isinstance(error, Exception):
            raise error
        log.error("provider_broke", model_name=call.model.name, exc_info=error)
        return InternalError(reason="bug")

    async def _receive(self, call: Call) -> None:
        """Forward the provider's events; the time to store pictures does not count as provider time."""
        request = replace(self._request, wanted=call.batch)
        ordinals = [one.ordinal for one in call.batch]
        try:
            async with aclosing(call.model.provider.generate(request)) as events:
                while True:
                    started = time.monotonic()
                    event = await anext(events, None)
                    call.waited_seconds += time.monotonic() - started
                    match event:
                        case None:
                            return
                        case GeneratedPicture():
                            await self._receive_picture(call, event, ordinals)
                        case StageReached() | Notice() | SubjectFound():
                            self._forward(call, event)
        finally:
            call.answered()
            self._report_waiting()

    def _forward(self, call: Call, event: StageReached | Notice | SubjectFound) -> None:
        self.deliveries.put_nowait(_Delivery(event))
        if isinstance(event, StageReached):
            call.reached(event)
            self._report_waiting()

    async def _receive_picture(self, call: Call, picture: GeneratedPicture, ordinals: list[int]) -> None:
        if picture.ordinal == PREVIEW_ORDINAL and PREVIEW_ORDINAL not in ordinals:
            # The local provider shows what it can before its cut-out is complete; the candidates follow.
            await self._deliver(picture)
            return
        await self._deliver(self._placed(picture, ordinals))
        call.delivered += 1
        call.unverified += not picture.verified

    def _report_waiting(self) -> None:
        is_waiting = bool(self._at_work) and all(call.is_with_vendor for call in self._at_work)
        self._journal.wait(is_waiting=is_waiting)

    def _placed(self, picture: GeneratedPicture, ordinals: list[int]) -> GeneratedPicture:
        """Assign an ordinal: a wanted one, or a spare one if the picture is unverified or too late."""
        if PREVIEW_ORDINAL in ordinals:
            self._preview = picture
            return replace(picture, ordinal=PREVIEW_ORDINAL)
        wanted = [ordinal for ordinal in ordinals if ordinal in self._missing]
        if picture.verified and wanted:
            # Its own, unless a late call has made that one meanwhile: each has a plan of its own.
            ordinal = picture.ordinal if picture.ordinal in wanted else wanted[0]
            ordinals.remove(ordinal)
            return replace(picture, ordinal=ordinal)
        ordinal, self._spare = self._spare, self._spare + 1
        return replace(picture, ordinal=ordinal)

    async def _deliver(self, picture: GeneratedPicture) -> None:
        """Queue a picture for the caller and wait until it is stored."""
        self._missing.pop(picture.ordinal, None)
        delivery = _Delivery(picture)
        self.deliveries.put_nowait(delivery)
        await delivery.consumed.wait()

    async def _record_fallbacks(self, target: CallableModel) -> None:
        passed_over, self._passed_over = self._passed_over, []
        for source, reason in passed_over:
            await self._journal.fall_back(source, target.name, reason)

    async def _wait_for_late_ones(self) -> None:
        """Wait for paid calls a little longer, then cancel them and record their outcome as unknown."""
        late = [task for task in self._calls if not task.done()]
        if not late:
            return
        _, running = await asyncio.wait(late, timeout=self._timeouts.late_seconds)
        await _stopped(running)
        for task in running:
            if self._calls[task].is_open:
                await self._journal.end(self._calls[task].id, self._calls[task].abandoned())


def _without_call(one: CallableModel | Skipped) -> CallableModel | Skipped:
    """A provider of the route after an interrupted call: no cloud is called or reported again."""
    if one.is_local:
        return one
    return Skipped(one.name, one.reason if isinstance(one, Skipped) else INTERRUPTED)


async def _stopped(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks, wait for them and retrieve their exceptions, so that asyncio does not log them."""
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.exception()
