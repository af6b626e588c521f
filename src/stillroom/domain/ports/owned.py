"""Port of rows that belong to an owner."""

from typing import Protocol, TypeVar

from stillroom.domain.ids import OwnerId
from stillroom.domain.ports.pages import Page

Key_contra = TypeVar("Key_contra", contravariant=True)
Entity = TypeVar("Entity")


class OwnedRepository(Protocol[Key_contra, Entity]):
    """Operations that the repositories of most entities share."""

    async def add(self, entity: Entity) -> None:
        """Insert an entity."""

    async def get(self, entity_id: Key_contra, owner_id: OwnerId) -> Entity:
        """Return an entity. Raises NotFound if there is none, or if it is another owner's."""

    async def list(self, owner_id: OwnerId, cursor: str | None, limit: int) -> Page[Entity]:
        """Return a page, newest first. Raises ValidationFailed for an invalid cursor."""

    async def count(self, owner_id: OwnerId) -> int:
        """Return how many entities an owner has."""
