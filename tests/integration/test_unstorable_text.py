"""Text that PostgreSQL cannot store is refused over HTTP on every database, however deep a body holds it."""

import json
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from stillroom.bootstrap import open_studio
from stillroom.settings import load
from stillroom.web.app import create_app

pytestmark = pytest.mark.anyio

_CHANGES = {"changes": {"backdrop": {"kind": "picture", "image_id": "TEXT"}}}
_IMAGE_ID = "changes.backdrop.image_id"
_RECIPE = {"name": "mugs", "operation": "optimize"}
_PHOTO = {"image_id": "ast_1"}
_OF_SESSION = {"session_id": "ses_1"}


@pytest.fixture
async def client(tmp_path: Path, database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    settings = load(data_dir=tmp_path, database_url=database_url, embedded_worker=False)
    app = create_app(settings, partial(open_studio, settings))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 1234))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            yield client


@pytest.mark.parametrize("text", ["a\\u0000b", "a\\ud800b"])
@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/edit", {**_OF_SESSION, "operation": "optimize", **_CHANGES}, _IMAGE_ID),
        ("POST", "/refine", {**_OF_SESSION, "variant_id": "var_1", **_CHANGES}, _IMAGE_ID),
        ("POST", "/preview", {**_OF_SESSION, **_CHANGES}, _IMAGE_ID),
        ("POST", "/recipe", {**_RECIPE, **_CHANGES}, _IMAGE_ID),
        ("PUT", "/recipe/rcp_1", {**_RECIPE, **_CHANGES}, _IMAGE_ID),
        (
            "POST",
            "/batch",
            {"name": "mugs", "recipe": {**_RECIPE, **_CHANGES}, "items": [_PHOTO]},
            f"recipe.{_IMAGE_ID}",
        ),
        (
            "POST",
            "/batch",
            {"name": "mugs", "recipe_id": "rcp_1", "items": [_PHOTO, {**_PHOTO, "sku": "TEXT"}]},
            "items.1.sku",
        ),
        ("POST", "/preview", {**_OF_SESSION, "changes": {"backdrop": {"TEXT": 1}}}, "changes.backdrop"),
        (
            "POST",
            "/preview",
            {**_OF_SESSION, "changes": {"detail": {"a": [[[{"b": "TEXT"}]]]}}},
            "changes.detail.a.0.0",
        ),
    ],
)
async def test_text_that_cannot_be_stored_is_refused_at_any_depth(
    client: httpx.AsyncClient, method: str, path: str, body: dict[str, Any], field: str, text: str
) -> None:
    content = json.dumps(body).replace("TEXT", text)
    answer = await client.request(method, path, content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "E_VALIDATION"), answer.text
    [error] = answer.json()["params"]["fields"]
    assert (error["field"], error["message"]) == (field, "holds a character that is no text")


@pytest.mark.parametrize("image_id", ["", "ast 1", "Ä", "a" * 65])
async def test_malformed_id_of_a_backdrop_is_refused_before_any_lookup(
    client: httpx.AsyncClient, image_id: str
) -> None:
    changes = {"backdrop": {"kind": "picture", "image_id": image_id}}
    answer = await client.post("/recipe", json={**_RECIPE, "changes": changes})
    assert (answer.status_code, answer.json()["code"]) == (422, "E_VALIDATION"), answer.text
    assert [error["field"] for error in answer.json()["params"]["fields"]] == [_IMAGE_ID]
