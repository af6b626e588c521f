"""Limits per owner and process, set by the operator, and the errors for exceeding them."""

from dataclasses import dataclass
from math import ceil

from stillroom.domain.errors import RateLimited
from stillroom.domain.ports import Allowance, RateLimiter

NEW_JOBS = "jobs"
WAITING_JOBS = "waiting"
"""Policy names of the limits on job requests, as sent to clients."""

OPEN_STREAMS = "streams"
"""Policy name of the limit on open event streams."""

WAITING_UPLOADS = "uploads"
"""Policy name of the limit on photos that wait for a decoder, of all owners together."""

UNFINISHED_UPLOADS = "unfinished_uploads"
"""Policy name of the limit on bytes of unfinished uploads in temporary files."""

USER_UNFINISHED, ALL_UNFINISHED = 16, 48
"""Unfinished uploads of maximum size, of one owner and of all: by default 480 MB and 1.4 GB.

The page sends three at a time.
"""

UNFINISHED_RETRY_SECONDS = 5
"""Seconds; an upload of 30 MB takes a few seconds on a home connection."""

UPLOAD_RETRY_SECONDS = 2
"""Seconds; two photos are decoded at a time, usually within a second each."""

STREAM_RETRY_SECONDS = 5
"""Seconds; a stream ends with its job or when its page is closed."""

WAITING_RETRY_SECONDS = 5
"""Seconds; the local provider finishes a waiting job within seconds."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that services enforce and `/config` publishes.

    Attributes:
        max_upload_bytes: Size of an uploaded file, in bytes.
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

    @property
    def user_unfinished_bytes(self) -> int:
        """Bytes of one owner's unfinished uploads in one process."""
        return USER_UNFINISHED * self.max_upload_bytes

    @property
    def unfinished_bytes(self) -> int:
        """Bytes of all owners' unfinished uploads in one process."""
        return ALL_UNFINISHED * self.max_upload_bytes


@dataclass(frozen=True, slots=True)
class QuotaStatus:
    """Quota status of an owner for new jobs."""

    allowance: Allowance
    waiting: int
    may_wait: int


def waiting_refused(may_wait: int) -> RateLimited:
    """Build the error for too many waiting jobs."""
    return limit_refused(
        f"{may_wait} jobs are waiting already.", WAITING_JOBS, may_wait, WAITING_RETRY_SECONDS
    )


def streams_refused(may_be_open: int) -> RateLimited:
    """Build the error for a reached stream limit."""
    return limit_refused(
        f"{may_be_open} streams are open already.", OPEN_STREAMS, may_be_open, STREAM_RETRY_SECONDS
    )


def uploads_refused(may_wait: int) -> RateLimited:
    """Build the error for too many photos waiting for a decoder."""
    detail = f"{may_wait} photos are waiting already."
    return limit_refused(detail, WAITING_UPLOADS, may_wait, UPLOAD_RETRY_SECONDS)


def unfinished_uploads_refused(may_lie: int) -> RateLimited:
    """Build the error for too many bytes of unfinished uploads."""
    detail = f"Uploads of {may_lie // 1024**2} MB are under way already."
    return limit_refused(detail, UNFINISHED_UPLOADS, may_lie, UNFINISHED_RETRY_SECONDS)


def limit_refused(detail: str, policy: str, limit: int, retry_seconds: int) -> RateLimited:
    """Build the error for a reached limit on what waits or runs at once."""
    return RateLimited(
        detail,
        policy=policy,
        limit=limit,
        window_seconds=None,
        reset_seconds=retry_seconds,
        retry_after_seconds=retry_seconds,
    )


async def consume_token(
    limiter: RateLimiter, who: str, policy: str = NEW_JOBS, what: str = "requests"
) -> Allowance:
    """Count one request against a rate limit and return what remains.

    Call it outside of transactions: the limiter may be a server that answers late.

    Raises:
        RateLimited: The rate limit is reached.
    """
    allowance = await limiter.consume(who)
    if not allowance.is_granted:
        raise rate_refused(allowance, policy, what)
    return allowance


def rate_refused(allowance: Allowance, policy: str, what: str) -> RateLimited:
    """Build the error for an exceeded rate limit; `what` names what came too often."""
    wait = max(1, ceil(allowance.retry_after_seconds))
    return RateLimited(
        f"Too many {what}; try again in {wait} s.",
        policy=policy,
        limit=allowance.limit,
        window_seconds=allowance.window_seconds,
        reset_seconds=ceil(allowance.full_after_seconds),
        retry_after_seconds=wait,
    )
