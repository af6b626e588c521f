"""The tools over standard input and output, with a studio of their own."""

from pathlib import Path

from mcp.server.stdio import stdio_server

from stillroom.bootstrap import Studio
from stillroom.domain.ids import LOCAL_OWNER
from stillroom.mcp.calls import Call
from stillroom.mcp.delivery import Folder
from stillroom.mcp.server import Context, create_server, reporter


async def serve(studio: Studio, folder: Path) -> None:
    """Serve one client until it closes the input; results without a folder of their own go to `folder`."""
    delivery = Folder(folder)

    async def call_of(context: Context) -> Call:
        return Call(studio, LOCAL_OWNER, delivery, reporter(context), is_local=True)

    server = create_server(call_of, is_local=True)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
