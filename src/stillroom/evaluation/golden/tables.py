"""Tables of a golden-set run: CSV for spreadsheets and lines for a terminal."""

import csv
import io
from collections.abc import Sequence

from stillroom.domain.golden_votes import GoldenVote
from stillroom.evaluation.golden.runs import (
    Adoption,
    CaseResult,
    GateLine,
    GateVerdict,
    Run,
    Summary,
    top1_adopted,
)

NO_VOTES = "no votes"
NO_FAULT_RUN = "no fault run"
NOTHING_LOST = "no job lost a provider"

_FIELDS = tuple(CaseResult.model_fields)
_VERDICT = _FIELDS.index("auto_accepted")
COLUMNS = (*_FIELDS[:_VERDICT], "fallback_success", "top1_adopted", *_FIELDS[_VERDICT:])
"""Columns of the CSV. Columns on votes and faults contain a note when a run has none."""


def csv_of(run: Run, votes: Sequence[GoldenVote]) -> str:
    """Return the results of a run as CSV, one row each; cells without a value are empty."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(column.removesuffix("_") for column in COLUMNS)
    for result in run.results:
        table.writerow([_cell(run, result, votes, column) for column in COLUMNS])
    return text.getvalue()


def _cell(run: Run, result: CaseResult, votes: Sequence[GoldenVote], column: str) -> str:
    if column == "fallback_success":
        if run.header.faults is None and not result.fallback:
            return NO_FAULT_RUN
        return str(result.ok).lower() if result.fallback else ""
    if column == "top1_adopted":
        adopted = top1_adopted(run.header.id, result.case, votes)
        return NO_VOTES if adopted is None else str(adopted).lower()
    value = getattr(result, column)
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "; ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def milliseconds(value: float | None) -> str:
    """Format a time, such as `820 ms`."""
    return "not measured" if value is None else f"{value:,.0f} ms"


def percent(value: float | None) -> str:
    """Format a share, such as `97.5 %`."""
    return "not measured" if value is None else f"{value:.1%}".replace("%", " %")


def adoption_text(adoption: Adoption) -> str:
    """Format the adoption of a run, or a note when it has no votes."""
    if adoption.rate is None or adoption.interval is None:
        return f"{NO_VOTES}; people give them at /lab/golden"
    low, high = adoption.interval
    votes = f"{percent(adoption.rate)} of {adoption.votes} votes"
    return f"{votes} (95 % interval {percent(low)} to {percent(high)})"


def gate_text(line: GateLine, faults: str | None) -> tuple[str, str, str]:
    """Return name, value and limit of a gate condition as text."""
    sign = "≤" if line.at_most else "≥"
    if line.name == "first_image_p95_ms":
        return "P95 first image", milliseconds(line.value), f"{sign} {milliseconds(line.limit)}"
    name = "failures" if line.name == "failures" else "fallback success"
    value = percent(line.value)
    if line.name == "fallback_success" and line.verdict is GateVerdict.UNMEASURED:
        value = NO_FAULT_RUN if faults is None else NOTHING_LOST
    return name, value, f"{sign} {percent(line.limit)}"


def summary_lines(summary: Summary, faults: str | None) -> list[tuple[str, str]]:
    """Return the aggregated measures of a run beside its gate, as label and text."""
    return [
        ("success", f"{percent(summary.success)} of {summary.jobs} jobs"),
        ("first image", _halves(summary.first_image_p50_ms, summary.first_image_p95_ms)),
        ("whole job", _halves(summary.latency_p50_ms, summary.latency_p95_ms)),
        (
            "fallback success",
            f"{percent(summary.fallback_success)} of {summary.fallback_jobs} jobs that lost a provider"
            if summary.fallback_jobs
            else (NO_FAULT_RUN if faults is None else NOTHING_LOST),
        ),
        ("backdrop as asked", percent(summary.backdrop_share)),
        ("automatic acceptance", f"{percent(summary.auto_acceptance)} (by fixed limits; no person's choice)"),
    ]


def _halves(p50: float | None, p95: float | None) -> str:
    return f"P50 {milliseconds(p50)}, P95 {milliseconds(p95)}"
