"""Fault injection for cloud models: failover can be tested without any API key."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date

from stillroom.domain.faults import Fault
from stillroom.domain.providers.capabilities import ModelCard
from stillroom.providers.adapters.wire import failure
from stillroom.providers.image_requests import ImageRequest, ImageResult, ListsModels, PictureModel

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


class FaultyModel:
    """A model with faults injected before its calls."""

    def __init__(self, model: PictureModel, faults: Sequence[Fault]) -> None:
        self.name = model.name
        self.model = model.model
        self.configuration = model.configuration
        self._inner = model
        self._faults = faults

    async def make(self, image_request: ImageRequest, card: ModelCard) -> ImageResult:
        """Fail, delay or send the call, as the faults say. Raises StillroomError."""
        for fault in self._faults:
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
        return await self._inner.make(image_request, card)

    async def listed(self) -> Mapping[str, date | None]:
        """Return the model list of the vendor; faults concern calls for pictures. Raises StillroomError."""
        return await self._inner.listed() if isinstance(self._inner, ListsModels) else {}

    async def open(self) -> None:
        await self._inner.open()

    async def close(self) -> None:
        await self._inner.close()
