"""`/mcp`: the tools over streamable HTTP, for owners of tokens as in the API."""

import asyncio
import importlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import anyio
from fastapi import APIRouter, Request, Response
from starlette.types import Message, Receive, Scope, Send

from stillroom.application.limits.limits import limit_refused
from stillroom.domain.ids import OwnerId
from stillroom.settings import Settings
from stillroom.web.app import Mount
from stillroom.web.dependencies import OwnerDep, StudioDep
from stillroom.web.identity import is_from_our_page
from stillroom.web.middleware.body_limits import MAX_BODY_BYTES
from stillroom.web.problems import CrossSiteRequest

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

MAX_LARGE_CALLS = 4
"""Calls with a photo in base64 that are in memory at once; each takes up to 40 MB."""


@dataclass(slots=True)
class _Endpoint:
    """Sessions by owner, opened at an owner's first request.

    The protocol's library is imported then, because it takes about a second.
    """

    is_loopback: bool
    large: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(MAX_LARGE_CALLS))
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    _stopped: asyncio.Event = field(default_factory=asyncio.Event)
    _sessions: dict[OwnerId, "StreamableHTTPSessionManager"] = field(default_factory=dict)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def of(self, owner_id: OwnerId) -> "StreamableHTTPSessionManager":
        """Return the sessions of an owner; no other owner's request reaches them."""
        async with self._opening:
            if owner_id not in self._sessions:
                module: Any = await asyncio.to_thread(importlib.import_module, "stillroom.mcp.sessions")
                sessions: StreamableHTTPSessionManager = module.session_manager(is_loopback=self.is_loopback)
                ready = asyncio.Event()
                # In a task of its own, because the request that opens them ends before they do.
                self._tasks.append(asyncio.create_task(self._run(sessions, ready)))
                await ready.wait()
                self._sessions[owner_id] = sessions
            return self._sessions[owner_id]

    async def _run(self, sessions: "StreamableHTTPSessionManager", ready: asyncio.Event) -> None:
        async with sessions.run():
            ready.set()
            await self._stopped.wait()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Close all sessions at the end, which cancels the calls under way."""
        try:
            yield
        finally:
            self._stopped.set()
            await asyncio.gather(*self._tasks)


class _Handled(Response):
    """Response that the sessions write themselves."""

    def __init__(self, request: Request, studio: StudioDep, owner_id: OwnerId, endpoint: _Endpoint) -> None:
        self._request, self._studio, self._owner_id = request, studio, owner_id
        self._endpoint = endpoint
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_open = False

        async def send_noting(message: Message) -> None:
            nonlocal is_open
            is_open = message["type"] == "http.response.start" or message.get("more_body", False)
            await send(message)

        sessions = await self._endpoint.of(self._owner_id)
        with (
            self._studio.access.streams.hold(self._owner_id),
            _body_slot(self._request, self._endpoint.large),
        ):
            await sessions.handle_request(scope, receive, send_noting)
        if is_open:
            # On shutdown, a stream ends between two messages; end the response cleanly.
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def mount(settings: Settings) -> Mount:
    """Return the routes of `/mcp`, and what runs while the server does."""
    router = APIRouter(include_in_schema=False)
    endpoint = _Endpoint(is_loopback=settings.auth == "local")

    @router.api_route("/mcp", methods=["GET", "POST", "DELETE"], response_model=None)
    async def mcp(request: Request, studio: StudioDep, owner: OwnerDep) -> Response:
        """Handle a message of the Model Context Protocol."""
        if not is_from_our_page(request, if_unsaid=True):
            raise CrossSiteRequest("Pages of other addresses may not use the tools of this server.")
        studio.access.streams.check(owner)
        return _Handled(request, studio, owner, endpoint)

    return Mount(router, endpoint.running)


@contextmanager
def _body_slot(request: Request, limiter: anyio.CapacityLimiter) -> Iterator[None]:
    """Hold a slot for large bodies; small ones need none.

    Raises:
        RateLimited: All slots are taken.
    """
    declared = request.headers.get("content-length", "")
    if request.method != "POST" or (declared.isdigit() and int(declared) <= MAX_BODY_BYTES):
        yield
        return
    try:
        limiter.acquire_on_behalf_of_nowait(request)
    except anyio.WouldBlock as error:
        raise limit_refused(
            f"{MAX_LARGE_CALLS} photos are waiting already.", "uploads", MAX_LARGE_CALLS
        ) from error
    try:
        yield
    finally:
        limiter.release_on_behalf_of(request)
