"""How much one owner may ask for; set by the operator."""

from dataclasses import dataclass
from math import ceil

from stillroom.domain.errors import RateLimited
from stillroom.domain.ports import Allowance

NEW_JOBS = "jobs"
WAITING_JOBS = "waiting"
"""The two limits on asking for work, by the names that clients read."""

OPEN_STREAMS = "streams"
"""The limit on watching."""

WAITING_UPLOADS = "uploads"
"""The limit on photos that wait to be looked at, of all owners together."""

UNFINISHED_UPLOADS = "unfinished_uploads"
"""The limit on bytes of uploads that lie in temporary files."""

USER_UNFINISHED, ALL_UNFINISHED = 16, 48
"""So many of the largest uploads may be under way at once, of one owner and of all: by default 480 MB and
1.4 GB. The page sends three at a time."""

UNFINISHED_RETRY_SECONDS = 5
"""An upload of 30 MB takes a few seconds on a home line."""

UPLOAD_RETRY_SECONDS = 2
"""Two are looked at at a time, each within a second as a rule."""

STREAM_RETRY_SECONDS = 5
"""A stream ends with its job, or when its page is closed."""

WAITING_RETRY_SECONDS = 5
"""A waiting job is done within seconds on the local provider, so a place is soon free."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that services enforce and `/config` tells.

    Attributes:
        max_upload_bytes: Size of an uploaded file.
        max_megapixels: What an uploaded picture's header may claim.
        max_side: Long side of a stored asset, in pixels.
        user_running: Jobs of one owner that run at once.
        user_queued: Jobs of one owner that wait at once.
        user_streams: Streams of one owner that are open at once in one process.
        max_streams: Streams that are open at once in one process.
        lease_seconds: How long a claimed job may go without a heartbeat.
        export_ttl_hours: How long an export lives.
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
        """Bytes of one owner's uploads that may be under way at once in one process."""
        return USER_UNFINISHED * self.max_upload_bytes

    @property
    def unfinished_bytes(self) -> int:
        """The same of all owners."""
        return ALL_UNFINISHED * self.max_upload_bytes


@dataclass(frozen=True, slots=True)
class QuotaStatus:
    """How an owner stands with the limits on asking for work.

    Attributes:
        allowance: New jobs per minute.
        waiting: Jobs of the owner that wait now.
        may_wait: How many may.
    """

    allowance: Allowance
    waiting: int
    may_wait: int


def waiting_refused(may_wait: int) -> RateLimited:
    """As many jobs wait as may."""
    return RateLimited(
        f"{may_wait} jobs are waiting already.",
        policy=WAITING_JOBS,
        limit=may_wait,
        window_seconds=None,
        reset_seconds=WAITING_RETRY_SECONDS,
        retry_after_seconds=WAITING_RETRY_SECONDS,
    )


def streams_refused(may_be_open: int) -> RateLimited:
    """As many streams are open as may be."""
    return RateLimited(
        f"{may_be_open} streams are open already.",
        policy=OPEN_STREAMS,
        limit=may_be_open,
        window_seconds=None,
        reset_seconds=STREAM_RETRY_SECONDS,
        retry_after_seconds=STREAM_RETRY_SECONDS,
    )


def uploads_refused(may_wait: int) -> RateLimited:
    """As many photos wait to be looked at as may."""
    return RateLimited(
        f"{may_wait} photos are waiting already.",
        policy=WAITING_UPLOADS,
        limit=may_wait,
        window_seconds=None,
        reset_seconds=UPLOAD_RETRY_SECONDS,
        retry_after_seconds=UPLOAD_RETRY_SECONDS,
    )


def unfinished_uploads_refused(may_lie: int) -> RateLimited:
    """As many bytes of uploads are under way as may be."""
    return RateLimited(
        f"Uploads of {may_lie // 1024**2} MB are under way already.",
        policy=UNFINISHED_UPLOADS,
        limit=may_lie,
        window_seconds=None,
        reset_seconds=UNFINISHED_RETRY_SECONDS,
        retry_after_seconds=UNFINISHED_RETRY_SECONDS,
    )


def rate_refused(allowance: Allowance, policy: str = NEW_JOBS) -> RateLimited:
    """Too many requests of one kind of late."""
    wait = max(1, ceil(allowance.retry_after_seconds))
    return RateLimited(
        f"Too many requests; try again in {wait} s.",
        policy=policy,
        limit=allowance.limit,
        window_seconds=allowance.window_seconds,
        reset_seconds=ceil(allowance.full_after_seconds),
        retry_after_seconds=wait,
    )
