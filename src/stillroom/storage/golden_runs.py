"""Runs of the golden set, kept as JSON files beside the database."""

import json
from pathlib import Path
from typing import Any

import structlog

MAX_RUNS = 20
"""As many as are told; older ones stay on disk."""

log = structlog.get_logger(__name__)


def golden_runs(folder: Path) -> list[dict[str, Any]]:
    """The latest runs, newest first; files that are no runs are left out.

    Args:
        folder: Where runs are written, one file each; it need not exist.
    """
    runs = []
    for path in sorted(folder.glob("*.json"), reverse=True)[:MAX_RUNS]:
        try:
            run = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            log.warning("golden_run_unreadable", file=path.name)
            continue
        runs.append(run)
    return sorted(runs, key=lambda run: str(run.get("created_at")), reverse=True)
