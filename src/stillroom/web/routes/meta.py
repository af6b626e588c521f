"""`/config`, `/usage`, `/health`, `/version`, `/metrics`: configuration and state of the server."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from stillroom.domain.errors import CATALOGUE, StorageUnavailable, ValidationFailed
from stillroom.domain.jobs.job import MAX_CANDIDATES, MAX_PROMPT_CHARACTERS
from stillroom.web.dependencies import CallDep, Day, StudioDep, counted
from stillroom.web.problems import STATUS
from stillroom.web.responses import LIMITED, errors
from stillroom.web.schemas import config as shapes
from stillroom.web.schemas.base import usd

router = APIRouter(tags=["studio"])

UPLOAD_TYPES = (
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/avif",
    "image/heic",
    "image/tiff",
    "image/gif",
)
API_VERSION = "1"
USAGE_DAYS = 30
"""Default length in days of the period that usage is reported for."""


@router.get("/config", responses=errors())
async def config(call: CallDep) -> shapes.Config:
    """Return everything that the page reads once at start."""
    studio = call.studio
    about, catalogue = studio.about, studio.catalogue
    today = studio.clock().date()
    routes = await about.status.routes()
    budget, used_up = await about.status.budget(call.owner)
    return shapes.Config(
        version=about.version,
        auth=about.auth,
        strategy=about.strategy,
        providers=[shapes.provider_answer(one, today) for one in await about.status.providers()],
        capability_map=shapes.CapabilityMap.model_validate(
            {operation.value: shapes.route_answers(tried) for operation, tried in routes.items()}
        ),
        limits=shapes.LimitsAnswer.of(
            studio.limits,
            max_prompt_characters=MAX_PROMPT_CHARACTERS,
            max_candidates=MAX_CANDIDATES,
            upload_types=list(UPLOAD_TYPES),
        ),
        marks=shapes.MARKS,
        budget=shapes.budget_answer(budget, used_up=used_up),
        networks=shapes.Networks.model_validate(about.networks()),
        templates=[shapes.TemplateAnswer.model_validate(template) for template in catalogue.templates()],
        platforms=list(catalogue.platforms()),
        export_presets=list(catalogue.exports().presets),
        prompt_chips=list(catalogue.chips()),
        errors=[
            shapes.ErrorEntry.of(error, status=STATUS[error.kind], title=error.words({}))
            for error in CATALOGUE
        ],
        reader=about.reader
        and shapes.ReaderState.of(
            about.reader,
            sees_photos=about.reader_sees_photos,
            description_usd=usd(studio.photos.descriptions.price_micro_usd),
        ),
        features=shapes.Features(matte_correction=True, votes=True, faults=bool(about.faults)),
    )


@router.post("/config/check", dependencies=[counted("checks")], responses=errors(LIMITED))
async def check_providers(call: CallDep) -> shapes.ProviderChecks:
    """Check key, address and model of every cloud with a free call each; results are kept for 30 seconds."""
    return shapes.ProviderChecks.model_validate({"checks": await call.studio.about.provider_checks.get()})


@router.get("/usage", responses=errors())
async def usage(
    call: CallDep,
    first: Annotated[Day | None, Query(alias="from", description="First day, UTC.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="Last day, UTC.")] = None,
) -> shapes.Usage:
    """Return calls, fallbacks and cost per provider and model; by default of the last 30 days."""
    end_day = last or call.studio.clock().date()
    start_day = first or end_day - timedelta(days=USAGE_DAYS - 1)
    if start_day > end_day:
        raise ValidationFailed(text="day_order", fields=[{"field": "from", "in": "query", "reason": "order"}])
    report = await call.studio.about.status.usage(
        call.owner, _midnight(start_day), _midnight(end_day) + timedelta(days=1)
    )
    return shapes.Usage(
        calls=sum(row.calls for row in report.rows),
        fallbacks=report.fallbacks,
        cost_usd=sum(row.cost_micro_usd for row in report.rows) / 1_000_000,
        lines=[shapes.UsageLine.of(row, cost_usd=usd(row.cost_micro_usd)) for row in report.rows],
    )


@router.get(
    "/health",
    response_model=shapes.Health,
    responses={503: {"model": shapes.Health, "description": "Something is down; `down` says what."}},
)
async def health(studio: StudioDep) -> Response:
    """Report whether database, storage and worker work; `degraded` names parts with reduced function."""
    report = await studio.about.status.health(own_worker=studio.worker_is_alive and studio.worker_is_alive())
    answer = shapes.Health.of(
        report,
        status="down" if report.down else "ok",
        degraded=[*report.degraded, *([] if await studio.access.limiter.is_shared() else ["rate_limits"])],
    )
    return JSONResponse(answer.model_dump(mode="json"), 503 if report.down else 200)


@router.get("/version")
async def version(studio: StudioDep) -> shapes.Version:
    """Return the version of this build."""
    return shapes.Version(version=studio.about.version, api=API_VERSION)


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    responses={200: {"description": "Prometheus' text format.", "content": {"text/plain": {}}}},
)
async def metrics(studio: StudioDep) -> PlainTextResponse:
    """Return Prometheus metrics of this process and, if the database is reachable, of the queue."""
    try:
        studio.metrics.queue_seen(*await studio.about.status.queue())
        studio.metrics.shutdowns_seen({one.model: one.days for one in await studio.about.status.shutdowns()})
    except StorageUnavailable:
        # The other metrics stay available while the database is down.
        studio.metrics.queue_unseen()
    studio.metrics.streams_seen(studio.access.streams.held)
    return PlainTextResponse(studio.metrics.exposition())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
