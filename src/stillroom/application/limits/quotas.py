"""Quotas per owner and process: requests by rate, open event streams, bytes of unfinished uploads."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stillroom.application.limits.limits import (
    Limits,
    consume_token,
    streams_refused,
    unfinished_uploads_refused,
)
from stillroom.domain.ids import OwnerId
from stillroom.domain.ports import Allowance, RateLimiter

Kind = Literal["photos", "exports", "cutouts", "checks", "instructions", "webhooks"]
"""Kinds of requests with separate limits, by the names in `RateLimit-Policy`."""


@dataclass(frozen=True)
class Rates:
    """Token bucket per owner and kind of request.

    `_limiter` sets the rate, which applies to each kind.
    """

    _limiter: RateLimiter

    async def consume(self, kind: Kind, owner_id: OwnerId) -> Allowance:
        """Count one request and return the owner's remaining allowance.

        Raises:
            RateLimited: The rate limit is reached.
        """
        return await consume_token(self._limiter, f"{kind}:{owner_id}", kind)


class StreamLimit:
    """Counts open streams; each holds memory while it is open."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._of_owner: Counter[OwnerId] = Counter()

    def check(self, owner_id: OwnerId) -> None:
        """Raise RateLimited when the limit of the owner or of the process is reached."""
        if self._of_owner[owner_id] >= self._limits.user_streams:
            raise streams_refused(self._limits.user_streams)
        if self.open >= self._limits.max_streams:
            raise streams_refused(self._limits.max_streams)

    @property
    def open(self) -> int:
        """Number of open streams of all owners."""
        return self._of_owner.total()

    @contextmanager
    def one(self, owner_id: OwnerId) -> Iterator[None]:
        """Count one stream while the context is open."""
        self._of_owner[owner_id] += 1
        try:
            yield
        finally:
            self._of_owner[owner_id] -= 1
            if not self._of_owner[owner_id]:
                del self._of_owner[owner_id]


FOLDER = "incoming"
"""Subfolder of the data folder, because the system's temporary folder may be in memory."""


class Uploads:
    """Reserves quota for an upload until its photo is stored or refused."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        """Uploads are stored in `folder`."""
        self.folder = folder
        self._limits = limits
        self._of_owner: Counter[OwnerId] = Counter()

    @property
    def reserved_bytes(self) -> int:
        """Reserved bytes of all owners."""
        return self._of_owner.total()

    @contextmanager
    def reserve(self, owner_id: OwnerId, declared_bytes: int | None) -> Iterator[None]:
        """Hold quota for one upload while the context is open.

        Args:
            declared_bytes: Size of the whole body; None counts as the maximum.

        Raises:
            RateLimited: The quota of the owner or of all owners is used up.
        """
        size = self._limits.max_upload_bytes if declared_bytes is None else declared_bytes
        if self._of_owner[owner_id] + size > self._limits.user_unfinished_bytes:
            raise unfinished_uploads_refused(self._limits.user_unfinished_bytes)
        if self.reserved_bytes + size > self._limits.unfinished_bytes:
            raise unfinished_uploads_refused(self._limits.unfinished_bytes)
        self._of_owner[owner_id] += size
        try:
            yield
        finally:
            self._of_owner[owner_id] -= size
            if not self._of_owner[owner_id]:
                del self._of_owner[owner_id]
