"""Names of exported files, by product, preset and position in a listing."""

import re
import unicodedata
from typing import Annotated, Self

from pydantic import Field, model_validator

from stillroom.domain.exports.rules import PictureFormat
from stillroom.domain.field_errors import UnusableValue
from stillroom.domain.frozen import Frozen

MAX_PRODUCT_CHARACTERS = 60

EXTENSIONS = {
    PictureFormat.JPEG: "jpg",
    PictureFormat.PNG: "png",
    PictureFormat.WEBP: "webp",
    PictureFormat.AVIF: "avif",
}

MAX_NAME_CHARACTERS = 80

_MAX_STEM_BYTES = 200
"""Bytes; file systems allow 255, and the rest is left for suffixes that browsers and archives add."""

_UNSAFE = re.compile(r'[<>:"/\\|?*\s]+')
_UNUSABLE = re.compile(r'[<>:"/\\|?*]')
_EXTENSION = re.compile(r"\.(jpe?g|png|webp|avif)$", re.IGNORECASE)

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""First characters of what spreadsheets evaluate as a formula; no file name begins with one."""

_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
"""Device names that Windows reserves, with any extension."""

_FIELD = re.compile(r"\{(\w*)\}")
_KNOWN = frozenset({"product", "sku", "preset", "number", "slot"})
_COUNTING = frozenset({"number", "slot"})

Pattern = Annotated[str, Field(pattern=r"^[A-Za-z0-9._{}-]+$", max_length=80)]


class FileName(Frozen):
    """File name patterns of a preset, without extension.

    Both patterns may use `{product}`, the title made safe for file systems; `{sku}`, the title's letters and
    digits only; `{preset}`; `{number}`, the position among a product's pictures from 1; and `{slot}`, the
    position after the first picture, with two digits from 01.

    Attributes:
        first: Pattern of a product's first or only picture.
        further: Pattern of all further pictures.
    """

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

    def fill_in(
        self,
        title: str,
        preset: str,
        number: int,
        part: int | None,
        form: PictureFormat,
        wished: str | None = None,
    ) -> str:
        """Return the name of one file.

        Args:
            number: Position of the picture among the product's pictures, from 1.
            part: Number of the part, from 1, if the picture was split; else None.
            wished: The user's own pattern, as returned by `usable_name`; without a counter, further pictures
                get a number appended.
        """
        words = {
            "product": product_of(title),
            "sku": "".join(c for c in title if c.isalnum())[:MAX_PRODUCT_CHARACTERS] or "product",
            "preset": preset,
            "number": str(number),
            "slot": f"{number - 1:02}",
        }
        pattern = self.first if number == 1 else self.further
        if wished is not None:
            counts = number == 1 or _COUNTING & set(_FIELD.findall(wished))
            pattern = wished if counts else f"{wished}_{{number}}"
        piece = "" if part is None else f"_p{part:02}"
        stem = plain_start(_FIELD.sub(lambda field: words[field[1]], pattern))
        room = _MAX_STEM_BYTES - len(piece)
        return f"{stem.encode()[:room].decode(errors='ignore')}{piece}.{EXTENSIONS[form]}"


def usable_name(text: str) -> str:
    """Validate a user's file name pattern: no extension, and only the fields of `FileName`.

    Raises:
        ValueError: The name is not valid on every system, or has unknown fields.
    """
    name = _EXTENSION.sub("", unicodedata.normalize("NFC", text).strip()).strip()
    if not name.strip("._- "):
        raise UnusableValue("needs_a_letter_or")
    if len(name) > MAX_NAME_CHARACTERS:
        raise UnusableValue("may_have_at_most", MAX_NAME_CHARACTERS)
    if _UNUSABLE.search(name) or any(unicodedata.category(c)[0] == "C" for c in name):
        raise UnusableValue("may_not_have_any")
    if name[0] == "." or name[-1] == "." or _DEVICES.match(name):
        raise UnusableValue("is_a_name_that")
    plain = _FIELD.sub("", name)
    if set(_FIELD.findall(name)) - _KNOWN or "{" in plain or "}" in plain:
        raise UnusableValue("has_an_unknown_field", ", ".join(sorted(_KNOWN)))
    return name


def product_of(title: str) -> str:
    """Make a title safe for use in file names on every system."""
    plain = "".join(c for c in title if c.isspace() or unicodedata.category(c)[0] != "C")
    return plain_start(_UNSAFE.sub("-", plain))[:MAX_PRODUCT_CHARACTERS].rstrip("-.") or "product"


def plain_start(stem: str) -> str:
    """Return a name that neither begins with a dot or like a formula, nor is one that Windows reserves."""
    plain = stem.lstrip("".join(FORMULA_STARTS) + ".") or "product"
    return f"_{plain}" if _DEVICES.match(plain) else plain
