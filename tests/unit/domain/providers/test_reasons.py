"""Reasons of provider failures: every error has a code for which the page has a text."""

import pytest

from stillroom.domain.errors import (
    ContentRefused,
    InternalError,
    ProviderRateLimited,
    ProviderRejectedRequest,
    ProviderTimeout,
    ProviderUnavailable,
    StillroomError,
)
from stillroom.domain.providers.reasons import page_code_for, page_code_of


@pytest.mark.parametrize(
    ("error", "page"),
    [
        (ProviderRateLimited(reason="rate_limited"), "rate_limited"),
        (ProviderRateLimited(reason="quota"), "quota"),
        (ProviderRateLimited(), "rate_limited"),
        (ProviderTimeout(reason="ceiling"), "timeout"),
        (ProviderTimeout(reason="something new"), "timeout"),
        (ProviderRejectedRequest(reason="key"), "auth"),
        (ProviderRejectedRequest(reason="permission"), "permission"),
        (ProviderUnavailable(reason="model_not_found"), "retired"),
        (ProviderUnavailable(reason="region"), "region"),
        (ProviderUnavailable(reason="http_503"), "unavailable"),
        (ContentRefused(reason="moderation"), "refused"),
        (InternalError(reason="bug"), "error"),
    ],
    ids=lambda value: (
        f"{type(value).__name__}-{value.params}" if isinstance(value, StillroomError) else value
    ),
)
def test_a_failure_and_the_state_it_leaves_have_the_same_page_code(error: StillroomError, page: str) -> None:
    kept = error.reason or error.code
    assert page_code_for(error) == page
    if "new" not in kept and not isinstance(error, ContentRefused):
        assert page_code_of(kept) == page


def test_an_error_code_without_a_reason_has_a_page_code() -> None:
    assert page_code_of(ProviderTimeout().code) == "timeout"
    assert page_code_of(ContentRefused().code) == "refused"
