"""Result of checking a provider's key, address and model, in words that say what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from stillroom.domain.errors import (
    ProviderRateLimited,
    ProviderRejectedRequest,
    ProviderTimeout,
    StillroomError,
)
from stillroom.domain.words import Words, texts_in

Verdict = Literal["ok", "warn", "fail"]

_TEXTS: Mapping[str, tuple[Verdict, Words]] = {
    code: (verdict, words)
    for verdict in get_args(Verdict)
    for code, words in texts_in("provider_checks")[verdict].items()
}
"""Verdict and text by code."""


@dataclass(frozen=True, slots=True)
class ProviderCheck:
    """Result for one provider; contains no key and no address.

    Attributes:
        code: Constant word for the result, such as `key`.
        verdict: `ok`, `warn` (cannot be confirmed, or will end soon) or `fail`.
    """

    provider: str
    model: str
    code: str
    verdict: Verdict
    words: Words


def check_of(
    provider: str, model: str, code: str, day: date | None = None, *, named: tuple[str, str] | None
) -> ProviderCheck:
    """Return a result with its texts.

    Args:
        day: Last day of the model, for `leaving` and `retired`.
        named: Prefix of its settings, and the setting of its model; None if it is not built in.
    """
    prefix, model_setting = named or (provider.upper(), f"{provider.upper()}_MODEL")
    facts = {"prefix": prefix, "model_setting": model_setting, "model": model, "day": day}
    verdict, text = _TEXTS[code]
    words = Words(zh=text.zh.format_map(facts), en=text.en.format_map(facts))
    return ProviderCheck(provider, model, code, verdict, words)


def code_of(error: StillroomError) -> str:
    """Return the code for a failure to read the vendor's model list."""
    reason = error.reason
    if isinstance(error, ProviderRejectedRequest):
        return "key" if reason == "key" else "permission"
    if isinstance(error, ProviderRateLimited):
        return "quota" if reason == "quota" else "rate_limited"
    if isinstance(error, ProviderTimeout):
        return "timeout"
    if reason in ("region", "region_or_billing"):
        return "region"
    if reason in ("unreachable", "connection"):
        return "unreachable"
    if reason in ("model_not_found", "endpoint_gone"):
        return "no_list"
    return "vendor" if reason.startswith("http_5") else "address"
