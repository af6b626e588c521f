"""Refuse requests before their body is read: without a valid sign-in, or from a foreign page."""

import re

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from stillroom.domain.errors import StillroomError
from stillroom.web.identity import SAFE_METHODS, identify, is_from_our_page
from stillroom.web.problems import CrossSiteRequest, problem_response

_PUBLIC_PATHS = ("/login", "/logout")
_LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")


class AuthenticationMiddleware:
    """Middleware that rejects unauthenticated changes before their body is read.

    Otherwise the route would refuse an upload only after it was received completely.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS or scope["path"] in _PUBLIC_PATHS:
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


class LoopbackOnly:
    """Middleware that refuses requests of foreign pages to a loopback server without sign-in.

    DNS rebinding is detected by `Host`, cross-site requests by `Origin`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_ours(Request(scope)):
            refusal = CrossSiteRequest(text="own_address")
            await problem_response(refusal, Request(scope))(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_ours(self, request: Request) -> bool:
        if not _LOOPBACK.fullmatch(request.headers.get("host", "")):
            return False
        return request.method in SAFE_METHODS or is_from_our_page(request, if_unsaid=True)
