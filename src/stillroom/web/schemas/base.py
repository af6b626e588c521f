"""What all JSON shapes share."""

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """A request body: unknown fields are an error, not a surprise."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """An answer: every field is always there."""

    model_config = ConfigDict(frozen=True)
