"""Fault injection for cloud models: failover can be tested without any API key."""

import asyncio
from collections.abc import Sequence

from stillroom.domain.faults import Fault
from stillroom.domain.providers.capabilities import ModelCard
from stillroom.providers.adapters.wire import failure

_REASONS = {
    "400": "bad_request",
    "401": "key",
    "404": "model_not_found",
    "429": "rate_limited",
    "500": "http_500",
    "502": "http_502",
    "503": "http_503",
    "504": "upstream",
    "quota": "quota",
    "refused": "moderation",
    "empty": "no_image",
    "garbage": "bad_reply",
    "drop": "connection",
    "connect": "unreachable",
}
"""Reason of failure by kind of fault."""


async def inject(faults: Sequence[Fault], card: ModelCard) -> None:
    """Fail or delay a call for pictures before it is sent, as the faults say. Raises StillroomError."""
    for fault in faults:
        if not fault.strikes():
            continue
        if fault.kind == "slow":
            await asyncio.sleep(fault.value or 0)
        elif fault.kind == "timeout":
            await asyncio.sleep(card.ceiling_seconds)
            raise failure("ceiling")
        elif fault.kind == "bug":
            raise TypeError("injected")
        else:
            wait = fault.value if fault.kind == "429" else None
            raise failure(_REASONS[fault.kind], retry_after_seconds=wait, sent=fault.kind != "connect")
