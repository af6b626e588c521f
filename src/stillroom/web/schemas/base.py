"""Base classes of all JSON schemas."""

from collections.abc import Callable
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, Strict, field_validator

from stillroom.domain.errors import UnusableValue
from stillroom.domain.ports import Page

ID_PATTERN = r"^[a-z0-9_]+$"
MAX_ID_CHARACTERS = 64

_T = TypeVar("_T")

GivenId = Annotated[_T, Field(min_length=1, max_length=MAX_ID_CHARACTERS, pattern=ID_PATTERN)]
"""An id in a request body, validated before any lookup."""

FromText = Annotated[_T, Strict(False)]
"""An enumeration in a request body; JSON has only its text, which strict validation would refuse."""


class Body(BaseModel):
    """Base of request bodies; unknown fields and values of another JSON type are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @field_validator("*", mode="before")
    @classmethod
    def _can_be_stored(cls, value: Any) -> Any:
        """Reject text that no database column can store: NUL and unpaired surrogates."""
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and not is_storable(text):
                raise UnusableValue("holds_a_character_that")
        return value


def is_storable(text: str) -> bool:
    """Return whether every supported database can store the text."""
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text)


class Answer(BaseModel):
    """Base of responses; every field is always present, under its name in JSON.

    An answer whose fields are those of a domain object is made by `model_validate(object)`.
    """

    model_config = ConfigDict(
        frozen=True, serialize_by_alias=True, from_attributes=True, validate_by_name=True
    )

    @classmethod
    def of(cls, source: object, **others: Any) -> Self:
        """Make an answer of the attributes that a domain object shares with it, and of its other fields."""
        shared = {name: getattr(source, name) for name in cls.model_fields if name not in others}
        return cls(**shared, **others)


class PageAnswer(Answer, Generic[_T]):
    """One page of a list."""

    items: list[_T]
    next_cursor: str | None

    @classmethod
    def showing(cls, page: Page[Any], answer: Callable[[Any], _T]) -> Self:
        return cls(items=[answer(item) for item in page.items], next_cursor=page.next_cursor)


def usd(micro: int | None) -> float | None:
    """Convert millionths of a US dollar; None if a price is not known."""
    return None if micro is None else micro / 1_000_000
