"""Limits on the length of a URL and on the size and duration of a request body."""

import asyncio
import time

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stillroom.domain.errors import BodyTooLarge, InputTooLarge, StillroomError, ValidationFailed
from stillroom.web.problems import BodyRefused, problem_response

MAX_BODY_BYTES = 256 * 1024
"""Maximum body size in bytes of requests other than uploads; far above any valid body."""

MAX_TOOL_CALL_BYTES = 14 * 1024 * 1024
"""Maximum body size in bytes of a message to `/mcp`: a photo of 10 MB in base64."""

MAX_ADDRESS_BYTES = 8 * 1024
"""Maximum URL length in bytes; the longest valid one lists the ids of an archive of 200 files."""

PAUSE_SECONDS = 30.0
BODY_SECONDS = 60.0
UPLOAD_SECONDS = 900.0
"""Time limit in seconds for a pause within a body and for the whole body; 30 MB at 300 kbit/s fit."""

MULTIPART_BYTES = 64 * 1024
"""Allowance in bytes for the multipart envelope of an upload."""


class BodyLimits:
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
            refusal = problem_response(ValidationFailed(text="long_address"), Request(scope), 414)
            await refusal(scope, receive, send)
            return
        is_upload = scope["path"] == "/upload"
        limit_seconds = UPLOAD_SECONDS if is_upload else BODY_SECONDS
        shown = MAX_TOOL_CALL_BYTES if scope["path"] == "/mcp" else MAX_BODY_BYTES
        shown = self._max_upload_bytes if is_upload else shown
        limit = shown + MULTIPART_BYTES if is_upload else shown
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdigit() and int(declared) > limit:
            response = problem_response(_too_large(shown, int(declared), is_upload=is_upload), Request(scope))
            response.headers["Connection"] = "close"
            await response(scope, receive, send)
            return
        read = 0
        complete = False
        give_up = time.monotonic() + limit_seconds

        async def receive_bounded() -> Message:
            nonlocal read, complete
            if complete:
                return await receive()
            try:
                async with asyncio.timeout(min(PAUSE_SECONDS, give_up - time.monotonic())):
                    message = await receive()
            except TimeoutError:
                raise BodyRefused(ValidationFailed(text="slow_request"), 408) from None
            complete = message["type"] != "http.request" or not message.get("more_body", False)
            read += len(message.get("body", b""))
            if read > limit:
                raise BodyRefused(_too_large(shown, read, is_upload=is_upload), 413)
            return message

        await self._app(scope, receive_bounded, send)


def _too_large(limit: int, found: int, *, is_upload: bool) -> StillroomError:
    shown = f"{limit // 1024**2} MB" if limit >= 1024**2 else f"{limit // 1024} KB"
    error = InputTooLarge if is_upload else BodyTooLarge
    return error(text="too_many_bytes", what="bytes", limit=limit, found=found, size=shown)
