"""Limits per owner and process, set by the operator, and the errors for exceeding them."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Literal

from stillroom.domain.errors import RateLimited
from stillroom.domain.ports import Allowance, RateLimiter

NEW_JOBS = "jobs"
"""Policy name of the rate of job requests, as sent to clients."""

USER_UNFINISHED, ALL_UNFINISHED = 16, 48
"""Unfinished uploads of maximum size, of one owner and of all: by default 480 MB and 1.4 GB.

The page sends three at a time.
"""

Policy = Literal["waiting", "streams", "uploads", "unfinished_uploads", "previews"]
"""Names of the limits on what waits or runs at once, as sent to clients."""

RETRY_SECONDS: Mapping[Policy, int] = {
    # The local provider finishes a waiting job within seconds.
    "waiting": 5,
    # A stream ends with its job or when its page is closed.
    "streams": 5,
    # Two photos are decoded at a time, usually within a second each.
    "uploads": 2,
    # An upload of 30 MB takes a few seconds on a home connection.
    "unfinished_uploads": 5,
    # A prepared preview takes a fraction of a second.
    "previews": 1,
}
"""Seconds after which a request that a limit has refused may be repeated."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that services enforce and `/config` publishes.

    Attributes:
        max_megapixels: Picture size in an uploaded file's header.
        max_side: Long side of a stored asset, in pixels.
        user_streams: Open event streams of one owner in one process.
        max_streams: Open event streams of all owners in one process.
        lease_seconds: Time after which a lease without a heartbeat expires.
    """

    max_upload_bytes: int = 30 * 1024 * 1024
    max_megapixels: int = 100
    max_side: int = 4096
    user_running: int = 2
    user_queued: int = 20
    user_streams: int = 100
    max_streams: int = 5000
    lease_seconds: float = 15.0
    export_ttl_hours: int = 24


@dataclass(frozen=True, slots=True)
class QuotaStatus:
    """Quota status of an owner for new jobs."""

    allowance: Allowance
    waiting: int
    may_wait: int


def limit_refused(detail: str, policy: Policy, limit: int) -> RateLimited:
    """Build the error for a reached limit on what waits or runs at once."""
    seconds = RETRY_SECONDS[policy]
    return RateLimited(
        detail,
        policy=policy,
        limit=limit,
        window_seconds=None,
        reset_seconds=seconds,
        retry_after_seconds=seconds,
    )


async def consume_token(
    limiter: RateLimiter, who: str, policy: str = NEW_JOBS, what: str = "requests"
) -> Allowance:
    """Count one request against a rate limit and return what remains. Raises RateLimited.

    Call it outside of transactions: the limiter may be a server that answers late.
    """
    allowance = await limiter.consume(who)
    check_rate(allowance, policy, what)
    return allowance


def check_rate(allowance: Allowance, policy: str = NEW_JOBS, what: str = "requests") -> None:
    """Raise RateLimited unless a rate limit grants a request; `what` names what came too often."""
    if allowance.is_granted:
        return
    wait = max(1, ceil(allowance.retry_after_seconds))
    raise RateLimited(
        f"Too many {what}; try again in {wait} s.",
        policy=policy,
        limit=allowance.limit,
        window_seconds=allowance.window_seconds,
        reset_seconds=ceil(allowance.full_after_seconds),
        retry_after_seconds=wait,
    )
