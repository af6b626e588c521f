"""Invalid fields of a request, as `params["fields"]` of a `ValidationFailed` lists them."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from pydantic_core import ErrorDetails

from stillroom.domain.words import Words, texts_in

FIELD_TEXTS: Mapping[str, Words] = {
    key: words for group in texts_in("fields").values() for key, words in group.items()
}
"""Texts for invalid fields, by pydantic's type of error, by our own reason, or by the key of a text."""


class UnusableValue(ValueError):
    """Raised by a validator with the key of a text that says why, and the limit that it names."""

    def __init__(self, text: str, limit: object = "") -> None:
        super().__init__(FIELD_TEXTS[text].en.format(limit=limit))
        self.facts = {"message": str(self), "text": text, **({"limit": limit} if limit else {})}


def body_error(field: str, reason: str, text: str | None = None, limit: object = "") -> dict[str, Any]:
    """Return an invalid field of a body; its text is that of the reason, unless another is named."""
    facts = UnusableValue(text or reason, limit).facts
    return {"field": field, "in": "body", "reason": reason, **facts}


_LIMITS = ("ge", "gt", "le", "lt", "min_length", "max_length", "pattern", "expected")
"""Keys of pydantic's error context that say what is allowed."""

_OF_NUMBERS = ("greater_than", "less_than", "multiple_of", "finite_number", "float_", "int_")
"""Beginnings of pydantic's error types of fields that hold numbers."""


def field_error(field: str, place: str, error: ErrorDetails) -> dict[str, Any]:
    """Return an invalid field, as `params["fields"]` of a `ValidationFailed` lists it.

    Args:
        field: Path of the field, such as `changes.framing.fill`.
        place: Part of the request that holds it: `body`, `query`, `path` or `header`.
    """
    value = error.get("input")
    is_of_number = error["type"].startswith(_OF_NUMBERS)
    if is_of_number and isinstance(value, float) and not isfinite(value):
        # A comparison with a limit fails as well, but says nothing about the cause.
        return {"field": field, "in": place, "reason": "finite_number", "message": "must be a finite number"}
    invalid = {"field": field, "in": place, "reason": error["type"], "message": error["msg"]}
    context: Mapping[str, Any] = error.get("ctx", {})
    if isinstance(cause := context.get("error"), UnusableValue):
        return {**invalid, **cause.facts}
    limit = next((context[key] for key in _LIMITS if key in context), None)
    return invalid if limit is None else {**invalid, "limit": limit}
