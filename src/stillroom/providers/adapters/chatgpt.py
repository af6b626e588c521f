"""OpenAI image adapter: `images.edit` with a mask and several candidates in one call."""

import re
from typing import TYPE_CHECKING, Any

from stillroom.domain.providers.capabilities import ModelCard
from stillroom.providers.adapters import vendor_messages, vendor_pictures, wire
from stillroom.providers.adapters.frames import framed
from stillroom.providers.adapters.http_wire import HttpConnection, result_of
from stillroom.providers.adapters.openai_wire import VENDOR_HOST, OpenAIModel, error_in, failure_of
from stillroom.providers.image_requests import ImageRequest, ImageResult

if TYPE_CHECKING:
    from openai.types import ImagesResponse

_FREE_SIZES = "gpt-image-2"
"""Prefix of the models that accept any width and height; all others are asked for one of three sizes."""

_THREE_SIZES = ((1024, 1024), (1536, 1024), (1024, 1536))
_STEP = 16  # pixels; width and height must be multiples
_MIN_PIXELS, _MAX_LONG_SIDE, _MAX_RATIO = 655_360, 1536, 3.0
_NO_OTHER_HOST = re.compile(r"(?!)")  # links lead to the API's own host only


class ChatGptModel(OpenAIModel):
    """An OpenAI image model, or a compatible model behind a gateway."""

    name = "chatgpt"
    vendor_url = f"https://{VENDOR_HOST}"

    def __init__(self, key: str, model: str, base_url: str | None = None, proxy: str | None = None) -> None:
        super().__init__(key, model, base_url, proxy)
        own = self._connection.base_url or self.vendor_url
        self._files = HttpConnection(key, own, proxy, _NO_OTHER_HOST)

    async def close(self) -> None:
        await super().close()
        await self._files.close()

    async def make(self, image_request: ImageRequest, card: ModelCard) -> ImageResult:
        client = await self._connection.opened()
        size = size_for(self.model, image_request.width, image_request.height)

        async def send(request: ImageRequest) -> ImageResult:
            answer = await client.images.with_raw_response.edit(
                **self._arguments(request, card, size), timeout=self._timeout(card)
            )
            return await self._returned(answer.parse(), wire.id_in(answer.request_id), request, card, size)

        async with self._failures(image_request.prompt), wire.within(card.ceiling_seconds):
            return await framed(image_request, size, send)

    def _timeout(self, card: ModelCard) -> Any:
        import httpx2

        return httpx2.Timeout(card.ceiling_seconds, connect=wire.CONNECT_SECONDS)

    def _arguments(
        self, image_request: ImageRequest, card: ModelCard, size: tuple[int, int]
    ) -> dict[str, Any]:
        pictures = [
            (f"picture{number}.jpg", picture, "image/jpeg")
            for number, picture in enumerate(image_request.pictures, start=1)
        ]
        arguments: dict[str, Any] = {
            "model": self.model,
            "image": pictures,
            "prompt": image_request.instruction[: card.limits.prompt_characters],
            "n": image_request.count,
            "size": f"{size[0]}x{size[1]}",
            "extra_headers": image_request.headers,
        }
        quality = next(iter(card.picture_cost_micro_usd), None)
        if quality is not None:
            arguments["quality"] = quality
        if card.limits.mask:
            arguments["mask"] = ("mask.png", image_request.mask, "image/png")
        return arguments

    async def _returned(
        self,
        reply: "ImagesResponse",
        provider_request_id: str | None,
        image_request: ImageRequest,
        card: ModelCard,
        size: tuple[int, int],
    ) -> ImageResult:
        if (error := error_in(reply)) is not None:
            said, keys = error.get("message", ""), self._connection.secrets
            vendor_messages.log_failure(self.name, self.model, said, keys, image_request.prompt)
            raise failure_of(0, error, {}, provider_request_id)
        data = getattr(reply, "data", None)
        if not isinstance(data, list):
            raise wire.failure("bad_reply", provider_request_id=provider_request_id)
        cost = _cost(reply, len(data), card)
        items = data[: image_request.count]
        found = [
            vendor_pictures.file_or_link(getattr(item, "b64_json", None), getattr(item, "url", None))
            for item in items
        ]
        known = [one for one in found if one is not None]
        return await result_of(self._files, known, image_request.open_file, size, cost, provider_request_id)


def size_for(model: str, width: int, height: int) -> tuple[int, int]:
    """Return the size to request: the picture's aspect ratio, or the nearest size the model supports."""
    ratio = min(_MAX_RATIO, max(1 / _MAX_RATIO, width / height))
    if not model.startswith(_FREE_SIZES):
        return min(_THREE_SIZES, key=lambda size: abs(size[0] / size[1] / ratio - 1))
    long_side = min(_MAX_LONG_SIDE, max(1024, width, height))
    wide, tall = (long_side, long_side / ratio) if ratio >= 1 else (long_side * ratio, long_side)
    if wide * tall < _MIN_PIXELS:
        grow = (_MIN_PIXELS / (wide * tall)) ** 0.5 * 1.02
        wide, tall = wide * grow, tall * grow
    return round(wide / _STEP) * _STEP, round(tall / _STEP) * _STEP


def _cost(reply: Any, pictures: int, card: ModelCard) -> int:
    """Cost in millionths of a US dollar: from the reported token usage, else the list price per picture."""
    usage, price = getattr(reply, "usage", None), card.token_price
    tokens_in, tokens_out = (
        wire.count_in(getattr(usage, name, None)) for name in ("input_tokens", "output_tokens")
    )
    if price is None or tokens_in is None or tokens_out is None:
        return (card.cost_micro_usd or 0) * pictures
    details = getattr(usage, "input_tokens_details", None)
    image_in, text_in = (
        wire.count_in(getattr(details, name, None)) for name in ("image_tokens", "text_tokens")
    )
    image_in = image_in or 0
    text_in = max(0, tokens_in - image_in) if text_in is None else text_in
    return round(text_in * price.text_in + image_in * price.image_in + tokens_out * price.image_out)
