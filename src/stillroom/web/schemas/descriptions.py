"""Schemas of the descriptions of pictures."""

from pydantic import Field

from stillroom.domain.descriptions import AltText, Description, Title
from stillroom.web.schemas.base import Answer, Body


class TitleTexts(Title, Body):
    """A listing title in Chinese and English; an empty text is not written yet."""


class AltTexts(AltText, Body):
    """A text for people who do not see the picture, in Chinese and English."""


class DescriptionRequest(Body):
    """Title and alternative text of a picture; they replace the stored ones, also where they are empty."""

    title: TitleTexts = Field(default_factory=TitleTexts)
    alt_text: AltTexts = Field(default_factory=AltTexts)

    @property
    def description(self) -> Description:
        """Return the description, without control characters."""
        return Description.model_validate(self.model_dump())


class DescriptionSuggestion(Answer):
    """A description by the reader model; it is not stored.

    Attributes:
        cost_usd: Price of the call; null if the price of the model is not known.
    """

    title: Title
    alt_text: AltText
    model: str
    cost_usd: float | None
