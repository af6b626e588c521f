"""Gemini adapter: one `generateContent` call per picture, and the mapping of its errors."""

import asyncio
import binascii
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import anyio.to_thread
from pydantic import ValidationError

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
from stillroom.domain.providers.capabilities import ModelCard
from stillroom.providers.adapters import wire
from stillroom.providers.image_requests import ImageRequest, ImageResult

if TYPE_CHECKING:
    from google.genai import Client, types

_DEFAULT_SIZE = "1K"
_PAGE = 1000  # models per page of the list; the API's maximum
_SHAPE_TOLERANCE = 0.15
_SHAPES = {"1:1": 1.0, "2:3": 2 / 3, "3:2": 1.5, "3:4": 0.75, "4:3": 4 / 3, "4:5": 0.8, "5:4": 1.25}
_SHAPES |= {"9:16": 9 / 16, "16:9": 16 / 9, "21:9": 21 / 9}
_SHAPE_IS_NEAR = 0.02
_QUICK_MODEL = "gemini-nano-banana-2.1"
"""The only model known to accept thinking level MINIMAL."""

_DAMAGED = ("process", "decode", "corrupt", "unsupported")
_REFUSED = frozenset(
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


class GeminiModel:
    """A Gemini image model."""

    name = "gemini"

    def __init__(self, key: str, model: str, base_url: str | None = None, proxy: str | None = None) -> None:
        """Store the connection settings; the SDK is imported at the first call.

        Args:
            key: API key of the Gemini API or of a compatible relay.
            model: The vendor's model id.
            base_url: Without a version; None means Google's own endpoint.
            proxy: Proxy URL; None uses the proxy of the process environment.
        """
        self.model = model
        self.configuration = wire.fingerprint(key, base_url)
        self._key = key
        self._base_url = base_url
        self._proxy = proxy
        self._client: Client | None = None
        self._opening = asyncio.Lock()

    async def make(self, image_request: ImageRequest, card: ModelCard) -> ImageResult:
        """Send one request and wait for the response. Raises StillroomError, see PictureModel."""
        client = await self._opened()
        async with self._failures(), wire.within(card.ceiling_seconds):
            reply = await client.aio.models.generate_content(
                model=self.model,
                contents=_contents(image_request),
                config=self._config(image_request, card),
            )
        return self._returned(reply, image_request, card)

    async def listed(self) -> Mapping[str, date | None]:
        """Return the ids of all models the key can use; it states no last days. Raises StillroomError."""
        client = await self._opened()
        async with self._failures():
            pages = await client.aio.models.list(config={"page_size": _PAGE})
            return {(model.name or "").removeprefix("models/"): None async for model in pages}

    async def open(self) -> None:
        """Import the SDK and create the client."""
        await self._opened()

    async def close(self) -> None:
        """Close the client's connections."""
        if self._client is not None:
            await self._client.aio.aclose()
            self._client = None

    async def _opened(self) -> "Client":
        # One long-lived client: the SDK closes a client when it is garbage collected.
        async with self._opening:
            if self._client is None:
                self._client = await anyio.to_thread.run_sync(self._open)
            return self._client

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
    async def _failures(self) -> AsyncIterator[None]:
        """Map SDK and transport exceptions to StillroomError."""
        import httpx2
        from google.genai import errors

        try:
            yield
        except errors.APIError as error:
            self._note(error.message, status=error.code, status_name=error.status)
            raise failure_of(error.code, error.details, _headers(error.response)) from error
        except httpx2.TimeoutException as error:
            raise wire.failure(ProviderTimeout, "timeout") from error
        except (httpx2.ConnectError, httpx2.ProxyError) as error:
            raise wire.failure(ProviderUnavailable, "unreachable", sent=False) from error
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            raise wire.failure(ProviderUnavailable, "connection") from error
        except (json.JSONDecodeError, UnicodeDecodeError, binascii.Error, ValidationError) as error:
            raise wire.bad_reply() from error

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

    def _returned(
        self, reply: "types.GenerateContentResponse", image_request: ImageRequest, card: ModelCard
    ) -> ImageResult:
        upstream_id = reply.response_id
        tokens = (reply.usage_metadata.prompt_token_count if reply.usage_metadata else 0) or 0
        reading = round(tokens * card.token_price.text_in) if card.token_price else 0
        feedback = reply.prompt_feedback
        if feedback is not None and feedback.block_reason is not None:
            self._note(feedback.block_reason_message, blocked=_name(feedback.block_reason))
            raise wire.failure(
                ContentRefused, "input_blocked", cost_micro_usd=reading, upstream_id=upstream_id
            )
        candidate = reply.candidates[0] if reply.candidates else None
        finish = _name(candidate.finish_reason) if candidate and candidate.finish_reason else ""
        parts = (candidate.content.parts if candidate and candidate.content else None) or []
        stopped = _meaning(finish)
        if stopped is not None:
            self._note(candidate.finish_message if candidate else "", finish_reason=finish)
            kind, reason = stopped
            raise wire.failure(kind, reason, cost_micro_usd=reading, upstream_id=upstream_id)
        shown = [part.inline_data.data for part in parts if part.inline_data and not part.thought]
        if not shown or shown[-1] is None:
            self._note(" ".join(part.text or "" for part in parts), finish_reason=finish)
            raise wire.failure(
                ProviderUnavailable, "no_image", cost_micro_usd=reading, upstream_id=upstream_id
            )
        cost = reading + (card.cost_micro_usd or 0)
        try:
            picture = wire.checked(shown[-1])
            if not wire.shaped_like(picture, image_request.width, image_request.height, _SHAPE_TOLERANCE):
                raise wire.bad_reply("wrong_size")
        except ProviderUnavailable as error:
            raise wire.bad_reply(
                error.params["reason"], cost_micro_usd=cost, upstream_id=upstream_id
            ) from error
        return ImageResult((picture,), cost, upstream_id)

    def _note(self, said: object, **facts: object) -> None:
        wire.note_failure(self.name, self.model, said or "", (self._key,), **facts)


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


def _name(member: Any) -> str:
    """Return an enum member's wire name; the SDK passes unknown values through as text."""
    return str(getattr(member, "value", member)).upper()


def _meaning(finish: str) -> tuple[type[StillroomError], str] | None:
    """Map a finish reason to an error class and reason; None if the response may contain a picture."""
    if finish in _REFUSED:
        return ContentRefused, "output_blocked"
    if finish == "LANGUAGE":
        return PromptInvalid, "language"
    if finish == "PUP_LIMITED_DISABLED":
        return ProviderRejectedRequest, "account_limited"
    if finish in ("", "STOP", "FINISH_REASON_UNSPECIFIED"):
        return None
    return ProviderUnavailable, "no_image"


def _headers(response: Any) -> Mapping[str, str]:
    headers: Mapping[str, str] = getattr(response, "headers", None) or {}
    return headers


def failure_of(status: int, body: object, headers: Mapping[str, str]) -> StillroomError:
    """Map an error response to a StillroomError.

    Args:
        status: HTTP status.
        body: Response JSON as the SDK returns it, with or without the enclosing `error` key.
        headers: Response headers.
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
