"""Results of the tools."""

from datetime import date
from typing import Literal

from stillroom.domain.exports.presets import Check, Export, ExportStatus, FixId
from stillroom.domain.mattes import MatteBox
from stillroom.domain.providers.requests import Operation
from stillroom.web.problems import Problem
from stillroom.web.schemas.base import Answer
from stillroom.web.schemas.batches import Batch

Status = Literal["done", "needs_confirmation"]


class Cost(Answer):
    """Cost of a call at list price, with the reading of the instruction by a model if one is configured."""

    provider: str
    pictures: int
    usd_per_picture: float | None
    """Null if the price of the model is not known."""
    estimate_usd: float | None
    """Null if the price of the model is not known."""
    advice: str
    """Advice before money is spent; empty if none is spent."""


class EstimateAnswer(Cost):
    """Result of estimate."""

    budget_left_usd: float | None
    """Rest of today's budget; null without a budget."""


class Notice(Answer):
    """Something that the user should know, such as a part of the instruction that was not carried out."""

    code: str
    level: str
    message: str


class Picture(Answer):
    """A picture that was made."""

    variant_id: str
    width: int
    height: int
    url: str
    file: str | None
    """Path on this machine; null over HTTP, where `url` is fetched with the same token."""
    model_used: str
    quality: float | None
    confidence: float | None
    """Probability that the cut-out is right, 0 to 1."""
    look_at: list[str]
    """Reasons for which a person should look at the picture before it is used."""


class Pictures(Answer):
    """Pictures of one call; with `needs_confirmation` nothing was made and nothing spent."""

    status: Status
    cost: Cost
    session_id: str | None
    image_id: str | None
    job_id: str | None = None
    pictures: tuple[Picture, ...] = ()
    notices: tuple[Notice, ...] = ()
    spent_usd: float = 0.0


class Subject(Answer):
    """An object that may be the product."""

    id: str
    box: MatteBox
    share: float
    score: float
    chosen: bool


class CutOut(Answer):
    """The cut-out of a session's photo, and the picture made again with it."""

    status: Status
    cost: Cost
    session_id: str
    matte_id: str
    is_corrected: bool
    certain: bool
    """False if it is not clear which object is the product: ask the user, then name it in `subjects`."""
    confidence: float
    subjects: list[Subject]
    notices: tuple[Notice, ...] = ()
    job_id: str | None = None
    pictures: tuple[Picture, ...] = ()
    spent_usd: float = 0.0


class Look(Answer):
    """A look for one picture: use its id as `look`."""

    id: str
    operation: Operation
    name: str
    name_zh: str
    instruction: str | None


class Recipe(Answer):
    """A set of choices for a batch: use its id as `recipe_id`."""

    id: str
    name: str
    operation: str
    look: str | None
    prompt: str | None
    candidates: int
    provider: str | None
    presets: list[str]


class Looks(Answer):
    """Result of list_looks."""

    looks: list[Look]
    recipes: list[Recipe]
    phrases: list[str]
    """Words that are understood in a prompt, as examples."""


class Preset(Answer):
    """Requirements of a marketplace."""

    id: str
    platform: str
    name: str
    name_zh: str
    formats: list[str]
    width: int | None
    height: int | None
    long_side: int | None
    background: str
    max_bytes: int | None
    rules: list[str]


class Presets(Answer):
    """Result of list_presets."""

    presets: list[Preset]


class Finding(Answer):
    """A rule, measured on the file; `manual` means that a person has to look."""

    rule: str
    title: str
    verdict: Literal["pass", "warn", "fail", "manual"]
    measured: str | None
    limit: str | None
    note: str | None
    fix: FixId | None
    """A remedy: name it in `fixes` of export."""
    source: str
    checked_on: date


class Checked(Answer):
    """A file against the rules of one preset."""

    preset: str
    passes: bool
    """Whether no rule is broken; `manual` rules are the user's to judge."""
    findings: list[Finding]


class CheckAnswer(Answer):
    """Result of check_listing_image."""

    image_id: str | None
    """The stored photo: name it in replace_background to repair what fails."""
    results: list[Checked]


class File(Answer):
    """An exported file."""

    export_id: str
    variant_id: str
    preset: str
    name: str
    status: ExportStatus
    width: int
    height: int
    bytes: int | None
    url: str
    file: str | None
    """Path on this machine; null over HTTP, where `url` is fetched with the same token."""
    checked: Checked | None
    """Null until the file is made: fetch it later, and measure it with check_listing_image."""


class Files(Answer):
    """Result of export."""

    files: list[File]


class BatchItem(Answer):
    """One photo of a batch that needs a look or failed."""

    image_id: str
    session_id: str | None
    variant_id: str | None
    title: str | None
    status: str
    quality: float | None
    warnings: list[str]
    problem: Problem | None


class BatchAnswer(Answer):
    """A batch; with `needs_confirmation` it was not started."""

    status: Status
    cost: Cost | None = None
    batch: Batch | None = None
    to_look_at: tuple[BatchItem, ...] = ()
    """Items that failed or that a person should look at; the first 50."""
    files: tuple[str, ...] = ()
    """Over stdio: paths of the files, the first 50. Over HTTP: addresses of the table and the archive."""
    files_total: int = 0


def checked_export(export: Export) -> Checked | None:
    """Return the findings on an exported file; None until it is made, because nothing is measured yet."""
    return checked(export.preset, export.checks) if export.status is ExportStatus.READY else None


def checked(preset: str, checks: tuple[Check, ...]) -> Checked:
    findings = [
        Finding.of(
            one,
            title=one.title.en,
            verdict=one.verdict.value,
            note=one.note.en if one.note else None,
            fix=one.fix.id if one.fix else None,
        )
        for one in checks
    ]
    return Checked(preset=preset, passes=all(one.verdict != "fail" for one in findings), findings=findings)
