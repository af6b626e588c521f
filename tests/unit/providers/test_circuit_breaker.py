"""The circuit breaker: when it opens, for how long, and how it closes."""

import pytest

from stillroom.domain.errors import (
    ContentRefused,
    InputUnsupported,
    ProviderRateLimited,
    ProviderRejectedRequest,
    ProviderTimeout,
    ProviderUnavailable,
    StillroomError,
)
from stillroom.providers.circuit_breaker import Admission, CircuitBreakers
from tests.fakes.provider_states import HandClock, MemoryStates

pytestmark = pytest.mark.anyio

HOUR = 3600.0


class Breaker:
    """Circuit breaker of one model, with a manual clock."""

    def __init__(self, configuration: str = "key-1") -> None:
        """Start closed."""
        self.clock, self.states = HandClock(), MemoryStates()
        self.breakers = CircuitBreakers(self.states, self.clock)
        self.configuration = configuration

    async def admission(self) -> Admission:
        """Ask whether a call may be sent."""
        return await self.breakers.admit("gemini", "g-1", self.configuration, 90.0)

    async def fail(self, error: StillroomError, times: int = 1) -> None:
        """Record failed calls."""
        for _ in range(times):
            await self.breakers.failed("gemini", "g-1", self.configuration, error)

    async def succeed(self, latency_ms: float = 1000) -> None:
        """Record a successful call."""
        await self.breakers.succeeded("gemini", "g-1", self.configuration, latency_ms)

    async def seconds_open(self) -> float:
        """Time that the breaker stays open from now."""
        start = self.clock.now
        state = self.states.kept["gemini", "g-1"]
        return 0.0 if state.open_until is None else (state.open_until - start).total_seconds()


TABLE: list[tuple[str, StillroomError, int, float]] = [
    ("rate limit, stated wait", ProviderRateLimited(reason="rate_limited", retry_after_seconds=45), 1, 45),
    ("rate limit, no wait", ProviderRateLimited(reason="rate_limited"), 1, 30),
    ("quota", ProviderRateLimited(reason="quota"), 1, 15 * 60),
    ("billing or region", ProviderUnavailable(reason="region_or_billing"), 1, 15 * 60),
    ("nobody there", ProviderUnavailable(reason="unreachable"), 3, 30),
    ("dropped", ProviderUnavailable(reason="connection"), 3, 60),
    ("500", ProviderUnavailable(reason="http_500"), 3, 60),
    ("unusable", ProviderUnavailable(reason="bad_reply"), 3, 60),
    ("no picture", ProviderUnavailable(reason="no_image"), 3, 60),
    ("too slow", ProviderTimeout(reason="ceiling"), 3, 60),
    ("wrong key", ProviderRejectedRequest(reason="key"), 1, 10 * 60),
    ("model gone", ProviderUnavailable(reason="model_not_found"), 1, 24 * HOUR),
    ("endpoint gone", ProviderUnavailable(reason="endpoint_gone"), 1, 24 * HOUR),
    ("region", ProviderUnavailable(reason="region"), 1, 24 * HOUR),
]


@pytest.mark.parametrize(
    ("error", "times", "seconds"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
async def test_breaker_opens_after_the_configured_failures_for_the_configured_time(
    error: StillroomError, times: int, seconds: float
) -> None:
    breaker = Breaker()
    await breaker.fail(error, times - 1)
    assert await breaker.admission() in (Admission.FREE, Admission.CAREFUL)
    await breaker.fail(error)
    gone = error.params["reason"] in ("model_not_found", "endpoint_gone")
    assert await breaker.admission() is (Admission.GONE if gone else Admission.REFUSED)
    assert await breaker.seconds_open() == seconds


@pytest.mark.parametrize(
    "error",
    [
        ContentRefused(reason="moderation"),
        InputUnsupported(reason="picture"),
        ProviderUnavailable(reason="bad_request"),
        ProviderUnavailable(reason="product_not_verified"),
        ProviderUnavailable(reason="fewer_pictures"),
    ],
)
async def test_request_errors_never_open_the_breaker(error: StillroomError) -> None:
    breaker = Breaker()
    await breaker.fail(error, 20)
    assert await breaker.admission() is Admission.FREE


async def test_breaker_allows_one_probe_after_its_open_time() -> None:
    breaker = Breaker()
    await breaker.fail(ProviderRateLimited(reason="rate_limited"))
    breaker.clock.advance(31)
    assert await breaker.admission() is Admission.CAREFUL
    assert await breaker.admission() is Admission.REFUSED
    await breaker.succeed()
    assert await breaker.admission() is Admission.FREE


async def test_lost_probe_is_replaced_by_another() -> None:
    breaker = Breaker()
    await breaker.fail(ProviderRateLimited(reason="rate_limited"))
    breaker.clock.advance(31)
    assert await breaker.admission() is Admission.CAREFUL
    breaker.clock.advance(91)
    assert await breaker.admission() is Admission.CAREFUL


async def test_failed_probe_reopens_the_breaker() -> None:
    breaker = Breaker()
    await breaker.fail(ProviderUnavailable(reason="http_503"), 3)
    breaker.clock.advance(61)
    assert await breaker.admission() is Admission.CAREFUL
    await breaker.fail(ProviderUnavailable(reason="http_503"))
    assert await breaker.admission() is Admission.REFUSED


async def test_a_refusal_by_the_probe_shows_that_the_provider_answers() -> None:
    breaker = Breaker()
    await breaker.fail(ProviderUnavailable(reason="http_503"), 3)
    breaker.clock.advance(61)
    assert await breaker.admission() is Admission.CAREFUL
    await breaker.fail(ContentRefused(reason="moderation"))
    assert await breaker.admission() is Admission.FREE


async def test_an_unknown_wait_doubles_up_to_five_minutes() -> None:
    breaker = Breaker()
    waits = []
    for _ in range(6):
        await breaker.fail(ProviderRateLimited(reason="rate_limited"))
        waits.append(await breaker.seconds_open())
        breaker.clock.advance(waits[-1] + 1)
        await breaker.admission()
    assert waits == [30, 60, 120, 240, 300, 300]


async def test_running_calls_do_not_shorten_the_open_time() -> None:
    breaker = Breaker()
    await breaker.fail(ProviderRateLimited(reason="quota"))
    await breaker.fail(ProviderRateLimited(reason="rate_limited", retry_after_seconds=5))
    assert await breaker.seconds_open() == 15 * 60


async def test_a_success_between_failures_starts_the_count_anew() -> None:
    breaker = Breaker()
    for _ in range(4):
        await breaker.fail(ProviderTimeout(reason="ceiling"), 2)
        await breaker.succeed()
    assert await breaker.admission() is Admission.FREE


async def test_after_a_failure_calls_go_one_at_a_time() -> None:
    breaker = Breaker()
    await breaker.fail(ProviderUnavailable(reason="http_500"))
    assert await breaker.admission() is Admission.CAREFUL


async def test_new_key_or_address_resets_the_breaker() -> None:
    breaker = Breaker()
    await breaker.fail(ProviderRejectedRequest(reason="key"))
    breaker.configuration = "key-2"
    assert await breaker.admission() is Admission.FREE
    await breaker.succeed()
    assert await breaker.admission() is Admission.FREE


async def test_latency_is_a_moving_average() -> None:
    breaker = Breaker()
    await breaker.succeed(1000)
    await breaker.succeed(2000)
    states = await breaker.breakers.states()
    assert {key: state.latency_ms for key, state in states.items()} == {("gemini", "g-1"): 1200}


async def test_open_time_stays_bounded_after_days_of_outage() -> None:
    breaker = Breaker()
    for _ in range(1100):
        await breaker.fail(ProviderRateLimited(reason="rate_limited"))
        breaker.clock.advance(await breaker.seconds_open())
        assert await breaker.admission() is Admission.CAREFUL
    await breaker.fail(ProviderRateLimited(reason="rate_limited"))
    assert await breaker.seconds_open() == 300
