"""A browser that was signed in with a token: for how long, and when that is put off."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from stillroom.domain.ids import OwnerId

SIGNED_IN_FOR = timedelta(days=30)
"""Since the last visit; whoever stays away longer signs in again."""

RENEWED_AFTER = timedelta(days=1)
"""A visit puts the end off once in so long, so that not every request writes."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A browser that may act for an owner without showing the token again.

    Attributes:
        secret_hash: Hex SHA-256 of what the browser keeps; that itself is stored nowhere.
        token_hash: Of the token it was exchanged for; when that is no longer the owner's, this is void.
    """

    secret_hash: str
    owner_id: OwnerId
    token_hash: str
    created_at: datetime
    expires_at: datetime

    def is_due(self, now: datetime) -> bool:
        """Whether a visit now puts the end off."""
        return self.expires_at - now < SIGNED_IN_FOR - RENEWED_AFTER
