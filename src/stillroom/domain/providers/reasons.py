"""Reasons of provider failures: one table of how each is treated."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from stillroom.domain.errors import (
    ContentRefused,
    InputTooLarge,
    InputUnsupported,
    InternalError,
    PromptInvalid,
    ProviderRateLimited,
    ProviderRejectedRequest,
    ProviderTimeout,
    ProviderUnavailable,
    StillroomError,
)

NOT_CHOSEN: Final = "not_chosen"
"""The user named another provider, or the operator's order excludes this one."""

SWITCHED_OFF = "switched_off"
"""The user named a provider that the operator's order excludes."""

NOT_CAPABLE = "not_capable"
"""The model does not offer the operation, or only the local provider does the work exactly."""

RETIRED: Final = "retired"
"""The vendor has shut the model or the service down."""

REFUSED = "refused"
"""A model declined the picture or the words, and other clouds are not asked about them."""

INTERRUPTED = "interrupted"
"""An earlier call may have been charged although nothing of it was stored, so no cloud is called again."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """Consequences of a failure for one reason.

    Attributes:
        kind: Error that an adapter raises.
        page: Code for which the page has a text; None goes by the error's class.
        lasts: `request` concerns the request only, `money` lasts until somebody pays, `day` until the
            configuration or the vendor changes; `error` goes by the error's class.
        needs_change: Whether time alone does not repair it.
        may_be_billed: Whether billing is unknown, so that the list price is recorded as the cost.
    """

    kind: type[StillroomError] = ProviderUnavailable
    page: str | None = None
    lasts: Literal["error", "request", "money", "day"] = "error"
    is_gone: bool = False
    needs_change: bool = False
    may_be_billed: bool = False


_TREATMENTS: Mapping[str, Treatment] = MappingProxyType(
    {
        "key": Treatment(ProviderRejectedRequest, "auth", needs_change=True),
        "permission": Treatment(ProviderRejectedRequest, "permission", needs_change=True),
        "account_limited": Treatment(ProviderRejectedRequest, "account_limited", needs_change=True),
        "quota": Treatment(ProviderRateLimited, "quota", "money", needs_change=True),
        "rate_limited": Treatment(ProviderRateLimited, "rate_limited"),
        "timeout": Treatment(ProviderTimeout, "timeout", may_be_billed=True),
        "ceiling": Treatment(ProviderTimeout, "timeout", may_be_billed=True),
        "slow": Treatment(ProviderTimeout, "timeout", may_be_billed=True),
        "upstream": Treatment(ProviderTimeout, "timeout", may_be_billed=True),
        "moderation": Treatment(ContentRefused),
        "input_blocked": Treatment(ContentRefused),
        "output_blocked": Treatment(ContentRefused),
        "prompt": Treatment(PromptInvalid),
        "language": Treatment(PromptInvalid),
        "picture": Treatment(InputUnsupported),
        "picture_size": Treatment(InputTooLarge),
        "request_size": Treatment(InputTooLarge),
        "bug": Treatment(InternalError, "error"),
        "region": Treatment(page="region", lasts="day", needs_change=True),
        "region_or_billing": Treatment(page="region_or_billing", lasts="money", needs_change=True),
        "model_not_found": Treatment(page="retired", lasts="day", is_gone=True),
        "endpoint_gone": Treatment(page="retired", lasts="day", is_gone=True),
        "unreachable": Treatment(page="unreachable"),
        "connection": Treatment(may_be_billed=True),
        "bad_reply": Treatment(may_be_billed=True),
        "bad_request": Treatment(lasts="request"),
        "clip_lost": Treatment(lasts="request", may_be_billed=True),
        "task_lost": Treatment(lasts="request", may_be_billed=True),
        "fewer_pictures": Treatment(lasts="request"),
        "product_not_verified": Treatment(lasts="request"),
    }
)
"""Treatments by reason; every other reason has the usual one."""

_PAGE_OF_KINDS: tuple[tuple[type[StillroomError], str], ...] = (
    (ContentRefused, REFUSED),
    (ProviderRateLimited, "rate_limited"),
    (ProviderTimeout, "timeout"),
    (ProviderRejectedRequest, "auth"),
    (InternalError, "error"),
)
_PAGE_OF_CODES = MappingProxyType({kind.code: page for kind, page in _PAGE_OF_KINDS})


def treatment_of(reason: str) -> Treatment:
    """Return the consequences of a reason, as in an error or in a circuit breaker's state.

    A server or gateway that answers with 5xx may have done the work before it failed.
    """
    usual = Treatment(may_be_billed=reason.startswith("http_5"))
    return _TREATMENTS.get(reason, usual)


def page_code_of(reason: str) -> str:
    """Return the page's code for a reason, or for an error code in its place."""
    return treatment_of(reason).page or _PAGE_OF_CODES.get(reason) or "unavailable"


def page_code_for(error: StillroomError) -> str:
    """Return the page's code for an error raised by an adapter."""
    by_kind = next((page for kind, page in _PAGE_OF_KINDS if isinstance(error, kind)), "unavailable")
    return by_kind if by_kind == REFUSED else treatment_of(error.reason).page or by_kind
