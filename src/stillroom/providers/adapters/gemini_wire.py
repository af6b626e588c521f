"""Gemini API client, shared by the image and reader adapters, and the mapping of its errors."""

import binascii
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from stillroom.domain.errors import StillroomError
from stillroom.providers.adapters import vendor_messages, wire
from stillroom.providers.adapters.connection import Connection
from stillroom.providers.adapters.wire import ErrorRule

if TYPE_CHECKING:
    from google.genai import Client

VENDOR_URL = "https://generativelanguage.googleapis.com"

_DAMAGED = "process|decode|corrupt|unsupported"
_TO_QUOTA = "PerDay|limit: 0"
"""A daily quota or a quota of 0, which a short wait does not lift."""

_ERROR_RULES = (
    ErrorRule("key", about="API_KEY_INVALID"),
    ErrorRule("key", status=(401, 403)),
    ErrorRule("quota", "RESOURCE_EXHAUSTED", _TO_QUOTA),
    ErrorRule("quota", about=_TO_QUOTA, status=(429,)),
    ErrorRule("rate_limited", "RESOURCE_EXHAUSTED"),
    ErrorRule("region_or_billing", "FAILED_PRECONDITION", status=(400,)),
    ErrorRule("key", about="(?is)api key.*(not valid|invalid)|(not valid|invalid).*api key", status=(400,)),
    ErrorRule("request_size", about="(?i)payload size|request size|too large", status=(400,)),
    ErrorRule("picture", about=f"(?is)image.*({_DAMAGED})|({_DAMAGED}).*image", status=(400,)),
)
"""By name of the status, and by message, reasons and violated quotas."""

REFUSED = frozenset(
    {
        "SAFETY",
        "PROHIBITED_CONTENT",
        "BLOCKLIST",
        "SPII",
        "RECITATION",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
        "ESCALATION",
        "MODEL_ARMOR",
    }
)
"""Finish reasons of refused requests."""


class GeminiConnection(Connection["Client"]):
    """The SDK's client, kept, because the SDK closes a client when it is garbage collected."""

    def __init__(self, key: str, base_url: str | None, proxy: str | None) -> None:
        super().__init__()
        self._key = key
        self._base_url = base_url
        self._proxy = proxy

    def _open(self) -> "Client":
        from google.genai import Client, types

        async def hurry_to_connect(request: Any) -> None:
            request.extensions.get("timeout", {})["connect"] = wire.CONNECT_SECONDS

        # Do not follow redirects: key and photo may go to the configured host only.
        arguments: dict[str, Any] = {
            "event_hooks": {"request": [hurry_to_connect]},
            "follow_redirects": False,
        }
        if self._proxy:
            arguments["proxy"] = self._proxy
        options = types.HttpOptions(base_url=self._base_url, async_client_args=arguments)
        return Client(api_key=self._key, vertexai=False, http_options=options)

    async def _close(self, client: "Client") -> None:
        await client.aio.aclose()


@asynccontextmanager
async def failures(provider: str, model: str, key: str, prompt: str) -> AsyncIterator[None]:
    """Map SDK and transport exceptions to StillroomError; log messages without the key and the prompt."""
    from google.genai import errors

    try:
        with wire.transport_errors():
            yield
    except errors.APIError as error:
        facts = {"status": error.code, "status_name": error.status}
        vendor_messages.log_failure(provider, model, error.message or "", (key,), prompt, **facts)
        headers = getattr(error.response, "headers", None) or {}
        raise failure_of(error.code, error.details, headers) from error
    # The SDK parses JSON answers itself, however deeply they are nested and whatever types they hold.
    except (
        json.JSONDecodeError,
        UnicodeDecodeError,
        binascii.Error,
        ValidationError,
        RecursionError,
        AttributeError,
        TypeError,
    ) as error:
        raise wire.failure("bad_reply") from error


def name_of(member: Any) -> str:
    """Return an enum member's wire name; the SDK passes unknown values through as text."""
    return str(getattr(member, "value", member)).upper()


def failure_of(status: int, body: object, headers: Mapping[str, str]) -> StillroomError:
    """Map an error response to a StillroomError.

    Args:
        body: Response JSON as the SDK returns it, with or without the enclosing `error` key.
    """
    error = body.get("error", body) if isinstance(body, dict) else {}
    error = error if isinstance(error, dict) else {}
    details = _objects(error.get("details"))
    quotas = [quota for detail in details for quota in _objects(detail.get("violations"))]
    found = (*(detail.get("reason") for detail in details), *(quota.get("quotaId") for quota in quotas))
    return wire.failure_of(
        _ERROR_RULES,
        str(error.get("status") or ""),
        about=" ".join(map(str, (error.get("message"), *found))),
        status=status,
        headers=headers,
        message=error.get("message"),
        retry_delay=next((detail["retryDelay"] for detail in details if "retryDelay" in detail), None),
    )


def _objects(stated: object) -> list[dict[str, Any]]:
    return [one for one in stated if isinstance(one, dict)] if isinstance(stated, list) else []
