"""`stillroom mcp`: the tools for agents over standard input and output, without a server."""

import asyncio
import os
from pathlib import Path

from stillroom.cli.scratch import scratch_studio
from stillroom.cli.signals import ended_or_stopped, stopped_by_signals
from stillroom.settings import Settings

FOLDER = "files"
"""Folder in the data folder for results of calls that name no folder."""


async def run(settings: Settings, out: Path | None) -> None:
    """Serve one client until it closes the input, or until SIGTERM or SIGINT.

    Photos and pictures are kept while the client is connected; files in `out` stay.
    """
    from stillroom.mcp.server import serve_stdio

    stopped = stopped_by_signals()
    async with scratch_studio(settings) as studio:
        serving = asyncio.create_task(serve_stdio(studio, out or settings.data_dir / FOLDER))
        await ended_or_stopped(serving, stopped)
        if serving.done():
            await serving
    if not serving.done():
        # The thread that reads the input cannot be interrupted; nothing else is left to end.
        os._exit(0)
