"""A page of a list, the shape in which every port gives rows back."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A stretch of a long list.

    Attributes:
        next_cursor: What to ask with for the following stretch; None at the end.
    """

    items: tuple[Item, ...]
    next_cursor: str | None
