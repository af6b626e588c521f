"""Middleware: request id, security headers, access log, origin checks, authentication and size limits."""

import asyncio
import re
import time

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stillroom.domain.errors import InputTooLarge, StillroomError, ValidationFailed
from stillroom.domain.ids import IdFactory
from stillroom.domain.traces import trace_id_of, traceparent_after
from stillroom.observability import Metrics, log
from stillroom.web.auditing import audit
from stillroom.web.identity import SAFE_METHODS, identify, is_from_our_page
from stillroom.web.problems import BodyRefused, NotFromHere, problem_response

_SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
_FOR_STRANGERS = ("/login", "/logout")

MAX_BODY_BYTES = 256 * 1024
"""Maximum body size in bytes of requests other than uploads; far above any valid body."""

MAX_ADDRESS_BYTES = 8 * 1024
"""Maximum URL length in bytes; the longest valid one lists the ids of an archive of 200 files."""

PAUSE_SECONDS = 30.0
BODY_SECONDS = 60.0
UPLOAD_SECONDS = 900.0
"""Time limit in seconds for a pause within a body and for the whole body; 30 MB at 300 kbit/s fit."""

MULTIPART_BYTES = 64 * 1024
"""Allowance in bytes for the multipart envelope of an upload."""

SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

_SECURITY_HEADERS = {
    "Content-Security-Policy": SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{name}=()"
        for name in (
            "accelerometer",
            "camera",
            "display-capture",
            "geolocation",
            "gyroscope",
            "hid",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "serial",
            "usb",
        )
    ),
}


class RequestFrame:
    """Middleware that assigns the request id, writes the log lines and adds security headers."""

    def __init__(self, app: ASGIApp, ids: IdFactory, metrics: Metrics) -> None:
        self._app = app
        self._ids = ids
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        offered = Headers(scope=scope).get("x-request-id", "")
        request_id = offered if _SANE_ID.fullmatch(offered) else self._ids.request()
        traceparent = traceparent_after(Headers(scope=scope).getlist("traceparent"))
        scope.setdefault("state", {}).update(request_id=request_id, traceparent=traceparent)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id, trace_id=trace_id_of(traceparent))
        started = time.monotonic()

        async def send_framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                for name, value in _SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if "cookie" in scope["state"]:
                    headers.append("Set-Cookie", scope["state"]["cookie"])
                if scope["method"] not in SAFE_METHODS:
                    audit(scope, message["status"], headers.get("Location"))
                self._tell(scope, message["status"], round((time.monotonic() - started) * 1000))
            await send(message)

        await self._app(scope, receive, send_framed)

    def _tell(self, scope: Scope, status: int, latency_ms: int) -> None:
        route = getattr(scope.get("route"), "path", "other")
        self._metrics.request_answered(route, scope["method"], status, latency_ms)
        log.info(
            "request_answered", method=scope["method"], route=route, status=status, latency_ms=latency_ms
        )


class LoopbackOnly:
    """Middleware that refuses requests of foreign pages to a loopback server without sign-in.

    DNS rebinding is detected by `Host`, cross-site requests by `Origin`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_ours(Request(scope)):
            refusal = NotFromHere("Open this server by its own address on this machine.")
            await problem_response(refusal, Request(scope))(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_ours(self, request: Request) -> bool:
        if not _LOOPBACK.fullmatch(request.headers.get("host", "")):
            return False
        return request.method in SAFE_METHODS or is_from_our_page(request, if_unsaid=True)


class AuthenticationMiddleware:
    """Middleware that rejects unauthenticated changes before their body is read.

    Otherwise the route would refuse an upload only after it was received completely.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS or scope["path"] in _FOR_STRANGERS:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            await identify(request, scope["app"].state.studio)
        except StillroomError as error:
            response = problem_response(error, request)
            # Close the connection instead of reading the rest of the body.
            response.headers["Connection"] = "close"
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)


class Bounds:
    """Middleware that refuses long URLs and stops reading a body at its size or time limit.

    Received bytes are counted, regardless of `Content-Length` and chunking.
    """

    def __init__(self, app: ASGIApp, max_upload_bytes: int) -> None:
        self._app = app
        self._max_upload_bytes = max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if len(scope["raw_path"]) + len(scope["query_string"]) > MAX_ADDRESS_BYTES:
            refusal = problem_response(ValidationFailed("This address is too long."), Request(scope), 414)
            await refusal(scope, receive, send)
            return
        is_upload = scope["path"] == "/upload"
        patience = UPLOAD_SECONDS if is_upload else BODY_SECONDS
        limit = self._max_upload_bytes + MULTIPART_BYTES if is_upload else MAX_BODY_BYTES
        shown = self._max_upload_bytes if is_upload else MAX_BODY_BYTES
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdigit() and int(declared) > limit:
            response = problem_response(_too_large(shown, int(declared)), Request(scope))
            response.headers["Connection"] = "close"
            await response(scope, receive, send)
            return
        read = 0
        complete = False
        give_up = time.monotonic() + patience

        async def receive_bounded() -> Message:
            nonlocal read, complete
            if complete:
                return await receive()
            try:
                async with asyncio.timeout(min(PAUSE_SECONDS, give_up - time.monotonic())):
                    message = await receive()
            except TimeoutError:
                raise BodyRefused(ValidationFailed("The request came too slowly."), 408) from None
            complete = message["type"] != "http.request" or not message.get("more_body", False)
            read += len(message.get("body", b""))
            if read > limit:
                raise BodyRefused(_too_large(shown, read), 413)
            return message

        await self._app(scope, receive_bounded, send)


def _too_large(limit: int, found: int) -> StillroomError:
    shown = f"{limit // 1024**2} MB" if limit >= 1024**2 else f"{limit // 1024} KB"
    return InputTooLarge(f"At most {shown} can be sent.", what="bytes", limit=limit, found=found)
