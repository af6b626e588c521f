"""Usage records: the provider calls of a job, and the providers that were skipped."""

from dataclasses import dataclass
from typing import Literal

CallOutcome = Literal["unknown", "ok", "failed", "refused", "skipped"]
"""Outcome of a provider call: `unknown` until its end is recorded, `skipped` without a call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRecord:
    """A provider call of a job, or a provider that was skipped before any call.

    Attributes:
        id: Id of the call; None for a skipped provider, as are `model` and `latency_ms`.
        reason: Code of the failure, or why the provider was skipped; None on success.
        cost_micro_usd: Cost in millionths of a US dollar; the list price while the outcome is unknown.
    """

    provider: str
    outcome: CallOutcome
    id: str | None = None
    model: str | None = None
    reason: str | None = None
    latency_ms: int | None = None
    cost_micro_usd: int = 0
