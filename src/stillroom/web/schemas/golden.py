"""Runs of the golden set as `/lab/golden` shows them."""

from datetime import datetime

from stillroom.domain.generation import Operation
from stillroom.web.schemas.base import Answer


class GoldenCase(Answer):
    """How one picture of the set fared in a run."""

    case: str
    operation: Operation
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
    backdrop_ok: bool | None
    consistency_drift: float | None
    top1_adopted: bool | None


class GoldenRun(Answer):
    """One run over the set."""

    id: str
    created_at: datetime
    version: str
    cases: list[GoldenCase]


class GoldenRuns(Answer):
    """All runs that this server knows, newest first."""

    runs: list[GoldenRun]
