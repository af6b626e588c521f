"""Answer HEAD for every GET route: the same status and headers without the body."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ENDLESS = ("/stream/", "/mcp")
"""Path prefixes of event streams; HEAD is not supported there, because the response would never end."""


IS_HEAD = "stillroom.is_head"
"""Key of the scope of a request that is run as GET for a client that asked for the headers alone."""


class HeadLikeGet:
    """Middleware that runs HEAD requests as GET and drops the body; `responses.Download` produces none."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD" or scope["path"].startswith(_ENDLESS):
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            # Restore the method in the shared scope, where the outer middleware reads route and method.
            scope["method"] = "HEAD"
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        scope["method"], scope[IS_HEAD] = "GET", True
        await self._app(scope, receive, send_head)
