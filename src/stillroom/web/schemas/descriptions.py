"""Schemas of the descriptions of pictures."""

from typing import Annotated

from pydantic import Field

from stillroom.domain.descriptions import (
    MAX_ALT_CHARACTERS,
    MAX_TITLE_CHARACTERS,
    AltText,
    Description,
    Title,
)
from stillroom.web.schemas.base import Answer, Body

_Title = Annotated[str, Field(max_length=MAX_TITLE_CHARACTERS)]
_Alt = Annotated[str, Field(max_length=MAX_ALT_CHARACTERS)]


class TitleTexts(Body):
    """A listing title in Chinese and English; an empty text is not written yet."""

    zh: _Title = ""
    en: _Title = ""


class AltTexts(Body):
    """A text for people who do not see the picture, in Chinese and English."""

    zh: _Alt = ""
    en: _Alt = ""


class DescriptionRequest(Body):
    """The words for a picture's listing, which replace those stored; only empty ones remove them."""

    title: TitleTexts = Field(default_factory=TitleTexts)
    alt_text: AltTexts = Field(default_factory=AltTexts)

    @property
    def description(self) -> Description:
        """Return the description, without control characters."""
        return Description(
            title=Title(zh=self.title.zh, en=self.title.en),
            alt_text=AltText(zh=self.alt_text.zh, en=self.alt_text.en),
        )


class DescriptionSuggestion(Answer):
    """A description by the reader model; it is not stored.

    Attributes:
        cost_usd: Price of the call; null if the price of the model is not known.
    """

    title: Title
    alt_text: AltText
    model: str
    cost_usd: float | None
