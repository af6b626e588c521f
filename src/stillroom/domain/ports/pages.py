"""Pages of lists, and the operations on rows that belong to an owner."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from stillroom.domain.ids import OwnerId

Item = TypeVar("Item")
Key_contra = TypeVar("Key_contra", contravariant=True)
Entity = TypeVar("Entity")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list; `next_cursor` is None at the end."""

    items: tuple[Item, ...]
    next_cursor: str | None


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
