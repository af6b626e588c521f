"""When to leave a provider alone, and when to try it again; all processes know the same."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from stillroom.domain.errors import (
    ProviderRateLimited,
    ProviderRejectedRequest,
    ProviderTimeout,
    ProviderUnavailable,
    StillroomError,
)
from stillroom.domain.ports import Clock, ProviderState, UnitOfWork, UnitOfWorkFactory

IN_A_ROW = 3
"""Failures after which a provider that only fails now and then is left alone."""

_DROPPED_SECONDS, _UNREACHABLE_SECONDS = 60.0, 30.0
_RATE_SECONDS, _MAX_RATE_SECONDS = 30.0, 300.0  # doubled with every opening that no success follows
_DOUBLED_AT_MOST = 10  # times; more than enough for the maximum, and no float is too small for it
_QUOTA_SECONDS = 15 * 60.0
_AUTH_SECONDS = 10 * 60.0
_GONE_SECONDS = 24 * 3600.0
_MIN_SECONDS = 1.0

_NO_MORE = frozenset({"model_not_found", "endpoint_gone"})
_GONE = _NO_MORE | {"region"}
"""Reasons that only another configuration, or another day, can mend."""

_MONEY = frozenset({"quota", "region_or_billing"})
_SAYS_NOTHING = frozenset({"bad_request", "clip_lost", "fewer_pictures", "product_not_verified"})
"""Reasons that lie with this one request."""


LATENCY_WEIGHT = 0.2
"""Of the newest observation in the moving average."""


class Admission(Enum):
    """What a provider's state allows."""

    FREE = "free"
    CAREFUL = "careful"
    """One call first: the last one failed, or this is the probe of an open breaker."""
    REFUSED = "refused"
    GONE = "gone"
    """Refused, because there is no such model, or no such service, any more."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a failure means for the breaker.

    Attributes:
        at_once: Whether this one failure opens it; else several in a row do.
        seconds: How long it stays open.
    """

    at_once: bool
    seconds: float


def verdict_on(error: StillroomError, openings: int) -> Verdict | None:
    """What a failure means for the breaker; None if it says nothing about the provider.

    Args:
        error: As an adapter raised it.
        openings: How often the breaker has opened since the last success.
    """
    reason = str(error.params.get("reason", ""))
    if isinstance(error, ProviderRejectedRequest):
        return Verdict(True, _AUTH_SECONDS)
    if reason in _GONE:
        return Verdict(True, _GONE_SECONDS)
    if reason in _MONEY:
        return Verdict(True, _QUOTA_SECONDS)
    if isinstance(error, ProviderRateLimited):
        wait = error.params.get("retry_after_seconds")
        unknown = min(_MAX_RATE_SECONDS, _RATE_SECONDS * 2 ** min(openings, _DOUBLED_AT_MOST))
        return Verdict(True, unknown if wait is None else max(float(wait), _MIN_SECONDS))
    if reason in _SAYS_NOTHING:
        return None
    if isinstance(error, ProviderUnavailable | ProviderTimeout):
        return Verdict(False, _UNREACHABLE_SECONDS if reason == "unreachable" else _DROPPED_SECONDS)
    return None


def admission_to(state: ProviderState | None, configuration: str, now: datetime) -> Admission:
    """What a provider's state allows."""
    if state is None or state.configuration != configuration:
        return Admission.FREE
    if state.breaker == "closed":
        return Admission.CAREFUL if state.failures else Admission.FREE
    due = state.open_until is None or now >= state.open_until
    if due:
        return Admission.CAREFUL
    return Admission.GONE if state.reason in _NO_MORE else Admission.REFUSED


def after_failure(state: ProviderState, error: StillroomError, now: datetime) -> ProviderState:
    """The state once a call has failed."""
    verdict = verdict_on(error, state.openings)
    if verdict is None:
        # It answered, so a breaker that waited for a probe may close.
        if state.breaker == "half_open":
            return _closed(state, now)
        return state
    failures = state.failures + 1
    reason = str(error.params.get("reason", "")) or error.code
    opens = verdict.at_once or state.breaker != "closed" or failures >= IN_A_ROW
    if not opens:
        return replace(state, failures=failures, reason=reason, updated_at=now)
    until = now + timedelta(seconds=verdict.seconds)
    # Calls that were under way when it opened must not shorten what another has said.
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
    """The state once a call has given a picture."""
    old = state.latency_ms
    average = latency_ms if old is None else old + LATENCY_WEIGHT * (latency_ms - old)
    return replace(_closed(state, now), latency_ms=round(average, 1))


def _closed(state: ProviderState, now: datetime) -> ProviderState:
    return replace(
        state, breaker="closed", open_until=None, reason=None, failures=0, openings=0, updated_at=now
    )


class CircuitBreakers:
    """The breakers of all models, kept in the database."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, clock: Clock) -> None:
        """Take what the breakers work with."""
        self._unit_of_work = unit_of_work
        self._clock = clock

    async def latencies(self) -> dict[tuple[str, str], float]:
        """Observed seconds by provider and model."""
        async with self._unit_of_work(read_only=True) as tx:
            states = await tx.provider_states.all()
        return {
            (state.provider, state.model): state.latency_ms / 1000
            for state in states
            if state.latency_ms is not None
        }

    async def admit(self, provider: str, model: str, configuration: str, probe_seconds: float) -> Admission:
        """Ask whether a call may be sent; of several that ask at a half-open breaker, one may.

        Args:
            provider: Such as `gemini`.
            model: As its vendor spells it.
            configuration: Stands for key and address.
            probe_seconds: For how long a probe keeps others away at most.
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

    async def succeeded(self, provider: str, model: str, configuration: str, latency_ms: float) -> None:
        """A call has given a picture."""
        async with self._unit_of_work() as tx:
            state = await self._state(tx, provider, model, configuration)
            await tx.provider_states.save(after_success(state, latency_ms, self._clock()))

    async def failed(self, provider: str, model: str, configuration: str, error: StillroomError) -> None:
        """A call has failed."""
        async with self._unit_of_work() as tx:
            state = await self._state(tx, provider, model, configuration)
            changed = after_failure(state, error, self._clock())
            if changed != state:
                await tx.provider_states.save(changed)

    async def listed(self, provider: str, model: str, configuration: str, *, is_there: bool) -> None:
        """The vendor's list of models was read: who is not on it is gone, who is on it again is back."""
        if not is_there:
            await self.failed(provider, model, configuration, ProviderUnavailable(reason="model_not_found"))
            return
        async with self._unit_of_work() as tx:
            state = await self._state(tx, provider, model, configuration)
            if state.breaker == "open" and state.reason == "model_not_found":
                closed = replace(
                    state, breaker="closed", open_until=None, reason=None, failures=0, openings=0
                )
                await tx.provider_states.save(replace(closed, updated_at=self._clock()))

    async def _state(self, tx: UnitOfWork, provider: str, model: str, configuration: str) -> ProviderState:
        fresh = ProviderState(provider, model, self._clock(), configuration=configuration)
        state = await tx.provider_states.get(provider, model)
        if state is None:
            return fresh
        return state if state.configuration == configuration else replace(fresh, latency_ms=state.latency_ms)
