"""What calls came to: as a line of the record, and, of many failures, the one to tell the user."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
from stillroom.domain.generation import CallEnd, Wanted
from stillroom.providers.capability_map import Candidate
from stillroom.providers.circuit_breaker import GONE

_PERHAPS_BILLED = frozenset({"ceiling", "timeout", "slow", "connection", "bad_reply"})
"""Reasons after which nobody knows whether the provider bills; the list price is taken for its cost."""

_WORDS: dict[type[StillroomError], str] = {
    ContentRefused: "refused",
    ProviderRateLimited: "rate_limited",
    ProviderTimeout: "timeout",
    ProviderRejectedRequest: "auth",
    InternalError: "error",
}

_FIRST_THAT_OCCURS: tuple[type[StillroomError], ...] = (
    PromptInvalid,
    InputTooLarge,
    InputUnsupported,
    ProviderRejectedRequest,
    ProviderRateLimited,
    ProviderTimeout,
    ProviderUnavailable,
    InternalError,
)


@dataclass
class Call:
    """One call as far as it has come.

    Attributes:
        candidate: Who is asked.
        batch: What is asked for.
        id: Of its line in the record.
        is_open: Whether that line still waits for its end.
        latency_ms: Spent waiting for the provider.
        delivered: Pictures that came, verified or not.
    """

    candidate: Candidate
    batch: tuple[Wanted, ...]
    id: str = ""
    is_open: bool = False
    latency_ms: int = 0
    cost_micro_usd: int = 0
    upstream_id: str | None = None
    delivered: int = 0
    unverified: int = 0

    @property
    def expected_micro_usd(self) -> int:
        """The list price of what it asks for."""
        return (self.candidate.card.cost_micro_usd or 0) * len(self.batch)

    def begun(self, call_id: str) -> None:
        """It is sent, perhaps not for the first time."""
        self.id, self.is_open = call_id, True
        self.latency_ms = self.cost_micro_usd = self.delivered = self.unverified = 0
        self.upstream_id = None

    def shortfall(self) -> StillroomError | None:
        """What is wrong with a call that raised nothing; None if it gave all it was asked for."""
        if self.delivered - self.unverified >= len(self.batch):
            return None
        if not self.delivered:
            return ProviderUnavailable(reason="no_image")
        return ProviderUnavailable(reason="product_not_verified" if self.unverified else "fewer_pictures")

    def end(self, error: StillroomError | None) -> CallEnd:
        """How it ended, for the record."""
        if error is None:
            return CallEnd("ok", None, self.cost_micro_usd, self.latency_ms, self.upstream_id)
        reason = str(error.params.get("reason", ""))
        told = reason if isinstance(error, ProviderUnavailable) and reason else error.code
        cost = self.cost_micro_usd or int(error.params.get("cost_micro_usd", 0))
        if not cost and reason in _PERHAPS_BILLED:
            cost = self.expected_micro_usd
        outcome = "refused" if isinstance(error, ContentRefused) else "failed"
        upstream_id = self.upstream_id or error.params.get("upstream_id")
        return CallEnd("ok" if self.delivered else outcome, told, cost, self.latency_ms, upstream_id)

    def abandoned(self) -> CallEnd:
        """For the record, when we stop listening before it has ended."""
        return CallEnd("unknown", "abandoned", self.expected_micro_usd, self.latency_ms)


def word_for(error: StillroomError) -> str:
    """Why a provider was passed over, in one of the few words that the page knows."""
    if error.params.get("reason") in GONE:
        return "retired"
    return next((word for kind, word in _WORDS.items() if isinstance(error, kind)), "unavailable")


def batches(wanted: Iterable[Wanted], per_call: int) -> list[tuple[Wanted, ...]]:
    """What is wanted, in calls of at most so many."""
    line = list(wanted)
    return [tuple(line[start : start + per_call]) for start in range(0, len(line), per_call)]


def worst(failures: Sequence[tuple[str, StillroomError]]) -> StillroomError:
    """Of all failures the one that the user can act on, with the list of all.

    Args:
        failures: Who failed, and how.
    """
    errors = [error for _, error in failures]
    attempts = [
        {"provider": name, "code": error.code, "reason": str(error.params.get("reason", ""))}
        for name, error in failures
    ]
    return _kind_of(errors)(attempts=attempts)


def _kind_of(errors: Sequence[StillroomError]) -> type[StillroomError]:
    if errors and all(isinstance(error, ContentRefused) for error in errors):
        return ContentRefused
    # A key that does not work is the news only if no other did.
    keys = all(isinstance(error, ProviderRejectedRequest) for error in errors)
    for kind in _FIRST_THAT_OCCURS:
        if kind is ProviderRejectedRequest and not keys:
            continue
        if any(type(error) is kind for error in errors):
            return kind
    return ProviderUnavailable
