"""Gemini adapter: one `generateContent` call per picture."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from stillroom.domain.errors import StillroomError
from stillroom.domain.providers.capabilities import ModelCard
from stillroom.providers.adapters import vendor_messages, vendor_pictures, wire
from stillroom.providers.adapters.connection import Connected
from stillroom.providers.adapters.gemini_wire import REFUSED, VENDOR_URL, GeminiConnection, failures, name_of
from stillroom.providers.image_requests import ImageRequest, ImageResult

if TYPE_CHECKING:
    from google.genai import types

_DEFAULT_SIZE = "1K"
_PAGE = 1000  # models per page of the list; the API's maximum
_SHAPES = {"1:1": 1.0, "2:3": 2 / 3, "3:2": 1.5, "3:4": 0.75, "4:3": 4 / 3, "4:5": 0.8, "5:4": 1.25}
_SHAPES |= {"9:16": 9 / 16, "16:9": 16 / 9, "21:9": 21 / 9}
_SHAPE_IS_NEAR = 0.02
_QUICK_MODEL = "gemini-nano-banana-2.1"
"""The only model known to accept thinking level MINIMAL."""


_STOPPED = {
    "LANGUAGE": "language",
    "PUP_LIMITED_DISABLED": "account_limited",
    "": None,
    "STOP": None,
    "FINISH_REASON_UNSPECIFIED": None,
}
"""Reasons of failure by finish reason; None if the response may contain a picture."""


class GeminiModel(Connected[GeminiConnection]):
    """A Gemini image model."""

    name = "gemini"
    vendor_url = VENDOR_URL

    def __init__(self, key: str, model: str, base_url: str | None = None, proxy: str | None = None) -> None:
        """Store the connection settings; `base_url` has no version, None means Google's own endpoint."""
        self.model = model
        self.configuration = wire.fingerprint(key, base_url)
        self._key = key
        self._connection = GeminiConnection(key, base_url, proxy)

    async def make(self, image_request: ImageRequest, card: ModelCard) -> ImageResult:
        client = await self._connection.opened()
        async with self._failures(image_request.prompt), wire.within(card.ceiling_seconds):
            reply = await client.aio.models.generate_content(
                model=self.model,
                contents=_contents(image_request),
                config=self._config(image_request, card),
            )
        return await self._returned(reply, image_request, card)

    async def listed(self) -> Mapping[str, date | None]:
        """Return the ids of all models the key can use; it states no last days. Raises StillroomError."""
        client = await self._connection.opened()
        async with self._failures(prompt=""):
            pages = await client.aio.models.list(config={"page_size": _PAGE})
            return {(model.name or "").removeprefix("models/"): None async for model in pages}

    def _failures(self, prompt: str) -> AbstractAsyncContextManager[None]:
        return failures(self.name, self.model, self._key, prompt)

    def _config(self, image_request: ImageRequest, card: ModelCard) -> "types.GenerateContentConfig":
        from google.genai import types

        size = next(iter(card.picture_cost_micro_usd), _DEFAULT_SIZE)
        thinking = None
        if image_request.hurry and self.model.startswith(_QUICK_MODEL):
            thinking = types.ThinkingConfig(thinking_level=types.ThinkingLevel.MINIMAL)
        return types.GenerateContentConfig(
            response_modalities=["IMAGE"],
            # Some models support the default size only and reject an explicit one.
            image_config=types.ImageConfig(
                aspect_ratio=_shape(image_request), image_size=None if size == _DEFAULT_SIZE else size
            ),
            thinking_config=thinking,
            http_options=types.HttpOptions(
                timeout=round(card.ceiling_seconds * 1000), headers=image_request.headers
            ),
        )

    async def _returned(
        self, reply: "types.GenerateContentResponse", image_request: ImageRequest, card: ModelCard
    ) -> ImageResult:
        provider_request_id = wire.id_in(reply.response_id)
        usage = reply.usage_metadata
        tokens = wire.count_in(usage.prompt_token_count if usage else None) or 0
        reading = round(tokens * card.token_price.text_in) if card.token_price else 0
        failure = partial(wire.failure, cost_micro_usd=reading, provider_request_id=provider_request_id)
        feedback = reply.prompt_feedback
        if feedback is not None and feedback.block_reason is not None:
            self._note(
                feedback.block_reason_message, image_request.prompt, blocked=name_of(feedback.block_reason)
            )
            raise failure("input_blocked")
        candidate = reply.candidates[0] if reply.candidates else None
        finish = name_of(candidate.finish_reason) if candidate and candidate.finish_reason else ""
        parts = (candidate.content.parts if candidate and candidate.content else None) or []
        stopped = _meaning(finish)
        if stopped is not None:
            self._note(
                candidate.finish_message if candidate else "", image_request.prompt, finish_reason=finish
            )
            raise failure(stopped)
        shown = [part.inline_data.data for part in parts if part.inline_data and not part.thought]
        if not shown or shown[-1] is None:
            self._note(
                " ".join(part.text or "" for part in parts), image_request.prompt, finish_reason=finish
            )
            raise failure("no_image")
        cost = reading + (card.cost_micro_usd or 0)
        try:
            picture = await vendor_pictures.opened(shown[-1], image_request.open_file)
            if not vendor_pictures.shaped_like(picture, image_request.width, image_request.height):
                raise wire.failure("wrong_size")
        except StillroomError as error:
            raise wire.failure(
                error.reason, cost_micro_usd=cost, provider_request_id=provider_request_id
            ) from error
        return ImageResult((shown[-1],), cost, provider_request_id)

    def _note(self, said: object, prompt: str, **facts: object) -> None:
        vendor_messages.log_failure(self.name, self.model, said or "", (self._key,), prompt, **facts)


def _contents(image_request: ImageRequest) -> list[Any]:
    from google.genai import types

    parts = [
        types.Part.from_bytes(data=picture, mime_type="image/jpeg") for picture in image_request.pictures
    ]
    parts.append(types.Part.from_text(text=image_request.instruction))
    return [types.Content(role="user", parts=parts)]


def _shape(image_request: ImageRequest) -> str | None:
    """Return the nearest supported aspect ratio, or None: the model then follows the input picture."""
    ratio = image_request.width / image_request.height
    name, nearest = min(_SHAPES.items(), key=lambda shape: abs(shape[1] / ratio - 1))
    return name if abs(nearest / ratio - 1) <= _SHAPE_IS_NEAR else None


def _meaning(finish: str) -> str | None:
    """Map a finish reason to a reason of failure; None if the response may contain a picture."""
    if finish in REFUSED:
        return "output_blocked"
    return _STOPPED.get(finish, "no_image")
