"""Sessions of one owner over streamable HTTP, limited in number and in idle time."""

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request

from stillroom.domain.errors import InternalError
from stillroom.domain.traces import RequestTrace
from stillroom.mcp.calls import Call
from stillroom.mcp.delivery import Addresses
from stillroom.mcp.server import Context, create_server, reporter
from stillroom.web.middleware.body_limits import MAX_TOOL_CALL_BYTES

MAX_SESSIONS = 20
"""Open sessions of one owner in one process. Clients of the protocol from 2026-07-28 on need none."""

IDLE_SECONDS = 900.0
"""A session without a request for this long is closed."""

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def session_manager(*, is_loopback: bool) -> StreamableHTTPSessionManager:
    """Return the sessions of one owner; a session id of another owner is unknown there.

    With `is_loopback`, only requests to this machine's own names are accepted.
    """
    return StreamableHTTPSessionManager(
        create_server(_call_of, is_local=False),
        security_settings=_loopback_security() if is_loopback else None,
        session_idle_timeout=IDLE_SECONDS,
        max_request_body_size=MAX_TOOL_CALL_BYTES,
        max_sessions=MAX_SESSIONS,
    )


def _loopback_security() -> TransportSecuritySettings:
    """Return the library's own protection against DNS rebinding, for a server without sign-in."""
    hosts = [host for name in _LOOPBACK for host in (name, f"{name}:*")]
    return TransportSecuritySettings(
        allowed_hosts=hosts, allowed_origins=[f"http://{host}" for host in hosts]
    )


async def _call_of(context: Context) -> Call:
    request = context.request
    if not isinstance(request, Request):
        raise InternalError("A call came without its request.")
    return Call(
        studio=request.app.state.studio,
        # Set when the request was authenticated.
        owner_id=request.state.owner_id,
        delivery=Addresses(str(request.base_url)),
        report=reporter(context),
        is_local=False,
        trace=RequestTrace(request.state.request_id, request.state.traceparent),
    )
