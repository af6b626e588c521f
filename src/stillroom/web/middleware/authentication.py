"""Authentication before the body of a request is read."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from stillroom.domain.errors import StillroomError
from stillroom.web.identity import SAFE_METHODS, identify
from stillroom.web.problems import problem_response

_PUBLIC_PATHS = ("/login", "/logout")


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
