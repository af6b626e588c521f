"""Description of a picture for a shop: listing title and alternative text in both languages."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from stillroom.domain.words import plain

MAX_PICTURE_TITLE_CHARACTERS = 200
"""Amazon accepts titles of 200 characters, Taobao of 60; the checks of a shop are not repeated here."""

MAX_ALT_CHARACTERS = 300
"""Screen readers read about 125 characters without a pause; longer texts remain readable."""


TitleWords = Annotated[str, Field(max_length=MAX_PICTURE_TITLE_CHARACTERS), AfterValidator(plain)]
AltWords = Annotated[str, Field(max_length=MAX_ALT_CHARACTERS), AfterValidator(plain)]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Title(_Shape):
    """A listing title in Chinese and English; an empty text is not written yet."""

    zh: TitleWords = ""
    en: TitleWords = ""


class AltText(_Shape):
    """A text for people who do not see the picture, in Chinese and English; empty if not written yet."""

    zh: AltWords = ""
    en: AltWords = ""


class Description(_Shape):
    """Words for a picture's listing; unknown fields, of later releases, are ignored."""

    title: Title = Title()
    alt_text: AltText = AltText()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written."""
        return not any((self.title.zh, self.title.en, self.alt_text.zh, self.alt_text.en))


NOTHING = Description()
"""Description of a picture without one."""
