"""Results and runs of the golden set."""

from datetime import UTC, datetime
from typing import Any

from stillroom.domain.providers.requests import Operation
from stillroom.evaluation.golden.runs import CaseResult, Run, RunHeader

NOW = datetime(2026, 3, 14, tzinfo=UTC)


def a_result(case: str = "mug_kitchen", **facts: Any) -> CaseResult:
    known = {"ok": True, "first_image_ms": 900, "latency_ms": 1000, "category": "mug", **facts}
    return CaseResult(case=case, operation=Operation.OPTIMIZE, **known)


def a_header(**facts: Any) -> RunHeader:
    known: dict[str, Any] = {
        "id": "20260314-150926-5358",
        "created_at": NOW,
        "version": "0.1.0",
        "revision": None,
        "cases": ("mug_kitchen",),
        "repeats": 1,
        "candidates": 1,
        "language": "zh",
        "chain": ("local",),
        "faults": None,
        "consistency": False,
        "machine": {"processor": "a", "cores": 2, "system": "Linux x86_64"},
        "models": {},
        "packages": {},
        "settings": {},
        "golden_sha256": "0" * 64,
        "prompts": {},
    }
    return RunHeader(**{**known, **facts})


def a_run(*results: CaseResult, **facts: Any) -> Run:
    return Run(header=a_header(**facts), results=results)
