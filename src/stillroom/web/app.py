"""Application factory: routes, error handlers, middleware and the built page."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from stillroom.bootstrap import Studio
from stillroom.bootstrap.foundation import VERSION
from stillroom.domain.errors import StillroomError
from stillroom.domain.ids import IdFactory
from stillroom.observability import Metrics
from stillroom.settings import Settings
from stillroom.web import page, problems
from stillroom.web.middleware.authentication import AuthenticationMiddleware, LoopbackOnly
from stillroom.web.middleware.body_limits import BodyLimits
from stillroom.web.middleware.head import HeadLikeGet
from stillroom.web.middleware.request_frame import RequestFrame
from stillroom.web.openapi import for_clients
from stillroom.web.routes import (
    backdrops,
    batches,
    descriptions,
    exports,
    golden,
    instructions,
    jobs,
    mattes,
    meta,
    pictures,
    previews,
    recipes,
    sessions,
    sign_in,
    stream,
    webhooks,
)
from stillroom.web.schemas.batches import BatchEvents
from stillroom.web.schemas.events import JobEvents

_SENT_AS_IS = ("text/event-stream", "application/zip", "application/octet-stream", "font/*", "image/*")
"""Media types that are not compressed: event streams need each piece at once, the others gain nothing."""

OpenStudio = Callable[[Metrics], AbstractAsyncContextManager[Studio]]
"""Context manager that opens the studio at start-up and closes it at shutdown."""


@dataclass(frozen=True, slots=True)
class Mount:
    """Routes of another shell that share this server, its middleware and its studio.

    Attributes:
        running: Context manager that is open while the server runs.
    """

    router: APIRouter
    running: Callable[[], AbstractAsyncContextManager[None]]


def create_app(settings: Settings, open_studio: OpenStudio, mounts: Sequence[Mount] = ()) -> FastAPI:
    """Create the application; the studio is opened when the server starts.

    Args:
        open_studio: Opens the studio, given the metrics of this process.
        mounts: Routes of other shells.
    """
    metrics = Metrics()
    app = FastAPI(
        title="Stillroom",
        version=VERSION,
        summary="Self-hosted product-photo studio",
        description="Phone photo in, marketplace picture out. Errors are RFC 9457 problems with a `code`.",
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=_lifespan(partial(open_studio, metrics), mounts),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        # The framework would redirect to the host named in the request's `Host` header.
        redirect_slashes=False,
        # Client generators use this id as the function name.
        generate_unique_id_function=lambda route: route.name,
    )
    _add_routes(app, mounts)
    app.state.openapi_document = lambda: openapi_document(app)
    add_error_handlers(app)
    _add_middleware(app, settings, metrics)
    return app


def _lifespan(
    open_studio: Callable[[], AbstractAsyncContextManager[Studio]], mounts: Sequence[Mount]
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_studio() as studio, AsyncExitStack() as running:
            app.state.studio = studio
            for mount in mounts:
                await running.enter_async_context(mount.running())
            yield

    return lifespan


def _add_routes(app: FastAPI, mounts: Sequence[Mount]) -> None:
    for router in (
        *(pictures, backdrops, sessions, mattes, instructions, previews, jobs, stream),
        *(descriptions, exports, recipes, batches, webhooks, golden, meta, sign_in),
    ):
        app.include_router(router.router)
    for mount in mounts:
        app.include_router(mount.router)
    # Last, because it answers every path of one part.
    app.include_router(page.router)


def _add_middleware(app: FastAPI, settings: Settings, metrics: Metrics) -> None:
    """Add middleware; the one added last runs first: a request gets its id before anything can refuse it."""
    app.add_middleware(GZipMiddleware, compresslevel=5, exclude_content_types=_SENT_AS_IS)
    app.add_middleware(HeadLikeGet)
    app.add_middleware(BodyLimits, max_upload_bytes=settings.limits.max_upload_bytes)
    if settings.auth == "local":
        app.add_middleware(LoopbackOnly)
    else:
        app.add_middleware(AuthenticationMiddleware)
    app.add_middleware(problems.UnexpectedErrors)
    app.add_middleware(RequestFrame, ids=IdFactory(), metrics=metrics)


def add_error_handlers(app: FastAPI) -> None:
    """Register handlers that answer every error of a route with a problem document."""
    app.add_exception_handler(StillroomError, problems.on_stillroom_error)
    app.add_exception_handler(RequestValidationError, problems.on_invalid_request)
    app.add_exception_handler(HTTPException, problems.on_http_exception)


def openapi_document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document, including schemas that no operation refers to but clients need."""
    document = app.openapi()
    shapes = document["components"]["schemas"]
    for shape in (problems.Problem, JobEvents, BatchEvents):
        schema = shape.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        shapes.update(schema.pop("$defs", {}))
        shapes[shape.__name__] = schema
    return for_clients(document)
