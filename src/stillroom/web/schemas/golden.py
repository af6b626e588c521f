"""Schemas of golden set runs for `/lab/golden`, and of votes on them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from stillroom.domain.ids import OwnerId
from stillroom.domain.providers.requests import Operation
from stillroom.domain.words import Words
from stillroom.evaluation.golden.comparison import Comparison, Scope
from stillroom.evaluation.golden.lab import MAX_SHOWN, ShownRun
from stillroom.evaluation.golden.runs import (
    FIGURES,
    Adoption,
    GateVerdict,
    Run,
    gate,
    summary_of,
    top1_adopted,
    worst_first,
)
from stillroom.evaluation.statistics import mean_or_none, percentile
from stillroom.web.schemas.base import Answer, Body

RunId = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
CaseName = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")]


class GoldenCase(Answer):
    """Result of one case in a run: means over its repeats, and the median of their times."""

    case: str
    category: str
    operation: Operation
    instruction: Words | None
    provider: str | None
    model: str | None
    latency_ms: int | None
    first_image_ms: int | None
    ok: bool
    error: str | None
    fallback: bool
    alpha_iou: float | None
    alpha_mae: float | None
    boundary_f: float | None
    product_delta_e: float | None
    product_ssim: float | None
    label_ssim: float | None
    halo: float | None
    ringing: float | None
    shadow_depth: float | None
    white_share: float | None
    backdrop_ok: bool | None
    consistency_drift: float | None
    top1_adopted: bool | None
    """Whether more than half of the voters chose this picture; null without votes."""
    auto_accepted: bool | None
    """Automatic verdict; not a person's choice."""
    auto_notes: list[str]
    my_vote: str | None
    """The run that the requesting owner chose; null for "none is good enough" or without a vote."""
    voted: bool
    picture_url: str | None
    source_url: str | None
    mask_url: str | None


class GoldenGateLine(Answer):
    """One condition of the release gate."""

    name: Literal["first_image_p95_ms", "failures", "fallback_success"]
    value: float | None
    limit: float
    verdict: GateVerdict


class GoldenAdoption(Answer):
    """Share of votes for a run's picture, with the 95 % Wilson interval; null without votes."""

    votes: int
    adopted: int
    rate: float | None
    low: float | None
    high: float | None


class GoldenRun(Answer):
    """One run of the golden set, worst cases first."""

    id: str
    created_at: datetime
    version: str
    revision: str | None
    chain: list[str]
    faults: str | None
    note: str
    repeats: int
    jobs: int
    gate: list[GoldenGateLine]
    mean_alpha_iou: float | None
    auto_acceptance: float | None
    adoption: GoldenAdoption
    csv_url: str
    cases: list[GoldenCase]


class GoldenRuns(Answer):
    """All runs on this server, newest first."""

    runs: list[GoldenRun]


class GoldenChange(Answer):
    """A significant change of a measure, with its 95 % interval."""

    measure: str
    scope: Scope
    about: str
    """A case, a category, or empty for all cases."""
    before: float
    after: float
    low: float
    high: float
    is_worse: bool


class GoldenComparison(Answer):
    """Comparison of a run with an earlier one."""

    before: str
    after: str
    differences: list[str]
    """Conditions in which the runs differ."""
    changes: list[GoldenChange]


class GoldenVoteRequest(Body):
    """A vote for the best picture of a case."""

    case: CaseName
    run: Annotated[RunId, Field(description="Whose picture was shown.")]
    choice: Annotated[
        RunId | None, Field(description="The run whose picture is best of those shown; null: none would do.")
    ]
    others: Annotated[
        list[RunId],
        Field(default_factory=list, max_length=MAX_SHOWN - 1, description="Runs that were shown beside it."),
    ]


class GoldenVoteAnswer(Answer):
    """The recorded vote, and the new adoption rate of each shown run."""

    case: str
    run: str
    choice: str | None
    adoption: dict[str, GoldenAdoption]


def run_answer(shown: ShownRun, owner: OwnerId) -> GoldenRun:
    run, header = shown.run, shown.run.header
    summary = summary_of(run)
    names = dict.fromkeys(result.case for result in worst_first(run.plain))
    return GoldenRun.of(
        header,
        jobs=summary.jobs,
        gate=[GoldenGateLine.model_validate(line) for line in gate(summary)],
        mean_alpha_iou=summary.means["alpha_iou"],
        auto_acceptance=summary.auto_acceptance,
        adoption=adoption_answer(shown.adoption),
        csv_url=f"/golden/{header.id}/results.csv",
        cases=[_case(run, name, shown, owner) for name in names],
    )


def comparison_answer(comparison: Comparison) -> GoldenComparison:
    """Convert a comparison to its response schema; only changes that are significant and relevant."""
    return GoldenComparison.of(
        comparison,
        changes=[
            GoldenChange.of(change, low=change.interval[0], high=change.interval[1])
            for change in comparison.changes
            if change.is_worse or change.is_better
        ],
    )


def adoption_answer(adoption: Adoption) -> GoldenAdoption:
    low, high = adoption.interval or (None, None)
    return GoldenAdoption.of(adoption, low=low, high=high)


def _case(run: Run, name: str, shown: ShownRun, owner: OwnerId) -> GoldenCase:
    results = [result for result in run.plain if result.case == name]
    first = results[0]
    own_vote = next((vote for vote in shown.votes if (vote.owner_id, vote.case) == (owner, name)), None)
    has_picture = first.repeat == 1 and first.model is not None
    base = f"/golden/{run.header.id}/picture/{name}"
    prompt = run.header.prompts.get(name)
    return GoldenCase.of(
        first,
        instruction=prompt,
        latency_ms=_median([one.latency_ms for one in results]),
        first_image_ms=_median([one.first_image_ms for one in results]),
        ok=all(one.ok for one in results),
        error=next((one.error for one in results if one.error), None),
        fallback=any(one.fallback for one in results),
        backdrop_ok=_all([one.backdrop_ok for one in results]),
        top1_adopted=top1_adopted(run.header.id, name, shown.votes),
        auto_accepted=_all([one.auto_accepted for one in results]),
        auto_notes=sorted({note for one in results for note in one.auto_notes}),
        my_vote=None if own_vote is None else own_vote.choice,
        voted=own_vote is not None,
        picture_url=base if has_picture else None,
        source_url=f"{base}.source" if has_picture else None,
        mask_url=f"{base}.mask" if has_picture else None,
        **{name: mean_or_none([getattr(one, name) for one in results]) for name, _, _ in FIGURES},
    )


def _median(values: Sequence[int | None]) -> int | None:
    middle = percentile([float(value) for value in values if value is not None], 0.5)
    return None if middle is None else round(middle)


def _all(values: Sequence[bool | None]) -> bool | None:
    known = [value for value in values if value is not None]
    return all(known) if known else None
