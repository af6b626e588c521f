"""Export presets of marketplaces, and the checks measured on exported files."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stillroom.domain.exports.file_names import FileName
from stillroom.domain.exports.rules import Grade, PictureFormat, Pixels, Rule, Share
from stillroom.domain.frozen import Frozen
from stillroom.domain.ids import BatchId, ExportId, OwnerId, VariantId
from stillroom.domain.words import Words, texts_in


class Verdict(StrEnum):
    """Result of a check; `manual` means that only a person can decide."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    MANUAL = "manual"


class Fit(StrEnum):
    """Ways to fit a picture to its canvas."""

    PAD = "pad"
    CROP = "crop"
    INSIDE = "inside"
    TRIM = "trim"


class Ground(StrEnum):
    """Required background behind the product.

    SCENE keeps the picture's background. WHITE is 255 outside product and shadow. PURE_WHITE has no shadow.
    """

    SCENE = "scene"
    WHITE = "white"
    PURE_WHITE = "pure_white"
    TRANSPARENT = "transparent"


class DigitalSource(StrEnum):
    """Origin of a picture, as declared in its provenance metadata.

    Source:
        IPTC NewsCodes, scheme `digitalsourcetype`.
    """

    DIGITAL_CAPTURE = "digitalCapture"
    ALGORITHMICALLY_ENHANCED = "algorithmicallyEnhanced"
    COMPOSITE_SYNTHETIC = "compositeSynthetic"
    COMPOSITE_WITH_TRAINED_MODEL = "compositeWithTrainedAlgorithmicMedia"
    TRAINED_MODEL = "trainedAlgorithmicMedia"


class FixId(StrEnum):
    """One-click fixes for an export."""

    REMOVE_SHADOW = "remove_shadow"
    ENLARGE_SUBJECT = "enlarge_subject"
    CENTER = "center"
    PURE_WHITE = "pure_white"
    FIT_BYTES = "fit_bytes"
    TO_JPEG = "to_jpeg"
    SHARPEN = "sharpen"


class ExportStatus(StrEnum):
    """State of an export; slow formats are made by a worker after the request."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class LabelLanguage(StrEnum):
    """Language of the visible label that marks a generated picture."""

    ZH = "zh"
    EN = "en"


class Fix(Frozen):
    """Fix offered with a check; `edit` makes a new version, `export` changes this file only."""

    id: FixId
    kind: Literal["export", "edit"] = "export"
    label: Words


class Check(Frozen):
    """Result of one rule, measured on the encoded file.

    Attributes:
        rule: Id of the rule, such as `white_ground`.
        title: Name of the rule.
        measured: Measured value as text; None if only a person can decide.
        limit: Required value as text; None if the rule has no figure.
        facts: The same values as numbers.
        note: What a person should check.
        grade: Confidence in the rule; None for our own advice.
        source: Source of the rule.
        checked_on: Date on which the source was checked.
        fix: A fix, or None.
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


class Canvas(Frozen):
    """Size of the file.

    Attributes:
        width: Exact width in pixels; with `max_height`, the height follows the picture.
        height: Exact height in pixels.
        long_side: Maximum of the longer side in pixels; proportions are kept and nothing is enlarged.
        max_height: Taller pictures are split into parts of this height, in pixels.
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


class SubjectShare(Frozen):
    """Product size on the canvas: the product's longer side as a share of the canvas.

    Attributes:
        share: Target share.
        min: A scene with a smaller product is cropped towards `share`.
        max: A scene with a larger product is widened if the picture extends further.
    """

    share: Share
    min: Share
    max: Share

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if not self.min <= self.share <= self.max:
            raise ValueError("min, share and max must rise")
        return self


class Quality(Frozen):
    """Quality of lossy formats: initial value, and lower bound of the search for a file size."""

    best: Annotated[int, Field(ge=1, le=100)] = 92
    least: Annotated[int, Field(ge=1, le=100)] = 82

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.least > self.best:
            raise ValueError("least must not exceed best")
        return self


class ByteWindow(Frozen):
    """Allowed file size in bytes, inclusive."""

    min: Annotated[int, Field(ge=0)] = 0
    max: Annotated[int, Field(ge=1)] | None = None


class ExportPreset(Frozen):
    """Requirements of a marketplace: canvas, background, framing, encoding and published rules.

    Attributes:
        id: Such as `amazon-main`.
        platform: Id of the platform, or `web`.
        subject: Required product size; None keeps the picture's framing.
        file_name: File name patterns.
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


class ExportsConfig(Frozen):
    """Content of `exports.config.json`.

    Attributes:
        house_rules: Rules added to every preset that does not define the same rule.
    """

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
        """Return a preset with the house rules applied, or None."""
        preset = next((preset for preset in self.presets if preset.id == preset_id), None)
        if preset is None:
            return None
        named = {rule.rule for rule in preset.rules}
        added = tuple(rule for rule in self.house_rules if rule.rule not in named)
        return preset.model_copy(update={"rules": (*preset.rules, *added)})

    def overlaid_by(self, other: Self) -> Self:
        """Merge another configuration; its presets replace those of the same id or are appended.

        Args:
            other: Its house rules, if any, replace these.
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
    """A file made from a variant's master; it expires after one day.

    Attributes:
        part: Number of the part, from 1, of a picture that the preset splits; None if not split.
        status: Until the file is ready, `bytes` is 0 and `checks` is empty.
        batch_id: The batch that ordered it; None if a request did.
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
    batch_id: BatchId | None = None


class ExportSettings(Frozen):
    """Snapshot of the settings of a pending export, independent of later catalogue changes.

    Attributes:
        preset: The preset, reduced to the file's format.
    """

    preset: ExportPreset
    fixes: frozenset[FixId] = frozenset()
    label: LabelLanguage | None = None


LABEL_WORDS: MappingProxyType[LabelLanguage, str] = MappingProxyType(
    {LabelLanguage.ZH: "AI 生成", LabelLanguage.EN: "AI generated"}
)
"""Text of the visible label."""

FIX_LABELS = texts_in("exports")["fixes"]
"""Labels of the fixes; the check that offers a fix fills in the figures in braces."""


def fix(fix_id: FixId, **figures: int) -> Fix:
    """Build a fix with the figures filled into its label."""
    label = FIX_LABELS[fix_id]
    return Fix(id=fix_id, label=Words(zh=label.zh.format(**figures), en=label.en.format(**figures)))
