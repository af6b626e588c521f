"""Allowed methods of API paths, read from the OpenAPI document."""

import re
from collections.abc import Sequence

from fastapi import FastAPI
from starlette.routing import compile_path


def methods_at(app: FastAPI, path: str) -> list[str]:
    """Return the allowed methods of a path, sorted; empty if the API has no such path."""
    return sorted(
        {method for pattern, methods in _addresses(app) if pattern.match(path) for method in methods}
    )


def _addresses(app: FastAPI) -> Sequence[tuple[re.Pattern[str], frozenset[str]]]:
    """Cached, because the document does not change while the server runs."""
    known: list[tuple[re.Pattern[str], frozenset[str]]] | None = getattr(app.state, "addresses", None)
    if known is None:
        known = []
        for template, operations in app.openapi()["paths"].items():
            methods = {method.upper() for method in operations}
            if "GET" in methods and not template.startswith("/stream/"):
                methods.add("HEAD")
            known.append((compile_path(template)[0], frozenset(methods)))
        app.state.addresses = known
    return known
