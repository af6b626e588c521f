"""Scratch studio: a studio for one command in a temporary folder, independent of a running server."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

from stillroom.bootstrap import Studio, open_studio
from stillroom.cli.serve import working
from stillroom.observability import Metrics
from stillroom.settings import Settings

_UNLIMITED = 1_000_000


def scratch_settings(settings: Settings, scratch: Path, **changes: object) -> Settings:
    """Return settings of a studio with its own data and without rate limits."""
    return settings.model_copy(
        update={
            "database_url": SecretStr(f"sqlite:///{scratch}/stillroom.db"),
            "storage_url": f"{scratch}/blobs",
            "valkey_url": None,
            "auth": "local",
            # Limits that separate a server's owners would only stop a large folder of photos half-way.
            "user_per_minute": _UNLIMITED,
            "user_queued": _UNLIMITED,
            **changes,
        }
    )


@asynccontextmanager
async def scratch_studio(settings: Settings, *, with_worker: bool = True) -> AsyncIterator[Studio]:
    """Open a studio of its own for one command, with a worker that leaves no slot to other jobs."""
    slots = settings.worker_concurrency
    with tempfile.TemporaryDirectory(prefix="stillroom-") as scratch:
        # One slot is kept free for single jobs; a batch takes all others.
        here = scratch_settings(settings, Path(scratch), user_running=slots, worker_concurrency=slots + 1)
        async with open_studio(here, Metrics()) as studio:
            if not with_worker:
                yield studio
                return
            async with working(here, studio):
                yield studio
