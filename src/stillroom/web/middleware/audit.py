"""Audit log: one line per change with owner, operation, affected ids and outcome."""

import re
from typing import Any

from starlette.requests import HTTPConnection
from starlette.types import Scope

from stillroom.observability import log

_AN_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def touch(request: HTTPConnection, *ids: str) -> None:
    """Record ids that a request has created or changed, if neither its path nor `Location` contains them."""
    request.scope["state"].setdefault("touched", []).extend(ids)


def audit(scope: Scope, status: int, location: str | None) -> None:
    """Write the audit line with the request id; names, texts and tokens are never logged."""
    state: dict[str, Any] = scope["state"]
    things = [
        *scope.get("path_params", {}).values(),
        *([location.rpartition("/")[2]] if location else []),
        *state.get("touched", []),
    ]
    log.info(
        "audit",
        owner_id=state.get("owner_id"),
        operation=getattr(scope.get("route"), "name", None),
        method=scope["method"],
        things=[thing for thing in dict.fromkeys(map(str, things)) if _AN_ID.fullmatch(thing)],
        outcome="done" if status < 400 else "refused" if status < 500 else "failed",
        status=status,
    )
