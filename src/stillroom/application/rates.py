"""Rate limits per owner for requests that process pixels."""

from typing import Literal

from stillroom.application.limits import rate_refused
from stillroom.domain.ids import OwnerId
from stillroom.domain.ports import Allowance, RateLimiter

Kind = Literal["photos", "exports", "cutouts"]
"""Kinds of requests with separate limits, by the names in `RateLimit-Policy`."""


class Rates:
    """Token bucket per owner and kind of request."""

    def __init__(self, limiter: RateLimiter) -> None:
        """`limiter` sets the rate, which applies to each kind."""
        self._limiter = limiter

    async def take(self, kind: Kind, owner_id: OwnerId) -> Allowance:
        """Count one request and return the owner's remaining allowance.

        Raises:
            RateLimited: The rate limit is reached.
        """
        allowance = await self._limiter.take(f"{kind}:{owner_id}")
        if not allowance.is_granted:
            raise rate_refused(allowance, kind)
        return allowance
