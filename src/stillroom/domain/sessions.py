"""Session: one product with its photo, marketplace and memory; and its owner."""

from dataclasses import dataclass, field
from datetime import datetime

from stillroom.domain.ids import AssetId, OwnerId, SessionId
from stillroom.domain.plans.plan import Context
from stillroom.domain.products import ProductFacts

MAX_TITLE_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Session:
    """One product being worked on.

    Attributes:
        platform: Id of the marketplace in the catalogue; None until chosen.
    """

    id: SessionId
    owner_id: OwnerId
    asset_id: AssetId
    title: str
    platform: str | None
    context: Context
    created_at: datetime
    updated_at: datetime
    product: ProductFacts = field(default_factory=ProductFacts)


@dataclass(frozen=True, slots=True)
class Owner:
    """Owner of sessions, assets and jobs; `token_hash` is a hex SHA-256, None for the local owner."""

    id: OwnerId
    name: str
    token_hash: str | None
    created_at: datetime
