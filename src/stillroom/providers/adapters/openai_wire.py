"""OpenAI API client, shared by the image and video adapters, and the mapping of its errors."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from stillroom.domain.errors import StillroomError
from stillroom.providers.adapters import vendor_messages, wire
from stillroom.providers.adapters.connection import Connected, Connection
from stillroom.providers.adapters.wire import ErrorRule

if TYPE_CHECKING:
    from openai import AsyncOpenAI

VENDOR_HOST = "api.openai.com"

_ERROR_RULES = (
    ErrorRule(
        "moderation", "moderation_blocked|content_policy_violation|content_filter|image_content_policy"
    ),
    ErrorRule("moderation", "image_generation_user_error"),
    ErrorRule("picture_size", "image_too_large|image_file_too_large"),
    ErrorRule(
        "picture", "invalid_image|invalid_base64_image|image_parse_error|image_too_small|empty_image_file"
    ),
    ErrorRule("picture", "unsupported_image_media_type"),
    ErrorRule("prompt", "invalid_prompt"),
    ErrorRule("prompt", about="^prompt$", status=(400,)),
    ErrorRule("quota", "insufficient_quota|credit_balance_exhausted|billing_hard_limit_reached"),
    ErrorRule(
        "rate_limited", "rate_limit_exceeded|rate_limit_error|slow_down|requests|tokens", status=(0, 429)
    ),
    ErrorRule("region", "unsupported_country_region_territory"),
    ErrorRule("model_not_found", "model_not_found"),
    ErrorRule("key", "invalid_api_key"),
)
"""By code or type, and parameter."""


class OpenAIConnection(Connection["AsyncOpenAI"]):
    """The SDK's client."""

    def __init__(self, key: str, base_url: str | None, proxy: str | None) -> None:
        """Store the connection settings; a base URL without a path gets the default path."""
        super().__init__()
        self.base_url = f"{base_url}/v1" if base_url and not urlsplit(base_url).path.strip("/") else base_url
        self._proxy = proxy or None
        self._key = key

    @property
    def host(self) -> str:
        """Host name of the API."""
        return wire.host_of(self.base_url) if self.base_url else VENDOR_HOST

    @property
    def secrets(self) -> tuple[str, ...]:
        """Strings that must not be logged."""
        return (self._key,)

    async def listed(self) -> Mapping[str, date | None]:
        """Return the ids of all models the key can use, with the last days announced.

        Raises openai.OpenAIError, and ProviderUnavailable if the answer is no list of models.
        """
        client = await self.opened()
        try:
            return {
                model.id: wire.last_day(getattr(model, "shutdown_date", None))
                async for model in client.models.list()
            }
        except (AttributeError, TypeError) as error:
            # A gateway may return any JSON; the SDK does not validate it as a page of models.
            raise wire.failure("bad_reply") from error

    def _open(self) -> "AsyncOpenAI":
        import httpx2
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient

        timeout = httpx2.Timeout(wire.MAX_WAIT_SECONDS, connect=wire.CONNECT_SECONDS)
        # SDK retries are off: an edit that succeeded upstream would be billed twice.
        # Do not follow redirects: key and photo may go to the configured host only.
        client = DefaultAsyncHttpxClient(proxy=self._proxy, timeout=timeout, follow_redirects=False)
        return AsyncOpenAI(
            api_key=self._key, base_url=self.base_url, max_retries=0, http_client=client, timeout=timeout
        )

    async def _close(self, client: "AsyncOpenAI") -> None:
        await client.close()


class OpenAIModel(Connected[OpenAIConnection]):
    """A model of OpenAI, or a compatible one behind a gateway: its connection and its list of models."""

    name: str

    def __init__(self, key: str, model: str, base_url: str | None = None, proxy: str | None = None) -> None:
        """Store the connection settings; `base_url` is such as `https://host/v1`, None is OpenAI's own."""
        self.model = model
        self.configuration = wire.fingerprint(key, base_url)
        self._connection = OpenAIConnection(key, base_url, proxy)

    def _failures(self, prompt: str) -> AbstractAsyncContextManager[None]:
        return failures(self.name, self.model, self._connection.secrets, prompt)

    async def listed(self) -> Mapping[str, date | None]:
        async with self._failures(prompt=""):
            return await self._connection.listed()


@asynccontextmanager
async def failures(provider: str, model: str, secrets: tuple[str, ...], prompt: str) -> AsyncIterator[None]:
    """Map SDK exceptions to StillroomError; log the vendor's messages without the keys and the prompt."""
    import openai

    try:
        with wire.transport_errors():
            yield
    except openai.APIConnectionError as error:
        raise wire.failure_of_transport(error.__cause__) from error
    except openai.APIStatusError as error:
        request_id = wire.id_in(error.request_id)
        vendor_messages.log_failure(
            provider,
            model,
            error.message,
            secrets,
            prompt,
            status=error.status_code,
            provider_request_id=request_id,
        )
        body = error.body if isinstance(error.body, dict) else {}
        raise failure_of(error.status_code, body, error.response.headers, request_id) from error
    except openai.APIResponseValidationError as error:
        raise wire.failure("bad_reply") from error
    except openai.APIError as error:
        # An error inside a stream has no HTTP status.
        vendor_messages.log_failure(provider, model, error.message, secrets, prompt)
        raise failure_of(0, {"code": error.code, "type": error.type}, {}, None) from error
    except (ValueError, RecursionError) as error:
        # Truncated or deeply nested JSON, or bytes that are not valid text.
        raise wire.failure("bad_reply") from error


def error_in(reply: Any) -> Mapping[str, Any] | None:
    """Return the error that a gateway put into a successful answer; None if there is none."""
    error = (getattr(reply, "model_extra", None) or {}).get("error")
    return error if isinstance(error, dict) and error else None


def failure_of(
    status: int, body: Mapping[str, Any], headers: Mapping[str, str], provider_request_id: str | None
) -> StillroomError:
    """Map an error response to a StillroomError: by its code, its type, and the HTTP status, 0 if none."""
    return wire.failure_of(
        _ERROR_RULES,
        *(str(body.get(name) or "") for name in ("code", "type")),
        about=str(body.get("param")),
        status=status,
        headers=headers,
        message=body.get("message"),
        without_status="stream",
        provider_request_id=provider_request_id,
    )
