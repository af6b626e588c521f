"""Long-lived clients of vendors' APIs, each created at its first call."""

import asyncio
from abc import ABC, abstractmethod
from typing import Any, Generic, TypeVar

import anyio.to_thread
import structlog

from stillroom.providers.adapters import wire

log = structlog.get_logger(__name__)

C = TypeVar("C")


class Connection(ABC, Generic[C]):
    """One client for one vendor, shared by all calls."""

    def __init__(self) -> None:
        self._client: C | None = None
        self._opening = asyncio.Lock()

    async def opened(self) -> C:
        """Return the client, creating it at the first call, in a thread: importing an SDK takes seconds.

        Raises ProviderUnavailable if the environment names a proxy of a kind that is not supported.
        """
        async with self._opening:
            if self._client is None:
                try:
                    self._client = await anyio.to_thread.run_sync(self._open)
                except ValueError as error:
                    # The message masks a password.
                    log.error("proxy_unusable", error=str(error), supported="http, https, socks5, socks5h")
                    raise wire.failure("unreachable", sent=False) from error
            return self._client

    async def close(self) -> None:
        if self._client is not None:
            await self._close(self._client)
            self._client = None

    @abstractmethod
    def _open(self) -> C: ...

    @abstractmethod
    async def _close(self, client: C) -> None: ...


N = TypeVar("N", bound=Connection[Any])


class Connected(Generic[N]):
    """A model that is reached through one connection."""

    _connection: N

    async def open(self) -> None:
        await self._connection.opened()

    async def close(self) -> None:
        await self._connection.close()
