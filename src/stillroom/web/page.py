"""Serve the built page and the API documentation from package files."""

import hashlib
import importlib.resources
import mimetypes
from importlib.resources.abc import Traversable
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import JSONResponse

from stillroom.web.openapi import to_openapi_3_0
from stillroom.web.responses import has_already

router = APIRouter(include_in_schema=False)

_IMMUTABLE = "public, max-age=31536000, immutable"
_REVALIDATE = "no-cache"
_NOT_BUILT = (
    "<!doctype html><title>Stillroom</title><p>The page is not built in this installation; the API is at "
    '<a href="/docs">/docs</a>. In a source checkout, run <code>make page</code>.</p>'
)

_BUILT = importlib.resources.files("stillroom") / "page"


async def page_folder() -> Traversable:
    return _BUILT


Folder = Annotated[Traversable, Depends(page_folder)]


@router.get("/")
@router.get("/batches")
@router.get("/batches/{batch_id}")
@router.get("/lab/golden")
@router.get("/settings")
@router.get("/studio/{session_id}")
def index(request: Request, folder: Folder) -> Response:
    """Serve the page; its router handles the path on the client."""
    file = _file(folder, "index.html")
    if file is None:
        return Response(_NOT_BUILT, 503, media_type="text/html")
    return _revalidated(file, request)


@router.get("/openapi.json")
def openapi_json(request: Request) -> JSONResponse:
    return JSONResponse(to_openapi_3_0(request.app.state.openapi_document()))


@router.get("/docs")
@router.get("/docs/")
def docs_index(request: Request, folder: Folder) -> Response:
    return _static(folder, "docs/index.html", request)


@router.get("/docs/{name}")
def docs_file(name: str, request: Request, folder: Folder) -> Response:
    return _static(folder, f"docs/{name}", request)


@router.get("/assets/{name}")
def asset(name: str, folder: Folder) -> Response:
    """Serve an asset with a content hash in its name."""
    file = _file(folder, f"assets/{name}")
    if file is None:
        raise HTTPException(404)
    return _response(file.read_bytes(), name, _IMMUTABLE)


@router.get("/samples/{name}")
def sample(name: str, request: Request, folder: Folder) -> Response:
    return _static(folder, f"samples/{name}", request)


@router.get("/{name}")
def top_level(name: str, request: Request, folder: Folder) -> Response:
    """Serve a file beside the page, such as the icon; unknown names get the page with status 404."""
    if _file(folder, name) is None and "text/html" in request.headers.get("Accept", ""):
        page = _file(folder, "index.html")
        if page is not None:
            answer = _response(page.read_bytes(), page.name, _REVALIDATE)
            answer.status_code = 404
            return answer
    return _static(folder, name, request)


def _static(folder: Traversable, path: str, request: Request) -> Response:
    file = _file(folder, path)
    if file is None:
        raise HTTPException(404)
    return _revalidated(file, request)


def _revalidated(file: Traversable, request: Request) -> Response:
    """Serve a file that may change under its name; clients revalidate their copy by its ETag."""
    body = file.read_bytes()
    # Weak, because the same file may be sent compressed or not.
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'
    if has_already(request, tag):
        answer = Response(status_code=304, headers={"Cache-Control": _REVALIDATE})
    else:
        answer = _response(body, file.name, _REVALIDATE)
    answer.headers["ETag"] = tag
    return answer


def _response(body: bytes, name: str, caching: str) -> Response:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(body, media_type=media_type, headers={"Cache-Control": caching})


def _file(folder: Traversable, path: str) -> Traversable | None:
    """Return a file of the built page; None for paths that leave its folder."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or "\\" in part or part.startswith(".") for part in parts):
        return None
    file = folder.joinpath(*parts)
    try:
        return file if file.is_file() else None
    except OSError:
        # The file system rejects the name.
        return None
