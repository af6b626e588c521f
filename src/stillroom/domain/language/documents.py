"""Shapes of the language files: words by kind and meaning, and styles."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Changes = Mapping[str, Mapping[str, Any]]
"""Fields by part of the plan: a value, `"+0.1"` to add, or `"*1.1"` to multiply."""

Words = tuple[Annotated[str, Field(min_length=1, max_length=60)], ...]


class LanguageFile(BaseModel):
    """Content of `zh.json` and `en.json`: words by kind (such as `part`) and meaning (such as `shadow`)."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, dict[str, Words]]

    schema_: str | None = Field(default=None, alias="$schema")

    @property
    def kinds(self) -> dict[str, dict[str, Words]]:
        """The words by kind and meaning."""
        return self.__pydantic_extra__


class Style(BaseModel):
    """A named bundle of changes.

    Attributes:
        words: What users call it, in both languages.
        changes: Fields by part of the plan: a value, `"+0.1"` to add, or `"*1.1"` to multiply.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    words: Annotated[Words, Field(min_length=1)]
    changes: Annotated[dict[str, dict[str, Any]], Field(min_length=1)]


class StyleFile(BaseModel):
    """Content of `styles.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: str | None = Field(default=None, alias="$schema")
    styles: tuple[Style, ...]
