"""Reasons for skipping a provider, reduced to the codes for which the page has texts."""

from collections.abc import Mapping
from types import MappingProxyType

from stillroom.domain.errors import (
    ContentRefused,
    InternalError,
    ProviderRateLimited,
    ProviderRejectedRequest,
    ProviderTimeout,
    StillroomError,
)

NOT_CHOSEN = "not_chosen"
"""The user named another provider, or the operator's order excludes this one."""

INTERRUPTED = "interrupted"
"""An earlier call may have been charged although nothing of it was stored, so no cloud is called again."""

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "key": "auth",
        "permission": "permission",
        "account_limited": "account_limited",
        "quota": "quota",
        "region": "region",
        "region_or_billing": "region_or_billing",
        "model_not_found": "retired",
        "endpoint_gone": "retired",
        "unreachable": "unreachable",
        "rate_limited": "rate_limited",
        "timeout": "timeout",
        "ceiling": "timeout",
        "slow": "timeout",
        "upstream": "timeout",
        "bug": "error",
    }
)
"""Page codes of the adapters' finer reasons; any other reason is `unavailable`."""

_WORDS_OF_KINDS: tuple[tuple[type[StillroomError], str], ...] = (
    (ContentRefused, "refused"),
    (ProviderRateLimited, "rate_limited"),
    (ProviderTimeout, "timeout"),
    (ProviderRejectedRequest, "auth"),
    (InternalError, "error"),
)
_WORDS_OF_CODES = MappingProxyType({kind.code: word for kind, word in _WORDS_OF_KINDS})


def word_of(reason: str) -> str:
    """Return the page's code for an adapter's reason or an error code.

    Args:
        reason: As in an error's `params` or in a circuit breaker's state.
    """
    return _WORDS.get(reason) or _WORDS_OF_CODES.get(reason) or "unavailable"


def word_for(error: StillroomError) -> str:
    """Return the page's code for an error raised by an adapter."""
    by_kind = next((word for kind, word in _WORDS_OF_KINDS if isinstance(error, kind)), "unavailable")
    return by_kind if by_kind == "refused" else _WORDS.get(str(error.params.get("reason", "")), by_kind)
