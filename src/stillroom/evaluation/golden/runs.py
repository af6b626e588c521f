"""Records of the golden set: cases, results, summary, release gate and adoption."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from stillroom.domain.golden_votes import GoldenVote
from stillroom.domain.providers.requests import Operation
from stillroom.domain.words import Words
from stillroom.evaluation.statistics import Interval, mean_or_none, percentile, share_of, wilson_interval

FIRST_IMAGE_P95_MS = 12_000
"""Release gate: maximum 95th percentile of the time to the first picture, in milliseconds."""

FAILURE_SHARE = 0.03
"""Release gate: maximum share of failed jobs."""

FALLBACK_SUCCESS_SHARE = 0.90
"""Release gate: minimum share of successful jobs among those with a fallback."""


class _Record(BaseModel):
    """Immutable record with stable JSON; unknown fields of later versions are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Expectation(_Record):
    """Expectations of a case about the picture's backdrop.

    Attributes:
        backdrop: `white`; `plain` within the given colour limits; `scene` for a place. None expects nothing.
        lightness: Limits of CIELAB L* of the border's median.
        hue: Limits of its CIELAB hue angle in degrees, from the first counter-clockwise to the second.
        chroma: Limits of its CIELAB C*.
        shadow: Whether a shadow under the product is requested.
        see_through: Whether the product is transparent; its look then changes with the backdrop.
    """

    backdrop: Literal["white", "plain", "scene"] | None = None
    lightness: tuple[float, float] | None = None
    hue: tuple[float, float] | None = None
    chroma: tuple[float, float] | None = None
    shadow: bool = False
    see_through: bool = False


class GoldenEntry(_Record):
    """Case of the golden set, as in its manifest."""

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
    """Result of one job and the measures of its first candidate; None means not measured.

    Attributes:
        pass_: `plain`, or `faults` with injected faults.
        fallback: Whether the router fell back to another provider.
        first_image_ms: From the request until the first picture was stored.
        provider: Provider of the measured picture.
        backdrop_ok: Whether the backdrop meets the expectations.
        auto_accepted: Acceptance by fixed limits, independent of people's votes.
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


class Machine(_Record):
    """Machine of a run, on which its times depend.

    Attributes:
        nice: Scheduling priority of the process.
        load_average: Of the last minute, when the run began.
    """

    processor: str | None = None
    cores: int | None = None
    memory_gb: float | None = None
    system: str | None = None
    python: str | None = None
    nice: int | None = None
    load_average: float | None = None


class RunHeader(_Record):
    """Conditions of a run, sufficient to repeat it.

    Attributes:
        cases: Names of the cases in their order.
        chain: Providers in the order of the router.
        faults: Faults injected in the second pass; None without one.
        revision: Revision of the source tree, if known.
        models: Networks of the local provider by name, with the SHA-256 of their files.
        settings: Settings in force, with secrets masked.
        golden_sha256: Hash of the manifest, the pictures and the masks.
        prompts: Prompt of each case, in both languages.
    """

    id: str = Field(pattern=r"^[a-z0-9-]{1,60}$")
    created_at: datetime
    version: str
    revision: str | None
    cases: tuple[str, ...]
    repeats: int
    candidates: int
    language: Literal["zh", "en"]
    chain: tuple[str, ...]
    faults: str | None
    consistency: bool
    machine: Machine
    models: dict[str, str]
    packages: dict[str, str]
    settings: dict[str, str]
    golden_sha256: str
    prompts: dict[str, Words]
    note: str = ""


class Run(_Record):
    header: RunHeader
    finished_at: datetime | None = None
    load_average: float | None = None
    results: tuple[CaseResult, ...] = ()

    @property
    def plain(self) -> tuple[CaseResult, ...]:
        """Results of the pass without injected faults."""
        return tuple(result for result in self.results if result.pass_ == "plain")


@dataclass(frozen=True, slots=True)
class Summary:
    """Aggregated measures of a run; None means not measured.

    Attributes:
        fallback_jobs: Number of jobs with a fallback.
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


FIGURES: tuple[tuple[str, str, int], ...] = (
    ("alpha_iou", "alpha IoU", 4),
    ("alpha_mae", "alpha MAE", 4),
    ("boundary_f", "boundary F", 3),
    ("product_delta_e", "product ΔE00", 2),
    ("product_ssim", "product SSIM", 3),
    ("label_ssim", "label SSIM", 3),
    ("white_share", "white share", 3),
    ("halo", "halo, L*", 2),
    ("ringing", "ringing, L*", 2),
    ("shadow_depth", "shadow, L*", 1),
    ("consistency_drift", "drift, 1 = limit", 2),
)
"""Measures in their order, each with its label and number of decimals."""


def summary_of(run: Run) -> Summary:
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
        means={name: mean_or_none([getattr(one, name) for one in plain]) for name, _, _ in FIGURES},
    )


class GateVerdict(StrEnum):
    """Verdict on one condition of the release gate."""

    PASS = "pass"
    FAIL = "fail"
    UNMEASURED = "unmeasured"


@dataclass(frozen=True, slots=True)
class GateLine:
    """Condition of the release gate.

    Attributes:
        value: Measured value; None when not measured.
        limit: Required limit.
        at_most: Whether the limit is an upper one.
    """

    name: Literal["first_image_p95_ms", "failures", "fallback_success"]
    value: float | None
    limit: float
    at_most: bool

    @property
    def verdict(self) -> GateVerdict:
        """Verdict; a value that was not measured neither passes nor fails."""
        if self.value is None:
            return GateVerdict.UNMEASURED
        holds = self.value <= self.limit if self.at_most else self.value >= self.limit
        return GateVerdict.PASS if holds else GateVerdict.FAIL


def gate(summary: Summary) -> tuple[GateLine, ...]:
    return (
        GateLine("first_image_p95_ms", summary.first_image_p95_ms, FIRST_IMAGE_P95_MS, at_most=True),
        GateLine("failures", summary.failures, FAILURE_SHARE, at_most=True),
        GateLine("fallback_success", summary.fallback_success, FALLBACK_SUCCESS_SHARE, at_most=False),
    )


_ACCEPTED_FROM = {"alpha_iou": 0.94, "product_ssim": 0.90, "label_ssim": 0.90}
_ACCEPTED_UP_TO = {"product_delta_e": 2.0, "halo": 3.0, "ringing": 3.0}
_SHADOW_FROM = 2.0  # L* units; weaker shadows are invisible


def auto_notes(result: CaseResult, expect: Expectation) -> tuple[str, ...]:
    """Return the measures that fail the limits of automatic acceptance; empty if all pass."""
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
    """Sort results: failed ones first, then by number of failed limits and by matte quality."""
    return sorted(results, key=lambda one: (one.ok, -len(one.auto_notes), one.alpha_iou or 0.0, one.case))


@dataclass(frozen=True, slots=True)
class Adoption:
    """Adoption of a run: how often people chose its picture.

    Attributes:
        interval: Wilson interval of the share; None without votes.
    """

    votes: int
    adopted: int
    interval: Interval | None

    @property
    def rate(self) -> float | None:
        """Share of votes for the run; None without votes."""
        return self.adopted / self.votes if self.votes else None


def adoption_of(run: str, votes: Iterable[GoldenVote]) -> Adoption:
    given = [vote.is_adoption for vote in votes if vote.run == run]
    return Adoption(len(given), sum(given), wilson_interval(sum(given), len(given)))


def top1_adopted(run: str, case: str, votes: Iterable[GoldenVote]) -> bool | None:
    """Return whether more than half of the votes on the case chose the run; None without votes."""
    given = [vote.is_adoption for vote in votes if (vote.run, vote.case) == (run, case)]
    return sum(given) * 2 > len(given) if given else None
