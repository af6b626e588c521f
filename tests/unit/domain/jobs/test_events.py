"""Events of a job."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from stillroom.domain.ids import JobId
from stillroom.domain.jobs.events import (
    TERMINAL,
    EventType,
    JobCanceled,
    JobEvent,
    JobFailed,
    JobLogged,
    JobProgressed,
    JobQueued,
    JobRunning,
    JobSucceeded,
    StoredEvent,
)

ONE_OF_EACH: dict[EventType, JobEvent] = {
    EventType.QUEUED: JobQueued(position=1, reason="new"),
    EventType.RUNNING: JobRunning(attempt=1),
    EventType.PROGRESS: JobProgressed(stage="matte", percent=40),
    EventType.LOG: JobLogged(level="info", code="MATTE_MODEL", message="Cut out."),
    EventType.SUCCEEDED: JobSucceeded(
        variant_ids=("var_1",), model_used="local/x", fallbacks=(), latency_ms=1, first_image_ms=1
    ),
    EventType.FAILED: JobFailed(error={"code": "E_INTERNAL"}),
    EventType.CANCELED: JobCanceled(),
}


@pytest.mark.parametrize("type_", list(EventType))
def test_every_type_has_an_event_that_says_its_name(type_: EventType) -> None:
    assert ONE_OF_EACH[type_].type is type_


@pytest.mark.parametrize("type_", list(EventType))
def test_an_event_becomes_json_and_comes_back(type_: EventType) -> None:
    event = ONE_OF_EACH[type_]
    assert type(event).model_validate_json(event.model_dump_json()) == event


def test_an_event_cannot_be_changed_afterwards() -> None:
    event = JobRunning(attempt=1)
    with pytest.raises(ValidationError):
        event.attempt = 2  # type: ignore[misc]


def test_an_unknown_reason_for_waiting_is_refused() -> None:
    with pytest.raises(ValidationError):
        JobQueued(position=1, reason="bored")


def test_exactly_succeeded_failed_and_canceled_are_terminal_events() -> None:
    at = datetime(2026, 3, 14, tzinfo=UTC)
    ends = {kind for kind in EventType if StoredEvent(JobId("job_1"), 1, kind, {}, at).is_terminal}
    assert ends == TERMINAL == {EventType.SUCCEEDED, EventType.FAILED, EventType.CANCELED}
