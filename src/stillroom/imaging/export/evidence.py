"""Evidence for compliance checks: the decoded file and its framing."""

from dataclasses import dataclass, replace

from stillroom.domain.exports.presets import ExportPreset, Fix, Verdict
from stillroom.domain.exports.rules import FileKind, Rule
from stillroom.imaging.export import measures
from stillroom.imaging.io.decoding import Opened
from stillroom.imaging.io.signatures import HEAD_BYTES, misnamed, recognise
from stillroom.imaging.pixels import Bytes


@dataclass(frozen=True, slots=True)
class Geometry:
    """Facts from framing that cannot be read from the file's bytes.

    Attributes:
        matte: Of the file's size, 255 is product; None if the product is unknown.
        scale: Pixels of the file per pixel of the master; None for a file that was not made here.
        is_cut: Whether the product is cut by an edge of the file, of the master or of the photo.
        share: Target share of the preset, for the label of the fix.
        is_doubtful: Whether the matte may be wrong, so that a person has to confirm checks based on it.
    """

    matte: Bytes | None
    scale: float | None = None
    is_cut: bool = False
    share: float | None = None
    is_doubtful: bool = False


Facts = dict[str, float | int | str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of a rule, before titles and sources are added."""

    verdict: Verdict
    measured: str | None
    limit: str | None
    facts: Facts
    fix: Fix | None = None


class Evidence:
    """A decoded file, its framing and its name; the name is empty for a file that gets one later."""

    def __init__(
        self, data: bytes, opened: Opened, preset: ExportPreset, geometry: Geometry, file_name: str
    ) -> None:
        self.data = data
        self.preset = preset
        self.subject = measures.subject_of(geometry.matte) if geometry.matte is not None else None
        # A matte without a product cannot separate the background either.
        self.geometry = geometry if self.subject is not None else replace(geometry, matte=None)
        self.form = FileKind(recognise(data[:HEAD_BYTES]))
        self.wrong_extension = misnamed(self.form, file_name)
        self.facts = opened.facts
        self.pixels = opened.pixels
        self.height, self.width = self.pixels.shape[:2]
        self.was_made_here = geometry.scale is not None


def judge(held: bool, rule: Rule) -> Verdict:
    """Pass, or the verdict that the rule sets for a breach."""
    if held:
        return Verdict.PASS
    return Verdict.FAIL if rule.required else Verdict.WARN
