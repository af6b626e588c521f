"""Token-bucket rate limits, in process memory or in a Valkey server shared by all processes."""

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import structlog
from throttled.asyncio import BaseAtomicAction, RateLimiterType, Throttled, rate_limiter, store
from throttled.asyncio.rate_limiter import RateLimitState
from throttled.exceptions import StoreUnavailableError

from stillroom.domain.ports import Allowance

Answer = TypeVar("Answer")

log = structlog.get_logger(__name__)

_PROBE_KEY = "stillroom:probe"
"""Key that is written to test the server: a replica, or one without memory, still answers reads."""

_WINDOW_SECONDS = 60

_OWNERS_IN_MEMORY = 100_000
"""Buckets kept in memory; an evicted owner starts again with a full bucket."""

_VALKEY_SECONDS = 0.5
"""Valkey timeout in seconds; a slower server counts as unavailable."""

_WITHOUT_VALKEY_SECONDS = 5.0
"""Back-off in seconds after a Valkey failure; meanwhile each process counts for itself."""


class _Close(BaseAtomicAction):
    """Closes the connections of a store, whose client the library hands to actions only."""

    TYPE, STORE_TYPE = "close", "redis"

    def __init__(self, backend: Any) -> None:
        super().__init__(backend)
        self._client = backend.get_client()

    async def do(self, keys: Sequence[str], args: object) -> tuple[()]:  # noqa: ARG002
        await self._client.connection_pool.disconnect()
        return ()


class TokenBuckets:
    """Token bucket per caller, holding one minute's tokens and refilled evenly.

    Source:
        ITU-T I.371, generic cell rate algorithm, virtual scheduling form: the state is one timestamp.
    """

    def __init__(self, per_minute: int, valkey_url: str | None) -> None:
        """Use Valkey if a URL with a scheme of Redis is given; it connects at first use."""
        self._per_minute = per_minute
        self._local = self._buckets(store.MemoryStore(options={"MAX_SIZE": _OWNERS_IN_MEMORY}))
        self._shared: Throttled | None = None
        self._server: store.RedisStore | None = None
        self._down_until = 0.0  # 0 while available
        if valkey_url is not None:
            timeouts = {"socket_timeout": _VALKEY_SECONDS, "socket_connect_timeout": _VALKEY_SECONDS}
            self._server = store.RedisStore(valkey_url, {"CONNECTION_POOL_KWARGS": timeouts})
            self._shared = self._buckets(self._server)

    async def close(self) -> None:
        if self._server is not None:
            await self._server.make_atomic(_Close).do([], None)

    async def consume(self, who: str) -> Allowance:
        """Consume a token if one is available."""
        result = await self._query(lambda buckets: buckets.limit(who))
        return self._allowance(result.state, is_granted=not result.limited)

    async def is_shared(self) -> bool:
        """Return whether Valkey counts; True if none is configured."""
        if self._server is None:
            return True
        with suppress(StoreUnavailableError):
            # Ignore the back-off, because the caller wants the current state.
            await self._server.set(_PROBE_KEY, 1, _WINDOW_SECONDS)
            self._mark_up()
            return True
        self._mark_down()
        return False

    async def peek(self, who: str) -> Allowance:
        state = await self._query(lambda buckets: buckets.peek(who))
        return self._allowance(state, is_granted=state.remaining > 0)

    def _buckets(self, kept_in: store.BaseStore) -> Throttled:
        return Throttled(
            using=RateLimiterType.GCRA.value,
            quota=rate_limiter.per_min(self._per_minute),
            store=kept_in,
            key_prefix="stillroom",
        )

    async def _query(self, question: Callable[[Throttled], Awaitable[Answer]]) -> Answer:
        if self._shared is not None and time.monotonic() >= self._down_until:
            # Fail open: an unavailable rate-limit store must not block requests.
            with suppress(StoreUnavailableError):
                answer = await question(self._shared)
                self._mark_up()
                return answer
            self._mark_down()
        return await question(self._local)

    def _mark_down(self) -> None:
        if not self._down_until:
            log.warning("valkey_is_away", meanwhile="each process counts for itself")
        self._down_until = time.monotonic() + _WITHOUT_VALKEY_SECONDS

    def _mark_up(self) -> None:
        if self._down_until:
            log.info("valkey_is_back")
        self._down_until = 0.0

    def _allowance(self, state: RateLimitState, *, is_granted: bool) -> Allowance:
        return Allowance(
            is_granted=is_granted,
            limit=self._per_minute,
            window_seconds=_WINDOW_SECONDS,
            remaining=state.remaining,
            full_after_seconds=state.reset_after,
            retry_after_seconds=0.0 if is_granted else self._seconds_until_token(state),
        )

    def _seconds_until_token(self, state: RateLimitState) -> float:
        """Return the seconds until the next token; the library's `peek` reports the elapsed part of them."""
        filling_the_others = (self._per_minute - 1) * _WINDOW_SECONDS / self._per_minute
        return max(0.0, state.reset_after - filling_the_others)
