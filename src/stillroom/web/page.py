"""The built page and the API's documentation, served from the package's own files."""

import gzip
import importlib.resources
import mimetypes
from functools import cache
from importlib.resources.abc import Traversable

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from stillroom.web.openapi import to_openapi_3_0

router = APIRouter(include_in_schema=False)

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_COMPRESSIBLE = (".js", ".css")
"""Pictures and fonts are compressed already."""
_NOT_BUILT = (
    "<!doctype html><title>Stillroom</title><p>The page is not built in this installation; the API is at "
    '<a href="/docs">/docs</a>. In a source checkout, run <code>make page</code>.</p>'
)


@router.get("/")
@router.get("/batch")
@router.get("/lab/golden")
@router.get("/settings")
@router.get("/studio/{session_id}")
def index() -> Response:
    """The page; it reads the address itself."""
    file = _file("index.html")
    return _answer(file, _ASK_AGAIN) if file else Response(_NOT_BUILT, 503, media_type="text/html")


@router.get("/openapi.json")
def openapi_json(request: Request) -> JSONResponse:
    """The API's document, OpenAPI 3.0.3."""
    return JSONResponse(to_openapi_3_0(request.app.state.openapi_document()))


@router.get("/docs")
def docs() -> Response:
    """To where the documentation's own files find each other."""
    return RedirectResponse("/docs/")


@router.get("/docs/")
def docs_index() -> Response:
    """Swagger UI."""
    return _static("docs/index.html", _ASK_AGAIN)


@router.get("/docs/{name}")
def docs_file(name: str) -> Response:
    """A file of Swagger UI."""
    return _static(f"docs/{name}", _ASK_AGAIN)


@router.get("/assets/{name}")
def asset(name: str, request: Request) -> Response:
    """A file whose name changes with its content; compressed for who takes it so."""
    answer = _static(f"assets/{name}", _FOR_EVER)
    if not name.endswith(_COMPRESSIBLE):
        return answer
    if _takes_gzip(request.headers.get("Accept-Encoding", "")):
        answer = _answer_with(_compressed(name), name, _FOR_EVER)
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding"
    return answer


@router.get("/samples/{name}")
def sample(name: str) -> Response:
    """A photo to try the studio with."""
    return _static(f"samples/{name}", _ASK_AGAIN)


@router.get("/{name}")
def top_level(name: str, request: Request) -> Response:
    """What stands beside the page, as the icon does; where there is nothing, the page says so to people."""
    page = _file("index.html")
    if page and _file(name) is None and "text/html" in request.headers.get("Accept", ""):
        answer = _answer(page, _ASK_AGAIN)
        answer.status_code = 404
        return answer
    return _static(name, _ASK_AGAIN)


def _static(path: str, caching: str) -> Response:
    file = _file(path)
    if file is None:
        raise HTTPException(404)
    return _answer(file, caching)


def _answer(file: Traversable, caching: str) -> Response:
    return _answer_with(file.read_bytes(), file.name, caching)


def _answer_with(body: bytes, name: str, caching: str) -> Response:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(body, media_type=media_type, headers={"Cache-Control": caching})


def _takes_gzip(accepted: str) -> bool:
    """Whether it is among the codings of `Accept-Encoding`, and not with a weight of nothing."""
    for offer in accepted.lower().split(","):
        coding, _, weight = offer.partition(";")
        if coding.strip() == "gzip":
            return weight.replace(" ", "").rstrip("0") not in ("q=", "q=0.")
    return False


@cache
def _compressed(name: str) -> bytes:
    """An asset, compressed once: another content has another name."""
    return gzip.compress((_page_folder() / "assets" / name).read_bytes(), mtime=0)


@cache
def _page_folder() -> Traversable:
    return importlib.resources.files("stillroom") / "page"


def _file(path: str) -> Traversable | None:
    """A file of the built page; names that leave the folder name nothing."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or "\\" in part or part.startswith(".") for part in parts):
        return None
    file = _page_folder().joinpath(*parts)
    try:
        return file if file.is_file() else None
    except OSError:
        # A name that no file system takes.
        return None
