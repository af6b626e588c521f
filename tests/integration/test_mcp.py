"""Tools for agents over HTTP, by the protocol's own client: schemas, problems, cost, owners, giving up."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import httpx2
import jsonschema_rs
import pytest
from fastapi import FastAPI
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult

from stillroom.application.jobs.views import JobView
from stillroom.application.photos.selection import Selection
from stillroom.bootstrap import Studio, open_studio
from stillroom.domain.batches.batches import MAX_ITEMS
from stillroom.domain.ids import LOCAL_OWNER, OwnerId
from stillroom.domain.jobs.job import Job
from stillroom.domain.mattes import FoundMatte
from stillroom.domain.sessions import Session
from stillroom.domain.variants import Variant
from stillroom.mcp import http as mcp_http
from stillroom.mcp.calls import Call
from stillroom.mcp.delivery import Folder
from stillroom.mcp.server import Context, create_server, reporter
from stillroom.settings import Settings, load
from stillroom.storage.database import Database
from stillroom.storage.unit_of_work import SqlTransactions
from stillroom.web.app import create_app
from tests import pictures
from tests.integration.storage.rows import a_job, a_variant

pytestmark = pytest.mark.anyio

NOBODY_LISTENS = "http://127.0.0.1:9"

NAMES = [
    *("optimise_photo", "replace_background", "refine", "fix_cutout", "list_looks", "list_presets"),
    *("check_listing_image", "export", "estimate", "run_batch", "batch_status"),
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Tokens, a cloud that costs money, and no worker."""
    return load(
        data_dir=tmp_path_factory.mktemp("studio"),
        auth="token",
        embedded_worker=False,
        gemini_api_key="key",
        gemini_base_url=NOBODY_LISTENS,
        openai_api_key="key",
        openai_base_url=NOBODY_LISTENS,
        openai_image_model="of-a-relay",
    )


@pytest.fixture(scope="module")
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """A server with these settings."""
    app = create_app(settings, partial(open_studio, settings), [mcp_http.mount(settings)])
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture(scope="module")
async def anna(app: FastAPI) -> str:
    """Anna's token."""
    return await studio_of(app).access.owners.create("anna")


@pytest.fixture(scope="module")
async def bert(app: FastAPI) -> str:
    """Bert's token."""
    return await studio_of(app).access.owners.create("bert")


def studio_of(app: FastAPI) -> Studio:
    studio: Studio = app.state.studio
    return studio


async def opened_session(studio: Studio, token: str) -> Session:
    """A session of the owner of a token on a new photo."""
    owner = await studio.access.owners.owner_of(token)

    async def read() -> bytes:
        return pictures.jpeg(pictures.scene(400, 300))

    taken = await studio.photos.intake.upload(read, file_name="cup.jpg", declared_type=None, owner_id=owner)
    return (await studio.sessions.open(taken.asset.id, owner, None, None)).session


async def pictured(
    studio: Studio, token: str, settings: Settings, **fields: Any
) -> tuple[Session, Job, Variant]:
    """A session whose job, with these fields, has made a picture and was ended."""
    session = await opened_session(studio, token)
    job = replace(a_job(session), owner_id=session.owner_id, **fields)
    variant = a_variant(job)
    database = Database(settings.database)
    async with SqlTransactions(database)() as tx:
        await tx.jobs.add(job)
        await tx.variants.add(variant)
    await database.close()
    await studio.jobs.cancel(job.id, session.owner_id)
    return session, job, variant


async def queued_by(
    studio: Studio, owner: OwnerId, folder: Path, tool: str, arguments: dict[str, Any]
) -> JobView:
    """The job of a call that is cancelled as soon as its job waits for a worker."""
    queued = anyio.Event()

    async def told(progress: float, total: float | None, message: str | None) -> None:
        assert (progress, total, message) == (0, 100, "queued, position 1")
        queued.set()

    # Without HTTP, because the transport of these tests keeps an answer back until it is complete.
    async with local_agent(studio, owner, folder) as client:
        with anyio.fail_after(20):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(partial(client.call_tool, tool, arguments, progress_callback=told))
                await queued.wait()
                tasks.cancel_scope.cancel()
    [view] = (await studio.jobs.list(owner, None, None, None, 1)).items
    return view


def http(app: FastAPI, **headers: str) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app)
    return httpx2.AsyncClient(transport=transport, base_url="http://studio.example", headers=headers)


def agent(app: FastAPI, token: str) -> AbstractAsyncContextManager[Client]:
    client = http(app, Authorization=f"Bearer {token}")
    return Client(streamable_http_client("http://studio.example/mcp", http_client=client))


def local_agent(studio: Studio, owner: OwnerId, folder: Path) -> Client:
    """A client on the machine of the studio, whose results go to a folder."""

    async def call_of(context: Context) -> Call:
        return Call(studio, owner, Folder(folder), reporter(context), is_local=True)

    return Client(create_server(call_of, is_local=True))


def photo() -> str:
    return base64.b64encode(pictures.jpeg(pictures.scene(400, 300))).decode()


def problem(result: CallToolResult) -> dict[str, Any]:
    """The problem object of a tool error, which text and structured content both hold."""
    assert result.is_error
    told: dict[str, Any] = result.structured_content or {}
    [text] = result.content
    assert json.loads(text.text) == told  # type: ignore[union-attr]
    return told


async def test_every_tool_has_valid_schemas_and_a_description(app: FastAPI, anna: str) -> None:
    async with agent(app, anna) as client:
        tools = (await client.list_tools()).tools
    assert [tool.name for tool in tools] == NAMES
    for tool in tools:
        assert len(tool.description or "") > 60
        assert tool.output_schema is not None
        for schema in (tool.input_schema, tool.output_schema):
            jsonschema_rs.meta.validate(schema)
            assert schema["type"] == "object"
        # No tool may read or write the server's own files.
        assert not {"file_path", "file_paths", "folder"} & set(tool.input_schema.get("properties", {}))
    optimise = next(tool for tool in tools if tool.name == "optimise_photo")
    assert "on white" in (optimise.description or ""), "its first picture is"
    spending = {tool.name for tool in tools if "max_cost_usd" in tool.input_schema["properties"]}
    assert spending == {*NAMES[:4], "run_batch"}
    assert "at list price" in optimise.input_schema["properties"]["max_cost_usd"]["description"]


async def test_annotations_say_what_a_tool_changes(app: FastAPI, anna: str, tmp_path: Path) -> None:
    reading = {"list_looks", "list_presets", "estimate"}
    clients = {
        "over HTTP": (agent(app, anna), reading | {"batch_status"}),
        # There it writes the files of the batch.
        "on this machine": (local_agent(studio_of(app), LOCAL_OWNER, tmp_path), reading),
    }
    for where, (client, harmless) in clients.items():
        async with client as opened:
            tools = (await opened.list_tools()).tools
        hints = [(tool.name, tool.annotations) for tool in tools if tool.annotations]
        assert {name for name, hint in hints if hint.read_only_hint} == harmless, where
        assert {name for name, hint in hints if hint.destructive_hint} == {"fix_cutout"}, where


async def test_a_call_that_costs_money_names_the_cost_first(app: FastAPI, anna: str) -> None:
    async with agent(app, anna) as client:
        arguments: dict[str, Any] = {"image_base64": photo(), "prompt": "pure white", "candidates": 2}
        asked = (await client.call_tool("replace_background", arguments)).structured_content
        assert asked is not None
        cost = asked["cost"]
        assert (asked["status"], cost["provider"], cost["pictures"]) == ("needs_confirmation", "gemini", 2)
        assert cost["estimate_usd"] == pytest.approx(2 * cost["usd_per_picture"])
        assert cost["usd_per_picture"] > 0
        assert (asked["job_id"], asked["spent_usd"]) == (None, 0)

        less = {**arguments, "max_cost_usd": cost["estimate_usd"] / 2}
        again = (await client.call_tool("replace_background", less)).structured_content
        assert again is not None
        assert again["status"] == "needs_confirmation"

        batch = {"image_ids": [asked["image_id"]], "recipe_id": "amazon_main_white"}
        told = (await client.call_tool("run_batch", batch)).structured_content or {}
        assert (told["status"], told["batch"]) == ("needs_confirmation", None)
        assert "with provider=local" in told["cost"]["advice"]
        for allowed in ({"provider": "local"}, {"max_cost_usd": 5}):
            begun = (await client.call_tool("run_batch", batch | allowed)).structured_content or {}
            assert (begun["status"], begun["cost"]["advice"]) == ("done", "")
        free = (await client.call_tool("estimate", {"provider": "local"})).structured_content or {}
        assert (free["estimate_usd"], free["advice"]) == (0, "")
    owner = await studio_of(app).access.owners.owner_of(anna)
    assert (await studio_of(app).jobs.list(owner, None, None, None, 10)).items == ()
    assert len((await studio_of(app).batches.requests.list(owner, None, 10)).items) == 2


@pytest.mark.parametrize("tool", ["replace_background", "run_batch", "estimate"])
async def test_a_price_that_is_not_known_is_never_within_a_limit(app: FastAPI, anna: str, tool: str) -> None:
    studio = studio_of(app)
    session = await opened_session(studio, anna)
    choices = {"operation": "bg_replace", "prompt": "white", "provider": "chatgpt"}
    recipe = await studio.batches.recipes.create("relay", choices, session.owner_id)
    arguments: dict[str, dict[str, Any]] = {
        "replace_background": {"prompt": "white", "provider": "chatgpt", "session_id": session.id},
        "run_batch": {"image_ids": [session.asset_id], "recipe_id": recipe.id},
    }
    given = arguments.get(tool, {"provider": "chatgpt"})
    limit = {} if tool == "estimate" else {"max_cost_usd": 100}
    async with agent(app, anna) as client:
        asked = (await client.call_tool(tool, given | limit)).structured_content or {}
    cost = asked.get("cost", asked)
    assert asked.get("status", "needs_confirmation") == "needs_confirmation"
    assert (cost["provider"], cost["estimate_usd"]) == ("chatgpt", None)
    assert "not known" in cost["advice"]


@pytest.mark.parametrize(
    ("tool", "arguments", "code", "said"),
    [
        ("refine", {"session_id": "ses_1"}, "E_VALIDATION", "variant_id is missing"),
        ("export", {"variant_ids": [], "presets": []}, "E_VALIDATION", "variant_ids must not be empty"),
        ("list_presets", {"shop": "amazon"}, "E_VALIDATION", "shop is not a known field"),
        ("list_presets", {"platform": "nowhere"}, "E_VALIDATION", "there are those of "),
        ("optimise_photo", {}, "E_VALIDATION", "exactly one of"),
        ("optimise_photo", {"image_base64": "no base64!"}, "E_VALIDATION", "not base64"),
        ("optimise_photo", {"image_base64": "aGVsbG8="}, "E_INPUT_UNSUPPORTED", ""),
        ("optimise_photo", {"file_path": "/etc/passwd"}, "E_VALIDATION", "only with `stillroom mcp`"),
        ("fix_cutout", {"session_id": "ses_none"}, "E_NOT_FOUND", "ses_none"),
        ("export", {"variant_ids": '["var_none"]', "presets": ["amazon-main"]}, "E_NOT_FOUND", "var_none"),
        ("batch_status", {"batch_id": "bat_none"}, "E_NOT_FOUND", "bat_none"),
    ],
)
async def test_failed_tool_returns_the_problem_with_a_remedy(
    app: FastAPI, anna: str, tool: str, arguments: dict[str, Any], code: str, said: str
) -> None:
    async with agent(app, anna) as client:
        told = problem(await client.call_tool(tool, arguments))
    assert told["code"] == code
    assert said in told["detail"]
    assert told["what_to_do"]
    assert told["request_id"].startswith("req_")


async def test_a_refused_request_names_its_reason_before_its_cost(
    app: FastAPI, anna: str, settings: Settings
) -> None:
    studio = studio_of(app)
    session, _, variant = await pictured(studio, anna, settings)
    owner = session.owner_id
    cover = pictures.png(pictures.scene(400, 300))
    await studio.photos.mattes.store_found(session.id, owner, FoundMatte(lambda: cover, "red", 1.0, 0.0))

    own: dict[str, Any] = {"session_id": session.id}
    picture = {**own, "variant_id": variant.id}
    calls: list[tuple[str, dict[str, Any], str]] = [
        ("fix_cutout", {**own, "subjects": ["s9"]}, "E_VALIDATION"),
        ("replace_background", {**own, "prompt": "wood", "look": "none"}, "E_VALIDATION"),
        (
            "replace_background",
            {"image_id": session.asset_id, "prompt": "wood", "look": "none"},
            "E_VALIDATION",
        ),
        ("optimise_photo", {**own, "provider": "none"}, "E_VALIDATION"),
        ("fix_cutout", {**own, "undo": True, "provider": "none"}, "E_VALIDATION"),
        ("optimise_photo", {"session_id": "ses_none"}, "E_NOT_FOUND"),
        ("refine", {**picture, "variant_id": "var_none", "changes": {"tone": {"mired": 5}}}, "E_NOT_FOUND"),
        ("refine", {**picture, "session_id": "ses_none", "prompt": "warmer"}, "E_NOT_FOUND"),
        ("run_batch", {"image_ids": ["ast_none"], "recipe_id": "amazon_main_white"}, "E_NOT_FOUND"),
    ]
    async with agent(app, anna) as client:
        for tool, arguments, code in calls:
            assert problem(await client.call_tool(tool, arguments))["code"] == code, (tool, arguments)


async def test_unreadable_instruction_is_reported_with_a_suggestion(app: FastAPI, anna: str) -> None:
    arguments = {"image_base64": photo(), "prompt": "独角兽", "provider": "local"}
    async with agent(app, anna) as client:
        told = problem(await client.call_tool("replace_background", arguments))
    assert told["code"] == "E_PROMPT_INVALID"
    assert told["what_to_do"] == told["params"]["told_back"][0]["suggestion"]


async def test_an_unknown_tool_is_an_error_of_the_protocol(app: FastAPI, anna: str) -> None:
    async with agent(app, anna) as client:
        with pytest.raises(MCPError, match="no tool 'paint'"):
            await client.call_tool("paint", {})


async def test_request_without_a_token_is_refused(app: FastAPI, anna: str) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    async with http(app) as client:
        for answer in (await client.post("/mcp", json=message), await client.get("/mcp")):
            assert answer.status_code == 401
            assert answer.json()["code"] == "E_UNAUTHORIZED"
        own = {"Authorization": f"Bearer {anna}", "Origin": "http://elsewhere.example"}
        foreign = await client.post("/mcp", json=message, headers=own)
        assert foreign.status_code == 403, "a page of another address"
        large = await client.post("/mcp", content=b" " * (15 << 20), headers=own)
        assert large.status_code == 413


async def test_owner_cannot_access_photos_or_sessions_of_another(app: FastAPI, anna: str, bert: str) -> None:
    studio = studio_of(app)
    session = await opened_session(studio, anna)
    async with agent(app, bert) as client:
        calls: list[tuple[str, dict[str, Any]]] = [
            ("optimise_photo", {"image_id": session.asset_id, "provider": "local"}),
            ("optimise_photo", {"session_id": session.id, "provider": "local"}),
            ("fix_cutout", {"session_id": session.id}),
            ("check_listing_image", {"image_id": session.asset_id, "presets": ["amazon-main"]}),
            ("run_batch", {"image_ids": [session.asset_id], "recipe_id": "ebay_white", "max_cost_usd": 5}),
        ]
        for tool, arguments in calls:
            assert problem(await client.call_tool(tool, arguments))["code"] == "E_NOT_FOUND", tool

    client_info = {"name": "test", "version": "1"}
    params = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client_info}
    hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}
    accept = {"Accept": "application/json, text/event-stream"}
    async with http(app, **accept) as raw:
        opened = await raw.post("/mcp", json=hello, headers={"Authorization": f"Bearer {anna}"})
        assert opened.status_code == 200
        theirs = {"Authorization": f"Bearer {bert}", "Mcp-Session-Id": opened.headers["mcp-session-id"]}
        listed = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
        assert (await raw.post("/mcp", json=listed, headers=theirs)).status_code == 404


async def test_preview_of_a_checked_picture_is_made_from_the_stored_copy(
    app: FastAPI, anna: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[bytes] = []
    small = Selection.small

    async def noted(selection: Selection, data: bytes) -> bytes:
        shown.append(data)
        return await small(selection, data)

    monkeypatch.setattr(Selection, "small", noted)
    sent = photo()
    async with agent(app, anna) as client:
        checked = await client.call_tool(
            "check_listing_image", {"image_base64": sent, "presets": ["amazon-main"]}
        )
    assert not checked.is_error
    assert len(shown) == 1
    assert shown != [base64.b64decode(sent)]


async def test_cancelled_call_cancels_its_job(app: FastAPI, anna: str, tmp_path: Path) -> None:
    studio = studio_of(app)
    owner = await studio.access.owners.owner_of(anna)
    (tmp_path / "cup.jpg").write_bytes(pictures.jpeg(pictures.scene(400, 300)))
    arguments = {"file_path": str(tmp_path / "cup.jpg"), "provider": "local"}
    view = await queued_by(studio, owner, tmp_path, "optimise_photo", arguments)
    assert view.job.status == "canceled"


async def test_figures_alone_are_carried_out_by_the_local_provider_for_nothing(
    app: FastAPI, anna: str, settings: Settings, tmp_path: Path
) -> None:
    studio = studio_of(app)
    session, _, variant = await pictured(studio, anna, settings)
    arguments = {
        "session_id": session.id,
        "variant_id": variant.id,
        "changes": {"framing": {"fill": 0.5}},
        "max_cost_usd": 1,
    }
    view = await queued_by(studio, session.owner_id, tmp_path, "refine", arguments)
    assert view.job.provider == "local"


@pytest.mark.parametrize(
    ("changes", "asked", "provider"),
    [(None, None, "gemini"), (None, "local", "local"), ({"framing": {"fill": 0.5}}, None, "local")],
)
async def test_corrected_cut_out_asks_no_other_provider_than_the_one_whose_cost_was_named(
    app: FastAPI,
    anna: str,
    settings: Settings,
    tmp_path: Path,
    changes: dict[str, Any] | None,
    asked: str | None,
    provider: str,
) -> None:
    studio = studio_of(app)
    session, _, _ = await pictured(studio, anna, settings, changes=changes, prompt="")
    limit = {"provider": asked} if asked else {"max_cost_usd": 1}
    arguments = {"session_id": session.id, "undo": True, **limit}
    view = await queued_by(studio, session.owner_id, tmp_path, "fix_cutout", arguments)
    assert view.job.provider == provider


async def test_a_batch_of_an_agent_has_as_many_items_as_any_other(app: FastAPI, tmp_path: Path) -> None:
    for number in range(MAX_ITEMS):
        (tmp_path / f"{number}.jpg").touch()
    photos = {"file_paths": [str(tmp_path)], "image_ids": ["ast_more"]}
    async with local_agent(studio_of(app), LOCAL_OWNER, tmp_path) as client:
        told = problem(await client.call_tool("run_batch", {**photos, "recipe_id": "ebay_white"}))
    assert (told["code"], f"at most {MAX_ITEMS} items" in told["detail"]) == ("E_VALIDATION", True)


@pytest.mark.parametrize("path", ["/no/such/cup.jpg", f"/{'a' * 300}.jpg", "~nobody_of_this_name/cup.jpg"])
async def test_a_photo_that_cannot_be_read_is_not_found(app: FastAPI, tmp_path: Path, path: str) -> None:
    calls: dict[str, dict[str, Any]] = {
        "optimise_photo": {"file_path": path},
        "run_batch": {"file_paths": [path], "recipe_id": "amazon_main_white"},
    }
    async with local_agent(studio_of(app), LOCAL_OWNER, tmp_path) as client:
        for tool, arguments in calls.items():
            told = problem(await client.call_tool(tool, arguments))
            assert (told["code"], path in told["detail"]) == ("E_NOT_FOUND", True), tool
