"""Invalid fields of a request, as `params["fields"]` of a `ValidationFailed` lists them."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

_LIMITS = ("ge", "gt", "le", "lt", "min_length", "max_length", "pattern", "expected")
"""Keys of pydantic's error context that say what is allowed."""


def field_fault(field: str, place: str, error: ErrorDetails) -> dict[str, Any]:
    """Return an invalid field.

    Args:
        field: Path of the field, such as `changes.framing.fill`.
        place: Part of the request that holds it: `body`, `query`, `path` or `header`.
        error: Pydantic's error.
    """
    fault = {"field": field, "in": place, "reason": error["type"], "message": error["msg"]}
    context: Mapping[str, Any] = error.get("ctx", {})
    limit = next((context[key] for key in _LIMITS if key in context), None)
    return fault if limit is None else {**fault, "limit": limit}
