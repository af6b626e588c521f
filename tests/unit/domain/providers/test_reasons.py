"""Whatever a vendor does, the page has a word for it."""

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
from stillroom.domain.providers.reasons import word_for, word_of


@pytest.mark.parametrize(
    ("error", "word"),
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
def test_a_failure_and_the_state_that_it_leaves_have_the_same_word(error: StillroomError, word: str) -> None:
    kept = str(error.params.get("reason", "")) or error.code
    assert word_for(error) == word
    if "new" not in kept and not isinstance(error, ContentRefused):
        assert word_of(kept) == word


def test_a_code_without_a_reason_has_a_word() -> None:
    assert word_of(ProviderTimeout().code) == "timeout"
    assert word_of(ContentRefused().code) == "refused"
