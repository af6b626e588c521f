"""Exports: what a marketplace wants of a file, and what was measured on one."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stillroom.domain.exports.file_names import FileName
from stillroom.domain.exports.rules import Grade, PictureFormat, Pixels, Rule, Share
from stillroom.domain.ids import ExportId, OwnerId, VariantId
from stillroom.domain.words import Words


class Verdict(StrEnum):
    """What a check came to; `manual` is what only a person can see."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    MANUAL = "manual"


class Fit(StrEnum):
    """How a picture comes onto its canvas."""

    PAD = "pad"
    CROP = "crop"
    INSIDE = "inside"
    TRIM = "trim"


class Ground(StrEnum):
    """What must stand behind the product.

    SCENE keeps what is there. WHITE is 255 wherever neither product nor shadow is. PURE_WHITE has no shadow.
    """

    SCENE = "scene"
    WHITE = "white"
    PURE_WHITE = "pure_white"
    TRANSPARENT = "transparent"


class DigitalSource(StrEnum):
    """What was really done to a picture.

    Source:
        IPTC NewsCodes, scheme `digitalsourcetype`.
    """

    DIGITAL_CAPTURE = "digitalCapture"
    ALGORITHMICALLY_ENHANCED = "algorithmicallyEnhanced"
    COMPOSITE_SYNTHETIC = "compositeSynthetic"
    COMPOSITE_WITH_TRAINED_MODEL = "compositeWithTrainedAlgorithmicMedia"
    TRAINED_MODEL = "trainedAlgorithmicMedia"


class FixId(StrEnum):
    """What one press can put right in an export."""

    REMOVE_SHADOW = "remove_shadow"
    ENLARGE_SUBJECT = "enlarge_subject"
    CENTER = "center"
    PURE_WHITE = "pure_white"
    FIT_BYTES = "fit_bytes"
    TO_JPEG = "to_jpeg"
    SHARPEN = "sharpen"


class ExportStatus(StrEnum):
    """Whether a file is there: some formats take too long for a request, so a worker makes them."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class LabelLanguage(StrEnum):
    """In which language a picture says that it is generated."""

    ZH = "zh"
    EN = "en"


class _Shape(BaseModel):
    """Immutable and strict about its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Fix(_Shape):
    """A remedy offered beside a check; `edit` makes a new version, `export` changes this file only."""

    id: FixId
    kind: Literal["export", "edit"] = "export"
    label: Words


class Check(_Shape):
    """One rule, as measured on the encoded file.

    Attributes:
        rule: Which rule, such as `white_ground`.
        title: The rule's name.
        measured: What was found, in figures; None where only a person can tell.
        limit: What is asked for, in figures; None where it cannot be put in figures.
        facts: The same figures as numbers, for whoever wants to lay them out.
        note: What a person should look at.
        grade: How well the rule is known; None for our own advice.
        source: Who says so.
        checked_on: When that was looked up.
        fix: A remedy, or None.
    """

    rule: str
    title: Words
    verdict: Verdict
    measured: str | None
    limit: str | None
    facts: dict[str, float | int | str] = Field(default_factory=dict)
    note: Words | None = None
    grade: Grade | None
    source: str
    checked_on: date
    fix: Fix | None = None


class Canvas(_Shape):
    """How large the file is.

    Attributes:
        width: Exact width; with `max_height`, the height follows the picture.
        height: Exact height.
        long_side: At most this; the picture keeps its proportions and is not enlarged.
        max_height: Taller pictures are cut into parts of this height.
    """

    width: Pixels | None = None
    height: Pixels | None = None
    long_side: Pixels | None = None
    max_height: Pixels | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        exact = self.width is not None and self.height is not None
        column = self.width is not None and self.max_height is not None and self.height is None
        side = self.long_side is not None and self.width is None and self.height is None
        if not (exact or column or side):
            raise ValueError("a canvas is width and height, or width and max_height, or long_side")
        return self


class SubjectShare(_Shape):
    """How large the product stands on the canvas, by its longer side.

    Attributes:
        share: What is aimed at.
        min: A scene whose product is smaller is cropped towards `share`.
        max: A scene whose product is larger is widened if there is more of it.
    """

    share: Share
    min: Share
    max: Share

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if not self.min <= self.share <= self.max:
            raise ValueError("min, share and max must rise")
        return self


class Quality(_Shape):
    """Quality of lossy formats: where the search begins, and how far it may fall to fit the bytes."""

    best: Annotated[int, Field(ge=1, le=100)] = 92
    least: Annotated[int, Field(ge=1, le=100)] = 82

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.least > self.best:
            raise ValueError("least must not exceed best")
        return self


class ByteWindow(_Shape):
    """Bytes the file should have; both ends belong to it."""

    min: Annotated[int, Field(ge=0)] = 0
    max: Annotated[int, Field(ge=1)] | None = None


class ExportPreset(_Shape):
    """What a place of sale wants: canvas, ground, framing, encoding and its published rules.

    Attributes:
        id: Such as `amazon-main`.
        platform: Id of the platform it belongs to, or `web`.
        subject: How large the product shall stand; None leaves the picture's own framing.
        file_name: What its files are called.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    platform: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    name: Words
    canvas: Canvas
    fit: Fit
    ground: Ground
    subject: SubjectShare | None = None
    formats: Annotated[tuple[PictureFormat, ...], Field(min_length=1)]
    quality: Quality = Quality()
    bytes: ByteWindow = ByteWindow()
    file_name: FileName = FileName()
    rules: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _can_be_encoded(self) -> Self:
        if self.ground is Ground.TRANSPARENT and PictureFormat.JPEG in self.formats:
            raise ValueError("JPEG cannot be transparent")
        return self


class ExportsConfig(BaseModel):
    """The file `exports.config.json`.

    Attributes:
        house_rules: Measured on every export whose preset does not name the same rule itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_: str | None = Field(default=None, alias="$schema")
    house_rules: tuple[Rule, ...] = ()
    presets: Annotated[tuple[ExportPreset, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        ids = [preset.id for preset in self.presets]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ValueError(f"presets named twice: {', '.join(twice)}")
        return self

    def preset(self, preset_id: str) -> ExportPreset | None:
        """The preset of that name, house rules included, or None."""
        preset = next((preset for preset in self.presets if preset.id == preset_id), None)
        if preset is None:
            return None
        named = {rule.rule for rule in preset.rules}
        added = tuple(rule for rule in self.house_rules if rule.rule not in named)
        return preset.model_copy(update={"rules": (*preset.rules, *added)})

    def overlaid_by(self, other: Self) -> Self:
        """This configuration with another's presets in place of, or after, its own.

        Args:
            other: Its house rules hold if it has any.
        """
        own = {preset.id: preset for preset in self.presets}
        presets = {**own, **{preset.id: preset for preset in other.presets}}
        return self.model_copy(
            update={
                "presets": tuple(presets.values()),
                "house_rules": other.house_rules or self.house_rules,
            }
        )


@dataclass(frozen=True, slots=True)
class Export:
    """A file made from a variant's master; it lives for a day.

    Attributes:
        id: `exp_…`.
        owner_id: Whose it is.
        variant_id: What it was made from.
        preset: Under which preset.
        name: What the file is called.
        part: Which piece, from 1, of a picture that the preset cuts into several; None if it is whole.
        format: How it is encoded.
        width: Pixels.
        height: Pixels.
        bytes: Size of the file.
        blob_key: Where the file is.
        checks: What was measured.
        created_at: Aware UTC.
        expires_at: Aware UTC.
        status: Whether the file is there; until it is, `bytes` is 0 and nothing was measured.
    """

    id: ExportId
    owner_id: OwnerId
    variant_id: VariantId
    preset: str
    name: str
    part: int | None
    format: PictureFormat
    width: int
    height: int
    bytes: int
    blob_key: str
    checks: tuple[Check, ...]
    created_at: datetime
    expires_at: datetime
    status: ExportStatus = ExportStatus.READY


class Recipe(_Shape):
    """How a file that is made later shall be made, whatever becomes of the catalogue meanwhile.

    Attributes:
        preset: With that file's format alone.
    """

    preset: ExportPreset
    fixes: frozenset[FixId] = frozenset()
    label: LabelLanguage | None = None


LABEL_WORDS: MappingProxyType[LabelLanguage, str] = MappingProxyType(
    {LabelLanguage.ZH: "AI 生成", LabelLanguage.EN: "AI generated"}
)
"""What the visible label says."""

FIX_LABELS: MappingProxyType[FixId, Words] = MappingProxyType(
    {
        FixId.REMOVE_SHADOW: Words(zh="去掉阴影", en="Remove the shadow"),
        FixId.ENLARGE_SUBJECT: Words(zh="放大主体到 {share}%", en="Enlarge the product to {share}%"),
        FixId.CENTER: Words(zh="居中", en="Centre it"),
        FixId.PURE_WHITE: Words(zh="换成纯白", en="Make it pure white"),
        FixId.FIT_BYTES: Words(zh="压到 {kilobytes} KB 以内", en="Bring it under {kilobytes} KB"),
        FixId.TO_JPEG: Words(zh="改成 JPEG", en="Make it JPEG"),
        FixId.SHARPEN: Words(zh="轻微锐化", en="Sharpen lightly"),
    }
)
"""What each remedy is called; figures in braces are filled in by the check that offers it."""


def fix(fix_id: FixId, kind: Literal["export", "edit"] = "export", **figures: int) -> Fix:
    """A remedy with its figures put into its label."""
    label = FIX_LABELS[fix_id]
    return Fix(
        id=fix_id, kind=kind, label=Words(zh=label.zh.format(**figures), en=label.en.format(**figures))
    )
