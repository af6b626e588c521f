"""Server-sent events of jobs and batches, with replay, keep-alive pings and a clean end."""

import random
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, nullcontext

from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import SendTimeoutError
from starlette.types import Message, Receive, Scope, Send

from stillroom.application.batches.stream import BatchEvents
from stillroom.application.jobs.events import Events, ShownEvent
from stillroom.domain.ids import BatchId, JobId, OwnerId
from stillroom.observability import log
from stillroom.web.schemas.batches import batch_event_answer
from stillroom.web.schemas.events import event_answer

PING_SECONDS = 10.0
"""Maximum silence of a stream in seconds."""

PING_SPREAD = 0.4
"""Jitter as a share of the ping interval, so that streams opened together, such as after a restart, do not
ping together.
"""

RETRY_MILLISECONDS = 1000

SEND_SECONDS = 20.0
"""A client that reads nothing for this many seconds is disconnected; a reconnect replays missed events."""

_OPENING = ServerSentEvent(comment="open", retry=RETRY_MILLISECONDS).encode()


class EventStream(EventSourceResponse):
    """Event stream of one client; it buffers at most one batch of events."""

    slot: AbstractContextManager[None] = nullcontext()
    """Stream slot, held while the stream is open."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the events end, the client disconnects or stalls, or the server shuts down."""
        is_ended = False

        async def send_noting(message: Message) -> None:
            nonlocal is_ended
            is_ended = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        try:
            with self.slot:
                await super().__call__(scope, receive, send_noting)
        except SendTimeoutError:
            log.info("slow_client_dropped", path=scope["path"])
            return
        if not is_ended:
            # On shutdown, end the response cleanly, so that the client reconnects.
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def stream_response(frames: AsyncIterator[bytes], slot: AbstractContextManager[None]) -> EventStream:
    """Return a stream of encoded events; it holds the stream slot while it is open."""
    response = EventStream(
        _opened(frames),
        ping=PING_SECONDS * (1 - random.random() * PING_SPREAD),  # noqa: S311
        ping_message_factory=lambda: ServerSentEvent(data="{}", event="ping"),
        send_timeout=SEND_SECONDS,
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
    response.slot = slot
    return response


async def _opened(frames: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield _OPENING
    async for frame in frames:
        yield frame


async def job_frames(events: Events, job_id: JobId, after_seq: int, language: str) -> AsyncIterator[bytes]:
    """Encode the events of a job after a number, until it ends."""
    async for event in events.follow(job_id, after_seq):
        yield _frame(event, language)


async def batch_frames(
    events: BatchEvents, batch_id: BatchId, owner_id: OwnerId, after_seq: int, language: str
) -> AsyncIterator[bytes]:
    """Encode the events of a batch after a number, until it ends."""
    async for shown in events.follow(batch_id, owner_id, after_seq):
        data = batch_event_answer(shown, language).model_dump_json()
        yield ServerSentEvent(id=str(shown.event.seq), event=shown.event.type.value, data=data).encode()


def _frame(event: ShownEvent, language: str) -> bytes:
    """Encode an event; cached per language, so that all its streams share one encoding."""
    frame = event.renderings.get(language)
    if frame is None:
        answer = event_answer(event, event.variants, language)
        told = ServerSentEvent(id=str(event.seq), event=event.type.value, data=answer.model_dump_json())
        frame = event.renderings[language] = told.encode()
    return frame
