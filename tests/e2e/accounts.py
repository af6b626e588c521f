"""Studio with accounts, and clients with tokens."""

import os
import subprocess
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import httpx

from tests.servers.forked import run
from tests.servers.studio_process import StudioProcess


class Accounts:
    """Commands of the operator of a studio that asks for tokens."""

    def __init__(self, studio: StudioProcess) -> None:
        self._studio = studio
        self._clients = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close all clients."""
        self._clients.close()

    def create(self, name: str) -> str:
        """A new token."""
        return self.run("create", name).stdout.strip()

    def revoke(self, name: str) -> None:
        """Make it void."""
        assert self.run("revoke", name).returncode == 0

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """`stillroom token ...` beside the running server."""
        environment = {**os.environ, "STILLROOM_DATA_DIR": str(self._studio.data_dir)}
        return run(["token", *command], environment, self._studio.data_dir)

    def client(self, token: str) -> httpx.Client:
        """An API client of the token's owner."""
        return self._client({"Authorization": f"Bearer {token}"})

    def browser(self, token: str | None = None) -> httpx.Client:
        """A browser with our page open, signed in if there is a token."""
        browser = self._client({"Sec-Fetch-Site": "same-origin"})
        if token is not None:
            assert browser.post("/login", json={"token": token}).status_code == 200
        return browser

    def _client(self, headers: dict[str, str]) -> httpx.Client:
        client = httpx.Client(base_url=self._studio.url, timeout=60, headers=headers)
        return self._clients.enter_context(client)
