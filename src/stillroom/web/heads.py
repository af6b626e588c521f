"""HEAD for whatever answers GET: the same status and headers, without the body."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ENDLESS = "/stream/"
"""What never ends has no head of its own: it would be made for ever."""


class HeadLikeGet:
    """Asks the application as GET would, and keeps the body back."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or scope["path"].startswith(_ENDLESS):
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            # In place, because the frame around all this reads the route from the same scope, and the method.
            scope["method"] = "HEAD"
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        scope["method"] = "GET"
        await self._app(scope, receive, send_head)
