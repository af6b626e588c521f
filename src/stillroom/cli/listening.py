"""Check whether a server can listen at its address, before anything else starts."""

import socket

from stillroom.domain.errors import Conflict


def address_of(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def obstacle(host: str, port: int) -> str | None:
    """Return why nothing can listen at an address, or None if it is free."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # The options with which the server will listen.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if probe.family == socket.AF_INET6:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return str(error.strerror)
    return None


def remedy(port: int) -> str:
    """Return what to do about a port that is taken."""
    return f"A server may be running already; else run: stillroom serve --port {port + 1}"


def require_free(host: str, port: int, advice: str) -> None:
    """Check an address before anything else starts. Raises Conflict, whose message ends with the advice."""
    if (reason := obstacle(host, port)) is not None:
        raise Conflict(f"{address_of(host, port)}: {reason}. {advice}")
