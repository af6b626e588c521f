"""Events of a job, one class per type."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from stillroom.domain.ids import JobId, VariantId
from stillroom.domain.providers.requests import NoticeLevel, Stage


class EventType(StrEnum):
    """Event names on the wire."""

    QUEUED = "queued"
    RUNNING = "running"
    PROGRESS = "progress"
    LOG = "log"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


QueuedReason = Literal["new", "recovered", "retry", "released"]
"""Why a job waits."""

TERMINAL = frozenset({EventType.SUCCEEDED, EventType.FAILED, EventType.CANCELED})


class JobEvent(BaseModel):
    """Base of all events; the fields of a subclass are its data."""

    model_config = ConfigDict(frozen=True)

    type: ClassVar[EventType]


class JobQueued(JobEvent):
    """The job is queued; `position` counts from 1."""

    type = EventType.QUEUED
    position: int
    reason: QueuedReason


class JobRunning(JobEvent):
    """A worker has claimed the job."""

    type = EventType.RUNNING
    attempt: int


class JobProgressed(JobEvent):
    """A stage was reached, with its results; `percent` never decreases within an attempt.

    Attributes:
        replaces: The preview whose place the picture takes, if any.
    """

    type = EventType.PROGRESS
    stage: Stage
    percent: int
    variant_id: VariantId | None = None
    replaces: VariantId | None = None
    matte_id: str | None = None
    edge_confidence: float | None = None


class JobLogged(JobEvent):
    """A notice for the user; the page has a text for each `code`."""

    type = EventType.LOG
    level: NoticeLevel
    code: str
    message: str
    model_name: str | None = None
    params: Mapping[str, Any] = {}


class JobSucceeded(JobEvent):
    """All candidates are stored; `fallbacks` holds the `params` of each."""

    type = EventType.SUCCEEDED
    variant_ids: tuple[str, ...]
    model_used: str | None
    fallbacks: tuple[Mapping[str, str], ...]
    latency_ms: int
    first_image_ms: int | None


class JobFailed(JobEvent):
    """The job ended without all its candidates; `error` is the problem object."""

    type = EventType.FAILED
    error: Mapping[str, Any]


class JobCanceled(JobEvent):
    """The user cancelled the job; stored pictures are kept."""

    type = EventType.CANCELED


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as stored in the event log; `seq` counts within the job, from 1 and without gaps."""

    job_id: JobId
    seq: int
    type: EventType
    data: Mapping[str, Any]
    at: datetime

    @property
    def is_terminal(self) -> bool:
        """Whether no event can follow."""
        return self.type in TERMINAL
