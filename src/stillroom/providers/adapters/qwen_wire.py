"""Connection to Alibaba Model Studio (DashScope), shared by its adapters, and the mapping of its errors."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from stillroom.domain.errors import (
    ContentRefused,
    InputTooLarge,
    InputUnsupported,
    PromptInvalid,
    ProviderRateLimited,
    ProviderRejectedRequest,
    ProviderTimeout,
    ProviderUnavailable,
    StillroomError,
)
from stillroom.providers.adapters import vendor_messages, wire
from stillroom.providers.adapters.http_wire import HttpAnswer, HttpConnection, base_of

VENDOR_URL = "https://dashscope.aliyuncs.com"

_ENDINGS = ("/compatible-mode/v1", "/api/v1")
"""Paths that people copy with the address; the adapters append their own."""

RESULT_HOSTS = re.compile(r"dashscope[a-z0-9-]*\.oss-[a-z0-9-]+\.aliyuncs\.com")
"""Object storage of the service, where results lie for 24 hours and uploads for 48."""

_LISTS_SECONDS = 10.0
_RATE_SECONDS = 60.0
"""Wait after a rate limit, which the vendor does not state; limits count per minute."""

_NO_TASK = "00000000-0000-0000-0000-000000000000"

_QUOTA = (
    "arrearage",
    "prepaidbilloverdue",
    "postpaidbilloverdue",
    "budgetlimitexceeded",
    "allocationquota.free",
)
_BUSY = ("throttling", "limitrequests", "insufficientquota")
_BAD_REQUEST = ("invalidparameter", "badrequest", "invalidurl", "internalerror.algo.invalidparameter")
_NAMES_PICTURE, _NAMES_TEXT = ("image", "picture", "url"), ("prompt", "text")


class DashScopeModel:
    """A model of the service: its connection and its list of models."""

    name = "qwen"

    def __init__(self, key: str, model: str, base_url: str | None = None, proxy: str | None = None) -> None:
        self.model = model
        self.configuration = wire.fingerprint(key, base_url)
        base_url = base_of(base_url, VENDOR_URL, *_ENDINGS)
        self._connection = HttpConnection(key, base_url, proxy, RESULT_HOSTS)

    async def listed(self) -> Mapping[str, date | None]:
        """Return the ids of the models on the vendor's list; empty if it does not name the model in use.

        The list is known to leave out models that are served, so a missing name proves nothing. Without a
        list, a question about a task that does not exist still shows whether key and address are right.

        Raises:
            StillroomError: Key or address are wrong, or the vendor is down.
        """
        answer = await self._connection.sent("GET", "/compatible-mode/v1/models", seconds=_LISTS_SECONDS)
        if answer.status in (404, 405):
            await self._sent("GET", f"/api/v1/tasks/{_NO_TASK}", seconds=_LISTS_SECONDS)
            return {}
        if answer.status != 200:
            raise self._failed(answer.document, answer.status, answer.headers)
        listed = wire.listed_models(answer.document)
        return listed if any(name.startswith(self.model) for name in listed) else {}

    async def open(self) -> None:
        await self._connection.opened()

    async def close(self) -> None:
        await self._connection.close()

    async def _sent(self, method: str, path: str, **more: Any) -> HttpAnswer:
        """Send one request and return its successful answer. Raises StillroomError."""
        answer = await self._connection.sent(method, path, **more)
        if answer.status != 200:
            raise self._failed(answer.document, answer.status, answer.headers)
        return answer

    def _failed(
        self, document: Mapping[str, Any], status: int, headers: Mapping[str, str], **facts: Any
    ) -> StillroomError:
        """Log an error and map it to a StillroomError.

        Args:
            document: The error object, with or without the enclosing key `error`.
            status: HTTP status; 0 for errors inside a successful answer.
            facts: Cost and request id, where known.
        """
        error = document.get("error", document)
        error = error if isinstance(error, dict) else {}
        code, message = str(error.get("code") or ""), str(error.get("message") or "")
        provider_request_id = facts.pop("provider_request_id", None) or document.get("request_id")
        vendor_messages.log_failure(
            self.name,
            self.model,
            f"{code} {message}",
            (self._connection.key,),
            status=status,
            provider_request_id=provider_request_id,
        )
        kind, reason = _meaning(code.lower().replace("_", ""), message.lower(), status)
        wait = None
        if kind is ProviderRateLimited and reason != "quota":
            wait = wire.stated_wait(headers, None, message)
            wait = _RATE_SECONDS if wait is None else wait
        return wire.failure(
            kind, reason, retry_after_seconds=wait, provider_request_id=provider_request_id, **facts
        )


def _meaning(code: str, message: str, status: int) -> tuple[type[StillroomError], str]:
    """Map an error to a class and a reason: by its code, lower case without underscores, then the status."""
    if code == "datainspectionfailed":
        return ContentRefused, "moderation"
    if "download" in message or "download" in code or code == "invalidparameter.datainspection":
        return ProviderUnavailable, "connection"
    if code.startswith(_QUOTA):
        return ProviderRateLimited, "quota"
    if code.startswith(_BUSY):
        return ProviderRateLimited, "rate_limited"
    if code == "modelnotfound" or "model not exist" in message:
        return ProviderUnavailable, "model_not_found"
    if code == "invalidapikey":
        return ProviderRejectedRequest, "key"
    if code in ("accessdenied.unpurchased", "commoditynotpurchased"):
        return ProviderUnavailable, "region_or_billing"
    if code in ("accessdenied", "model.accessdenied"):
        wrong_call = "synchronous calls" in message
        return (ProviderUnavailable, "bad_request") if wrong_call else (ProviderRejectedRequest, "permission")
    if code in ("requesttimeout", "internalerror.timeout"):
        return ProviderTimeout, "upstream"
    if code.startswith("badrequest.toolarge"):
        return InputTooLarge, "picture"
    if code.startswith("badrequest.unsupportedfileformat"):
        return InputUnsupported, "picture"
    if code.startswith(_BAD_REQUEST):
        return _bad_request(message)
    return wire.BY_STATUS.get(status, (ProviderUnavailable, f"http_{status or 500}"))


def _bad_request(message: str) -> tuple[type[StillroomError], str]:
    if any(name in message for name in _NAMES_PICTURE):
        return InputUnsupported, "picture"
    if any(name in message for name in _NAMES_TEXT):
        return PromptInvalid, "prompt"
    return ProviderUnavailable, "bad_request"
