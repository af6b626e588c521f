"""Circuit breakers for cloud models; the state is in the database and shared by all processes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum

from stillroom.domain.errors import (
    ProviderRateLimited,
    ProviderRejectedRequest,
    ProviderTimeout,
    ProviderUnavailable,
    StillroomError,
)
from stillroom.domain.ports import Clock, ProviderState, UnitOfWork, UnitOfWorkFactory
from stillroom.domain.providers.reasons import treatment_of

IN_A_ROW = 3
"""Consecutive transient failures after which a breaker opens."""

_DROPPED_SECONDS, _UNREACHABLE_SECONDS = 60.0, 30.0
_RATE_SECONDS, _MAX_RATE_SECONDS = 30.0, 300.0  # doubled with every consecutive opening
_DOUBLED_AT_MOST = 10  # doublings; reaches the maximum and cannot overflow a float
_QUOTA_SECONDS = 15 * 60.0
_AUTH_SECONDS = 10 * 60.0
_GONE_SECONDS = 24 * 3600.0
_MIN_SECONDS = 1.0

LATENCY_WEIGHT = 0.2
"""Weight of the newest observation in the exponential moving average."""


class Admission(Enum):
    """Whether calls are admitted."""

    FREE = "free"
    CAREFUL = "careful"
    """Admit one call first: the last one failed, or this is the probe of a half-open breaker."""
    REFUSED = "refused"
    GONE = "gone"
    """Rejected: the model or the service no longer exists."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Effect of a failure on the breaker.

    It says whether the breaker opens at once or after several in a row, and for how long it stays open.
    """

    at_once: bool
    seconds: float


def verdict_on(error: StillroomError, openings: int) -> Verdict | None:
    """Return the effect of a failure on the breaker; None if it concerns the request only."""
    lasts = treatment_of(error.reason).lasts
    if isinstance(error, ProviderRejectedRequest):
        return Verdict(True, _AUTH_SECONDS)
    if lasts == "day":
        return Verdict(True, _GONE_SECONDS)
    if lasts == "money":
        return Verdict(True, _QUOTA_SECONDS)
    if isinstance(error, ProviderRateLimited):
        wait = error.retry_after_seconds
        unknown = min(_MAX_RATE_SECONDS, _RATE_SECONDS * 2 ** min(openings, _DOUBLED_AT_MOST))
        return Verdict(True, unknown if wait is None else max(wait, _MIN_SECONDS))
    if lasts == "request":
        return None
    if isinstance(error, ProviderUnavailable | ProviderTimeout):
        return Verdict(False, _UNREACHABLE_SECONDS if error.reason == "unreachable" else _DROPPED_SECONDS)
    return None


def admission_to(state: ProviderState | None, configuration: str, now: datetime) -> Admission:
    """Return whether the state admits a call."""
    if state is None or state.configuration != configuration:
        return Admission.FREE
    if state.breaker == "closed":
        return Admission.CAREFUL if state.failures else Admission.FREE
    due = state.open_until is None or now >= state.open_until
    if due:
        return Admission.CAREFUL
    return Admission.GONE if treatment_of(state.reason or "").is_gone else Admission.REFUSED


def after_failure(state: ProviderState, error: StillroomError, now: datetime) -> ProviderState:
    """Return the state after a failed call."""
    verdict = verdict_on(error, state.openings)
    if verdict is None:
        # The provider responded, so a half-open breaker can close.
        if state.breaker == "half_open":
            return _closed(state, now)
        return state
    failures = state.failures + 1
    reason = error.reason or error.code
    opens = verdict.at_once or state.breaker != "closed" or failures >= IN_A_ROW
    if not opens:
        return replace(state, failures=failures, reason=reason, updated_at=now)
    until = now + timedelta(seconds=verdict.seconds)
    # A call that started before the breaker opened must not shorten the wait.
    if state.breaker == "open" and state.open_until is not None:
        until = max(until, state.open_until)
    again = 0 if state.breaker == "open" else 1
    return replace(
        state,
        breaker="open",
        open_until=until,
        failures=failures,
        openings=state.openings + again,
        reason=reason,
        updated_at=now,
    )


def after_success(state: ProviderState, latency_ms: float, now: datetime) -> ProviderState:
    """Return the state after a successful call."""
    old = state.latency_ms
    average = latency_ms if old is None else old + LATENCY_WEIGHT * (latency_ms - old)
    return replace(_closed(state, now), latency_ms=round(average, 1))


def _closed(state: ProviderState, now: datetime) -> ProviderState:
    return replace(
        state, breaker="closed", open_until=None, reason=None, failures=0, openings=0, updated_at=now
    )


class CircuitBreakers:
    """The circuit breakers of all models, stored in the database."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, clock: Clock) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock

    async def states(self) -> dict[tuple[str, str], ProviderState]:
        """Return the states of all models by provider and model."""
        async with self._unit_of_work(read_only=True) as tx:
            return {(state.provider, state.model): state for state in await tx.provider_states.all()}

    async def admit(self, provider: str, model: str, configuration: str, probe_seconds: float) -> Admission:
        """Ask whether a call may be sent; a half-open breaker admits one of several concurrent callers.

        A probe blocks other callers for at most `probe_seconds`.
        """
        async with self._unit_of_work(read_only=True) as tx:
            state = await tx.provider_states.get(provider, model)
        admission = admission_to(state, configuration, self._clock())
        if state is None or state.breaker == "closed" or admission is not Admission.CAREFUL:
            return admission
        async with self._unit_of_work() as tx:
            state = await tx.provider_states.get(provider, model)
            now = self._clock()
            if state is None or state.breaker == "closed":
                return Admission.CAREFUL
            admission = admission_to(state, configuration, now)
            if admission is not Admission.CAREFUL:
                return admission
            until = now + timedelta(seconds=probe_seconds)
            await tx.provider_states.save(
                replace(state, breaker="half_open", open_until=until, updated_at=now)
            )
        return Admission.CAREFUL

    async def unsent(self, provider: str, model: str, configuration: str) -> None:
        """Record that an admitted call was not sent; if it was the probe, the next caller may send one."""
        now = self._clock()
        await self._change(
            provider,
            model,
            configuration,
            lambda old: replace(old, open_until=now) if old.breaker == "half_open" else old,
        )

    async def succeeded(self, provider: str, model: str, configuration: str, latency_ms: float) -> None:
        """Record a successful call."""
        now = self._clock()
        await self._change(provider, model, configuration, lambda old: after_success(old, latency_ms, now))

    async def failed(self, provider: str, model: str, configuration: str, error: StillroomError) -> None:
        """Record a failed call."""
        now = self._clock()
        await self._change(provider, model, configuration, lambda old: after_failure(old, error, now))

    async def listed(
        self,
        provider: str,
        model: str,
        configuration: str,
        *,
        is_there: bool,
        shuts_down_on: date | None = None,
    ) -> None:
        """Apply the model list: open the breaker of a missing model, close it if the model is back."""

        def found(state: ProviderState) -> ProviderState:
            updated = replace(state, shuts_down_on=shuts_down_on)
            was_missing = state.breaker == "open" and state.reason == "model_not_found"
            return _closed(updated, self._clock()) if was_missing else updated

        if is_there:
            await self._change(provider, model, configuration, found)
        else:
            await self.failed(provider, model, configuration, ProviderUnavailable(reason="model_not_found"))

    async def _change(
        self,
        provider: str,
        model: str,
        configuration: str,
        changed: Callable[[ProviderState], ProviderState],
    ) -> None:
        async with self._unit_of_work() as tx:
            state = await self._state(tx, provider, model, configuration)
            if (new := changed(state)) != state:
                await tx.provider_states.save(new)

    async def _state(self, tx: UnitOfWork, provider: str, model: str, configuration: str) -> ProviderState:
        fresh = ProviderState(provider, model, self._clock(), configuration=configuration)
        state = await tx.provider_states.get(provider, model)
        if state is None or state.configuration == configuration:
            return state or fresh
        return replace(fresh, latency_ms=state.latency_ms, shuts_down_on=state.shuts_down_on)
