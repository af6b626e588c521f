"""Seedream adapter: Volcengine Ark's images API, one synchronous request per picture, and its errors."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from stillroom.domain.providers.capabilities import ModelCard
from stillroom.providers.adapters import vendor_pictures, wire
from stillroom.providers.adapters.http_wire import HttpAnswer, HttpModel, error_of, result_of
from stillroom.providers.adapters.wire import ErrorRule
from stillroom.providers.image_requests import ImageRequest, ImageResult

_GENERATE = "/images/generations"
_LISTS_SECONDS = 10.0
_PNG_MODELS = "seedream-5-0"
"""Part of the ids that accept `output_format`; older models reject the field."""

_ENDPOINT = "ep-"
"""Prefix of endpoint ids, which refer to a model and are on no list."""

_ACCOUNT = "authenticationerror|invalidaccountstatus|accessdenied|operationdenied"
_REQUEST = "invalidparameter|missingparameter|badrequest"

_ERROR_RULES = (
    ErrorRule("moderation", ".*(sensitive|risk|policyviolation|privacyinformation)"),
    ErrorRule("quota", r"accountoverdueerror|operationdenied\.serviceoverdue|quotaexceeded|setlimitexceeded"),
    ErrorRule("rate_limited", ".*ratelimitexceeded|requestbursttoofast|inflightbatchsize|serveroverload"),
    ErrorRule("model_not_found", "invalidendpoint|modelnotopen|unsupportedmodel"),
    ErrorRule("key", _ACCOUNT, status=(401,)),
    ErrorRule("permission", _ACCOUNT),
    ErrorRule("picture_size", r"invalidparameter\.oversizedimage"),
    ErrorRule("picture", r"invalidparameter\.unsupportedimageformat|invalidimageurl"),
    ErrorRule("connection", _REQUEST, "downloading"),
    ErrorRule("prompt", _REQUEST, "^prompt "),
    ErrorRule("picture", _REQUEST, "^image|`image`"),
    ErrorRule("bad_request", _REQUEST),
    # Their moderation did not work; nothing was refused.
    ErrorRule("http_500", "contentsecuritydetectionerror"),
)
"""Codes have variants after a dot."""


class SeedreamModel(HttpModel):
    """A Seedream model of Volcengine Ark, in China or behind BytePlus's addresses; or an endpoint `ep-…`."""

    name = "seedream"
    vendor_url = "https://ark.cn-beijing.volces.com/api/v3"
    # Object storage of Volcengine and BytePlus, where results lie for 24 hours.
    result_hosts = re.compile(r"[a-z0-9-]+\.tos-[a-z0-9-]+\.(volces|bytepluses)\.com")
    error_rules = _ERROR_RULES

    async def make(self, image_request: ImageRequest, card: ModelCard) -> ImageResult:
        return await self._made(_GENERATE, image_request, card, self._body, self._returned)

    async def listed(self) -> Mapping[str, date | None]:
        """Return the ids of all models the key can use, with the last days announced. Raises StillroomError.

        A model that the list leaves out, such as an endpoint id, is looked for with a request that is too
        small to be carried out.
        """
        listed: Mapping[str, date | None] = {}
        if not self.model.startswith(_ENDPOINT):
            answer = await self._connection.sent("GET", "/models", seconds=_LISTS_SECONDS)
            if answer.status == 200:
                listed = wire.listed_models(answer.document)
            elif answer.status not in (404, 405):
                raise self._failed(answer.document, answer.status, answer.headers, prompt="")
        is_listed = any(wire.is_version_of(name, self.model) for name in listed)
        if is_listed or not await self._is_served():
            return listed
        return {**listed, self.model: None}

    async def _is_served(self) -> bool:
        """Whether the vendor checks the parameters of the model, instead of not knowing it."""
        probe = {"model": self.model, "prompt": "probe", "size": "1x1"}
        answer = await self._connection.sent("POST", _GENERATE, seconds=_LISTS_SECONDS, body=probe)
        code = str(error_of(answer.document).get("code"))
        if answer.status == 200 or (answer.status == 400 and code.startswith("InvalidParameter")):
            return True
        error = self._failed(answer.document, answer.status, answer.headers, prompt="")
        if error.reason != "model_not_found":
            raise error
        return False

    def _body(self, image_request: ImageRequest, card: ModelCard, size: tuple[int, int]) -> dict[str, Any]:
        pictures = [vendor_pictures.data_url(picture) for picture in image_request.pictures]
        body: dict[str, Any] = {
            "model": self.model,
            "prompt": image_request.instruction[: card.limits.prompt_characters],
            "image": pictures,
            "size": f"{size[0]}x{size[1]}",
            "response_format": "b64_json",
            # The vendor's default is true, so the field is always sent.
            "watermark": self._watermark,
        }
        if _PNG_MODELS in self.model:
            body["output_format"] = "png"
        return body

    async def _returned(
        self, answer: HttpAnswer, image_request: ImageRequest, card: ModelCard, size: tuple[int, int]
    ) -> ImageResult:
        if answer.document.get("error") or answer.document.get("code"):
            raise self._failed(answer.document, 0, answer.headers, image_request.prompt)
        data = answer.document.get("data")
        items = [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []
        refusals = [item["error"] for item in items if isinstance(item.get("error"), dict)]
        pictures = [vendor_pictures.file_or_link(item.get("b64_json"), item.get("url")) for item in items]
        found = [one for one in pictures if one is not None]
        cost = _cost(answer.document, len(found), card)
        if not found and refusals:
            raise self._failed(refusals[0], 0, answer.headers, image_request.prompt, cost_micro_usd=cost)
        request_id = wire.id_in(answer.headers.get("x-request-id"))
        return await result_of(self._connection, found, image_request.open_file, size, cost, request_id)


def _cost(document: Mapping[str, Any], came: int, card: ModelCard) -> int:
    """Cost in millionths of a US dollar: the list price of the pictures that the vendor counts."""
    usage = document.get("usage")
    counted = wire.count_in(usage.get("generated_images") if isinstance(usage, dict) else None)
    return (card.cost_micro_usd or 0) * (came if counted is None else counted)
