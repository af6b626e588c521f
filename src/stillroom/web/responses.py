"""Streamed file responses, and the error responses declared in the OpenAPI document."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from stillroom.domain.errors import (
    CATALOGUE,
    Conflict,
    ContentRefused,
    IdempotencyMismatch,
    InputCorrupt,
    InputTooLarge,
    InputUnsupported,
    InternalError,
    NotFound,
    PromptInvalid,
    ProviderRateLimited,
    ProviderRejectedRequest,
    ProviderTimeout,
    ProviderUnavailable,
    RateLimited,
    StillroomError,
    StorageUnavailable,
    Unauthorized,
    ValidationFailed,
)
from stillroom.domain.ports import OpenBlob
from stillroom.web.middleware.head import IS_HEAD
from stillroom.web.problems import MEDIA_TYPE, STATUS

ALWAYS: tuple[type[StillroomError], ...] = (Unauthorized, ValidationFailed, InternalError, StorageUnavailable)
WITH_ID = (NotFound,)
WITH_KEY = (IdempotencyMismatch,)
UPLOAD = (InputTooLarge, InputUnsupported, InputCorrupt, RateLimited)
PROMPT = (PromptInvalid,)
LIMITED = (RateLimited,)
STATE = (Conflict,)
MODEL = (
    ProviderUnavailable,
    ProviderRateLimited,
    ProviderTimeout,
    ContentRefused,
    ProviderRejectedRequest,
)
SIGN_IN = (Conflict, RateLimited)

_PROBLEM = {"$ref": "#/components/schemas/Problem"}


def errors(*groups: tuple[type[StillroomError], ...], body: bool = False) -> dict[int | str, dict[str, Any]]:
    """Return FastAPI's `responses` for an operation that may raise these errors.

    Args:
        groups: Error classes in addition to those of every operation.
        body: Whether the operation reads a body, which may be malformed (400), too slow (408) or too large
            (413).
    """
    classes = {error for group in (ALWAYS, *groups) for error in group}
    by_status: dict[int | str, list[str]] = {}
    for error in CATALOGUE:
        if error in classes:
            by_status.setdefault(STATUS[error.kind], []).append(error.code)
    if IdempotencyMismatch in classes:
        # Malformed idempotency key.
        by_status[400] = [ValidationFailed.code]
    # 403 for a cross-site browser request, 414 for a URL that is too long.
    by_status |= {403: [Unauthorized.code], 414: [ValidationFailed.code]}
    if body:
        by_status |= {400: [ValidationFailed.code], 408: [ValidationFailed.code], 413: [InputTooLarge.code]}
    return {
        status: {"description": ", ".join(codes), "content": {MEDIA_TYPE: {"schema": _PROBLEM}}}
        for status, codes in sorted(by_status.items(), key=lambda item: int(item[0]))
    }


def a_file(description: str, *media_types: str) -> dict[int | str, dict[str, Any]]:
    """Return FastAPI's `responses` for an operation that answers with a file of one of these types."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": description, "content": dict.fromkeys(media_types, binary)}}


def attached(name: str) -> dict[str, str]:
    """Return the headers of a file that is made for one client; its name has the two forms of RFC 6266."""
    plain = "".join(c if c.isascii() and c not in '"\\' and c.isprintable() else "_" for c in name)
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "private, no-store",
    }


def has_already(request: Request, etag: str) -> bool:
    """Return whether the client has this version, by the weak comparison of `If-None-Match`.

    Source:
        RFC 9110, 13.1.2: weak, so a proxy may have made the tag weak by compressing the file. `*` stands for
        any version.
    """
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    return not known.isdisjoint({etag.removeprefix("W/"), "*"})


class Download(StreamingResponse):
    """A streamed file, of which HEAD sends the headers without reading or making it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get(IS_HEAD):
            self.body_iterator = _nothing()
        await super().__call__(scope, receive, send)


async def _nothing() -> AsyncIterator[bytes]:
    pieces: tuple[bytes, ...] = ()
    for piece in pieces:
        yield piece


def streamed(blob: OpenBlob, media_type: str, headers: Mapping[str, str]) -> Download:
    """Stream a file from the store with backpressure: only as fast as the client reads."""
    return Download(blob.pieces, media_type=media_type, headers={**headers, "Content-Length": str(blob.size)})
