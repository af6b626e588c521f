"""Quotas per owner and process: requests by rate, open event streams, bytes of unfinished uploads."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stillroom.application.limits.limits import (
    ALL_UNFINISHED,
    USER_UNFINISHED,
    Limits,
    Policy,
    consume_token,
    limit_refused,
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
        """Count one request and return the owner's remaining allowance. Raises RateLimited."""
        return await consume_token(self._limiter, f"{kind}:{owner_id}", kind)


class _Holdings:
    """Counts what requests hold while they run, per owner and in all; belongs to one process."""

    def __init__(self, policy: Policy, per_owner: int, in_all: int) -> None:
        self._policy = policy
        self._per_owner, self._in_all = per_owner, in_all
        self._of_owner: Counter[OwnerId] = Counter()

    def check(self, owner_id: OwnerId, amount: int = 1) -> None:
        """Raise RateLimited if the owner, or all owners together, would hold too much."""
        if self._of_owner[owner_id] + amount > self._per_owner:
            raise limit_refused(self._detail(self._per_owner), self._policy, self._per_owner)
        if self.held + amount > self._in_all:
            raise limit_refused(self._detail(self._in_all), self._policy, self._in_all)

    @property
    def held(self) -> int:
        """Use of all owners together."""
        return self._of_owner.total()

    @contextmanager
    def hold(self, owner_id: OwnerId, amount: int = 1) -> Iterator[None]:
        """Hold an amount while the context is open."""
        self._of_owner[owner_id] += amount
        try:
            yield
        finally:
            self._of_owner[owner_id] -= amount
            if not self._of_owner[owner_id]:
                del self._of_owner[owner_id]

    def _detail(self, limit: int) -> str:
        return f"{limit} {self._policy} are open already."


class StreamLimit(_Holdings):
    """Counts open streams; each holds memory while it is open."""

    def __init__(self, limits: Limits) -> None:
        super().__init__("streams", limits.user_streams, limits.max_streams)


UPLOAD_FOLDER = "incoming"
"""Subfolder of the data folder, because the system's temporary folder may be in memory."""


class Uploads(_Holdings):
    """Reserves bytes for an upload until its photo is stored or refused."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        """Uploads are stored in `folder`."""
        most = limits.max_upload_bytes
        super().__init__("unfinished_uploads", USER_UNFINISHED * most, ALL_UNFINISHED * most)
        self.folder = folder
        self._most = most

    @contextmanager
    def reserve(self, owner_id: OwnerId, declared_bytes: int | None) -> Iterator[None]:
        """Hold quota for one upload while the context is open; an unknown size counts as the maximum.

        Raises RateLimited.
        """
        size = self._most if declared_bytes is None else declared_bytes
        self.check(owner_id, size)
        with self.hold(owner_id, size):
            yield

    def _detail(self, limit: int) -> str:
        return f"Uploads of {limit // 1024**2} MB are under way already."
