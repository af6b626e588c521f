"""Which methods an address of the API takes, read from the API's document."""

import re
from collections.abc import Sequence

from fastapi import FastAPI
from starlette.routing import compile_path


def methods_at(app: FastAPI, path: str) -> list[str]:
    """All of them, in the order of the alphabet; empty where the API has no such address."""
    return sorted(
        {method for pattern, methods in _addresses(app) if pattern.match(path) for method in methods}
    )


def _addresses(app: FastAPI) -> Sequence[tuple[re.Pattern[str], frozenset[str]]]:
    """Read once: the document does not change while a server runs."""
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
