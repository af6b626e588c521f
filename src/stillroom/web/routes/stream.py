"""`/stream`: the events of a job or a batch as server-sent events, with resumption."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import BaseModel
from sse_starlette import EventSourceResponse

from stillroom.application.follower import Follower, LogId
from stillroom.domain.errors import ValidationFailed
from stillroom.domain.ids import BatchId, JobId
from stillroom.web.dependencies import Call, CallDep, PathId
from stillroom.web.responses import LIMITED, WITH_ID, errors
from stillroom.web.schemas.batches import batch_event_answer
from stillroom.web.schemas.events import event_answer
from stillroom.web.sse import Event, frames, stream_response

router = APIRouter()

MAX_SEQ_DIGITS = 18
"""Maximum number of digits of an event number; such numbers fit the database's 64-bit integer."""


async def _last_seen(
    last_event_id: Annotated[str | None, Header(alias="last-event-id", max_length=MAX_SEQ_DIGITS)] = None,
    last_event_id_query: Annotated[
        str | None, Query(alias="last_event_id", max_length=MAX_SEQ_DIGITS)
    ] = None,
) -> int:
    """Return the number of the last event that the client has seen, 0 for none."""
    text = last_event_id or last_event_id_query or "0"
    if not (text.isascii() and text.isdigit()):
        raise ValidationFailed(
            text="event_number", fields=[{"field": "last_event_id", "reason": "not_a_number"}]
        )
    return int(text)


_LastSeen = Annotated[int, Depends(_last_seen)]


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
async def stream_batch(call: CallDep, batch_id: PathId[BatchId], seq: _LastSeen) -> Response:
    """Stream a batch's events; the header `Last-Event-ID` takes precedence over the query."""
    return await _stream(call, call.studio.batches.events, batch_id, seq, batch_event_answer)


@router.get(
    "/stream/{job_id}",
    tags=["jobs"],
    response_class=EventSourceResponse,
    responses=_responses("JobEvents", "job"),
)
async def stream(call: CallDep, job_id: PathId[JobId], seq: _LastSeen) -> Response:
    """Stream a job's events; the header `Last-Event-ID` takes precedence over the query."""
    return await _stream(call, call.studio.events, job_id, seq, event_answer)


async def _stream(
    call: Call,
    follower: Follower[LogId, Event],
    log_id: LogId,
    seq: int,
    answer: Callable[[Event, str], BaseModel],
) -> Response:
    if await follower.has_ended(log_id, call.owner, seq):
        return Response(status_code=204)
    streams = call.studio.access.streams
    streams.check(call.owner)
    return stream_response(
        frames(follower.follow(log_id, seq), answer, call.language), streams.hold(call.owner)
    )
