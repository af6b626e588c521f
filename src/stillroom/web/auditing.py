"""The line that every change leaves in the log: who, what, of which things, and how it ended."""

import re
from typing import Any

from starlette.requests import HTTPConnection
from starlette.types import Scope

from stillroom.observability import log

_AN_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def touch(request: HTTPConnection, *ids: str) -> None:
    """Say which things a request has made or changed, where its address and `Location` do not."""
    request.scope["state"].setdefault("touched", []).extend(ids)


def audit(scope: Scope, status: int, location: str | None) -> None:
    """Write the line; the request's id is in it as in every other. No name, no words and no token are."""
    state: dict[str, Any] = scope["state"]
    things = [
        *scope.get("path_params", {}).values(),
        *([location.rpartition("/")[2]] if location else []),
        *state.get("touched", []),
    ]
    log.info(
        "audit",
        owner_id=state.get("owner_id"),
        operation=getattr(scope.get("route"), "unique_id", None),
        method=scope["method"],
        things=[thing for thing in dict.fromkeys(map(str, things)) if _AN_ID.fullmatch(thing)],
        outcome="done" if status < 400 else "refused" if status < 500 else "failed",
        status=status,
    )
