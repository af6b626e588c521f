"""Sentences that say what to change in an invalid field."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from stillroom.domain.field_errors import FIELD_TEXTS

MAX_SENTENCES = 5
"""Maximum number of fields that the detail of an error describes; `params["fields"]` lists all."""

_WHOLE = "body"
"""Name of the field of an error about the body as a whole."""

_VALUE_ERROR = "Value error, "
"""Prefix of pydantic's messages for errors that a validator raised."""


def detail_of(fields: Sequence[Mapping[str, Any]], language: str) -> str:
    """Return a sentence for each invalid field, for the first few."""
    words = [_sentence(field, language) for field in fields[:MAX_SENTENCES]]
    return "".join(words) if language == "zh" else " ".join(words)


def explained(field: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return an invalid field with a message in the client's language."""
    return {**field, "message": _predicate(field, language)}


def _sentence(field: Mapping[str, Any], language: str) -> str:
    subject = "" if field["field"] == _WHOLE else f"{field['field']} "
    predicate = _predicate(field, language)
    if language == "zh":
        return f"{subject}{predicate}。"
    if not subject:
        subject = "The body " if predicate[0].islower() else ""
    return f"{subject}{predicate.rstrip('.')}."


def _predicate(field: Mapping[str, Any], language: str) -> str:
    reason, limit = str(field["reason"]), field.get("limit", "")
    text = str(field.get("text", reason))
    if reason == "string_pattern_mismatch" and str(limit).startswith("^#["):
        text = "color"
    if reason in ("string_too_short", "too_short") and limit == 1:
        text = "empty"
    if text not in FIELD_TEXTS:
        return str(field["message"]).removeprefix(_VALUE_ERROR)
    return FIELD_TEXTS[text].to(language).format(limit=_shown(limit, language))


def _shown(limit: object, language: str) -> str:
    """Return what is allowed without the quotes of the library, and numbers without a needless fraction."""
    if isinstance(limit, float):
        return f"{limit:g}"
    shown = str(limit).replace("'", "")
    return re.sub(r", | or ", "、", shown) if language == "zh" else shown
