"""The page's own files, as browsers fetch them."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from stillroom.web import page

SCRIPT = b"export const words = 'one and the same, one and the same';\n" * 50


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/first-1.js").write_bytes(SCRIPT)
    (tmp_path / "assets/face-1.woff2").write_bytes(b"wOF2")
    app = FastAPI(docs_url=None)
    app.dependency_overrides[page.page_folder] = lambda: tmp_path
    app.include_router(page.router)
    return TestClient(app)


def test_assets_are_cached_as_immutable(client: TestClient) -> None:
    answer = client.get("/assets/first-1.js")
    assert answer.content == SCRIPT
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("folder", ["", "assets/", "docs/", "samples/"])
def test_a_name_longer_than_any_file_has_is_not_found(client: TestClient, folder: str) -> None:
    assert client.get(f"/{folder}{'a' * 300}").status_code == 404


@pytest.fixture
def built(client: TestClient, tmp_path: Path) -> TestClient:
    (tmp_path / "index.html").write_text("<!doctype html>1")
    (tmp_path / "favicon.svg").write_text("<svg/>")
    return client


@pytest.mark.parametrize("path", ["/", "/settings", "/nowhere"])
def test_page_serves_its_routes_and_shows_not_found_to_browsers(built: TestClient, path: str) -> None:
    answer = built.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == (404 if path == "/nowhere" else 200)
    assert answer.text == "<!doctype html>1"


@pytest.mark.parametrize("path", ["/", "/favicon.svg"])
def test_matching_etag_returns_304(built: TestClient, tmp_path: Path, path: str) -> None:
    first = built.get(path)
    tag = first.headers["ETag"]
    again = built.get(path, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == tag
    for name in ("index.html", "favicon.svg"):
        (tmp_path / name).write_text("<!doctype html>another")
    assert built.get(path, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("path", ["/docs", "/docs/"])
def test_documentation_answers_with_and_without_a_slash(
    client: TestClient, tmp_path: Path, path: str
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.html").write_text("<!doctype html>API")
    answer = client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.text) == (200, "<!doctype html>API")


@pytest.mark.anyio
async def test_built_page_has_no_inline_script_or_style() -> None:
    file = await page.page_folder() / "index.html"
    assert file.is_file(), "No page yet: run make page"
    html = file.read_text("utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\bstyle=", html) == []
