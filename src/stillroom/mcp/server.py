"""The protocol's server: lists tools, runs calls, and answers failures with the problem object."""

import base64
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import structlog
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ContentBlock,
    ImageContent,
    ListToolsResult,
    PaginatedRequestParams,
    ResourceLink,
    TextContent,
)
from pydantic import ValidationError

from stillroom.bootstrap import Studio
from stillroom.bootstrap.foundation import VERSION
from stillroom.domain.errors import InternalError, StillroomError, ValidationFailed
from stillroom.domain.ids import LOCAL_OWNER
from stillroom.mcp.calls import Call, Result
from stillroom.mcp.catalogue import INSTRUCTIONS, TOOLS, Tool
from stillroom.mcp.delivery import Folder
from stillroom.mcp.inputs import ON_THIS_MACHINE
from stillroom.mcp.problems import of_arguments, tool_problem

log = structlog.get_logger(__name__)

Context = ServerRequestContext[Any, Any]

CallOf = Callable[[Context], Awaitable[Call]]
"""Returns the call of a request: its owner, and where results go."""

_BY_NAME = {tool.name: tool for tool in TOOLS}


def create_server(call_of: CallOf, *, is_local: bool) -> Server[Any]:
    """Create the server.

    Args:
        is_local: Whether tools may name files of this machine.
    """
    cards = [tool.card(is_local=is_local) for tool in TOOLS]

    async def list_tools(_: Context, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=cards)

    async def call_tool(context: Context, params: CallToolRequestParams) -> CallToolResult:
        tool = _BY_NAME.get(params.name)
        if tool is None:
            raise MCPError(INVALID_PARAMS, f"There is no tool {params.name[:80]!r}.")
        return await _run(tool, params.arguments or {}, await call_of(context))

    return Server(
        "stillroom",
        title="Stillroom",
        version=VERSION,
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def serve_stdio(studio: Studio, folder: Path) -> None:
    """Serve one client over standard input and output; `folder` takes results without one of their own."""
    delivery = Folder(folder)

    async def call_of(context: Context) -> Call:
        return Call(studio, LOCAL_OWNER, delivery, reporter(context), is_local=True)

    server = create_server(call_of, is_local=True)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def reporter(context: Context) -> Callable[[float, str], Awaitable[None]]:
    """Return a function that reports a request's progress to its client, in increasing order only."""
    reported = -1.0

    async def report(percent: float, message: str) -> None:
        nonlocal reported
        # The protocol requires that every report is above the one before.
        if percent > reported:
            reported = percent
            await context.session.report_progress(percent, 100, message)

    return report


async def _run(tool: Tool, arguments: dict[str, Any], call: Call) -> CallToolResult:
    begun = time.monotonic()
    result = await _result(tool, arguments, call)
    content = result.structured_content or {}
    log.info(
        "tool_called",
        tool=tool.name,
        owner_id=call.owner_id,
        code=content.get("code") if result.is_error else None,
        latency_ms=round((time.monotonic() - begun) * 1000),
    )
    return result


async def _result(tool: Tool, arguments: dict[str, Any], call: Call) -> CallToolResult:
    try:
        given = tool.input.model_validate(arguments)
        if not call.is_local and (named := given.model_fields_set & ON_THIS_MACHINE):
            raise _no_files(sorted(named))
        return _answered(await tool.run(call, given))
    except ValidationError as error:
        return _failed(of_arguments(error), call)
    except StillroomError as error:
        return _failed(error, call)
    except Exception as error:
        log.error("tool_failed", tool=tool.name, exc_info=error)
        return _failed(InternalError(), call)


def _answered(result: Result) -> CallToolResult:
    structured = result.answer.model_dump(mode="json", by_alias=True)
    content: list[ContentBlock] = [_text(structured)]
    for preview in result.previews:
        media_type = "image/png" if preview.startswith(b"\x89PNG") else "image/webp"
        data = base64.b64encode(preview).decode()
        content.append(ImageContent(type="image", data=data, mime_type=media_type))
    content += [
        ResourceLink(type="resource_link", uri=link.url, name=link.name, mime_type=link.media_type)
        for link in result.links
    ]
    return CallToolResult(content=content, structured_content=structured)


def _failed(error: StillroomError, call: Call) -> CallToolResult:
    problem = tool_problem(error, call.trace.request_id).model_dump(mode="json")
    return CallToolResult(content=[_text(problem)], structured_content=problem, is_error=True)


def _text(structured: dict[str, Any]) -> TextContent:
    """Return the structured content as text, for clients that read no structured content."""
    return TextContent(type="text", text=json.dumps(structured, ensure_ascii=False))


def _no_files(names: list[str]) -> ValidationFailed:
    return ValidationFailed(
        f"{', '.join(names)} can be used only with `stillroom mcp` on the user's own machine. Send the photo "
        "as image_base64, or upload it with POST /upload and pass its image_id.",
        fields=[{"field": name, "reason": "not_here"} for name in names],
    )
