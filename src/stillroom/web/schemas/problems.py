"""Problem: the one shape of every error, after RFC 9457."""

from typing import Any

from stillroom.web.schemas.base import Answer


class Problem(Answer):
    """What went wrong; clients switch on `code`, never on text."""

    type: str
    title: str
    status: int
    detail: str
    instance: str | None
    code: str
    retryable: bool
    request_id: str | None
    params: dict[str, Any]
