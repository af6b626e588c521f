"""How often one owner may ask this server for work on pixels that is done within the request."""

from typing import Literal

from stillroom.application.limits import rate_refused
from stillroom.domain.ids import OwnerId
from stillroom.domain.ports import Allowance, RateLimiter

Kind = Literal["photos", "exports", "cutouts"]
"""What is counted separately; the names that clients read in `RateLimit-Policy`."""


class Rates:
    """A token bucket for each owner and kind of request."""

    def __init__(self, limiter: RateLimiter) -> None:
        """Count in `limiter`, whose rate is that of each kind."""
        self._limiter = limiter

    async def take(self, kind: Kind, owner_id: OwnerId) -> Allowance:
        """Count one request, and give back how the owner stands now.

        Raises:
            RateLimited: The owner has asked too often of late.
        """
        allowance = await self._limiter.take(f"{kind}:{owner_id}")
        if not allowance.is_granted:
            raise rate_refused(allowance, kind)
        return allowance
