"""Session: one product being worked on, its photo, its platform and its memory."""

from dataclasses import dataclass
from datetime import datetime

from stillroom.domain.ids import AssetId, OwnerId, SessionId
from stillroom.domain.plans.plan import Context

MAX_TITLE_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Session:
    """One product being worked on.

    Attributes:
        platform: The marketplace it is made for, an id of the catalogue; None until chosen.
        context: What was measured of the photo and what the user asked for so far.
    """

    id: SessionId
    owner_id: OwnerId
    asset_id: AssetId
    title: str
    platform: str | None
    context: Context
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose rows they are.

    Attributes:
        token_hash: Hex SHA-256 of the access token; None for the local owner.
    """

    id: OwnerId
    name: str
    token_hash: str | None
    created_at: datetime
