"""The golden set, what a run over it found, and the gate that a release has to pass."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from stillroom.domain.golden_votes import GoldenVote
from stillroom.domain.providers.requests import Operation
from stillroom.domain.words import Words
from stillroom.evaluation.statistics import Interval, mean_or_none, percentile, share_of, wilson_interval

FIRST_IMAGE_P95_MS = 12_000
"""Release gate: the first picture of 95 in 100 jobs is there after so many milliseconds."""

FAILURE_SHARE = 0.03
"""Release gate: at most so many jobs may fail."""

FALLBACK_SUCCESS_SHARE = 0.90
"""Release gate: at least so many jobs that lost a provider must still end well."""


class _Record(BaseModel):
    """Immutable, the same JSON every time; fields of later versions are left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Expectation(_Record):
    """What the instruction of a case asks of the picture's surroundings.

    Attributes:
        backdrop: `white`; `plain` with the lightness (and hue) given; `scene` is a place, not a plain ground;
            None asks for nothing.
        lightness: CIELAB L* that the border's median may have.
        hue: CIELAB hue angle in degrees that it may have, from the first counter-clockwise to the second.
        chroma: CIELAB C* that it may have.
        shadow: Whether a shadow under the product is asked for.
        see_through: Whether the product is glass, which in a new place cannot look as in the photo.
    """

    backdrop: Literal["white", "plain", "scene"] | None = None
    lightness: tuple[float, float] | None = None
    hue: tuple[float, float] | None = None
    chroma: tuple[float, float] | None = None
    shadow: bool = False
    see_through: bool = False


class GoldenEntry(_Record):
    """One picture of the golden set, as its manifest tells of it."""

    name: str = Field(pattern=r"^[a-z0-9_]{1,60}$")
    category: str
    file: str
    mask: str
    operation: Operation
    prompt_zh: str
    prompt_en: str
    logo_box: tuple[float, float, float, float] | None = None
    expect: Expectation = Expectation()


class CaseResult(_Record):
    """One job of a run and what was measured of its first candidate; None is what could not be measured.

    Attributes:
        pass_: `plain`, or `faults` with providers failing on purpose.
        fallback: Whether a provider was passed over for another.
        first_image_ms: From asking until any picture of the job was stored.
        provider: Who made the picture that was measured.
        backdrop_ok: Whether the surroundings are what the instruction asks for.
        auto_accepted: What a machine makes of it, by fixed limits; says nothing about people.
    """

    case: str
    category: str
    operation: Operation
    pass_: Literal["plain", "faults"] = "plain"
    repeat: int = 1
    provider: str | None = None
    model: str | None = None
    ok: bool = False
    error: str | None = None
    fallback: bool = False
    fallbacks: tuple[str, ...] = ()
    latency_ms: int | None = None
    first_image_ms: int | None = None
    cost_usd: float = 0.0
    alpha_iou: float | None = None
    alpha_mae: float | None = None
    boundary_f: float | None = None
    product_delta_e: float | None = None
    product_delta_e_photo: float | None = None
    product_ssim: float | None = None
    label_ssim: float | None = None
    white_share: float | None = None
    halo: float | None = None
    ringing: float | None = None
    shadow_depth: float | None = None
    backdrop_ok: bool | None = None
    backdrop_note: str | None = None
    consistency_drift: float | None = None
    auto_accepted: bool | None = None
    auto_notes: tuple[str, ...] = ()


class RunHeader(_Record):
    """Everything needed to repeat a run.

    Attributes:
        cases: Names in their order.
        chain: Providers in the order in which they were asked.
        faults: What was injected in the second pass; None when there was none.
        target: `in process`, or the server's address.
        revision: Of the source tree, when there is one.
        models: Networks of the local provider by name, with the SHA-256 of their files.
        settings: Those in force, secrets masked.
        golden_sha256: Of the manifest, the pictures and the masks.
        prompts: What was asked in each case, in both languages.
    """

    id: str = Field(pattern=r"^[a-z0-9-]{1,60}$")
    created_at: datetime
    version: str
    revision: str | None
    target: str
    cases: tuple[str, ...]
    repeats: int
    candidates: int
    language: Literal["zh", "en"]
    chain: tuple[str, ...]
    faults: str | None
    consistency: bool
    machine: dict[str, Any]
    models: dict[str, str]
    packages: dict[str, str]
    settings: dict[str, str]
    golden_sha256: str
    prompts: dict[str, Words]
    note: str = ""


class Run(_Record):
    """A run with its results."""

    header: RunHeader
    finished_at: datetime | None = None
    load_average: float | None = None
    results: tuple[CaseResult, ...] = ()

    @property
    def plain(self) -> tuple[CaseResult, ...]:
        """Results without injected faults."""
        return tuple(result for result in self.results if result.pass_ == "plain")


@dataclass(frozen=True, slots=True)
class Summary:
    """A run in figures; None is what nothing was measured of.

    Attributes:
        fallback_jobs: How many jobs lost a provider.
    """

    jobs: int
    success: float | None
    failures: float | None
    first_image_p50_ms: float | None
    first_image_p95_ms: float | None
    latency_p50_ms: float | None
    latency_p95_ms: float | None
    fallback_jobs: int
    fallback_success: float | None
    auto_acceptance: float | None
    backdrop_share: float | None
    means: dict[str, float | None]


MEASURES = (
    "alpha_iou",
    "alpha_mae",
    "boundary_f",
    "product_delta_e",
    "product_ssim",
    "label_ssim",
    "white_share",
    "halo",
    "ringing",
    "shadow_depth",
    "consistency_drift",
)
"""Fields of a result that are figures of its picture."""


def summary_of(run: Run) -> Summary:
    """The figures of a run."""
    plain = run.plain
    first = [float(one.first_image_ms) for one in plain if one.first_image_ms is not None]
    latency = [float(one.latency_ms) for one in plain if one.latency_ms is not None]
    fell_back = [one.ok for one in run.results if one.fallback]
    return Summary(
        jobs=len(plain),
        success=share_of([one.ok for one in plain]),
        failures=share_of([not one.ok for one in plain]),
        first_image_p50_ms=percentile(first, 0.5),
        first_image_p95_ms=percentile(first, 0.95),
        latency_p50_ms=percentile(latency, 0.5),
        latency_p95_ms=percentile(latency, 0.95),
        fallback_jobs=len(fell_back),
        fallback_success=share_of(fell_back),
        auto_acceptance=share_of([one.auto_accepted for one in plain if one.auto_accepted is not None]),
        backdrop_share=share_of([one.backdrop_ok for one in plain if one.backdrop_ok is not None]),
        means={name: mean_or_none([getattr(one, name) for one in plain]) for name in MEASURES},
    )


class GateVerdict(StrEnum):
    """How a run stands with one condition of the release gate."""

    PASS = "pass"
    FAIL = "fail"
    UNMEASURED = "unmeasured"


@dataclass(frozen=True, slots=True)
class GateLine:
    """One condition of the release gate.

    Attributes:
        value: What was measured; None when it was not.
        limit: What is allowed.
        at_most: Whether the limit is an upper one.
    """

    name: Literal["first_image_p95_ms", "failures", "fallback_success"]
    value: float | None
    limit: float
    at_most: bool

    @property
    def verdict(self) -> GateVerdict:
        """Whether the condition holds; what was not measured neither holds nor fails."""
        if self.value is None:
            return GateVerdict.UNMEASURED
        holds = self.value <= self.limit if self.at_most else self.value >= self.limit
        return GateVerdict.PASS if holds else GateVerdict.FAIL


def gate(summary: Summary) -> tuple[GateLine, ...]:
    """The release gate, condition by condition."""
    return (
        GateLine("first_image_p95_ms", summary.first_image_p95_ms, FIRST_IMAGE_P95_MS, at_most=True),
        GateLine("failures", summary.failures, FAILURE_SHARE, at_most=True),
        GateLine("fallback_success", summary.fallback_success, FALLBACK_SUCCESS_SHARE, at_most=False),
    )


_ACCEPTED_FROM = {"alpha_iou": 0.94, "product_ssim": 0.90, "label_ssim": 0.90}
_ACCEPTED_UP_TO = {"product_delta_e": 2.0, "halo": 3.0, "ringing": 3.0}
_SHADOW_FROM = 2.0  # L* units; less is not seen


def auto_notes(result: CaseResult, expect: Expectation) -> tuple[str, ...]:
    """The measures by which a machine would not accept a picture; empty if it would."""
    notes = [] if result.ok else ["ok"]
    for name, least in _ACCEPTED_FROM.items():
        value = getattr(result, name)
        if value is not None and value < least:
            notes.append(name)
    for name, most in _ACCEPTED_UP_TO.items():
        value = getattr(result, name)
        if value is not None and value > most:
            notes.append(name)
    if expect.shadow and result.shadow_depth is not None and result.shadow_depth < _SHADOW_FROM:
        notes.append("shadow_depth")
    if result.backdrop_ok is False:
        notes.append("backdrop_ok")
    return tuple(notes)


def worst_first(results: Sequence[CaseResult]) -> list[CaseResult]:
    """Failed ones, then the more complaints and the worse the matte."""
    return sorted(results, key=lambda one: (one.ok, -len(one.auto_notes), one.alpha_iou or 0.0, one.case))


@dataclass(frozen=True, slots=True)
class Adoption:
    """How often people chose a run's picture.

    Attributes:
        interval: Where the true share lies, after Wilson; None without votes.
    """

    votes: int
    adopted: int
    interval: Interval | None

    @property
    def rate(self) -> float | None:
        """None without votes."""
        return self.adopted / self.votes if self.votes else None


def adoption_of(run: str, votes: Iterable[GoldenVote]) -> Adoption:
    """Count people's votes on a run; whatever a machine thinks of it is not among them."""
    given = [vote.is_adoption for vote in votes if vote.run == run]
    return Adoption(len(given), sum(given), wilson_interval(sum(given), len(given)))


def top1_adopted(run: str, case: str, votes: Iterable[GoldenVote]) -> bool | None:
    """Whether more than half of those who voted on the case chose the run's picture; None without votes."""
    given = [vote.is_adoption for vote in votes if (vote.run, vote.case) == (run, case)]
    return sum(given) * 2 > len(given) if given else None
