"""Errors of tools: the advice helps with what went wrong."""

import pytest

from stillroom.domain.errors import (
    InputCorrupt,
    InputTooLarge,
    InputUnsupported,
    ProviderRateLimited,
    ProviderRejectedRequest,
    StillroomError,
    StorageUnavailable,
)
from stillroom.mcp.problems import tool_problem

GEMINI, LOCAL = (
    {"provider": name, "code": "E_AI_TIMEOUT", "reason": "timeout"} for name in ("gemini", "local")
)


@pytest.mark.parametrize(
    ("error", "helps", "misleads"),
    [
        (StorageUnavailable(), "in a minute", "provider=local"),
        (StorageUnavailable(reason="full"), "make room", "again"),
        (StorageUnavailable(reason="read_only"), "cannot be written", "in a minute"),
        (InputCorrupt(), "another file", "arguments"),
        (InputUnsupported(what="side", limit=64), "larger photo", "JPEG"),
        (InputUnsupported(), "JPEG", "larger"),
        (InputTooLarge(what="megapixels", limit=100), "smaller picture", "upload"),
        (InputTooLarge(what="bytes", limit=10), "upload", "picture;"),
        (ProviderRejectedRequest(attempts=[GEMINI]), "provider=local", "request_id"),
        (ProviderRejectedRequest(attempts=[GEMINI, LOCAL]), "request_id", "provider=local"),
        (ProviderRateLimited(attempts=[GEMINI, LOCAL]), "request_id", "provider=local"),
    ],
)
def test_advice_names_what_helps(error: StillroomError, helps: str, misleads: str) -> None:
    advice = tool_problem(error, "req_1").what_to_do
    assert helps in advice
    assert misleads not in advice
