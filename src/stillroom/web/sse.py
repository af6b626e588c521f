"""Framing of a job's events as server-sent events, with replay, pings and a clean end."""

from collections.abc import AsyncIterator

from sse_starlette import EventSourceResponse, ServerSentEvent

from stillroom.application.events import Events
from stillroom.domain.ids import JobId
from stillroom.web.schemas.events import event_answer

PING_SECONDS = 10
RETRY_MILLISECONDS = 1000


def stream_response(events: Events, job_id: JobId, after_seq: int, language: str) -> EventSourceResponse:
    """A job's events after a number, up to its end."""
    return EventSourceResponse(
        _frames(events, job_id, after_seq, language),
        ping=PING_SECONDS,
        ping_message_factory=lambda: ServerSentEvent(data="{}", event="ping"),
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _frames(
    events: Events, job_id: JobId, after_seq: int, language: str
) -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent(comment="open", retry=RETRY_MILLISECONDS)
    async for event in events.follow(job_id, after_seq):
        names_pictures = event.data.get("variant_id") or event.data.get("variant_ids")
        variants = await events.variants(job_id) if names_pictures else {}
        answer = event_answer(event, variants, language)
        yield ServerSentEvent(
            id=str(event.seq), event=event.type.value, data=answer.model_dump_json(by_alias=True)
        )
