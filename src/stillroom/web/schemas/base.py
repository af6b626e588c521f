"""What all JSON shapes share."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

ID_PATTERN = r"^[a-z0-9_]+$"
MAX_ID_CHARACTERS = 64

GivenId = Annotated[str, Field(min_length=1, max_length=MAX_ID_CHARACTERS, pattern=ID_PATTERN)]
"""An id in a body: what cannot be one is refused before anything is looked up."""


class Body(BaseModel):
    """A request body: unknown fields are an error, not a surprise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _can_be_stored(cls, value: Any) -> Any:
        """JSON can spell what no text column takes: NUL, and half of a pair of surrogates."""
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and not is_storable(text):
                raise ValueError("holds a character that is no text")
        return value


def is_storable(text: str) -> bool:
    """Whether every database takes it as text."""
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text)


class Answer(BaseModel):
    """An answer: every field is always there."""

    model_config = ConfigDict(frozen=True)
