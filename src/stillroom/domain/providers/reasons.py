"""Why a provider was passed over or is left alone, in the few words that the page has a sentence for."""

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
"""The user named another provider, or the operator's order leaves this one out."""

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
"""What adapters say, which is finer than what helps a seller; whatever is not here is `unavailable`."""

_WORDS_OF_KINDS: tuple[tuple[type[StillroomError], str], ...] = (
    (ContentRefused, "refused"),
    (ProviderRateLimited, "rate_limited"),
    (ProviderTimeout, "timeout"),
    (ProviderRejectedRequest, "auth"),
    (InternalError, "error"),
)
_WORDS_OF_CODES = MappingProxyType({kind.code: word for kind, word in _WORDS_OF_KINDS})


def word_of(reason: str) -> str:
    """The page's word for what an adapter said, or for an error code.

    Args:
        reason: As it stands in an error's `params` or in a breaker's state.
    """
    return _WORDS.get(reason) or _WORDS_OF_CODES.get(reason) or "unavailable"


def word_for(error: StillroomError) -> str:
    """The page's word for an error as an adapter raised it."""
    by_kind = next((word for kind, word in _WORDS_OF_KINDS if isinstance(error, kind)), "unavailable")
    return by_kind if by_kind == "refused" else _WORDS.get(str(error.params.get("reason", "")), by_kind)
