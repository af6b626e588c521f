"""Marketplaces' published rules for pictures, each with its source and how well it is known."""

from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from stillroom.domain.words import Words


class PictureFormat(StrEnum):
    """How an exported picture is encoded."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    AVIF = "avif"


class FileKind(StrEnum):
    """What a picture file may be, ours or not; marketplaces take more kinds than we make."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    TIFF = "tiff"
    AVIF = "avif"
    HEIC = "heic"


class Grade(StrEnum):
    """How well a marketplace's rule is known.

    A: stated by the marketplace itself. B: independent guides agree. C: one guide, or guides that disagree;
    shown as unverified.
    """

    A = "A"
    B = "B"
    C = "C"


class _Rule(BaseModel):
    """What all rules have.

    Attributes:
        required: Breaking it is a failure; else only a warning.
        grade: How well it is known; None for our own advice.
        source: Who says so.
        checked_on: When that was looked up.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

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


class Ratio(BaseModel):
    """Width to height."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    width: Annotated[int, Field(ge=1, le=100)]
    height: Annotated[int, Field(ge=1, le=100)]


class RatioRule(_Rule):
    """Width to height; `others` are as good."""

    rule: Literal["ratio"]
    width: Annotated[int, Field(ge=1, le=100)]
    height: Annotated[int, Field(ge=1, le=100)]
    others: tuple[Ratio, ...] = ()

    @property
    def shapes(self) -> tuple[Ratio, ...]:
        """All that keep the rule."""
        return (Ratio(width=self.width, height=self.height), *self.others)


class FormatRule(_Rule):
    """How the file may be encoded, recognised by its content."""

    rule: Literal["format"]
    formats: Annotated[tuple[FileKind, ...], Field(min_length=1)]


class BytesRule(_Rule):
    """Size of the file."""

    rule: Literal["bytes"]
    min: Annotated[int, Field(ge=0)] | None = None
    max: Annotated[int, Field(ge=1)] | None = None


class WhiteGroundRule(_Rule):
    """Every pixel outside the product is 255; a shadow is forbidden, or warned of."""

    rule: Literal["white_ground"]
    shadow: Literal["forbidden", "tolerated"]


class BorderRule(_Rule):
    """The outermost ring is 255 all round; `ring` is its width, as a share of the shorter side."""

    rule: Literal["border_white"]
    ring: Share = 0.02


class TransparentGroundRule(_Rule):
    """What is outside the product is see-through."""

    rule: Literal["transparent_ground"]


class SubjectShareRule(_Rule):
    """How much of the picture's side the product's longer side takes."""

    rule: Literal["subject_share"]
    min: Share
    max: Share = 1.0


class SubjectSizeRule(_Rule):
    """The least size of the product in pixels."""

    rule: Literal["subject_size"]
    min_width: Pixels
    min_height: Pixels


class PlainRule(_Rule):
    """A rule without a figure of its own.

    `subject_whole`: no edge cuts the product. `subject_centered`: it stands in the middle. `single_subject`:
    one product only. `srgb`: sRGB, eight bits. `camera_data`: no EXIF, no place. `provenance`: the kind of
    picture is written into the file.
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
    """Pixels of the file per pixel of the master."""

    rule: Literal["enlargement"]
    max: Annotated[float, Field(gt=0)] = 1.0


class ManualRule(_Rule):
    """Only a person can decide it; `added_text` is lettering and marks that are not on the product."""

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


RULE_TITLES: MappingProxyType[str, Words] = MappingProxyType(
    {
        "size": Words(zh="尺寸", en="Size"),
        "zoom": Words(zh="放大镜", en="Zoom"),
        "ratio": Words(zh="比例", en="Proportions"),
        "format": Words(zh="格式", en="Format"),
        "bytes": Words(zh="文件大小", en="File size"),
        "white_ground": Words(zh="底色纯白", en="Pure white ground"),
        "border_white": Words(zh="四边纯白", en="White border"),
        "transparent_ground": Words(zh="底色透明", en="Transparent ground"),
        "subject_share": Words(zh="主体占比", en="Share of the frame"),
        "subject_size": Words(zh="主体大小", en="Size of the product"),
        "subject_whole": Words(zh="主体完整", en="Whole product"),
        "subject_centered": Words(zh="主体居中", en="Centred"),
        "single_subject": Words(zh="只有一个主体", en="One product"),
        "srgb": Words(zh="色彩空间", en="Colour space"),
        "camera_data": Words(zh="拍摄信息", en="Camera data"),
        "provenance": Words(zh="来源信息", en="Provenance"),
        "sharpness": Words(zh="清晰度", en="Sharpness"),
        "enlargement": Words(zh="放大倍数", en="Enlargement"),
        "added_text": Words(zh="新增文字或水印", en="Added text or marks"),
        "category": Words(zh="类目规则", en="Category rules"),
    }
)
"""What each rule is called on the page."""
