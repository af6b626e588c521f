"""Server-sent events of jobs and batches, with replay, keep-alive pings and a clean end."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import SendTimeoutError
from starlette.types import Message, Receive, Scope, Send

from stillroom.application.batches.stream import ShownBatchEvent
from stillroom.application.jobs.events import ShownEvent
from stillroom.observability import log

Event = TypeVar("Event", ShownEvent, ShownBatchEvent)

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


async def frames(
    events: AsyncIterator[Event], answer: Callable[[Event, str], BaseModel], language: str
) -> AsyncIterator[bytes]:
    """Encode events; cached per language, so that all streams share one encoding.

    Args:
        answer: Converts an event to its payload in a language.
    """
    async for event in events:
        frame = event.renderings.get(language)
        if frame is None:
            data = answer(event, language).model_dump_json()
            rendered = ServerSentEvent(id=str(event.seq), event=event.type.value, data=data)
            frame = event.renderings[language] = rendered.encode()
        yield frame
