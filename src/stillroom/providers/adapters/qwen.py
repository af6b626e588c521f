"""Qwen-Image and Wan adapter: one synchronous request to Model Studio for several pictures."""

from typing import Any

from stillroom.domain.providers.capabilities import ModelCard
from stillroom.providers.adapters import vendor_pictures, wire
from stillroom.providers.adapters.http_wire import HttpAnswer, result_of
from stillroom.providers.adapters.qwen_wire import DashScopeModel
from stillroom.providers.image_requests import ImageRequest, ImageResult

_GENERATE = "/api/v1/services/aigc/multimodal-generation/generation"
_WITHOUT_SIZE = "qwen-image-edit"
"""The only model that takes no size; it follows its input."""

_WAN = "wan"
"""Prefix of the models without `prompt_extend`."""

_LARGE = "qima_output_2k"
"""Word of the usage for a picture that is billed as the larger size."""


class QwenModel(DashScopeModel):
    """A Qwen-Image or Wan model of Alibaba Model Studio."""

    async def make(self, image_request: ImageRequest, card: ModelCard) -> ImageResult:
        return await self._made(_GENERATE, image_request, card, self._body, self._returned)

    def _body(self, image_request: ImageRequest, card: ModelCard, size: tuple[int, int]) -> dict[str, Any]:
        content: list[dict[str, str]] = [
            {"image": vendor_pictures.data_url(picture)} for picture in image_request.pictures
        ]
        content.append({"text": image_request.instruction[: card.limits.prompt_characters]})
        # Without `n`, Wan makes and bills four pictures.
        parameters: dict[str, Any] = {"n": image_request.count, "watermark": self._watermark}
        if self.model != _WITHOUT_SIZE:
            parameters["size"] = f"{size[0]}*{size[1]}"
        if not self.model.startswith(_WAN):
            # The vendor would rewrite the prompt, and with it the description of the product.
            parameters["prompt_extend"] = False
        messages = [{"role": "user", "content": content}]
        return {"model": self.model, "input": {"messages": messages}, "parameters": parameters}

    async def _returned(
        self, answer: HttpAnswer, image_request: ImageRequest, card: ModelCard, size: tuple[int, int]
    ) -> ImageResult:
        links = _links(answer.document.get("output"))
        if not links and answer.document.get("code"):
            raise self._failed(answer.document, 0, answer.headers, image_request.prompt)
        cost = _cost(answer.document.get("usage"), len(links), card)
        links = links[: image_request.count]
        request_id = wire.id_in(answer.document.get("request_id"))
        return await result_of(self._connection, links, image_request.open_file, size, cost, request_id)


def _links(output: object) -> list[str]:
    """Return the links of all choices and all parts; vendors put several pictures into either."""
    choices = output.get("choices") if isinstance(output, dict) else None
    links: list[str] = []
    for choice in choices if isinstance(choices, list) else []:
        message = choice.get("message") if isinstance(choice, dict) else None
        content = message.get("content") if isinstance(message, dict) else None
        parts = content if isinstance(content, list) else []
        found = [part.get("image") for part in parts if isinstance(part, dict)]
        links += [link for link in found if isinstance(link, str)]
    return links


def _cost(usage: object, came: int, card: ModelCard) -> int:
    """Cost in millionths of a US dollar: the list price of the size that was billed, per picture."""
    usage = usage if isinstance(usage, dict) else {}
    prices = card.picture_cost_micro_usd
    price = card.cost_micro_usd or 0
    if usage.get("output_image_type") == _LARGE:
        price = prices.get("2K", price)
    counted = wire.count_in(usage.get("image_count"))
    return price * (came if counted is None else counted)
