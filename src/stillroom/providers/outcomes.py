"""Provider calls: timeouts, progress, usage records, retries, and the error to report after failures."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from stillroom.domain.errors import (
    ContentRefused,
    InputCorrupt,
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
from stillroom.domain.providers.reasons import treatment_of
from stillroom.domain.providers.requests import CallEnd, Stage, StageReached, Wanted
from stillroom.domain.providers.usage import CallOutcome
from stillroom.providers.capability_map import CallableModel

HONOURED_WAIT_SECONDS = 2.0
"""Longest stated retry delay that is waited for, once; a longer one causes a fallback."""

_FIRST_THAT_OCCURS: tuple[type[StillroomError], ...] = (
    PromptInvalid,
    InputTooLarge,
    InputUnsupported,
    InputCorrupt,
    ProviderRejectedRequest,
    ProviderRateLimited,
    ProviderTimeout,
    ProviderUnavailable,
    InternalError,
)


@dataclass(frozen=True)
class CallTimeouts:
    """Timeouts of slow provider calls.

    Attributes:
        floor_seconds: Least wait for a call before the next provider starts in parallel.
        factor: The same wait, times the expected latency.
        late_seconds: Wait for overdue calls, which are paid and may still deliver, after all others.
    """

    floor_seconds: float = 8.0
    factor: float = 2.0
    late_seconds: float = 15.0


TIMEOUTS = CallTimeouts()


@dataclass(eq=False)
class Call:
    """The progress of one call.

    Attributes:
        is_open: Whether the usage record is still incomplete.
        waited_seconds: Time spent waiting for the provider's events.
        overdue_seconds: Vendor time after which the next provider is started in parallel.
        overdue: Set after that time; local work before and after the vendor's part does not count.
    """

    model: CallableModel
    batch: tuple[Wanted, ...]
    id: str = ""
    is_open: bool = False
    waited_seconds: float = 0.0
    cost_micro_usd: int = 0
    provider_request_id: str | None = None
    delivered: int = 0
    unverified: int = 0
    overdue_seconds: float = float("inf")
    overdue: asyncio.Event = field(default_factory=asyncio.Event)
    _sent_at: float | None = None
    _vendors_ms: int | None = None
    _timer: asyncio.TimerHandle | None = None

    @property
    def is_with_vendor(self) -> bool:
        """Whether a vendor has the request and has not responded yet; False for the local provider."""
        return self._sent_at is not None and not self.model.is_local

    @property
    def latency_ms(self) -> int:
        """The vendor's latency; for the local provider, the whole time it took."""
        return round(self.waited_seconds * 1000) if self._vendors_ms is None else self._vendors_ms

    @property
    def expected_micro_usd(self) -> int | None:
        """The list price of the batch; None if it is not known."""
        if self.model.is_local:
            return 0
        price = self.model.card.cost_micro_usd
        return None if price is None else price * len(self.batch)

    def begun(self, call_id: str) -> None:
        """Reset the figures at the start of an attempt, the first or a repeated one."""
        self.id, self.is_open = call_id, True
        self.waited_seconds = 0.0
        self.cost_micro_usd = self.delivered = self.unverified = 0
        self.provider_request_id = self._sent_at = self._vendors_ms = None

    def reached(self, event: StageReached) -> None:
        """Start the vendor's timer when the request is sent; stop it and note the bill at the answer."""
        if event.bill is not None:
            self.cost_micro_usd = event.bill.cost_micro_usd
            self.provider_request_id = event.bill.provider_request_id
        if event.stage is Stage.PROVIDER and self._sent_at is None:
            self._sent_at = time.monotonic()
            if self.overdue_seconds < float("inf"):
                loop = asyncio.get_running_loop()
                self._timer = loop.call_later(self.overdue_seconds, self.overdue.set)
        elif event.stage is Stage.REGISTER:
            self.answered()

    def answered(self) -> None:
        """Stop the vendor's timer, after success or failure."""
        if self._timer is not None:
            self._timer.cancel()
        if self._sent_at is not None:
            self._vendors_ms = round((time.monotonic() - self._sent_at) * 1000)
            self._sent_at = None

    async def ended_or_overdue(self, task: asyncio.Task[Any]) -> None:
        """Wait until the task of this call ends or its vendor is overdue."""
        overdue = asyncio.create_task(self.overdue.wait())
        try:
            await asyncio.wait([task, overdue], return_when=asyncio.FIRST_COMPLETED)
        finally:
            overdue.cancel()

    def shortfall(self) -> StillroomError | None:
        """Return the error of a call that raised none but delivered too little; None if it is complete."""
        if self.delivered - self.unverified >= len(self.batch):
            return None
        if not self.delivered:
            return ProviderUnavailable(reason="no_image")
        return ProviderUnavailable(reason="product_not_verified" if self.unverified else "fewer_pictures")

    def end(self, error: StillroomError | None) -> CallEnd:
        """Build the final usage record."""
        if error is None:
            return CallEnd("ok", None, self.cost_micro_usd, self.latency_ms, self.provider_request_id)
        told = error.reason if isinstance(error, ProviderUnavailable) and error.reason else error.code
        cost = self.cost_micro_usd or error.cost_micro_usd
        if not cost and (treatment_of(error.reason).may_be_billed or self._broke_here(error.reason)):
            cost = self.expected_micro_usd or 0
        outcome: CallOutcome = "refused" if isinstance(error, ContentRefused) else "failed"
        provider_request_id = self.provider_request_id or error.provider_request_id
        return CallEnd("ok" if self.delivered else outcome, told, cost, self.latency_ms, provider_request_id)

    def _broke_here(self, reason: str) -> bool:
        """Whether an internal error occurred after the call was sent, so that billing is unknown."""
        return reason == "bug" and self._vendors_ms is not None

    def abandoned(self) -> CallEnd:
        """Build the usage record of a call that is abandoned before its end; a known bill is its cost."""
        cost = self.cost_micro_usd or self.expected_micro_usd or 0
        return CallEnd("unknown", "abandoned", cost, self.latency_ms, self.provider_request_id)


def batches(wanted: Iterable[Wanted], per_call: int) -> list[tuple[Wanted, ...]]:
    """Split the wanted candidates into batches of at most `per_call`."""
    line = list(wanted)
    return [tuple(line[start : start + per_call]) for start in range(0, len(line), per_call)]


def retry_delay(error: StillroomError) -> float | None:
    """Return the delay before a retry in seconds; None if the call is not retried."""
    if not error.sent:
        return 0.0
    wait = error.retry_after_seconds
    if not isinstance(error, ProviderRateLimited) or wait is None or error.reason == "quota":
        return None
    return wait if wait <= HONOURED_WAIT_SECONDS else None


def reported_failure(failures: Sequence[tuple[str, StillroomError]]) -> StillroomError:
    """Return the failure that the user can act on, with its reason if there is only one, and all failures."""
    errors = [error for _, error in failures]
    attempts = [{"provider": name, "code": error.code, "reason": error.reason} for name, error in failures]
    kind = _kind_of(errors)
    reasons = {error.reason for error in errors if type(error) is kind}
    return kind(reason=reasons.pop() if len(reasons) == 1 else "", attempts=attempts)


def _kind_of(errors: Sequence[StillroomError]) -> type[StillroomError]:
    answered = [error for error in errors if not isinstance(error, ProviderTimeout | ProviderUnavailable)]
    if answered and all(isinstance(error, ContentRefused) for error in answered):
        return ContentRefused
    # Report a rejected key only if every provider rejected its key.
    keys = all(isinstance(error, ProviderRejectedRequest) for error in errors)
    for kind in _FIRST_THAT_OCCURS:
        if kind is ProviderRejectedRequest and not keys:
            continue
        if any(type(error) is kind for error in errors):
            return kind
    return ProviderUnavailable
