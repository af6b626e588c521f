"""An agent's work with the protocol's own client: from a photo to a checked main image for Amazon."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, ImageContent

from tests import pictures
from tests.e2e.accounts import Accounts
from tests.e2e.cli.test_cli import home, photo
from tests.servers.studio_process import StudioProcess

__all__ = ["home"]

pytestmark = pytest.mark.anyio

PATIENCE_SECONDS = 240.0


def told(result: CallToolResult) -> dict[str, Any]:
    """The structured content of a call that succeeded."""
    assert not result.is_error, result.content
    content: dict[str, Any] = result.structured_content or {}
    return content


def previews(result: CallToolResult) -> list[bytes]:
    """The small pictures of a result, each in the bounds that are promised."""
    found = [base64.b64decode(one.data) for one in result.content if isinstance(one, ImageContent)]
    assert all(len(one) <= 100_000 and max(pictures.decoded(one).shape) <= 512 for one in found)
    return found


def settings(home: Path) -> dict[str, str]:
    own = {"STILLROOM_DATA_DIR": str(home / "data"), "STILLROOM_MATTE_QUALITY": "fast"}
    return {**os.environ, **own}


async def test_local_agent_makes_a_checked_main_image(home: Path, golden: Path) -> None:
    command = ["-m", "stillroom", "mcp", "-o", str(home / "files")]
    here = StdioServerParameters(command=sys.executable, args=command, env=settings(home), cwd=home)
    reported: list[float] = []

    async def report(progress: float, total: float | None, message: str | None) -> None:
        assert (total, bool(message)) == (100, True)
        reported.append(progress)

    with anyio.fail_after(PATIENCE_SECONDS):
        async with Client(here) as client:
            made = await client.call_tool(
                "replace_background",
                {"file_path": str(golden / "mug_kitchen.jpg"), "prompt": "pure white, no shadow"},
                progress_callback=report,
            )
            [picture] = told(made)["pictures"]
            assert told(made)["status"] == "done"
            assert Path(picture["file"]).parent == home / "files"
            assert previews(made)
            assert reported == sorted(set(reported))
            assert len(reported) > 2

            session = told(made)["session_id"]
            shown = await client.call_tool("fix_cutout", {"session_id": session})
            assert told(shown)["is_corrected"] is False
            fixed = await client.call_tool("fix_cutout", {"session_id": session, "grow": 1.0})
            assert told(fixed)["is_corrected"] is True
            [picture] = told(fixed)["pictures"]

            taller = {"session_id": session, "variant_id": picture["variant_id"]}
            reshaped = await client.call_tool("refine", {**taller, "changes": {"framing": {"aspect": "3:4"}}})
            [tall] = told(reshaped)["pictures"]
            assert tall["width"] * 4 == pytest.approx(tall["height"] * 3, abs=4)

            wanted = {"variant_ids": [picture["variant_id"]], "presets": ["amazon-main"]}
            exported = await client.call_tool("export", wanted)
            [file] = told(exported)["files"]
            assert len(await anyio.Path(file["file"]).read_bytes()) == file["bytes"]
            assert previews(exported)

            check = {"file_path": file["file"], "presets": ["amazon-main"]}
            [result] = told(await client.call_tool("check_listing_image", check))["results"]
            broken = [one["rule"] for one in result["findings"] if one["verdict"] == "fail"]
            assert (result["passes"], broken) == (True, [])


async def test_an_agent_runs_a_batch_of_a_folder(home: Path) -> None:
    for turns in range(2):
        photo(home / "shelf" / f"p{turns}.jpg", turns)
    command = ["-m", "stillroom", "mcp"]
    own = {**settings(home), "STILLROOM_MATTE_MODEL": str(home / "data" / "red.onnx")}
    here = StdioServerParameters(command=sys.executable, args=command, env=own, cwd=home)
    with anyio.fail_after(PATIENCE_SECONDS):
        async with Client(here) as client:
            batch = {"file_paths": [str(home / "shelf")], "recipe_id": "ebay_white"}
            started = told(await client.call_tool("run_batch", batch))
            assert started["status"] == "done"
            ended = await client.call_tool(
                "batch_status",
                {
                    "batch_id": started["batch"]["id"],
                    "wait_seconds": 100,
                    "folder": str(home / "out"),
                },
            )
    assert told(ended)["batch"]["status"] == "finished"
    counts = told(ended)["batch"]["counts"]
    assert counts["succeeded"] + counts["needs_review"] == 2
    assert len(told(ended)["to_look_at"]) == counts["needs_review"]
    assert previews(ended)
    written = {path.name for path in (home / "out").iterdir()}
    assert {Path(file).name for file in told(ended)["files"]} == written
    assert len([name for name in written if name.endswith(".jpg")]) == counts["succeeded"]


async def test_remote_agent_makes_a_checked_main_image_with_a_token(
    tmp_path: Path, weights_folder: Path, golden: Path
) -> None:
    with (
        StudioProcess(tmp_path / "studio", weights_folder, STILLROOM_AUTH="token") as studio,
        Accounts(studio) as accounts,
    ):
        headers = {"Authorization": f"Bearer {accounts.create('anna')}"}
        with anyio.fail_after(PATIENCE_SECONDS):
            async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
                # The handshake of clients before 2026-07-28, with a session.
                far = Client(streamable_http_client(f"{studio.url}/mcp", http_client=http), mode="legacy")
                async with far as client:
                    data = base64.b64encode((golden / "mug_kitchen.jpg").read_bytes()).decode()
                    arguments = {"image_base64": data, "prompt": "白底，不要阴影"}
                    [picture] = told(await client.call_tool("replace_background", arguments))["pictures"]
                    assert picture["url"].startswith(f"{studio.url}/image/")
                    wanted = {"variant_ids": [picture["variant_id"]], "presets": ["amazon-main"]}
                    [file] = told(await client.call_tool("export", wanted))["files"]
                    answer = await http.get(file["url"])
                    assert len(answer.content) == file["bytes"]
                    check = {"export_id": file["export_id"], "presets": ["amazon-main"]}
                    [result] = told(await client.call_tool("check_listing_image", check))["results"]
                    assert result["passes"]


def test_only_messages_of_the_protocol_are_written_to_the_output(home: Path) -> None:
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    done = subprocess.run(
        [sys.executable, "-m", "stillroom", "mcp"],
        env=settings(home),
        cwd=home,
        input=json.dumps(hello) + "\n",
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    [line] = done.stdout.splitlines()
    assert json.loads(line)["result"]["serverInfo"]["name"] == "stillroom"
