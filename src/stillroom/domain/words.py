"""A text in both languages of the product."""

import re
import unicodedata

from pydantic import BaseModel, ConfigDict, Field

_HAN = re.compile(r"[\u4e00-\u9fff]")


def plain(text: str) -> str:
    """Replace line breaks and control characters by spaces; for words of strangers and of models."""
    return " ".join("".join(" " if unicodedata.category(c)[0] == "C" else c for c in text).split())


class Words(BaseModel):
    """A text in Chinese and in English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def like(self, text: str) -> str:
        """Return the version in the language of another text; mixed texts count as Chinese."""
        return self.zh if _HAN.search(text) else self.en
