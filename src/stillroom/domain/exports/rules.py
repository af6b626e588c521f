"""Published picture rules of marketplaces, each with its source and a confidence grade."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from stillroom.domain.frozen import Frozen
from stillroom.domain.words import Words, texts_in


class PictureFormat(StrEnum):
    """File format of an exported picture."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    AVIF = "avif"


class FileKind(StrEnum):
    """File format of any picture; marketplaces accept more formats than exports use."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    TIFF = "tiff"
    AVIF = "avif"
    HEIC = "heic"


class Grade(StrEnum):
    """Confidence in a marketplace's rule.

    A: stated by the marketplace itself. B: independent guides agree. C: one guide, or guides that disagree;
    shown as unverified.
    """

    A = "A"
    B = "B"
    C = "C"


class _Rule(Frozen):
    """Fields common to all rules.

    Attributes:
        required: Whether a violation is a failure; otherwise it is a warning.
    """

    required: bool = True
    grade: Grade | None
    source: str = Field(min_length=1)
    checked_on: date


Pixels = Annotated[int, Field(ge=1, le=20_000)]
Share = Annotated[float, Field(gt=0.0, le=1.0)]


class SizeRule(_Rule):
    """Width and height in pixels; `zoom` is the size from which a shop offers a magnifier."""

    rule: Literal["size", "zoom"]
    width: Pixels | None = None
    height: Pixels | None = None
    min_width: Pixels | None = None
    max_width: Pixels | None = None
    min_height: Pixels | None = None
    max_height: Pixels | None = None
    min_long_side: Pixels | None = None
    max_long_side: Pixels | None = None
    min_short_side: Pixels | None = None
    max_megapixels: Annotated[float, Field(gt=0)] | None = None


class Ratio(Frozen):
    """Aspect ratio, width to height."""

    width: Annotated[int, Field(ge=1, le=100)]
    height: Annotated[int, Field(ge=1, le=100)]


class RatioRule(_Rule):
    """Required aspect ratio; `others` are accepted too."""

    rule: Literal["ratio"]
    width: Annotated[int, Field(ge=1, le=100)]
    height: Annotated[int, Field(ge=1, le=100)]
    others: tuple[Ratio, ...] = ()

    @property
    def shapes(self) -> tuple[Ratio, ...]:
        """All accepted aspect ratios."""
        return (Ratio(width=self.width, height=self.height), *self.others)


class FormatRule(_Rule):
    """Accepted file formats, detected from the file's content."""

    rule: Literal["format"]
    formats: Annotated[tuple[FileKind, ...], Field(min_length=1)]


class BytesRule(_Rule):
    """Accepted file size."""

    rule: Literal["bytes"]
    min: Annotated[int, Field(ge=0)] | None = None
    max: Annotated[int, Field(ge=1)] | None = None


class WhiteGroundRule(_Rule):
    """Every pixel outside the product is 255; a shadow is a failure or a warning."""

    rule: Literal["white_ground"]
    shadow: Literal["forbidden", "tolerated"]


class BorderRule(_Rule):
    """The border of the picture is 255; `ring` is its width as a share of the shorter side."""

    rule: Literal["border_white"]
    ring: Share = 0.02


class TransparentGroundRule(_Rule):
    """The area outside the product is transparent."""

    rule: Literal["transparent_ground"]


class SubjectShareRule(_Rule):
    """Range of the product's longer side as a share of the picture's side."""

    rule: Literal["subject_share"]
    min: Share
    max: Share = 1.0


class SubjectSizeRule(_Rule):
    """Minimum size of the product in pixels."""

    rule: Literal["subject_size"]
    min_width: Pixels
    min_height: Pixels


class PlainRule(_Rule):
    """A rule without parameters.

    `subject_whole`: no edge of the picture cuts the product. `subject_centered`: the product is centred.
    `single_subject`: one product only. `srgb`: sRGB, 8 bits. `camera_data`: no EXIF, no location.
    `provenance`: the file declares how the picture was made.
    """

    rule: Literal[
        "subject_whole",
        "subject_centered",
        "single_subject",
        "srgb",
        "camera_data",
        "provenance",
        "sharpness",
    ]


class EnlargementRule(_Rule):
    """Maximum enlargement, in file pixels per master pixel."""

    rule: Literal["enlargement"]
    max: Annotated[float, Field(gt=0)] = 1.0


class ManualRule(_Rule):
    """Only a person can decide it; `added_text` means lettering and marks that are not on the product."""

    rule: Literal["added_text", "category"]
    note: Words


Rule = Annotated[
    SizeRule
    | RatioRule
    | FormatRule
    | BytesRule
    | WhiteGroundRule
    | BorderRule
    | TransparentGroundRule
    | SubjectShareRule
    | SubjectSizeRule
    | PlainRule
    | EnlargementRule
    | ManualRule,
    Field(discriminator="rule"),
]


RULE_TITLES = texts_in("exports")["rules"]
"""Names of the rules, shown on the page."""
