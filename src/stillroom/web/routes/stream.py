"""`/stream`: the events of a job or a batch as server-sent events, with resumption."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response
from sse_starlette import EventSourceResponse

from stillroom.domain.errors import ValidationFailed
from stillroom.domain.ids import BatchId, JobId
from stillroom.web.dependencies import LanguageDep, OwnerDep, PathId, StudioDep
from stillroom.web.responses import LIMITED, WITH_ID, errors
from stillroom.web.schemas.batches import batch_event_answer
from stillroom.web.schemas.events import event_answer
from stillroom.web.sse import frames, stream_response

router = APIRouter()

MAX_SEQ_DIGITS = 18
"""Maximum number of digits of an event number; such numbers fit the database's 64-bit integer."""


_LastId = Annotated[str | None, Header(alias="last-event-id", max_length=MAX_SEQ_DIGITS)]
_LastIdQuery = Annotated[str | None, Query(alias="last_event_id", max_length=MAX_SEQ_DIGITS)]


def _responses(events: str, what: str) -> dict[int | str, dict[str, Any]]:
    return {
        200: {
            "description": f"Events named and shaped as in `{events}`, with ids that count from 1, and "
            "`ping` without an id.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        204: {"description": f"The {what} has ended and the client has seen the end."},
        **errors(WITH_ID, LIMITED),
    }


@router.get(
    "/stream/batch/{batch_id}",
    tags=["batches"],
    response_class=EventSourceResponse,
    responses=_responses("BatchEvents", "batch"),
)
async def stream_batch(
    studio: StudioDep,
    owner: OwnerDep,
    language: LanguageDep,
    batch_id: PathId,
    last_event_id: _LastId = None,
    last_event_id_query: _LastIdQuery = None,
) -> Response:
    """Stream a batch's events; the header `Last-Event-ID` takes precedence over the query."""
    seq = _seq(last_event_id or last_event_id_query)
    if await studio.batches.events.has_ended(BatchId(batch_id), owner, seq):
        return Response(status_code=204)
    studio.access.streams.check(owner)
    events = studio.batches.events.follow(BatchId(batch_id), seq)
    return stream_response(frames(events, batch_event_answer, language), studio.access.streams.one(owner))


@router.get(
    "/stream/{job_id}",
    tags=["jobs"],
    response_class=EventSourceResponse,
    responses=_responses("JobEvents", "job"),
)
async def stream(
    studio: StudioDep,
    owner: OwnerDep,
    language: LanguageDep,
    job_id: PathId,
    last_event_id: _LastId = None,
    last_event_id_query: _LastIdQuery = None,
) -> Response:
    """Stream a job's events; the header `Last-Event-ID` takes precedence over the query."""
    seq = _seq(last_event_id or last_event_id_query)
    if await studio.events.has_ended(JobId(job_id), owner, seq):
        return Response(status_code=204)
    studio.access.streams.check(owner)
    events = studio.events.follow(JobId(job_id), seq)
    return stream_response(frames(events, event_answer, language), studio.access.streams.one(owner))


def _seq(text: str | None) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()):
        raise ValidationFailed(
            "The last event's id is a number.", fields=[{"field": "last_event_id", "reason": "not_a_number"}]
        )
    return int(text)
