"""Payloads of a job's event stream, one schema per event; part of the OpenAPI document."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from stillroom.application.jobs.events import ShownEvent
from stillroom.domain.jobs.events import EventType, QueuedReason
from stillroom.domain.providers.requests import NoticeLevel
from stillroom.web.problems import Problem, problem_of_stored
from stillroom.web.schemas.base import Answer
from stillroom.web.schemas.images import matte_url
from stillroom.web.schemas.jobs import Fallback, Variant, variant_answer


class EventBase(Answer):
    """Fields of every event."""

    job_id: str
    seq: int
    at: datetime


class QueuedEvent(EventBase):
    """`queued`: the job is waiting."""

    position: int
    reason: QueuedReason


class RunningEvent(EventBase):
    """`running`: a worker has claimed the job."""

    attempt: int


class ProgressEvent(EventBase):
    """`progress`: a stage was reached; with `variant`, a picture is ready; with `matte_url`, the cut-out.

    `replaces` is the id of the preview whose place the picture takes.
    """

    stage: str
    percent: int
    variant: Variant | None
    replaces: str | None
    matte_url: str | None
    edge_confidence: float | None


class LogEvent(EventBase):
    """`log`: a message for the user."""

    level: NoticeLevel
    code: str
    message: str
    model_name: str | None
    params: dict[str, Any]


class SucceededEvent(EventBase):
    """`succeeded`: all candidates are ready."""

    variants: list[Variant]
    model_used: str | None
    fallbacks: list[Fallback]
    latency_ms: int
    first_image_ms: int | None


class FailedEvent(EventBase):
    """`failed`: the job ended without all its candidates."""

    error: Problem


class CanceledEvent(EventBase):
    """`canceled`: the user canceled the job."""


class JobEvents(Answer):
    """The payload of each event name of `GET /stream/{job_id}`."""

    queued: QueuedEvent
    running: RunningEvent
    progress: ProgressEvent
    log: LogEvent
    succeeded: SucceededEvent
    failed: FailedEvent
    canceled: CanceledEvent


_SHAPES: Mapping[str, type[EventBase]] = JobEvents.__annotations__


def event_answer(event: ShownEvent, language: str) -> EventBase:
    variants = event.variants
    data: dict[str, Any] = {**event.data, "job_id": event.job_id, "seq": event.seq, "at": event.at}
    if event.type is EventType.PROGRESS:
        variant = variants.get(data.pop("variant_id"))
        data["variant"] = variant_answer(variant) if variant else None
        # A preview that its owner adopted stays. Older events have neither `replaces` nor `matte_id`.
        data["replaces"] = None if data.get("replaces") in variants else data.get("replaces")
        matte_id = data.pop("matte_id", None)
        data["matte_url"] = matte_url(matte_id) if matte_id else None
        data.setdefault("edge_confidence", None)
    elif event.type is EventType.SUCCEEDED:
        named = [variants[key] for key in data.pop("variant_ids") if key in variants]
        data["variants"] = [variant_answer(variant) for variant in named]
    elif event.type is EventType.FAILED:
        data["error"] = problem_of_stored(data["error"], language)
    return _SHAPES[event.type].model_validate(data)
