"""What exported files are called: by product, by preset, by place in a listing."""

import re
import unicodedata
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stillroom.domain.rules import PictureFormat

MAX_PRODUCT_CHARACTERS = 60

EXTENSIONS = {
    PictureFormat.JPEG: "jpg",
    PictureFormat.PNG: "png",
    PictureFormat.WEBP: "webp",
    PictureFormat.AVIF: "avif",
}

_UNSAFE = re.compile(r'[<>:"/\\|?*\s]+')
_FIELD = re.compile(r"\{(\w*)\}")
_KNOWN = frozenset({"product", "sku", "preset", "number", "slot"})
_COUNTING = frozenset({"number", "slot"})

Pattern = Annotated[str, Field(pattern=r"^[A-Za-z0-9._{}-]+$", max_length=80)]


class FileName(BaseModel):
    """How the files of a preset are called, without extension.

    Both patterns may use `{product}`, the title made safe for file systems; `{sku}`, the title's letters and
    digits alone; `{preset}`; `{number}`, which counts a product's pictures from 1; and `{slot}`, which counts
    those after the first, with two digits from 01.

    Attributes:
        first: For a product's first, or only, picture.
        further: For the others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: Pattern = "{product}_{preset}"
    further: Pattern = "{product}_{preset}_{number}"

    @model_validator(mode="after")
    def _can_be_filled_in(self) -> Self:
        for pattern in (self.first, self.further):
            unknown = sorted(set(_FIELD.findall(pattern)) - _KNOWN)
            if unknown or _FIELD.sub("", pattern).strip("{}") != _FIELD.sub("", pattern):
                raise ValueError(f"{pattern} has other fields than {', '.join(sorted(_KNOWN))}")
            if not {"product", "sku"} & set(_FIELD.findall(pattern)):
                raise ValueError(f"{pattern} does not name the product")
        if not _COUNTING & set(_FIELD.findall(self.further)):
            raise ValueError("further must count, by {number} or {slot}")
        return self

    def fill_in(self, title: str, preset: str, number: int, part: int | None, form: PictureFormat) -> str:
        """The name of one file.

        Args:
            title: The product's title, or its number of article.
            preset: Id of the preset.
            number: Which picture of the product, from 1.
            part: Which piece, from 1, of a picture that was cut into several.
            form: Decides the extension.
        """
        words = {
            "product": product_of(title),
            "sku": "".join(c for c in title if c.isalnum())[:MAX_PRODUCT_CHARACTERS] or "product",
            "preset": preset,
            "number": str(number),
            "slot": f"{number - 1:02}",
        }
        pattern = self.first if number == 1 else self.further
        piece = "" if part is None else f"_p{part:02}"
        return f"{_FIELD.sub(lambda field: words[field[1]], pattern)}{piece}.{EXTENSIONS[form]}"


def product_of(title: str) -> str:
    """A title as a part of a file name: safe on every system."""
    plain = "".join(c for c in title if c.isspace() or unicodedata.category(c)[0] != "C")
    return _UNSAFE.sub("-", plain).strip("-.")[:MAX_PRODUCT_CHARACTERS].rstrip("-.") or "product"
