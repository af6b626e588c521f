"""Compress responses for clients that accept gzip."""

import gzip

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LEVEL = 5
"""gzip level: compresses a configuration of 63 KB to 8.1 KB in 0.8 ms; level 9 takes 50 % longer for 4 %
less.
"""

_WORTH_BYTES = 1000
"""Minimum body size in bytes; shorter bodies fit into one packet anyway."""

_TEXT = ("application/json", "application/problem+json", "text/html")
"""Media types to compress: event streams are sent piecewise, scripts are precompressed, images are
compressed.
"""


def takes_gzip(accepted: str) -> bool:
    """Return whether `Accept-Encoding` lists gzip with a nonzero weight."""
    for offer in accepted.lower().split(","):
        coding, _, weight = offer.partition(";")
        if coding.strip() == "gzip":
            return weight.replace(" ", "").rstrip("0") not in ("q=", "q=0.")
    return False


class Compressed:
    """Middleware that compresses HTML and JSON responses with a single body message."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wanted = takes_gzip(Headers(scope=scope).get("accept-encoding", ""))
        start: Message | None = None

        async def send_compressed(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_text(message):
                start = message
                return
            if start is not None and message["type"] == "http.response.body":
                body = message.get("body", b"")
                if len(body) >= _WORTH_BYTES and not message.get("more_body", False):
                    headers = MutableHeaders(scope=start)
                    headers.add_vary_header("Accept-Encoding")
                    if wanted:
                        body = gzip.compress(body, _LEVEL, mtime=0)
                        headers["Content-Encoding"] = "gzip"
                        headers["Content-Length"] = str(len(body))
                        message = {**message, "body": body}
                await send(start)
                start = None
            await send(message)

        await self._app(scope, receive, send_compressed)


def _is_text(start: Message) -> bool:
    headers = Headers(scope=start)
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type in _TEXT and "content-encoding" not in headers
