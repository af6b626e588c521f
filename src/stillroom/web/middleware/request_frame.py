"""Request id, trace context, access log, audit line and security headers of every response."""

import re
import time

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stillroom.domain.ids import IdFactory
from stillroom.domain.traces import trace_id_of, traceparent_after
from stillroom.observability import Metrics, log
from stillroom.web.identity import SAFE_METHODS
from stillroom.web.middleware.audit import audit

_SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

SECURITY_HEADERS = {
    "Content-Security-Policy": SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"
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
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if "cookie" in scope["state"]:
                    headers.append("Set-Cookie", scope["state"]["cookie"])
                if scope["method"] not in SAFE_METHODS:
                    audit(scope, message["status"], headers.get("Location"))
                self._record(scope, message["status"], round((time.monotonic() - started) * 1000))
            await send(message)

        await self._app(scope, receive, send_framed)

    def _record(self, scope: Scope, status: int, latency_ms: int) -> None:
        route = getattr(scope.get("route"), "path", "other")
        self._metrics.request_answered(route, scope["method"], status, latency_ms)
        log.info(
            "request_answered", method=scope["method"], route=route, status=status, latency_ms=latency_ms
        )
