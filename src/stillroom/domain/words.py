"""A text in both languages of the product."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Self

from pydantic import Field, TypeAdapter

from stillroom.domain.frozen import Frozen

_FOLDER = resources.files("stillroom") / "catalog" / "texts"

_HAN = re.compile(r"[\u4e00-\u9fff]")


def plain(text: str) -> str:
    """Replace line breaks and control characters by spaces; for words of strangers and of models."""
    return " ".join("".join(" " if unicodedata.category(c)[0] == "C" else c for c in text).split())


def language_like(text: str) -> str:
    """Return the language of a text, `zh` or `en`; mixed texts count as Chinese."""
    return "zh" if _HAN.search(text) else "en"


class Words(Frozen):
    """A text in Chinese and in English."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def like(self, text: str) -> str:
        """Return the version in the language of another text; mixed texts count as Chinese."""
        return self.to(language_like(text))

    def to(self, language: str) -> str:
        """Return the version for a language, `zh` or `en`."""
        return self.zh if language == "zh" else self.en

    @classmethod
    def joined(cls, parts: Iterable["Words"]) -> Self:
        """Return short texts as one, with equal ones once; fields that say the same have equal labels."""
        once = list(dict.fromkeys(parts))
        return cls(zh="，".join(part.zh for part in once), en=", ".join(part.en for part in once))


def texts_in(name: str) -> Mapping[str, Mapping[str, Words]]:
    """Return the texts of a file of `catalog/texts`: groups of texts, each by key."""
    return TypeAdapter(dict[str, dict[str, Words]]).validate_json(text_file(name))


def text_file(name: str) -> str:
    """Return the content of a file of `catalog/texts`."""
    return (_FOLDER / f"{name}.json").read_text("utf-8")
