"""Map errors to HTTP: one status per error class, with an RFC 9457 problem body."""

import re
from asyncio import CancelledError
from collections.abc import Mapping
from math import ceil
from typing import Any, NamedTuple, Self

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stillroom.domain.errors import (
    BY_CODE,
    STOPPING,
    ErrorKind,
    InternalError,
    MethodNotAllowed,
    NotFound,
    StillroomError,
    StorageUnavailable,
    Unauthorized,
    ValidationFailed,
    stored_error,
)
from stillroom.domain.field_errors import field_error
from stillroom.domain.ports import Allowance
from stillroom.domain.told_back import in_language
from stillroom.observability import log
from stillroom.web.field_sentences import detail_of, explained

MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[ErrorKind, int] = {
    ErrorKind.INVALID: 422,
    ErrorKind.UNAUTHORIZED: 401,
    ErrorKind.NOT_FOUND: 404,
    ErrorKind.CONFLICT: 409,
    ErrorKind.TOO_LARGE: 413,
    ErrorKind.UNSUPPORTED: 415,
    ErrorKind.LIMITED: 429,
    ErrorKind.REFUSED: 422,
    ErrorKind.UPSTREAM_AUTH: 502,
    ErrorKind.UPSTREAM_TIMEOUT: 504,
    ErrorKind.UNAVAILABLE: 503,
    ErrorKind.INTERNAL: 500,
}

_TYPE_BASE = "urn:stillroom:problem:"


class Problem(BaseModel):
    """Error response (RFC 9457); clients branch on `code`, never on text."""

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int
    detail: str
    instance: str | None
    code: str
    retryable: bool
    request_id: str | None
    params: dict[str, Any]


class Malformed(ValidationFailed):
    """An unreadable header or body, which HTTP answers with 400 instead of 422."""


class BodyRefused(HTTPException):
    """Raised while a route reads its body; the framework passes no other exception through from there."""

    def __init__(self, error: StillroomError, status: int) -> None:
        super().__init__(status)
        self.error = error


class CrossSiteRequest(Unauthorized):
    """A browser request from a foreign page or host; refused regardless of sign-in."""


def language_of(request: Request) -> str:
    """Return `zh` if the client prefers Chinese to English, else `en`; weights as in RFC 9110, 12.5.4."""
    wanted = {"zh": 0.0, "en": 0.0}
    for item in request.headers.get("accept-language", "").split(","):
        tag, _, weight = item.partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in wanted:
            wanted[language] = max(wanted[language], _weight(weight))
    return "zh" if wanted["zh"] > wanted["en"] else "en"


def _weight(text: str) -> float:
    """Parse a `q` weight; 1 if missing, 0 if invalid."""
    if not text.strip():
        return 1.0
    match = re.fullmatch(r"\s*q\s*=\s*(0(\.\d{0,3})?|1(\.0{0,3})?)\s*", text, re.IGNORECASE)
    return float(match[1]) if match else 0.0


def problem_of_stored(
    stored: Mapping[str, Any],
    language: str,
    instance: str | None = None,
    kind: type[StillroomError] | None = None,
) -> Problem:
    """Return the problem for a stored error; `kind` overrides the status and texts of its code."""
    error = kind or BY_CODE.get(str(stored["code"]), InternalError)
    params = dict(stored.get("params") or {})
    words = error.words(params)
    detail = str(stored["detail"]) if language == "en" else error.sentence(params).to(language)
    fields = params.get("fields", [])
    if fields and all("reason" in field and "message" in field for field in fields):
        detail = detail_of(fields, language)
        params["fields"] = [explained(field, language) for field in fields]
    if "told_back" in params:
        params["told_back"] = [in_language(told, language) for told in params["told_back"]]
    return Problem(
        type=_TYPE_BASE + error.code.lower().removeprefix("e_").replace("_", "-"),
        title=words.to(language),
        status=STATUS[error.kind],
        detail=detail,
        instance=instance,
        code=error.code,
        retryable=error.retryable,
        request_id=stored.get("request_id"),
        params=params,
    )


def problem_response(error: StillroomError, request: Request, status: int | None = None) -> JSONResponse:
    """Return an error as a response; `status` overrides that of its class."""
    if isinstance(error, Malformed):
        status = 400
    if isinstance(error, CrossSiteRequest):
        status = 403
    request_id = getattr(request.state, "request_id", None)
    stored = stored_error(error, request_id)
    problem = problem_of_stored(stored, language_of(request), request.url.path, type(error))
    if status is not None:
        problem = problem.model_copy(update={"status": status})
    headers: dict[str, str] = {}
    if problem.status == 429 or "retry_after_seconds" in error.params:
        headers |= _limit_headers(error.params)
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(
        problem.model_dump(mode="json"), problem.status, headers=headers, media_type=MEDIA_TYPE
    )


def _limit_headers(params: Mapping[str, Any]) -> dict[str, str]:
    headers = {"Retry-After": str(max(1, ceil(float(params.get("retry_after_seconds", 1)))))}
    if "policy" in params:
        window, reset = params["window_seconds"], params["reset_seconds"]
        headers |= limit_headers(Limit(params["policy"], params["limit"], window, 0, reset))
    return headers


class Limit(NamedTuple):
    """A rate limit and what is left of it; None for seconds of a limit without a window."""

    name: str
    quota: int
    window_seconds: int | None
    remaining: int
    reset_seconds: int | None

    @classmethod
    def of(cls, name: str, left: Allowance) -> Self:
        """Return a limit and its state after a request."""
        return cls(name, left.limit, left.window_seconds, left.remaining, ceil(left.full_after_seconds))


def limit_headers(*limits: Limit) -> dict[str, str]:
    """Return `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10)."""
    policies, states = [], []
    for name, quota, window, remaining, reset in limits:
        policies.append(f'"{name}";q={quota}' + (f";w={window}" if window else ""))
        states.append(f'"{name}";r={max(0, remaining)}' + (f";t={reset}" if reset is not None else ""))
    return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(states)}


async def on_stillroom_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, StillroomError)
    return problem_response(error, request)


async def on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    """Handle a request that violates its schema; list each field and the reason."""
    assert isinstance(error, RequestValidationError)
    if any(one["loc"][0] == "path" for one in error.errors()):
        return problem_response(NotFound(text="no_address"), request)
    fields = [
        field_error(".".join(map(str, one["loc"][1:])) or str(one["loc"][0]), str(one["loc"][0]), one)
        for one in error.errors()
    ]
    if any(field["reason"] == "json_invalid" for field in fields):
        return problem_response(Malformed(text="no_json"), request)
    if fields[0]["reason"] == "model_attributes_type" and not _is_json(request):
        fields = [{**fields[0], "reason": "no_json"}]
    named = ", ".join(field["field"] for field in fields)
    return problem_response(ValidationFailed(f"Check: {named}.", fields=fields), request)


def _is_json(request: Request) -> bool:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json")


async def on_http_exception(request: Request, error: Exception) -> JSONResponse:
    """Handle an error of the framework: unknown path, wrong method, malformed header or body."""
    assert isinstance(error, HTTPException)
    if isinstance(error, BodyRefused):
        response = problem_response(error.error, request, error.status_code)
        # Close the connection instead of reading the rest of the body.
        response.headers["Connection"] = "close"
        return response
    if error.status_code in (404, 405):
        # The framework names the methods of one operation; a path may have several.
        methods = _methods_at(request.app, request.url.path)
        if methods or error.status_code == 405:
            allowed = methods or (error.headers or {}).get("Allow", "").split(", ")
            refusal = MethodNotAllowed(
                f"Use {' or '.join(allowed)} here.", method=request.method, allowed=allowed
            )
            response = problem_response(refusal, request, 405)
            response.headers["Allow"] = ", ".join(allowed)
            return response
        return problem_response(NotFound(text="no_address"), request)
    if error.status_code < 500:
        return problem_response(Malformed(text="malformed"), request)
    return problem_response(InternalError(), request)


def _methods_at(app: FastAPI, path: str) -> list[str]:
    """Return the methods that the OpenAPI document allows at a path, sorted; empty without such a path."""
    methods: set[str] = set()
    for template, operations in app.openapi()["paths"].items():
        if compile_path(template)[0].match(path):
            methods |= {method.upper() for method in operations}
            if "GET" in methods and not template.startswith("/stream/"):
                methods.add("HEAD")
    return sorted(methods)


class UnexpectedErrors:
    """Middleware for unexpected errors; it runs inside the middleware that adds headers and logs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request; an unexpected error is logged in full, and the client receives only its id.

        A request that is cancelled, because the server stops before it has ended, may be sent again.
        """
        begun = False

        async def send_noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        except CancelledError:
            if scope["type"] == "http" and not begun:
                refusal = StorageUnavailable("The server is being stopped.", reason=STOPPING)
                await problem_response(refusal, Request(scope))(scope, receive, send)
            raise
        except Exception as error:
            if scope["type"] != "http":
                raise
            log.error("request_failed", path=scope["path"], exc_info=error)
            if begun:
                # The response has begun, so the only remaining signal is a broken connection.
                raise
            await problem_response(InternalError(), Request(scope))(scope, receive, send)
