"""What happens around every request: its id, its bounds, its origin, its headers, its line in the log."""

import re
import time

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stillroom.domain.errors import InputTooLarge, StillroomError
from stillroom.domain.ids import IdFactory
from stillroom.observability import Metrics, log
from stillroom.web.identity import SAFE_METHODS, identify, is_from_our_page
from stillroom.web.problems import NotFromHere, problem_response

_SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
_FOR_STRANGERS = ("/login", "/logout")

MAX_BODY_BYTES = 256 * 1024
"""Of a request that is not an upload: far above any body of the contract."""

MULTIPART_BYTES = 64 * 1024
"""What the envelope of an upload may add to the file."""

_SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class RequestFrame:
    """Gives each request an id and one wide log line, and each answer its security headers."""

    def __init__(self, app: ASGIApp, ids: IdFactory, metrics: Metrics) -> None:
        """Wrap the application."""
        self._app = app
        self._ids = ids
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        offered = Headers(scope=scope).get("x-request-id", "")
        request_id = offered if _SANE_ID.fullmatch(offered) else self._ids.request()
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.monotonic()

        async def send_framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                for name, value in _SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if "cookie" in scope["state"]:
                    headers.append("Set-Cookie", scope["state"]["cookie"])
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
    """Refuses requests that a foreign page sends to a server without sign-in.

    A rebound DNS name shows in `Host`, a cross-site post in `Origin`.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] == "http" and not self._is_ours(Request(scope)):
            refusal = NotFromHere("Open this server by its own address on this machine.")
            await problem_response(refusal, Request(scope))(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_ours(self, request: Request) -> bool:
        if not _LOOPBACK.fullmatch(request.headers.get("host", "")):
            return False
        return request.method in SAFE_METHODS or is_from_our_page(request, if_unsaid=True)


class KnownFirst:
    """Refuses a change before its body is read when nobody knows who asks.

    Without it a stranger's upload would be taken in whole before the route says no.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS or scope["path"] in _FOR_STRANGERS:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            await identify(request, scope["app"].state.studio)
        except StillroomError as error:
            response = problem_response(error, request)
            # What is still on its way is not worth reading.
            response.headers["Connection"] = "close"
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)


class BodyLimit:
    """Stops reading a body at its limit, whatever length it declares."""

    def __init__(self, app: ASGIApp, max_upload_bytes: int) -> None:
        """Wrap the application."""
        self._app = app
        self._max_upload_bytes = max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it as soon as it is known to be too large."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_upload = scope["path"] == "/upload"
        limit = self._max_upload_bytes + MULTIPART_BYTES if is_upload else MAX_BODY_BYTES
        shown = self._max_upload_bytes if is_upload else MAX_BODY_BYTES
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdigit() and int(declared) > limit:
            await self._refusal(scope, shown, int(declared))(scope, receive, send)
            return
        read = 0
        begun = False

        async def receive_bounded() -> Message:
            nonlocal read
            message = await receive()
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                if read > limit:
                    raise _TooLong(read)
            return message

        async def send_noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive_bounded, send_noting)
        except _TooLong as error:
            if begun:
                raise
            await self._refusal(scope, shown, error.found)(scope, receive, send)

    def _refusal(self, scope: Scope, limit: int, found: int) -> Response:
        error: StillroomError = InputTooLarge(
            f"At most {limit // (1024 * 1024) or 1} MB can be sent.", what="bytes", limit=limit, found=found
        )
        response = problem_response(error, Request(scope))
        # What is still on its way is not worth reading.
        response.headers["Connection"] = "close"
        return response


class _TooLong(Exception):
    def __init__(self, found: int) -> None:
        super().__init__(found)
        self.found = found
