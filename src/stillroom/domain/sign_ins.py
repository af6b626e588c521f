"""Browser sign-ins: lifetime and renewal."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from stillroom.domain.ids import OwnerId

SIGNED_IN_FOR = timedelta(days=30)
"""Lifetime since the last visit."""

RENEWED_AFTER = timedelta(days=1)
"""Minimum interval between renewals, so that not every request writes."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A browser that is signed in as an owner with a token.

    Attributes:
        secret_hash: Hex SHA-256 of the cookie's secret, which itself is not stored.
        token_hash: Hash of the token used to sign in; the sign-in is void if the owner's token differs.
    """

    secret_hash: str
    owner_id: OwnerId
    token_hash: str
    created_at: datetime
    expires_at: datetime

    def is_due(self, now: datetime) -> bool:
        """Whether a visit at that time renews the sign-in."""
        return self.expires_at - now < SIGNED_IN_FOR - RENEWED_AFTER
