"""Base classes of all JSON schemas."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    ValidationError,
    field_validator,
)
from pydantic_core import InitErrorDetails

from stillroom.domain.field_errors import UnusableValue
from stillroom.domain.ids import ID_PATTERN, MAX_ID_CHARACTERS
from stillroom.domain.ports import Page

_T = TypeVar("_T")

GivenId = Annotated[_T, Field(min_length=1, max_length=MAX_ID_CHARACTERS, pattern=ID_PATTERN)]
"""An id in a request body, validated before any lookup."""

Label = Annotated[str, StringConstraints(strip_whitespace=True)]
"""A name or title in a request body, without surrounding spaces; one of spaces alone is empty."""

FromText = Annotated[_T, Strict(False)]
"""An enumeration in a request body; JSON has only its text, which strict validation would refuse."""


class Body(BaseModel):
    """Base of request bodies; unknown fields and values of another JSON type are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @field_validator("*", mode="before")
    @classmethod
    def _can_be_stored(cls, value: Any) -> Any:
        """Reject text that no database column can store: NUL and unpaired surrogates, at any depth of JSON.

        Raises ValidationError, which has the path to the text, in place of a ValueError, which would not.
        """
        if (path := _path_to_unstorable(value)) is not None:
            cause = {"error": UnusableValue("holds_a_character_that")}
            error = InitErrorDetails(type="value_error", loc=path, input=None, ctx=cause)
            raise ValidationError.from_exception_data(cls.__name__, [error])
        return value


def is_storable(text: str) -> bool:
    """Return whether every supported database can store the text."""
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text)


_MAX_PATH_PARTS = 4
"""Parts of the path in an error; no schema is nested deeper, but JSON of a client may be."""


def _path_to_unstorable(value: Any) -> tuple[str | int, ...] | None:
    """Return the path to a text or an object with a name that cannot be stored; None if there is none."""
    # A queue instead of recursion: a body may nest deeper than Python's stack.
    waiting: deque[tuple[tuple[str | int, ...], Any]] = deque([((), value)])
    while waiting:
        path, inner = waiting.popleft()
        parts: Iterable[tuple[str | int, Any]] = ()
        if isinstance(inner, str):
            if not is_storable(inner):
                return path
        elif isinstance(inner, dict):
            if not all(map(is_storable, inner)):
                return path
            parts = inner.items()
        elif isinstance(inner, list):
            parts = enumerate(inner)
        waiting.extend(((*path, key)[:_MAX_PATH_PARTS], part) for key, part in parts)
    return None


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


def micro_usd(usd: float | None) -> int | None:
    """Convert to millionths of a US dollar; rounded, because 1.001 has no exact binary fraction."""
    return None if usd is None else round(usd * 1_000_000)
