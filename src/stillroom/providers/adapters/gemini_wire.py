"""Gemini API client, shared by the image and reader adapters, and the mapping of its errors."""

import asyncio
import binascii
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio.to_thread
from pydantic import ValidationError

from stillroom.domain.errors import (
    InputTooLarge,
    InputUnsupported,
    ProviderRateLimited,
    ProviderRejectedRequest,
    ProviderTimeout,
    ProviderUnavailable,
    StillroomError,
)
from stillroom.providers.adapters import vendor_messages, wire

if TYPE_CHECKING:
    from google.genai import Client

_DAMAGED = ("process", "decode", "corrupt", "unsupported")
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


class GeminiConnection:
    """One long-lived SDK client, created at the first call."""

    def __init__(self, key: str, base_url: str | None, proxy: str | None) -> None:
        self._key = key
        self._base_url = base_url
        self._proxy = proxy
        self._client: Client | None = None
        self._opening = asyncio.Lock()

    async def opened(self) -> "Client":
        """Return the client, creating it at the first call."""
        # One long-lived client: the SDK closes a client when it is garbage collected.
        async with self._opening:
            if self._client is None:
                self._client = await anyio.to_thread.run_sync(self._open)
            return self._client

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aio.aclose()
            self._client = None

    def _open(self) -> "Client":
        """Create the client; runs in a thread, because importing the SDK takes more than a second."""
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


@asynccontextmanager
async def failures(provider: str, model: str, key: str) -> AsyncIterator[None]:
    """Map SDK and transport exceptions to StillroomError."""
    from google.genai import errors

    try:
        with wire.transport_errors():
            yield
    except errors.APIError as error:
        facts = {"status": error.code, "status_name": error.status}
        vendor_messages.log_failure(provider, model, error.message or "", (key,), **facts)
        raise failure_of(error.code, error.details, _headers(error.response)) from error
    # The SDK parses JSON answers itself, however deeply they are nested.
    except (
        json.JSONDecodeError,
        UnicodeDecodeError,
        binascii.Error,
        ValidationError,
        RecursionError,
    ) as error:
        raise wire.bad_reply() from error


def name_of(member: Any) -> str:
    """Return an enum member's wire name; the SDK passes unknown values through as text."""
    return str(getattr(member, "value", member)).upper()


def _headers(response: Any) -> Mapping[str, str]:
    headers: Mapping[str, str] = getattr(response, "headers", None) or {}
    return headers


def failure_of(status: int, body: object, headers: Mapping[str, str]) -> StillroomError:
    """Map an error response to a StillroomError.

    Args:
        body: Response JSON as the SDK returns it, with or without the enclosing `error` key.
    """
    error = body.get("error", body) if isinstance(body, dict) else {}
    error = error if isinstance(error, dict) else {}
    name, message = str(error.get("status") or ""), str(error.get("message") or "")
    details = [detail for detail in error.get("details") or [] if isinstance(detail, dict)]
    if any(detail.get("reason") == "API_KEY_INVALID" for detail in details) or status in (401, 403):
        return wire.failure(ProviderRejectedRequest, "key")
    if status == 429 or name == "RESOURCE_EXHAUSTED":
        wait = wire.stated_wait(headers, _retry_delay(details), message)
        reason = "quota" if _needs_more_than_time(details, message) else "rate_limited"
        return wire.failure(ProviderRateLimited, reason, retry_after_seconds=wait)
    if status == 404:
        return wire.failure(ProviderUnavailable, "model_not_found")
    if status in (408, 504):
        return wire.failure(ProviderTimeout, "upstream")
    if status == 413:
        return wire.failure(InputTooLarge, "request_size")
    if status == 400:
        return _bad_request(name, message.lower())
    return wire.failure(ProviderUnavailable, f"http_{status}")


def _bad_request(name: str, message: str) -> StillroomError:
    if name == "FAILED_PRECONDITION":
        return wire.failure(ProviderUnavailable, "region_or_billing")
    if "api key" in message and ("not valid" in message or "invalid" in message):
        return wire.failure(ProviderRejectedRequest, "key")
    if "payload size" in message or "request size" in message or "too large" in message:
        return wire.failure(InputTooLarge, "request_size")
    if "image" in message and any(word in message for word in _DAMAGED):
        return wire.failure(InputUnsupported, "picture")
    return wire.failure(ProviderUnavailable, "bad_request")


def _retry_delay(details: list[dict[str, Any]]) -> object:
    return next((detail["retryDelay"] for detail in details if "retryDelay" in detail), None)


def _needs_more_than_time(details: list[dict[str, Any]], message: str) -> bool:
    """Whether a rate limit is a daily quota or a quota of 0, which a short wait does not lift."""
    violations = [violation for detail in details for violation in detail.get("violations") or []]
    per_day = any("PerDay" in str(violation.get("quotaId")) for violation in violations)
    return per_day or "limit: 0" in message
