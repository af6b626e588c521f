"""A text in both languages of the product."""

from pydantic import BaseModel, ConfigDict, Field


class Words(BaseModel):
    """A text in Chinese and in English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
