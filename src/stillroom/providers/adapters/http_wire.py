"""HTTP client for vendors that are called without an SDK: one request, and the download of result links."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from stillroom.domain.errors import StillroomError
from stillroom.domain.providers.capabilities import ModelCard
from stillroom.providers.adapters import vendor_messages, vendor_pictures, wire
from stillroom.providers.adapters.connection import Connected, Connection
from stillroom.providers.adapters.frames import framed, free_size
from stillroom.providers.image_requests import ImageRequest, ImageResult, OpenFile

if TYPE_CHECKING:
    from httpx2 import AsyncClient

_MAX_ANSWER_BYTES = 2 * vendor_pictures.MAX_PICTURE_BYTES
"""Six pictures of ordinary size, or one of the largest, as base64 in JSON."""

_FETCH_SECONDS = 60.0
_FETCH_PAUSE_SECONDS = 0.5
_PASSING_STATUSES = (408, 429)  # beside 5xx; a link that has expired is 403


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An HTTP response with a JSON object, empty if an error has none, and lower-case names of headers."""

    status: int
    document: Mapping[str, Any]
    headers: Mapping[str, str]


Body = Callable[[ImageRequest, ModelCard, tuple[int, int]], Mapping[str, Any]]
Read = Callable[[HttpAnswer, ImageRequest, ModelCard, tuple[int, int]], Awaitable[ImageResult]]


class HttpConnection(Connection["AsyncClient"]):
    """One long-lived HTTP client for one vendor; it sends every request exactly once."""

    def __init__(self, key: str, base_url: str, proxy: str | None, result_hosts: re.Pattern[str]) -> None:
        """Store the connection settings.

        Args:
            base_url: Address that the paths of requests are appended to.
            proxy: Proxy URL; None uses the proxy of the process environment.
            result_hosts: Matches the hosts from which results may be fetched, beside the API's own.
        """
        super().__init__()
        self.base_url = base_url
        self.key = key
        self._proxy = proxy or None
        self._result_hosts = result_hosts

    def _open(self) -> "AsyncClient":
        import httpx2

        # Do not follow redirects: key and photo may go to the configured host only.
        return httpx2.AsyncClient(proxy=self._proxy, follow_redirects=False)

    async def _close(self, client: "AsyncClient") -> None:
        await client.aclose()

    async def sent(
        self,
        method: str,
        path: str,
        *,
        seconds: float,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HttpAnswer:
        """Send one authorised request and read its JSON answer; `seconds` limits each read and write.

        Raises ProviderTimeout, and ProviderUnavailable, also if a successful answer is not a JSON object.
        """
        sent = {**(headers or {}), "authorization": f"Bearer {self.key}"}
        status, answered, data = await self._exchanged(
            method, self.base_url + path, seconds, _MAX_ANSWER_BYTES, json=body, headers=sent
        )
        try:
            document = json.loads(data)
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict):
            if status == 200:
                raise wire.failure("bad_reply")
            document = {}
        return HttpAnswer(status, document, answered)

    async def fetched(self, url: str) -> bytes:
        """Download a result from an allowed host, with a few tries.

        Raises ProviderTimeout, and ProviderUnavailable for another host, an expired link or a large file.
        """
        address = self.allowed(url)
        async with wire.within(_FETCH_SECONDS):
            for attempt in range(1, wire.MAX_FAILED_POLLS + 1):
                if attempt > 1:
                    await asyncio.sleep(_FETCH_PAUSE_SECONDS)
                try:
                    status, _, data = await self._exchanged(
                        "GET", address, _FETCH_SECONDS, vendor_pictures.MAX_PICTURE_BYTES
                    )
                except wire.PASSING as error:
                    if attempt == wire.MAX_FAILED_POLLS or error.reason == "bad_reply":
                        raise
                else:
                    if status == 200:
                        return data
                    if status < 500 and status not in _PASSING_STATUSES:
                        break
        raise wire.failure("bad_reply")

    async def posted(
        self, url: str, fields: Mapping[str, str], file: tuple[str, bytes, str], seconds: float
    ) -> None:
        """Upload a file (name, content, media type) as the last part of a form, without our authorisation.

        Raises ProviderTimeout, and ProviderUnavailable if the host is not allowed or does not accept it.
        """
        status, _, _ = await self._exchanged(
            "POST",
            self.allowed(url),
            seconds,
            _MAX_ANSWER_BYTES,
            data=dict(fields),
            files={"file": file},
        )
        if status != 200:
            raise wire.failure(f"http_{status}")

    def allowed(self, url: str) -> str:
        """Return the URL if its host is allowed, with https for vendor hosts, to prevent SSRF.

        Raises ProviderUnavailable.
        """
        try:
            address, own = urlsplit(url), urlsplit(self.base_url)
            port = address.port
        except ValueError as error:
            raise wire.failure("no_image") from error
        if (address.scheme, address.netloc) == (own.scheme, own.netloc):
            return url
        host = address.hostname or ""
        is_plain = (
            address.username is None and port in (None, 80, 443) and address.scheme in ("http", "https")
        )
        if is_plain and self._result_hosts.fullmatch(host):
            return urlunsplit(("https", host, address.path, address.query, ""))
        raise wire.failure("no_image")

    async def _exchanged(
        self, method: str, url: str, seconds: float, limit: int, **more: Any
    ) -> tuple[int, Mapping[str, str], bytes]:
        import httpx2

        client = await self.opened()
        timeout = httpx2.Timeout(seconds, connect=wire.CONNECT_SECONDS)
        received = bytearray()
        try:
            with wire.transport_errors():
                async with client.stream(method, url, timeout=timeout, **more) as answer:
                    async for piece in answer.aiter_bytes():
                        received += piece
                        if len(received) > limit:
                            raise wire.failure("bad_reply")
                    return answer.status_code, dict(answer.headers), bytes(received)
        except (httpx2.InvalidURL, ValueError) as error:
            raise wire.failure("bad_reply") from error


class HttpModel(Connected[HttpConnection]):
    """A model of a vendor that is called without an SDK.

    Attributes:
        endings: Paths that people copy with the address.
        result_hosts: Matches the hosts where results lie.
        error_rules: For codes in lower case without underscores; `about` is parameter and message, in
            lower case.
        usual_wait: Seconds to wait after a rate limit if the vendor states none.
    """

    name: str
    vendor_url: str
    endings: tuple[str, ...] = ()
    result_hosts: re.Pattern[str]
    error_rules: Sequence[wire.ErrorRule]
    usual_wait: float | None = None

    def __init__(
        self,
        key: str,
        model: str,
        base_url: str | None = None,
        proxy: str | None = None,
        *,
        watermark: bool = False,
    ) -> None:
        """Store the connection settings.

        Args:
            base_url: None means the vendor's own address.
            watermark: Whether the vendor paints its visible mark.
        """
        self.model = model
        self.configuration = wire.fingerprint(key, base_url)
        base = (base_url or self.vendor_url).rstrip("/")
        for ending in self.endings:
            base = base.removesuffix(ending)
        self._connection = HttpConnection(key, base, proxy, self.result_hosts)
        self._watermark = watermark

    async def _made(
        self, path: str, image_request: ImageRequest, card: ModelCard, body: Body, read: Read
    ) -> ImageResult:
        """Send one request, padded to a size that the model accepts, and read its answer with `read`."""
        size = free_size(card.limits, image_request.width, image_request.height)

        async def send(request: ImageRequest) -> ImageResult:
            answer = await self._sent(
                "POST",
                path,
                seconds=card.ceiling_seconds,
                body=body(request, card, size),
                headers=request.headers,
                prompt=request.prompt,
            )
            return await read(answer, request, card, size)

        async with wire.within(card.ceiling_seconds):
            return await framed(image_request, size, send)

    async def _sent(self, method: str, path: str, *, prompt: str, **more: Any) -> HttpAnswer:
        """Send one request and return its successful answer. Raises StillroomError."""
        answer = await self._connection.sent(method, path, **more)
        if answer.status != 200:
            raise self._failed(answer.document, answer.status, answer.headers, prompt)
        return answer

    def _failed(
        self, document: Mapping[str, Any], status: int, headers: Mapping[str, str], prompt: str, **facts: Any
    ) -> StillroomError:
        """Log an error and map it to a StillroomError.

        Args:
            document: The error object, with or without the enclosing key `error`.
            status: HTTP status; 0 for errors inside a successful answer.
            prompt: What was sent, which is not logged.
            facts: Cost and request id, where known.
        """
        error = error_of(document)
        code, param, message = (str(error.get(name) or "") for name in ("code", "param", "message"))
        request_id = wire.id_in(document.get("request_id")) or wire.id_in(headers.get("x-request-id"))
        facts.setdefault("provider_request_id", request_id)
        vendor_messages.log_failure(
            self.name,
            self.model,
            f"{code} {message}",
            (self._connection.key,),
            prompt,
            status=status,
            provider_request_id=facts["provider_request_id"],
        )
        return wire.failure_of(
            self.error_rules,
            code.lower().replace("_", ""),
            about=f"{param} {message}".lower(),
            status=status,
            headers=headers,
            message=message,
            usual_wait=self.usual_wait,
            **facts,
        )


def error_of(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the error object, which may stand without the enclosing key."""
    error = document.get("error", document)
    return error if isinstance(error, dict) else {}


async def result_of(
    connection: HttpConnection,
    found: Sequence[str | bytes],
    open_file: OpenFile,
    size: tuple[int, int],
    cost_micro_usd: int,
    provider_request_id: str | None,
    *,
    tolerance: float = vendor_pictures.SHAPE_TOLERANCE,
) -> ImageResult:
    """Fetch and validate pictures that came as links or as files; return the usable ones.

    Their aspect ratio may differ from that of the size by the relative tolerance. Raises ProviderUnavailable
    if there is none.
    """
    usable: list[bytes] = []
    trouble = "no_image"
    for one in found:
        try:
            file = one if isinstance(one, bytes) else await connection.fetched(one)
            picture = await vendor_pictures.opened(file, open_file)
        except StillroomError as error:
            trouble = error.reason
            continue
        if vendor_pictures.shaped_like(picture, *size, tolerance):
            usable.append(file)
        else:
            trouble = "wrong_size"
    if not usable:
        raise wire.failure(trouble, cost_micro_usd=cost_micro_usd, provider_request_id=provider_request_id)
    return ImageResult(tuple(usable), cost_micro_usd, provider_request_id)
